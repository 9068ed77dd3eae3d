"""The log of answers across people: read whole, by assignment, moved to an account, erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.practice.model import Answer, Round, Submission
from assistant.store.database import Database
from assistant.store.joined import forget_joined
from assistant.store.locks import before_adding, before_reading_all
from assistant.store.rows import read_answer, read_round
from assistant.store.settings import read_setting, write_setting
from assistant.store.tables import (
    answers,
    erasing,
    marks,
    people,
    rounds,
    submissions,
    taken_over,
)
from assistant.training.attendance import Begun

GENERATION = "log.generation"
_BEGUN = (
    rounds.c.id, rounds.c.person, rounds.c.size, rounds.c.made_at, rounds.c.ends_at,
    submissions.c.at, submissions.c.by_clock,
)  # fmt: skip


def read_generation(connection: Connection) -> int:
    """Return what changes whenever answers were erased or moved."""
    return int(read_setting(connection, GENERATION, 0))


class SqlLog:
    """The answers of everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, after: int = 0, limit: int | None = None) -> tuple[int, tuple[Answer, ...]]:
        """Return the generation of the log, and the answers with `seq` above `after`, by `seq`.

        Nothing with a smaller `seq` turns up later. While the generation is the same, lines were
        only added; when it is another, some were erased or moved: begin again at 0.
        """
        wanted = select(answers).where(answers.c.seq > after).order_by(answers.c.seq).limit(limit)
        with self._database.read() as connection:
            before_reading_all(connection)
            generation = read_generation(connection)
            return generation, tuple(map(read_answer, connection.execute(wanted).all()))

    def generation(self) -> int:
        """Return what changes whenever answers were erased or moved: caches begin again then."""
        with self._database.read() as connection:
            return read_generation(connection)

    def for_assignment(
        self, assignment: str, after: int = 0, limit: int | None = None
    ) -> tuple[Answer, ...]:
        """Return the answers given in an assignment, by `seq`: at most `limit` above `after`."""
        return self._answers(answers.c.assignment == assignment, after=after, limit=limit)

    def size_of(self, assignment: str) -> tuple[int, int]:
        """Return the generation of the log and how many answers an assignment has.

        While both are the same, so are the answers.
        """
        wanted = select(func.count()).where(answers.c.assignment == assignment)
        with self._database.read() as connection:
            generation = read_generation(connection)
            return generation, int(connection.execute(wanted).scalar_one())

    def for_unit(
        self,
        unit: str,
        since: datetime,
        until: datetime,
        after: int = 0,
        limit: int | None = None,
    ) -> tuple[Answer, ...]:
        """Return what the members of a unit answered from `since` and before `until`, by `seq`.

        Those count who are members now; at most `limit` answers with `seq` above `after`.
        """
        members = select(people.c.id).where(people.c.unit == unit)
        conditions = (answers.c.person.in_(members), answers.c.at >= since, answers.c.at < until)
        return self._answers(*conditions, after=after, limit=limit)

    def begun(self, assignment: str) -> tuple[Begun, ...]:
        """Return the rounds begun in an assignment without their questions, in the order begun."""
        wanted = (
            select(*_BEGUN)
            .outerjoin(submissions, submissions.c.round == rounds.c.id)
            .where(rounds.c.assignment == assignment)
            .order_by(rounds.c.made_at, rounds.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            Begun(r.id, r.person, r.size, r.made_at, r.ends_at, r.at, bool(r.by_clock))
            for r in rows
        )

    def for_people(
        self,
        persons: Collection[str],
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Answer, ...]:
        """Return the answers of these people given from `since` and before `until`, by `seq`."""
        conditions: list[Any] = [answers.c.person.in_(sorted(persons))]
        if since:
            conditions.append(answers.c.at >= since)
        if until:
            conditions.append(answers.c.at < until)
        return self._answers(*conditions)

    def rounds_for_assignment(self, assignment: str) -> tuple[tuple[Round, Submission | None], ...]:
        """Return the rounds begun in an assignment, with how each was handed in, by person."""
        wanted = (
            select(rounds, submissions.c.at, submissions.c.by_clock)
            .outerjoin(submissions, submissions.c.round == rounds.c.id)
            .where(rounds.c.assignment == assignment)
            .order_by(rounds.c.person, rounds.c.made_at, rounds.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            (read_round(r), Submission(r.id, r.at, r.by_clock) if r.at else None) for r in rows
        )

    def _answers(
        self, *conditions: Any, after: int = 0, limit: int | None = None
    ) -> tuple[Answer, ...]:
        wanted = select(answers).where(*conditions).order_by(answers.c.seq).limit(limit)
        if after:
            wanted = wanted.where(answers.c.seq > after)
        with self._database.read() as connection:
            return tuple(map(read_answer, connection.execute(wanted).all()))


def erase(connection: Connection, person: str, now: datetime) -> int:
    """Delete all that somebody practised, within the transaction of the caller; how many answers."""
    before_adding(connection, person)
    with_answers = _delete_log(connection, person)
    connection.execute(delete(rounds).where(rounds.c.person == person))
    connection.execute(delete(taken_over).where(taken_over.c.person == person))
    forget_joined(connection, person)
    _next_generation(connection, now)
    return with_answers


def take_over(connection: Connection, guest: str, person: str, now: datetime) -> int | None:
    """Make what a guest practised that of an account; how many answers, None if done before.

    The answers keep their ids and times and get new numbers, so that who has read the answers of
    the account up to some number finds them after it.
    """
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    once = insert(taken_over).values(guest=guest, person=person, at=now).on_conflict_do_nothing()
    if connection.execute(once.execution_options(preserve_rowcount=True)).rowcount != 1:
        return None
    for each in sorted((guest, person)):
        before_adding(connection, each)
    moved = {
        table: [
            {**row, "person": person}
            for row in connection.execute(
                select(*(c for c in table.c if c.name != "seq"))
                .where(table.c.person == guest)
                .order_by(table.c.seq)
            ).mappings()
        ]
        for table in (answers, marks)
    }
    _delete_log(connection, guest)
    connection.execute(update(rounds).where(rounds.c.person == guest).values(person=person))
    for table, rows in moved.items():
        if rows:
            connection.execute(table.insert(), rows)
    _next_generation(connection, now)
    return len(moved[answers])


def _delete_log(connection: Connection, person: str) -> int:
    """Delete the lines of a person, which the triggers allow while `erasing` names them."""
    connection.execute(erasing.insert(), {"person": person})
    connection.execute(delete(marks).where(marks.c.person == person))
    gone = connection.execute(delete(answers).where(answers.c.person == person)).rowcount
    connection.execute(delete(erasing).where(erasing.c.person == person))
    return gone


def _next_generation(connection: Connection, now: datetime) -> None:
    write_setting(connection, GENERATION, read_generation(connection) + 1, now)
