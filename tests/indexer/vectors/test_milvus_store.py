"""Filters, collections and their succession, on an embedded Milvus."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexDamagedError
from indexer.vectors import open_store, retire_store, write_store
from indexer.vectors.milvus_store import connect, drop, expression, read_pointer

VECTORS = np.eye(4, dtype=np.float32)


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    from milvus_lite.server_manager import server_manager_instance

    path = f"{tmp_path}/v.db"
    yield path
    server_manager_instance.release_server(path)


def built(uri: str, folder: Path, build_id: str, before: Path | None = None) -> Path:
    folder.mkdir()
    write_store(f"milvus:{uri}", VECTORS, folder, build_id, before, "")
    return folder


@pytest.mark.parametrize(
    ("allowed", "wanted"),
    [
        ([1, 1, 1], ""),
        ([0, 0, 0], None),
        ([0, 1, 1, 0], "(id >= 1 and id < 3)"),
        ([1, 0, 1, 0, 1, 1], "(id >= 4 and id < 6) or id in [0, 2]"),
        ([], None),
    ],
)
def test_a_filter_is_ranges_of_ids(allowed: list[int], wanted: str | None) -> None:
    assert expression(np.array(allowed, np.bool_)) == wanted


def test_the_collection_in_use_before_stays_until_the_next_build(uri: str, tmp_path: Path) -> None:
    a = built(uri, tmp_path / "a", "a")
    b = built(uri, tmp_path / "b", "b", a)
    reader = open_store(f"milvus:{uri}", a)
    retire_store(a, "")
    assert reader.get(np.array([2])).tolist() == [[0, 0, 1, 0]]
    built(uri, tmp_path / "c", "c", b)
    retire_store(b, "")
    assert sorted(connect(uri).list_collections()) == ["zhize_b", "zhize_c"]
    with pytest.raises(IndexDamagedError, match=r"zhize_a.*zhize build"):
        open_store(f"milvus:{uri}", a)


def test_a_build_of_the_same_name_does_not_replace_what_is_read(uri: str, tmp_path: Path) -> None:
    a = built(uri, tmp_path / "a", "same")
    again = built(uri, tmp_path / "b", "same", a)
    names = [read_pointer(f / "vectors.milvus.json")[1] for f in (a, again)]
    assert len(set(names)) == 2
    assert open_store(f"milvus:{uri}", a).size == 4


def test_retiring_a_build_outside_milvus_does_nothing(tmp_path: Path) -> None:
    write_store("exact", VECTORS, tmp_path, "b", None, "")
    retire_store(tmp_path, "")
    assert open_store("exact", tmp_path).size == 4


def test_a_vector_that_milvus_has_lost_is_told(uri: str, tmp_path: Path) -> None:
    store = open_store(f"milvus:{uri}", built(uri, tmp_path / "a", "a"))
    connect(uri).delete("zhize_a", ids=[3])
    with pytest.raises(IndexDamagedError, match=r"缺第 3 条.*zhize build"):
        store.get(np.array([1, 3]))
    with pytest.raises(IndexDamagedError, match=r"缺第 3 条.*zhize build"):
        store.scores(VECTORS[0], np.array([1, 3]))


def test_a_damaged_pointer_says_rebuild(uri: str, tmp_path: Path) -> None:
    folder = built(uri, tmp_path / "a", "a")
    (folder / "vectors.milvus.json").write_text('{"uri": 3')
    with pytest.raises(IndexDamagedError, match="zhize build"):
        open_store(f"milvus:{uri}", folder)


def test_dropping_what_is_not_there_is_quiet(uri: str) -> None:
    drop(uri, "zhize_none")
    assert connect(uri).list_collections() == []
