"""The error tree of `assistant`."""

from __future__ import annotations


class AssistantError(Exception):
    """Base of every error that answering can raise; its text is fit for users."""


class BadInputError(AssistantError, ValueError):
    """What the user typed cannot be used; the message says what to type instead."""
