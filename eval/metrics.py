"""Ranking and decision metrics; every function is a few lines of arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2


def recall_at(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """1.0 if any gold reference is among the first k, else 0.0 (success at k).

    Our gold lists hold alternatives that each answer the question, so one found is enough.
    """
    return float(any(r in gold for r in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """1 / rank of the first gold reference within the first k; 0.0 if there is none."""
    return next((1 / n for n, r in enumerate(ranked[:k], 1) if r in gold), 0.0)


def ndcg_at(ranked: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain with binary relevance."""
    got = sum(1 / log2(n + 1) for n, r in enumerate(ranked[:k], 1) if r in gold)
    best = sum(1 / log2(n + 1) for n in range(1, min(len(set(gold)), k) + 1))
    return got / best if best else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0–1) of the values do not exceed; 0.0 if empty."""
    if not values:
        return 0.0
    ordered = sorted(values)
    rank = max(1, -int(-share * len(ordered) // 1))
    return ordered[min(rank, len(ordered)) - 1]


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a random positive scores above a random negative; ties count half."""
    if not positive or not negative:
        raise ValueError("auroc needs scores of both classes")
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0.0 if empty."""
    return sum(values) / len(values) if values else 0.0
