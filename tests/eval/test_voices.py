from __future__ import annotations

import re

import pytest

from eval.queries import available, load_queries
from eval.voices import SETS, VOICES, entries, render
from kb.library import Library


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_the_entries_are_what_the_train_sets_give(library: Library) -> None:
    assert VOICES.read_text(encoding="utf-8") == render(entries(library.catalog))


@pytest.mark.parametrize("name", SETS)
def test_train_sets_hold_train_questions_only(name: str) -> None:
    assert {q.split for q in load_queries(name)} <= {"train", ""}


def test_no_question_kept_for_measuring_is_an_entry(library: Library) -> None:
    # “一案四查是什么” is asked of a measure in one way only, whoever writes it
    asked = {bare(a.question) for a in library.asked}
    kept = {
        bare(q.text): f"{name} {q.qid}"
        for name in available()
        if name != "measures"
        for q in load_queries(name)
        if q.split in ("tune", "test") and len(bare(q.text)) > 6
    }
    assert sorted(where for text, where in kept.items() if text in asked) == []
