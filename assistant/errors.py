"""The error tree of `assistant`."""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error that answering can raise; its text is fit for users."""


class BadInputError(AssistantError, ValueError):
    """What the user typed cannot be used; the message says what to type instead."""


class BusyError(AssistantError):
    """Too many are waiting; `seconds` is when to try again."""

    def __init__(self, seconds: int, many: str = "提问", again: str = "问") -> None:
        super().__init__(f"现在{many}的人太多，请过 {seconds} 秒再{again}")
        self.seconds = seconds
