"""Answers counted: how many, how many right, what they are worth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.practice.model import Answer
from assistant.practice.standing import order_of

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of some answers; `score` of `points`, both in points."""

    answered: int = 0
    right: int = 0
    score: float = 0.0
    points: float = 0.0

    @property
    def wrong(self) -> int:
        """How many were not right."""
        return self.answered - self.right

    @property
    def share_right(self) -> float | None:
        """The share that was right, from 0 to 1; None where nothing was answered."""
        return self.right / self.answered if self.answered else None

    @property
    def share_wrong(self) -> float | None:
        """The share that was not right, from 0 to 1; None where nothing was answered."""
        return self.wrong / self.answered if self.answered else None


def tally(answers: Sequence[Answer]) -> Tally:
    """Return the counts of answers; their order does not matter."""
    return Tally(
        len(answers),
        sum(a.right for a in answers),
        math.fsum(a.score for a in answers),
        math.fsum(a.points for a in answers),
    )


def grouped(answers: Iterable[Answer], key: Callable[[Answer], K]) -> Mapping[K, list[Answer]]:
    """Return the answers by a key, each group in the order in which they were given."""
    out: dict[K, list[Answer]] = defaultdict(list)
    for answer in sorted(answers, key=order_of):
        out[key(answer)].append(answer)
    return out
