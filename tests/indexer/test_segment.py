"""`indexer.segment`: golden texts read by eye, laws that hold for every text, and details.

`python -m tests.indexer.test_segment` writes the goldens again; read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.clean import clean
from indexer.segment import Statute, render, segment
from kb.citation import article_label
from kb.numerals import to_chinese
from tests.indexer.test_clean import PIECES

CASES = Path(__file__).parents[1] / "cases" / "segment"


def as_json(path: Path) -> dict[str, Any]:
    """What a golden file records of a text."""
    cleaned = clean(path.read_bytes().decode("utf-8"))
    statute = segment(cleaned.text)
    return {
        "fixes": list(cleaned.fixes),
        "title": statute.title,
        "preface": list(statute.preface),
        "contents": list(statute.contents),
        "articles": [
            {
                "label": a.id.article,
                "path": list(a.path),
                "text": a.text.split("\n"),
                "parts": [p.id.locator.removeprefix(a.id.article) for p in a.parts],
            }
            for a in statute.articles
        ],
        "endnotes": list(statute.endnotes),
        "warnings": list(statute.warnings),
    }


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_golden_text_is_segmented_as_read_by_eye(path: Path) -> None:
    assert as_json(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda p: p.stem)
def test_golden_text_is_rendered_without_losing_a_word(path: Path) -> None:
    text = clean(path.read_bytes().decode("utf-8")).text
    assert _words(render(segment(text))) == _words(_chinese_labels(text))


def labels(text: str) -> list[str]:
    return [a.id.article for a in segment(text).articles]


def test_ids_carry_document_and_version() -> None:
    article = segment("第一条　甲。", doc_id="x", version="2021-06-10").articles[0]
    assert str(article.id) == "x@2021-06-10/第一条"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第1条 甲。\n第2条 乙。", ["第一条", "第二条"]),
        ("第一条甲。\n第二条乙。", ["第一条", "第二条"]),
        ("第一条　甲。\n第一条之一　乙。\n第二条　丙。", ["第一条", "第一条之一", "第二条"]),
        ("第一条　甲。\n第九条对丙另有要求。\n第二条　乙。", ["第一条", "第二条"]),
        ("第一条　甲。\n第二条对丙另有要求。\n第二条　乙。", ["第一条", "第二条"]),
        ("第一条　甲。\n第三条、第四条的规定除外。\n第二条　乙。", ["第一条", "第二条"]),
        ("第一条　甲。\n第二条　乙。\n第一条　对丙另有要求。\n第三条　丁。",
         ["第一条", "第二条", "第一条", "第三条"]),
        ("第三条　甲。\n第四条　乙。", ["第三条", "第四条"]),
        ("一、甲\n（一）乙\n二、丙", ["一、", "二、"]),
        ("（一）甲\n1.乙\n（二）丙", ["（一）", "（二）"]),
        ("1.甲\n2.乙", ["1.", "2."]),
        ("甲。\n乙。", ["正文"]),
        ("", []),
    ],
)  # fmt: skip
def test_articles_are_found_by_sequence_and_by_what_follows(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("第一条　甲。\n第三条　乙。", ("条号有缺：第一条之后是第三条",)),
        ("第一条　甲。\n第一条　乙。", ("第一条连续出现两次",)),
        ("第一条　甲。\n第二条　乙。\n第一条　丙。", ("条号倒退：第二条之后是第一条",)),
        ("第二条　甲。", ("条文从第二条开始，前面缺第一条",)),
        ("第一条　甲。\n第二条", ("第二条没有文字",)),
        ("第一条　甲：\n（一）乙；\n（三）丙。", ("第一条的项号不连续：（一）之后是（三）",)),
        ("第一条　甲。\n乙：\n（二）丙。", ("第一条第二款的项号不连续：第一项是（二）",)),
        ("第一条　甲：\n（一）乙：\n1.丙；\n3.丁。", ("第一条的目号不连续：1.之后是3.",)),
        ("第一章　甲\n第一条　乙。\n第三章\n第二条　丙。", ("标题次序不对：第一章之后是第三章",)),
        ("第一条　甲。\n第一章　乙", ("「第一章　乙」后面没有条文",)),
        ("第一章　甲\n乙。\n第一条　丙。", ("「第一章 甲」下面有一行不属于任何一条：「乙。」",)),
        ("第一条　甲：\n（百一百）乙。", ("第一条里有读不懂的项号，没有分项",)),
        ("", ("文本里没有可分条的文字",)),
        ("一、甲\n三、乙", ("条号有缺：「一、」之后是「三、」",)),
        ("第一条　甲。\n第一条之一　乙。\n第二条　丙。", ()),
        ("第一条　甲：\n（一）乙。\n丙。\n（二）丁。", ()),
    ],
)
def test_warnings_name_what_is_wrong_and_its_neighbours(
    text: str, warnings: tuple[str, ...]
) -> None:
    assert segment(text).warnings == warnings


def test_table_of_contents_is_not_read_as_structure() -> None:
    text = "甲办法\n目录\n第一章　总则 1\n第二章　附则 2\n序言。\n第一章　总则\n第一条　乙。"
    statute = segment(text)
    assert statute.contents == ("目录", "第一章　总则 1", "第二章　附则 2")
    assert statute.preface == ("甲办法", "序言。")
    assert statute.articles[0].path == ("第一章 总则",)
    assert render(statute) == text


def test_contents_end_where_the_first_entry_comes_again() -> None:
    body = "第一章　总则\n第一条　甲。\n第二章　附则\n第二条　乙。"
    text = f"目录\n第一章　总则\n第二章　附则\n{body}"
    statute = segment(text)
    assert [a.path for a in statute.articles] == [("第一章 总则",), ("第二章 附则",)]
    assert statute.warnings == ()
    assert render(statute) == text


def test_articles_of_an_attachment_stay_in_the_endnotes() -> None:
    statute = segment("第一条　甲。\n第二条　乙。\n附件：合同\n第一条　丙。")
    assert [a.id.article for a in statute.articles] == ["第一条", "第二条"]
    assert statute.endnotes == ("附件：合同", "第一条　丙。")
    assert statute.warnings == ("「附件：合同」里另有条文，没有当作正文的条",)


def test_signature_is_not_part_of_the_last_article() -> None:
    statute = segment("第一条　甲。\n某县应急管理局\n2021年3月1日")
    assert statute.articles[0].text == "甲。"
    assert statute.endnotes == ("某县应急管理局", "2021年3月1日")


def test_heading_closes_the_path_below_it() -> None:
    above = "第一编　甲\n第一章　乙\n第一节　丙\n第一条　丁。\n"
    text = above + "第二章　戊\n第二条　己。\n附则\n第三条　庚。"
    assert [a.path for a in segment(text).articles] == [
        ("第一编 甲", "第一章 乙", "第一节 丙"),
        ("第一编 甲", "第二章 戊"),
        ("附则",),
    ]


HAN = "安全生产经营单位应当建立健全责任制度保障人员设备培训演练检查"
WORDS = st.text(HAN, min_size=1, max_size=50)
NAMES = st.text(HAN, min_size=1, max_size=12)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """An article of one or more 款, some with 项, some of those with 目."""
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        items = draw(st.integers(0, 3))
        lines.append(draw(WORDS) + ("：" if items else "。"))
        for n in range(1, items + 1):
            subitems = draw(st.sampled_from([0, 0, 2]))
            end = "：" if subitems else "。" if n == items else "；"
            lines.append(f"（{to_chinese(n)}）{draw(WORDS)}{end}")
            lines += [f"{k}.{draw(WORDS)}；" for k in range(1, subitems + 1)]
    return "\n".join(lines)


@st.composite
def statutes(draw: st.DrawFn) -> tuple[str, list[tuple[str, tuple[str, ...], str]]]:
    """The canonical text of a random statute, and label, path and text of every article."""
    lines = [draw(NAMES) + "办法"] if draw(st.booleans()) else []
    lines += ["（2021年3月1日通过）"] if lines and draw(st.booleans()) else []
    toc = len(lines)
    levels = draw(st.sampled_from([(), ("章",), ("章", "节"), ("编", "章"), ("编", "章", "节")]))
    counts = dict.fromkeys(levels, 0)
    path: dict[str, str] = {}
    articles: list[tuple[str, tuple[str, ...], str]] = []
    headings: list[str] = []
    for number in range(1, draw(st.integers(2, 7))):
        first = 0 if number == 1 else draw(st.integers(0, len(levels)))  # rank of a new heading
        for rank, level in enumerate(levels[first:], first):
            counts[level] += 1
            path = {k: v for k, v in path.items() if levels.index(k) < rank}
            path[level] = f"第{to_chinese(counts[level])}{level} {draw(NAMES)}"
            headings.append(path[level].replace(" ", "　"))
            lines.append(headings[-1])
            if level == "章" and "节" in counts:
                counts["节"] = 0
        suffixes = draw(st.sampled_from([0, 0, 0, 2]))
        for suffix in range(suffixes + 1):
            label, text = article_label(number, suffix or None), draw(bodies())
            lines.append(f"{label}　{text}")
            articles.append((label, tuple(path[k] for k in levels if k in path), text))
    if headings and lines[toc:] and draw(st.booleans()):
        lines[toc:toc] = ["目录", *headings]
    if draw(st.booleans()):
        lines += ["附件：检查表", draw(WORDS) + "。"]
    return "\n".join(lines), articles


@settings(max_examples=300, deadline=None)
@given(statutes())
def test_canonical_statute_survives_segmenting_and_rendering(
    drawn: tuple[str, list[tuple[str, tuple[str, ...], str]]],
) -> None:
    text, articles = drawn
    assert clean(text).text == text
    statute = segment(text)
    assert [(a.id.article, a.path, a.text) for a in statute.articles] == articles
    assert render(statute) == text
    assert statute.warnings == ()


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=80))
def test_any_text_is_accepted_and_no_word_of_it_lost(text: str) -> None:
    cleaned = clean(text).text
    statute = segment(cleaned)
    assert _words(render(statute)) == _words(cleaned)
    assert len(statute.above) == len(statute.articles)


@settings(max_examples=200, deadline=None)
@given(statutes())
def test_every_part_is_a_span_of_its_article(drawn: tuple[str, object]) -> None:
    for article in segment(drawn[0]).articles:
        assert all(article.text[p.start : p.end] == p.text for p in article.parts)


def _words(text: str) -> str:
    return "".join(text.split())


def _chinese_labels(text: str) -> str:
    for n in range(9, 0, -1):
        text = text.replace(f"第{n}条", f"第{to_chinese(n)}条")
    return text


def test_default_statute_needs_only_its_articles() -> None:
    assert render(Statute("甲", ("甲",), segment("第一条　乙。").articles)) == "甲\n第一条　乙。"


if __name__ == "__main__":
    for case in sorted(CASES.glob("*.txt")):
        dumped = json.dumps(as_json(case), ensure_ascii=False, indent=1)
        case.with_suffix(".json").write_text(dumped + "\n", encoding="utf-8")
