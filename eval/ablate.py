"""What every component adds: `python -m eval.ablate --cache DIR [--out FILE] [--only KEY …]`.

One component is left out at a time, the learner is fitted anew on train questions and judged on
the tune split. No test question is read. Collected features are kept in the cache folder. The
search's later rules (`assistant.search`) take no part. Needs torch (the full installation).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.ranking import quick_scores
from assistant.services import Services, Settings
from eval.cases import Case, fingerprint, kept
from eval.metrics import mean, recall_at, reciprocal_rank
from eval.queries import Query, load_queries, references
from eval.train_ranker import fit
from eval.variations import COLLECTED, FEATURES, FITTED, FULL, Lens, Variation
from indexer.embed import QuestionVectors
from kb.model import ProvisionId

LEARNED = (
    "train", "train_grown", "train_voices", "train_voices2", "train_voices3", "train_exam",
    "measures_train",
)  # fmt: skip
JUDGED = {
    "colloquial": "口语", "rough": "rough", "exam": "考试题干", "grown": "法规规章",
    "measures": "措施口号", "answerable": "条号定义",
}  # fmt: skip
REPORT = Path(__file__).with_name("reports") / "ablation.md"
HIDDEN, DECAY, EPOCHS = 8, 0.05, 12
LINEAR = "学习的排序换成固定的线性加权"
STRAIGHT = "学习的排序换成线性模型（重新拟合）"


@dataclass(frozen=True, slots=True)
class Row:
    """One configuration's figures on the tune split: (R@1, R@5) per set, and MRR@10 over all."""

    title: str
    by_set: dict[str, tuple[float, float]]
    mrr: float


def blanked(cases: Sequence[Case], columns: Sequence[str]) -> list[Case]:
    """Return the cases with these features at zero; ValueError if features are not as named."""
    if any(c.features.shape[1] != len(FEATURES) for c in cases if len(c.features)):
        raise ValueError(
            "eval.variations.FEATURES does not name the features of assistant.ranking; "
            "bring the two in line"
        )
    numbers = [FEATURES.index(c) for c in columns]
    out = []
    for case in cases:
        features = case.features.copy()
        if len(features):
            features[:, numbers] = 0.0
        out.append(replace(case, features=features))
    return out


def judge(title: str, cases: Sequence[Case], scores: Sequence[np.ndarray]) -> Row:
    """Return the figures of scored cases, one score a candidate."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for case, score in zip(cases, scores, strict=True):
        ranked = [str(n) for n in np.argsort(-score, kind="stable")[:10]]
        gold = {str(n) for n in np.flatnonzero(case.gold)}
        found.setdefault(case.group, []).append(
            (recall_at(ranked, gold, 1), recall_at(ranked, gold, 5), reciprocal_rank(ranked, gold))
        )
    by_set = {g: (mean([f[0] for f in r]), mean([f[1] for f in r])) for g, r in found.items()}
    return Row(title, by_set, mean([f[2] for r in found.values() for f in r]))


def averaged(rows: Sequence[Row]) -> Row:
    """Return the mean of the rows of one configuration fitted with several seeds."""
    first = rows[0]
    by_set = {
        g: (mean([r.by_set[g][0] for r in rows]), mean([r.by_set[g][1] for r in rows]))
        for g in first.by_set
    }
    return Row(first.title, by_set, mean([r.mrr for r in rows]))


def refitted(title: str, cases: Sequence[Case], seeds: int, hidden: int = HIDDEN) -> Row:
    """Return the tune figures of a learner fitted on the train cases, mean over seeds."""
    learned = [c for c in cases if c.split == "train" and len(c.features)]
    judged = [c for c in cases if c.split == "tune"]
    rows = []
    for seed in range(1, seeds + 1):
        fitted = fit(learned, hidden, DECAY, EPOCHS, seed)
        scores = [fitted.scores(c).numpy() if len(c.features) else np.zeros(0) for c in judged]
        rows.append(judge(title, judged, scores))
    return averaged(rows)


def fixed(cases: Sequence[Case]) -> Row:
    """Return the tune figures of the fixed linear mix that picks documents in the ranking."""
    judged = [c for c in cases if c.split == "tune"]
    return judge(LINEAR, judged, [quick_scores(c.features) for c in judged])


def questions(
    count: int, seed: int, most: int = 0
) -> tuple[list[tuple[str, Query]], list[tuple[str, Query]]]:
    """Return (set, question) to learn from, `count` drawn at random, and to be judged on.

    `most` is how many of a set are judged at most, drawn at random; 0 for all.
    """
    learned = [(n, q) for n in LEARNED for q in load_queries(n, "train") if q.gold]
    rng = random.Random(seed)
    drawn = rng.sample(learned, min(count, len(learned)))
    judged = []
    for name in JUDGED:
        tune = [q for q in load_queries(name, "tune") if q.gold]
        tune = rng.sample(tune, most) if 0 < most < len(tune) else tune
        judged += [(name, q) for q in tune]
    return drawn, judged


def collected(
    services: Services,
    variation: Variation,
    asked: Sequence[tuple[str, Query]],
    vectors: dict[str, QuestionVectors],
    by_ref: dict[str, list[ProvisionId]],
    cache: Path | None,
) -> list[Case]:
    """Return the cases of a variation for the questions, from the cache if they are there."""
    print(f"collect {variation.key}", flush=True)
    key = fingerprint(services, variation.kind, [(n, q.qid) for n, q in asked])

    def made() -> list[Case]:
        lens = Lens(services, variation.kind, vectors)
        return [c for name, q in asked for c in lens.cases(name, [q], by_ref)]

    return kept(cache, f"ablate-{variation.key}-{key}", made)


def table(rows: Sequence[Row], counts: dict[str, int]) -> str:
    """Return the Markdown table; R@1 / R@5 per set, the last column against the first row."""
    head = " | ".join(f"{JUDGED[g]} {n} 问" for g, n in counts.items())
    lines = [f"| 配置 | {head} | MRR@10 | 差 |", "|---" * (len(counts) + 3) + "|"]
    for row in rows:
        cells = " | ".join(f"{row.by_set[g][0]:.3f} / {row.by_set[g][1]:.3f}" for g in counts)
        change = "" if row is rows[0] else f"{row.mrr - rows[0].mrr:+.3f}"
        lines.append(f"| {row.title} | {cells} | {row.mrr:.3f} | {change} |")
    return "\n".join(lines) + "\n"


def report(rows: Sequence[Row], counts: dict[str, int], command: str, learned: int) -> str:
    """Return the report: what was run, how to read it, the table."""
    return (
        "# 逐项去掉一个部件的效果\n\n"
        f"`{command}`\n\n"
        f"每行去掉一个部件，用 {learned} 道 train 题重新拟合排序，在 tune 题上计分；test 题没有读。"
        "每格是 R@1 / R@5，MRR@10 合计全部 tune 题，“差”是与完整配置比。"
        "这里的排序比发布的用题少，也没有检索里排序之后的规则，数字只在表内比较。"
        "tune 题参与过选定这些部件，所以完整配置在这里占便宜；没有用过的题见 "
        "[eval/benchmark](../benchmark/README.md)。\n\n" + table(rows, counts)
    )


def run(services: Services, args: argparse.Namespace) -> tuple[list[Row], dict[str, int]]:
    """Return the rows of the table and the number of tune questions per set."""
    learned, judged = questions(args.learn, args.seed, args.most)
    asked = [*learned, *judged]
    every = [a.id for d in services.catalog if d.in_scope for a in d.latest().articles]
    by_ref = references(services.catalog, every)
    vectors: dict[str, QuestionVectors] = {}
    full = collected(services, FULL, asked, vectors, by_ref, args.cache)
    rows = [refitted(FULL.title, full, args.seeds)]
    for v in COLLECTED:
        if not args.only or v.key in args.only:
            cases = collected(services, v, asked, vectors, by_ref, args.cache)
            rows.append(refitted(v.title, cases, args.seeds))
    for v in FITTED:
        if not args.only or v.key in args.only:
            rows.append(refitted(v.title, blanked(full, v.columns), args.seeds))
    if not args.only or "learned" in args.only:
        rows += [refitted(STRAIGHT, full, args.seeds, hidden=0), fixed(full)]
    counts = {g: sum(c.group == g for c in full if c.split == "tune") for g in JUDGED}
    return rows, {g: n for g, n in counts.items() if n}


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablate", description=__doc__)
    keys = [v.key for v in (*COLLECTED, *FITTED)] + ["learned"]
    parser.add_argument("--cache", type=Path, help="folder in which collected features are kept")
    parser.add_argument("--out", type=Path, help=f"report to write, usually {REPORT.name}")
    parser.add_argument("--learn", type=int, default=1500, help="train questions to fit on")
    parser.add_argument("--most", type=int, default=0, help="tune questions per set, 0 for all")
    parser.add_argument("--seeds", type=int, default=3, help="fits per row")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of train questions")
    parser.add_argument("--only", nargs="*", default=[], choices=keys, metavar="KEY")
    args = parser.parse_args(argv)
    rows, counts = run(Services.open(Settings()), args)
    print(table(rows, counts))
    if args.out:
        most = f" --most {args.most}" if args.most else ""
        command = f"python -m eval.ablate --learn {args.learn} --seeds {args.seeds}{most}"
        args.out.write_text(report(rows, counts, command, args.learn), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
