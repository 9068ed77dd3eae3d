"""The default vector store: FAISS, exact inner product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamagedError
from indexer.vectors.base import Ids, Mask, Vectors
from indexer.vectors.places import best


class FaissStore:
    """Compares every vector: exact, and fast enough far beyond one country's safety rules.

    Vectors that are half-precision numbers, as those of a build are, are kept as such: nothing is
    lost, and half the memory is read for a question.
    """

    def __init__(self, index: Any) -> None:
        self._index = index
        self._rows = stored_rows(index)

    @classmethod
    def build(cls, vectors: Vectors) -> FaissStore:
        """Return a store of these unit vectors; row numbers become ids."""
        dimension, given = vectors.shape[1], np.ascontiguousarray(vectors, np.float32)
        index: Any = faiss.IndexFlatIP(dimension)
        if (in_half_precision(given) == given).all():
            index = half_precision_index(dimension)
        index.add(given)
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> FaissStore:
        """Return the store saved at `path`, memory-mapped; IndexDamagedError if it is not whole."""
        return cls(read_mapped(path))

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> tuple[Vectors, Ids]:
        asked = np.ascontiguousarray(queries, np.float32)
        params = None
        if allowed is not None:
            swig: Any = faiss  # its stubs lack what the Python layer adds
            params = swig.SearchParameters(sel=selector(allowed))
        return best(lambda n: self._index.search(asked, n, params=params), k, self.size)

    def get(self, ids: Ids) -> Vectors:
        rows = self._rows[ids]
        if rows.dtype == np.float32:
            return rows
        decoded: Vectors = self._index.sa_decode(rows.view(np.uint8))  # twice as fast as numpy
        return decoded

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        found: Vectors = np.vecdot(self.get(ids), query)  # on one thread, unlike @
        return found

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


def in_half_precision(vectors: Vectors) -> Vectors:
    """Return the nearest half-precision numbers, as float32."""
    return vectors.astype(np.float16).astype(np.float32)


def half_precision_index(dimension: int) -> Any:
    """Return an empty FAISS index that compares half-precision vectors one by one."""
    half = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT)


def stored_rows(index: Any) -> npt.NDArray[np.floating[Any]]:
    """Return the vectors where they lie in a flat or a half-precision index, (size, dimension)."""
    swig: Any = faiss
    kept = np.float32 if isinstance(index, faiss.IndexFlat) else np.float16
    if not index.ntotal:
        return np.zeros((0, index.d), kept)
    flat = swig.rev_swig_ptr(index.codes.data(), index.ntotal * index.code_size)
    found: npt.NDArray[np.floating[Any]] = flat.view(kept).reshape(index.ntotal, index.d)
    return found


def selector(allowed: Mask) -> Any:
    """Return the FAISS filter for the rows that are True."""
    swig: Any = faiss
    return swig.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def read_mapped(path: Path) -> Any:
    """Return the FAISS index in a file, its vectors left on disk until they are read.

    Processes that open the same file share its pages. IndexDamagedError if it is not whole.
    """
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as e:
        raise IndexDamagedError(f"{path} 读不出来；请运行 zhize build 重建索引") from e
