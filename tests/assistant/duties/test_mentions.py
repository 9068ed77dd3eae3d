from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.duties import DutyBook
from assistant.duties.mentions import (
    KEYWORDS,
    Fate,
    find_mentions,
    leaves,
    mentions_json,
    mentions_text,
)
from assistant.services import Services
from indexer.norms import Modality
from kb.structure import build_article
from tests.assistant.duties.conftest import ARTICLES, NORMS, TODAY, made_book, norm, place


def fates(book: DutyBook, word: str) -> dict[str, Fate]:
    return {m.id.locator: m.fate for m in find_mentions(book, word, region="")}


def test_each_mention_of_the_principal_has_its_fate(book: DutyBook) -> None:
    assert fates(book, "主要负责人") == {
        "第二条": Fate.LISTED,
        "第四条": Fate.LISTED,
        "第五条": Fate.DEFINITION,
        "第九条": Fate.SANCTION,
    }


def test_all_versions_of_the_day_and_all_provinces_count(book: DutyBook) -> None:
    found = find_mentions(book, "乡镇")
    assert [(m.document.id, m.id.locator) for m in found] == [
        ("law", "第一条"),
        ("local", "第一条"),
    ]
    before = find_mentions(book, "乡镇", date(2015, 1, 1))
    assert [m.id.version for m in before] == ["old"]


def test_a_duty_that_was_not_read_is_unaccounted_for(tmp_path: Path) -> None:
    book = made_book(tmp_path, *(n for n in NORMS if "乡镇" not in n.subject))
    assert fates(book, "乡镇") == {"第一条": Fate.UNACCOUNTED}


def test_a_duty_whose_subject_was_lost_is_unaccounted_for(tmp_path: Path) -> None:
    lost = norm(
        place("第一条"), "", Modality.MUST, "乡镇人民政府应当制定应急预案。", "制定应急预案"
    )
    assert fates(made_book(tmp_path, lost), "乡镇") == {"第一条": Fate.UNACCOUNTED}


@pytest.mark.parametrize(
    ("subject", "trigger", "action", "fate"),
    [
        ("工会", "", "支持从业人员拒绝违章指挥", Fate.OBJECT),
        ("工会", "从业人员拒绝违章指挥的", "支持", Fate.CONDITION),
        ("从业人员的亲属", "", "支持", Fate.OTHER_SUBJECT),
        ("", "", "保护从业人员", Fate.UNCLEAR),
    ],
)
def test_the_place_inside_a_norm_tells_the_fate(
    subject: str,
    trigger: str,
    action: str,
    fate: Fate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = f"{trigger}，{subject}应当{action}。".lstrip("，")
    monkeypatch.setitem(ARTICLES, "第三条", text)
    made = norm(place("第三条"), subject, Modality.MUST, text, action, trigger=trigger)
    assert fates(made_book(tmp_path, made), "从业人员")["第三条"] is fate


@pytest.mark.parametrize(
    ("sentence", "fate"),
    [
        ("主要负责人要定期检查。", Fate.UNACCOUNTED),
        ("由主要负责人予以保证。", Fate.UNACCOUNTED),
        ("主要负责人全面负责本单位安全。", Fate.UNACCOUNTED),
        ("对主要负责人给予撤职处分。", Fate.SANCTION),
        ("主要负责人是指法定代表人。", Fate.DEFINITION),
        ("主要负责人考核合格，方可任职。", Fate.PREREQUISITE),
        ("主要负责人是消防安全责任人。", Fate.ROLE),
        ("主要负责人的具体考核办法由省级规定。", Fate.REFERENCE),
        ("主要负责人变更，不影响合同履行。", Fate.STATEMENT),
    ],
)
def test_a_sentence_without_a_norm_is_suspect_if_it_could_lay_a_duty(
    sentence: str, fate: Fate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ARTICLES, "第五条", sentence)
    assert fates(made_book(tmp_path), "主要负责人")["第五条"] is fate


def test_a_line_above_items_is_a_leaf_without_them() -> None:
    article = build_article("d", "v", "第一条", "甲应当：\n（一）做；\n（二）说。\n乙可以看。")
    assert [(p.id.locator, p.text) for p in leaves(article)] == [
        ("第一条第一款", "甲应当："),
        ("第一条第一款第（一）项", "（一）做；"),
        ("第一条第一款第（二）项", "（二）说。"),
        ("第一条第二款", "乙可以看。"),
    ]


def test_the_report_counts_what_it_lists(book: DutyBook) -> None:
    found = find_mentions(book, "主要负责人")
    data = mentions_json("主要负责人", found)
    assert data["total"] == 4
    assert data["counts"]["在清单里"] == 2
    assert sum(data["counts"].values()) == data["total"]
    text = mentions_text("主要负责人", found)
    assert "第九条" in text
    assert "第二条　" not in text


@pytest.mark.parametrize("word", KEYWORDS)
def test_what_is_listed_is_in_the_list_of_its_bearer(services: Services, word: str) -> None:
    book = services.duties
    keyword = KEYWORDS[word]
    listed = {
        pid
        for bearer in (*keyword.bearers, *keyword.kinds)
        for row in book.rows(bearer, TODAY, "")
        for pid in (book.norms[row.at].provision, book.norms[row.at].subject_at)
    }
    national = [m for m in find_mentions(book, word, region="") if m.fate is Fate.LISTED]
    assert national
    assert {m.id for m in national} <= listed
