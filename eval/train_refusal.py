"""Train the confidence model: `python -m eval.train_refusal [--general FILE] [--out FILE]`.

Answerable questions (train and tune splits) against must-refuse ones (tune split), plus, if
`--general` names a file of general legal questions (JSON lines with "query" and "gold", the
gold keyed by statute), those whose statutes the safety scope does not hold. Never a test split.
The threshold is the highest that still answers `KEEP` of the answerable ones out of fold.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.confidence import CONFIDENCE_FILE, confidence_features
from assistant.errors import BadInputError
from assistant.ranking import gather, load_ranker
from assistant.services import Services, Settings
from assistant.understand import tidy_question, understand
from eval.metrics import auroc
from eval.queries import load_queries
from eval.train_data import exam_stems
from indexer.embed import question_vectors

ANSWERABLE = ("colloquial", "exam", "train", "rough")
REFUSED = ("refuse", "refuse_train")
WEIGHT = {"refuse": 3.0, "refuse_train": 3.0, "general": 0.25, "stems": 0.5}
KEEP = 0.985
RIDGE = 30.0
STEMS = 500
DIMENSION = 384
VECTOR_SHARE = 0.3
"""Spread of a vector's components beside standardised inputs (chosen with RIDGE on tune)."""
Floats = npt.NDArray[np.float64]


def features(services: Services, text: str) -> npt.NDArray[np.float32]:
    """Return the confidence features of a question as the searcher computes them."""
    question = understand(text, services.catalog)
    view = services.search.view()
    query = question_vectors(services.embedder, question.core)
    candidates = gather(question, query, view, services.index, services.tokenizer)
    scores = load_ranker().scores(candidates)
    return confidence_features(question, query, candidates, scores)


def general_negatives(path: Path, services: Services) -> list[str]:
    """Return general legal questions none of whose statutes is in the safety scope."""
    inside = {d.title for d in services.catalog if d.in_scope}
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not any(ref.startswith(title) for ref in row["gold"] for title in inside):
            out.append(str(row["query"]))
    return out


def _usable(text: str) -> bool:
    try:
        tidy_question(text)
    except BadInputError:
        return False
    return True


def fit(x: Floats, y: Floats, weight: Floats, ridge: float = RIDGE) -> tuple[Floats, float]:
    """Return weights and bias of a ridge logistic regression (Newton's method)."""
    design = np.hstack([x, np.ones((len(x), 1))])
    beta = np.zeros(design.shape[1])
    penalty = np.eye(len(beta)) * ridge
    penalty[-1, -1] = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weight * (p - y)) + penalty @ beta
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, gradient)
        beta -= step
        if np.abs(step).max() < 1e-8:
            break
    return beta[:-1], float(beta[-1])


@dataclass(frozen=True, slots=True)
class Data:
    """Everything a fit needs, one row a question."""

    x: Floats
    y: Floats
    groups: npt.NDArray[np.str_]

    @property
    def weight(self) -> Floats:
        """How much each question counts: few negatives of our own, many general ones."""
        by_group = [WEIGHT.get(g.split("/")[0], 1.0) for g in self.groups]
        return np.array(by_group, np.float64)


def collect(services: Services, general: Path | None) -> Data:
    """Return features and labels of every training question, in a fixed order."""
    rows: list[npt.NDArray[np.float32]] = []
    labels: list[float] = []
    groups: list[str] = []

    def add(text: str, label: float, group: str) -> None:
        rows.append(features(services, text))
        labels.append(label)
        groups.append(group)

    for name in (*ANSWERABLE, *REFUSED):
        for q in load_queries(name):
            if q.split != "test" and _usable(q.text):
                add(q.text, float(name not in REFUSED), f"{name}/{q.split}")
    rng = random.Random(9)
    for e in exam_stems(services.index, services.catalog, services.tokenizer, rng, STEMS):
        add(e.text, 1.0, "stems/train")
    for text in general_negatives(general, services) if general else ():
        add(text, 0.0, "general/train")
    return Data(np.array(rows, np.float64), np.array(labels), np.array(groups))


def out_of_fold(data: Data, z: Floats, folds: int = 5) -> Floats:
    """Return for every question the chance a model gives that has not seen it."""
    fold = np.random.default_rng(0).integers(0, folds, len(z))
    out = np.zeros(len(z))
    for k in range(folds):
        beta, bias = fit(z[fold != k], data.y[fold != k], data.weight[fold != k])
        out[fold == k] = 1 / (1 + np.exp(-(z[fold == k] @ beta + bias)))
    return out


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description="train the confidence model")
    parser.add_argument("--general", type=Path)
    parser.add_argument("--out", type=Path, default=CONFIDENCE_FILE)
    args = parser.parse_args()
    data = collect(Services.open(Settings()), args.general)
    center, scale = data.x.mean(0), data.x.std(0) + 1e-6
    scale[-DIMENSION:] = (data.x - center)[:, -DIMENSION:].std() / VECTOR_SHARE
    z = (data.x - center) / scale
    chance = out_of_fold(data, z)
    threshold = float(np.quantile(chance[data.y == 1], 1 - KEEP))
    beta, bias = fit(z, data.y, data.weight)
    stored = {
        "weights": np.round(beta, 5).tolist(),
        "bias": round(bias, 5),
        "mean": np.round(center, 5).tolist(),
        "scale": np.round(scale, 5).tolist(),
        "threshold": round(threshold, 4),
    }
    args.out.write_text(json.dumps(stored), encoding="utf-8")
    tune = np.array([g.endswith("/tune") for g in data.groups])
    yes, no = chance[tune & (data.y == 1)], chance[tune & (data.y == 0)]
    print(
        f"{len(data.y)} questions; out of fold, tune split: AUROC "
        f"{auroc(yes.tolist(), no.tolist()):.3f}, threshold {threshold:.3f} answers "
        f"{(yes >= threshold).mean():.3f}, refuses {(no < threshold).mean():.3f} "
        "(without the rules of assistant.refusal)"
    )


if __name__ == "__main__":
    main()
