"""Versions, locks and edits: pure changes that keep the key right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from assistant.errors import BadInputError
from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind, Knowledge, Question
from assistant.quiz.paper import (
    Paper,
    Slot,
    edit_question,
    lock,
    set_points,
    shuffled,
    versions,
    wrong_with,
)
from assistant.quiz.source import Source
from tests.assistant.quiz.fakes import question


def key_texts(q: Question) -> set[str]:
    """The key by its letters only, as a reader of the printed paper takes it."""
    return {q.options[ord(x) - ord("A")] for x in q.letters}


def test_every_version_has_the_same_questions_in_other_places_with_the_right_key(
    paper: Paper,
) -> None:
    made = versions(paper, 4)
    assert [v.label for v in made] == ["A", "B", "C", "D"]
    assert made[0].slots == paper.slots
    original = {q.id: q for q in paper.questions}
    for version in made[1:]:
        assert [s.kind for s in version.sections] == [s.kind for s in paper.sections]
        moved = differently = 0
        for old, new in zip(paper.questions, version.questions, strict=True):
            assert new.kind is old.kind
            moved += new.id != old.id
            own = original[new.id]
            assert set(new.options) == set(own.options)
            if new.kind in (Kind.SINGLE, Kind.MULTI, Kind.CASE):
                assert key_texts(new) == set(own.answer)
                assert new.answer == tuple(o for o in new.options if o in own.answer)
                differently += new.options != own.options
            else:
                assert (new.answer, new.options) == (own.answer, own.options)
        assert moved > len(paper.questions) / 2
        assert differently > 10
    keys = [tuple(q.letters for q in v.questions) for v in made]
    assert len(set(keys)) == 4
    assert versions(paper, 4) == made


def test_one_version_is_the_paper(paper: Paper) -> None:
    assert versions(paper, 1) == (paper,)


@pytest.mark.parametrize("count", [0, -1, 9])
def test_other_numbers_of_versions_are_refused(paper: Paper, count: int) -> None:
    with pytest.raises(BadInputError, match="1 到 8 个版本"):
        versions(paper, count)


@pytest.mark.parametrize(
    ("knowledge", "options"),
    [
        (Knowledge.FIGURE, ("一小时", "二小时", "十二小时", "二十四小时")),
        (Knowledge.SANCTION, ("二万元以上五万元以下", "五万元以上十万元以下", "十万元以上二十万元以下")),
        (Knowledge.SANCTION, ("一百万元", "五十万元", "八千元")),
        (Knowledge.FIGURE, ("每月", "每季度", "每半年")),
    ],
)  # fmt: skip
def test_figures_stay_in_order_rising_or_falling(
    source: Source, knowledge: Knowledge, options: tuple[str, ...]
) -> None:
    base = question(source.asked[0], Kind.SINGLE)
    figures = replace(base, knowledge=knowledge, options=options, answer=options[1:2])
    for seed in range(20):
        assert shuffled(figures, Random(seed)).options == options
        turned = shuffled(figures, Random(seed), turn=True)
        assert turned.options == tuple(reversed(options))
        assert key_texts(turned) == set(options[1:2])


def test_words_and_mixed_figures_are_shuffled(source: Source) -> None:
    base = question(source.asked[0], Kind.SINGLE)
    mixed = replace(base, knowledge=Knowledge.SANCTION, options=("三万元", "一万元", "五万元"))
    orders = {shuffled(q, Random(n)).options for q in (mixed,) for n in range(30)}
    assert len(orders) == 5


def test_a_lock_changes_nothing_else(paper: Paper) -> None:
    locked = lock(paper, 3)
    assert locked.slot(3) == Slot(paper.questions[2], locked=True)
    assert lock(locked, 3, locked=False) == paper


@pytest.mark.parametrize("number", [0, 36, -1])
def test_a_number_that_is_not_there_is_said(paper: Paper, number: int) -> None:
    for change in (lambda: lock(paper, number), lambda: edit_question(paper, number, stem="新")):
        with pytest.raises(BadInputError, match=f"没有第 {number} 题；这份试卷有 35 题"):
            change()


def test_points_change_the_total(paper: Paper) -> None:
    made = set_points(paper, Kind.SINGLE, 1.5)
    assert made.total == paper.total - 6
    assert made.slots == paper.slots
    with pytest.raises(BadInputError, match="半分"):
        set_points(paper, Kind.SINGLE, 0.2)


def test_an_edit_is_marked_locked_and_keeps_id_and_basis(paper: Paper) -> None:
    made = edit_question(
        paper, 1, stem=f" 新题干{BLANK}。 ", options=["甲", " 乙", "丙"], answer=["乙"],
        explanation="因为乙。",
    )  # fmt: skip
    new = made.questions[0]
    assert (new.stem, new.options, new.answer) == (f"新题干{BLANK}。", ("甲", "乙", "丙"), ("乙",))
    assert (new.letters, new.origin, made.slot(1).locked) == ("B", "edited", True)
    assert (new.id, new.basis) == (paper.questions[0].id, paper.questions[0].basis)
    assert made.slots[1:] == paper.slots[1:]
    assert Counter(q.kind for q in made.questions) == Counter(q.kind for q in paper.questions)


SINGLE, MULTI, JUDGE, GAP, SHORT = 1, 13, 19, 29, 32


@pytest.mark.parametrize(
    ("number", "change", "words"),
    [
        (SINGLE, {"answer": ["没有的"]}, "答案“没有的”不在选项里"),
        (SINGLE, {"options": ["甲", "乙"]}, "不在选项里"),
        (SINGLE, {"options": ["甲", "甲"], "answer": ["甲"]}, "两个选项相同"),
        (SINGLE, {"options": ["甲"], "answer": ["甲"]}, "选项应有 2 到 8 个，现在是 1 个"),
        (SINGLE, {"options": list("甲乙丙丁戊己庚辛壬"), "answer": ["甲"]}, "现在是 9 个"),
        (SINGLE, {"options": ["甲", "乙"], "answer": ["甲", "乙"]}, "只能有一个答案，现在是 2 个"),
        (SINGLE, {"options": ["甲", " "], "answer": ["甲"]}, "选项不能是空的"),
        (SINGLE, {"answer": []}, "没有答案"),
        (SINGLE, {"stem": "  "}, "题干不能是空的"),
        (SINGLE, {"stem": "长" * 1001}, "题干太长"),
        (MULTI, {"options": ["甲", "乙"], "answer": ["甲"]}, "至少要有两个答案"),
        (MULTI, {"options": ["甲", "乙"], "answer": ["甲", "甲"]}, "答案里有重复"),
        (JUDGE, {"options": ["对", "错"], "answer": ["对"]}, "只能是“正确”和“错误”"),
        (JUDGE, {"answer": ["对"]}, "不在选项里"),
        (JUDGE, {"answer": [RIGHT, WRONG]}, "只能有一个答案"),
        (GAP, {"stem": f"两个{BLANK}空{BLANK}。"}, "题干里有 2 个空“（　　）”，答案有 1 个"),
        (GAP, {"answer": ["甲", "乙"]}, "题干里有 1 个空"),
        (GAP, {"options": ["甲"]}, "没有选项"),
        (SHORT, {"answer": ["甲", ""]}, "答案不能是空的"),
    ],
)
def test_an_edit_that_makes_a_question_unusable_is_refused_with_its_number(
    paper: Paper, number: int, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        edit_question(paper, number, **change)
    assert str(caught.value).startswith(f"第 {number} 题没有改")
    assert words in str(caught.value)


def test_two_questions_cannot_have_one_stem(paper: Paper) -> None:
    with pytest.raises(BadInputError, match="题干相同"):
        edit_question(paper, 1, stem=paper.questions[1].stem)


def test_nothing_is_wrong_with_what_is_made(paper: Paper) -> None:
    assert {wrong_with(q) for q in paper.questions} == {""}
