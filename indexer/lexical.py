"""BM25 over term lists: weights made by the bm25s library, kept in arrays that stay on disk.

Stored both ways: by term, to find the texts that hold it, and by text, to score chosen texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamagedError
from indexer.mapped import mapped

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
_TERMS = "terms.txt"
_ARRAYS = ("starts", "rows", "weights", "first", "terms", "by_text", "most")


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """BM25 weights. Term t stands in `rows[starts[t]:starts[t+1]]`, ascending, with `weights`;
    text i holds `terms[first[i]:first[i+1]]` with the weights `by_text`.
    """

    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    weights: Scores
    first: npt.NDArray[np.int64]
    terms: npt.NDArray[np.int32]
    by_text: Scores
    most: Scores
    """The highest weight of every term."""

    @classmethod
    def of(
        cls,
        starts: npt.NDArray[np.int64],
        rows: npt.NDArray[np.int32],
        weights: Scores,
        size: int,
    ) -> Postings:
        """Return both ways of these lists by term over `size` texts."""
        term_of = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
        order = np.argsort(rows, kind="stable")
        counts = np.bincount(rows, minlength=size)
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        most = highest(starts, weights)
        return cls(starts, rows, weights, first, term_of[order], weights[order], most)


def highest(starts: npt.NDArray[np.int64], weights: Scores) -> Scores:
    """Return the highest weight of every list, 0 for an empty one."""
    out = np.zeros(len(starts) - 1, np.float32)
    filled = np.flatnonzero(np.diff(starts))
    out[filled] = np.maximum.reduceat(weights, starts[filled])
    return out


class Bm25:
    """A BM25 index. Entry i of the scores belongs to text i as given to `build`."""

    def __init__(self, postings: Postings, vocabulary: dict[str, int]) -> None:
        self._postings, self._vocabulary = postings, vocabulary
        self.size = len(postings.first) - 1

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
        rows, weights, starts = (np.asarray(model.scores[n]) for n in ("indices", "data", "indptr"))
        return cls(
            Postings.of(starts.astype(np.int64), rows.astype(np.int32), weights, len(texts)),
            vocabulary,
        )

    @property
    def postings(self) -> Postings:
        """The weights, by term and by text."""
        return self._postings

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """The number of every term."""
        return self._vocabulary

    def scores(self, terms: Sequence[str]) -> Scores:
        """Return float32 (size,): the BM25 score of every text for these query terms."""
        return self.weighted_scores(Counter(terms))

    def weighted_scores(self, weights: Mapping[str, float]) -> Scores:
        """Return float32 (size,): the score of every text, each query term times its weight."""
        p = self._postings
        found = np.zeros(self.size, np.float32)
        for number, weight in self.numbers(weights):
            span = slice(p.starts[number], p.starts[number + 1])
            found[p.rows[span]] += np.float32(weight) * p.weights[span]  # rows stand once a term
        return found

    def scores_of(self, weights: Mapping[str, float], rows: Rows) -> Scores:
        """Return float32 (len(rows),): the scores of these texts alone, in their order."""
        p = self._postings
        wanted = np.zeros(len(p.starts) - 1, np.float32)
        for number, weight in self.numbers(weights):
            wanted[number] = weight
        lengths = p.first[rows + 1] - p.first[rows]
        ends = np.cumsum(lengths)
        out = np.zeros(len(rows), np.float32)
        if not len(rows) or not ends[-1]:
            return out
        before = ends - lengths
        places = np.arange(ends[-1]) + np.repeat(p.first[rows] - before, lengths)
        each = wanted[p.terms[places]] * p.by_text[places]
        out[lengths > 0] = np.add.reduceat(each, before[lengths > 0])
        return out

    def numbers(self, weights: Mapping[str, float]) -> list[tuple[int, float]]:
        """Return (term number, weight) for the terms that the collection knows."""
        known = self._vocabulary
        return [(known[t], w) for t, w in weights.items() if t in known]

    def rows_with(self, term: str) -> npt.NDArray[np.int32]:
        """Return the numbers of the texts that contain the term."""
        n = self._vocabulary.get(term)
        if n is None:
            return np.zeros(0, np.int32)
        start, end = self._postings.starts[n : n + 2]
        return self._postings.rows[start:end]

    def knows(self, term: str) -> bool:
        """True if the term occurs in the collection."""
        return term in self._vocabulary

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self._postings, name))
        (folder / _TERMS).write_text("\n".join(self._vocabulary), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Bm25:
        """Return the index saved in `folder`; IndexDamagedError if it cannot be read."""
        try:
            arrays = [mapped(folder / f"{n}.npy") for n in _ARRAYS]
            names = (folder / _TERMS).read_text(encoding="utf-8").split("\n")
            postings = Postings(*arrays)
            if len(names) != len(postings.starts) - 1 or len(postings.first) == 0:
                raise ValueError(f"{len(names)} terms, {len(postings.starts) - 1} lists")
        except (OSError, ValueError, TypeError) as e:
            raise IndexDamagedError(f"{folder} 读不出来（{e}）；请运行 zhize build 重建索引") from e
        return cls(postings, dict(zip(names, range(len(names)), strict=True)))
