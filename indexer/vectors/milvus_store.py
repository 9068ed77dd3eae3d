"""Vectors in Milvus: embedded (a path that ends in .db) or a server or cluster (an address).

One collection holds one build and is never changed afterwards, so readers of the build before go
on undisturbed. `pymilvus` (for .db also `milvus-lite`) is installed only where it is used.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from indexer.errors import IndexDamagedError, VectorStoreError
from indexer.vectors.base import Ids, Mask, Vectors
from indexer.vectors.places import NOTHING, best, none_found

INSTALL = "pip install 'zhize[milvus]'"
FLAT_UP_TO = 200_000
"""Up to so many vectors Milvus compares one by one, as FAISS does; above, along an HNSW graph."""
_MOST = 16_384
"""The most places that Milvus returns for one query."""
_BATCH = 2000
_SECONDS = 30.0
_T = TypeVar("_T")


class MilvusStore:
    """One collection of unit vectors; ids are row numbers. Filters are evaluated by Milvus."""

    def __init__(self, client: Any, uri: str, collection: str, size: int, before: str = "") -> None:
        self._client, self._uri, self._collection = client, uri, collection
        self._size, self._before = size, before

    @classmethod
    def build(
        cls, vectors: Vectors, uri: str, collection: str, *, token: str = "", before: str = ""
    ) -> MilvusStore:
        """Return a store of these unit vectors in a new collection.

        A collection of that name is replaced. `before` names the collection that this one follows.
        VectorStoreError if Milvus cannot be reached or did not keep every vector.
        """
        client = connect(uri, token)
        store = cls(client, uri, collection, len(vectors), before)
        _tried(uri, lambda: store._fill(vectors))
        return store

    @classmethod
    def load(cls, path: Path, token: str = "") -> MilvusStore:
        """Return the store that the file at `path` points to.

        IndexDamagedError if the file or the collection is not whole; VectorStoreError if Milvus
        cannot be reached.
        """
        uri, collection, size, before = read_pointer(path)
        client = connect(uri, token)
        if not _tried(uri, lambda: client.has_collection(collection)):
            raise IndexDamagedError(
                f"Milvus（{uri}）里没有集合 {collection}；请运行 zhize build 重建索引"
            )
        _tried(uri, lambda: client.load_collection(collection))
        return cls(client, uri, collection, size, before)

    @property
    def size(self) -> int:
        return self._size

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> tuple[Vectors, Ids]:
        wanted = "" if allowed is None else expression(allowed)
        if wanted is None or not self._size:
            return none_found(len(queries), k)
        asked = np.ascontiguousarray(queries, np.float32)
        effort = {"ef": min(max(256, 2 * k), _MOST)} if self._size > FLAT_UP_TO else {}
        return best(lambda n: self._found(asked, n, str(wanted), effort), k, min(self._size, _MOST))

    def get(self, ids: Ids) -> Vectors:
        wanted = np.asarray(ids, np.int64)
        places: dict[int, Any] = {}
        for at in range(0, len(wanted), _BATCH):
            part = wanted[at : at + _BATCH].tolist()
            for row in _tried(self._uri, lambda part=part: self._rows(part)):  # type: ignore[misc]
                places[row["id"]] = row["vector"]
        if missing := [i for i in wanted.tolist() if i not in places]:
            raise self._lost(missing[0])
        return np.array([places[i] for i in wanted.tolist()], np.float32).reshape(len(wanted), -1)

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        """Ask Milvus for the scores alone: the vectors themselves would be a hundred times more."""
        wanted = np.asarray(ids, np.int64)
        out = np.empty(len(wanted), np.float32)
        different, places = np.unique(wanted, return_inverse=True)
        for at in range(0, len(different), _BATCH):
            part = different[at : at + _BATCH]
            exact = {"ef": _MOST} if self._size > FLAT_UP_TO else {}
            scores, found = self._found(query[None], len(part), f"id in {part.tolist()}", exact)
            order = np.argsort(found[0])
            if not np.array_equal(found[0][order], part):
                raise self._lost(part[~np.isin(part, found[0])][0])
            chosen = (places >= at) & (places < at + len(part))
            out[chosen] = scores[0][order][places[chosen] - at]
        return out

    def _lost(self, row: int) -> IndexDamagedError:
        return IndexDamagedError(
            f"Milvus（{self._uri}）里缺第 {row} 条向量；请运行 zhize build 重建索引"
        )

    def save(self, path: Path) -> None:
        """Write where the collection is; the vectors themselves stay in Milvus."""
        pointer = {
            "uri": self._uri, "collection": self._collection, "size": self._size,
            "before": self._before,
        }  # fmt: skip
        path.write_text(json.dumps(pointer, ensure_ascii=False, indent=1), encoding="utf-8")

    def _rows(self, ids: list[int]) -> Any:
        return self._client.get(self._collection, ids=ids, output_fields=["vector"])

    def _found(
        self, queries: Vectors, k: int, wanted: str, effort: dict[str, int]
    ) -> tuple[Vectors, Ids]:
        hits = _tried(
            self._uri,
            lambda: self._client.search(
                self._collection, data=queries, limit=k, filter=wanted, output_fields=["id"],
                search_params={"metric_type": "IP", "params": effort},
            ),
        )  # fmt: skip
        scores = np.full((len(queries), k), NOTHING, np.float32)
        ids = np.full((len(queries), k), -1, np.int64)
        for n, row in enumerate(hits):
            ids[n, : len(row)] = [hit["id"] for hit in row]
            scores[n, : len(row)] = [hit["distance"] for hit in row]
        return scores, ids

    def _fill(self, vectors: Vectors) -> None:
        from pymilvus import DataType

        client, name = self._client, self._collection
        if client.has_collection(name):
            client.drop_collection(name)
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        index = client.prepare_index_params()
        flat = len(vectors) <= FLAT_UP_TO
        index.add_index(
            "vector", metric_type="IP", index_type="FLAT" if flat else "HNSW",
            params={} if flat else {"M": 32, "efConstruction": 200},
        )  # fmt: skip
        client.create_collection(name, schema=schema, index_params=index)
        for at in range(0, len(vectors), _BATCH):
            chunk = np.ascontiguousarray(vectors[at : at + _BATCH], np.float32)
            client.insert(name, [{"id": at + n, "vector": v} for n, v in enumerate(chunk)])
        client.flush(name)
        client.load_collection(name)
        found = client.query(name, output_fields=["count(*)"], consistency_level="Strong")
        if (kept := int(found[0]["count(*)"])) != len(vectors):
            raise VectorStoreError(
                f"Milvus（{self._uri}）只存下 {kept} / {len(vectors)} 条向量；"
                "请检查它的磁盘和内存后再运行 zhize build"
            )


def connect(uri: str, token: str = "") -> Any:
    """Return a client; VectorStoreError with what to do if there is none or no answer."""
    try:
        from pymilvus import MilvusClient
    except ImportError as e:
        raise VectorStoreError(f"没有安装 Milvus 的客户端；请运行 {INSTALL}") from e
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # else it prints its tracebacks
    if uri.endswith(".db"):
        try:
            import milvus_lite  # noqa: F401
        except ImportError as e:
            raise VectorStoreError(f"没有安装嵌入式 Milvus；请运行 {INSTALL}") from e
        Path(uri).parent.mkdir(parents=True, exist_ok=True)
    return _tried(uri, lambda: MilvusClient(uri, token=token, timeout=_SECONDS))


def drop(uri: str, collection: str, token: str = "") -> None:
    """Remove a collection if it is there; VectorStoreError if Milvus cannot be reached."""
    client = connect(uri, token)
    _tried(uri, lambda: client.drop_collection(collection))


def read_pointer(path: Path) -> tuple[str, str, int, str]:
    """Return (uri, collection, size, before) of a saved store; IndexDamagedError if not whole."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return data["uri"], data["collection"], int(data["size"]), data["before"]
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise IndexDamagedError(f"{path} 读不出来；请运行 zhize build 重建索引") from e


def expression(allowed: Mask) -> str | None:
    """Return a Milvus filter on `id` for the rows that are True; None if none is, "" if all are.

    Rows of one document lie together, so a filter by document is a few ranges.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], allowed, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return None
    if len(starts) == 1 and ends[0] - starts[0] == len(allowed):
        return ""
    alone = starts[ends - starts == 1].tolist()
    parts = [f"(id >= {a} and id < {b})" for a, b in zip(starts, ends, strict=True) if b - a > 1]
    return " or ".join(parts + ([f"id in {alone}"] if alone else []))


def _tried(uri: str, call: Callable[[], _T]) -> _T:
    """Return what `call` returns; VectorStoreError for whatever pymilvus and gRPC raise."""
    from pymilvus.exceptions import MilvusException

    try:
        return call()
    except MilvusException as e:
        raise VectorStoreError(
            f"Milvus（{uri}）没有完成请求（{e.message}）；请检查地址、服务是否在运行，"
            "或用 ZHIZE_VECTORS=exact 改回本机索引后运行 zhize build"
        ) from e
