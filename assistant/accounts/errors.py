"""Why somebody may not; every text is fit for users."""

from __future__ import annotations

from assistant.errors import AssistantError


class NotAllowedError(AssistantError):
    """This role may not do that (HTTP 403); nothing was done."""


class LoginError(AssistantError):
    """Not logged in: account or password are wrong, or the account is closed (HTTP 401)."""


class LockedOutError(LoginError):
    """Too many failures; nothing is tried before some time has passed (HTTP 429)."""
