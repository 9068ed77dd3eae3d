import pytest

from assistant.answers import Outcome
from assistant.services import Services


def entry(services: Services, question: str) -> str:
    answer = services.ask(question)
    assert answer.outcome == Outcome.ANSWER, answer.headline
    first = answer.citations[0].document
    return first.title if first.is_policy else ""


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("检查不打招呼，直接到车间去看，这种做法叫什么", "四不两直"),
        ("企业自己评级、上头分级管风险，再排查隐患，这一套合起来怎么称呼", "双重预防机制"),
    ],
)
def test_a_described_practice_is_answered_by_its_name(
    services: Services, question: str, title: str
) -> None:
    assert entry(services, question) == title


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("双重预防机制写进安全生产法了吗？第几条？", "双重预防机制"),
        ("安全生产标准化是法律规定的还是自愿的", "安全生产标准化"),
    ],
)
def test_whether_a_measure_is_law_is_answered_from_its_entry(
    services: Services, question: str, title: str
) -> None:
    assert entry(services, question) == title
    article = {s.citation for s in services.ask(question).statements}
    assert article


@pytest.mark.parametrize(
    "question",
    [
        "特种作业人员没证上岗罚多少",
        "人员密集场所的门窗上能不能装铁栅栏",
        "工头违章指挥砸死了人叫什么罪",
    ],
)
def test_an_ordinary_question_is_left_to_the_laws(services: Services, question: str) -> None:
    assert entry(services, question) == ""


def test_one_section_of_an_entry_brings_the_others_that_are_asked_for(services: Services) -> None:
    answer = services.ask("国务院安委会对省级政府的安全生产年度考核考些什么？")
    sections = {c.provision.id.article for c in answer.citations}
    assert {"是什么", "内容"} <= sections


def test_a_penalty_that_a_law_sets_is_answered_from_the_law(services: Services) -> None:
    found = services.ask("企业不交安责险有啥后果").citations[0]
    assert found.document.id == "work-safety-law"
    assert found.provision.id.article == "第一百零九条"


def test_a_penalty_that_no_law_sets_is_answered_from_the_entry(services: Services) -> None:
    assert entry(services, "违反四个一律怎么处理") == "四个一律"
