from datetime import date

import pytest

from assistant.answers import Answer, Outcome, Reason
from assistant.services import Services


def notices(services: Services, text: str, **options: object) -> str:
    return "".join(services.ask(text, **options).notices)  # type: ignore[arg-type]


def quoted_regions(answer: Answer) -> list[str]:
    """Where the quoted rules apply, in order, without the sanctions."""
    by_number = {q.n: q.document.region for q in answer.citations}
    return [by_number[s.citation] for s in answer.statements]


def test_a_year_in_the_question_sets_the_day(services: Services) -> None:
    answer = services.ask("2022年的时候厂里死了人，多长时间内要报告")
    assert answer.outcome == Outcome.ANSWER
    assert answer.as_of == date(2022, 12, 31)
    assert any("2022-12-31 有效的规定" in n for n in answer.notices)


def test_a_day_given_as_option_is_stronger_than_the_question(services: Services) -> None:
    answer = services.ask("2022年的时候事故多久内要报告", as_of=date(2023, 5, 1))
    assert answer.as_of == date(2023, 5, 1)


def test_a_wording_that_is_not_held_is_refused_by_name(services: Services) -> None:
    answer = services.ask("2019年的时候，主要负责人没尽职责，安全生产法怎么罚他")
    assert answer.outcome == Outcome.REFUSAL
    assert "安全生产法" in answer.headline
    assert "2019-12-31" in answer.headline


def test_a_regulation_is_quoted_with_the_law_that_prevails(services: Services) -> None:
    text = notices(services, "《危险化学品安全管理条例》第四十一条")
    assert "以《中华人民共和国危险化学品安全法》为准" in text
    before = notices(services, "《危险化学品安全管理条例》第四十一条", as_of=date(2025, 1, 1))
    assert "为准" not in before


def test_a_repealed_regulation_is_called_repealed(services: Services) -> None:
    answer = services.ask("《国务院关于预防煤矿生产安全事故的特别规定》第十条")
    assert answer.outcome == Outcome.ANSWER
    assert any("已废止" in n and "煤矿安全生产条例" in n for n in answer.notices)


def test_a_superseded_document_leads_to_its_successor(services: Services) -> None:
    answer = services.ask("企业职工伤亡事故报告和处理规定还能用吗")
    assert (answer.outcome, answer.kind) == (Outcome.REFUSAL, Reason.NOT_IN_LIBRARY)
    assert "《生产安全事故报告和调查处理条例》取代" in answer.headline


def test_a_digest_is_never_called_the_original(services: Services) -> None:
    answer = services.ask("生产安全事故报告和调查处理条例第九条")
    assert {q.document.text_kind.value for q in answer.citations} == {"要点"}
    assert any("不是文件原文" in n for n in answer.notices)


def test_old_names_of_agencies_are_explained(services: Services) -> None:
    assert "现为应急管理部门" in notices(services, "生产安全事故报告和调查处理条例第九条")


@pytest.mark.parametrize("text", ["在河南开厂，安全总监要不要配", "郑州的企业要不要配安全总监"])
def test_a_province_in_the_question_adds_its_documents(services: Services, text: str) -> None:
    answer = services.ask(text)
    assert answer.region == "河南省"
    regions = quoted_regions(answer)
    assert regions == sorted(regions, key=lambda r: r != "全国"), "national rules come first"


def test_the_provinces_own_rule_stands_beside_the_national_one(services: Services) -> None:
    answer = services.ask("在郑州开厂，事故隐患排查治理有什么要求")
    regions = quoted_regions(answer)
    assert "河南省" in regions
    assert regions[0] == "全国"


def test_a_province_without_documents_is_answered_from_national_law(services: Services) -> None:
    answer = services.ask("我们在吉林省开厂，主要负责人有哪些安全职责")
    assert answer.outcome == Outcome.ANSWER
    assert {q.document.region for q in answer.citations} == {"全国"}
    assert any("《吉林省安全生产条例》" in n and "导入" in n for n in answer.notices)


def test_a_provincial_rule_says_where_it_applies(services: Services) -> None:
    assert "只在山东省适用" in notices(services, "山东省安全生产条例第二十条")
    assert services.ask("企业要不要配安全总监").region == ""
