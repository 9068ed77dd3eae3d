"""Norms against hand labels: `python -m eval.norms --split tune|test [--gold F] [--show]`.

Predicted and labelled norms of one article are paired one to one, best overlap first: both at
the same place, and their actions share at least half of the shorter one. Prints how well norms
are found, and on the pairs whether bearer, modality, deadlines and amounts are right. `--show`
lists what differs. `--against F` compares the labels with a second labelling instead: how far two
readers agree; `--limits-against F` with a second labelling of deadlines and amounts alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.norms import Norm, norms_of
from kb.catalog import Catalog
from kb.library import load_library
from kb.model import ProvisionId

GOLD = Path(__file__).parent / "gold" / "norms.jsonl"
_SAME_ACTION = 0.5
_SAME_SUBJECT = 0.8
_SAME_SPAN = 0.7


@dataclass(frozen=True, slots=True)
class Labelled:
    """A norm as a person labelled it; `at` is the locator of its provision."""

    at: str
    subject: str
    modality: str
    action: str
    limits: tuple[str, ...] = ()
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one article."""

    id: str
    article: ProvisionId
    norms: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Found, predicted and labelled of one kind."""

    right: int
    predicted: int
    labelled: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 1.0 if nothing was predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the labelled that was found; 1.0 if nothing was labelled."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.predicted + self.labelled
        return 2 * self.right / total if total else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.predicted + other.predicted,
            self.labelled + other.labelled,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What the comparison of all articles gives. Subject and modality are counted on the pairs."""

    norms: Score
    subject: int
    modality: int
    limits: Score
    trigger: Score

    def __add__(self, other: Result) -> Result:
        return Result(
            self.norms + other.norms,
            self.subject + other.subject,
            self.modality + other.modality,
            self.limits + other.limits,
            self.trigger + other.trigger,
        )


EMPTY = Result(Score(0, 0, 0), 0, 0, Score(0, 0, 0), Score(0, 0, 0))


def read_gold(path: Path, split: str) -> list[Labels]:
    """Return the labels of that split in file order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [_labels(row) for row in rows if split in ("all", row["split"])]


def _labels(row: dict[str, Any]) -> Labels:
    norms = tuple(
        Labelled(
            n["at"], n["subject"], n["modality"], n["action"], tuple(n["limits"]), n["trigger"]
        )
        for n in row["norms"]
    )
    return Labels(row["id"], ProvisionId(row["doc_id"], row["version"], row["article"]), norms)


def as_labelled(norm: Norm) -> Labelled:
    """Return the predicted norm in the form of a label."""
    return Labelled(
        norm.provision.locator, norm.subject, norm.modality.value, norm.action, norm.limits,
        norm.trigger,
    )  # fmt: skip


def overlap(text: str, a: str, b: str) -> float:
    """The characters that `a` and `b` share where they stand closest, over the shorter of them.

    Both are substrings of `text`; a phrase that stands there several times may be meant anywhere.
    """
    shared = _shared(text, a, b)
    return shared / min(len(a), len(b)) if a and b else 0.0


def iou(text: str, a: str, b: str) -> float:
    """Shared characters of two substrings of `text` over those of their union."""
    shared = _shared(text, a, b)
    union = len(a) + len(b) - shared
    return shared / union if union else 1.0


def _shared(text: str, a: str, b: str) -> int:
    best = 0
    for i in _places(text, a):
        for j in _places(text, b):
            best = max(best, min(i + len(a), j + len(b)) - max(i, j))
    return best


def _places(text: str, part: str) -> list[int]:
    out, at = [], text.find(part) if part else -1
    while at >= 0:
        out.append(at)
        at = text.find(part, at + 1)
    return out


def pair(
    text: str, predicted: Sequence[Labelled], labelled: Sequence[Labelled]
) -> list[tuple[int, int]]:
    """Return index pairs (predicted, labelled), greedily by overlap of the actions, one to one."""
    options = sorted(
        (
            (-overlap(text, p.action, g.action), -iou(text, p.action, g.action), i, j)
            for i, p in enumerate(predicted)
            for j, g in enumerate(labelled)
            if p.at == g.at and overlap(text, p.action, g.action) >= _SAME_ACTION
        ),
    )
    out: list[tuple[int, int]] = []
    for _, _, i, j in options:
        if all(i != a and j != b for a, b in out):
            out.append((i, j))
    return sorted(out)


def same_subject(text: str, a: str, b: str) -> bool:
    """True if both are unclear, or they are one phrase up to a few words at its beginning."""
    if not a or not b:
        return a == b
    return a[-2:] == b[-2:] and iou(text, a, b) >= _SAME_SUBJECT


def compare(text: str, predicted: Sequence[Labelled], labelled: Sequence[Labelled]) -> Result:
    """Return the result for one article of that text."""
    pairs = pair(text, predicted, labelled)
    subject = modality = 0
    limits = trigger = Score(0, 0, 0)
    for i, j in pairs:
        p, g = predicted[i], labelled[j]
        subject += same_subject(text, p.subject, g.subject)
        modality += p.modality == g.modality
        limits += spans(text, p.limits, g.limits)
        trigger += spans(text, _some(p.trigger), _some(g.trigger))
    found = Score(len(pairs), len(predicted), len(labelled))
    return Result(found, subject, modality, limits, trigger)


def spans(text: str, predicted: Sequence[str], labelled: Sequence[str]) -> Score:
    """Count predicted spans that are labelled ones, each used once."""
    left = list(labelled)
    right = 0
    for p in predicted:
        match = next((g for g in left if iou(text, p, g) >= _SAME_SPAN), None)
        if match is not None:
            left.remove(match)
            right += 1
    return Score(right, len(predicted), len(labelled))


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def evaluate(catalog: Catalog, gold: Sequence[Labels], show: bool = False) -> Result:
    """Return the result over all articles; with `show` prints what differs."""
    wanted = {labels.article for labels in gold}
    docs = [catalog.get(d) for d in sorted({a.doc_id for a in wanted})]
    by_article: dict[ProvisionId, list[Labelled]] = {a: [] for a in wanted}
    for norm in norms_of(docs):
        if norm.provision.in_article in wanted:
            by_article[norm.provision.in_article].append(as_labelled(norm))
    result = EMPTY
    for labels in gold:
        text = catalog.article(labels.article).text
        predicted = by_article[labels.article]
        result += compare(text, predicted, labels.norms)
        if show:
            _show(labels, text, predicted)
    return result


def agreement(catalog: Catalog, gold: Sequence[Labels], other: Sequence[Labels]) -> Result:
    """Return how the second labelling compares with the first, as `evaluate` does a program."""
    second = {labels.article: labels.norms for labels in other}
    result = EMPTY
    for labels in gold:
        text = catalog.article(labels.article).text
        result += compare(text, second.get(labels.article, ()), labels.norms)
    return result


def limits_agreement(gold: Sequence[Labels], path: Path) -> tuple[int, int]:
    """Return (norms, those with equal limits) of the articles that were labelled twice.

    A line of `path` holds the limits of every norm of one article, in the order of the gold.
    """
    by_id = {labels.id: labels.norms for labels in gold}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    pairs = [
        (norm.limits, tuple(limits))
        for row in rows
        if row["id"] in by_id
        for norm, limits in zip(by_id[row["id"]], row["limits"], strict=True)
    ]
    return len(pairs), sum(a == b for a, b in pairs)


def _show(labels: Labels, text: str, predicted: Sequence[Labelled]) -> None:
    pairs = pair(text, predicted, labels.norms)
    lines = []
    for i, p in enumerate(predicted):
        if all(i != a for a, _ in pairs):
            lines.append(f"  + {p.at} | {p.subject or '∅'} | {p.modality} | {p.action}")
    for j, g in enumerate(labels.norms):
        if all(j != b for _, b in pairs):
            lines.append(f"  - {g.at} | {g.subject or '∅'} | {g.modality} | {g.action}")
    for i, j in pairs:
        p, g = predicted[i], labels.norms[j]
        if not same_subject(text, p.subject, g.subject):
            lines.append(f"  s {g.at} | {p.subject or '∅'} ≠ {g.subject or '∅'} | {g.action}")
        if p.modality != g.modality:
            lines.append(f"  m {g.at} | {p.modality} ≠ {g.modality} | {g.action}")
        score = spans(text, p.limits, g.limits)
        if score.f1 < 1:
            lines.append(f"  l {g.at} | {p.limits} ≠ {g.limits} | {g.action}")
    if lines:
        print(f"{labels.id} {labels.article}", *lines, sep="\n")


def report(result: Result, articles: int) -> str:
    """Return the figures as lines."""
    pairs = result.norms.right
    norms, limits, trigger = result.norms, result.limits, result.trigger
    share = [n / pairs if pairs else 0.0 for n in (result.subject, result.modality)]
    return (
        f"{articles} articles, {norms.labelled} norms labelled, {norms.predicted} extracted\n"
        f"norms    P {norms.precision:.3f}  R {norms.recall:.3f}  F1 {norms.f1:.3f}\n"
        f"bearer   {share[0]:.3f}   modality {share[1]:.3f}   (on {pairs} pairs)\n"
        f"limits   P {limits.precision:.3f}  R {limits.recall:.3f}  F1 {limits.f1:.3f}"
        f"  ({limits.labelled} labelled)\n"
        f"trigger  P {trigger.precision:.3f}  R {trigger.recall:.3f}  F1 {trigger.f1:.3f}"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures of one split."""
    parser = argparse.ArgumentParser(description="Compare extracted norms with hand labels.")
    parser.add_argument("--split", choices=("tune", "test", "all"), default="tune")
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--against", type=Path, help="a second labelling")
    parser.add_argument("--limits-against", type=Path, help="a second labelling of limits")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args(argv)
    gold = read_gold(args.gold, args.split)
    if args.limits_against:
        norms, equal = limits_agreement(gold, args.limits_against)
        print(f"{equal} of {norms} norms have equal limits ({equal / max(norms, 1):.3f})")
        return
    catalog = load_library().catalog
    if args.against:
        result = agreement(catalog, gold, read_gold(args.against, args.split))
    else:
        result = evaluate(catalog, gold, args.show)
    print(report(result, len(gold)))


if __name__ == "__main__":
    main()
