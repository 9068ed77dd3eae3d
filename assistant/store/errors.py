"""What can go wrong with the database; every text is fit for users."""

from __future__ import annotations

from assistant.errors import AssistantError


class StoreError(AssistantError):
    """The database cannot be opened, reached, read or written; nothing was changed."""


class ConflictError(StoreError):
    """What should be kept is there already, or refers to what is not there; nothing was changed."""
