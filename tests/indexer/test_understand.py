"""A file's text → a draft: what must be looked at, and what is only said."""

from __future__ import annotations

import pytest

from indexer.errors import RefusedFileError
from indexer.load import Line, RawText
from indexer.understand import Draft, numbering_problems, understand
from kb.imports import ArticleText


def draft(text: str, *, pages: int = 0, problems: tuple[str, ...] = ()) -> Draft:
    lines = tuple(
        Line(t, n, (n + 3) // 4 if pages else 0) for n, t in enumerate(text.split("\n"), 1)
    )
    return understand(RawText(lines, "txt", False, (), problems, pages), "file")


GOOD = (
    "某县安全生产办法\n第一条　为了安全。\n第二条　应当检查：\n（一）甲；\n（二）乙。\n"
    "第三条　本办法自2026年1月1日起施行。"
)


def test_a_sound_document_has_no_problems() -> None:
    found = draft(GOOD)
    assert found.problems == ()
    assert [a.label for a in found.articles] == ["第一条", "第二条", "第三条"]
    assert found.facts.title == "某县安全生产办法"
    assert found.articles[1].text == "应当检查：\n（一）甲；\n（二）乙。"


def test_gaps_name_the_page() -> None:
    text = GOOD.replace("第三条", "第六条")
    assert draft(text, pages=2).problems == ("缺第三条至第五条：第二条之后是第六条（第 2 页）",)


def labels(*names: str) -> list[ArticleText]:
    return [ArticleText(n, "文字。") for n in names]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("第一条", "第二条", "第二条之一", "第二条之二", "第三条"), None),
        (("第二条", "第三条"), "条文从第二条开始"),
        (("第一条", "第三条"), "缺第二条：第一条之后是第三条"),
        (("第一条", "第二条", "第二条〔2〕", "第三条"), "第二条出现了两次"),
        (("第一条", "第二条", "第一条〔2〕"), "条号倒退"),
        (("第一条", "第一条之二"), "条号不连续"),
    ],
)
def test_numbers_are_checked(names: tuple[str, ...], says: str | None) -> None:
    found = list(numbering_problems(labels(*names)))
    assert len(found) == (says is not None)
    if says:
        assert found[0].startswith(says)


def test_a_repeated_article_is_kept_under_a_label_of_its_own() -> None:
    text = GOOD.replace("第三条", "第二条　又一个第二条。\n第三条")
    found = draft(text)
    assert [a.label for a in found.articles] == ["第一条", "第二条", "第二条〔2〕", "第三条"]
    assert any("第二条出现了两次" in p for p in found.problems)


def test_an_article_without_words_is_a_problem() -> None:
    found = draft(GOOD.replace("第三条", "第三条\n第四条"))
    assert "第三条没有文字" in found.problems


def test_problems_of_the_file_are_kept() -> None:
    assert draft(GOOD, problems=("第 2 页没有文字",)).problems == ("第 2 页没有文字",)


def test_a_notice_says_how_it_is_cited() -> None:
    text = "关于检查的通知\n各乡镇：\n一、要求\n认真检查。\n二、时间\n2026年6月。"
    found = draft(text)
    assert found.outline
    assert [a.label for a in found.articles] == ["一、", "二、"]
    assert any("出处写作" in w for w in found.warnings)


@pytest.mark.parametrize("text", ["今天天气很好。\n大家都来开会。", "通讯录", ""])
def test_a_text_without_numbers_is_refused(text: str) -> None:
    with pytest.raises(RefusedFileError, match="没有读到“第一条”"):
        draft(text)
