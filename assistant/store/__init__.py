"""What must never be lost: answers, accounts, assignments, the audit log. SQLite or PostgreSQL."""

from assistant.store.errors import ConflictError, StoreError
from assistant.store.opening import open_store

__all__ = ["ConflictError", "StoreError", "open_store"]
