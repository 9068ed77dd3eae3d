"""Open a built index and check that it is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.doc_counts import DocumentCounts
from indexer.errors import IndexDamagedError, IndexMissingError
from indexer.lexical import Bm25
from indexer.mapped import mapped
from indexer.norms import Norm
from indexer.norms.file import NORMS_FILE, read_norms
from indexer.unit_table import UnitTable, read_units
from indexer.vectors import VectorStore, open_store

FORMAT = 3
"""2: the build holds norms.jsonl. 3: entries and term weights are arrays that are mapped."""
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
UNITS = "units"
"""The folder of the entries within a build."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from; two equal manifests mean the same index."""

    build_id: str
    format: int
    library: str
    model_id: str
    dimension: int
    dictionary: str
    whole_library: bool
    units: int
    content: str
    norm_rules: str
    vectors: str = "exact"
    """The store of the vectors: exact, ivf, hnsw or milvus:<uri>."""


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index. Row i of every member belongs to `units[i]`."""

    manifest: Manifest
    units: UnitTable
    keys: npt.NDArray[np.uint8]
    vectors: VectorStore
    grams: Bm25
    words: Bm25
    counts: DocumentCounts | None = None
    """Kept for large libraries only."""


def read_manifest(root: Path) -> Manifest:
    """Return the manifest of the build in use; IndexMissingError if nothing was built yet."""
    return _manifest(_folder(root))


def open_index(root: Path, token: str = "") -> Index:
    """Return the index in use; `token` is the password of a Milvus that holds its vectors.

    IndexMissingError if nothing was built, IndexDamagedError if files are missing, cut short
    or of another format; both name the command that mends it. VectorStoreError if the Milvus
    that holds the vectors cannot be reached.
    """
    folder = _folder(root)
    manifest = _manifest(folder)
    try:
        units = read_units(folder / UNITS)
        keys = mapped(folder / "keys.npy")
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise _damaged(folder, e) from e
    index = Index(
        manifest,
        units,
        keys,
        open_store(manifest.vectors, folder, token),
        Bm25.load(folder / "grams"),
        Bm25.load(folder / "words"),
        DocumentCounts.load(folder / "grams"),
    )
    sizes = {len(units), len(keys), index.vectors.size, index.grams.size, index.words.size}
    if sizes != {manifest.units}:
        raise _damaged(folder, f"条数不一致 {sorted(sizes)}")
    return index


def read_index_norms(root: Path) -> tuple[Norm, ...]:
    """Return the norms of the build in use, in document order.

    IndexMissingError if nothing was built, IndexDamagedError if the build is not whole or older
    than norms; both name the command that mends it.
    """
    folder = _folder(root)
    _manifest(folder)
    return read_norms(folder / NORMS_FILE)


def folder_in_use(root: Path) -> Path | None:
    """Return the folder of the build in use; None if there is none."""
    try:
        return _folder(root)
    except (IndexMissingError, IndexDamagedError):
        return None


def _folder(root: Path) -> Path:
    try:
        build_id = (root / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise IndexMissingError(f"{root} 里还没有索引；请运行 zhize build 建立索引") from None
    folder = root / build_id
    if not build_id or not folder.is_dir():
        raise _damaged(root, f"找不到索引 {build_id!r}")
    return folder


def _manifest(folder: Path) -> Manifest:
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, int] = data["files"]
        data.setdefault("vectors", "exact")  # builds from before there was a choice
        manifest = Manifest(**{f.name: data[f.name] for f in fields(Manifest)})
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise _damaged(folder, e) from e
    if manifest.format != FORMAT:
        raise _damaged(folder, f"格式 {manifest.format} 不是 {FORMAT}")
    for name, size in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise _damaged(folder, f"{name} 缺失或不完整")
    return manifest


def _damaged(where: Path, why: Any) -> IndexDamagedError:
    return IndexDamagedError(f"{where} 的索引已损坏（{why}）；请运行 zhize build 重建索引")
