"""Questions on time: `python -m eval.times [--split tune|test] [--show]`.

For every question of eval/queries/time.jsonl: is the day read that it sets (a month or a year
counts if the day lies in it), and is the outcome the one due: an answer, or a sentence that the
wording of that day is not held, not yet in force or repealed?
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import Any

from assistant.answers import Answer, Outcome
from assistant.services import Services, Settings
from assistant.setting import read_setting
from eval.metrics import mean
from eval.queries import FOLDER, reference

_TOLD = {
    "not_held": ("没有收录", "没有它在", "尚未施行", "本库没有", "没有《"),
    "not_yet": ("尚未施行", "没有收录", "没有它在"),
    "repealed": ("废止", "没有收录", "取代"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: the day read right, the outcome right; `why` says what came instead."""

    day: bool
    outcome: bool
    why: str


def judge(services: Services, row: dict[str, Any]) -> Judged:
    """Return how one question was understood and answered."""
    setting = read_setting(row["query"], services.today())
    got = setting.day.isoformat() if setting.day else None
    day = got == row["day"] or bool(got and row["day"] and _close(got, str(row["day"])))
    answer = services.ask(row["query"])
    return Judged(
        day, _outcome(services, answer, row), f"{got} {answer.outcome}: {answer.headline}"
    )


def _close(got: str, due: str) -> bool:
    """A year stands for any day in it; a month's first day for any day of that month."""
    if len(due) == 4:
        return got[:4] == due
    return due.endswith("-01") and got[:7] == due[:7]


def _outcome(services: Services, answer: Answer, row: dict[str, Any]) -> bool:
    if row["expect"] == "answer":
        quoted = {reference(services.catalog, q.provision.id.in_article) for q in answer.citations}
        right = not row["gold_ref"] or bool(quoted & set(row["gold_ref"]))
        return answer.outcome == Outcome.ANSWER and right
    words = answer.headline + "".join(answer.notices)
    return any(w in words for w in _TOLD[row["expect"]])


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.times", description=__doc__)
    parser.add_argument("--split", default="", choices=("", "tune", "test"))
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    lines = (FOLDER / "time.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [r for r in map(json.loads, lines) if args.split in ("", r["split"])]
    services = Services.open(Settings())
    results = [(r, judge(services, r)) for r in rows]
    if args.show:
        for r, j in results:
            if not (j.day and j.outcome):
                print(f"{r['qid']} {r['day']} {r['expect']} {r['query']} -> {j.why}")
    day, outcome = ([float(getattr(j, f)) for _, j in results] for f in ("day", "outcome"))
    print(f"n {len(rows)}  day {mean(day):.3f}  outcome {mean(outcome):.3f}")


if __name__ == "__main__":
    main()
