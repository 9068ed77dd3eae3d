"""What is chosen for one page, and that words are cut only where clauses end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.duties import DutyBook
from assistant.export.choice import CUT, by_weight, own_rights, shortened
from assistant.export.fit import height_of, lines_of
from indexer.norms import Modality

CLAUSES = st.lists(
    st.text("应当组织消防演练人员一二", min_size=1, max_size=20), min_size=1, max_size=8
)


@given(CLAUSES, st.integers(1, 60), st.integers(0, 7))
def test_a_cut_leaves_whole_clauses_in_order(clauses: list[str], most: int, at: int) -> None:
    text = "，".join(clauses) + "。"
    action = clauses[at % len(clauses)]
    made = shortened(text, most, action)
    body = made.removeprefix(CUT).removesuffix(CUT)
    assert body
    start = 0 if not made.startswith(CUT) else text.find(body)
    assert text[start : start + len(body)] == body
    assert start == 0 or text[start - 1] in "，。"
    assert body[-1] in "，。"
    assert made.endswith(CUT) is (start + len(body) < len(text))
    assert action in body
    longest = max(map(len, clauses)) + 1
    assert len(body) <= max(most, longest)


@pytest.mark.parametrize(
    ("text", "most", "action", "shown"),
    [
        ("（一）建立健全责任制；", 50, "", "建立健全责任制；"),
        ("乡镇人民政府，应当巡查，及时报告。", 9, "巡查，及时报告", "……应当巡查，……"),
        ("乡镇人民政府，应当巡查，及时报告。", 12, "巡查，及时报告", "乡镇人民政府，应当巡查，……"),
        ("没有标点的一句很长的话", 3, "", "没有标点的一句很长的话"),
        ("甲说：“不得，”乙听。", 6, "", "甲说：……"),
        ("", 5, "", ""),
    ],
)
def test_cuts(text: str, most: int, action: str, shown: str) -> None:
    assert shortened(text, most, action) == shown


def test_own_duties_come_before_inherited_and_must_before_must_not(duty_book: DutyBook) -> None:
    chosen = by_weight(duty_book.list_for("乡镇人民政府"))
    inherited = [d.inherited_from is not None for d in chosen]
    assert inherited == sorted(inherited)
    whole = [d for d in chosen if not d.inherited_from and not d.only]
    modalities = [d.norm.modality for d in whole]
    assert modalities == sorted(modalities, key=list(Modality).index)
    assert chosen[0].quote.document.id == "work-safety-law"
    assert not [d for d in chosen if re.search(r"履行下列职责[；：]$", d.norm.text)]


def test_sure_sanctions_come_first_within_the_law(duty_book: DutyBook) -> None:
    chosen = [
        d
        for d in by_weight(duty_book.list_for("主要负责人"))
        if d.quote.document.id == "work-safety-law" and d.norm.modality is Modality.MUST
    ]
    sure = [any(s.basis in ("条文写明", "人工核对") for s in d.sanctions) for d in chosen]
    assert sure == sorted(sure, reverse=True)
    assert any(sure)


def test_each_sentence_is_chosen_once(duty_book: DutyBook) -> None:
    for name in ("从业人员", "单位"):
        chosen = [(d.norm.provision, d.norm.text) for d in by_weight(duty_book.list_for(name))]
        assert len(chosen) == len(set(chosen))


def test_rights_are_the_bearers_own(duty_book: DutyBook) -> None:
    found = own_rights(duty_book.list_for("从业人员"))
    assert any("拒绝违章指挥" in d.norm.text for d in found)
    assert all(d.inherited_from is None for d in found)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("字" * 9, 1),
        ("字" * 10, 2),
        ("字" * 9 + "。", 2),
        ("", 1),
        ("字\n字", 2),
        ("字" * 8 + "（字）", 2),
        ("abc " * 10, 4),
        ("x" * 40, 3),
    ],
)
def test_lines_are_counted(text: str, lines: int) -> None:
    ten_points = 10 * 25.4 / 72
    assert lines_of(text, 9.5 * ten_points, 10) == lines


def test_heights_add_up_and_impossible_widths_are_refused() -> None:
    assert height_of(("字", "字"), 50, 10, 72) == pytest.approx(2 * 25.4)
    with pytest.raises(ValueError, match="no word"):
        lines_of("字", 2, 10)
