"""Two ways to the best rows by BM25: score every row, or leave out terms that cannot matter.

The first is what `indexer.lexical` and `assistant.ranking` do today. The second (MaxScore) takes
terms from the weightiest down and stops opening rows once the terms left, all together, cannot
lift a new row among the best; those left are only looked up for the rows that still can win.
Both return the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from eval.bench.replicas import Floats, Ints, Postings

Mask = npt.NDArray[np.bool_]


def every_row(
    postings: Postings, terms: Sequence[str], k: int, allowed: Mask
) -> tuple[Ints, Floats]:
    """Return (rows, scores) of the best k allowed rows, scoring every row of the library."""
    scores = np.zeros(postings.size, np.float32)
    for term, times in Counter(terms).items():
        number = postings.vocabulary.get(term)
        if number is not None:
            start, end = postings.starts[number : number + 2]
            scores[postings.rows[start:end]] += times * postings.weights[start:end]
    kept = np.where(allowed, scores, 0.0)
    top = np.argpartition(-kept, min(k, len(kept)) - 1)[:k]
    top = top[kept[top] > 0]
    return _sorted(top.astype(np.int64), kept[top])


class Pruned:
    """MaxScore over postings; keeps one float a row as work space, so one for each thread."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._sums = np.zeros(postings.size, np.float32)
        self._most = np.zeros(len(postings.starts) - 1, np.float32)
        filled = np.flatnonzero(np.diff(postings.starts))
        self._most[filled] = np.maximum.reduceat(postings.weights, postings.starts[filled])

    def best(self, terms: Sequence[str], k: int, allowed: Mask) -> tuple[Ints, Floats]:
        """Return (rows, scores) of the best k allowed rows."""
        known = Counter(t for t in terms if t in self._postings.vocabulary)
        weighed = [(self._postings.vocabulary[t], float(n)) for t, n in known.items()]
        weighed.sort(key=lambda x: (-x[1] * self._most[x[0]], x[0]))
        bounds = np.array([n * self._most[t] for t, n in weighed], np.float32)
        left = np.concatenate([np.cumsum(bounds[::-1])[::-1], [0.0]])
        opened: list[npt.NDArray[np.int32]] = []
        least, at = 0.0, 0
        for at, (term, times) in enumerate(weighed):
            if least > left[at]:
                break
            least = max(least, self._open(term, times, allowed, opened, k))
        else:
            at = len(weighed)
        rows = np.concatenate(opened) if opened else np.zeros(0, np.int32)
        sums = self._sums[rows]
        self._sums[rows] = 0.0
        return self._complete(rows, sums, weighed[at:], left[at:], least, k)

    def _open(
        self, term: int, times: float, allowed: Mask, opened: list[npt.NDArray[np.int32]], k: int
    ) -> float:
        """Add a term's weights to its rows; return the k-th best sum so far, 0 if there is none."""
        start, end = self._postings.starts[term : term + 2]
        rows, weights = self._postings.rows[start:end], self._postings.weights[start:end]
        inside = allowed[rows]
        rows, weights = rows[inside], weights[inside]
        before = self._sums[rows]
        self._sums[rows] = before + np.float32(times) * weights
        opened.append(rows[before == 0])
        sums = self._sums[np.concatenate(opened)]
        return float(np.partition(sums, -k)[-k]) if len(sums) >= k else 0.0

    def _complete(
        self,
        rows: npt.NDArray[np.int32],
        sums: Floats,
        weighed: Sequence[tuple[int, float]],
        left: Floats,
        least: float,
        k: int,
    ) -> tuple[Ints, Floats]:
        """Look the terms left up for the rows that can still be among the best k."""
        for n, (term, times) in enumerate(weighed):
            alive = sums + left[n] >= least
            rows, sums = rows[alive], sums[alive]
            start, end = self._postings.starts[term : term + 2]
            of_term = self._postings.rows[start:end]
            places = np.minimum(np.searchsorted(of_term, rows), len(of_term) - 1)
            hit = of_term[places] == rows
            sums = sums + np.where(hit, times * self._postings.weights[start:end][places], 0)
            if len(sums) >= k:
                least = max(least, float(np.partition(sums, -k)[-k]))
        top = np.argpartition(-sums, k - 1)[:k] if len(sums) > k else np.arange(len(sums))
        return _sorted(rows[top].astype(np.int64), sums[top].astype(np.float32))


def _sorted(rows: Ints, scores: Floats) -> tuple[Ints, Floats]:
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]
