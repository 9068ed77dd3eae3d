"""What a worker has to answer: the tasks of the own unit, and the one round begun in each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.accounts.assigning import Assigning
from assistant.accounts.model import Actor, Assignment, Role
from assistant.accounts.rights import Action, may
from assistant.errors import BadInputError
from assistant.practice.desk import PracticeDesk
from assistant.practice.exam import is_exam
from assistant.practice.model import Mode, Round


@dataclass(frozen=True, slots=True)
class Task:
    """A task of somebody. `round` is None until it is begun; `done` of its questions are answered."""

    assignment: Assignment
    round: Round | None
    done: int
    finished: bool


class Tasks:
    """Tasks over a desk of practice. Safe to share between threads and processes."""

    def __init__(self, practice: PracticeDesk, assigning: Assigning) -> None:
        self._practice, self._assigning = practice, assigning

    def waiting(self, actor: Actor) -> tuple[Task, ...]:
        """Return what the unit of the actor has to answer now, the nearest deadline first.

        Nothing for somebody without an account or a unit.
        """
        if actor.role is Role.GUEST or actor.must_change or not may(actor.role, Action.PRACTISE):
            return ()
        found = (self._task(actor, a) for a in self._assigning.waiting(actor))
        return tuple(sorted(found, key=lambda t: (t.assignment.due_at, t.assignment.id)))

    def begin(self, actor: Actor, assignment_id: str) -> Round:
        """Return the round of the actor in a task: begun now, or the one that was begun before.

        BadInputError if there is no such task for him, or it is over and was not begun.
        """
        given = self._assigning.own(actor, assignment_id)
        return begin_round(self._practice, given, actor.person)

    def _task(self, actor: Actor, given: Assignment) -> Task:
        store = self._practice.store
        begun = self._practice.chronicle.round(round_of(given.id, actor.person))
        if begun is None:
            return Task(given, None, 0, finished=False)
        if is_exam(begun):
            handed_in = store.submission(begun.id) is not None
            return Task(given, begun, len(store.responses(begun.id)), handed_in)
        done = len(store.answers_in(begun.id))
        return Task(given, begun, done, done >= len(begun.questions))


def round_of(assignment: str, person: str) -> str:
    """Return the id of the one round that somebody can have in an assignment."""
    return f"{assignment[:30]}-{hashlib.sha256(f'{assignment}|{person}'.encode()).hexdigest()[:20]}"


def begin_round(practice: PracticeDesk, given: Assignment, person: str) -> Round:
    """Return the round of a person in an assignment: begun now, or the one that was begun before.

    BadInputError if it is over or withdrawn and was not begun.
    """
    round_id = round_of(given.id, person)
    begun = practice.chronicle.round(round_id)
    if begun is not None:
        return begun
    now = practice.now()
    check_open(given, now)
    ends = min(now + timedelta(minutes=given.minutes), given.due_at) if given.exam else None
    made = Round(
        round_id, person, Mode.ASSIGNED, given.title, given.questions, now, ends, given.points,
        given.id,
    )  # fmt: skip
    if not practice.store.add_round(made):  # begun at the same moment elsewhere
        return practice.own(person, round_id)
    return made


def check_open(given: Assignment, now: datetime) -> None:
    """BadInputError if an assignment cannot be begun any more."""
    if given.withdrawn_at is not None:
        raise BadInputError("这个任务已经撤回，不用做了")
    if now >= given.due_at:
        raise BadInputError("这个任务已经过了截止时间；需要补做请找培训员延期")
