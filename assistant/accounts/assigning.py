"""What a trainer gives a unit to answer: kept with its questions, withdrawn, put off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from assistant.accounts.entry import clean
from assistant.accounts.model import Actor, Assignment
from assistant.accounts.rights import Action, require, require_unit
from assistant.accounts.service import new_id, utc_now
from assistant.errors import BadInputError
from assistant.quiz.model import Question
from assistant.store import assignments, people
from assistant.store.audit import record
from assistant.store.store import Store


class Assigning:
    """The assignments of one store. Safe to share between threads."""

    def __init__(self, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self._database, self._now = store.database, now

    def give(
        self,
        actor: Actor,
        unit: str,
        title: str,
        questions: Sequence[Question],
        due_at: datetime,
        *,
        points: Sequence[float] = (),
        minutes: int = 0,
        guests: bool = False,
    ) -> Assignment:
        """Keep an assignment and return it; with `points` it is an exam of so many minutes.

        With `guests` people without an account may answer it.

        BadInputError says what is wrong with it.
        """
        require_unit(actor, Action.ASSIGN, unit)
        now, title = self._now(), clean(title)
        if problem := _problem(title, questions, points, minutes, due_at, now):
            raise BadInputError(problem)
        given = Assignment(
            new_id("a"), unit, title, bool(points), tuple(questions), tuple(points), minutes,
            actor.person, now, due_at, guests=guests,
        )  # fmt: skip
        with self._database.write() as connection:
            if people.find_unit(connection, unit) is None:
                raise BadInputError("没有这个单位；请刷新后再选")
            assignments.add_assignment(connection, given)
            record(connection, actor, now, "assignment.give", given.id, unit=unit, title=title,
                   questions=len(questions), guests=guests)  # fmt: skip
        return given

    def withdraw(self, actor: Actor, assignment_id: str) -> None:
        """Take an assignment back; what was answered stays."""
        now = self._now()
        with self._database.write() as connection:
            _reached(connection, actor, assignment_id)
            assignments.change_assignment(connection, assignment_id, withdrawn_at=now)
            record(connection, actor, now, "assignment.withdraw", assignment_id)

    def put_off(self, actor: Actor, assignment_id: str, due_at: datetime) -> None:
        """Set another deadline, which lies ahead."""
        now = self._now()
        if due_at <= now:
            raise BadInputError("截止时间要在现在以后")
        with self._database.write() as connection:
            _reached(connection, actor, assignment_id)
            assignments.change_assignment(connection, assignment_id, due_at=due_at)
            record(connection, actor, now, "assignment.put_off", assignment_id,
                   due_at=due_at.isoformat())  # fmt: skip

    def given(self, actor: Actor, unit: str | None = None) -> tuple[Assignment, ...]:
        """Return what was given to a unit, or to all the actor reaches, the newest first."""
        unit = unit or actor.unit
        require_unit(actor, Action.ASSIGN, unit)
        with self._database.read() as connection:
            return assignments.all_assignments(connection, unit)

    def waiting(self, actor: Actor) -> tuple[Assignment, ...]:
        """Return what the actor's own unit has to answer now, the newest first."""
        require(actor, Action.PRACTISE)
        if actor.unit is None:
            return ()
        with self._database.read() as connection:
            return assignments.all_assignments(connection, actor.unit, self._now())

    def own(self, actor: Actor, assignment_id: str) -> Assignment:
        """Return an assignment to the actor's own unit; BadInputError if there is none for him."""
        require(actor, Action.PRACTISE)
        with self._database.read() as connection:
            found = assignments.find_assignment(connection, assignment_id)
        if found is None or actor.unit is None or actor.unit != found.unit:
            raise BadInputError("没有给你的这个任务，或已不在；请刷新后再试")
        return found

    def find(self, actor: Actor, assignment_id: str) -> Assignment:
        """Return an assignment to a member of its unit or a trainer who reaches it.

        BadInputError if there is none for him.
        """
        with self._database.read() as connection:
            found = assignments.find_assignment(connection, assignment_id)
            if found is None or actor.unit is None or actor.unit != found.unit:
                return _reached(connection, actor, assignment_id)
        require(actor, Action.PRACTISE)
        return found


def _reached(connection: Connection, actor: Actor, assignment_id: str) -> Assignment:
    require(actor, Action.ASSIGN)
    found = assignments.find_assignment(connection, assignment_id)
    if found is None:
        raise BadInputError("这个任务已不在；请刷新后再试")
    require_unit(actor, Action.ASSIGN, found.unit)
    return found


def _problem(
    title: str,
    questions: Sequence[Question],
    points: Sequence[float],
    minutes: int,
    due_at: datetime,
    now: datetime,
) -> str | None:
    if not title:
        return "请给任务起个名字"
    if not questions:
        return "任务里没有题"
    if due_at <= now:
        return "截止时间要在现在以后"
    if points and len(points) != len(questions):
        return "每道题都要有分值"
    if points and not 1 <= minutes <= 600:
        return "考试时间请填 1 到 600 分钟"
    return None
