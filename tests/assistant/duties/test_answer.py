"""Answers that are made from a duty list, over the real library."""

from __future__ import annotations

import time
from datetime import date

import pytest

from assistant.answers import Answer, Outcome
from assistant.render import answer_json, answer_text
from assistant.services import Services
from indexer.norms import Modality

TOWN = "乡镇政府在安全生产上必须做什么？"
BOSS = "企业主要负责人有哪些安全生产职责？"


def first_place(answer: Answer) -> str:
    quote = answer.citations[0]
    return f"{quote.document.short}{quote.provision.id.article}"


@pytest.mark.parametrize(
    ("question", "place"),
    [
        (TOWN, "安全生产法第九条"),
        (BOSS, "安全生产法第二十一条"),
        ("老板必须做什么", "安全生产法第二十一条"),
        ("安全员的职责", "安全生产法第二十五条"),
        ("村委会要做哪些事", "安全生产法第七十五条"),
        ("企业必须做什么", "安全生产法第四条"),
        ("特种作业人员必须做什么", "安全生产法第三十条"),
        ("消防安全重点单位职责", "消防法第十七条"),
        ("物业公司有哪些消防安全职责", "消防法第十八条"),
        ("环保局在危化品上管什么", "危险化学品安全法第七条"),
    ],
)
def test_the_provision_that_states_the_duties_comes_first(
    services: Services, question: str, place: str
) -> None:
    answer = services.ask(question)
    assert answer.listed is not None
    assert first_place(answer) == place


@pytest.mark.parametrize("question", [TOWN, BOSS, "应急管理局有哪些职责", "学校消防要做什么"])
def test_every_duty_is_quoted_verbatim_and_counted(services: Services, question: str) -> None:
    answer = services.ask(question)
    made, listed = services.listed(answer), answer.listed
    assert made is not None
    assert listed is not None
    quotes = {q.n: q for q in answer.citations}
    assert list(quotes) == list(range(1, len(quotes) + 1))
    for s in (*answer.statements, *answer.liability):
        assert s.text in quotes[s.citation].provision.text
    duties = [d for d in made.lines if d.norm.modality in (Modality.MUST, Modality.MUST_NOT)]
    said = {s.text for s in answer.statements}
    assert {d.norm.text for d in duties} <= said
    assert sum(p.duties for p in listed.parts) == len(duties) == listed.own + listed.inherited
    assert sum(p.statements for p in listed.parts) == len(answer.statements)
    assert listed.own == sum(d.inherited_from is None for d in duties)
    assert f"{listed.own} 项" in answer.headline


def test_own_duties_stand_before_inherited_ones(services: Services) -> None:
    answer = services.ask(TOWN)
    assert answer.listed is not None
    titles = [p.title for p in answer.listed.parts]
    inherited = [n for n, t in enumerate(titles) if t.startswith("写给")]
    assert inherited == list(range(inherited[0], len(titles)))
    assert titles[0] == "《中华人民共和国安全生产法》第九条"


def test_the_items_of_the_first_article_stand_in_order_under_their_line(services: Services) -> None:
    answer = services.ask(BOSS)
    begins = [s.text[:3] for s in answer.statements[:8]]
    assert begins == [
        "生产经",
        "（一）",
        "（二）",
        "（三）",
        "（四）",
        "（五）",
        "（六）",
        "（七）",
    ]
    sanctions = {answer.citations[s.citation - 1].provision.id.article for s in answer.liability}
    assert {"第九十四条", "第九十五条"} <= sanctions


def test_the_json_keeps_the_contract_and_names_the_groups(services: Services) -> None:
    answer = services.ask(BOSS)
    shown = answer_json(answer, 1.0)
    assert (shown["outcome"], shown["kind"]) == ("answer", "职责")
    assert shown["duty_list"]["bearer"] == "主要负责人"
    assert shown["duty_list"]["groups"][0]["statements"] == 8
    assert answer_json(services.ask("乡镇发现重大隐患怎么办"), 1.0)["duty_list"] is None
    assert "【《中华人民共和国安全生产法》第二十一条】7 项" in answer_text(answer)


@pytest.mark.parametrize(
    "question",
    [
        "乡镇发现重大隐患怎么办",
        "企业拒不停产怎么办？",
        "乡镇对小作坊消防要管什么",
        "安全生产法规定乡镇政府有哪些职责",
        "企业安全生产主体责任有哪些",
    ],
)
def test_a_narrower_question_keeps_its_precise_answer(services: Services, question: str) -> None:
    found = services.answers.answer(question, services.search.filters(text=question))
    assert services.ask(question) == found
    assert found.listed is None


@pytest.mark.parametrize("question", ["乡镇党委书记有哪些安全生产职责", "安全总监有什么职责"])
def test_without_own_duties_the_search_answers(services: Services, question: str) -> None:
    answer = services.ask(question)
    assert answer.listed is None
    assert answer.statements


def test_a_day_without_its_law_is_refused_as_before(services: Services) -> None:
    answer = services.ask("2020年乡镇政府必须做什么")
    assert answer.outcome == Outcome.REFUSAL
    assert "没有它在 2020-12-31 的文本" in answer.headline


def test_the_day_asked_for_is_kept(services: Services) -> None:
    answer = services.ask(BOSS, as_of=date(2022, 1, 1))
    made = services.listed(answer)
    assert made is not None
    assert made.as_of == date(2022, 1, 1)
    assert "以下是 2022-01-01 有效的规定。" in answer.notices


def test_a_province_adds_its_own_rules(services: Services) -> None:
    answer = services.ask(BOSS, region="山东省")
    assert any(q.document.region == "山东省" for q in answer.citations)
    assert first_place(answer) == "安全生产法第二十一条"


def test_the_list_adds_little_time_to_an_answer(services: Services) -> None:
    services.duties.prepare()
    services.ask(TOWN)
    base = services.answers.answer(TOWN, services.search.filters())
    took = []
    for _ in range(3):
        started = time.perf_counter()
        services._from_list(TOWN, services.search.filters(), base)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.1
