"""Train the ranker of the whole library: `python -m eval.train_general --questions FILE`.

Reads the tune half of the general questions (`eval.general`) and train questions of the safety
scope asked in scope all; never a test question. `--cv` prints five-fold figures, folds by article,
and writes nothing. With `--cache DIR` collected features are kept. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.errors import AssistantError
from assistant.services import Services, Settings
from assistant.whole import WHOLE_FILE
from eval.cases import Case, fingerprint, kept
from eval.general import open_questions
from eval.metrics import mean
from eval.queries import Query, canonical, load_queries, reference
from eval.train_data import entry_rows
from eval.train_ranker import Fitted, fit, to_json
from eval.voices import SETS
from indexer.embed import question_vectors
from indexer.errors import IndexingError
from kb.errors import KbError

GENERAL, SAFETY, KEPT = "general", "safety", "kept"
KEPT_SETS = ("colloquial", "rough", "exam")
"""Tune sets of the safety scope that show what the fit costs there; not learned from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, where it comes from, and how many gold articles there are."""

    group: str
    query: Query


def questions(general: Sequence[Query], safety: int, kept_back: int, seed: int) -> list[Asked]:
    """Return the questions to learn from and, as group `kept`, those to judge the safety scope."""
    rng = random.Random(seed)
    own = [q for name in (*SETS, "train_exam") for q in load_queries(name, "train") if q.gold]
    back = [q for name in KEPT_SETS for q in load_queries(name, "tune")]
    return [
        *(Asked(GENERAL, q) for q in general if q.split == "tune"),
        *(Asked(SAFETY, q) for q in rng.sample(own, min(safety, len(own)))),
        *(Asked(KEPT, q) for q in rng.sample(back, min(kept_back, len(back)))),
    ]


def collect(services: Services, asked: Sequence[Asked]) -> Iterator[Case]:
    """Yield a case a question, as scope all sees it; no question finds its own entry."""
    own = entry_rows(services.index)
    search, catalog = services.search, services.catalog
    for a in asked:
        filters = search.filters("all", text=a.query.text)
        question = search.understand(a.query.text, filters)
        vectors = question_vectors(services.embedder, question.core)
        view = search.view(filters)
        found = search.candidates(question, vectors, view, own.get(a.query.text, ()))
        gold = set(canonical(catalog, a.query.gold))
        refs = [reference(catalog, view.articles[n]) for n in found.articles]
        right = np.array([r in gold for r in refs], np.bool_)
        yield Case(a.group, a.query.split, found.features, right)


def judge(fitted: Fitted, cases: Sequence[Case], wanted: Sequence[int]) -> dict[str, float]:
    """Return R@1, success and recall at ten; `wanted` is how many gold articles each has."""
    rows = []
    for case, count in zip(cases, wanted, strict=True):
        order = np.argsort(-fitted.scores(case).numpy(), kind="stable")[:10]
        hits = case.gold[order]
        rows.append((float(hits[:1].any()), float(hits.any()), hits.sum() / count))
    return {
        "R@1": mean([r[0] for r in rows]),
        "success@10": mean([r[1] for r in rows]),
        "recall@10": mean([r[2] for r in rows]),
    }


def cross_validate(
    cases: Sequence[Case], asked: Sequence[Asked], hidden: int, decay: float, epochs: int
) -> None:
    """Print figures over the general questions out of fold, and over the kept ones of the scope.

    A fold holds the questions of a fifth of the articles that are a question's first gold.
    """
    firsts = sorted({a.query.gold[0] for a in asked if a.group == GENERAL})
    random.Random(0).shuffle(firsts)
    fold = {ref: n % 5 for n, ref in enumerate(firsts)}
    pairs = list(zip(cases, asked, strict=True))
    sums: dict[str, list[float]] = {}
    for k in range(5):
        held = [p for p in pairs if p[1].group == GENERAL and fold[p[1].query.gold[0]] == k]
        kept_back = [p for p in pairs if p[1].group == KEPT]
        out = {id(c) for c, _ in (*held, *kept_back)}
        fitted = fit([c for c in cases if id(c) not in out], hidden, decay, epochs, every=True)
        for group, part in ((GENERAL, held), (KEPT, kept_back)):
            counts = [len(a.query.gold) if group == GENERAL else 1 for _, a in part]
            for name, x in judge(fitted, [c for c, _ in part], counts).items():
                sums.setdefault(f"{group} {name}", []).append(x)
    shown = " ".join(f"{k} {mean(v):.3f}" for k, v in sums.items() if k != f"{KEPT} recall@10")
    print(f"hidden {hidden} decay {decay} epochs {epochs}: {shown}", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit code 2 with one line on standard error if the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m eval.train_general", description=__doc__)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--hidden", type=int, nargs="*", default=[0])
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--safety", type=int, default=500, help="safety questions to learn from")
    parser.add_argument("--kept", type=int, default=150, help="safety questions to judge")
    parser.add_argument("--cache", type=Path, help="folder in which collected features are kept")
    parser.add_argument("--out", type=Path, default=WHOLE_FILE)
    args = parser.parse_args(argv)
    try:
        services = Services.open(Settings())
        general = open_questions(services, args.questions)
    except (OSError, AssistantError, IndexingError, KbError) as e:
        print(str(e), file=sys.stderr)
        return 2
    asked = questions(general, args.safety, args.kept, 7)
    key = fingerprint(services, [(a.group, a.query.qid, a.query.text) for a in asked])
    cases = kept(args.cache, f"general-{key}", lambda: collect(services, asked))
    for hidden in args.hidden:
        if args.cv:
            cross_validate(cases, asked, hidden, args.decay, args.epochs)
            continue
        learned = [c for c in cases if c.group != KEPT]
        fitted = fit(learned, hidden, args.decay, args.epochs, every=True)
        args.out.write_text(json.dumps(to_json(fitted)) + "\n", encoding="utf-8")
        print(f"wrote {args.out.name}: {len(learned)} questions, hidden {hidden}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
