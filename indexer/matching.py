"""The texts that match a question's terms: the best ones, and the scores of chosen ones.

In a library of usual size every text is scored. In a large one the weightiest terms are opened
first, until no text without them can still be among the best (MaxScore) or the effort is spent;
what can still win is then scored in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.lexical import Bm25, Rows, Scores

Mask = npt.NDArray[np.bool_]
DENSE_UP_TO = 200_000
"""Up to so many texts all are scored: as fast, and simpler (docs/scale.md)."""
OPENED = 100_000
"""So many weights are opened for one question at most; further terms only add to the scores."""
RESCORED = 300
"""So many texts at most are scored in full after that."""

_LEADING = 4096
"""So many texts are set apart once for all filters; most often they are enough."""
_LOOK = 100_000
"""After so many weights, and whenever their number has doubled, it is seen who can still win."""


class Match(Protocol):
    """BM25 of one collection for weighted query terms."""

    def of(self, rows: Rows) -> Scores:
        """Return the scores of these texts, in their order."""
        ...

    def best(self, allowed: Mask, k: int) -> Rows:
        """Return up to `k` allowed texts with any of the terms, best first, ties by row."""
        ...


def match(index: Bm25, weights: Mapping[str, float]) -> Match:
    """Return the match of these terms, each with what it counts for, by the way the size asks."""
    return Dense(index, weights) if index.size <= DENSE_UP_TO else Pruned(index, weights)


class Dense:
    """Every text scored once."""

    def __init__(self, index: Bm25, weights: Mapping[str, float]) -> None:
        self._scores = index.weighted_scores(weights)

    def of(self, rows: Rows) -> Scores:
        return self._scores[rows]

    def best(self, allowed: Mask, k: int) -> Rows:
        rows = np.flatnonzero(allowed)
        return best_rows(self._scores[rows], rows, k, 0.0)


class Pruned:
    """Terms opened one by one, the one that can add most first; not for several threads.

    With `opened` and `rescored` large enough the best are exactly those of `Dense`.
    """

    def __init__(
        self,
        index: Bm25,
        weights: Mapping[str, float],
        opened: int = OPENED,
        rescored: int = RESCORED,
    ) -> None:
        most, starts = index.postings.most, index.postings.starts
        terms = [(float(w * most[t]), t, w) for t, w in index.numbers(weights)]
        terms = [x for x in terms if x[0] > 0]
        self._waiting = sorted(terms, key=lambda x: (x[0], -x[1]))
        self._left = sum(x[0] for x in terms)
        self._index, self._weights = index, weights
        self._lengths = {t: int(starts[t + 1] - starts[t]) for _, t, _ in terms}
        self._effort, self._rescored = opened, rescored
        self._sums = np.zeros(index.size, np.float32)
        self._opened: list[npt.NDArray[np.int32]] = []
        self._now: tuple[npt.NDArray[np.int32], Scores] | None = None
        self._lead: tuple[npt.NDArray[np.int32], Scores, float] | None = None
        self._skipped = 0.0

    def of(self, rows: Rows) -> Scores:
        return self._index.scores_of(self._weights, rows)

    def best(self, allowed: Mask, k: int) -> Rows:
        rows, sums, least = self._held(allowed, k)
        while self._waiting and least <= self._left:
            due = max(_LOOK, sum(map(len, self._opened)))
            while self._waiting and due > 0:
                due -= self._open()
            rows, sums, least = self._held(allowed, k)
        if self._left <= 0:
            order = np.argsort(rows)
            return best_rows(sums[order], rows[order].astype(np.int64), k, 0.0)
        alive = sums + np.float32(self._left) * _UP >= least
        rows, sums = rows[alive], sums[alive]
        if len(rows) > self._rescored:
            rows = rows[np.argpartition(-sums, self._rescored - 1)[: self._rescored]]
        full = np.sort(rows).astype(np.int64)
        return best_rows(self.of(full), full, k, 0.0)

    def _open(self) -> int:
        """Add the weights of the next term, unless that is too much effort; return how many."""
        bound, term, weight = self._waiting.pop()
        count = self._lengths[term]
        if count > self._effort and self._opened:
            self._skipped += bound
            return 0
        p = self._index.postings
        span = slice(p.starts[term], p.starts[term + 1])
        rows = p.rows[span]
        before = self._sums[rows]
        self._sums[rows] = before + np.float32(weight) * p.weights[span]
        self._opened.append(rows[before == 0])
        self._now = self._lead = None
        self._effort -= count
        self._left = sum(x[0] for x in self._waiting) + self._skipped
        return count

    def _held(self, allowed: Mask, k: int) -> tuple[npt.NDArray[np.int32], Scores, float]:
        """Return allowed texts opened so far, their sums and the k-th best of these.

        The leading ones are enough if as many of them are allowed as will be scored in full.
        """
        if not self._opened:
            return np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0
        rows, sums, last = self._leading()
        own = allowed[rows]
        if np.count_nonzero(own) >= max(k, self._rescored):
            rows, sums = rows[own], sums[own]
            least = float(np.partition(sums, len(sums) - k)[len(sums) - k])
            if least > last:
                return rows, sums, least
        rows, sums = self._all_opened()
        own = allowed[rows]
        rows, sums = rows[own], sums[own]
        enough = len(sums) >= k
        return (
            rows,
            sums,
            float(np.partition(sums, len(sums) - k)[len(sums) - k]) if enough else 0.0,
        )

    def _leading(self) -> tuple[npt.NDArray[np.int32], Scores, float]:
        """Return the texts that are foremost so far, their sums, and the least of these."""
        if self._lead is None:
            rows, sums = self._all_opened()
            if len(rows) > _LEADING:
                top = np.argpartition(-sums, _LEADING - 1)[:_LEADING]
                rows, sums = rows[top], sums[top]
            self._lead = rows, sums, float(sums.min(initial=np.inf))
        return self._lead

    def _all_opened(self) -> tuple[npt.NDArray[np.int32], Scores]:
        """Return the texts opened so far and their sums."""
        if self._now is None:
            self._opened = [np.concatenate(self._opened)]
            self._now = self._opened[0], self._sums[self._opened[0]]
        return self._now


_UP = np.float32(1 + 1e-5)
"""Sums in another order differ in the last digits: what only just falls short is scored too."""


def best_rows(values: Scores, rows: Rows, k: int, above: float = -np.inf) -> Rows:
    """Return the `k` of `rows` (ascending) with the highest values, best first, ties by row.

    `values[i]` belongs to `rows[i]`; those that are not over `above` are left out.
    """
    held = np.flatnonzero(values > above)
    if len(held) > k:
        least = np.partition(values[held], len(held) - k)[len(held) - k]
        held = held[values[held] >= least]
    order = np.argsort(-values[held], kind="stable")[:k]
    found: Rows = rows[held[order]]
    return found
