"""A sample of generated questions for blind reading: `python -m eval.quiz_sample --out FOLDER`.

Writes `blind.jsonl` (what a candidate sees) and `keys.jsonl` (answer, explanation, basis) with the
same numbers. The sample is drawn from every article in scope under a fixed seed, so many of each
kind as `SHARES` says; a kind that yields fewer gives all it has and the true/false questions,
which are the most, fill up. `python -m eval.quiz_sample --score F…` counts the verdicts of readers.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.quiz.make import Generator, article_rng
from assistant.quiz.model import Kind, Question
from assistant.services import Settings, open_quiz_source
from kb.library import load_library

SHARES = {
    Kind.SINGLE: 0.30, Kind.MULTI: 0.14, Kind.JUDGE: 0.22,
    Kind.BLANK: 0.14, Kind.SHORT: 0.11, Kind.CASE: 0.09,
}  # fmt: skip
VALID = "valid"
FAULTS = ("wrong_key", "two_keys", "unsupported", "give_away", "unclear", "trivial")
"""What a reader may find; all but `trivial` make a question invalid."""


def draw(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """Return `count` questions in random order, one of each tested place, in the shares."""
    rng = random.Random(f"sample|{seed}")
    by_kind: dict[Kind, list[Question]] = defaultdict(list)
    for question in questions:
        by_kind[question.kind].append(question)
    out: list[Question] = []
    used: set[str] = set()
    for kind, share in sorted(SHARES.items(), key=lambda s: (s[0] is Kind.JUDGE, s[0].value)):
        wanted = count - len(out) if kind is Kind.JUDGE else round(count * share)
        pool = by_kind[kind]
        rng.shuffle(pool)
        for question in pool:
            place = f"{question.kind.value}|{question.basis[0].provision}"
            if wanted > 0 and place not in used:
                used.add(place)
                out.append(question)
                wanted -= 1
    rng.shuffle(out)
    return out


def blind(n: int, question: Question) -> dict[str, Any]:
    """Return what a candidate sees."""
    return {
        "n": n, "kind": question.kind.label, "stem": question.stem,
        "options": list(question.options),
    }  # fmt: skip


def key(n: int, question: Question) -> dict[str, Any]:
    """Return what the answer sheet says."""
    return {
        "n": n, "id": question.id, "knowledge": question.knowledge.value,
        "answer": list(question.answer), "explanation": question.explanation,
        "basis": [{"citation": b.citation, "quote": b.quote} for b in question.basis],
    }  # fmt: skip


def score(files: Sequence[Path]) -> str:
    """Return the table of verdicts: {"n", "verdict", "note"} a line, one file a reader."""
    lines = []
    total: Counter[str] = Counter()
    for path in files:
        rows = [json.loads(r) for r in path.read_text(encoding="utf-8").splitlines() if r]
        unknown = {r["verdict"] for r in rows} - {VALID, *FAULTS}
        if unknown:
            raise ValueError(f"{path}: verdict {sorted(unknown)}; use {VALID} or one of {FAULTS}")
        total.update(r["verdict"] for r in rows)
    n = sum(total.values())
    valid = total[VALID] + total["trivial"]
    lines.append(f"read {n}  valid {valid} ({valid / max(n, 1):.3f})")
    lines += [f"  {name}: {total[name]}" for name in (VALID, *FAULTS)]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Draw a sample or count verdicts."""
    parser = argparse.ArgumentParser(description="A sample of generated questions to read blind.")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--score", type=Path, nargs="+")
    args = parser.parse_args(argv)
    if args.score:
        print(score(args.score))
        return
    if args.out is None:
        parser.error("--out FOLDER or --score FILE… is needed")
    source = open_quiz_source(Settings(), load_library(), date.today())
    generator = Generator(source)
    every = [q for held in source.asked for q in generator.of(held, article_rng(args.seed, held))]
    sample = draw(every, args.count, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, render in (("blind", blind), ("keys", key)):
        lines = (json.dumps(render(n, q), ensure_ascii=False) for n, q in enumerate(sample, 1))
        (args.out / f"{name}.jsonl").write_text("".join(f"{x}\n" for x in lines), encoding="utf-8")
    print(f"{len(every)} questions; {dict(Counter(q.kind.value for q in sample))}")


if __name__ == "__main__":
    main()
