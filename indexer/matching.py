"""The texts that match a question's terms: the best ones, and the scores of chosen ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from indexer.lexical import Bm25, Rows, Scores

Mask = npt.NDArray[np.bool_]


class Match:
    """BM25 of one collection for weighted query terms, each text scored once."""

    def __init__(self, index: Bm25, weights: Mapping[str, float]) -> None:
        self._scores = index.weighted_scores(weights)

    def of(self, rows: Rows) -> Scores:
        """Return the scores of these texts, in their order."""
        return self._scores[rows]

    def best(self, allowed: Mask, k: int) -> Rows:
        """Return up to `k` allowed texts with any of the terms, best first, ties by row."""
        rows = np.flatnonzero(allowed)
        return best_rows(self._scores[rows], rows, k, 0.0)


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
