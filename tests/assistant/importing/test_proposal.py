"""What an import would do, and the facts that the keeper states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from assistant.importing import prepare, propose
from assistant.importing.meta import apply, checked, read_meta
from assistant.importing.proposal import proposal_json, tree
from kb.imports import Facts, Imports
from kb.library import Library
from kb.model import Level, TextKind
from tests.assistant.importing import files

NONE = Imports()


def test_a_document_of_nothing_held_is_new(tmp_path: Path, library: Library) -> None:
    source = prepare(files.write(tmp_path, files.text()))
    found = propose(source, list(library.catalog), NONE, {})
    assert (found.action, found.replaces, found.problems) == ("new", (), ())
    assert found.facts.title == files.TITLE
    assert (found.facts.issuer, found.facts.region) == (files.ISSUER, "某省某县")
    assert found.facts.effective_on == date(2026, 2, 1)


def test_a_digest_of_the_same_name_or_number_is_replaced(tmp_path: Path, library: Library) -> None:
    held = list(library.catalog)
    named = prepare(files.write(tmp_path, files.text(title="地方党政领导干部安全生产责任制规定")))
    (replaced,) = propose(named, held, NONE, {}).replaces
    assert (replaced.kind, replaced.doc_id) == ("digest", "policy-dangzheng-ganbu-zerenzhi")
    other = prepare(files.write(tmp_path, files.text()))
    stated = {"doc_number": "国办发[2017]87号"}
    assert [r.why for r in propose(other, held, NONE, stated).replaces] == ["同文号"]


def test_a_statute_of_the_same_name_makes_it_wait(tmp_path: Path, library: Library) -> None:
    source = prepare(files.write(tmp_path, files.text(title="中华人民共和国安全生产法")))
    found = propose(source, list(library.catalog), NONE, {})
    assert found.replaces == ()
    (problem,) = found.problems
    assert "本库已有《中华人民共和国安全生产法》的原文" in problem


def test_an_older_text_than_the_one_it_replaces_waits(tmp_path: Path, library: Library) -> None:
    held = [d for d in library.catalog if d.text_kind is TextKind.DIGEST and not d.is_policy]
    digest = next(d for d in held if d.latest().effective_on > date(2010, 1, 1))
    old = files.text(title=digest.title).replace("2026年2月1日", "2009年5月1日")
    found = propose(prepare(files.write(tmp_path, old)), held, NONE, {})
    (problem,) = found.problems
    assert "这份是 2009-05-01 起施行的，可能是旧文本" in problem
    new = files.text(title=digest.title).replace("2026年2月1日", "2027年2月1日")
    assert propose(prepare(files.write(tmp_path, new)), held, NONE, {}).problems == ()


def test_the_tree_and_the_json(tmp_path: Path) -> None:
    text = (
        files.text()
        .replace("第一条", "第一章 总则\n第一条")
        .replace("第三条", "第二章 报告\n第三条")
    )
    found = propose(prepare(files.write(tmp_path, text)), [], NONE, {})
    assert tree(found) == [
        {"heading": "第一章 总则", "depth": 0, "locators": ["第一条", "第二条"]},
        {"heading": "第二章 报告", "depth": 0, "locators": ["第三条", "第四条"]},
    ]
    shown = proposal_json(found, "preview")
    assert (shown["state"], shown["articles"], shown["title"]) == ("preview", 4, files.TITLE)
    assert shown["effective_on"] == "2026-02-01"


def test_stated_facts_take_the_place_of_what_was_read(tmp_path: Path) -> None:
    toml = tmp_path / "m.toml"
    toml.write_text(
        'title = "《某县网格办法》"\nlevel = "规章"\nregion = "某省"\naliases = ["网格办法", "网格办法"]\n'
        'effective_on = 2026-03-01\nrepealed_on = "2030-01-01"\n',
        encoding="utf-8",
    )
    stated = read_meta(toml)
    facts = apply(Facts("读到的标题", doc_number="某政发〔2026〕1号"), stated)
    assert facts == replace(
        Facts("某县网格办法", Level.RULE, "某县网格办法", "某政发〔2026〕1号"),
        region="某省", aliases=("网格办法",), effective_on=date(2026, 3, 1), repealed_on=date(2030, 1, 1),
    )  # fmt: skip


def test_a_stated_title_settles_the_missing_one(tmp_path: Path) -> None:
    text = "\n".join(files.text().split("\n")[3:])
    source = prepare(files.write(tmp_path, text))
    assert "没有读到标题" in propose(source, [], NONE, {}).problems[0]
    assert propose(source, [], NONE, {"title": "某县办法"}).problems == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"colour": "red"}, "不认识 colour"),
        ({"title": ""}, "标题是空的"),
        ({"title": 3}, "应是文字"),
        ({"level": "圣旨"}, "不认识：圣旨"),
        ({"topics": "消防"}, "应是一串文字"),
        ({"effective_on": "2026-13-01"}, "不是日期"),
        ({"issued_on": 2026}, "不是日期"),
    ],
)
def test_facts_that_are_not_right_name_the_key(data: dict[str, object], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        checked(data, "m.toml")


def test_a_file_of_facts_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="读不出来"):
        read_meta(tmp_path / "none.toml")
    path = tmp_path / "m.toml"
    path.write_text("title = ", encoding="utf-8")
    with pytest.raises(BadInputError, match="TOML"):
        read_meta(path)
