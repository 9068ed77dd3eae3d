"""Draws the questions of a paper from what the library yields, and draws single ones anew."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.errors import BadInputError
from assistant.quiz.blueprint import Band, Blueprint, band_of
from assistant.quiz.conflict import Shown, clash, shown
from assistant.quiz.model import RIGHT, Kind, Question
from assistant.quiz.paper import Paper, Slot, shuffled
from assistant.quiz.pool import FOREIGN, GENERAL, OF_UNIT, Candidate, Makes, Pool, core_share
from assistant.quiz.source import Source
from assistant.view import CORE_LAW

_FIRST_ARTICLES, _ARTICLES_A_QUESTION = 120, 3
_ROUNDS_FOR_MIX = 1
"""How often more articles are asked for only to meet the mix of difficulties."""
_LITTLE = 0.05
"""What is left of the score of a question of which there is enough: its difficulty, its law."""


def make_paper(blueprint: Blueprint, generator: Makes, source: Source) -> Paper:
    """Return a paper with exactly the questions that the blueprint asks for.

    No two test the same words, and none prints another's answer; documents, articles and kinds of
    knowledge are spread. The same blueprint and library give the same paper. BadInputError says
    how many questions there are of each kind where there are too few.
    """
    return _drawn(blueprint, generator, source, locked={}, seen=())


def redraw(paper: Paper, generator: Makes, source: Source, seed: int) -> Paper:
    """Return the paper with every question drawn anew except the locked ones, which stay put."""
    locked = {n: s for n, s in enumerate(paper.slots) if s.locked}
    return _drawn(paper.blueprint.with_seed(seed), generator, source, locked, paper.seen)


def replace_question(paper: Paper, number: int, generator: Makes, source: Source) -> Paper:
    """Return the paper with another question of the same kind at that number, the rest kept.

    What was replaced does not come back. BadInputError if it is locked, or if there is no other.
    """
    slot = paper.slot(number)
    if slot.locked:
        raise BadInputError(f"第 {number} 题已锁定；要换题请先解除锁定")
    old = slot.question
    seen = (*paper.seen, old.id)
    rest = [s.question for n, s in enumerate(paper.slots, 1) if n != number]
    pool = Pool(paper.blueprint, generator, source)
    steps = _first(paper.blueprint)
    found = None
    while found is None and not pool.exhausted:
        pool.grow(steps)
        wanted = [c for c in pool.candidates if c.question.kind is old.kind]
        choice = _Choice(paper.blueprint, rest, seen)
        choice.targets = {band_of(old.difficulty): 1}
        found = choice.best(wanted)
        steps *= 2
    if found is None:
        raise BadInputError(f"没有别的{old.kind.label}可以换第 {number} 题了")
    rng = random.Random(f"{paper.blueprint.seed}|{found.question.id}")  # noqa: S311
    made = paper.with_slot(number, Slot(_arranged(found.question, rng)))
    return replace(made, seen=seen)


def _first(blueprint: Blueprint) -> int:
    """How many articles are asked at first: enough to choose from, for common kinds."""
    return _FIRST_ARTICLES + _ARTICLES_A_QUESTION * blueprint.size


def _drawn(
    blueprint: Blueprint,
    generator: Makes,
    source: Source,
    locked: dict[int, Slot],
    seen: tuple[str, ...],
) -> Paper:
    pool = Pool(blueprint, generator, source)
    kept = [s.question for s in locked.values()]
    asked = rounds = 0
    while True:
        steps = max(_first(blueprint) - asked, asked // 2)
        pool.grow(steps)
        asked, rounds = asked + steps, rounds + 1
        choice = _filled(blueprint, kept, seen, pool.candidates)
        if choice.complete and (choice.mixed or rounds > _ROUNDS_FOR_MIX):
            break
        if pool.exhausted:
            break
    if not choice.complete:
        raise BadInputError(_too_few(blueprint, choice))
    rng = random.Random(f"{blueprint.seed}|print")  # noqa: S311
    slots = _placed(blueprint, choice.chosen, locked, rng)
    return Paper(blueprint, slots, source.day, seen, tuple(choice.notices(source)))


def _filled(
    blueprint: Blueprint,
    kept: Sequence[Question],
    seen: tuple[str, ...],
    candidates: Sequence[Candidate],
) -> _Choice:
    """Return the choice; kinds that stayed short are chosen anew before the others.

    What is chosen first clashes with less, so a kind may fall short only because of its turn.
    """
    first: tuple[Kind, ...] = ()
    while True:
        choice = _Choice(blueprint, kept, seen)
        choice.fill(candidates, first)
        short = tuple(k for k, n in choice.missing.items() if n > 0 and k not in first)
        if not short or len(choice.missing) == 1:
            return choice
        first += short


class _Choice:
    """Picks the best question that is left, one after another, until the counts are full."""

    def __init__(self, blueprint: Blueprint, kept: Sequence[Question], seen: Iterable[str]) -> None:
        self._blueprint = blueprint
        self._core_most = core_share(blueprint) * blueprint.size
        self.chosen: list[Candidate] = []
        self._taken: list[Shown] = [shown(q) for q in kept]
        self._seen = set(seen)
        self.missing = {p.kind: p.count for p in blueprint.parts}
        self.targets = _targets(blueprint.size, blueprint.difficulty)
        self._documents, self._articles = Counter[str](), Counter[object]()
        self._knowledge, self._judged = Counter[object](), Counter[bool]()
        for question in kept:
            self._count(question, question.basis[0].provision.doc_id if question.basis else "")

    @property
    def complete(self) -> bool:
        """True once there are as many questions of each kind as wanted."""
        return not any(n > 0 for n in self.missing.values())

    @property
    def mixed(self) -> bool:
        """True if the wanted mix of difficulties was met."""
        return not any(n > 0 for n in self.targets.values())

    def fill(self, candidates: Sequence[Candidate], first: tuple[Kind, ...] = ()) -> None:
        """Choose until the counts are full or nothing fits: the kinds `first`, then scarce ones."""
        left = {k: [c for c in candidates if c.question.kind is k] for k in self.missing}
        while any(self.missing[k] > 0 and left[k] for k in left):
            kind = max(
                (k for k in left if self.missing[k] > 0 and left[k]),
                key=lambda k: (k in first, self.missing[k] / len(left[k]), k.value),
            )
            found = self.best(left[kind])
            if found is None:
                left[kind] = []
                continue
            left[kind].remove(found)
            self.chosen.append(found)
            self._taken.append(found.shown)
            self._count(found.question, found.document)

    def best(self, candidates: Sequence[Candidate]) -> Candidate | None:
        """Return the candidate that adds most and clashes with nothing; None if all clash.

        What is of another trade comes after everything else.
        """
        ranked = sorted(
            candidates, key=lambda c: (c.nearness == FOREIGN, -self._score(c), c.question.id)
        )
        return next((c for c in ranked if self._fits(c)), None)

    def _fits(self, candidate: Candidate) -> bool:
        if candidate.question.id in self._seen:
            return False
        return not any(clash(candidate.shown, taken) for taken in self._taken)

    def _score(self, c: Candidate) -> float:
        question = c.question
        held = self._articles[question.basis[0].provision.in_article]
        score = c.weight * c.luck / (1 + 2 * self._documents[c.document]) / (1 + 3 * held)
        score /= 1 + self._knowledge[question.kind, question.knowledge] / 3
        if question.kind is Kind.JUDGE:
            right = question.answer == (RIGHT,)
            score /= 1 + 4 * max(self._judged[right] - self._judged[not right], 0)
        if c.document == CORE_LAW and self._documents[CORE_LAW] >= self._core_most:
            score *= _LITTLE
        enough = self.targets and self.targets.get(c.band, 0) <= 0
        return score * _LITTLE if enough else score

    def _count(self, question: Question, document: str) -> None:
        self.missing[question.kind] = self.missing.get(question.kind, 0) - 1
        band = band_of(question.difficulty)
        if band in self.targets:
            self.targets[band] -= 1
        self._documents[document] += 1
        for basis in question.basis[:1]:
            self._articles[basis.provision.in_article] += 1
        self._knowledge[question.kind, question.knowledge] += 1
        if question.kind is Kind.JUDGE:
            self._judged[question.answer == (RIGHT,)] += 1

    def notices(self, source: Source) -> Iterable[str]:
        """Yield where the plan could not be kept."""
        near = Counter(c.nearness for c in self.chosen)
        others = (
            (OF_UNIT, "考的是本单位（生产经营单位）的职责和责任"),
            (GENERAL, "考的是各岗位通用的内容"),
            (FOREIGN, "考的是其他行业的规定"),
        )
        said = "，".join(f"有 {near[n]} 题{what}" for n, what in others if near[n])
        if said:
            names = "、".join(source.bearers.get(p).name for p in self._blueprint.posts)
            yield f"直接写给{names}的规定不够多，{said}"
        for band in Band:
            if (short := self.targets.get(band, 0)) > 0:
                yield f"难度为“{band.value}”的题少 {short} 道，用别的难度补足了"


def _targets(count: int, shares: tuple[float, ...]) -> dict[Band, int]:
    """How many of each difficulty, rounded so that they sum to `count`; empty without shares."""
    if not shares:
        return {}
    exact = dict(zip(Band, (count * s for s in shares), strict=True))
    out = {b: int(x) for b, x in exact.items()}
    order = sorted(Band, key=lambda b: (out[b] - exact[b], list(Band).index(b)))
    for band in order[: count - sum(out.values())]:
        out[band] += 1
    return out


def _placed(
    blueprint: Blueprint, chosen: list[Candidate], locked: dict[int, Slot], rng: random.Random
) -> tuple[Slot, ...]:
    """The sections in the order of print; locked questions at their old places."""
    slots: list[Slot] = []
    for part in blueprint.parts:
        new = [c.question for c in chosen if c.question.kind is part.kind]
        rng.shuffle(new)
        drawn = iter(Slot(_arranged(q, rng)) for q in new)
        first = len(slots)
        slots += [locked.get(first + n) or next(drawn) for n in range(part.count)]
    return tuple(slots)


def _arranged(question: Question, rng: random.Random) -> Question:
    """The options shuffled, as they came in one case of many; figures stay in order."""
    size = len(question.options)
    return question if size and rng.random() < 1 / size else shuffled(question, rng)


def _too_few(blueprint: Blueprint, choice: _Choice) -> str:
    there = [
        f"{p.kind.label}要 {p.count} 道，最多 {p.count - choice.missing[p.kind]} 道"
        for p in blueprint.parts
        if choice.missing[p.kind] > 0
    ]
    return f"按这些条件出不满：{'；'.join(there)}。请减少题数，或放宽领域、岗位、地区"
