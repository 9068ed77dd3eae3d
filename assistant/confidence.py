"""How sure the program is that its first hit answers the question: a logistic model.

Trained by `python -m eval.train_refusal` on answerable and must-refuse questions; weights and
threshold stand in `confidence.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import AssistantError
from assistant.ranking import Candidates, measured
from assistant.understand import Question
from indexer.embed import QuestionVectors

CONFIDENCE_FILE = Path(__file__).with_name("confidence.json")
Floats = npt.NDArray[np.float32]


def confidence_features(
    question: Question, query: QuestionVectors, candidates: Candidates, scores: Floats
) -> Floats:
    """Return what the decision rests on.

    Similarities of the first hit and of the best of each kind, the first hit's lead, and the
    question's own vector, which tells the trades the library covers from the rest of life.
    """
    order = np.argsort(-scores, kind="stable")
    signals = measured(candidates, int(order[0]))
    top = signals[order[0]]
    best = signals.max(axis=0)
    length = np.sqrt(len(question.core) + 1.0)
    belief = np.exp(scores - scores.max())
    belief /= belief.sum()
    lead = float(np.sort(belief)[-2:][0]) if len(belief) > 1 else 0.0
    own = np.array(
        [
            top[0], top[2], best[0], best[2], best[3],
            *np.log1p([top[4] / length, top[6] / length, best[4] / length, best[6] / length]),
            float(belief.max()), lead, float(scores.max()),
            np.log1p(len(question.core)), np.log1p(len(question.rest)),
            float(bool(question.doc_ids)),
        ],
        np.float32,
    )  # fmt: skip
    return np.concatenate([own, query.asked[0]]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Confidence:
    """The logistic model; `threshold` is the chance below which a question is refused."""

    weights: Floats
    bias: float
    mean: Floats
    scale: Floats
    threshold: float

    def of(
        self, question: Question, query: QuestionVectors, candidates: Candidates, scores: Floats
    ) -> float:
        """Return the chance (0–1) that the first candidate answers the question."""
        x = confidence_features(question, query, candidates, scores)
        z = float(((x - self.mean) / self.scale) @ self.weights + self.bias)
        return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))


@lru_cache(maxsize=1)
def load_confidence(path: Path = CONFIDENCE_FILE) -> Confidence:
    """Return the trained model; AssistantError if its file is damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Confidence(
            np.array(data["weights"], np.float32),
            float(data["bias"]),
            np.array(data["mean"], np.float32),
            np.array(data["scale"], np.float32),
            float(data["threshold"]),
        )
    except (OSError, ValueError, KeyError) as e:
        raise AssistantError(f"{path} 读不出来（{e}）；请重新取得完整的程序文件") from e
