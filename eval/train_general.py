"""Train the ranker of the whole library: `python -m eval.train_general --questions FILE`.

Reads the tune half of the general questions (`eval.general`) and train questions of the safety
scope asked in scope all; never a test question. The ranker is linear and held near zero: what is
learned from the laws that a few hundred questions ask about must hold for all others. How often
people ask about a law is counted over the same half and is a feature too; while the ranker is
fitted, a question does not count itself. `--cv laws` (or `articles`) prints five-fold figures with
whole laws (or articles alone) left out, and writes nothing. With `--cache DIR`
collected features are kept. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import torch

from assistant.errors import AssistantError
from assistant.services import Services, Settings
from assistant.whole import ASKED_ABOUT_FILE, WHOLE_FILE
from eval.benchmark.composition import document_of
from eval.cases import Case, fingerprint, kept
from eval.general import open_questions
from eval.metrics import mean
from eval.queries import Query, canonical, load_queries, reference
from eval.train_data import entry_rows
from eval.train_ranker import Fitted, to_json
from eval.voices import SETS
from indexer.embed import question_vectors
from indexer.errors import IndexingError
from kb.catalog import Catalog
from kb.errors import KbError

GENERAL, SAFETY, KEPT = "general", "safety", "kept"
RIDGE = 100.0
"""Chosen on tune with whole laws left out: less fits the laws it was shown (with almost none, the
figures on other laws fall to those of a fixed mix), more costs questions of the safety scope."""
WEIGHTS = {SAFETY: 0.5}
Hits = tuple[float, float, float]
Floats = npt.NDArray[np.float32]
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
    """Yield a case a question, as scope all sees it; no question finds its own entry.

    The last column is the number of the candidate's law instead of how often it is asked about.
    """
    own = entry_rows(services.index)
    search, catalog = services.search, services.catalog
    numbers = law_numbers(catalog)
    for a in asked:
        filters = search.filters("all", text=a.query.text)
        question = search.understand(a.query.text, filters)
        vectors = question_vectors(services.embedder, question.core)
        view = search.view(filters)
        found = search.candidates(question, vectors, view, own.get(a.query.text, ()))
        gold = set(canonical(catalog, a.query.gold))
        refs = [reference(catalog, view.article(int(n))) for n in found.articles]
        right = np.array([r in gold for r in refs], np.bool_)
        titles = (catalog.get(view.article(int(n)).doc_id).title for n in found.articles)
        law = np.array([numbers[title] for title in titles], np.float32)
        features = np.concatenate([found.features[:, :-1], law.reshape(-1, 1)], axis=1)
        yield Case(a.group, a.query.split, features, right)


def law_numbers(catalog: Catalog) -> dict[str, int]:
    """Return a number for every document, by its title."""
    return {title: n for n, title in enumerate(sorted({d.title for d in catalog}))}


def counted(asked: Sequence[Asked], numbers: Mapping[str, int]) -> Floats:
    """Return how many of the general questions each law answers, by its number."""
    out = np.zeros(len(numbers), np.float32)
    for a in asked:
        if a.group == GENERAL:
            out[_laws_of(a, numbers)] += 1
    return out


def with_counts(
    case: Case, asked: Asked, counts: Floats, numbers: Mapping[str, int], *, itself: bool
) -> Case:
    """Return the case with the counts in place of the law numbers; less itself if it was counted."""
    if itself and asked.group == GENERAL:
        counts = counts.copy()
        counts[_laws_of(asked, numbers)] -= 1
    often = np.log1p(counts[case.features[:, -1].astype(np.int64)])
    features = np.concatenate([case.features[:, :-1], often.reshape(-1, 1)], axis=1)
    return replace(case, features=features.astype(np.float32))


def _laws_of(asked: Asked, numbers: Mapping[str, int]) -> list[int]:
    titles = {document_of(g) for g in asked.query.gold}
    return sorted(numbers[title] for title in titles if title in numbers)


def fit_linear(
    cases: Sequence[Case], ridge: float, weights: Mapping[str, float] = MappingProxyType({})
) -> Fitted:
    """Return the linear ranker under which all gold are likeliest (list-wise), found exactly.

    `weights` says how much a question of a group counts, 1 if it names none.
    """
    usable = [c for c in cases if c.reachable]
    x = torch.from_numpy(np.concatenate([c.features for c in usable]))
    center, scale = x.mean(0), x.std(0) + 1e-3
    x = (x - center) / scale
    lengths = [len(c.features) for c in usable]
    case = torch.from_numpy(np.repeat(np.arange(len(usable)), lengths))
    counts = torch.tensor([weights.get(c.group, 1.0) for c in usable])
    share = np.concatenate([c.gold / c.gold.sum() for c in usable]).astype(np.float32)
    wanted = torch.from_numpy(share) * counts[case]
    beta = torch.zeros(x.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([beta], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        score = x @ beta
        top = score.max().detach()
        sums = torch.zeros(len(usable)).index_add(0, case, torch.exp(score - top))
        value = (counts * (torch.log(sums + 1e-30) + top)).sum() - (wanted * score).sum()
        value = value + ridge * (beta**2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    layer = torch.nn.Linear(len(beta), 1)
    with torch.no_grad():
        layer.weight.copy_(beta[None])
        layer.bias.zero_()
    return Fitted(torch.nn.Sequential(layer), center, scale)


def judge(fitted: Fitted, cases: Sequence[Case], wanted: Sequence[int]) -> list[Hits]:
    """Return R@1, success and recall at ten of every case; `wanted` is how many gold it has."""
    rows = []
    for case, count in zip(cases, wanted, strict=True):
        order = np.argsort(-fitted.scores(case).numpy(), kind="stable")[:10]
        hits = case.gold[order]
        rows.append((float(hits[:1].any()), float(hits.any()), float(hits.sum() / count)))
    return rows


LEFT_OUT: Mapping[str, Callable[[Asked], str]] = {
    "laws": lambda a: document_of(a.query.gold[0]),
    "articles": lambda a: a.query.gold[0],
}
"""What a question belongs to when it is left out: the law or the article of its first gold."""


def folds(asked: Sequence[Asked], by: str = "laws", count: int = 5) -> dict[str, int]:
    """Return the fold of every law, or article, that general questions ask about.

    The folds are alike in size.
    """
    sizes = Counter(LEFT_OUT[by](a) for a in asked if a.group == GENERAL)
    load, out = [0] * count, {}
    for law, size in sorted(sizes.items(), key=lambda x: (-x[1], x[0])):
        out[law] = load.index(min(load))
        load[out[law]] += size
    return out


def cross_validate(
    cases: Sequence[Case],
    asked: Sequence[Asked],
    ridge: float,
    by: str,
    numbers: Mapping[str, int],
) -> None:
    """Print figures of general questions left out, and of the kept ones of the scope."""
    fold = folds(asked, by)
    found: dict[str, list[Hits]] = {GENERAL: [], KEPT: []}
    pairs = list(zip(cases, asked, strict=True))
    for k in sorted(set(fold.values())):
        held = [p for p in pairs if p[1].group == GENERAL and fold[LEFT_OUT[by](p[1])] == k]
        out = {id(c) for c, _ in held}
        seen = [p for p in pairs if p[1].group != KEPT and id(p[0]) not in out]
        counts = counted([a for _, a in seen], numbers)
        learned = [with_counts(c, a, counts, numbers, itself=True) for c, a in seen]
        fitted = fit_linear(learned, ridge, WEIGHTS)
        for group, judged in (GENERAL, held), (KEPT, [p for p in pairs if p[1].group == KEPT]):
            shown = [with_counts(c, a, counts, numbers, itself=False) for c, a in judged]
            wanted = [len(a.query.gold) if group == GENERAL else 1 for _, a in judged]
            found[group] += judge(fitted, shown, wanted)
    for group, rows in found.items():
        r1, success, recall = (mean([r[i] for r in rows]) for i in range(3))
        tail = f" recall@10 {recall:.3f}" if group == GENERAL else ""
        print(f"ridge {ridge:g} {group} R@1 {r1:.3f} success@10 {success:.3f}{tail}", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit code 2 with one line on standard error if the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m eval.train_general", description=__doc__)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--cv", choices=sorted(LEFT_OUT))
    parser.add_argument("--ridge", type=float, nargs="*", default=[RIDGE])
    parser.add_argument("--safety", type=int, default=500, help="safety questions to learn from")
    parser.add_argument("--kept", type=int, default=150, help="safety questions to judge")
    parser.add_argument("--cache", type=Path, help="folder in which collected features are kept")
    parser.add_argument("--out", type=Path, default=WHOLE_FILE)
    parser.add_argument("--counts", type=Path, default=ASKED_ABOUT_FILE)
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
    numbers = law_numbers(services.catalog)
    counts = counted(asked, numbers)
    for ridge in args.ridge:
        if args.cv:
            cross_validate(cases, asked, ridge, args.cv, numbers)
            continue
        learned = [
            with_counts(c, a, counts, numbers, itself=True)
            for c, a in zip(cases, asked, strict=True)
            if c.group != KEPT
        ]
        fitted = fit_linear(learned, ridge, WEIGHTS)
        args.out.write_text(json.dumps(to_json(fitted)) + "\n", encoding="utf-8")
        often = {title: int(counts[n]) for title, n in numbers.items() if counts[n]}
        args.counts.write_text(
            json.dumps(often, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
        )
        print(f"wrote {args.out.name}: {len(learned)} questions, ridge {ridge:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
