"""Who has begun, finished, and with what score: the progress of an assignment at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from assistant.practice.exam import PASS_SHARE
from assistant.practice.model import Answer
from assistant.training.tally import Tally, grouped, tally


class State(str, Enum):
    """How far somebody is with what was given."""

    WAITING = "waiting"
    BEGUN = "begun"
    FINISHED = "finished"

    @property
    def label(self) -> str:
        """What a page calls it."""
        return {"waiting": "未开始", "begun": "进行中", "finished": "已完成"}[self.value]


@dataclass(frozen=True, slots=True)
class Begun:
    """A round that somebody began in an assignment. `submitted_at` only where it is an exam."""

    round: str
    person: str
    size: int
    made_at: datetime
    ends_at: datetime | None = None
    submitted_at: datetime | None = None
    by_clock: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What of an assignment counts here: how many questions and points it has, and until when."""

    size: int
    total: float
    exam: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in an assignment.

    `score` in points of `Attendance.total`. `passed` is None until it is finished; `late` is True
    if that was after the deadline.
    """

    person: str
    state: State
    answered: int
    right: int
    score: float
    passed: bool | None = None
    begun_at: datetime | None = None
    finished_at: datetime | None = None
    late: bool = False
    by_clock: bool = False


@dataclass(frozen=True, slots=True)
class Attendance:
    """The progress of an assignment: everybody who should answer it or has begun to."""

    seats: tuple[Seat, ...]
    total: float

    def count(self, state: State) -> int:
        """Return how many are in that state."""
        return sum(s.state is state for s in self.seats)

    @property
    def passed(self) -> int:
        """How many have finished and reached the pass share."""
        return sum(s.passed is True for s in self.seats)

    @property
    def mean(self) -> float | None:
        """The mean score in points of those who finished; None if nobody has."""
        done = [s.score for s in self.seats if s.state is State.FINISHED]
        return round(sum(done) / len(done), 2) if done else None


def apart(found: Attendance, is_guest: Callable[[str], bool]) -> tuple[Attendance, Attendance]:
    """Return the progress of those with an account, and of those without, in the same order."""
    sides: tuple[list[Seat], list[Seat]] = ([], [])
    for seat in found.seats:
        sides[is_guest(seat.person)].append(seat)
    members, guests = (Attendance(tuple(s), found.total) for s in sides)
    return members, guests


def attendance(
    given: Given, members: Sequence[str], begun: Iterable[Begun], answers: Iterable[Answer]
) -> Attendance:
    """Return the progress of `members` and of everybody else who has begun.

    Those who finished first, the best before the others, then those who have begun, then those
    who wait. A practice round is finished when all its questions are answered, an exam when it is
    handed in. Every question has one point outside exams.
    """
    rounds: dict[str, Begun] = {}
    for one in sorted(begun, key=lambda b: (b.made_at, b.round)):
        rounds.setdefault(one.person, one)
    found = grouped(answers, lambda a: a.person)
    people = {*members, *rounds, *found}
    seats = (_seat(p, given, rounds.get(p), found.get(p, [])) for p in people)
    order = (State.FINISHED, State.BEGUN, State.WAITING)
    ranked = sorted(seats, key=lambda s: (order.index(s.state), -s.score, -s.answered, s.person))
    return Attendance(tuple(ranked), given.total)


def _seat(person: str, given: Given, begun: Begun | None, answers: Sequence[Answer]) -> Seat:
    counted = tally(answers)
    finished = _finished_at(given, begun, answers)
    if finished is None:
        state = State.BEGUN if begun or answers else State.WAITING
        return _made(person, state, counted, begun)
    passed = counted.score >= given.total * PASS_SHARE - 1e-9
    by_clock = begun is not None and begun.by_clock
    late = finished > given.due_at
    return _made(person, State.FINISHED, counted, begun, passed, finished, late, by_clock)


def _made(
    person: str,
    state: State,
    counted: Tally,
    begun: Begun | None,
    passed: bool | None = None,
    finished: datetime | None = None,
    late: bool = False,
    by_clock: bool = False,
) -> Seat:
    began = begun.made_at if begun else None
    score = round(counted.score, 4)
    return Seat(
        person, state, counted.answered, counted.right, score, passed, began, finished, late, by_clock
    )  # fmt: skip


def _finished_at(given: Given, begun: Begun | None, answers: Sequence[Answer]) -> datetime | None:
    if given.exam:
        return begun.submitted_at if begun else None
    if given.size and len({a.n for a in answers}) >= given.size:
        return max(a.response.at for a in answers)
    return None
