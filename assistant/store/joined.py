"""Who without an account joined in what as rows, within the transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.tables import joined


def add_joined(
    connection: Connection, assignment: str, person: str, name: str, now: datetime
) -> None:
    """Keep under what name a guest joined; the first name stays."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"assignment": assignment, "person": person, "name": name, "at": now}
    connection.execute(insert(joined).values(**row).on_conflict_do_nothing())


def joined_names(connection: Connection, assignment: str) -> Mapping[str, str]:
    """Return the names that guests gave in an assignment, by person id."""
    wanted = select(joined.c.person, joined.c.name).where(joined.c.assignment == assignment)
    return {r.person: r.name for r in connection.execute(wanted.order_by(joined.c.person)).all()}


def name_of_joined(connection: Connection, assignment: str, person: str) -> str | None:
    """Return the name that a guest gave in an assignment; None if he did not join."""
    wanted = select(joined.c.name).where(
        (joined.c.assignment == assignment) & (joined.c.person == person)
    )
    return connection.execute(wanted).scalar_one_or_none()


def count_joined(connection: Connection, assignment: str) -> int:
    """Return how many guests joined in an assignment."""
    wanted = select(func.count()).where(joined.c.assignment == assignment)
    return int(connection.execute(wanted).scalar_one())


def forget_joined(connection: Connection, person: str) -> None:
    """Delete the names that somebody gave."""
    connection.execute(delete(joined).where(joined.c.person == person))
