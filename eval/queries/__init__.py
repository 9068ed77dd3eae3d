"""Evaluation questions: reading them, and the references that hits are compared with."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.catalog import Catalog
from kb.model import ProvisionId

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Query:
    """One question. `gold` holds references that each answer it; empty if it must be refused."""

    qid: str
    text: str
    gold: tuple[str, ...]
    split: str
    at: tuple[str, ...] = ()
    style: str = ""


def load_queries(name: str | Path, split: str = "") -> list[Query]:
    """Return the questions of a set (colloquial, exam, …) or of a file, optionally one split."""
    path = name if isinstance(name, Path) else FOLDER / f"{name}.jsonl"
    if not isinstance(name, Path) and not path.is_file():
        raise FileNotFoundError(f"没有题集 {name}；现有 {'、'.join(available())}")
    out = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            query = Query(
                str(row["qid"]), str(row["query"]), tuple(row.get("gold_ref", ())),
                str(row.get("split", "")), tuple(row.get("at", ())), str(row.get("style", "")),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError) as e:
            raise ValueError(f'{path}:{n}: {e}；每行应如 {{"qid":…,"query":…}}') from None
        if not split or query.split == split:
            out.append(query)
    return out


def available() -> list[str]:
    """Return the names of the sets in this folder."""
    return sorted(p.stem for p in FOLDER.glob("*.jsonl"))


def reference(catalog: Catalog, article: ProvisionId) -> str:
    """Return how gold lists name an article: full title + 第X条; a policy entry by its title."""
    doc = catalog.get(article.doc_id)
    return doc.title if doc.is_policy else doc.title + article.article


def canonical(catalog: Catalog, gold: Iterable[str]) -> tuple[str, ...]:
    """Return gold references with policy entries under their title, whatever alias was used."""
    out = []
    for ref in gold:
        docs = catalog.by_name(ref)
        out.append(docs[0].title if len(docs) == 1 and docs[0].is_policy else ref)
    return tuple(out)


def references(catalog: Catalog, articles: Iterable[ProvisionId]) -> dict[str, list[ProvisionId]]:
    """Return the articles of every reference."""
    out: dict[str, list[ProvisionId]] = defaultdict(list)
    for article in articles:
        out[reference(catalog, article)].append(article)
    return dict(out)
