"""Retrieval figures: `python -m eval.run --queries F.jsonl [--scope safety|all] [--json]`.

`--queries` takes a file or the name of a set in eval/queries; `--split test` limits it. A gold
list holds alternatives. Hits are reduced to articles first. `--by style` gives the figures per
style of asking as well. With `--ask` the questions are asked and the share answered is printed
too (for must-refuse sets: the share refused). `--against refuse` adds the AUROC of the
confidence, these questions against those of the other set that must be refused, in one split.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.answers import Outcome
from assistant.errors import AssistantError, BadInputError
from assistant.services import Services, Settings
from eval.metrics import auroc, mean, ndcg_at, percentile, recall_at, reciprocal_rank
from eval.queries import Query, canonical, load_queries, reference
from indexer.errors import IndexingError
from kb.errors import KbError


def ranked_references(services: Services, text: str, scope: str) -> list[str]:
    """Return the references of the first hits, one per article or policy entry."""
    found = services.find(text, 20, scope)
    refs = [reference(services.catalog, h.provision.id.in_article) for h in found.hits]
    return list(dict.fromkeys(refs))[:10]


def evaluate(services: Services, queries: Sequence[Query], scope: str) -> dict[str, float]:
    """Return R@1, R@5, R@10, MRR@10, nDCG@10 and latency over the questions with gold."""
    ranked, gold, ms = [], [], []
    for q in queries:
        started = time.perf_counter()
        ranked.append(ranked_references(services, q.text, scope))
        ms.append((time.perf_counter() - started) * 1000)
        gold.append(canonical(services.catalog, q.gold))
    pairs = list(zip(ranked, gold, strict=True))
    return {
        "n": len(pairs),
        "R@1": round(mean([recall_at(r, g, 1) for r, g in pairs]), 4),
        "R@5": round(mean([recall_at(r, g, 5) for r, g in pairs]), 4),
        "R@10": round(mean([recall_at(r, g, 10) for r, g in pairs]), 4),
        "MRR@10": round(mean([reciprocal_rank(r, g) for r, g in pairs]), 4),
        "nDCG@10": round(mean([ndcg_at(r, g) for r, g in pairs]), 4),
        "p50_ms": round(percentile(ms, 0.50), 1),
        "p95_ms": round(percentile(ms, 0.95), 1),
    }


def by_style(
    services: Services, queries: Sequence[Query], scope: str
) -> dict[str, dict[str, float]]:
    """Return the figures of `evaluate` per style, styles in alphabetical order."""
    styles = sorted({q.style for q in queries})
    return {s: evaluate(services, [q for q in queries if q.style == s], scope) for s in styles}


def decide(services: Services, queries: Sequence[Query]) -> dict[str, float]:
    """Return the shares of questions answered and refused; unusable input counts as refused."""
    answered = mean([float(_answers(services, q.text)) for q in queries])
    return {"answered": round(answered, 4), "refused": round(1 - answered, 4)}


def told_apart(
    services: Services, queries: Sequence[Query], refused: Sequence[Query]
) -> dict[str, float]:
    """Return the AUROC of the confidence: the chance that a question to answer gets the higher."""
    own, other = ([services.find(q.text, 1).confidence for q in s] for s in (queries, refused))
    return {"AUROC": round(auroc(own, other), 4)}


def _answers(services: Services, text: str) -> bool:
    try:
        return services.ask(text).outcome == Outcome.ANSWER
    except BadInputError:
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description="retrieval figures on a question set")
    parser.add_argument("--queries", required=True)
    parser.add_argument("--split", default="", choices=("", "train", "tune", "test"))
    parser.add_argument("--scope", default="safety", choices=("safety", "all"))
    parser.add_argument("--by", choices=("style",))
    parser.add_argument("--ask", action="store_true")
    parser.add_argument("--against", metavar="SET", help="questions that must be refused")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    path = Path(args.queries)
    try:
        queries = load_queries(path if path.suffix else args.queries, args.split)
        refused = load_queries(args.against, args.split) if args.against else []
        services = Services.open(Settings())
    except (OSError, ValueError, AssistantError, IndexingError, KbError) as e:
        print(str(e), file=sys.stderr)
        return 2
    figures: dict[str, float] = {}
    judged = [q for q in queries if q.gold]
    if judged:
        services.find(judged[0].text)
        figures = evaluate(services, judged, args.scope)
    if args.ask or not judged:
        figures |= decide(services, queries)
    if judged and refused:
        figures |= told_apart(services, judged, refused)
    styles = by_style(services, judged, args.scope) if args.by else {}
    show(figures, styles, as_json=args.json)
    return 0


def show(figures: dict[str, float], styles: dict[str, dict[str, float]], *, as_json: bool) -> None:
    """Print the figures, then those of every style."""
    if as_json:
        print(json.dumps({**figures, **({"styles": styles} if styles else {})}, ensure_ascii=False))
        return
    print("  ".join(f"{k} {v}" for k, v in figures.items()))
    for style, part in styles.items():
        print(f"{style or '-':<12}" + "  ".join(f"{k} {v}" for k, v in part.items()))


if __name__ == "__main__":
    sys.exit(main())
