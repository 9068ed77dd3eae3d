"""Where a person stands: everything that follows from the log, brought up to date line by line.

It is a function of the log alone. Answers count in the order in which they were given; one that
arrives late makes the whole anew, so that the order of arrival never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from assistant.practice.model import Answer
from assistant.practice.schedule import BEIJING, Memory, recall_of, reviewed


@dataclass(frozen=True, slots=True)
class Trail:
    """What somebody has done with one question.

    `round` and `n` are where it was asked last. `misses` counts all; `days` are the days on which
    it was answered right since the last miss, each once.
    """

    question: str
    round: str
    n: int
    memory: Memory
    topics: tuple[str, ...]
    provision: str
    asked: int
    misses: int
    first_right: bool
    last_right: bool
    last_at: datetime
    missed_at: datetime | None
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """How many questions were answered on a day, and how many of them rightly."""

    answered: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The state after the answers up to `seq`. Immutable; `followed` returns the next."""

    trails: Mapping[str, Trail] = field(default_factory=dict)
    days: Mapping[date, Day] = field(default_factory=dict)
    answered: int = 0
    right: int = 0
    last: tuple[datetime, str] | None = None
    """Time and id of the answer given last."""
    seq: int = 0


def order_of(answer: Answer) -> tuple[datetime, str]:
    """Return by what answers are ordered: when they were given, then their id."""
    return answer.response.at, answer.id


def standing_of(answers: Iterable[Answer], zone: tzinfo = BEIJING) -> Standing:
    """Return where somebody stands after these answers, in whatever order they come."""
    standing = followed(Standing(), sorted(answers, key=order_of), zone)
    assert standing is not None  # noqa: S101 - nothing is late for an empty standing
    return standing


def followed(
    before: Standing, answers: Iterable[Answer], zone: tzinfo = BEIJING
) -> Standing | None:
    """Return the standing after more answers; None if one was given before what is counted.

    Then the whole log has to be counted anew, by `standing_of`.
    """
    trails, days = dict(before.trails), dict(before.days)
    answered, right, last, seq = before.answered, before.right, before.last, before.seq
    for answer in sorted(answers, key=order_of):
        if last is not None and order_of(answer) < last:
            return None
        day = answer.response.at.astimezone(zone).date()
        trails[answer.question] = _next(trails.get(answer.question), answer, day)
        old = days.get(day, Day())
        days[day] = Day(old.answered + 1, old.right + answer.right)
        answered, right = answered + 1, right + answer.right
        last, seq = order_of(answer), max(seq, answer.seq)
    return Standing(trails, days, answered, right, last, seq)


def _next(trail: Trail | None, answer: Answer, day: date) -> Trail:
    at = answer.response.at
    memory = reviewed(trail.memory if trail else None, recall_of(answer), at)
    if trail is None:
        return Trail(
            answer.question, answer.round, answer.n, memory, answer.topics, answer.provision,
            asked=1,
            misses=int(not answer.right),
            first_right=answer.right,
            last_right=answer.right,
            last_at=at,
            missed_at=None if answer.right else at,
            days=(day,) if answer.right else (),
        )  # fmt: skip
    days = () if not answer.right else tuple(dict.fromkeys((*trail.days, day)))
    return replace(
        trail,
        round=answer.round,
        n=answer.n,
        memory=memory,
        topics=answer.topics,
        provision=answer.provision,
        asked=trail.asked + 1,
        misses=trail.misses + (not answer.right),
        last_right=answer.right,
        last_at=at,
        missed_at=trail.missed_at if answer.right else at,
        days=days,
    )
