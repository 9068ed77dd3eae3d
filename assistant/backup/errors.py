"""Why a backup cannot be made or restored; every text is fit for users."""

from __future__ import annotations

from assistant.errors import AssistantError


class BackupError(AssistantError):
    """The backup is damaged, foreign or cannot be written; what was there is as it was."""
