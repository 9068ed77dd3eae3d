"""The store as one object: each part of the records under its name."""

from __future__ import annotations

from assistant.store.database import Database
from assistant.store.practice import SqlPractice


class Store:
    """Everything kept in one database. Safe to share between threads; close it at the end."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.practice = SqlPractice(database)

    def close(self) -> None:
        """Let the connections go."""
        self.database.close()
