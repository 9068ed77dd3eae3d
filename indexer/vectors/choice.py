"""Which store holds the vectors: chosen by size at build time unless a setting names one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import IndexDamagedError, VectorStoreError
from indexer.vectors.approximate import KINDS, ApproximateStore
from indexer.vectors.base import Vectors, VectorStore
from indexer.vectors.faiss_store import FaissStore
from indexer.vectors.milvus_store import MilvusStore, connect, drop, read_pointer

EXACT = "exact"
EXACT_UP_TO = 200_000
"""Beyond so many vectors the exact comparison costs more than the encoding of the question
(docs/scale.md, `python -m eval.bench.scale`)."""
_MILVUS = "milvus:"
_LOCAL_FILE, _POINTER = "vectors.faiss", "vectors.milvus.json"


@dataclass(frozen=True, slots=True)
class StoreSetting:
    """What the setting asks for: "" (by size), exact, ivf, hnsw or milvus:<uri>; and a password."""

    name: str = ""
    token: str = field(default="", repr=False)

    def chosen(self, count: int) -> str:
        """Return the name of the store for so many vectors, as it is kept in the manifest.

        VectorStoreError if the setting names none.
        """
        if not self.name:
            return EXACT if count <= EXACT_UP_TO else "ivf"
        if self.name in (EXACT, *KINDS):
            return self.name
        uri = self.name.removeprefix(_MILVUS)
        if uri == self.name or not (uri.endswith(".db") or "://" in uri):
            raise VectorStoreError(
                f"ZHIZE_VECTORS={self.name} 不认识；可以是 exact、ivf、hnsw、"
                "milvus:http://主机:19530 或 milvus:文件.db，不写就按规模自动选"
            )
        return _MILVUS + (uri if "://" in uri else str(Path(uri).absolute()))


AUTOMATIC = StoreSetting()


def check_reachable(name: str, token: str) -> None:
    """Return if the store can be written to; VectorStoreError with what to do if not."""
    if name.startswith(_MILVUS):
        connect(name.removeprefix(_MILVUS), token)


def write_store(
    name: str, vectors: Vectors, folder: Path, build_id: str, before: Path | None, token: str
) -> None:
    """Build the store and write it, or the pointer to it, into `folder`.

    `before` is the folder of the build in use. Raises VectorStoreError.
    """
    if name == EXACT:
        FaissStore.build(vectors).save(folder / _LOCAL_FILE)
    elif name in KINDS:
        ApproximateStore.build(vectors, name).save(folder / _LOCAL_FILE)
    else:
        uri = name.removeprefix(_MILVUS)
        last = _collection_of(before, uri)
        collection = f"zhize_{build_id}"
        if collection == last:
            collection += "_again"
        store = MilvusStore.build(vectors, uri, collection, token=token, before=last)
        store.save(folder / _POINTER)


def open_store(name: str, folder: Path, token: str = "") -> VectorStore:
    """Return the store in `folder`; IndexDamagedError or VectorStoreError with what to do."""
    if name == EXACT:
        return FaissStore.load(folder / _LOCAL_FILE)
    if name in KINDS:
        return ApproximateStore.load(folder / _LOCAL_FILE)
    if name.startswith(_MILVUS):
        return MilvusStore.load(folder / _POINTER, token)
    raise IndexDamagedError(f"{folder} 的向量库 {name} 不认识；请运行 zhize build 重建索引")


def retire_store(folder: Path, token: str) -> None:
    """Remove the collection that the build in `folder`, itself out of use from now, followed.

    Its own stays one build longer, for processes that still read it. Best effort: what cannot be
    removed only takes space.
    """
    with suppress(IndexDamagedError, VectorStoreError):
        uri, _, _, before = read_pointer(folder / _POINTER)
        if before:
            drop(uri, before, token)


def _collection_of(folder: Path | None, uri: str) -> str:
    if folder is None:
        return ""
    try:
        where, collection, _, _ = read_pointer(folder / _POINTER)
    except IndexDamagedError:
        return ""
    return collection if where == uri else ""
