"""Notices: numbered headings as articles with stable labels."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from indexer.clean import clean
from indexer.outline import article_texts, is_outline
from indexer.segment import segment
from kb.imports import ArticleText
from kb.structure import build_article

NOTICE = """关于加强安全生产检查的通知
各乡镇：
现将有关事项通知如下：
一、总体要求
坚持安全第一。
二、主要任务
（一）全面排查。各乡镇每季度排查一次。
排查结果在五日内报县安委办。
1. 查企业；
2. 查学校。
（二）严格执法。对拒不整改的依法处罚。
三、检查内容包括：
（一）证照；
（二）制度。
四、工作要求
请各单位于2026年6月1日前报送总结。
某县安全生产委员会
2026年3月9日"""


def articles(text: str) -> tuple[ArticleText, ...]:
    return article_texts(segment(clean(text, wrapped=False).text).articles)


def test_sections_of_their_own_become_articles_and_lists_stay_items() -> None:
    found = articles(NOTICE)
    assert [(a.label, a.path) for a in found] == [
        ("一、", ()),
        ("二、（一）", ("二、主要任务",)),
        ("二、（二）", ("二、主要任务",)),
        ("三、", ()),
        ("四、", ()),
    ]
    assert found[1].text.startswith("全面排查。各乡镇每季度排查一次。\n排查结果")


def test_addresses_in_a_notice() -> None:
    found = {a.label: a for a in articles(NOTICE)}
    article = build_article("d", "v", "二、（一）", found["二、（一）"].text)
    assert [p.id.locator for p in article.parts] == [
        "二、（一）第一段", "二、（一）第二段", "二、（一）第二段1.", "二、（一）第二段2.",
    ]  # fmt: skip
    listed = build_article("d", "v", "三、", found["三、"].text)
    assert [p.id.locator for p in listed.parts] == ["三、（一）", "三、（二）"]


def test_a_label_that_comes_twice_is_told_apart() -> None:
    found = article_texts([*segment(NOTICE).articles, *segment(NOTICE).articles])
    labels = [a.label for a in found]
    assert len(labels) == len(set(labels))
    assert "二、（一）〔2〕" in labels


def test_articles_with_numbers_are_left_alone() -> None:
    statute = segment("办法\n第一条　甲。\n第二条　乙：\n（一）丙；\n（二）丁。")
    assert not is_outline(statute.articles)
    assert [a.label for a in article_texts(statute.articles)] == ["第一条", "第二条"]


def _printed(a: ArticleText, top: str, is_lead: bool) -> str:
    label = re.sub(r"〔\d+〕$", "", a.label)
    return (label if is_lead else label.removeprefix(top)) + a.text


LINES = st.lists(
    st.sampled_from(
        [
            "一、总体要求",
            "二、任务",
            "三、要求如下：",
            "（一）排查。",
            "（二）执法；",
            "1. 企业；",
            "2. 学校。",
            "各乡镇应当检查。",
        ]
    ),
    min_size=1,
    max_size=14,
)


@given(LINES)
def test_no_word_is_lost_or_moved(lines: list[str]) -> None:
    statute = segment("\n".join(["一、开头", *lines]))
    if not is_outline(statute.articles):
        return
    for article in statute.articles:
        found = article_texts([article])
        lead = [a for a in found if a.label == article.id.article]
        heading = found[0].path[-1] if found[0].path and not lead else ""
        out = heading + "".join(_printed(a, article.id.article, a in lead) for a in found)
        if lead and len(found) > 1 and "。" not in lead[0].text.split("\n")[0]:
            assert found[1].path[-1] == article.id.article + lead[0].text.split("\n")[0]
        assert re.sub(r"\s", "", out) == re.sub(r"\s", "", article.id.article + article.text)
