"""A whole library of any size, made of the real one, for asking it questions end to end.

Only what today's default filters let through is taken, so that every entry is searched. Smaller
libraries are some of its documents; larger ones hold further copies of every document under
another name, with noise in the vectors and in the weights of words (see eval/bench/replicas.py).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.bench.replicas import CHUNK, KEPT, NOISE
from indexer.doc_counts import DocumentCounts
from indexer.lexical import Bm25, Postings, highest
from indexer.matching import DENSE_UP_TO
from indexer.reader import Index
from indexer.unit_table import UnitTable, write_units
from kb.catalog import Catalog
from kb.model import Article, Document, ProvisionId

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
MARK = "~"
"""Between the id of a document and the number of its copy."""


class GrownCatalog(Catalog):
    """The documents of a library and copies of them, whose articles are made when asked for."""

    def __init__(self, base: Catalog, held: set[str], copies: int) -> None:
        self._base = base
        more = [_copy(d, n) for n in range(1, copies) for d in base if d.id in held]
        super().__init__([*base, *more])

    def article(self, pid: ProvisionId) -> Article:
        """Return the article, that of a copy under the copy's id."""
        doc_id, _, copy = pid.doc_id.partition(MARK)
        found = self._base.article(replace(pid, doc_id=doc_id))
        if not copy:
            return found
        parts = tuple(replace(p, id=replace(p.id, doc_id=pid.doc_id)) for p in found.parts)
        return replace(found, id=replace(found.id, doc_id=pid.doc_id), parts=parts)


def _copy(doc: Document, number: int) -> Document:
    name = f"样本{number}号{doc.title}"
    return replace(doc, id=f"{doc.id}{MARK}{number}", title=name, short=name, aliases=())


def chosen_rows(index: Index, owner: npt.NDArray[np.int32], count: int, seed: int = 0) -> Ints:
    """Return the rows that stay, ascending: all that have an owner, or those of some documents."""
    table = index.units
    rows = np.flatnonzero(owner >= 0)
    if count >= len(rows):
        return rows
    document = table.document[table.article[rows]]
    order = np.random.default_rng(seed).permutation(np.unique(document))
    sizes = np.bincount(document)[order]
    kept = order[: int(np.searchsorted(np.cumsum(sizes), count)) + 1]
    return rows[np.isin(document, kept)]


def grow_units(table: UnitTable, rows: Ints, copies: int) -> UnitTable:
    """Return the entries of these rows, `copies` times, each time of other documents."""
    articles, article = np.unique(table.article[rows], return_inverse=True)
    documents, document = np.unique(table.document[articles], return_inverse=True)
    texts = [table.texts[table.start[r] : table.start[r + 1]] for r in rows]
    words = np.concatenate(texts)
    lengths = np.array([len(t) for t in texts])
    names = [table.documents[d] for d in documents]
    every = np.arange(copies, dtype=np.int32)
    return UnitTable(
        np.tile(table.kind[rows], copies),
        _shifted(article, every * len(articles)),
        np.tile(table.paragraph[rows], copies),
        np.tile(table.item[rows], copies),
        np.concatenate([[0], np.cumsum(np.tile(lengths, copies))]).astype(np.int64),
        np.tile(words, copies),
        _shifted(document, every * len(documents)),
        np.tile(table.label[articles], copies),
        tuple((f"{d}{MARK}{n}" if n else d, v) for n in range(copies) for d, v in names),
        table.labels,
    )


def _shifted(numbers: Ints, by: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    out: npt.NDArray[np.int32] = (by[:, None] + numbers[None].astype(np.int32)).reshape(-1)
    return out


def grow_vectors(vectors: Floats, copies: int, path: Path, seed: int = 0) -> Floats:
    """Return unit vectors in a mapped file: the given ones, then copies of them with noise."""
    count, width = vectors.shape
    rng = np.random.default_rng(seed)
    shape = (copies * count, width)
    out: Floats = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    out[:count] = vectors
    spread = np.float32(NOISE / width**0.5)
    for at in range(count, len(out), CHUNK):
        places = np.arange(at, min(at + CHUNK, len(out)))
        moved = vectors[places % count]
        moved = moved + rng.standard_normal(moved.shape, np.float32) * spread
        out[places] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return out


def grow_terms(index: Bm25, rows: Ints, copies: int, seed: int = 0) -> Bm25:
    """Return the terms of these rows, `copies` times, later ones with some left out or moved."""
    base, size = _only(index.postings, rows), len(rows)
    width, total = len(base.starts) - 1, len(base.rows)
    term_of = np.repeat(np.arange(width), np.diff(base.starts))
    by_text = np.argsort(base.rows, kind="stable")
    kept = [_kept(seed, n, total) for n in range(copies)]
    counts = sum(np.bincount(term_of[k], minlength=width) for k in kept)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    found, weights = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    terms, others = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    lengths = np.zeros(copies * size, np.int64)
    free, at = starts[:-1].copy(), 0
    for n, k in enumerate(kept):
        moved = base.weights * (_moves(seed, n, total) if n else np.float32(1))
        own = np.bincount(term_of[k], minlength=width)
        first = np.concatenate([[0], np.cumsum(own)[:-1]])
        places = free[term_of[k]] + np.arange(own.sum()) - first[term_of[k]]
        found[places], weights[places] = base.rows[k] + n * size, moved[k]
        free += own
        order = by_text[k[by_text]]
        terms[at : at + len(order)], others[at : at + len(order)] = term_of[order], moved[order]
        at += len(order)
        lengths[n * size : (n + 1) * size] = np.bincount(base.rows[k], minlength=size)
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    most = highest(starts, weights)
    return Bm25(
        Postings(starts, found, weights, first, terms, others, most), dict(index.vocabulary)
    )


def _only(postings: Postings, rows: Ints) -> Postings:
    """The weights of some texts, which are numbered anew."""
    number = np.full(len(postings.first) - 1, -1, np.int32)
    number[rows] = np.arange(len(rows))
    new = number[postings.rows]
    term_of = np.repeat(np.arange(len(postings.starts) - 1), np.diff(postings.starts))
    held = new >= 0
    counts = np.bincount(term_of[held], minlength=len(postings.starts) - 1)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Postings.of(starts, new[held], postings.weights[held], len(rows))


def _kept(seed: int, copy: int, count: int) -> npt.NDArray[np.bool_]:
    if copy == 0:
        return np.ones(count, np.bool_)
    return np.random.default_rng((seed, copy)).random(count, np.float32) < KEPT


def _moves(seed: int, copy: int, count: int) -> Floats:
    return np.random.default_rng((seed, copy, 1)).uniform(0.9, 1.1, count).astype(np.float32)


def write_grown(index: Index, rows: Ints, count: int, folder: Path, seed: int = 0) -> Floats:
    """Write entries, terms and raw vectors of about `count` rows; return the vectors."""
    copies = max(1, round(count / len(rows)))
    table = grow_units(index.units, rows, copies)
    write_units(folder / "units", table)
    for name, terms in (("grams", index.grams), ("words", index.words)):
        (folder / name).mkdir()
        grown = grow_terms(terms, rows, copies, seed)
        grown.save(folder / name)
        if name == "grams" and grown.size > DENSE_UP_TO:
            DocumentCounts.of(grown.postings, table.document[table.article]).save(folder / name)
        del grown
    return grow_vectors(index.vectors.get(rows), copies, folder / "vectors.npy", seed)
