"""Every fix of `indexer.clean` by itself, and what holds for all of them together."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import clean as module
from indexer.clean import FIXES, article_head, clean, heading, numbered

CASES = {
    "line_endings": [
        ("甲。\r\n乙。\r丙。", "甲。\n乙。\n丙。"),
        ("甲。\v乙。\u2028丙。\x85丁。", "甲。\n乙。\n丙。\n丁。"),
        ("甲。\f乙。", "甲。\f乙。"),
    ],
    "invisible": [
        ("\ufeff安\u200b全\u00ad生\x07产\u202e。\n", "安全生产。\n"),
        ("甲\t乙\f丙", "甲\t乙\f丙"),
    ],
    "page_numbers": [
        ("甲。\n— 3 —\n乙。", "甲。\n乙。"),
        ("甲。\n-3-\n－ 4 －\n乙。", "甲。\n乙。"),
        ("甲。\n第3页 共9页\n第 4 页\n第三页/共九页\nPage 3 of 9\n乙。", "甲。\n乙。"),
        ("甲\n3\n\f4\n乙\n5/9\f丙", "甲\n\f乙\f丙"),
        ("序号\n3\n名称", "序号\n3\n名称"),
        ("第3页共有三处改动。", "第3页共有三处改动。"),
    ],
    "page_breaks": [("甲。\f乙。", "甲。\n乙。")],
    "radicals": [
        ("⽣产经营单位⼈员、⼈⺠、⻚、⻛、⻓", "生产经营单位人员、人民、页、风、长"),
        ("⼀⼆⼗⼒⼯⽔⽕⽊⾦⼟⺟⻳", "一二十力工水火木金土母龟"),
    ],
    "fullwidth": [("ＧＢ５０１６ａ－２０２１，（１）：；", "GB5016a－2021，（1）：；")],
    "spaces": [
        ("　　甲 \u00a0　乙\t丙  ", "甲 乙 丙"),
        ("第一条  为了", "第一条　为了"),
        ("第 一百三十三 条 之 一　 有下列", "第一百三十三条之一　有下列"),
        ("第 一 章   总 则", "第一章　总 则"),
        ("第二分编 物权", "第二分编　物权"),
        ("第 三 条", "第三条"),
        ("第二十一条 规定的职责", "第二十一条 规定的职责"),
        ("第九条 第二款", "第九条 第二款"),
    ],
    "blank_lines": [("\n甲\n\n \n乙\n", "甲\n乙")],
    "han_spaces": [
        ("目 录", "目录"),
        ("安 全 生 产 ， “ 三同时 ”", "安全生产，“三同时”"),
        ("处 5 万元", "处 5 万元"),
        ("第一条　为了", "第一条　为了"),
    ],
    "punctuation": [
        ("安全,生产;(以下简称 单位):甲", "安全，生产；（以下简称 单位）：甲"),
        ("履行下列职责:\n(一)甲;\n(二)乙", "履行下列职责：\n（一）甲；\n（二）乙"),
        ("安全, 生产", "安全，生产"),
        ("上午8:00,处10,000元(a)的GB(2021)", "上午8:00,处10,000元（a）的GB(2021)"),
        ("((一)甲)", "（（一）甲）"),
        ("x(y)z", "x(y)z"),
    ],
    "inline_items": [
        ("下列职责：（一）甲；（二）乙。", "下列职责：\n（一）甲；\n（二）乙。"),
        ("处理。（一）甲。（二）乙。（三）丙。", "处理。\n（一）甲。\n（二）乙。\n（三）丙。"),
        ("如下：（一）甲：（一）乙", "如下：（一）甲：（一）乙"),
        ("按第（一）项。（一）、（二）项", "按第（一）项。（一）、（二）项"),
    ],
}

LONG = "生产经营单位的主要负责人对本单位安全生产工作负有下列职责建立健全"  # 32 characters
SOFT_BREAKS = [
    ("生产经营单位应当建立，\n健全制度。\n第二款。", "生产经营单位应当建立，健全制度。\n第二款。"),
    ("第一条　甲应当\n建立制度。\n第二条　乙。", "第一条　甲应当建立制度。\n第二条　乙。"),
    ("第一条\n甲应当建立。", "第一条　甲应当建立。"),
    ("第一条\n（一）甲；", "第一条　（一）甲；"),
    ("第一条\n第二条　乙。", "第一条\n第二条　乙。"),
    ("第一章\n总则\n第一条　甲。", "第一章　总则\n第一条　甲。"),
    ("第五条　依照本法\n第二十一条　设立的。", "第五条　依照本法第二十一条　设立的。"),
    ("第五条　有职责，\n第二十一条规定的除外。", "第五条　有职责，第二十一条规定的除外。"),
    ("第五条　甲未达到\n第九条对乙的要求。", "第五条　甲未达到第九条对乙的要求。"),
    ("第五条　处第\n（一）项罚款。", "第五条　处第（一）项罚款。"),
    ("第五条　甲\n。乙。", "第五条　甲。乙。"),
    ("第五条　下列：\n（一）甲\n乙；\n（二）丙。", "第五条　下列：\n（一）甲乙；\n（二）丙。"),
    ("第五条　使用GB\nA标准。", "第五条　使用GB A标准。"),
    ("甲县安全生产办法\n甲县人民政府令第5号\n（2021年3月1日通过）\n目录\n第一章　总则", None),
    ("甲县人民政府办公室\n关于加强安全的通知", "甲县人民政府办公室关于加强安全的通知"),
    ("甲县安全\n生产办法\n第一条　甲。", "甲县安全生产办法\n第一条　甲。"),
    (f"一、总体要求\n{LONG}。\n二、工作任务\n（一）压实责任\n{LONG}。", None),
    ("一、\n总体要求", "一、总体要求"),
    ("目录\n第一章　总则……1\n附则……3\n第一条　甲。", None),
    ("第一条　自公布之日起施行。\n甲县人民政府\n2021年3月1日", None),
    ("第一条　甲。\n附件：检查表\n序号 项目\n一二 三四", None),
]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [(name, *case) for name, cases in CASES.items() for case in cases],
)
def test_fix_changes_what_it_is_named_for_and_nothing_else(
    name: str, before: str, after: str
) -> None:
    assert FIXES[name](before) == after


@pytest.mark.parametrize(("before", "after"), SOFT_BREAKS)
def test_broken_sentences_are_joined_and_units_are_not(before: str, after: str | None) -> None:
    assert FIXES["soft_breaks"](before) == (before if after is None else after)


def test_every_fix_has_cases() -> None:
    assert {*CASES, "soft_breaks"} == set(FIXES)


def test_every_kangxi_radical_becomes_an_ordinary_character() -> None:
    for n in range(0x2F00, 0x2FD6):
        assert "CJK UNIFIED" in unicodedata.name(FIXES["radicals"](chr(n)))


def test_every_supplement_radical_with_an_equivalent_becomes_it() -> None:
    kept = [
        chr(n)
        for n in range(0x2E80, 0x2EF4)
        if unicodedata.name(chr(n), "") and FIXES["radicals"](chr(n)) == chr(n)
    ]
    assert kept == ["⺀"]  # CJK RADICAL REPEAT stands for no character


def test_names_of_the_fixes_that_changed_something_come_in_order() -> None:
    cleaned = clean("\ufeff第 一 条  ⽣产,\r\n\r\n经营。")
    assert cleaned.text == "第一条　生产，经营。"
    assert cleaned.fixes == (
        "line_endings", "invisible", "radicals", "spaces", "blank_lines", "soft_breaks",
        "punctuation",
    )  # fmt: skip


def test_clean_text_is_left_alone() -> None:
    text = "甲办法\n第一章　总则\n第一条　为了安全（以下简称甲）：\n（一）乙；\n（二）丙。"
    assert clean(text) == module.Cleaned(text, ())


def test_fullwidth_punctuation_survives() -> None:
    text = "甲，乙（丙）：丁；戊！己？“庚”《辛》〔壬〕％"
    assert clean(text).text == text


def test_empty_text_stays_empty() -> None:
    assert clean("").text == clean(" \r\n\f\u200b").text == ""


@pytest.mark.parametrize(
    "line",
    [
        "第二十一条规定的职责",
        "第三条、第四条的",
        "第九条第二款",
        "第九条第（三）项",
        "第三条和第四条",
        "第十百条 甲",
        "第三条的规定",
        "第三条，甲",
        "第五条所列情形",
    ],
)
def test_a_citation_at_the_start_of_a_line_is_no_article_head(line: str) -> None:
    assert article_head(line) is None


def test_article_heads_are_read_in_every_spelling() -> None:
    assert article_head("第一百三十三条之一 甲") == module.ArticleHead(133, 1, "甲", True)
    assert article_head("第1条甲") == module.ArticleHead(1, None, "甲", False)
    assert article_head("第二条") == module.ArticleHead(2, None, "", True)
    assert article_head("第二条　规定本区域的事项") is not None
    assert article_head("第二条　与甲配套的乙") is not None


def test_headings_are_read_and_sentences_are_not() -> None:
    assert heading("第二章 生产、经营") == module.Heading("章", 2, "第二章", "生产、经营")
    assert heading("第一分编　通则") == module.Heading("分编", 1, "第一分编", "通则")
    assert heading("附则") == module.Heading("", 0, "附则", "")
    assert heading("第三章的规定") is heading("第三章第一节") is heading("第三章 甲。") is None


def test_numbered_lines_are_read_and_numbers_are_not() -> None:
    assert numbered("一、甲") == ("一、", 1, "一、")
    assert numbered("(二)甲") == ("（一）", 2, "(二)")
    assert numbered("3．甲") == ("1.", 3, "3．")
    assert numbered("一、二级单位") is numbered("（一）项") is numbered("3.5米") is None


PIECES = [
    *["第一条", "第二条", "第三条之一", "第一章", "总则", "附则", "目录", "（一）", "(二)"],
    *["1.", "一、"],
    *["　", " ", "\n", "\n", "\n", "\r\n", "\f", "，", "。", "；", "：", "(", ")"],
    *[",", ":", "”", "|"],
    *["安全", "生产", "规定", "的", "依照", "附件", "3", "— 3 —", "第3页", "（2021年"],
    *["2021年3月1日", "……", "A", "\u200b", "⽣", "关于", "办法", "本法", "第", "条", "章"],
]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once.text) == module.Cleaned(once.text, ())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_han_character_is_lost_but_in_page_numbers(text: str) -> None:
    kept = FIXES["page_numbers"](text.replace("\r\n", "\n").replace("\u200b", ""))
    letters = [c for c in kept.replace("⽣", "生") if "\u4e00" <= c <= "\u9fff"]
    assert [c for c in clean(text).text if "\u4e00" <= c <= "\u9fff"] == letters
