"""How hard a question proves to be: what its maker expected, corrected by first answers.

Later answers of the same person tell how well it was learned, not how hard it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.practice.model import Answer
from assistant.practice.standing import order_of

WEIGHT = 8.0
"""How many answers the expectation is worth."""
_EASIEST, _HARDEST = 0.05, 0.75
"""Which share of people is expected to miss a question of difficulty 0, and of 1."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Difficulty from 0 to 1 on the scale of `Question.difficulty`, after `people` answered."""

    difficulty: float
    people: int
    missed: int


def measured(expected: float, right: int, missed: int) -> Measured:
    """Return the difficulty after so many first answers; the expectation fades as they come."""
    people = right + missed
    prior = _EASIEST + (_HARDEST - _EASIEST) * min(max(expected, 0.0), 1.0)
    share = (WEIGHT * prior + missed) / (WEIGHT + people)
    value = (share - _EASIEST) / (_HARDEST - _EASIEST)
    return Measured(round(min(max(value, 0.0), 1.0), 4), people, missed)


def first_answers(answers: Iterable[Answer]) -> Mapping[str, tuple[int, int]]:
    """Return question → how many people got it right and how many missed it the first time."""
    out: dict[str, tuple[int, int]] = {}
    seen: set[tuple[str, str]] = set()
    for answer in sorted(answers, key=order_of):
        key = (answer.person, answer.question)
        if key not in seen:
            seen.add(key)
            right, missed = out.get(answer.question, (0, 0))
            out[answer.question] = (right + answer.right, missed + (not answer.right))
    return out
