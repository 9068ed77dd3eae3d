"""Word's numbers: formats, levels, restarts, starts, styles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from eval.documents import NumberingPart
from indexer.load import read
from indexer.load.numbering import formatted
from kb.numerals import to_chinese, to_int


def lines(tmp_path: Path, document: Any) -> list[str]:
    path = tmp_path / "a.docx"
    document.save(str(path))
    return [line.text for line in read(path).lines]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("chineseCounting", ["一", "十", "十一", "二十", "一百零一"]),
        ("chineseCountingThousand", ["一", "十", "十一", "二十", "一百零一"]),
        ("japaneseCounting", ["一", "十", "十一", "二十", "一百零一"]),
        ("ideographDigital", ["一", "一〇", "一一", "二〇", "一〇一"]),
        ("decimal", ["1", "10", "11", "20", "101"]),
        ("decimalZero", ["01", "10", "11", "20", "101"]),
        ("upperRoman", ["I", "X", "XI", "XX", "CI"]),
        ("lowerLetter", ["a", "j", "k", "t", "wwww"]),
        ("decimalEnclosedCircleChinese", ["①", "⑩", "⑪", "⑳", "101"]),
        ("ideographTraditional", ["甲", "癸", "甲", "癸", "甲"]),
    ],
)
def test_formats(style: str, expected: list[str]) -> None:
    assert [formatted(n, style) for n in (1, 10, 11, 20, 101)] == expected


@given(st.integers(1, 9999))
def test_han_numbers_are_those_of_statutes(n: int) -> None:
    assert formatted(n, "chineseCountingThousand") == to_chinese(n)
    assert to_int(formatted(n, "ideographDigital").replace("〇", "零")) == n


def test_articles_go_on_through_the_chapters(tmp_path: Path) -> None:
    document = docx.Document()
    part = NumberingPart(document)
    num = part.add(
        [(0, "chineseCounting", "第%1章"), (1, "chineseCounting", "第%2条")],
        extra={1: '<w:lvlRestart w:val="0"/>'},
    )
    for level, text in [
        (0, "总则"), (1, "为了安全，制定本办法。"), (1, "本办法适用于本县。"),
        (0, "职责"), (1, "乡镇人民政府应当检查。"),
    ]:  # fmt: skip
        part.apply(document.add_paragraph(text), num, level)
    assert lines(tmp_path, document) == [
        "第一章 总则", "第一条 为了安全，制定本办法。", "第二条 本办法适用于本县。",
        "第二章 职责", "第三条 乡镇人民政府应当检查。",
    ]  # fmt: skip


def test_a_deeper_level_starts_again_and_may_show_both_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    part = NumberingPart(document)
    num = part.add([(0, "decimal", "%1."), (1, "decimal", "%1.%2"), (2, "lowerLetter", "%3)")])
    for level in (0, 1, 1, 2, 0, 1, 2):
        part.apply(document.add_paragraph("安全生产检查。"), num, level)
    assert [line.split(" ")[0] for line in lines(tmp_path, document)] == [
        "1.", "1.1", "1.2", "a)", "2.", "2.1", "a)",
    ]  # fmt: skip


def test_two_lists_on_one_definition_share_the_count_unless_restarted(tmp_path: Path) -> None:
    document = docx.Document()
    part = NumberingPart(document)
    first = part.add([(0, "chineseCounting", "第%1条")])
    same = part.add_num("7", first)
    again = part.add_num(
        "8", first, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    )
    for num in (first, same, again, again):
        part.apply(document.add_paragraph("应当检查安全生产工作。"), num)
    assert [line[:3] for line in lines(tmp_path, document)] == [
        "第一条",
        "第二条",
        "第一条",
        "第二条",
    ]


def test_a_list_may_start_anywhere(tmp_path: Path) -> None:
    document = docx.Document()
    part = NumberingPart(document)
    num = part.add([(0, "chineseCountingThousand", "第%1条")], start=99)
    for _ in range(3):
        part.apply(document.add_paragraph("应当检查安全生产工作。"), num)
    assert [line.split(" ")[0] for line in lines(tmp_path, document)] == [
        "第九十九条", "第一百条", "第一百零一条",
    ]  # fmt: skip


def test_a_style_numbers_its_paragraphs_and_numid_0_takes_the_number_away(tmp_path: Path) -> None:
    document = docx.Document()
    part = NumberingPart(document)
    num = part.add([(0, "chineseCounting", "%1、")])
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{num}"/></w:numPr>')
    )
    document.add_paragraph("加强安全生产领导", style="Heading 1")
    bare = document.add_paragraph("不编号的安全生产标题", style="Heading 1")
    part.apply(bare, "0")
    document.add_paragraph("落实安全生产责任", style="Heading 1")
    assert lines(tmp_path, document) == [
        "一、 加强安全生产领导", "不编号的安全生产标题", "二、 落实安全生产责任",
    ]  # fmt: skip


def test_bullets_print_nothing(tmp_path: Path) -> None:
    document = docx.Document()
    part = NumberingPart(document)
    num = part.add([(0, "bullet", "·")])
    part.apply(document.add_paragraph("应当检查安全生产工作。"), num)
    assert lines(tmp_path, document) == ["应当检查安全生产工作。"]
