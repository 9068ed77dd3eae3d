"""What happens in practice, as facts that are only ever added: rounds, answers, marks.

Everything shown to anybody (what is due, the wrong book, mastery, statistics) is computed from
these. Times are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from assistant.quiz.model import Question


class Mode(str, Enum):
    """How a round was put together."""

    DAILY = "daily"
    TOPIC = "topic"
    WRONG = "wrong"
    EXAM = "exam"
    """A mock exam: nothing is told before it is submitted."""
    ASSIGNED = "assigned"
    """A round that a trainer gave to a unit."""

    @property
    def label(self) -> str:
        """What a page calls it."""
        return _LABELS[self]


_LABELS = {
    Mode.DAILY: "每日一练",
    Mode.TOPIC: "专项练习",
    Mode.WRONG: "错题重练",
    Mode.EXAM: "模拟考试",
    Mode.ASSIGNED: "单位任务",
}


@dataclass(frozen=True, slots=True)
class Round:
    """Questions put before one person, in this order; never changed once it is kept.

    `points` has one number for each question in an exam and is empty elsewhere. `ends_at` is when
    an exam closes by itself, None where nothing presses. `assignment` is the id of what a trainer
    gave, else "".
    """

    id: str
    person: str
    mode: Mode
    title: str
    questions: tuple[Question, ...]
    made_at: datetime
    ends_at: datetime | None = None
    points: tuple[float, ...] = ()
    assignment: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody put down: option texts, 正确 or 错误, or the words of the gaps in order."""

    given: tuple[str, ...]
    at: datetime
    seconds: float = 0.0
    """How long the question was looked at; 0 if not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One graded answer: a line of the log, which is only ever added to.

    `id` is made where the answer is given, so that one sent twice counts once. `seq` grows with
    every line of the whole log and is 0 before it is kept. `topics`, `provision` (the id of the
    first basis as a string) and `kind` stand as they were then, so that the log suffices for
    every statistic. `score` and `points` are 1 or 0 and 1 outside exams.
    """

    id: str
    person: str
    question: str
    round: str
    n: int
    mode: Mode
    response: Response
    right: bool
    score: float
    points: float
    topics: tuple[str, ...] = ()
    provision: str = ""
    kind: str = ""
    assignment: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A question pinned in the wrong book by hand, or the pin taken away."""

    person: str
    question: str
    pinned: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """That an exam was handed in: by the person, or by the clock."""

    round: str
    at: datetime
    by_clock: bool


Responses = Mapping[int, Response]
"""What has been put down in an exam that is not handed in yet, by number of the question from 1."""
