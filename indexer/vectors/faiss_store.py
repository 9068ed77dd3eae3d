"""The default vector store: FAISS, exact inner product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from indexer.errors import IndexDamagedError
from indexer.vectors.base import Ids, Mask, Vectors
from indexer.vectors.places import best


class FaissStore:
    """IndexFlatIP: exact, and fast enough far beyond the size of one country's safety rules."""

    def __init__(self, index: Any) -> None:
        self._index = index
        swig: Any = faiss
        count = int(index.ntotal)
        flat = swig.rev_swig_ptr(index.get_xb(), count * index.d) if count else np.zeros(0)
        self._rows: Vectors = flat.astype(np.float32, copy=False).reshape(count, index.d)

    @classmethod
    def build(cls, vectors: Vectors) -> FaissStore:
        """Return a store of these unit vectors; row numbers become ids."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
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
        found: Vectors = self._rows[ids]
        return found

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        found: Vectors = np.vecdot(self.get(ids), query)  # on one thread, unlike @
        return found

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


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
