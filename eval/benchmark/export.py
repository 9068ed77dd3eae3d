"""The data set as files that other tools read: questions, judgements, and what may be found."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.benchmark.composition import DECISION, RETRIEVAL
from eval.queries import FOLDER, canonical, load_queries, reference, references
from kb.catalog import Catalog
from kb.library import Library
from kb.model import Article, Document, ProvisionId

VERSION = "1"
QUERIES, CORPUS, MANIFEST = "queries.jsonl", "corpus.jsonl", "manifest.json"


def export(library: Library, folder: Path, *, texts: bool = False) -> dict[str, Any]:
    """Write the data set into `folder` and return its manifest.

    queries.jsonl, qrels/<set>.<split>.trec, corpus.jsonl and manifest.json; equal inputs give
    equal bytes. With `texts` the corpus holds the words of the provisions too.
    """
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    catalog = library.catalog
    written = {
        QUERIES: _lines(query_rows()),
        CORPUS: _lines(corpus_rows(catalog, texts=texts)),
        **{f"qrels/{name}.trec": body for name, body in qrels(catalog).items()},
    }
    for name, body in written.items():
        (folder / name).write_text(body, encoding="utf-8")
    manifest = {
        "name": "zhize work-safety retrieval",
        "version": VERSION,
        "library": library.fingerprint,
        "counts": {name: body.count("\n") for name, body in sorted(written.items())},
        "sha256": {
            name: hashlib.sha256(body.encode()).hexdigest()
            for name, body in sorted(written.items())
        },
    }
    body = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(body, encoding="utf-8")
    return manifest


def question_id(name: str, qid: str) -> str:
    """Return the id of a question in all files: set and number, without blanks."""
    return f"{name}-{qid}"


def query_rows() -> Iterator[dict[str, Any]]:
    """Yield every question with its fields; `expect` and `why` only where the set has them."""
    for name in (*RETRIEVAL, *DECISION):
        path = FOLDER / f"{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            head = {"qid": question_id(name, row["qid"]), "set": name}
            tail = {k: v for k, v in row.items() if k not in ("qid", "split", "query")}
            yield {**head, "split": row["split"], "query": row["query"], **tail}


def articles(catalog: Catalog) -> Iterator[tuple[Document, Article]]:
    """Yield what may be found: every article in scope, in its latest version."""
    for doc in sorted(catalog, key=lambda d: d.id):
        if doc.in_scope:
            for article in doc.latest().articles:
                if doc.covers(article):
                    yield doc, article


def corpus_rows(catalog: Catalog, *, texts: bool) -> Iterator[dict[str, Any]]:
    """Yield one line an article: id, reference, document, and a hash of its words."""
    for doc, article in articles(catalog):
        row = {
            "id": str(article.id),
            "reference": reference(catalog, article.id),
            "doc_id": doc.id,
            "title": doc.title,
            "version": article.id.version,
            "locator": article.id.locator,
            "level": doc.level.value,
            "text_kind": doc.text_kind.value,
            "region": doc.region,
            "sha256": hashlib.sha256(article.text.encode()).hexdigest(),
        }
        yield {**row, "text": article.text} if texts else row


def gold_ids(catalog: Catalog) -> dict[str, list[ProvisionId]]:
    """Return the articles behind every reference of the corpus."""
    return references(catalog, (a.id for _, a in articles(catalog)))


def qrels(catalog: Catalog) -> dict[str, str]:
    """Return TREC judgements per set and split: question, 0, provision, 1.

    A provision that is not in the corpus is left out.
    """
    by_ref = gold_ids(catalog)
    out: dict[str, list[str]] = {}
    for name in RETRIEVAL:
        for q in load_queries(name):
            ids = [a for ref in canonical(catalog, q.gold) for a in by_ref.get(ref, ())]
            lines = [f"{question_id(name, q.qid)} 0 {a} 1\n" for a in dict.fromkeys(map(str, ids))]
            out.setdefault(f"{name}.{q.split}", []).extend(lines)
    return {name: "".join(lines) for name, lines in sorted(out.items())}


def judged(catalog: Catalog) -> Counter[str]:
    """Return how many questions of each set and split have a judgement."""
    found = {n: {x.split()[0] for x in b.splitlines()} for n, b in qrels(catalog).items()}
    return Counter({name: len(qids) for name, qids in found.items()})


def _lines(rows: Iterator[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
