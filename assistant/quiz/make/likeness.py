"""How alike two statements are, and which statements of the library a text is alike to.

Two texts are compared by the pairs of characters they share, each pair weighted by how rare it is
in the library, so that 安全生产 counts little and 劳动防护 much.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.quiz.make.item_lists import ItemList, lists_of
from assistant.quiz.source import Source
from indexer.norms import Norm
from indexer.tokens import bigrams

SAME = 0.42
"""From here on two statements may mean the same."""
_COMMON = 260
"""Pairs in more statements than this find nobody; they still count when two are compared."""
_FRAGMENT = 0.5
"""A statement of less than this share of the weight is a fragment, and counts as that much."""
_SHORTEST = 6
"""Shorter statements (记录) are alike to everything."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the library says of somebody: a norm, or an item of a list (`within`)."""

    text: str
    doc_id: str
    norm: Norm | None = None
    within: ItemList | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A statement of the library, and how alike it is to what was looked up, from 0 to 1."""

    said: Said
    share: float


@dataclass(frozen=True, slots=True)
class _Table:
    """What the library says, the weight of each statement, and in which of them a pair stands."""

    said: tuple[Said, ...]
    sums: tuple[float, ...]
    weights: Mapping[str, float]
    rarest: float
    places: Mapping[str, Sequence[int]]

    def sum(self, pairs: set[str]) -> float:
        """Return the weight of these pairs together."""
        return sum(self.weights.get(p, self.rarest) for p in pairs)


class Likeness:
    """Compares texts with everything in force. Lazy: nothing is read before the first question.

    Safe to share between threads.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.lists: tuple[ItemList, ...] = tuple(
            found for held in source.everything for found in lists_of(held)
        )
        self._reading = threading.Lock()
        self._held: _Table | None = None
        self._found: dict[str, tuple[Match, ...]] = {}
        self._bearers: dict[str, frozenset[str]] = {}

    def alike(self, one: str, other: str) -> float:
        """Return the share of the shorter text's weight that the other one holds, 0 to 1."""
        table = self._table()
        a, b = set(bigrams(one)), set(bigrams(other))
        least = min(table.sum(a), table.sum(b))
        return table.sum(a & b) / least if least else 0.0

    def matches(self, text: str, least: float = SAME) -> tuple[Match, ...]:
        """Return the statements alike to `text` from `least` (at the lowest SAME), best first."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = tuple(self._search(text))
        return tuple(m for m in found if m.share >= least)

    def bearers(self, subject: str) -> frozenset[str]:
        """Return on whom what a subject must do falls, and whose duties fall on it in turn."""
        known = self._bearers.get(subject)
        if known is None:
            table = self._source.bearers
            own = table.of_subject(subject)
            known = frozenset(up for b in own for up, _ in table.falls_on(b))
            self._bearers[subject] = known
        return known

    def _search(self, text: str) -> Iterator[Match]:
        table = self._table()
        pairs = set(bigrams(text))
        own = table.sum(pairs)
        shared: dict[int, float] = defaultdict(float)
        common = [p for p in pairs if len(table.places.get(p, ())) > _COMMON]
        for pair in sorted(pairs):
            places = table.places.get(pair, ())
            if len(places) <= _COMMON:
                for at in places:
                    shared[at] += table.weights[pair]
        found = []
        for at, weight in shared.items():
            said = table.said[at]
            extra = sum(table.weights[p] for p in common if p in said.text)
            least = min(own, max(table.sums[at], own * _FRAGMENT))
            share = min((weight + extra) / least, 1.0) if least else 0.0
            if share >= SAME:
                found.append((share, at))
        found.sort(key=lambda f: (-f[0], f[1]))
        yield from (Match(table.said[at], share) for share, at in found)

    def _table(self) -> _Table:
        """The table, made once: others wait for it, for half of it would call nothing alike."""
        with self._reading:
            if self._held is None:
                self._held = self._made()
            return self._held

    def _made(self) -> _Table:
        said = tuple(s for s in (*self._norms(), *self._items()) if len(s.text) >= _SHORTEST)
        sets = [set(bigrams(s.text)) for s in said]
        places: dict[str, list[int]] = defaultdict(list)
        for at, pairs in enumerate(sets):
            for pair in pairs:
                places[pair].append(at)
        total = len(sets)
        weights = {p: math.log(1 + total / len(at)) for p, at in places.items()}
        sums = tuple(sum(weights[p] for p in pairs) for pairs in sets)
        return _Table(said, sums, weights, math.log(1 + total), dict(places))

    def _norms(self) -> Iterator[Said]:
        for held in self._source.everything:
            for norm in held.norms:
                yield Said(norm.action, held.document.id, norm=norm)

    def _items(self) -> Iterator[Said]:
        for found in self.lists:
            for item in found.items:
                yield Said(item.text, found.held.document.id, within=found)


@lru_cache(maxsize=2)
def likeness_of(source: Source) -> Likeness:
    """Return the comparison over a source, shared by all makers that need it."""
    return Likeness(source)
