"""Approximate vector stores for libraries that are too large to compare one by one.

Short codes choose candidates: products of four dimensions in four bits each in cells (IVF), eight
bits a dimension along a graph (HNSW). Half-precision vectors, left on disk until they are read, put
them in order. Few allowed rows are compared one by one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from indexer.errors import IndexDamagedError
from indexer.vectors.base import Ids, Mask, Vectors
from indexer.vectors.faiss_store import half_precision_index, read_mapped, selector, stored_rows
from indexer.vectors.places import best, none_found, ordered

KINDS = ("ivf", "hnsw")
ONE_BY_ONE = 4096
"""Up to so many allowed rows are compared one by one: as fast, and nothing is missed."""
_LINKS, _BUILD_WIDTH = 32, 80
_PER_CELL = 40
"""Vectors a cell is trained on."""
_REFINE = {"ivf": 12.0, "hnsw": 2.0}
"""Candidates that are compared in half precision for each place; shorter codes need more."""
_DIMENSIONS_PER_CODE, _CODES = 4, 16
_CHUNK = 65536
_END, _MARK = struct.Struct("<8sQ"), b"zhize-v1"
"""Written after the index: a mark and the length of what is before it."""
_LEAST_CELLS, _SHARE_OF_CELLS, _LEAST_WIDTH = 64, 64, 256
"""How far a search looks at first: recall@10 of at least 0.99 in `python -m eval.bench.scale`, for
sizes at which these stores are chosen by themselves."""


class ApproximateStore:
    """IVF or HNSW over short codes, refined in half precision. Scores are those of the latter."""

    def __init__(self, index: Any) -> None:
        self._index = index
        base = faiss.downcast_index(index.base_index)
        self._cells = int(base.nlist) if isinstance(base, faiss.IndexIVF) else 0
        self._refine = _REFINE["ivf" if self._cells else "hnsw"]
        self._exact = faiss.downcast_index(index.refine_index)
        self._halves = stored_rows(self._exact)

    @classmethod
    def build(cls, vectors: Vectors, kind: str) -> ApproximateStore:
        """Return a store of these unit vectors, the same in every build; `kind` is of KINDS.

        `vectors` may be a memory map; it is read a chunk at a time.
        """
        dimension = vectors.shape[1]
        base = _cells(len(vectors), dimension) if kind == "ivf" else _graph(dimension)
        exact = half_precision_index(dimension)
        sample = _sample(vectors, _PER_CELL * int(getattr(base, "nlist", 256)))
        base.train(sample)
        index = faiss.IndexRefine(base, exact)
        for chunk in _chunks(vectors):
            index.add(chunk)
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> ApproximateStore:
        """Return the store saved at `path`, memory-mapped; IndexDamagedError if it is not whole."""
        _check_whole(path)
        index = read_mapped(path)
        if not isinstance(index, faiss.IndexRefine):
            raise IndexDamagedError(f"{path} 不是近似索引；请运行 zhize build 重建索引")
        return cls(index)

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> tuple[Vectors, Ids]:
        asked = np.ascontiguousarray(queries, np.float32)
        count = self.size if allowed is None else int(np.count_nonzero(allowed))
        if count <= ONE_BY_ONE:
            rows = np.arange(self.size) if allowed is None else np.flatnonzero(allowed)
            return self._one_by_one(asked, k, rows)
        sel = None if allowed is None else selector(allowed)
        effort, most = self._effort(k), self._cells or self.size
        while True:
            with one_thread():
                scores, ids = self._index.search(asked, k, params=self._params(effort, sel))
            if (ids[:, : min(k, count)] >= 0).all():
                return ordered(scores, ids, k)
            if effort >= most:  # codes that are all alike put none before another
                return best(lambda n: self._every(asked, n, sel), k, self.size)
            effort = min(effort * 4, most)

    def get(self, ids: Ids) -> Vectors:
        decoded: Vectors = self._exact.sa_decode(self._halves[ids].view(np.uint8))
        return decoded

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        found: Vectors = np.vecdot(self.get(ids), query)  # on one thread, unlike @
        return found

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))
        with path.open("ab") as file:
            file.write(_END.pack(_MARK, path.stat().st_size))

    def _every(self, queries: Vectors, k: int, sel: Any) -> tuple[Vectors, Ids]:
        swig: Any = faiss
        with one_thread():
            found: tuple[Vectors, Ids] = self._exact.search(
                queries, k, params=swig.SearchParameters(sel=sel)
            )
        return found

    def _effort(self, k: int) -> int:
        """Cells to look into, or the width of the walk."""
        if self._cells:
            return min(self._cells, max(_LEAST_CELLS, self._cells // _SHARE_OF_CELLS))
        return max(_LEAST_WIDTH, int(self._refine * k))

    def _params(self, effort: int, sel: Any) -> Any:
        swig: Any = faiss
        if self._cells:
            base = swig.SearchParametersIVF(nprobe=effort, sel=sel)
        else:
            base = swig.SearchParametersHNSW(efSearch=effort, sel=sel)
        return swig.IndexRefineSearchParameters(k_factor=self._refine, base_index_params=base)

    def _one_by_one(self, queries: Vectors, k: int, rows: Ids) -> tuple[Vectors, Ids]:
        if not len(rows):
            return none_found(len(queries), k)
        scores = queries @ self.get(rows).T
        return ordered(scores, np.broadcast_to(rows, scores.shape), k)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let FAISS compute on the calling thread alone: one question is too little to share out."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _check_whole(path: Path) -> None:
    """Raise IndexDamagedError unless the file ends as written: FAISS dies of mapping half a file."""
    try:
        with path.open("rb") as file:
            length = file.seek(-_END.size, 2)
            whole = _END.unpack(file.read(_END.size)) == (_MARK, length)
    except OSError:
        whole = False
    if not whole:
        raise IndexDamagedError(f"{path} 缺失或不完整；请运行 zhize build 重建索引")


def _cells(count: int, dimension: int) -> Any:
    """An untrained IVF index with a power of two of cells, about four times the root of count."""
    cells = min(1 << int(np.log2(4 * max(count, 1) ** 0.5)), max(1, count // 39))
    middle = faiss.IndexFlatIP(dimension)
    codes = (
        dimension // _DIMENSIONS_PER_CODE if dimension % _DIMENSIONS_PER_CODE == 0 else dimension
    )
    index = faiss.IndexIVFPQFastScan(middle, dimension, cells, codes, 4, faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = _PER_CELL
    index.cp.niter = 6
    return index


def _graph(dimension: int) -> Any:
    """An untrained HNSW index."""
    swig: Any = faiss  # its stubs know another constructor
    index = swig.IndexHNSWSQ(
        dimension, faiss.ScalarQuantizer.QT_8bit, _LINKS, faiss.METRIC_INNER_PRODUCT
    )
    index.hnsw.efConstruction = _BUILD_WIDTH
    return index


def _sample(vectors: Vectors, most: int) -> Vectors:
    if len(vectors) <= most:
        return np.resize(vectors, (max(len(vectors), _CODES), vectors.shape[1])).astype(np.float32)
    rows = np.random.default_rng(0).choice(len(vectors), most, replace=False)
    return np.ascontiguousarray(vectors[np.sort(rows)], np.float32)


def _chunks(vectors: Vectors) -> Iterator[Vectors]:
    for at in range(0, len(vectors), _CHUNK):
        yield np.ascontiguousarray(vectors[at : at + _CHUNK], np.float32)
