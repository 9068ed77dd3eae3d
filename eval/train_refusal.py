"""Train the confidence model: `python -m eval.train_refusal [--general FILE] [--out FILE]`.

Answerable questions (train and tune splits) against must-refuse ones (tune split), plus, if
`--general` names a file of general legal questions (JSON lines with "query" and "gold", the
gold keyed by statute), those whose statutes the safety scope does not hold. Never a test split.
The threshold is the highest that still answers `KEEP` of the answerable tune questions.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.confidence import CONFIDENCE_FILE, confidence_features
from assistant.errors import BadInputError
from assistant.ranking import gather, load_ranker
from assistant.services import Services, Settings
from assistant.understand import tidy_question, understand
from eval.metrics import auroc
from eval.queries import available, load_queries

ANSWERABLE = ("colloquial", "exam", "train", "rough")
REFUSED = ("refuse", "refuse_train")
KEEP = 0.98
Floats = npt.NDArray[np.float64]


def features(services: Services, text: str) -> npt.NDArray[np.float32]:
    """Return the confidence features of a question as the searcher computes them."""
    question = understand(text, services.catalog)
    view = services.search.view()
    query = services.embedder.encode_queries([question.text])
    candidates = gather(question, query, view, services.index, services.tokenizer)
    scores = load_ranker().scores(candidates)
    return confidence_features(question, candidates, scores, np.argsort(-scores, kind="stable"))


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


def fit(x: Floats, y: Floats, weight: Floats, ridge: float = 1.0) -> tuple[Floats, float]:
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


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(description="train the confidence model")
    parser.add_argument("--general", type=Path)
    parser.add_argument("--out", type=Path, default=CONFIDENCE_FILE)
    args = parser.parse_args()
    services = Services.open(Settings())
    rows: list[npt.NDArray[np.float32]] = []
    labels: list[float] = []
    groups: list[str] = []
    for name in (*ANSWERABLE, *REFUSED):
        for q in load_queries(name) if name in available() else []:
            if q.split != "test" and _usable(q.text):
                rows.append(features(services, q.text))
                labels.append(float(name not in REFUSED))
                groups.append(f"{name}/{q.split}")
    general = general_negatives(args.general, services) if args.general else []
    for text in general:
        rows.append(features(services, text))
        labels.append(0.0)
        groups.append("general/train")
    x, y = np.array(rows, np.float64), np.array(labels)
    center, scale = x.mean(0), x.std(0) + 1e-6
    z = (x - center) / scale
    kinds = np.array(groups)
    weight = np.where(y == 1, 1.0, np.where(kinds == "general/train", 0.25, 3.0))
    beta, bias = fit(z, y, weight)
    chance = 1 / (1 + np.exp(-(z @ beta + bias)))
    tune = np.array([g.endswith("/tune") for g in groups])
    threshold = float(np.quantile(chance[tune & (y == 1)], 1 - KEEP))
    data = {
        "weights": np.round(beta, 5).tolist(),
        "bias": round(bias, 5),
        "mean": np.round(center, 5).tolist(),
        "scale": np.round(scale, 5).tolist(),
        "threshold": round(threshold, 4),
    }
    args.out.write_text(json.dumps(data), encoding="utf-8")
    refused = chance[tune & (y == 0)] < threshold
    area = auroc(chance[tune & (y == 1)].tolist(), chance[tune & (y == 0)].tolist())
    print(
        f"{len(y)} questions, {len(general)} general negatives; on tune: AUROC {area:.3f}, "
        f"threshold {threshold:.3f} answers {np.mean(chance[tune & (y == 1)] >= threshold):.3f} "
        f"and refuses {refused.mean():.3f} (without the rules of assistant.refusal)"
    )


if __name__ == "__main__":
    main()
