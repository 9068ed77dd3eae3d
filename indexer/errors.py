"""The error tree of `indexer`."""

from __future__ import annotations


class IndexingError(Exception):
    """Base of every error that building or opening an index can raise."""


class ModelError(IndexingError):
    """An embedding model is missing, damaged or of another kind than configured."""


class IndexMissingError(IndexingError):
    """There is no index yet; the message names the command that builds one."""


class IndexDamagedError(IndexingError):
    """The index directory exists but is incomplete or was changed; rebuild it."""


class VectorStoreError(IndexingError):
    """A vector store is unknown, not installed or cannot be reached; the message says what to do."""


class BuildError(IndexingError):
    """A build could not finish; the previous index is untouched."""


class RefusedFileError(IndexingError):
    """A file cannot be imported; the message is one Chinese sentence that says what to do."""
