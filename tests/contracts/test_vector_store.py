"""Every vector store behaves alike; add a backend to BACKENDS and it is held to the same."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from indexer.errors import IndexDamagedError
from indexer.vectors import FaissStore, VectorStore

Make = Callable[[npt.NDArray[np.float32]], VectorStore]
BACKENDS: dict[str, Make] = {"faiss": FaissStore.build}


def unit(rows: npt.ArrayLike) -> npt.NDArray[np.float32]:
    x = np.asarray(rows, np.float32)
    out: npt.NDArray[np.float32] = x / np.linalg.norm(x, axis=1, keepdims=True)
    return out


VECTORS = unit([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]])


@pytest.fixture(params=sorted(BACKENDS))
def store(request: pytest.FixtureRequest) -> VectorStore:
    return BACKENDS[request.param](VECTORS)


def test_best_first_and_ties_by_the_smaller_id(store: VectorStore) -> None:
    scores, ids = store.search(unit([[1, 0, 0, 0]]), 3)
    assert ids.tolist() == [[0, 4, 1]]
    assert scores[0] == pytest.approx([1.0, 1.0, 2**-0.5], abs=1e-5)


def test_only_allowed_ids_are_found(store: VectorStore) -> None:
    allowed = np.array([False, True, True, False, False])
    _, ids = store.search(unit([[1, 0, 0, 0]]), 2, allowed)
    assert ids.tolist() == [[1, 2]]


def test_places_that_cannot_be_filled_are_minus_one(store: VectorStore) -> None:
    _, ids = store.search(unit([[1, 0, 0, 0]]), 3, np.array([False, False, False, True, False]))
    assert sorted(ids[0].tolist()) == [-1, -1, 3]


def test_several_queries_at_once(store: VectorStore) -> None:
    _, ids = store.search(unit([[0, 0, 1, 0], [0, 1, 0, 0]]), 1)
    assert ids.tolist() == [[3], [2]]


def test_gives_back_what_was_stored(store: VectorStore) -> None:
    assert store.size == 5
    assert store.get(np.array([3, 1])) == pytest.approx(VECTORS[[3, 1]], abs=1e-6)


def test_a_saved_faiss_store_is_the_same(tmp_path: Path) -> None:
    FaissStore.build(VECTORS).save(tmp_path / "v")
    again = FaissStore.load(tmp_path / "v")
    assert again.get(np.arange(5)) == pytest.approx(VECTORS)


def test_a_damaged_faiss_file_says_rebuild(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"nothing")
    with pytest.raises(IndexDamagedError, match="zhize build"):
        FaissStore.load(tmp_path / "v")
