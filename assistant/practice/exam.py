"""Mock exams: what they hold, when they close, what they are worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.practice.grading import grade
from assistant.practice.model import Answer, Response, Responses, Round
from assistant.quiz.model import Kind

PASS_SHARE = 0.8
"""What share of the points is enough."""
MOST_MINUTES = 300


@dataclass(frozen=True, slots=True)
class Part:
    """How many questions of a kind, and the points of each."""

    kind: Kind
    count: int
    points: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A form of mock exam that anybody may begin; all make 100 points."""

    id: str
    name: str
    minutes: int
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """How many questions it has."""
        return sum(p.count for p in self.parts)


PLANS = (
    Plan(
        "short", "小测", 20,
        (Part(Kind.SINGLE, 8, 5.0), Part(Kind.MULTI, 4, 5.0), Part(Kind.JUDGE, 10, 4.0)),
    ),
    Plan(
        "full", "全卷", 60,
        (Part(Kind.SINGLE, 20, 2.0), Part(Kind.MULTI, 10, 4.0), Part(Kind.JUDGE, 20, 1.0)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What an exam came to. `answers` has one line for each question, by n."""

    score: float
    total: float
    enough: float
    right: int
    answers: tuple[Answer, ...]

    @property
    def passed(self) -> bool:
        """True if the score is enough."""
        return self.score >= self.enough


def is_exam(made: Round) -> bool:
    """True if nothing is told before it is handed in."""
    return bool(made.points)


def over(made: Round, now: datetime) -> bool:
    """True once the time is up; what is put down from then on is refused."""
    return made.ends_at is not None and now >= made.ends_at


def seconds_left(made: Round, now: datetime) -> int | None:
    """Return the whole seconds left, 0 when it is over; None where nothing presses."""
    if made.ends_at is None:
        return None
    return max(math.ceil((made.ends_at - now).total_seconds()), 0)


def ends_at(begun: datetime, minutes: int) -> datetime:
    """Return when an exam closes. ValueError unless it lasts from 1 to MOST_MINUTES minutes."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise ValueError(f"{minutes} is not from 1 to {MOST_MINUTES}")
    return begun + timedelta(minutes=minutes)


def handed_in_at(made: Round, now: datetime) -> tuple[datetime, bool]:
    """Return when an exam that is handed in now counts as handed in, and if the clock did it."""
    if made.ends_at is not None and over(made, now):
        return made.ends_at, True
    return now, False


def graded(made: Round, responses: Responses, at: datetime) -> tuple[Answer, ...]:
    """Return the answers of an exam handed in at `at`, one for each question, by n.

    What was not put down counts as an empty answer. Their ids follow from the round, so that
    handing in twice cannot count twice.
    """
    return tuple(
        graded_answer(made, n, responses.get(n, Response((), at)), f"{made.id}-{n}")
        for n in range(1, len(made.questions) + 1)
    )


def graded_answer(made: Round, n: int, response: Response, answer_id: str) -> Answer:
    """Return the line of the log for what was given to question `n` of a round."""
    question = made.questions[n - 1]
    points = made.points[n - 1] if is_exam(made) else 1.0
    found = grade(question, response.given, points, exam=is_exam(made))
    return Answer(
        answer_id, made.person, question.id, made.id, n, made.mode, response,
        found.right, found.score, points, question.topics,
        str(question.basis[0].provision) if question.basis else "", question.kind.value,
        made.assignment,
    )  # fmt: skip


def result_of(made: Round, answers: Sequence[Answer]) -> Result:
    """Return what the answers to an exam come to."""
    total = sum(made.points)
    return Result(
        sum(a.score for a in answers), total, total * PASS_SHARE, sum(a.right for a in answers),
        tuple(sorted(answers, key=lambda a: a.n)),
    )  # fmt: skip
