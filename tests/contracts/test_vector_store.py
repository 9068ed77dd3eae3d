"""Every vector store behaves alike; add a backend to BACKENDS and it is held to the same.

Each store is written and opened again before it is asked, as a build and a service do.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from indexer.errors import IndexDamagedError
from indexer.vectors import VectorStore, in_half_precision, open_store, write_store
from indexer.vectors.approximate import ONE_BY_ONE

Floats = npt.NDArray[np.float32]
Make = Callable[[Floats], VectorStore]
BACKENDS = ("exact", "ivf", "hnsw", "milvus")
PRECISION = {"exact": 1e-6, "milvus": 1e-6, "ivf": 5e-4, "hnsw": 5e-4}
"""Half precision is what approximate stores keep."""
APPROXIMATE = ("ivf", "hnsw")
RECALL = 0.98
FILES = {"exact": "vectors.faiss", "ivf": "vectors.faiss", "hnsw": "vectors.faiss"}


def unit(rows: npt.ArrayLike) -> Floats:
    x = np.asarray(rows, np.float32)
    out: Floats = x / np.linalg.norm(x, axis=1, keepdims=True)
    return out


VECTORS = unit([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]])


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(backend: str, tmp_path: Path) -> Iterator[Make]:
    yield maker(backend, tmp_path)
    close(backend, tmp_path)


def maker(backend: str, folder: Path) -> Make:
    def make(vectors: Floats) -> VectorStore:
        write_store(full_name(backend, folder), vectors, folder, "test", None, "")
        return open_store(full_name(backend, folder), folder)

    return make


def full_name(backend: str, folder: Path) -> str:
    return f"milvus:{folder}/m.db" if backend == "milvus" else backend


def close(backend: str, folder: Path) -> None:
    if backend == "milvus":
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(f"{folder}/m.db")


@pytest.fixture
def store(make: Make) -> VectorStore:
    return make(VECTORS)


def clustered(count: int, seed: int, topics: int = 200) -> Floats:
    """Vectors that lie around topics, as those of texts do."""
    middles = np.random.default_rng(7).normal(size=(topics, 48))
    rng = np.random.default_rng(seed)
    return unit(middles[rng.integers(0, topics, count)] + 0.7 * rng.normal(size=(count, 48)))


def test_best_first_and_ties_by_the_smaller_id(store: VectorStore) -> None:
    scores, ids = store.search(unit([[1, 0, 0, 0]]), 3)
    assert ids.tolist() == [[0, 4, 1]]
    assert scores[0] == pytest.approx([1.0, 1.0, 2**-0.5], abs=1e-3)


def test_a_tie_at_the_last_place_goes_to_the_smaller_id(make: Make) -> None:
    many = make(np.repeat(VECTORS[[2, 0]], [3, 60], axis=0))
    _, ids = many.search(unit([[1, 0, 0, 0]]), 4)
    assert ids.tolist() == [[3, 4, 5, 6]]


def test_only_allowed_ids_are_found(store: VectorStore) -> None:
    allowed = np.array([False, True, True, False, False])
    _, ids = store.search(unit([[1, 0, 0, 0]]), 2, allowed)
    assert ids.tolist() == [[1, 2]]


@pytest.mark.parametrize("spread", ["documents", "every other row", "all"])
def test_a_filter_gives_the_best_of_what_it_allows(make: Make, spread: str) -> None:
    vectors, allowed = clustered(900, 1), np.ones(900, np.bool_)
    if spread == "documents":
        allowed[100:500] = allowed[700:] = False
    elif spread == "every other row":
        allowed[::2] = False
    store, queries = make(vectors), clustered(5, 2)
    _, ids = store.search(queries, 8, allowed)
    assert ids.tolist() == best_rows(vectors, queries, 8, allowed).tolist()


def best_rows(vectors: Floats, queries: Floats, k: int, allowed: npt.NDArray[np.bool_]) -> Floats:
    scores = np.where(allowed, queries @ vectors.T, -9)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def test_places_that_cannot_be_filled_are_minus_one_and_come_last(store: VectorStore) -> None:
    query = unit([[1, 0, 0, 0]])
    _, ids = store.search(query, 3, np.array([False, False, False, True, False]))
    assert ids.tolist() == [[3, -1, -1]]
    assert store.search(query, 2, np.zeros(5, np.bool_))[1].tolist() == [[-1, -1]]
    assert store.search(query, 7)[1].tolist() == [[0, 4, 1, 2, 3, -1, -1]]


def test_several_queries_at_once(store: VectorStore) -> None:
    _, ids = store.search(unit([[0, 0, 1, 0], [0, 1, 0, 0]]), 1)
    assert ids.tolist() == [[3], [2]]


def test_gives_back_what_was_stored_in_the_order_asked(store: VectorStore, backend: str) -> None:
    assert store.size == 5
    rows = [3, 1, 1, 0]
    assert store.get(np.array(rows)) == pytest.approx(VECTORS[rows], abs=PRECISION[backend])


def test_scores_of_chosen_rows_in_the_order_asked(make: Make, backend: str) -> None:
    vectors, query = clustered(5000, 8), clustered(1, 9)[0]
    rows = np.random.default_rng(0).integers(0, 5000, 4100)
    found = make(vectors).scores(query, rows)
    assert found == pytest.approx(vectors[rows] @ query, abs=max(PRECISION[backend], 1e-6))


def test_saved_and_opened_twice_it_answers_the_same(
    make: Make, backend: str, tmp_path: Path
) -> None:
    vectors, queries = clustered(300, 3), clustered(4, 4)
    first = make(vectors)
    again = open_store(full_name(backend, tmp_path), tmp_path)
    for one, other in zip(first.search(queries, 9), again.search(queries, 9), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("backend", sorted(FILES))
def test_a_damaged_file_says_rebuild(backend: str, tmp_path: Path) -> None:
    maker(backend, tmp_path)(VECTORS)
    path = tmp_path / FILES[backend]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexDamagedError, match="zhize build"):
        open_store(backend, tmp_path)


@pytest.mark.parametrize("backend", APPROXIMATE)
@pytest.mark.parametrize("share", [1.0, 0.4])
def test_an_approximate_store_finds_most_of_what_exact_search_finds(
    backend: str, share: float, tmp_path: Path
) -> None:
    count = 4 * ONE_BY_ONE
    vectors, queries = clustered(count, 5), clustered(100, 6)
    allowed = np.zeros(count, np.bool_)
    allowed[: int(count * share)] = True
    _, found = maker(backend, tmp_path)(vectors).search(queries, 10, allowed)
    wanted = best_rows(vectors, queries, 10, allowed)
    hits = [len(set(f) & set(w)) / 10 for f, w in zip(found, wanted, strict=True)]
    assert np.mean(hits) >= RECALL
    assert allowed[found].all()


@pytest.mark.parametrize("backend", APPROXIMATE)
def test_rows_far_from_the_question_are_found_when_only_they_are_allowed(
    backend: str, tmp_path: Path
) -> None:
    near, far = unit([[1, 0.01, 0, 0]] * 9000), unit([[0, 0, 1, 0.1]] * (ONE_BY_ONE + 1))
    allowed = np.arange(len(near) + len(far)) >= len(near)
    store = maker(backend, tmp_path)(np.concatenate([near, far]))
    _, ids = store.search(unit([[1, 0, 0, 0]]), 50, allowed)
    assert (ids >= len(near)).all()


def test_half_precision_numbers_are_kept_as_such_and_lose_nothing(tmp_path: Path) -> None:
    halves = in_half_precision(clustered(500, seed=3))
    stores = {}
    for name, vectors in (("half", halves), ("float", halves + np.float32(1e-6))):
        (tmp_path / name).mkdir()
        write_store("exact", vectors, tmp_path / name, "test", None, "")
        stores[name] = open_store("exact", tmp_path / name)
    sizes = [(tmp_path / n / "vectors.faiss").stat().st_size for n in ("half", "float")]
    assert sizes[0] < 0.52 * sizes[1]
    assert (stores["half"].get(np.arange(500)) == halves).all()
    asked = clustered(9, seed=4)
    scores, ids = stores["half"].search(asked, 10)
    assert scores == pytest.approx(np.take_along_axis(asked @ halves.T, ids, 1), abs=1e-6)
    assert scores[:, 0] == pytest.approx((asked @ halves.T).max(axis=1), abs=1e-6)
