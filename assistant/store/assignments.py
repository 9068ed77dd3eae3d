"""What trainers gave to units as rows, within the transaction of the caller."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from assistant.accounts.model import Assignment
from assistant.practice.model import Mode
from assistant.store.rows import questions_text, read_questions
from assistant.store.tables import assignments


def add_assignment(connection: Connection, given: Assignment) -> None:
    """Keep an assignment; ConflictError if its id is taken or there is no such unit."""
    row = {
        "id": given.id, "unit": given.unit, "title": given.title,
        "mode": (Mode.EXAM if given.exam else Mode.ASSIGNED).value,
        "questions": questions_text(given.questions), "points": list(given.points),
        "minutes": given.minutes, "made_by": given.made_by, "made_at": given.made_at,
        "due_at": given.due_at, "withdrawn_at": given.withdrawn_at,
        "guests": given.guests,
    }  # fmt: skip
    connection.execute(assignments.insert(), row)


def find_assignment(connection: Connection, assignment_id: str) -> Assignment | None:
    """Return the assignment of that id, withdrawn or not."""
    row = connection.execute(select(assignments).where(assignments.c.id == assignment_id)).first()
    return None if row is None else _assignment(row)


def all_assignments(
    connection: Connection, unit: str | None = None, open_at: datetime | None = None
) -> tuple[Assignment, ...]:
    """Return the assignments of a unit or of all, the newest first.

    With `open_at` only those that are neither withdrawn nor past their deadline then.
    """
    wanted = select(assignments).order_by(assignments.c.made_at.desc(), assignments.c.id.desc())
    if unit is not None:
        wanted = wanted.where(assignments.c.unit == unit)
    if open_at is not None:
        wanted = wanted.where(assignments.c.withdrawn_at.is_(None), assignments.c.due_at > open_at)
    return tuple(map(_assignment, connection.execute(wanted).all()))


def change_assignment(connection: Connection, assignment_id: str, **columns: Any) -> None:
    """Set columns of an assignment."""
    connection.execute(
        update(assignments).where(assignments.c.id == assignment_id).values(**columns)
    )


def _assignment(row: Row[Any]) -> Assignment:
    return Assignment(
        row.id, row.unit, row.title, row.mode == Mode.EXAM.value, read_questions(row.questions),
        tuple(row.points), row.minutes, row.made_by, row.made_at, row.due_at, row.withdrawn_at,
        bool(row.guests),
    )  # fmt: skip
