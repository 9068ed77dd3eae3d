"""Order of what a store found: best first, ties by the smaller id, -1 where nothing is left."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from indexer.vectors.base import Ids, Vectors

Fetch = Callable[[int], tuple[Vectors, Ids]]
_SPARE = 16
NOTHING = np.float32(np.finfo(np.float32).min)
"""The score of a place that could not be filled."""


def ordered(scores: Vectors, ids: Ids, k: int) -> tuple[Vectors, Ids]:
    """Return the best k places of each row, ties by the smaller id, unfilled ones (-1) last."""
    kept = np.where(ids < 0, NOTHING, scores)
    order = np.lexsort((ids, -kept), axis=-1)[:, :k]
    missing = k - order.shape[1]
    found = np.take_along_axis(kept, order, -1), np.take_along_axis(ids, order, -1)
    if missing <= 0:
        return found
    pad = ((0, 0), (0, missing))
    return np.pad(found[0], pad, constant_values=NOTHING), np.pad(found[1], pad, constant_values=-1)


def best(fetch: Fetch, k: int, limit: int) -> tuple[Vectors, Ids]:
    """Return the best k of `fetch(width)`, with ties at the last place settled by id as well.

    A store cuts equal scores wherever its heap happens to; so more than k are fetched, until the
    last one fetched is worse than the k-th. `limit` is the most that can be fetched.
    """
    width = min(k + _SPARE, max(limit, 1))
    while True:
        scores, ids = ordered(*fetch(width), max(k, width))
        tied = (ids[:, width - 1] >= 0) & (scores[:, width - 1] == scores[:, k - 1])
        if width >= limit or not tied.any():
            return scores[:, :k], ids[:, :k]
        width = min(width * 4, limit)


def none_found(queries: int, k: int) -> tuple[Vectors, Ids]:
    """Return places of which none is filled."""
    return np.full((queries, k), NOTHING, np.float32), np.full((queries, k), -1, np.int64)
