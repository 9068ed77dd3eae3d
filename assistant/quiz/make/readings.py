"""Which of several statements are right: true and false statements of neighbouring articles.

Every option is a true/false statement that another maker makes and the gate lets through, so that
right and wrong ones are worded alike and a wrong one contradicts the rule in exactly one element.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, Maker, according_to, finish, mixed
from assistant.quiz.make.gate import MAX_OPTION, problems
from assistant.quiz.model import BLANK, RIGHT, Basis, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.tokens import bigrams
from kb.model import ProvisionId

_NEIGHBOURS = 16
"""How many articles after its own a question may draw on: they treat of the same matter."""
_AUTHORITIES = ("党委政府", "部门")
"""The groups of the bearer table whose duties are asked apart from those of everybody else."""
_MIN_TEXT, _APART, _TRIED, _READ_TIMES = 16, 0.45, 12, 3
_BEFORE_BASIS = "依据："
_OPENING = 12
_CONDITION = re.compile(r"^[^，]{0,40}(?:的|后|时|前)，")
_OF_A_CASE = re.compile(
    r"^(?:当事人|申请人|有关|代理人|他们|双方)|有关人民政府的|接到报告的|收函|受理之日|落实情况$"
)
_EXCEPTED = re.compile("但是|除外|不适用")
"""A rule told without its exception could be held to be wrong."""
_MARKS = re.compile(r"[。；：]")
_MAY = "可以"
_CORRECTED = re.compile(r"题中的“(?P<wrong>[^”]+)”有误，应为“(?P<right>[^”]+)”")
_WHAT = (
    (Kind.MULTI, "正确的有", (2,), True),
    (Kind.MULTI, "正确的有", (3,), True),
    (Kind.SINGLE, "正确的是", (1,), True),
    (Kind.SINGLE, "错误的是", (1,), False),
)
"""Form, how the stem ends, how many options are the key, and whether these are the true ones."""


@dataclass(frozen=True, slots=True)
class _View:
    """A statement, whether it is right, what is said of it, and where it stands."""

    text: str
    right: bool
    why: str
    knowledge: Knowledge
    basis: tuple[Basis, ...]
    posts: tuple[str, ...]
    pairs: frozenset[str]

    @property
    def article(self) -> ProvisionId:
        """The article that decides it."""
        return self.basis[0].provision.in_article


class ReadingMaker:
    """Puts statements of `makers` together; keeps what it has read of an article."""

    def __init__(self, source: Source, makers: Sequence[Maker]) -> None:
        self._source, self._makers = source, tuple(makers)
        self._authorities = {b.id for b in source.bearers.bearers if b.group in _AUTHORITIES}
        self._at = {held.article.id: n for n, held in enumerate(source.asked)}
        self._views: dict[ProvisionId, tuple[_View, ...]] = {}

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield up to one question of every form on an article and those after it.

        What authorities must do and what everybody else must do are not mixed, so that a question
        is for those whom all of it concerns; where one of them does not suffice, they are.
        """
        views = self._of(held)
        if not views:
            return
        near = [v for h in self._after(held) for v in self._of(h)]
        for kind, end, counts, true in _WHAT:
            for official in (False, True):
                own = [v for v in views if self._is_official(v) == official]
                others = [v for v in near if self._is_official(v) == official]
                made = self._made(held, own, others, (kind, end, counts, true), rng)
                if made is None and own:
                    made = self._made(held, own, near, (kind, end, counts, true), rng)
                if made is not None:
                    yield made

    def _made(
        self,
        held: Held,
        own: Sequence[_View],
        near: Sequence[_View],
        what: tuple[Kind, str, tuple[int, ...], bool],
        rng: random.Random,
    ) -> Question | None:
        kind, end, counts, true = what
        for _ in range(_TRIED if own else 0):
            drawn = _draw(own, near, rng.choice(counts), true, rng)
            if drawn is None:
                continue
            made = finish(self._source, held, self._draft(held, kind, end, drawn, true, rng))
            if not problems(made):
                return made
        return None

    def _is_official(self, view: _View) -> bool:
        return not self._authorities.isdisjoint(view.posts)

    def _after(self, held: Held) -> Iterator[Held]:
        start = self._at[held.article.id] + 1
        for other in self._source.asked[start : start + _NEIGHBOURS]:
            if other.document.id == held.document.id:
                yield other

    def _of(self, held: Held) -> tuple[_View, ...]:
        """Return the statements of one article; always the same, so that order does not matter."""
        known = self._views.get(held.article.id)
        if known is None:
            known = self._views[held.article.id] = tuple(self._read(held))
        return known

    def _read(self, held: Held) -> Iterator[_View]:
        opening = according_to(held.document)
        seen: set[str] = set()
        for maker, n in itertools.product(self._makers, range(_READ_TIMES)):
            rng = random.Random(f"views|{held.article.id}|{type(maker).__name__}|{n}")  # noqa: S311
            for q in maker.make(held, rng):
                text = q.stem.removeprefix(opening).removesuffix("。")
                fit = q.kind is Kind.JUDGE and _MIN_TEXT <= len(text) <= MAX_OPTION
                right = q.answer == (RIGHT,)
                why = q.explanation.partition(_BEFORE_BASIS)[0]
                told = right or _CORRECTED.search(why)
                if (
                    text not in seen
                    and fit
                    and _stands_alone(held, q.basis[0].quote)
                    and told
                    and not _MARKS.search(text)
                    and not problems(q)
                ):
                    seen.add(text)
                    pairs = frozenset(bigrams(text))
                    yield _View(text, right, why, q.knowledge, q.basis, q.posts, pairs)

    def _draft(
        self, held: Held, kind: Kind, end: str, drawn: list[_View], true: bool, rng: random.Random
    ) -> Draft:
        key = tuple(v.text for v in drawn if v.right == true)
        wrong = [v for v in drawn if not v.right]
        told = "".join(f"“{v.text}”一项，{v.why}" for v in wrong)
        first = next((v for v in drawn if v.article == held.article.id), drawn[0])
        order = [first, *(v for v in drawn if v is not first)]
        right = "”“".join(v.text for v in drawn if v.right)
        return Draft(
            kind, first.knowledge, f"{according_to(held.document)}下列说法中，{end}{BLANK}。",
            mixed([v.text for v in drawn], rng), key, f"说法正确的是“{right}”。{told}",
            tuple(self._cited(b) for v in order for b in v.basis), 0.7,
            tuple(dict.fromkeys(p for v in drawn for p in v.posts)),
            f"views|{end}|{'|'.join(sorted(v.text for v in drawn))}",
        )  # fmt: skip

    def _cited(self, basis: Basis) -> Cited:
        return Cited(self._source.catalog.provision(basis.provision), basis.quote, basis.tested)


def _stands_alone(held: Held, quote: str) -> bool:
    """True for the first sentence of an article, and for a later one that depends on no case.

    Among statements on other matters nothing tells what a later sentence goes on with.
    """
    if _OF_A_CASE.search(quote) or _EXCEPTED.search(_around(held, quote)):
        return False
    first = quote[:_OPENING]
    if held.article.text.lstrip("　 ").startswith(first):
        return True
    return not _CONDITION.search(quote) and any(
        n.subject and quote.startswith(n.subject) and not n.trigger for n in held.norms
    )


def _around(held: Held, quote: str) -> str:
    """Return what the 款 says besides the quotation."""
    text = next((p.text for p in held.article.parts if quote in p.text), held.article.text)
    return text.replace(quote, "")


def _draw(
    own: Sequence[_View], near: Sequence[_View], count: int, true: bool, rng: random.Random
) -> list[_View] | None:
    """Return four statements about different things, `count` of them the key, one of them own."""
    pool = [*rng.sample(own, len(own)), *rng.sample(near, len(near))]
    out: list[_View] = []
    wanted = {true: count, not true: 4 - count}
    for view in pool:
        if wanted[view.right] and all(_apart(view.pairs, o.pairs) for o in out):
            if _is_loosened(view) and any(map(_is_loosened, out)):
                continue
            wanted[view.right] -= 1
            out.append(view)
    return out if not any(wanted.values()) and _by_content(out) else None


def _is_loosened(view: _View) -> bool:
    """True for a duty told as a choice."""
    return not view.right and _MAY in view.text


def _by_content(views: list[_View]) -> bool:
    """True if 可以 does not tell the wrong ones: a right one has it too, or another has it not."""
    loosened = sum(map(_is_loosened, views))
    others = sum(not v.right for v in views) - loosened
    return not loosened or bool(others) or any(v.right and _MAY in v.text for v in views)


def _apart(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) < _APART * max(1, min(len(a), len(b)))
