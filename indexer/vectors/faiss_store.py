"""The default vector store: FAISS, exact inner product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from indexer.errors import IndexDamagedError
from indexer.vectors.base import Ids, Mask, Vectors


class FaissStore:
    """IndexFlatIP; exact, and fast enough far beyond the size of one country's safety rules."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> FaissStore:
        """Return a store of these unit vectors; row numbers become ids."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> FaissStore:
        """Return the store saved at `path`; IndexDamagedError if it cannot be read."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as e:
            raise IndexDamagedError(f"{path} 读不出来；请运行 zhize build 重建索引") from e

    @property
    def size(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> tuple[Vectors, Ids]:
        params = None
        if allowed is not None:
            swig: Any = faiss  # its stubs lack what the Python layer adds
            selector = swig.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
            params = swig.SearchParameters(sel=selector)
        scores, ids = self._index.search(
            np.ascontiguousarray(queries, np.float32), k, params=params
        )
        order = np.lexsort((ids, -scores), axis=-1)
        return np.take_along_axis(scores, order, -1), np.take_along_axis(ids, order, -1)

    def get(self, ids: Ids) -> Vectors:
        found: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64))
        return found

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))
