"""Training questions for the ranker: asked-as entries left out one at a time, and exam stems.

Nothing here reads a test split.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.reader import Index
from indexer.tokens import Tokenizer
from indexer.units import Unit, UnitKind
from kb.catalog import Catalog
from kb.model import ProvisionId


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the articles that answer it, and index rows that must not help."""

    text: str
    gold: tuple[ProvisionId, ...]
    exclude: tuple[int, ...] = ()
    vector: npt.NDArray[np.float32] | None = None


def entry_rows(index: Index) -> dict[str, tuple[int, ...]]:
    """Return the rows of the asked-as entries with each text."""
    rows: dict[str, list[int]] = {}
    for i, unit in enumerate(index.units):
        if unit.kind is UnitKind.ASKED:
            rows.setdefault(unit.text, []).append(i)
    return {text: tuple(found) for text, found in rows.items()}


def left_out(index: Index, rng: random.Random, count: int) -> Iterator[Example]:
    """Yield asked-as entries as questions, each with its own row (and its twins) left out."""
    rows = [
        i
        for i, u in enumerate(index.units)
        if u.kind is UnitKind.ASKED and not u.target.doc_id.startswith("policy-")
    ]
    twins: dict[str, list[int]] = {}
    for i in rows:
        twins.setdefault(index.units[i].text, []).append(i)
    for i in rng.sample(rows, min(count, len(rows))):
        unit = index.units[i]
        gold = tuple({index.units[j].target.in_article for j in twins[unit.text]})
        vector = index.vectors.get(np.array([i]))
        yield Example(unit.text, gold, tuple(twins[unit.text]), vector)


def without_entries(
    index: Index, examples: Sequence[Example], rng: random.Random
) -> Iterator[Example]:
    """Yield the examples as if the gold documents and a third of the others had no entries.

    Teaches the ranker what a document is worth that nobody has written asked-as entries for.
    """
    rows: dict[str, list[int]] = {}
    for i, unit in enumerate(index.units):
        if unit.kind is UnitKind.ASKED:
            rows.setdefault(unit.target.doc_id, []).append(i)
    for e in examples:
        silent = {g.doc_id for g in e.gold} | {d for d in rows if rng.random() < 1 / 3}
        yield Example(e.text, e.gold, tuple(i for d in sorted(silent) for i in rows.get(d, ())))


def naming_the_law(
    catalog: Catalog, examples: Sequence[Example], rng: random.Random
) -> Iterator[Example]:
    """Yield the examples with the law that answers named in the question."""
    for e in examples:
        doc = catalog.get(rng.choice(e.gold).doc_id)
        name = rng.choice((doc.short, doc.title, *doc.aliases))
        frame = rng.choice(("{}里，{}", "《{}》{}", "按{}，{}", "{} {}"))
        gold = tuple(g for g in e.gold if g.doc_id == doc.id)
        yield Example(frame.format(name, e.text), gold, e.exclude)


def exam_stems(
    index: Index, catalog: Catalog, tokenizer: Tokenizer, rng: random.Random, count: int
) -> Iterator[Example]:
    """Yield stems made of a clause of a provision with words blanked, dropped or framed."""
    units = [u for u in index.units if u.kind is not UnitKind.ASKED and len(u.text) > 20]
    units = [u for u in units if not u.target.doc_id.startswith("policy-")]
    for unit in rng.sample(units, min(count, len(units))):
        stem = _stem(unit, catalog, tokenizer, rng)
        if stem:
            yield Example(stem, (unit.target.in_article,))


def _stem(unit: Unit, catalog: Catalog, tokenizer: Tokenizer, rng: random.Random) -> str:
    clauses = [c for c in re.split(r"[。；\n]", unit.text) if len(c) >= 10]
    if not clauses:
        return ""
    clause = rng.choice(clauses)
    if len(clause) > 80:
        pieces = clause.split("，")
        at = rng.randrange(len(pieces))
        clause = "，".join(pieces[max(0, at - 1) : at + 2])
    words = tokenizer.cut(clause)
    blanks = [i for i, w in enumerate(words) if len(w) >= 2]
    for _ in range(rng.choice((0, 1, 1, 2))):
        if blanks:
            words[rng.choice(blanks)] = "（ ）"
    if rng.random() < 0.4 and len(words) > 8:
        for _ in range(len(words) // 6):
            words.pop(rng.randrange(len(words)))
    stem = "".join(words)
    doc = catalog.get(unit.target.doc_id)
    if rng.random() < 0.3:
        name = rng.choice((doc.short, doc.title))
        stem = (
            rng.choice(("根据《{}》，", "《{}》规定，", "依据《{}》的规定，")).format(name) + stem
        )
    if rng.random() < 0.3:
        stem += rng.choice(("。（判断题）", "，下列说法正确的是", "（ ）。"))
    return stem if len(stem) >= 10 else ""
