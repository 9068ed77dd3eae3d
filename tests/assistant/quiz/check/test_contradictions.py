"""Every kind of contradiction, made from provisions by one change; and what is none."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check import State
from assistant.quiz.check.evidence import Library
from assistant.quiz.make import Generator, article_rng
from assistant.quiz.model import RIGHT, WRONG, Kind, Question
from assistant.services import Services
from tests.assistant.quiz.check.conftest import Ask, judge, multi, single

Text = Callable[[str, str], str]


def first(text: str) -> str:
    return text.split("。")[0] + "。"


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text)
    return text.replace(old, new)


@pytest.mark.parametrize(("short", "at", "old", "new", "what"), [
    ("安全生产法", "第四十七条", "应当", "可以", "要求的性质"),
    ("建筑法", "第四十条", "建设单位", "设计单位", "责任主体"),
    ("安全生产法", "第七十二条第一款", "合法性、真实性", "准确性、公正性", "要求的内容"),
    ("特种设备安全法", "第三十三条", "使用前或者", "使用后或者", "意思相反"),
])  # fmt: skip
def test_a_statement_changed_in_one_word_is_contradicted_if_held_true(
    ask: Ask, text: Text, short: str, at: str, old: str, new: str, what: str
) -> None:
    law = first(text(short, at))
    assert ask(judge(law)).state is State.CONSISTENT
    stem = changed(law, old, new)
    verdict = ask(judge(stem))
    assert verdict.state is State.CONTRADICTED
    assert (verdict.suggestion, f"（{what}不同）" in verdict.reason) == (WRONG, True)
    assert ask(judge(stem, right=False)).state is not State.CONTRADICTED


def test_a_wider_or_narrower_name_of_the_bearer_is_no_contradiction(ask: Ask, text: Text) -> None:
    law = first(text("安全生产法", "第四十七条"))
    for name in ("企业", "用人单位", "单位"):
        stem = changed(law, "生产经营单位", name)
        assert ask(judge(stem)).state is not State.CONTRADICTED, stem


def test_what_is_forbidden_is_not_allowed(ask: Ask, text: Text) -> None:
    law = text("安全生产法", "第四十二条第二款").split("。")[1] + "。"
    assert ask(judge(changed(law, "禁止", "可以"))).state is State.CONTRADICTED


def test_what_a_rule_allows_in_some_cases_is_not_held_against_a_key(ask: Ask, text: Text) -> None:
    law = text("消防法", "第二十一条第一款")
    assert "特殊情况" in law
    stem = changed(first(law), "禁止在", "因工作需要，可以在")
    assert ask(judge(stem)).state is not State.CONTRADICTED


def test_a_stretch_of_time_without_a_number_is_a_figure(ask: Ask, text: Text) -> None:
    digest = first(text("生产安全事故应急条例", "第八条第二款"))
    verdict = ask(judge(changed(digest, "每半年", "每年")))
    assert verdict.state is State.CONTRADICTED
    assert "每半年" in verdict.reason
    assert ask(judge(digest)).state is State.CONSISTENT
    assert ask(judge(changed(digest, "每半年", "每6个月"))).state is State.CONSISTENT


def test_two_gaps_are_compared_one_by_one(ask: Ask, text: Text) -> None:
    law = text("安全生产法", "第九十四条第一款")
    stem = changed(law, "五万元以上十万元以下", "（　）万元以上（　）万元以下")
    verdict = ask(single(stem, "三 八", "五 十", "十 二十"))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, "五 十")
    assert ask(single(stem, "五 十", "三 八", "十 二十")).state is State.CONSISTENT


def test_words_that_stand_in_several_rules_with_other_figures_decide_nothing(ask: Ask) -> None:
    stem = "违反本法规定，有下列行为之一的，责令改正，处（　）罚款。"
    asked = single(stem, "六千元以上七万元以下", "五千元以上五万元以下", "二万元以上二十万元以下")
    assert ask(asked).state is not State.CONTRADICTED


def test_a_figure_elsewhere_in_the_provision_does_not_bear_out_a_key(ask: Ask, text: Text) -> None:
    law = text("安全生产法", "第九十四条第一款")
    assert "处五万元以上十万元以下" in law
    stem = law.replace("处五万元以上十万元以下", "处（　）")
    low, right = "二万元以上五万元以下", "五万元以上十万元以下"
    verdict = ask(single(stem, low, right, "一万元以上三万元以下"))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, right)
    assert ask(single(stem, right, low)).state is State.CONSISTENT


def test_a_figure_is_compared_where_only_the_words_around_it_say_the_same(ask: Ask) -> None:
    assert ask(judge("安全生产许可证的有效期为3年。")).state is State.CONSISTENT
    verdict = ask(judge("安全生产许可证的有效期为5年。"))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, WRONG)
    assert "3年" in verdict.reason
    asked = single("安全生产许可证有效期为（　）年。", "5", "3", "1")
    assert ask(asked).state is State.CONTRADICTED


def test_a_shortened_slogan_is_contradicted_by_the_whole_one(ask: Ask, text: Text) -> None:
    whole = "安全第一、预防为主、综合治理"
    assert f"{whole}的方针" in text("安全生产法", "第三条")
    asked = "安全生产工作应当以人为本，树牢安全发展理念，坚持（　）的方针。"
    verdict = ask(single(asked, "安全第一、预防为主", whole, "预防为主、防消结合"))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, whole)
    assert ask(single(asked, whole, "安全第一、预防为主")).state is State.CONSISTENT


@pytest.fixture
def said(text: Text) -> tuple[str, str, str]:
    """Two sentences of the law, and one changed in its figure."""
    right = first(text("安全生产法", "第四十七条")).rstrip("。")
    other = first(text("安全生产法", "第五十七条")).rstrip("。")
    wrong = text("安全生产法", "第二十四条第二款").split("；")[0].replace("一百人", "三百人")
    return right, other, wrong


def test_options_that_are_statements_are_held_against_the_rules(
    ask: Ask, said: tuple[str, str, str]
) -> None:
    right, other, wrong = said
    asked, not_asked = "下列说法中，正确的是（　）。", "下列说法中，错误的是（　）。"
    verdict = ask(single(asked, wrong, right))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, right)
    assert "三百人" in verdict.reason
    assert ask(single(asked, right, wrong)).state is State.CONSISTENT
    verdict = ask(single(not_asked, right, wrong, other))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, wrong)
    assert ask(single(not_asked, wrong, right, other)).state is not State.CONTRADICTED


def test_a_key_of_several_statements_wants_all_and_only_the_right_ones(
    ask: Ask, said: tuple[str, str, str]
) -> None:
    right, other, wrong = said
    asked = "下列说法中，正确的有（　）。"
    assert ask(multi(asked, (right, other), wrong)).state is State.CONSISTENT
    for key, rest in (((right, wrong), (other,)), ((right,), (other, wrong))):
        verdict = ask(multi(asked, key, *rest))
        assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, f"{right}；{other}") or (
            set(verdict.suggestion.split("；")) == {right, other}
        )


GRADED = [
    ("死亡3人，重伤2人", "较大事故"), ("重伤9人", "一般事故"), ("重伤60人", "重大事故"),
    ("直接经济损失1200万元", "较大事故"), ("死亡1人、重伤12人，直接经济损失1.2亿元", "特别重大事故"),
]  # fmt: skip


@pytest.mark.parametrize(("toll", "grade"), GRADED)
def test_an_accident_that_is_told_is_graded_by_the_table(ask: Ask, toll: str, grade: str) -> None:
    stem = f"某化工厂发生一起生产安全事故，造成{toll}，该事故属于（　）。"
    others = [g for _, g in GRADED if g != grade]
    assert ask(single(stem, grade, *dict.fromkeys(others))).state is State.CONSISTENT
    verdict = ask(single(stem, others[0], grade))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, grade)
    held = stem.replace("（　）", others[0])
    assert ask(judge(held)).state is State.CONTRADICTED
    assert ask(judge(held, right=False)).state is State.CONSISTENT


@pytest.mark.parametrize("toll", [
    "死亡3人以上", "2人死亡，5天后1人抢救无效死亡", "死亡3人，另有多人受伤", "死亡1人，死亡3人",
])  # fmt: skip
def test_a_toll_that_is_not_certain_is_not_graded(ask: Ask, toll: str) -> None:
    stem = f"某厂发生一起事故，{toll}，该事故属于（　）。"
    assert ask(single(stem, "一般事故", "较大事故")).state is not State.CONTRADICTED
    stem = "某小区电梯发生一起特种设备事故，死亡2人，该事故属于（　）。"
    assert ask(single(stem, "较大事故", "一般事故")).state is not State.CONTRADICTED


def test_a_law_that_a_sentence_refers_to_is_not_the_one_that_is_asked(ask: Ask, text: Text) -> None:
    law = first(text("安全生产法", "第一百零七条"))
    assert "依照刑法有关规定追究刑事责任" in law
    verdict = ask(judge(law))
    assert verdict.link is not None
    assert verdict.link.document.title == "中华人民共和国安全生产法"


def test_what_only_touches_on_the_matter_is_no_basis(ask: Ask) -> None:
    stem = "《安全生产法》给企业主要负责人定下多项职责，（　）是当中的首要任务"
    assert (
        ask(single(stem, "保证本单位安全生产投入的有效实施", "加强安全生产标准化建设")).link is None
    )
    meaning = "安全生产管理人员，是指在车间里每天记录设备运转情况并且负责擦拭机器的普通工人。"
    assert ask(judge(meaning)).link is None


@pytest.fixture(scope="module")
def generated(services: Services) -> list[Question]:
    """Questions on the work safety law and two digests, in random order."""
    source = services.quiz_source()
    generator = Generator(source)
    wanted = {"work-safety-law", "safety-permit-regulation", "emergency-response-regulation"}
    held = [h for h in source.asked if h.document.id in wanted]
    made = [q for h in held for q in generator.of(h, article_rng(3, h))]
    kinds = (Kind.SINGLE, Kind.MULTI, Kind.JUDGE)
    made = [q for q in made if q.kind in kinds]
    random.Random(5).shuffle(made)
    return made


def as_bank(question: Question, answer: tuple[str, ...]) -> BankQuestion:
    return BankQuestion(
        "", 1, question.kind, question.stem, question.options, answer, question.stem
    )


def test_generated_questions_are_never_contradicted_and_mostly_are_with_another_key(
    generated: list[Question], ask: Ask, examiner: Library
) -> None:
    found = []
    for question in generated[:30]:
        assert ask(as_bank(question, question.answer)).state is not State.CONTRADICTED, question
        verdict = ask(as_bank(question, _another(question)))
        found.append(verdict.state is State.CONTRADICTED)
        if verdict.suggestion:
            want = {RIGHT, WRONG} if question.kind is Kind.JUDGE else set(question.answer)
            assert set(verdict.suggestion.split("；")) <= want, question
    assert sum(found) >= 0.6 * len(found)


def _another(question: Question) -> tuple[str, ...]:
    wrong = [o for o in question.options if o not in question.answer]
    if question.kind is Kind.MULTI:
        return (*question.answer, wrong[0]) if wrong else question.answer[1:]
    return (wrong[0],)
