"""Libraries of any size made of the real one: a sample of it, or copies of it with noise.

Encoding millions of texts takes days on two cores, so vectors beyond the real ones are real ones
with noise (cosine to the original about 0.9), and word lists beyond them are real ones of which
three words in ten are dropped and every weight is moved by up to a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.services import Services, Settings
from eval.queries import load_queries
from indexer.lexical import Bm25
from indexer.tokens import bigrams
from indexer.units import UnitKind

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NOISE = 0.48
"""Length of the noise added to a unit vector."""
KEPT = 0.7
CHUNK = 65_536
QUESTION_SETS = ("colloquial", "exam", "rough")


@dataclass(frozen=True, slots=True)
class Real:
    """What there really is: vectors and bigrams of passages, and the same of tune questions."""

    vectors: Floats
    terms: list[list[str]]
    questions: Floats
    question_terms: list[list[str]]


@dataclass(frozen=True, slots=True)
class Postings:
    """BM25 weights by term: rows `rows[starts[t]:starts[t+1]]` in order, with `weights`."""

    rows: npt.NDArray[np.int32]
    weights: Floats
    starts: Ints
    vocabulary: dict[str, int]
    size: int


def real(settings: Settings, most_questions: int) -> Real:
    """Return the passages of the built index and tune questions; raises as Services.open."""
    services = Services.open(settings)
    index = services.index
    rows = np.array([i for i, u in enumerate(index.units) if u.kind is not UnitKind.ASKED])
    texts = [q.text for name in QUESTION_SETS for q in load_queries(name, "tune")]
    texts = texts[:: max(1, len(texts) // most_questions)][:most_questions]
    asked = services.embedder.encode_queries(texts)
    return Real(
        index.vectors.get(rows),
        [bigrams(index.units[i].text) for i in rows],
        services.embedder.beside_passages(asked),
        [bigrams(t) for t in texts],
    )


def replicate_vectors(base: Floats, count: int, path: Path, seed: int = 0) -> Floats:
    """Return float32 unit vectors (count, dimension) in a memory-mapped file at `path`."""
    rng = np.random.default_rng(seed)
    shape = (count, base.shape[1])
    out: Floats = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    if count <= len(base):
        out[:] = base[np.sort(rng.choice(len(base), count, replace=False))]
        return out
    spread = np.float32(NOISE / base.shape[1] ** 0.5)
    for at in range(0, count, CHUNK):
        places = np.arange(at, min(at + CHUNK, count))
        rows = base[places % len(base)]
        new = places >= len(base)
        noise = rng.standard_normal(rows.shape, np.float32) * spread
        rows = rows + noise * new[:, None]
        out[places] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return out


def replicate_postings(terms: list[list[str]], count: int, seed: int = 0) -> Postings:
    """Return the BM25 weights of `count` passages."""
    rng = np.random.default_rng(seed)
    if count <= len(terms):
        rows = np.sort(rng.choice(len(terms), count, replace=False))
        return postings_of(Bm25.build([terms[i] for i in rows]))
    base = postings_of(Bm25.build(terms))
    copies = -(-count // base.size)
    width = len(base.starts) - 1
    term_of = np.repeat(np.arange(width), np.diff(base.starts))
    kept = [_kept(seed, n, len(term_of)) for n in range(copies)]
    counts = sum(np.bincount(term_of[k], minlength=width) for k in kept)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    out_rows = np.empty(starts[-1], np.int32)
    weights = np.empty(starts[-1], np.float32)
    free = starts[:-1].copy()
    for n, k in enumerate(kept):
        own = np.bincount(term_of[k], minlength=width)
        first = np.concatenate([[0], np.cumsum(own)[:-1]])
        places = free[term_of[k]] + np.arange(own.sum()) - first[term_of[k]]
        out_rows[places] = base.rows[k] + n * base.size
        moved = rng.uniform(0.9, 1.1, len(places)).astype(np.float32)
        weights[places] = base.weights[k] * moved
        free += own
    return Postings(out_rows, weights, starts, base.vocabulary, copies * base.size)


def _kept(seed: int, copy: int, count: int) -> npt.NDArray[np.bool_]:
    if copy == 0:
        return np.ones(count, np.bool_)
    return np.random.default_rng((seed, copy)).random(count, np.float32) < KEPT


def postings_of(model: Bm25) -> Postings:
    """Return the weights of a built BM25 index, rows of every term in order."""
    scores = model.postings
    return Postings(
        scores.rows,
        scores.weights,
        scores.starts,
        dict(model.vocabulary),
        model.size,
    )
