from datetime import date

import pytest

from assistant.answers import Answer, Outcome, Reason
from assistant.errors import BadInputError
from assistant.sentences import split_statements
from assistant.services import Services
from eval.queries import available, load_queries
from kb.citation import parse_locator
from kb.library import Library
from kb.model import Status


def locators(answer: Answer) -> list[str]:
    return [q.provision.id.locator for q in answer.citations]


def assert_quotes_hold(services: Services, answer: Answer) -> None:
    """Every statement is a substring of the provision cited, and the locator leads back to it."""
    by_number = {q.n: q for q in answer.citations}
    assert list(by_number) == list(range(1, len(by_number) + 1))
    for statement in (*answer.statements, *answer.liability):
        quote = by_number[statement.citation]
        assert statement.text
        assert statement.text in quote.provision.text
    for quote in answer.citations:
        assert services.catalog.provision(quote.provision.id) == quote.provision
        if not quote.document.is_policy:
            locator = parse_locator(quote.provision.id.locator)
            day = quote.version.effective_on
            found = services.catalog.resolve(quote.document, locator, day)
            assert found.text == quote.provision.text


def test_every_quote_of_every_answer_is_verbatim(services: Services) -> None:
    asked = 0
    for name in available():
        for q in load_queries(name):
            try:
                answer = services.ask(q.text)
            except BadInputError:
                continue
            asked += 1
            assert_quotes_hold(services, answer)
            if answer.outcome == Outcome.ANSWER:
                assert answer.statements, q.text
                assert answer.citations, q.text
                assert answer.nearest == (), q.text
            else:
                assert answer.statements == (), q.text
                assert answer.citations == (), q.text
    assert asked > 1500


def test_a_township_asks_what_it_must_do(services: Services) -> None:
    answer = services.ask("我们镇政府在抓安全这块到底要干哪些事")
    assert answer.outcome == Outcome.ANSWER
    quote = next(q for q in answer.citations if q.document.id == "work-safety-law")
    assert quote.provision.id.locator == "第九条第二款"
    assert quote.provision.text in [s.text for s in answer.statements]


def test_a_cited_article_comes_whole(services: Services) -> None:
    answer = services.ask("安全生产法第二十一条")
    assert answer.kind == "原文"
    assert len(answer.statements) == 8
    article = services.catalog.get("work-safety-law").latest().article("第二十一条")
    assert article is not None
    assert "\n".join(s.text for s in answer.statements) == article.text


def test_a_cited_item_comes_with_its_lead(services: Services) -> None:
    answer = services.ask("安全生产法第二十一条第三项")
    assert [s.text[:3] for s in answer.statements] == ["生产经", "（三）"]
    assert locators(answer)[:2] == ["第二十一条", "第二十一条第（三）项"]


def test_a_slogan_is_answered_whole_and_called_policy(services: Services) -> None:
    answer = services.ask("四个一律包括哪些")
    items = [s.text for s in answer.statements if s.text.startswith("（")]
    assert len(items) == 4
    assert any("不是法律条文" in n for n in answer.notices)
    assert any("要点" in n for n in answer.notices)


def test_a_slogan_that_is_law_is_not_called_policy(services: Services) -> None:
    notices = "".join(services.ask("三管三必须是什么").notices)
    assert "不是法律条文" not in notices


@pytest.mark.parametrize("text", ["怎么做红烧肉", "明天会下雨吗", "帮我写一首关于春天的诗"])
def test_what_is_out_of_scope_is_refused_with_the_nearest(services: Services, text: str) -> None:
    answer = services.ask(text)
    assert (answer.outcome, answer.statements) == (Outcome.REFUSAL, ())
    assert answer.nearest


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("《吉林省安全生产条例》第十条是什么", "《吉林省安全生产条例》"),
        ("GB 30871 对动火怎么规定", "GB 30871"),
        ("浙江省实施《消防法》办法第九条", "办法"),
        ("我们县的红头文件怎么说", "红头文件"),
        ("去年全国死了多少人", "统计"),
        ("区应急局电话是多少", "电话"),
    ],
)
def test_what_the_library_lacks_is_named(services: Services, text: str, name: str) -> None:
    answer = services.ask(text)
    assert (answer.outcome, answer.kind) == (Outcome.REFUSAL, Reason.NOT_IN_LIBRARY)
    assert name in answer.headline


@pytest.mark.parametrize("text", ["怎么办", "安全", "这个要罚款吗", "谁负责", "第几条"])
def test_what_is_too_vague_is_asked_back(services: Services, text: str) -> None:
    answer = services.ask(text)
    assert (answer.outcome, answer.kind) == (Outcome.REFUSAL, Reason.TOO_VAGUE)
    assert "请补充" in answer.headline


@pytest.mark.parametrize(
    "text",
    [
        "事故调查报告要多久公布",
        "隐患整改完要不要写个报告给镇里",
        "主要负责人没尽责出了重大事故罚年收入百分之几",
        "加班工资给多少",
        "有没有规定举报电话要向社会公布",
    ],
)
def test_what_only_sounds_like_a_request_for_facts_is_answered(
    services: Services, text: str
) -> None:
    assert services.ask(text).outcome == Outcome.ANSWER


def test_an_article_that_does_not_exist_is_said_so(services: Services) -> None:
    answer = services.ask("安全生产法第九百条")
    assert answer.outcome == Outcome.REFUSAL
    assert "没有第九百条" in answer.headline


def test_one_existing_and_one_invented_article(services: Services) -> None:
    answer = services.ask("《安全生产法》第三条、第九百条")
    assert answer.outcome == Outcome.ANSWER
    assert any("没有第九百条" in n for n in answer.notices)


def test_a_repealed_law_is_quoted_with_a_banner(services: Services) -> None:
    answer = services.ask("放射性污染防治法第一条")
    assert answer.citations[0].status is Status.REPEALED
    assert any("已废止" in n and "生态环境法典" in n for n in answer.notices)


def test_a_law_not_yet_in_force_is_marked(services: Services) -> None:
    answer = services.ask("危险化学品安全法第一条", as_of=date(2026, 4, 1))
    assert any("尚未施行" in n for n in answer.notices)


def test_the_earlier_wording_is_quoted_for_an_earlier_day(services: Services) -> None:
    then = services.ask("民用航空法第一条", as_of=date(2026, 6, 30))
    now = services.ask("民用航空法第一条")
    assert then.citations[0].version.id == "2021-04-29"
    assert now.citations[0].version.id == "2025-12-27"


def test_a_day_whose_wording_is_not_held_is_refused(services: Services) -> None:
    answer = services.ask("多少人以上要配专职安全员", as_of=date(2019, 5, 1))
    assert answer.outcome == Outcome.REFUSAL
    assert "没有它在 2019-05-01 的文本" in answer.headline


def test_a_day_before_the_law_commenced_is_refused(services: Services) -> None:
    question = "危险化学品安全法里危化品登记要多久之前办"
    answer = services.ask(question, as_of=date(2025, 1, 1))
    assert answer.outcome == Outcome.REFUSAL


def test_an_article_changed_later_is_marked(services: Services) -> None:
    answer = services.ask("刑法第一百六十五条")
    assert any("刑法修正案（十二）" in n for n in answer.notices)


def test_a_duty_comes_with_its_sanction(services: Services) -> None:
    answer = services.ask("安全生产法第二十四条第二款")
    texts = [s.text for s in answer.liability]
    assert any("十万元以下的罚款" in t for t in texts)
    assert any(t.startswith("（一）未按照规定设置安全生产管理机构") for t in texts)
    assert {s.note for s in answer.liability} == {"按内容推定"}


def test_related_questions_differ_from_the_question(services: Services) -> None:
    answer = services.ask("动火作业要审批吗")
    assert 1 <= len(answer.related) <= 4
    assert len(set(answer.related)) == len(answer.related)


def test_statements_of_any_provision_make_up_the_provision(library: Library) -> None:
    for doc in library.catalog:
        if not doc.in_scope:
            continue
        for article in doc.latest().articles:
            for p in article.provisions():
                joined = "".join(text for text, _ in split_statements(article, p))
                assert joined.replace(" ", "") == p.text.replace("\n", "").replace(" ", ""), p.id
                for text, owner in split_statements(article, p):
                    assert text in owner.text


def test_a_paragraph_that_refers_to_the_one_before_brings_it_along(services: Services) -> None:
    answer = services.ask("安全生产法第一百一十条第二款")
    assert answer.statements[0].text.endswith("依照前款规定处罚。")
    assert "第一百一十条第一款" in locators(answer)


def test_a_cited_article_is_not_quoted_for_a_day_with_another_wording(services: Services) -> None:
    answer = services.ask("安法38条", as_of=date(2020, 5, 1))
    assert answer.outcome == Outcome.REFUSAL
    assert "没有《中华人民共和国安全生产法》在 2020-05-01 的文本" in answer.headline


def test_details_in_a_document_we_lack_are_pointed_to(services: Services) -> None:
    answered = services.ask("安全生产费用怎么提取和使用")
    assert any("企业安全生产费用提取和使用管理办法" in n for n in answered.notices)
    refused = services.ask("采煤工作面瓦斯浓度到多少要断电撤人")
    assert refused.kind == Reason.NOT_IN_LIBRARY
    assert "《煤矿安全规程》" in refused.headline


def test_all_parts_of_a_measure_named_in_its_title_are_quoted(services: Services) -> None:
    text = "".join(s.text for s in services.ask("五落实五到位是什么").statements)
    assert "安全责任到位" in text
    assert "五落实" in text
    assert "党政同责" in text


def test_questions_after_a_cited_article_are_about_it(services: Services) -> None:
    related = services.ask("安全生产法第八十三条").related
    own = {a.question for a in services.library.asked if a.target.id.article == "第八十三条"}
    assert related
    assert set(related) <= own


def test_a_measure_is_not_described_as_in_force_before_it_was(services: Services) -> None:
    answer = services.ask("三管三必须是什么", as_of=date(2019, 1, 1))
    assert answer.outcome == Outcome.REFUSAL
    assert "尚未施行" in answer.headline


def test_a_province_without_documents_is_said_so(services: Services) -> None:
    answer = services.ask("动火作业要审批吗", region="吉林省")
    assert any("没有吉林省的文件" in n for n in answer.notices)


def test_paragraphs_that_fit_alike_are_both_quoted(services: Services) -> None:
    found = locators(services.ask("多少人以上要配专职安全员"))
    assert "第二十四条第二款" in found
