"""The order of what was found."""

import numpy as np
import pytest

from indexer.vectors.places import best, none_found, ordered


def test_ties_by_the_smaller_id_and_unfilled_places_last() -> None:
    scores, ids = ordered(np.array([[0.5, 9.0, 0.5]], np.float32), np.array([[7, -1, 2]]), 3)
    assert ids.tolist() == [[2, 7, -1]]
    assert scores[0, :2].tolist() == [0.5, 0.5]


def test_short_rows_are_filled_up() -> None:
    _, ids = ordered(np.ones((1, 1), np.float32), np.array([[4]]), 3)
    assert ids.tolist() == [[4, -1, -1]]


@pytest.mark.parametrize("equal", [5, 100, 1000])
def test_more_is_fetched_until_the_tie_ends(equal: int) -> None:
    """The store gives equal scores in the worst order: largest id first."""
    row = np.concatenate([np.arange(equal)[::-1], np.arange(equal, 1200)])
    value = np.where(row < equal, 1.0, 1 / (row + 1)).astype(np.float32)
    _, ids = best(lambda n: (value[None, :n], row[None, :n]), 3, 1200)
    assert ids.tolist() == [[0, 1, 2]]


def test_nothing_found() -> None:
    scores, ids = none_found(2, 3)
    assert ids.tolist() == [[-1] * 3] * 2
    assert (scores < -1e30).all()
