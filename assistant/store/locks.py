"""Who waits for whom when answers are added, so that numbers grow in the order of commits.

SQLite has one writer at a time, so that holds by itself. In PostgreSQL a number is drawn before
the commit, and two transactions may commit in the other order; a reader who asked for what comes
after the higher number would then never see the lower. Therefore

- who adds answers of a person first takes a lock on that person, until the commit: the numbers
  of one person grow in the order of commits;
- and a shared lock on the whole log, which a reader of the whole log waits for: what it reads
  next has no number missing that could still turn up.

People do not wait for each other.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_ADD = text(
    "SELECT pg_advisory_xact_lock_shared(73058, 1),"
    " pg_advisory_xact_lock(hashtextextended(:person, 73058))"
)
_READ = text("SELECT pg_advisory_xact_lock(73058, 1)")


def before_adding(connection: Connection, person: str) -> None:
    """Wait until nobody else is adding answers of that person; held until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ADD, {"person": person})


def before_reading_all(connection: Connection) -> None:
    """Wait until all answers whose numbers are drawn are committed or dropped."""
    if connection.dialect.name == "postgresql":
        connection.execute(_READ)
