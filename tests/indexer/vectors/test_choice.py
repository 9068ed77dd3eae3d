"""Which store is taken, and what is said of settings that cannot be followed."""

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.errors import IndexDamagedError, VectorStoreError
from indexer.vectors import StoreSetting, check_reachable, open_store, write_store
from indexer.vectors.choice import EXACT_UP_TO

VECTORS = np.eye(4, dtype=np.float32)


def test_small_libraries_are_searched_exactly_and_large_ones_by_cells() -> None:
    automatic = StoreSetting()
    assert automatic.chosen(60_521) == "exact"
    assert automatic.chosen(EXACT_UP_TO) == "exact"
    assert automatic.chosen(EXACT_UP_TO + 1) == "ivf"


@pytest.mark.parametrize("name", ["exact", "ivf", "hnsw", "milvus:http://10.0.0.8:19530"])
def test_a_setting_goes_before_the_size(name: str) -> None:
    assert StoreSetting(name).chosen(3) == name == StoreSetting(name).chosen(10**7)


def test_an_embedded_milvus_is_kept_by_its_full_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert StoreSetting("milvus:v.db").chosen(3) == f"milvus:{tmp_path}/v.db"


@pytest.mark.parametrize("name", ["flat", "milvus", "milvus:", "milvus:somewhere", "IVF "])
def test_an_unknown_store_is_told_with_the_known_ones(name: str) -> None:
    with pytest.raises(VectorStoreError, match=r"不认识；可以是 exact、ivf、hnsw、"):
        StoreSetting(name).chosen(3)


def test_the_password_is_not_shown_in_the_name() -> None:
    setting = StoreSetting("milvus:http://h:1", token="root:secret")  # noqa: S106
    assert "secret" not in setting.chosen(3) + repr(setting)


def test_a_milvus_that_does_not_answer_is_named_with_what_to_do() -> None:
    with pytest.raises(VectorStoreError, match=r"http://127\.0\.0\.1:9）.*zhize build"):
        check_reachable("milvus:http://127.0.0.1:9", "")


@pytest.mark.parametrize(("package", "uri"), [("pymilvus", "http://h:1"), ("milvus_lite", "a.db")])
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    package: str, uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(builtins, "__import__", without(package))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VectorStoreError, match=r"pip install 'zhize\[milvus\]'"):
        check_reachable(f"milvus:{uri}", "")


def without(package: str) -> Callable[..., Any]:
    real = builtins.__import__

    def load(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    return load


def test_a_store_of_another_kind_than_said_is_damaged(tmp_path: Path) -> None:
    write_store("exact", VECTORS, tmp_path, "b", None, "")
    with pytest.raises(IndexDamagedError, match="zhize build"):
        open_store("ivf", tmp_path)
    with pytest.raises(IndexDamagedError, match=r"不认识.*zhize build"):
        open_store("annoy", tmp_path)
