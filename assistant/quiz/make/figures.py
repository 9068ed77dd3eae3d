"""Questions on figures: deadlines, frequencies, head counts, amounts, ranges of fines."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.quiz.make.amounts import Figure, FigurePool, distance, find_figures
from assistant.quiz.make.base import Cited, Draft, according_to, finish, judged, posts_in
from assistant.quiz.make.doubt import is_doubtful, is_idle
from assistant.quiz.make.statements import Statement, statements
from assistant.quiz.make.stricter import stricter
from assistant.quiz.make.tiers import in_order, told_together
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.tokens import bigrams

_WRONG_OPTIONS = 3
_NEAREST = 7
_SAME_THING, _SAME_FRAME = 0.55, 0.92
_AROUND = (60, 30)
_SANCTION = re.compile(r"罚款|拘留|有期徒刑|罚\d|处分|滞纳金|赔偿金")
_SINCE_WHEN, _COUNTED = re.compile("在■(?:以)?内"), re.compile("之日|时起|后|前|届满|期间|每|起■")
"""A term of which the statement does not say when it begins is not asked for."""
_LENGTHENED = re.compile(r"延长[^，。；]{0,4}$|延至$")
_DETAINED, _LONGEST_DETENTION = re.compile("(?:以下)?拘留"), 20
"""Nobody is detained for more days (行政拘留合并执行最长二十日)."""
_SERIES = 3
"""From so many figures of one unit on, a statement tells by its run which one is missing."""
_NUMBER_BEFORE = re.compile(
    r"(?:不[得]?(?:少|低|小|多|高|大)于|不[得]?超过|超过|至少|(?<!不)满|不满|不足|达到?|为|最[长多低高]|少于|低于|高于|在|罚款|之日起|[期时]限|处|处以|每|的)$"
)
_NUMBER_AFTER = re.compile(
    r"^(?:的?(?:以[上下内前后]|[内前后]|之[内前后]|罚款|期限|一次)|进行一次)"
)
_TELLING = re.compile(r"[一-鿿]{6}")


class _Uses:
    """The figures of one unit as documents use them: values and the pairs of words around them."""

    def __init__(self, uses: Sequence[tuple[str, tuple[float, ...], frozenset[str]]]) -> None:
        self._values = [values for _, values, _ in uses]
        self._documents = np.array([doc_id for doc_id, _, _ in uses])
        self._sizes = np.array([len(context) for _, _, context in uses])
        having: dict[str, list[int]] = defaultdict(list)
        for n, (_, _, context) in enumerate(uses):
            for pair in context:
                having[pair].append(n)
        self._having = {pair: np.array(places) for pair, places in having.items()}

    def of_same_thing(
        self, own: frozenset[str], doc_id: str, values: tuple[float, ...]
    ) -> set[tuple[float, ...]] | None:
        """Return the other values that other documents give in like words.

        None if the document itself gives another value in almost the same words.
        """
        found = [self._having[p] for p in own if p in self._having]
        if not found:
            return set()
        both = np.bincount(np.concatenate(found), minlength=len(self._values))
        at_home = self._documents == doc_id
        frame = self._others(
            at_home & (both >= _SAME_FRAME * (len(own) + self._sizes - both)), both, values
        )
        if frame:
            return None
        least = np.minimum(len(own), self._sizes)
        return self._others(~at_home & (both >= _SAME_THING * least), both, values)

    def _others(
        self, like: npt.NDArray[np.bool_], both: npt.NDArray[np.intp], values: tuple[float, ...]
    ) -> set[tuple[float, ...]]:
        return {self._values[n] for n in np.flatnonzero(like & (both > 0))} - {values}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A statement with the figure in it that is asked for, and what must not stand instead."""

    held: Held
    statement: Statement
    figure: Figure
    barred: frozenset[tuple[float, ...]]

    @property
    def text(self) -> str:
        return self.statement.text

    def with_(self, words: str) -> str:
        """Return the statement with `words` in place of the figure."""
        return self.text[: self.figure.start] + words + self.text[self.figure.end :]


class FigureMaker:
    """Asks for one figure of a statement: choice, gap, true or false."""

    def __init__(self, source: Source) -> None:
        self._source = source
        uses: dict[str, list[tuple[str, tuple[float, ...], frozenset[str]]]] = defaultdict(list)
        found: list[Figure] = []
        for held in source.everything:
            for statement, figure in _occurrences(held):
                found.append(figure)
                context = _context(statement.text, figure)
                uses[figure.unit].append((held.document.id, figure.values, context))
        self._uses = {unit: _Uses(of_unit) for unit, of_unit in uses.items()}
        self._pool = FigurePool(found)

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield the questions on the figures of one article."""
        if is_doubtful(held, self._source.day):
            return
        for statement, figure in _occurrences(held):
            asked = self._asked(held, statement, figure)
            if asked is None:
                continue
            wrong = self._wrong(asked, rng)
            posts = self._posts(asked)
            for draft in (
                self._single(asked, wrong),
                _blank(asked, rng),
                _true(asked),
                self._false(asked),
            ):
                if draft is not None:
                    yield finish(self._source, held, replace(draft, posts=posts))

    def _posts(self, asked: _Asked) -> tuple[str, ...]:
        """Return whom the figure concerns: of a sanction those who pay, else those with the duty."""
        if not asked.statement.penal:
            return ()
        clause = asked.text[: asked.figure.start].rpartition("；")[2].rpartition("，")[2]
        principal = ("principal",) if "主要负责人" in clause else ()
        return tuple(dict.fromkeys((*posts_in(self._source, asked.text), *principal)))

    def _asked(self, held: Held, statement: Statement, figure: Figure) -> _Asked | None:
        """Return what is asked; None where the figure is told elsewhere or the frame is not one."""
        rest = statement.text[: figure.start] + "■" + statement.text[figure.end :]
        others = [f for f in find_figures(rest) if f.unit == figure.unit]
        if any(set(f.values) & set(figure.values) for f in others) or is_idle(statement.text):
            return None
        if _SINCE_WHEN.search(rest) and not _COUNTED.search(rest):
            return None
        if figure.text in rest or not _TELLING.search(rest):
            return None
        same = self._same_thing(held, statement.text, figure)
        if same is None:
            return None
        barred = {figure.values, *(f.values for f in others), *same}
        return _Asked(held, statement, figure, frozenset(barred))

    def _same_thing(self, held: Held, text: str, figure: Figure) -> set[tuple[float, ...]] | None:
        """Return the values that the library gives for the same thing elsewhere.

        None if the document itself gives another value in almost the same words.
        """
        uses = self._uses.get(figure.unit)
        if uses is None:
            return set()
        return uses.of_same_thing(_context(text, figure), held.document.id, figure.values)

    def _wrong(self, asked: _Asked, rng: random.Random) -> list[tuple[tuple[float, ...], str]]:
        """Return up to three other figures, none of them barred, in the order of their size."""
        near = self._near(asked, 2)
        if len(near) < _WRONG_OPTIONS and len(asked.figure.values) > 1:
            near = self._near(asked, 1)
        if len(near) < _WRONG_OPTIONS:
            return []
        return sorted(rng.sample(near, _WRONG_OPTIONS))

    def _near(self, asked: _Asked, least: int) -> list[tuple[tuple[float, ...], str]]:
        """Return the nearest figures that occur at least so often and are not barred."""
        return self._others(asked, least)[:_NEAREST]

    def _others(self, asked: _Asked, least: int) -> list[tuple[tuple[float, ...], str]]:
        """Return the figures, nearest first, that no part of the article makes true as well."""
        told = told_together(asked.held.article.text, asked.figure)
        natural = in_order(asked.text, asked.figure)
        detained = _DETAINED.match(asked.text[asked.figure.end :])
        return [
            (values, text)
            for values, text in self._pool.like(asked.figure, least)
            if values not in asked.barred
            and text not in asked.text
            and natural(values)
            and not told(values)
            and not (detained and values[-1] > _LONGEST_DETENTION)
        ]

    def _single(self, asked: _Asked, wrong: list[tuple[tuple[float, ...], str]]) -> Draft | None:
        figure = asked.figure
        rest = asked.text[: figure.start] + "■" + asked.text[figure.end :]
        series = sum(f.unit == figure.unit for f in find_figures(rest)) >= _SERIES
        if not wrong or series or _LENGTHENED.search(asked.text[: figure.start]):
            return None
        options = [t for _, t in sorted([*wrong, (figure.values, figure.text)])]
        near = [1 / (1 + distance(v, figure.values)) for v, _ in wrong]
        return _draft(
            asked, Kind.SINGLE, _sentence(asked, asked.with_(BLANK)), tuple(options),
            (figure.text,), f"正确的是“{figure.text}”。", sum(near) / len(near),
        )  # fmt: skip

    def _false(self, asked: _Asked) -> Draft | None:
        """A statement with a figure that demands more, so that it does not follow from the rule."""
        wanted = stricter(asked.text, asked.figure)
        if wanted is None:
            return None
        for values, text in self._others(asked, 2):
            if not wanted(values):
                continue
            options, answer = judged(right=False)
            why = f"题中的“{text}”有误，应为“{asked.figure.text}”。"
            stem = _sentence(asked, asked.with_(text))
            near = 1 / (1 + distance(values, asked.figure.values))
            return _draft(asked, Kind.JUDGE, stem, options, answer, why, near, about="false")
        return None


def _true(asked: _Asked) -> Draft:
    options, answer = judged(right=True)
    why = f"题中的“{asked.figure.text}”与规定一致。"
    return _draft(
        asked, Kind.JUDGE, _sentence(asked, asked.text), options, answer, why, 0.5, "true"
    )


def _blank(asked: _Asked, rng: random.Random) -> Draft | None:
    """Ask for the figure; None where the words around it do not tell that a figure is missing."""
    figure = asked.figure
    bounded = re.search("以[上下内]|不|超过|至少", figure.text)
    around = _NUMBER_BEFORE.search(asked.text[: figure.start]) and figure.unit != "每"
    if not (bounded or around or _NUMBER_AFTER.match(asked.text[figure.end :])):
        return None
    low, sign, high = figure.text.partition("以上")
    high = high.removesuffix("以下")
    if sign and high and rng.random() < 0.5 and not low[-1].isdigit():
        gap = f"{BLANK}以上{BLANK}" + ("以下" if figure.text.endswith("以下") else "")
        answer: tuple[str, ...] = (low, high)
    else:
        gap, answer = BLANK, (figure.text,)
    why = f"应填“{'”和“'.join(answer)}”。"
    draft = _draft(asked, Kind.BLANK, _sentence(asked, asked.with_(gap)), (), answer, why, 0.5)
    return replace(draft, cited=_tested(asked, answer))


def _draft(
    asked: _Asked,
    kind: Kind,
    stem: str,
    options: tuple[str, ...],
    answer: tuple[str, ...],
    why: str,
    closeness: float,
    about: str = "",
) -> Draft:
    near = asked.text[max(0, asked.figure.start - 12) : asked.figure.end + 30]
    sanction = _SANCTION.search(near)
    where = f"{asked.statement.cited[-1].quote}|{asked.figure.start}|{asked.figure.text}|{about}"
    return Draft(
        kind,
        Knowledge.SANCTION if sanction else Knowledge.FIGURE,
        stem,
        options,
        answer,
        why,
        _tested(asked, (asked.figure.text,)),
        closeness,
        about=where,
    )


def _tested(asked: _Asked, words: tuple[str, ...]) -> tuple[Cited, ...]:
    """Mark the words in the first cited span that holds them."""
    out, marked = [], False
    for cited in asked.statement.cited:
        holds = not marked and all(w in cited.quote for w in words)
        out.append(replace(cited, tested=words) if holds else cited)
        marked = marked or holds
    return tuple(sorted(out, key=lambda c: not c.tested))


def _sentence(asked: _Asked, text: str) -> str:
    return f"{according_to(asked.held.document)}{text}。"


def _context(text: str, figure: Figure) -> frozenset[str]:
    before, after = _AROUND
    near = text[max(0, figure.start - before) : figure.start] + "，"
    near += text[figure.end : figure.end + after]
    return frozenset(bigrams(near))


@lru_cache(maxsize=8192)
def _occurrences(held: Held) -> tuple[tuple[Statement, Figure], ...]:
    """Return every figure once, in the shortest statement that holds it."""
    return tuple(_each_figure(held))


def _each_figure(held: Held) -> Iterator[tuple[Statement, Figure]]:
    if not find_figures(held.article.text):
        return
    seen = set[tuple[object, ...]]()
    for statement in statements(held):
        for figure in find_figures(statement.text):
            key: tuple[object, ...] = (statement.provision.id, statement.text[: figure.end])
            in_lead = len(statement.cited) > 1 and figure.text in statement.cited[0].quote
            if in_lead:
                tail = statement.text[max(0, figure.start - 8) : figure.end]
                key = (statement.provision.id, "lead", tail)
            if key not in seen:
                seen.add(key)
                yield statement, figure
