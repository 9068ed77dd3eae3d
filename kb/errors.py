"""The error tree of `kb`. A message says where, what, and what to do next."""

from __future__ import annotations


class KbError(Exception):
    """Base of every error that reading or looking up the rules can raise."""


class SourceError(KbError):
    """A source file of ours is malformed: names file, key and the expected form."""


class DataPackageError(KbError):
    """The statute data package is missing, unreadable or not the pinned one."""


class CitationError(KbError, ValueError):
    """A text that should be one citation is not one."""


class UnknownDocumentError(KbError, LookupError):
    """No document of that id, title or alias is in the library."""


class UnknownProvisionError(KbError, LookupError):
    """The document is in the library, the cited provision is not in it."""


class UnknownBearerError(KbError, LookupError):
    """No bearer has that name; the message lists the nearest ones."""


class UnknownFieldError(KbError, LookupError):
    """No field of duties has that name; the message lists those that exist."""


class UnknownPostError(KbError, LookupError):
    """No post has that name; the message lists the nearest ones."""
