"""The pages as HTML: escaping, quotations, citations, notices, documents."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from assistant.answers import Answer, Outcome, Quote, Reason, Statement
from assistant.search import Hit
from assistant.web.answer_html import EXAMPLES, Asked, answer_html, plain_text, welcome_html
from assistant.web.html import (
    Mark,
    article_body,
    ask_link,
    banner,
    day_words,
    doc_href,
    effective_words,
    esc,
    notice_look,
)
from assistant.web.library_html import Browse, chosen, document_html, list_html
from assistant.web.locate import basis_target, place
from kb.catalog import Catalog
from kb.errors import UnknownProvisionError
from kb.model import Change, Document, Event, EventKind, Level, Status, TextKind, Version
from kb.structure import build_article

TODAY = date(2026, 11, 22)
EVIL = '<script>alert("x")</script><b>&\''
DUTY = (
    "主要负责人对本单位安全工作负有下列职责：\n"
    "（一）建立责任制；\n（二）组织制定规章制度。\n"
    "前款规定的职责不得委托他人。"
)


class Balanced(HTMLParser):
    """Collects tags, text and ids; complains about tags that do not match."""

    VOID = frozenset({"br", "input", "path", "circle", "meta", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [v for k, v in attrs if k == "id" and v]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parse(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    return parser


def make_version(doc_id: str, name: str = "2021-06-10", day: date = date(2021, 9, 1)) -> Version:
    texts = ("为了安全，制定本法。", DUTY, "违反本法的，处一万元罚款。")
    articles = tuple(
        build_article(doc_id, name, f"第{n}条", text, ("第一章 总则",))
        for n, text in zip("一二三", texts, strict=True)
    )
    return Version(name, day, articles)


@pytest.fixture
def law() -> Document:
    return Document(
        "some-law", "某安全法", "安全法", Level.LAW, TextKind.TEXT, (make_version("some-law"),),
        topics=("消防",), issuer="全国人大常委会",
    )  # fmt: skip


@pytest.fixture
def policy() -> Document:
    article = build_article("policy-x", "undated", "内容", "四项。\n（一）关闭；", (), "内容")
    version = Version("undated", date.min, (article,))
    return Document(
        "policy-x", "某个一律", "某个一律", Level.NATIONAL_POLICY, TextKind.DIGEST, (version,),
        basis=("某安全法第二条第一款第（一）项", "某县规定第九条"), topics=("执法处罚",),
        events=(Event(EventKind.MENTIONED, date(2012, 4, 17), "部署专项行动"),),
    )  # fmt: skip


@pytest.fixture
def catalog(law: Document, policy: Document) -> Catalog:
    return Catalog((law, policy))


def make_answer(law: Document, **changes: object) -> Answer:
    version = law.versions[0]
    duty, sanction = version.articles[1], version.articles[2]
    parts = {p.id.locator: p for p in duty.parts}
    cited = (
        parts["第二条第一款"], parts["第二条第一款第（一）项"], parts["第二条第一款第（二）项"],
        sanction.whole,
    )  # fmt: skip
    quotes = tuple(Quote(n, law, version, p, Status.IN_FORCE) for n, p in enumerate(cited, 1))
    answer = Answer(
        Outcome.ANSWER, "职责", "《某安全法》第二条第一款",
        (
            Statement("主要负责人对本单位安全工作负有下列职责：", 1),
            Statement("（一）建立责任制；", 2),
            Statement("（二）组织制定规章制度。", 3),
        ),
        quotes,
        (Statement("违反本法的，处一万元罚款。", 4, "按内容推定"),),
        related=("谁来管？",),
    )  # fmt: skip
    return replace(answer, **changes)  # type: ignore[arg-type]


def test_everything_from_outside_is_escaped(law: Document, policy: Document) -> None:
    bad = replace(law, title=EVIL, issuer=EVIL, aliases=(EVIL,), topics=(EVIL,), partial=EVIL)
    other = Catalog((bad, policy))
    pages = [
        answer_html(Asked(EVIL, region=EVIL), make_answer(bad, related=(EVIL,)), other),
        list_html([bad], TODAY, Browse(name=EVIL)),
        document_html(other, bad, bad.versions[0], TODAY, missing=EVIL),
        banner(EVIL),
        ask_link(EVIL),
        doc_href(EVIL, EVIL),
    ]
    for page in pages:
        tags = parse(page).tags
        assert "script" not in tags
        assert "b" not in tags
        assert EVIL not in page


def test_every_statement_is_shown_whole_with_its_citation(law: Document, catalog: Catalog) -> None:
    page = answer_html(Asked("负责人管什么？"), make_answer(law), catalog)
    shown = "".join(re.findall(r"<blockquote>(.*?)</blockquote>", page, re.S))
    text = re.sub(r"<sup>.*?</sup>", "", shown)
    text = re.sub(r"<[^>]+>", "", text)
    assert text == (
        "主要负责人对本单位安全工作负有下列职责：（一）建立责任制；（二）组织制定规章制度。"
        "违反本法的，处一万元罚款。"
    )
    assert re.findall(r'class="z-cite"[^>]* data-n="(\d)"', shown) == ["1", "2", "3", "4"]
    parse(page)


def test_a_citation_links_to_the_provision_in_the_library(law: Document, catalog: Catalog) -> None:
    page = answer_html(Asked("负责人管什么？"), make_answer(law), catalog)
    assert f'href="{doc_href("some-law", "第二条第一款第（一）项")}"' in page
    assert doc_href("some-law", "第九条") == (
        "/library?doc=some-law&amp;at=%E7%AC%AC%E4%B9%9D%E6%9D%A1"
    )


def test_items_are_indented_under_their_lead(law: Document, catalog: Catalog) -> None:
    page = answer_html(Asked("负责人管什么？"), make_answer(law), catalog)
    assert '<p class="z-par">主要负责人' in page
    assert '<p class="z-item">（一）建立责任制' in page


def test_the_context_holds_the_article_its_neighbours_and_the_marked_words(
    law: Document, catalog: Catalog
) -> None:
    page = answer_html(Asked("负责人管什么？"), make_answer(law), catalog)
    context = page[page.index('id="z-a1"') : page.index("</section>")]
    assert '<mark data-n="2">（一）建立责任制；</mark>' in context
    assert "前款规定的职责不得委托他人。" in context
    assert "<summary>上一条：第一条</summary>" in context
    assert "<summary>下一条：第三条</summary>" in context


def test_liability_says_when_it_is_inferred(law: Document, catalog: Catalog) -> None:
    page = answer_html(Asked("负责人管什么？"), make_answer(law), catalog)
    part = page[page.index("不履行的后果") :]
    assert "按内容推定" in part
    assert "处一万元罚款" in part


def test_a_sanction_of_several_lines_keeps_its_items_apart(law: Document, catalog: Catalog) -> None:
    whole = Quote(4, law, law.versions[0], law.versions[0].articles[1].whole, Status.IN_FORCE)
    answer = make_answer(law)
    answer = replace(
        answer,
        citations=(*answer.citations[:3], whole),
        liability=(Statement(DUTY, 4, "人工核对"),),
    )
    part = answer_html(Asked("职责？"), answer, catalog).split("不履行的后果")[1]
    assert '<p class="z-item">（一）建立责任制；</p>' in part
    assert '<span class="z-badge ok">人工核对</span>' in part


def test_an_answer_for_a_past_day_does_not_call_its_text_in_force_today(
    law: Document, catalog: Catalog
) -> None:
    day = date(2022, 1, 1)
    page = answer_html(Asked("职责？", day), replace(make_answer(law), as_of=day), catalog)
    assert "按 2022年1月1日 有效的规定" in page
    assert "当日有效" in page
    assert 'ok">现行有效' not in page


def test_a_refusal_says_what_is_missing_and_never_shows_quotations(
    law: Document, catalog: Catalog
) -> None:
    version = law.versions[0]
    hit = Hit(1, version.articles[1].whole, law, version, Status.IN_FORCE, 0.2)
    refusal = Answer(Outcome.REFUSAL, Reason.OUT_OF_SCOPE, "没有找到。", nearest=(hit,))
    page = answer_html(Asked("离婚？"), refusal, catalog)
    assert "没有找到。" in page
    assert "最接近的条文（不是答案）" in page
    for part_of_an_answer in ("blockquote", "z-cite", "z-copy", "z-headline"):
        assert part_of_an_answer not in page
    parse(page)


@pytest.mark.parametrize(
    ("notice", "look"),
    [
        ("《甲法》自 2026-08-15 起已废止，由《乙法》取代。", "dead"),
        ("《甲法》尚未施行，2027-01-01 起施行。", "wait"),
        ("《甲法》第三条已被乙法修改（2024-03-01 起），这里是修改前的文字。", "old"),
        ("这是《甲法》的旧文本，2024-03-01 起已被修改。", "old"),
        ("“四个一律”是国家政策措施，不是法律条文。", "policy"),
        ("以上是本库用自己的话写的要点，不是文件原文，正式引用请核对原文。", "digest"),
        ("“甲”只收录了能够核实的内容，全文请向发文单位索取。", "info"),
    ],
)
def test_a_notice_looks_like_what_it_says(notice: str, look: str) -> None:
    assert notice_look(notice)[0] == look
    assert notice in parse(banner(notice)).text


def test_plain_text_holds_quotations_and_sources(law: Document) -> None:
    text = plain_text(Asked("负责人管什么？"), make_answer(law))
    assert text.startswith("问：负责人管什么？")
    assert "（一）建立责任制； [2]" in text
    assert "《某安全法》第二条第一款第（一）项（原文，现行有效，2021-09-01 起施行）" in text


def test_the_empty_page_offers_questions_to_each_reader() -> None:
    page = welcome_html()
    for who, questions in EXAMPLES:
        assert who in page
        assert 3 <= len(questions) <= 4
    parse(page)


def test_marks_may_span_lines_and_lose_no_character(law: Document) -> None:
    article = law.versions[0].articles[1]
    marked = article_body(article, [Mark(3, 30, 7), Mark(28, 40, 8)])
    assert re.sub(r"<[^>]+>", "", marked) == esc(article.text.replace("\n", ""))
    assert "".join(re.findall(r'<mark data-n="7">(.*?)</mark>', marked)) == article.text[
        3:30
    ].replace("\n", "")


def test_a_document_opens_at_the_provision_with_its_words_marked(
    law: Document, catalog: Catalog
) -> None:
    version = law.versions[0]
    target = place(law, version, "第二条第一款第（二）项")
    page = document_html(catalog, law, version, TODAY, target)
    assert re.search(r'id="第二条第一款第（二）项"><mark>（二）组织制定规章制度。</mark>', page)
    assert 'data-at="第二条第一款第（二）项"' in page
    assert page.count("z-article target") == 1
    parsed = parse(page)
    assert {"第一条", "第二条", "第三条", "第二条第二款"} <= set(parsed.ids)


def test_a_policy_names_its_level_and_links_its_basis(policy: Document, catalog: Catalog) -> None:
    page = document_html(catalog, policy, policy.versions[0], TODAY)
    assert "国家政策" in page
    assert "不是法律条文" in page
    assert f'href="{doc_href("some-law", "第二条第一款第（一）项")}"' in page
    assert "某县规定第九条" in page
    assert basis_target(catalog, "某县规定第九条") is None
    assert "施行日期未收录" in page


def test_versions_can_be_chosen_and_name_their_status(law: Document) -> None:
    old = replace(
        make_version("some-law", "2014-08-31", date(2014, 12, 1)), ended_on=date(2021, 9, 1)
    )
    both = replace(law, versions=(old, law.versions[0]))
    page = document_html(Catalog((both,)), both, old, TODAY)
    assert doc_href("some-law", version="2021-06-10") in page
    assert "这是旧文本，2021年9月1日起已被修改。" in page


def test_a_changed_article_carries_its_own_notice(law: Document) -> None:
    changed = replace(law, changes=(Change("第三条", date(2024, 3, 1), "修正案"),))
    page = document_html(Catalog((changed,)), changed, changed.versions[0], TODAY)
    assert "本条已被修正案修改（2024年3月1日起），这里是修改前的文字。" in page


def test_the_list_stays_in_scope_unless_asked_for_everything(law: Document) -> None:
    other = replace(law, id="other-law", title="某婚姻法", short="婚姻法", in_scope=False)
    catalog = Catalog((law, other))
    assert [d.id for d in chosen(catalog, Browse())] == ["some-law"]
    assert len(chosen(catalog, Browse(everything=True))) == 2
    assert chosen(catalog, Browse(name="婚姻")) == []
    assert chosen(catalog, Browse(level="规章")) == []
    assert [d.id for d in chosen(catalog, Browse(topic="消防", name="安全"))] == ["some-law"]


def test_the_list_shows_kind_status_day_and_size(law: Document, policy: Document) -> None:
    page = list_html([law, policy], TODAY, Browse(name="某"))
    text = parse(page).text
    for fact in (
        "共 2 个文件",
        "原文",
        "要点",
        "现行有效",
        "2021年9月1日起施行",
        "3 条",
    ):
        assert fact in text
    assert "没有符合条件的文件" in list_html([], TODAY, Browse())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2", "第二条"),
        ("第2条", "第二条"),
        ("二", "第二条"),
        ("第二条", "第二条"),
        ("第2条第1款第2项", "第二条第一款第（二）项"),
        ("第一条第一款", "第一条"),
    ],
)
def test_people_may_write_a_place_as_they_like(law: Document, typed: str, found: str) -> None:
    assert place(law, law.versions[0], typed).id.locator == found


@pytest.mark.parametrize("typed", ["99", "第二条第九款", "随便", "133之1", "<b>", "99999", "0"])
def test_a_place_that_is_not_there_is_said_so(law: Document, typed: str) -> None:
    with pytest.raises(UnknownProvisionError, match="没有"):
        place(law, law.versions[0], typed)


def test_days_are_written_in_chinese() -> None:
    assert day_words(date(2021, 9, 1)) == "2021年9月1日"
    assert day_words(date.min) == "未收录"
    assert effective_words(date.min) == "施行日期未收录"
