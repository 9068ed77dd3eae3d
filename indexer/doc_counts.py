"""How many texts of every document hold a term: for large libraries, where counting takes long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.lexical import Postings
from indexer.mapped import mapped

_FILES = {"starts": "doc_starts.npy", "documents": "docs.npy", "counts": "doc_counts.npy"}
_AT_ONCE = 20_000_000
"""Weights that are looked at together while counting."""


@dataclass(frozen=True, slots=True, eq=False)
class DocumentCounts:
    """Term t stands in `counts[i]` texts of document `documents[i]`, i from starts[t] on."""

    starts: npt.NDArray[np.int64]
    documents: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]

    @classmethod
    def of(cls, postings: Postings, document_of: npt.NDArray[np.int32]) -> DocumentCounts:
        """Return the counts; `document_of[row]` is the document number of a text."""
        width = int(document_of.max(initial=0)) + 1
        starts = [np.zeros(1, np.int64)]
        documents, counts = [], []
        total, term = 0, 0
        last = len(postings.starts) - 1
        while term < last:
            reach = postings.starts[term] + _AT_ONCE
            end = max(term + 1, int(np.searchsorted(postings.starts, reach, "right")) - 1)
            span = slice(postings.starts[term], postings.starts[end])
            local = np.repeat(np.arange(end - term), np.diff(postings.starts[term : end + 1]))
            keys = local * width + document_of[postings.rows[span]]
            found, times = np.unique(keys, return_counts=True)
            documents.append((found % width).astype(np.int32))
            counts.append(times.astype(np.int32))
            own = np.bincount(found // width, minlength=end - term)
            starts.append(total + np.cumsum(own))
            total += len(found)
            term = end
        return cls(
            np.concatenate(starts),
            np.concatenate(documents) if documents else np.zeros(0, np.int32),
            np.concatenate(counts) if counts else np.zeros(0, np.int32),
        )

    def of_term(self, number: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return the documents that hold a term, ascending, and in how many texts each."""
        span = slice(self.starts[number], self.starts[number + 1])
        return self.documents[span], self.counts[span]

    def save(self, folder: Path) -> None:
        """Write the counts into `folder`."""
        for name, file in _FILES.items():
            np.save(folder / file, getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> DocumentCounts | None:
        """Return the counts in `folder`; None if none are kept there (a small library)."""
        if not (folder / _FILES["starts"]).is_file():
            return None
        return cls(*(mapped(folder / f) for f in _FILES.values()))
