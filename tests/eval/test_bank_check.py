from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check import State, Verdict
from assistant.quiz.model import RIGHT, WRONG, Kind
from eval.bank_check import Label, pair, read_labels, score, stem_hash

QUESTION = BankQuestion("", 1, Kind.JUDGE, "苹果是水果。", (RIGHT, WRONG), (RIGHT,), "")
C, U = State.CONTRADICTED, State.UNLINKED


def verdicts(*states: State) -> list[Verdict]:
    return [Verdict(s, replace(QUESTION, row=n), None, "") for n, s in enumerate(states, 1)]


def labels(*states: State) -> list[Label]:
    return [Label(n, stem_hash(QUESTION), s) for n, s in enumerate(states, 1)]


def test_precision_and_recall_by_hand() -> None:
    pairs = pair(labels(C, C, U, C), verdicts(C, C, C, U))
    found = score(pairs, C)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)
    assert (found.found, found.labelled) == (3, 3)


def test_nothing_found_has_no_precision() -> None:
    found = score(pair(labels(C), verdicts(U)), C)
    assert (found.precision, found.recall) == (None, 0.0)


def test_the_hash_does_not_see_signs_and_spaces() -> None:
    assert stem_hash(QUESTION) == stem_hash(replace(QUESTION, stem="苹果 是水果．"))
    assert stem_hash(QUESTION) != stem_hash(replace(QUESTION, stem="苹果不是水果。"))


def test_a_label_of_another_question_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1"):
        pair([Label(1, "0" * 12, C)], verdicts(C))
    with pytest.raises(ValueError, match="row 9"):
        pair([Label(9, stem_hash(QUESTION), C)], verdicts(C))


@pytest.mark.parametrize("line", [
    "{", '{"row": 1}', '{"row": 1, "stem_hash": "x", "state": "wrong"}',
    '{"row": 2, "stem_hash": "x", "state": "unlinked"}',
])  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "labels.jsonl"
    good = '{"row": 2, "stem_hash": "x", "state": "unlinked", "provision": "", "note": ""}'
    path.write_text(f"{good}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"labels\.jsonl:3"):
        read_labels(path)
