"""The same questions through other rankers, in one run: `python -m eval.peers [--split test]`.

Peers: the data package's own search (its BM25 with synonyms and reranking, limited to the laws of
the safety scope), plain bigram BM25 over articles, plain embedding over articles. Needs the
package rank-bm25 (development set) for the first.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from assistant.services import Services, Settings
from eval.metrics import mean, percentile, recall_at, reciprocal_rank
from eval.queries import Query, canonical, load_queries
from eval.rankers import Rank, corpus_of, embedded, lexical, package_search, searched


def figures(rank: Rank, queries: Sequence[Query], services: Services) -> str:
    """Return one table row's figures."""
    ranked, gold, ms = [], [], []
    for q in queries:
        started = time.perf_counter()
        ranked.append(rank(q.text, 10))
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
    corpus = corpus_of(services, policies=False)
    rankers: dict[str, Rank | None] = {
        "知责": searched(services),
        "数据包自带检索": package_search(corpus),
        "只用二字 BM25": lexical(corpus),
        "只用向量": embedded(services, corpus),
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
