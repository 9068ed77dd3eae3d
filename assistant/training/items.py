"""Item statistics: how hard each question was, and whether it tells the able from the others.

Only the first answer of a person to a question counts: later ones tell how well it was learned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.practice.model import Answer
from assistant.training.tally import grouped

FEWEST = 5
"""With fewer first answers than this nothing is said about discrimination."""


@dataclass(frozen=True, slots=True)
class Item:
    """Statistics of one question over first answers.

    `difficulty` is the share right, so 1 is easy, as examiners count. `discrimination` is the
    point-biserial correlation with the share of points on all other questions, from -1 to 1; None
    with fewer than FEWEST answers, or where nothing differs. `round` and `n` say where it stands.
    """

    question: str
    kind: str
    topic: str
    provision: str
    answered: int
    right: int
    difficulty: float
    discrimination: float | None
    round: str
    n: int


def items(answers: Iterable[Answer]) -> tuple[Item, ...]:
    """Return the statistics of every question, the one with the smallest share right first."""
    firsts = first_answers(answers)
    rest = _Rest(firsts)
    made = (_item(found, rest) for found in grouped(firsts, lambda a: a.question).values())
    return tuple(sorted(made, key=lambda i: (i.difficulty, -i.answered, i.question)))


def first_answers(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return the first answer of everybody to every question."""
    return tuple(found[0] for found in grouped(answers, lambda a: (a.person, a.question)).values())


def _item(found: Sequence[Answer], rest: _Rest) -> Item:
    one, right = found[0], sum(a.right for a in found)
    return Item(
        one.question,
        one.kind,
        one.topics[0] if one.topics else "",
        one.provision,
        len(found),
        right,
        round(right / len(found), 4),
        _discrimination(found, rest),
        one.round,
        one.n,
    )


class _Rest:
    """The share of points that somebody has on all questions but one."""

    def __init__(self, firsts: Sequence[Answer]) -> None:
        self._shares = {
            person: [share(a) for a in found]
            for person, found in grouped(firsts, lambda a: a.person).items()
        }
        self._sums = {p: math.fsum(s) for p, s in self._shares.items()}

    def without(self, answer: Answer) -> float | None:
        """Return the share; None where there is no other answer."""
        others = len(self._shares[answer.person]) - 1
        return (self._sums[answer.person] - share(answer)) / others if others else None


def share(answer: Answer) -> float:
    """Return what share of its points an answer got, from 0 to 1."""
    return answer.score / answer.points if answer.points else float(answer.right)


def _discrimination(found: Sequence[Answer], rest: _Rest) -> float | None:
    pairs = [(a.right, r) for a in found if (r := rest.without(a)) is not None]
    return point_biserial([r for r, _ in pairs], [x for _, x in pairs])


def point_biserial(right: Sequence[bool], rest: Sequence[float]) -> float | None:
    """Return the correlation of right or wrong with the rest score, to four digits.

    None with fewer than FEWEST pairs, where all are right or all wrong, or all rest scores equal.
    """
    size = len(right)
    able = [x for r, x in zip(right, rest, strict=True) if r]
    others = [x for r, x in zip(right, rest, strict=True) if not r]
    if size < FEWEST or not able or not others:
        return None
    mean = math.fsum(rest) / size
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in rest) / size)
    if deviation < 1e-9:
        return None
    apart = math.fsum(able) / len(able) - math.fsum(others) / len(others)
    return round(apart / deviation * math.sqrt(len(able) * len(others)) / size, 4)
