"""The store as one object: each part of the records under its name."""

from __future__ import annotations

from assistant.store.audit import SqlAudit
from assistant.store.database import Database
from assistant.store.log import SqlLog
from assistant.store.practice import SqlPractice
from assistant.store.settings import SqlSettings


class Store:
    """Everything kept in one database. Safe to share between threads; close it at the end."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.practice = SqlPractice(database)
        self.log = SqlLog(database)
        self.audit = SqlAudit(database)
        self.settings = SqlSettings(database)

    def close(self) -> None:
        """Let the connections go."""
        self.database.close()
