"""The vector store protocol that every backend fulfils (one contract suite tests them all)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class VectorStore(Protocol):
    """Unit vectors with row numbers as ids; similarity is the inner product."""

    @property
    def size(self) -> int:
        """How many vectors are stored."""
        ...

    def search(self, queries: Vectors, k: int, allowed: Mask | None = None) -> tuple[Vectors, Ids]:
        """Return (scores, ids), each (len(queries), k), best first.

        Only ids whose place in `allowed`, bool (size,), is True are considered if it is given. Places that cannot be
        filled have id -1. Ties are broken by the smaller id.
        """
        ...

    def get(self, ids: Ids) -> Vectors:
        """Return the stored vectors of these ids, in that order."""
        ...

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        """Return float32 (len(ids),): the similarity of `query`, (dimension,), to each of these."""
        ...

    def save(self, path: Path) -> None:
        """Write the store to one file."""
        ...
