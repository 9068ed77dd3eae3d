"""`PracticeStore` over SQL: rounds, the log of answers, marks and exams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.practice.model import Answer, Mark, Mode, Response, Responses, Round, Submission
from assistant.store.database import Database
from assistant.store.errors import StoreError
from assistant.store.locks import before_adding
from assistant.store.log import read_generation
from assistant.store.rows import (
    answer_row,
    mark_row,
    read_answer,
    read_round,
    response_row,
    round_row,
    submission_row,
)
from assistant.store.tables import answers, marks, responses, rounds, submissions

_ROUND = select(rounds).where(rounds.c.id == bindparam("round_id"))
_ANSWERED = (
    select(func.count())
    .select_from(answers)
    .where(answers.c.round == rounds.c.id)
    .scalar_subquery()
)
_SUBMITTED = select(submissions.c.round).where(submissions.c.round == rounds.c.id).exists()
_OF_PERSON = (
    select(rounds)
    .where(rounds.c.person == bindparam("person"))
    .order_by(rounds.c.made_at.desc(), rounds.c.id.desc())
)
_EXAM = (rounds.c.mode == Mode.EXAM.value) | (rounds.c.points != literal_column("'[]'"))
"""What a trainer gave is an exam if its questions have points."""
_OPEN = _OF_PERSON.where((_EXAM & ~_SUBMITTED) | (~_EXAM & (rounds.c.size > _ANSWERED)))
_AFTER = (
    select(answers)
    .where(answers.c.person == bindparam("person"), answers.c.seq > bindparam("after"))
    .order_by(answers.c.seq)
)
_IN_ROUND = select(answers).where(answers.c.round == bindparam("round_id")).order_by(answers.c.n)
_MARKS = select(marks).where(marks.c.person == bindparam("person")).order_by(marks.c.seq)
_RESPONSES = (
    select(responses).where(responses.c.round == bindparam("round_id")).order_by(responses.c.n)
)
_SUBMISSION = select(submissions).where(submissions.c.round == bindparam("round_id"))
_HELD = select(rounds.c.id).where(rounds.c.id == bindparam("round_id"))


class SqlPractice:
    """Rounds, answers, marks and exams in a database. Fulfils `PracticeStore`.

    The numbers of the answers of one person grow in the order of commits (see `locks`), so who
    has read up to `seq` n and asks for what comes after n misses nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        insert: Any = sqlite.insert if database.is_sqlite else postgresql.insert
        self._add_round: Insert = _counting(insert(rounds).on_conflict_do_nothing())
        self._add_answer: Insert = _counting(insert(answers).on_conflict_do_nothing())
        self._submit: Insert = _counting(insert(submissions).on_conflict_do_nothing())
        put = insert(responses)
        newer = put.on_conflict_do_update(
            index_elements=["round", "n"],
            set_={name: put.excluded[name] for name in ("given", "at", "seconds")},
            where=responses.c.at <= put.excluded.at,
        )
        self._respond: Insert = _counting(newer)

    def generation(self) -> int:
        with self._database.read() as connection:
            return read_generation(connection)

    def add_round(self, made: Round) -> bool:
        with self._database.write() as connection:
            return connection.execute(self._add_round, round_row(made)).rowcount == 1

    def round(self, round_id: str) -> Round | None:
        with self._database.read() as connection:
            row = connection.execute(_ROUND, {"round_id": round_id}).first()
        return None if row is None else read_round(row)

    def rounds(self, person: str, *, open_only: bool = False) -> tuple[Round, ...]:
        wanted = _OPEN if open_only else _OF_PERSON
        with self._database.read() as connection:
            rows = connection.execute(wanted, {"person": person}).all()
        return tuple(map(read_round, rows))

    def add_answer(self, answer: Answer) -> bool:
        """Append to the log; False if it is there. ConflictError if there is no such round."""
        with self._database.write() as connection:
            before_adding(connection, answer.person)
            return connection.execute(self._add_answer, answer_row(answer)).rowcount == 1

    def answers(self, person: str, after: int = 0) -> tuple[Answer, ...]:
        with self._database.read() as connection:
            rows = connection.execute(_AFTER, {"person": person, "after": after}).all()
        return tuple(map(read_answer, rows))

    def answers_in(self, round_id: str) -> tuple[Answer, ...]:
        with self._database.read() as connection:
            rows = connection.execute(_IN_ROUND, {"round_id": round_id}).all()
        return tuple(map(read_answer, rows))

    def add_mark(self, mark: Mark) -> None:
        with self._database.write() as connection:
            before_adding(connection, mark.person)
            connection.execute(marks.insert(), mark_row(mark))

    def marks(self, person: str) -> tuple[Mark, ...]:
        with self._database.read() as connection:
            rows = connection.execute(_MARKS, {"person": person}).all()
        return tuple(Mark(r.person, r.question, r.pinned, r.at) for r in rows)

    def keep_response(self, round_id: str, n: int, response: Response) -> bool:
        """Put down what is given in an exam; False once it is submitted or if a later one is there.

        StoreError if there is no such round.
        """
        with self._database.write() as connection:
            self._hold(connection, round_id, reading=True)
            if connection.execute(_SUBMISSION, {"round_id": round_id}).first() is not None:
                return False
            kept = connection.execute(self._respond, response_row(round_id, n, response))
            return kept.rowcount == 1

    def responses(self, round_id: str) -> Responses:
        with self._database.read() as connection:
            rows = connection.execute(_RESPONSES, {"round_id": round_id}).all()
        return {r.n: Response(tuple(r.given), r.at, r.seconds) for r in rows}

    def submit(self, submission: Submission, answers: Sequence[Answer]) -> bool:
        """Close an exam and append its answers; False if it is submitted already.

        ConflictError, nothing kept, if one of the answers is in the log already; StoreError if
        there is no such round.
        """
        with self._database.write() as connection:
            for person in sorted({a.person for a in answers}):
                before_adding(connection, person)
            self._hold(connection, submission.round)
            if connection.execute(self._submit, submission_row(submission)).rowcount != 1:
                return False
            if answers:
                connection.execute(_ANSWERS, [answer_row(a) for a in answers])
            return True

    def submission(self, round_id: str) -> Submission | None:
        with self._database.read() as connection:
            row = connection.execute(_SUBMISSION, {"round_id": round_id}).first()
        return None if row is None else Submission(row.round, row.at, row.by_clock)

    @staticmethod
    def _hold(connection: Connection, round_id: str, *, reading: bool = False) -> None:
        """Let a response and the submission of one exam not pass each other in PostgreSQL."""
        held = (
            _HELD.with_for_update(read=True) if reading else _HELD.with_for_update(key_share=True)
        )
        if connection.execute(held, {"round_id": round_id}).first() is None:
            raise StoreError("没有这次练习，或它已被删除；请重新开始")


def _counting(statement: Any) -> Any:
    """Let the result say how many rows were added."""
    return statement.inline().execution_options(preserve_rowcount=True)


_ANSWERS = answers.insert()
