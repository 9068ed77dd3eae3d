"""What trainers insist on asking as rows, within the transaction of the caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.practice.sets import Insistence
from assistant.quiz.check.model import State
from assistant.store.tables import insisted, people


def put_insisted(connection: Connection, made: Insistence) -> None:
    """Keep that a question is insisted on, in place of what was kept of it."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {
        "bank": made.bank, "state": made.state.value, "reason": made.reason, "by": made.by,
        "at": made.at, "released_at": made.released_at,
    }  # fmt: skip
    put = insert(insisted).values(question=made.question, **row)
    connection.execute(put.on_conflict_do_update(index_elements=["question"], set_=row))


def release_insisted(connection: Connection, question: str, now: datetime) -> bool:
    """Keep that a question is insisted on no more; False if it was not."""
    held = (insisted.c.question == question) & insisted.c.released_at.is_(None)
    return connection.execute(update(insisted).where(held).values(released_at=now)).rowcount == 1


def all_insisted(connection: Connection) -> tuple[Insistence, ...]:
    """Return what is or was insisted on, by question."""
    wanted = (
        select(insisted, people.c.name)
        .outerjoin(people, people.c.id == insisted.c.by)
        .order_by(insisted.c.question)
    )
    return tuple(
        Insistence(
            r.question, r.bank, State(r.state), r.reason, r.by, r.at, r.released_at, r.name or ""
        )
        for r in connection.execute(wanted).all()
    )
