"""BM25 over term lists, on the bm25s library; scores for the whole collection at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamagedError

Scores = npt.NDArray[np.float32]


class Bm25:
    """A saved BM25 index. Entry i of the scores belongs to text i as given to `build`."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self._vocabulary: dict[str, int] = model.vocab_dict
        self.size = size

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> Bm25:
        """Return the index of these term lists (Lucene's BM25)."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(t, len(vocabulary)) for t in terms] for terms in texts]
        vocabulary.setdefault("", len(vocabulary))
        model = bm25s.BM25(method="lucene", k1=k1, b=b)
        corpus = bm25s.tokenization.Tokenized(
            ids=[i or [vocabulary[""]] for i in ids], vocab=vocabulary
        )
        model.index(corpus, show_progress=False)
        return cls(model, len(texts))

    def scores(self, terms: Sequence[str]) -> Scores:
        """Return float32 (size,): the BM25 score of every text for these query terms."""
        ids = [self._vocabulary[t] for t in terms if t in self._vocabulary]
        if not ids or self.size == 0:
            return np.zeros(self.size, np.float32)
        weights, rows, starts = (self._model.scores[n] for n in ("data", "indices", "indptr"))
        found = np.zeros(self.size, np.float32)
        for n in ids:
            span = slice(starts[n], starts[n + 1])
            found[rows[span]] += weights[span]  # a text stands once under a term
        return found

    def rows_with(self, term: str) -> npt.NDArray[np.int32]:
        """Return the numbers of the texts that contain the term."""
        n = self._vocabulary.get(term)
        if n is None:
            return np.zeros(0, np.int32)
        start, end = self._model.scores["indptr"][n : n + 2]
        rows: npt.NDArray[np.int32] = self._model.scores["indices"][start:end]
        return rows

    def knows(self, term: str) -> bool:
        """True if the term occurs in the collection."""
        return term in self._vocabulary

    def postings(self) -> dict[str, npt.NDArray[Any]]:
        """Return the weights by term: data, indices (text numbers) and indptr, by term number."""
        return {
            name: np.asarray(self._model.scores[name]) for name in ("data", "indices", "indptr")
        }

    def vocabulary(self) -> dict[str, int]:
        """Return the number of every term."""
        return self._vocabulary

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        self._model.save(str(folder), show_progress=False)
        (folder / "size.json").write_text(json.dumps(self.size))

    @classmethod
    def load(cls, folder: Path) -> Bm25:
        """Return the index saved in `folder`; IndexDamagedError if it cannot be read."""
        import bm25s

        try:
            model = bm25s.BM25.load(str(folder), load_vocab=True)
            return cls(model, int(json.loads((folder / "size.json").read_text())))
        except Exception as e:  # bm25s raises whatever its readers raise
            raise IndexDamagedError(f"{folder} 读不出来（{e}）；请运行 zhize build 重建索引") from e
