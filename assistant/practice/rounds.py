"""Which questions make a round, and in which order they come."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from assistant.practice.difficulty import measured
from assistant.practice.schedule import BEIJING, is_due
from assistant.practice.standing import Standing, Trail
from assistant.practice.wrong_book import Entry
from assistant.quiz.conflict import Shown, clash, shown
from assistant.quiz.model import Kind, Question
from kb.model import ProvisionId

_BEGINNER, _LEAST_ANSWERS = 0.45, 10
"""How hard new questions should be for somebody of whom little is known, and until when."""

_FARTHER = 0.35
"""What a question is worth beside one that is a step nearer the post."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A question that may be asked for the first time.

    `nearness` is 0 for the post's own rules and grows with the distance; `weight` says how much
    the question matters among those equally near.
    """

    question: Question
    nearness: int = 0
    weight: float = 1.0
    difficulty: float | None = None
    """How hard it proved to be; None while nobody has answered it."""

    @property
    def hard(self) -> float:
        """How hard it is, as far as is known: from 0 to 1."""
        return self.question.difficulty if self.difficulty is None else self.difficulty


def due_trails(standing: Standing, now: datetime, zone: tzinfo = BEIJING) -> tuple[Trail, ...]:
    """Return what is due, the longest due first."""
    due = (t for t in standing.trails.values() if is_due(t.memory, now, zone))
    return tuple(sorted(due, key=lambda t: (t.memory.due, t.question)))


def known_trails(standing: Standing, wanted: Iterable[str]) -> tuple[Trail, ...]:
    """Return those of the wanted questions that were answered before, the longest ago first."""
    found = (t for q in dict.fromkeys(wanted) if (t := standing.trails.get(q)))
    return tuple(sorted(found, key=lambda t: (t.last_at, t.question)))


def wrong_trails(entries: Iterable[Entry], now: datetime) -> tuple[Trail, ...]:
    """Return the questions of the wrong book: those due first, then the longest not asked."""

    def order(entry: Entry) -> tuple[bool, datetime, str]:
        return not is_due(entry.trail.memory, now), entry.trail.last_at, entry.trail.question

    return tuple(e.trail for e in sorted(entries, key=order))


def suited(standing: Standing) -> float:
    """Return how hard new questions should be: harder for those who get first ones right."""
    count = len(standing.trails)
    if count < _LEAST_ANSWERS:
        return _BEGINNER
    share = sum(t.first_right for t in standing.trails.values()) / count
    return 0.3 + 0.4 * share


def experienced(fresh: Iterable[Fresh], first: Mapping[str, tuple[int, int]]) -> list[Fresh]:
    """Return the questions as hard as first answers (right, missed) of people proved them to be."""
    return [
        replace(f, difficulty=measured(f.hard, *first[f.question.id]).difficulty)
        if f.question.id in first
        else f
        for f in fresh
    ]


def compose(
    reviews: Sequence[Question],
    fresh: Sequence[Fresh],
    size: int,
    rng: random.Random,
    target: float = _BEGINNER,
) -> tuple[Question, ...]:
    """Return a round of at most `size`: the reviews in their order, then new questions.

    New ones are chosen nearest the post first, but varied by topic, kind and article, and close
    to the difficulty `target`; none prints the answer of another. No two questions on one
    provision follow each other, unless more than half of them are on it. There are fewer than
    `size` only if nothing else may stand beside what is chosen.
    """
    chosen = list(reviews[:size])
    taken = [shown(q) for q in chosen]
    spread = _Spread(chosen)
    waiting = _ranked(fresh, {q.id for q in chosen}, rng, target)
    left: list[_Choice] = []
    while len(chosen) < size:
        if not left:
            left, waiting = _best(waiting, 2 * size)
        if not left:
            break
        at = min(
            left, key=lambda c: (-c.worth * spread.room(c.fresh.question), c.fresh.question.id)
        )
        left.remove(at)
        question = at.fresh.question
        if _clashes(made := shown(question), taken):
            continue
        chosen.append(question)
        taken.append(made)
        spread.add(question)
    return apart(chosen)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A question that may be chosen, and what it is worth before variety counts."""

    fresh: Fresh
    worth: float


def _ranked(
    fresh: Sequence[Fresh], without: Collection[str], rng: random.Random, target: float
) -> list[_Choice]:
    """All that may be chosen, what is worth most first, each question once."""
    made: dict[str, _Choice] = {}
    for f in fresh:
        luck = rng.uniform(0.7, 1.3)
        worth = _FARTHER**f.nearness * luck * f.weight / (1 + 4 * abs(f.hard - target))
        if f.question.id not in without:
            made.setdefault(f.question.id, _Choice(f, worth))
    return sorted(made.values(), key=lambda c: (-c.worth, c.fresh.question.id))


def _best(ranked: Iterable[_Choice], most: int) -> tuple[list[_Choice], list[_Choice]]:
    """The best `most` of every kind, and the others; both in their order."""
    count = Counter[Kind]()
    best: list[_Choice] = []
    others: list[_Choice] = []
    for choice in ranked:
        kind = choice.fresh.question.kind
        count[kind] += 1
        (best if count[kind] <= most else others).append(choice)
    return best, others


class _Spread:
    """How much of a round is on which topic and article, and of which kind."""

    def __init__(self, chosen: Iterable[Question]) -> None:
        self._topics, self._kinds = Counter[str](), Counter[Kind]()
        self._articles = Counter[ProvisionId | None]()
        for question in chosen:
            self.add(question)

    def add(self, question: Question) -> None:
        """Count a question in."""
        self._topics[_topic(question)] += 1
        self._kinds[question.kind] += 1
        self._articles[_article(question)] += 1

    def room(self, question: Question) -> float:
        """Return from 0 to 1 how welcome another question like this one is."""
        kinds, articles = self._kinds[question.kind], self._articles[_article(question)]
        topics = self._topics[_topic(question)] if question.topics else 0
        return 1 / ((1 + kinds / 2) * (1 + 3 * articles) * (1 + topics / 2))


def apart(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return the questions, moved as little as needed so that neighbours are on other provisions."""
    out: list[Question] = []
    left = list(questions)
    while left:
        after = _provision(out[-1]) if out else None
        at = next((n for n, q in enumerate(left) if after is None or _provision(q) != after), None)
        if at is not None:
            out.append(left.pop(at))
            continue
        question = left.pop(0)
        out.insert(_gap(out, question), question)
    return tuple(out)


def _gap(placed: Sequence[Question], question: Question) -> int:
    """The last place between two questions on other provisions; the end if there is none."""
    own = _provision(question)
    blocked = [_provision(q) == own for q in placed]
    for at in range(len(placed), -1, -1):
        before, behind = at > 0 and blocked[at - 1], at < len(placed) and blocked[at]
        if not before and not behind:
            return at
    return len(placed)


def _clashes(made: Shown, taken: Iterable[Shown]) -> bool:
    return any(clash(made, other) for other in taken)


def _topic(question: Question) -> str:
    return question.topics[0] if question.topics else ""


def _article(question: Question) -> ProvisionId | None:
    return question.basis[0].provision.in_article if question.basis else None


def _provision(question: Question) -> ProvisionId | str:
    """What a question is on; one without a basis is on nothing that another is on."""
    return question.basis[0].provision if question.basis else question.id
