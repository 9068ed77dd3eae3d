"""题库体检 against labels made by people: `python -m eval.bank_check --bank F --labels L.jsonl`.

A label line is {"row", "stem_hash", "state", "provision", "note"} with `stem_hash` from
`--hashes`, which prints one for every row of the bank; the labels hold no text of the bank.
Prints precision and recall on "contradicted", how far all states agree, and the share of
"unlinked" over the whole bank. `--show` lists rows labelled otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.bank.read import read_bank
from assistant.quiz.bank.repeats import bare
from assistant.quiz.check import State, Verdict, check_bank
from assistant.services import Services, Settings


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader of one question found."""

    row: int
    stem_hash: str
    state: State


@dataclass(frozen=True, slots=True)
class Score:
    """`precision` and `recall` on one state; None where nothing was found or labelled so."""

    precision: float | None
    recall: float | None
    found: int
    labelled: int


def stem_hash(question: BankQuestion) -> str:
    """Return what tells a stem from others without saying it; 12 hexadecimal digits."""
    return hashlib.sha256(bare(question.stem).encode()).hexdigest()[:12]


def read_labels(path: Path) -> list[Label]:
    """Return the labels; ValueError names a line that is none, or labels a row twice."""
    out: list[Label] = []
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            label = Label(int(data["row"]), str(data["stem_hash"]), State(data["state"]))
        except (ValueError, KeyError, TypeError) as e:
            raise ValueError(
                f"{path}:{n}: {e}; write row, stem_hash, state, provision, note"
            ) from e
        if any(x.row == label.row for x in out):
            raise ValueError(f"{path}:{n}: row {label.row} is labelled twice")
        out.append(label)
    return out


def pair(labels: Sequence[Label], verdicts: Sequence[Verdict]) -> list[tuple[Label, Verdict]]:
    """Return each label with its verdict; ValueError if a row is missing or its stem another."""
    by_row = {v.question.row: v for v in verdicts}
    out = []
    for label in labels:
        verdict = by_row.get(label.row)
        if verdict is None or stem_hash(verdict.question) != label.stem_hash:
            raise ValueError(f"row {label.row}: not the question that was labelled")
        out.append((label, verdict))
    return out


def score(pairs: Sequence[tuple[Label, Verdict]], state: State) -> Score:
    """Return precision and recall of the verdicts on one state."""
    found = [label.state is state for label, v in pairs if v.state is state]
    labelled = [v.state is state for label, v in pairs if label.state is state]
    return Score(
        sum(found) / len(found) if found else None,
        sum(labelled) / len(labelled) if labelled else None,
        len(found),
        len(labelled),
    )


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> None:
    """Command line; see the module docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.bank_check", description=__doc__)
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--hashes", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    questions = read_bank(args.bank).imported().questions
    if args.hashes:
        for q in questions:
            print(json.dumps({"row": q.row, "stem_hash": stem_hash(q)}))
        return
    services = Services.open(Settings())
    started = time.perf_counter()
    verdicts = check_bank(questions, services)
    seconds = time.perf_counter() - started
    unlinked = sum(v.state is State.UNLINKED for v in verdicts) / len(verdicts)
    print(f"questions {len(verdicts)}  unlinked {unlinked:.3f}  seconds {seconds:.1f}")
    if args.labels is None:
        return
    pairs = pair(read_labels(args.labels), verdicts)
    for state in State:
        s = score(pairs, state)
        print(
            f"{state.value:<13} precision {_percent(s.precision)}  recall {_percent(s.recall)}  "
            f"found {s.found}  labelled {s.labelled}"
        )
    if args.show:
        for label, v in pairs:
            if label.state is not v.state:
                print(f"row {label.row}: labelled {label.state.value}, found {v.state.value}")


if __name__ == "__main__":
    main()
