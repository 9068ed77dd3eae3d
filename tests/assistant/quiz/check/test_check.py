"""Verdicts on questions made from provisions, unchanged and changed in one place."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check import State, check_bank
from assistant.quiz.check.evidence import Library
from assistant.quiz.check.wording import Sort, plain, tokens
from assistant.quiz.model import RIGHT, WRONG, Kind
from assistant.services import Services
from kb.superseded import read_superseded
from tests.assistant.quiz.check.conftest import Ask, judge, multi, single

LAW = "中华人民共和国安全生产法"
Text = Callable[[str, str], str]
TECHNICAL = judge("使用兆欧表测量绝缘电阻时，应使摇把匀速转动，转速约为每分钟一百二十转。")


def first(text: str) -> str:
    return text.split("。")[0] + "。"


def test_a_sentence_of_the_law_bears_out_its_key(ask: Ask, text: Text) -> None:
    verdict = ask(judge(first(text("安全生产法", "第三十条第一款"))))
    assert verdict.state is State.CONSISTENT
    assert verdict.link is not None
    assert verdict.link.citation == f"《{LAW}》第三十条第一款"


def test_a_sentence_of_the_law_keyed_wrong_is_contradicted(ask: Ask, text: Text) -> None:
    verdict = ask(judge(first(text("安全生产法", "第三十条第一款")), right=False))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, RIGHT)


@pytest.mark.parametrize("right", [True, False])
def test_a_changed_figure_contradicts_the_key_that_says_it_is_right(
    ask: Ask, text: Text, right: bool
) -> None:
    stem = text("安全生产法", "第二十四条第二款").split("；")[0].replace("一百人", "三百人")
    verdict = ask(judge(stem, right))
    assert verdict.state is (State.CONTRADICTED if right else State.CONSISTENT)
    assert "三百人" in verdict.reason
    assert "一百人" in verdict.reason
    assert verdict.suggestion == (WRONG if right else "")


def test_the_item_of_a_list_and_the_line_above_it_are_read_together(ask: Ask, text: Text) -> None:
    item = re.sub("^（三）|[；。]$", "", text("安全生产法", "第九十七条第（三）项"))
    verdict = ask(judge(f"{item}，责令限期改正，处五万元以下的罚款。"))
    assert verdict.state is State.CONTRADICTED
    assert verdict.link is not None
    assert verdict.link.provision.id.item == 3
    assert "十万元" in verdict.link.lead


@pytest.mark.parametrize(("case", "said", "right"), [
    ("较大", "四十", "六十"), ("重大", "六十", "八十"),
])  # fmt: skip
def test_tiers_are_told_apart_by_their_case(ask: Ask, case: str, said: str, right: str) -> None:
    stem = f"主要负责人未履行本法规定的安全生产管理职责，导致发生{case}事故的，处上一年年收入百分之（　）的罚款。"
    verdict = ask(single(stem, said, right, "三十"))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, right)
    assert ask(single(stem, right, said, "三十")).state is State.CONSISTENT


def test_a_tier_whose_sanction_stands_apart_from_its_case(ask: Ask) -> None:
    stem = "发生一般事故的，对负有责任的生产经营单位处二十万元以上五十万元以下的罚款。"
    assert ask(judge(stem)).state is State.CONTRADICTED


def test_a_rule_that_a_law_prevails_over_does_not_bear_out_a_key(ask: Ask) -> None:
    stem = (
        "按《生产安全事故报告和调查处理条例》，主要负责人没有履行安全生产管理职责，"
        "导致发生较大事故的，处上一年年收入（）的罚款。"
    )
    verdict = ask(single(stem, "40%", "60%", "80%"))
    assert (verdict.state, verdict.suggestion) == (State.CONTRADICTED, "60%")
    assert verdict.link is not None
    assert verdict.link.document.title == LAW


def test_a_figure_that_no_option_gives_is_suggested_from_the_text(ask: Ask, text: Text) -> None:
    stem = text("安全生产法", "第二十四条第二款").split("；")[0].replace("一百人", "（）人")
    verdict = ask(single(stem, "300", "500"))
    assert verdict.state is State.CONTRADICTED
    assert verdict.suggestion == "一百人"


def test_a_key_that_leaves_out_a_listed_option_is_contradicted(ask: Ask) -> None:
    stem = "生产经营单位应当教育和督促从业人员严格执行本单位的（）。"
    verdict = ask(multi(stem, ("安全生产规章制度",), "安全操作规程", "劳动合同"))
    assert verdict.state is State.CONTRADICTED
    assert verdict.suggestion == "安全生产规章制度；安全操作规程"
    full = multi(stem, ("安全生产规章制度", "安全操作规程"), "劳动合同")
    assert ask(full).state is State.CONSISTENT


def test_another_authority_for_the_act_contradicts(ask: Ask, text: Text) -> None:
    law = first(text("职业病防治法", "第十六条第二款"))
    stem = law.replace("卫生行政部门", "安全生产监督管理部门")
    assert stem != law
    verdict = ask(judge(stem))
    assert verdict.state is State.CONTRADICTED
    assert "卫生行政部门" in verdict.reason


def test_a_sanction_that_was_an_option_before(ask: Ask, text: Text) -> None:
    item = re.sub("^（七）|[；。]$", "", text("安全生产法", "第九十七条第（七）项"))
    stem = f"{item}，责令限期改正，可以处十万元以下的罚款。"
    assert ask(judge(stem)).state is State.CONTRADICTED


def test_an_agency_renamed_since_makes_a_question_outdated(ask: Ask, text: Text) -> None:
    sentence = first(text("安全生产法", "第十条第一款")).replace(
        "应急管理部门", "安全生产监督管理部门"
    )
    verdict = ask(judge(sentence))
    assert verdict.state is State.OUTDATED
    assert "应急管理部门" in verdict.reason


def test_a_name_that_a_law_still_uses_is_not_outdated(ask: Ask, text: Text) -> None:
    sentence = first(text("职业病防治法", "第十七条第二款"))
    assert "卫生行政部门" in sentence
    assert ask(judge(sentence)).state is State.CONSISTENT


def test_an_old_article_number_is_told_with_the_new_one(ask: Ask, text: Text) -> None:
    sentence = first(text("安全生产法", "第三十条第一款"))
    verdict = ask(judge(f"《安全生产法》第二十七条规定，{sentence}"))
    assert verdict.state is State.OUTDATED
    assert verdict.suggestion == f"《{LAW}》第三十条"
    assert ask(judge(f"《安全生产法》第三十条规定，{sentence}")).state is State.CONSISTENT


def test_a_document_that_is_gone_makes_a_question_outdated(ask: Ask) -> None:
    gone = read_superseded()[0]
    verdict = ask(judge(f"按照《{gone.title}》，单位应当在当天登记并逐级上报。"))
    assert verdict.state is State.OUTDATED
    assert gone.by in verdict.reason


def test_a_technical_question_is_linked_to_nothing(ask: Ask) -> None:
    verdict = ask(TECHNICAL)
    assert (verdict.state, verdict.link) == (State.UNLINKED, None)


def test_a_document_that_is_not_held_is_never_contradicted(ask: Ask, text: Text) -> None:
    stem = text("安全生产法", "第二十四条第二款").split("；")[0].replace("一百人", "五十人")
    verdict = ask(judge(f"根据《某某省安全生产管理实施细则》，{stem}。"))
    assert verdict.state is State.UNLINKED


def test_what_a_question_asks_to_be_excluded_is_not_contradicted(ask: Ask) -> None:
    stem = "下列不属于生产经营单位应当教育和督促从业人员严格执行的是（）。"
    verdict = ask(single(stem, "劳动合同", "安全生产规章制度", "安全操作规程"))
    assert verdict.state is not State.CONTRADICTED


def test_short_answers_and_gaps_get_a_verdict(ask: Ask) -> None:
    blank = BankQuestion(
        "", 1, Kind.BLANK, "事故调查报告应当依法及时向____公布。", (), ("社会",), ""
    )
    assert ask(blank).state is State.CONSISTENT
    short = BankQuestion("", 2, Kind.SHORT, "简述焊条药皮的作用。", (), ("稳弧、造气、造渣",), "")
    assert ask(short).state is State.UNLINKED


@pytest.mark.parametrize("stem", ["？", "（）", "123", "a" * 5000, "的了和"])
def test_stems_without_words_to_search_for_do_no_harm(ask: Ask, stem: str) -> None:
    assert ask(judge(stem)).state is State.UNLINKED


def test_a_bank_gives_one_verdict_a_question_in_order_and_tells_how_far_it_is(
    services: Services, text: Text
) -> None:
    seen: list[tuple[int, int]] = []
    questions = [TECHNICAL, judge(first(text("消防法", "第五条")), row=2)]
    verdicts = check_bank(questions, services, lambda n, total: seen.append((n, total)))
    assert [v.question for v in verdicts] == questions
    assert [v.state for v in verdicts] == [State.UNLINKED, State.CONSISTENT]
    assert seen == [(1, 2), (2, 2)]
    assert check_bank([], services) == ()


def _sentences_with_figures(examiner: Library) -> list[str]:
    core = {"work-safety-law", "fire-protection-law", "special-equipment-safety-law"}
    found = [
        s
        for p in examiner.index.passages
        if p.document.level.value == "法律" and p.is_narrow and "\n" not in p.text
        for s in re.split("(?<=[。；])", p.text)
        if 30 <= len(s) <= 110 and (p.document.id in core or "安全" in p.document.title)
    ]
    return [s for s in dict.fromkeys(found) if _figure(s)]


def _figure(sentence: str) -> str:
    """A figure of two digits' words at most that can be exchanged for another one."""
    text = plain(sentence)
    words = [text[t.start : t.end] for t in tokens(text) if t.sort is Sort.FIGURE]
    return next(
        (w for w in words if re.fullmatch("[二三五六七八]万元|[三五七]日|[二三五]年", w)), ""
    )


def test_changed_figures_are_found_and_unchanged_ones_never(examiner: Library, ask: Ask) -> None:
    rng = random.Random(11)
    sentences = rng.sample(_sentences_with_figures(examiner), 12)
    changed = []
    for sentence in sentences:
        assert ask(judge(sentence)).state is not State.CONTRADICTED, sentence
        other = _figure(sentence).translate(str.maketrans("二三五六七八", "八四九九四九"))
        changed.append(ask(judge(plain(sentence).replace(_figure(sentence), other, 1))))
    found = [v for v in changed if v.state is State.CONTRADICTED]
    assert len(found) >= 0.6 * len(changed)
    for verdict in found:
        assert verdict.link is not None
        article = examiner.catalog.article(verdict.link.provision.id)
        assert verdict.link.quote in article.text
        assert verdict.link.lead in article.text
