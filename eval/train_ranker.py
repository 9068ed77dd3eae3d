"""Train the ranker: `python -m eval.train_ranker [--cv] [--cache DIR] [--out FILE]`.

Uses the train and tune questions, exam stems made from provisions, and left-out asked-as
entries; never a test split. `--cv` prints five-fold cross-validated figures per group and
writes nothing. Collecting features takes nearly all the time; with `--cache` they are kept, and
fitting again over the same index, code and questions takes under a minute. Needs torch (the
full installation).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from assistant.ranking import RANKER_FILE, gather
from assistant.services import Services, Settings
from eval.cases import Case, fingerprint, kept
from eval.metrics import mean, recall_at, reciprocal_rank
from eval.queries import available, canonical, load_queries, references
from eval.train_data import (
    Example,
    entry_rows,
    exam_stems,
    left_out,
    naming_the_law,
    without_entries,
)
from indexer.embed import QuestionVectors, question_vectors

HUMAN = (
    "colloquial", "exam", "answerable", "train", "rough", "grown", "train_grown", "measures",
    "measures_train", "train_voices", "train_voices2", "train_voices3", "train_voices4",
    "train_voices5", "train_voices6",
    "train_exam",
)  # fmt: skip
WEIGHTS = {
    name: 0.5 if name in ("answerable", "measures", "measures_train") else 1.0 for name in HUMAN
}
MADE = {"stems": 0.15, "left_out": 0.04, "silent": 0.3, "named": 0.3}


def collect(services: Services, stems: int, left: int, seed: int = 5) -> Iterator[Case]:
    """Yield every training case, in a fixed order."""
    rng = random.Random(seed)
    index, catalog = services.index, services.catalog
    every = [a.id for d in catalog if d.in_scope for a in d.latest().articles]
    by_ref = references(catalog, every)
    examples: list[tuple[str, str, Example]] = []
    own = entry_rows(index)  # a training question that is an entry as well must not find itself
    for name in (h for h in HUMAN if h in available()):
        for q in load_queries(name):
            if q.split != "test":
                gold = tuple(a for g in canonical(catalog, q.gold) for a in by_ref.get(g, ()))
                examples.append((name, q.split, Example(q.text, gold, own.get(q.text, ()))))
    real = [
        e
        for name, _, e in examples
        if e.gold and name not in ("answerable", "measures", "measures_train")
    ]
    part = rng.sample(real, len(real) // 3)
    examples += [("silent", "train", e) for e in without_entries(index, part, rng)]
    part = rng.sample(real, len(real) // 4)
    examples += [("named", "train", e) for e in naming_the_law(catalog, part, rng)]
    made = exam_stems(index, catalog, services.tokenizer, rng, stems)
    examples += [("stems", "train", e) for e in made]
    examples += [("left_out", "train", e) for e in left_out(index, rng, left)]
    for group, split, example in examples:
        yield _case(services, group, split, example)


def _case(services: Services, group: str, split: str, example: Example) -> Case:
    """Return an example as the searcher sees it: in the place that it names, on this day."""
    filters = services.search.filters(text=example.text)
    view = services.search.view(filters)
    question = services.search.understand(example.text, filters)
    embedder = services.embedder
    if example.vector is None or question.core != example.text:
        query = question_vectors(embedder, question.core)
    else:
        query = QuestionVectors(example.vector, embedder.beside_passages(example.vector))
    found = gather(
        question, query, view, services.index, services.tokenizer, example.exclude
    )  # fmt: skip
    gold = set(example.gold)
    right = np.array([view.article(int(n)) in gold for n in found.articles], np.bool_)
    return Case(group, split, found.features, right)


def network(inputs: int, hidden: int) -> torch.nn.Sequential:
    """Return an untrained network: linear if `hidden` is 0."""
    if hidden == 0:
        return torch.nn.Sequential(torch.nn.Linear(inputs, 1))
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1)
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained network with the standardisation of its inputs."""

    model: torch.nn.Sequential
    mean: torch.Tensor
    scale: torch.Tensor

    def scores(self, case: Case) -> torch.Tensor:
        """Return one score a candidate."""
        with torch.no_grad():
            x = (torch.from_numpy(case.features) - self.mean) / self.scale
            out: torch.Tensor = self.model(x).squeeze(-1)
        return out


def fit(cases: Sequence[Case], hidden: int, decay: float, epochs: int, seed: int = 1) -> Fitted:
    """Return the network that best ranks gold first (list-wise softmax loss)."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    usable = [c for c in cases if c.reachable]
    stacked = torch.from_numpy(np.concatenate([c.features for c in usable]))
    center, scale = stacked.mean(0), stacked.std(0) + 1e-3
    del stacked
    model = network(len(center), hidden)
    optimiser = torch.optim.AdamW(model.parameters(), 4e-3, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    weights = {**WEIGHTS, **MADE}
    for _ in range(epochs):
        rng.shuffle(usable)
        for at in range(0, len(usable), 32):
            loss = torch.zeros(())
            for case in usable[at : at + 32]:
                x = torch.from_numpy(case.features)
                s = model((x - center) / scale).squeeze(-1)
                right = torch.logsumexp(s[torch.from_numpy(case.gold)], 0)
                loss = loss + weights[case.group] * (torch.logsumexp(s, 0) - right)
            optimiser.zero_grad()
            (loss / 32).backward()
            optimiser.step()
        schedule.step()
    return Fitted(model, center, scale)


def figures(fitted: Fitted, cases: Sequence[Case]) -> dict[str, float]:
    """Return R@1, R@5 and MRR@10 over the cases."""
    ranked, gold = [], []
    for case in cases:
        order = torch.argsort(-fitted.scores(case), stable=True)[:10].tolist()
        ranked.append([str(i) for i in order])
        gold.append({str(i) for i in np.flatnonzero(case.gold).tolist()})
    return {
        "n": len(cases),
        "R@1": mean([recall_at(r, g, 1) for r, g in zip(ranked, gold, strict=True)]),
        "R@5": mean([recall_at(r, g, 5) for r, g in zip(ranked, gold, strict=True)]),
        "MRR": mean([reciprocal_rank(r, g) for r, g in zip(ranked, gold, strict=True)]),
    }


def cross_validate(cases: Sequence[Case], hidden: int, decay: float, epochs: int) -> None:
    """Print figures of five folds over the questions that people wrote."""
    human = [c for c in cases if c.group not in ("stems", "left_out")]
    made = [c for c in cases if c.group in ("stems", "left_out")]
    random.Random(3).shuffle(human)
    totals: dict[str, list[dict[str, float]]] = {}
    for fold in range(5):
        held = human[fold::5]
        rest = [c for i, c in enumerate(human) if i % 5 != fold]
        fitted = fit(rest + made, hidden, decay, epochs)
        for group in (*HUMAN, *MADE):
            part = [c for c in held if c.group == group]
            if part:
                totals.setdefault(group, []).append(figures(fitted, part))
    for group, rows in totals.items():
        n = sum(r["n"] for r in rows)
        line = " ".join(
            f"{k} {sum(r[k] * r['n'] for r in rows) / n:.3f}" for k in ("R@1", "R@5", "MRR")
        )
        print(f"hidden {hidden} decay {decay} {group:>11} n {n:.0f} {line}", flush=True)


def to_json(fitted: Fitted) -> dict[str, object]:
    """Return the weights as `assistant.ranking.load_ranker` reads them."""

    def rounded(x: npt.NDArray[np.float32]) -> list[object]:
        out: list[object] = np.round(x.astype(np.float64), 5).tolist()
        return out

    layers = [
        [rounded(m.weight.detach().numpy().T), rounded(m.bias.detach().numpy())]
        for m in fitted.model
        if isinstance(m, torch.nn.Linear)
    ]
    return {
        "layers": layers,
        "mean": rounded(fitted.mean.numpy()),
        "scale": rounded(fitted.scale.numpy()),
    }


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description="train the ranker")
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--hidden", type=int, nargs="*", default=[8])
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--stems", type=int, default=2000)
    parser.add_argument("--left", type=int, default=3000)
    parser.add_argument("--cache", type=Path, help="folder in which collected features are kept")
    parser.add_argument("--out", type=Path, default=RANKER_FILE)
    args = parser.parse_args()
    services = Services.open(Settings())
    name = f"ranker-{fingerprint(services, args.stems, args.left, HUMAN)}"
    cases = kept(args.cache, name, lambda: collect(services, args.stems, args.left))
    for hidden in args.hidden:
        if args.cv:
            cross_validate(cases, hidden, args.decay, args.epochs)
            continue
        fitted = fit(cases, hidden, args.decay, args.epochs)
        args.out.write_text(json.dumps(to_json(fitted)), encoding="utf-8")
        print(f"wrote {args.out.name}: {len(cases)} cases, hidden {hidden}")


if __name__ == "__main__":
    main()
