"""Builds over a tiny library with an embedder that counts what it encodes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from milvus_lite.server_manager import server_manager_instance

from indexer import build as build_module
from indexer.build import build_index
from indexer.embed import Progress, Vectors
from indexer.errors import BuildError, IndexDamagedError, IndexMissingError, VectorStoreError
from indexer.known_vectors import KnownVectors
from indexer.reader import CURRENT, open_index, read_index_norms, read_manifest
from indexer.terms import load_terms
from indexer.tokens import Tokenizer
from indexer.vectors import StoreSetting
from kb.asked import AskedAs
from kb.catalog import Catalog
from kb.library import Library
from kb.model import Document, Level, TextKind, Version
from kb.structure import build_article

TOKENIZER = Tokenizer([])


class CountingEmbedder:
    """Deterministic vectors from the characters; remembers what it was asked to encode."""

    def __init__(self, model_id: str = "counting") -> None:
        self.model_id, self.dimension = model_id, 8
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._encode(texts)

    def beside_passages(self, queries: Vectors) -> Vectors:
        return queries

    def _encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        rows = [np.random.default_rng(abs(hash(t)) % 2**32).normal(size=8) for t in texts]
        out = np.array(rows, np.float32)
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def small_library(texts: Sequence[str], fingerprint: str = "a") -> Library:
    articles = tuple(
        build_article("law", "1", f"第{'一二三四五'[i]}条", t) for i, t in enumerate(texts)
    )
    doc = Document(
        "law", "测试法", "测试法", Level.LAW, TextKind.TEXT,
        (Version("1", date(2020, 1, 1), articles),),
    )  # fmt: skip
    catalog = Catalog([doc])
    return Library(catalog, lambda: [AskedAs("问一问", articles[0].whole)], fingerprint)


def make(root: Path, library: Library, embedder: CountingEmbedder) -> build_module.BuildResult:
    return build_index(library, embedder, TOKENIZER, root, known=KnownVectors())


def test_builds_and_opens(tmp_path: Path) -> None:
    result = make(tmp_path, small_library(["甲应当报告。", "乙不得隐瞒。"]), CountingEmbedder())
    index = open_index(tmp_path)
    assert (result.units, result.encoded, result.unchanged) == (3, 3, False)
    assert [u.target.article for u in index.units] == ["第一条", "第二条", "第一条"]
    assert index.vectors.size == 3
    assert read_manifest(tmp_path).build_id == result.build_id


def test_the_norms_stand_in_the_build(tmp_path: Path) -> None:
    result = make(tmp_path, small_library(["单位应当报告。", "单位不得隐瞒。"]), CountingEmbedder())
    assert [n.action for n in read_index_norms(tmp_path)] == ["报告", "隐瞒"]
    path = tmp_path / result.build_id / "norms.jsonl"
    path.write_text(path.read_text("utf-8")[:-9], "utf-8")
    with pytest.raises(IndexDamagedError, match=r"norms\.jsonl.*zhize build"):
        read_index_norms(tmp_path)


def test_norms_read_by_other_rules_make_another_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = small_library(["单位应当报告。"])
    first = make(tmp_path, library, CountingEmbedder())
    monkeypatch.setattr(build_module, "norm_rules", lambda: "other")
    assert make(tmp_path, library, CountingEmbedder()).build_id != first.build_id


def test_a_second_build_changes_nothing(tmp_path: Path) -> None:
    library, embedder = small_library(["甲应当报告。"]), CountingEmbedder()
    make(tmp_path, library, embedder)
    before = (tmp_path / CURRENT).stat().st_mtime_ns
    embedder.encoded.clear()
    assert make(tmp_path, library, embedder).unchanged
    assert embedder.encoded == []
    assert (tmp_path / CURRENT).stat().st_mtime_ns == before


def test_only_changed_texts_are_encoded(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    make(tmp_path, small_library(["甲应当报告。", "乙不得隐瞒。"]), embedder)
    embedder.encoded.clear()
    result = make(tmp_path, small_library(["甲应当报告。", "乙应当上报。"], "b"), embedder)
    assert embedder.encoded == ["乙应当上报。"]
    assert (result.encoded, result.reused) == (1, 2)


class CountingTokenizer(Tokenizer):
    """Remembers what it cut."""

    def __init__(self) -> None:
        super().__init__([])
        self.cut: list[str] = []

    def words(self, text: str) -> list[str]:
        self.cut.append(text)
        return super().words(text)


def test_only_changed_texts_are_cut_into_words(tmp_path: Path) -> None:
    tokenizer = CountingTokenizer()

    def build(texts: list[str], mark: str) -> None:
        library = small_library(texts, mark)
        build_index(library, CountingEmbedder(), tokenizer, tmp_path, known=KnownVectors())

    build(["甲应当报告。", "乙不得隐瞒。"], "a")
    tokenizer.cut.clear()
    build(["甲应当报告。", "乙应当上报。"], "b")
    assert tokenizer.cut == ["乙应当上报。"]
    fresh = tmp_path / "fresh"
    library = small_library(["甲应当报告。", "乙应当上报。"], "b")
    build_index(library, CountingEmbedder(), tokenizer, fresh, known=KnownVectors())
    query = tokenizer.words("乙上报")
    kept = open_index(tmp_path).words.scores(query)
    assert np.array_equal(kept, open_index(fresh).words.scores(query))


def test_damaged_words_are_cut_again(tmp_path: Path) -> None:
    make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())
    folder = tmp_path / read_manifest(tmp_path).build_id / "words"
    assert load_terms(folder) is not None
    (folder / "terms.npz").write_bytes(b"x")
    assert load_terms(folder) is None
    make(tmp_path, small_library(["甲应当报告。"], "b"), CountingEmbedder())
    assert len(open_index(tmp_path).units) == 2


def test_another_model_never_reuses_vectors(tmp_path: Path) -> None:
    library = small_library(["甲应当报告。"])
    make(tmp_path, library, CountingEmbedder())
    other = CountingEmbedder("other")
    make(tmp_path, library, other)
    assert len(other.encoded) == 2


def test_old_builds_are_removed(tmp_path: Path) -> None:
    make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())
    result = make(tmp_path, small_library(["乙应当报告。"], "b"), CountingEmbedder())
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([CURRENT, result.build_id])


def test_a_full_disk_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(BuildError, match=r"No space left.*zhize build.*没有改动"):
        make(tmp_path, small_library(["乙应当报告。"], "b"), CountingEmbedder())
    monkeypatch.undo()
    assert read_manifest(tmp_path).build_id == first.build_id
    assert open_index(tmp_path).units[0].text == "甲应当报告。"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_no_index_says_build() -> None:
    with pytest.raises(IndexMissingError, match="zhize build"):
        open_index(Path("/nonexistent/index"))


@pytest.mark.parametrize(
    "name", ["units/texts.txt", "vectors.faiss", "keys.npy", "manifest.json", "grams/first.npy"]
)
def test_a_half_written_index_is_noticed_and_rebuilt(tmp_path: Path, name: str) -> None:
    library = small_library(["甲应当报告。"])
    result = make(tmp_path, library, CountingEmbedder())
    path = tmp_path / result.build_id / name
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(IndexDamagedError, match="zhize build"):
        open_index(tmp_path)
    assert not make(tmp_path, library, CountingEmbedder()).unchanged
    assert len(open_index(tmp_path).units) == 2


def test_a_missing_folder_is_noticed(tmp_path: Path) -> None:
    result = make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())
    shutil.rmtree(tmp_path / result.build_id)
    with pytest.raises(IndexDamagedError, match="zhize build"):
        open_index(tmp_path)


KILLED = """
import os, sys
from pathlib import Path
from tests.indexer import test_build as t
from indexer import build
swap = build._swap
def wait(*args):
    print("written", flush=True)
    sys.stdin.read()
build._swap = wait
t.make(Path(sys.argv[1]), t.small_library(["乙应当报告。"], "b"), t.CountingEmbedder())
"""


def test_a_killed_build_leaves_the_old_index_and_is_swept(tmp_path: Path) -> None:
    first = make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
    assert read_manifest(tmp_path).build_id == first.build_id
    assert [p.name for p in tmp_path.glob(".building-*")] != []
    deadline = time.monotonic() + 30
    while list(tmp_path.glob(".building-*")) and time.monotonic() < deadline:
        make(tmp_path, small_library(["丙应当报告。"], "c"), CountingEmbedder())
    assert list(tmp_path.glob(".building-*")) == []
    assert open_index(tmp_path).units[0].text == "丙应当报告。"


@pytest.mark.parametrize("name", ["ivf", "hnsw", "milvus"])
def test_the_vectors_are_kept_where_the_setting_says(tmp_path: Path, name: str) -> None:
    root, uri = tmp_path / "index", f"{tmp_path}/v.db"
    store = StoreSetting(f"milvus:{uri}" if name == "milvus" else name)

    def build(text: str, embedder: CountingEmbedder, mark: str) -> build_module.BuildResult:
        library = small_library(["甲应当报告。", text], mark)
        known = KnownVectors()
        return build_index(library, embedder, TOKENIZER, root, known=known, store=store)

    embedder = CountingEmbedder()
    first = build("乙不得隐瞒。", embedder, "a")
    assert read_manifest(root).vectors == store.chosen(3)
    assert build("乙不得隐瞒。", embedder, "a").unchanged
    embedder.encoded.clear()
    assert build("乙应当上报。", embedder, "b").build_id != first.build_id
    assert embedder.encoded == ["乙应当上报。"]
    index = open_index(root)
    assert index.vectors.size == 3
    wanted = embedder.encode_passages(["乙应当上报。"])
    assert index.vectors.search(wanted, 1)[1].tolist() == [[1]]
    if name == "milvus":
        server_manager_instance.release_server(uri)


def test_another_store_is_another_build_with_the_same_vectors(tmp_path: Path) -> None:
    library, embedder = small_library(["甲应当报告。", "乙不得隐瞒。"]), CountingEmbedder()
    exact = make(tmp_path, library, embedder)
    embedder.encoded.clear()
    known = KnownVectors()
    cells = build_index(
        library, embedder, TOKENIZER, tmp_path, known=known, store=StoreSetting("ivf")
    )
    assert cells.build_id != exact.build_id
    assert embedder.encoded == []
    assert not make(tmp_path, library, embedder).unchanged
    assert read_manifest(tmp_path).vectors == "exact"


def test_an_unreachable_store_leaves_the_old_index(tmp_path: Path) -> None:
    first = make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())
    store, embedder = StoreSetting("milvus:http://127.0.0.1:9"), CountingEmbedder()
    with pytest.raises(VectorStoreError, match=r"127\.0\.0\.1:9.*没有完成请求"):
        build_index(
            small_library(["乙应当报告。"], "b"), embedder, TOKENIZER, tmp_path,
            known=KnownVectors(), store=store,
        )  # fmt: skip
    assert embedder.encoded == []
    assert read_manifest(tmp_path).build_id == first.build_id


def test_an_index_from_before_there_was_a_choice_still_opens(tmp_path: Path) -> None:
    result = make(tmp_path, small_library(["甲应当报告。"]), CountingEmbedder())
    path = tmp_path / result.build_id / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["vectors"]
    path.write_text(json.dumps(manifest), "utf-8")
    assert read_manifest(tmp_path).vectors == "exact"
    assert open_index(tmp_path).vectors.size == 2
