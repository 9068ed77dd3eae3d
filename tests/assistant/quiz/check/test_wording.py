from __future__ import annotations

import pytest

from assistant.quiz.check.align import align
from assistant.quiz.check.statements import asks_exception, asserted, statement_of
from assistant.quiz.check.wording import pairs, plain, tokens
from tests.assistant.quiz.check.conftest import multi, single


def keys(text: str) -> list[str]:
    return [t.key for t in tokens(plain(text))]


@pytest.mark.parametrize(("a", "b"), [
    ("三十日内", "30天内"), ("二十万元", "２０万元"), ("百分之四十", "40%"), ("十六周岁", "16岁"),
    ("五万元以上十万元以下", "5万元以上10万元以下"), ("二十四小时", "24小时"), ("三名", "3人"),
    ("应当报告", "必须报告"), ("不得进入", "严禁进入"), ("有权拒绝", "可以拒绝"),
    ("甲、乙和丙。", "甲乙和丙"), ("百分之六十以上百分之八十以下", "百分之六十至百分之八十"),
])  # fmt: skip
def test_the_same_said_in_other_signs_is_the_same(a: str, b: str) -> None:
    assert keys(a) == keys(b)


@pytest.mark.parametrize(("a", "b"), [
    ("五万元以下", "十万元以下"), ("三日", "三年"), ("应当报告", "可以报告"), ("不得", "可以"),
    ("二万元以上五万元以下", "五万元以上二万元以下"),
])  # fmt: skip
def test_what_differs_in_substance_differs(a: str, b: str) -> None:
    assert keys(a) != keys(b)


@pytest.mark.parametrize("text", ["应急预案", "相应资格", "供应商", "许可证", "第三十条", "上一年"])
def test_words_that_only_look_like_figures_or_modal_words_are_left_alone(text: str) -> None:
    assert keys(text) == list(text)


def test_a_numeral_that_is_none_does_no_harm() -> None:
    assert len(keys("处百十元罚款")) >= 4


def test_tokens_know_where_they_stand() -> None:
    text = plain("应当在30日内报告")
    assert [text[t.start : t.end] for t in tokens(text)] == [
        "应当", "在", "30日", "内", "报", "告",
    ]  # fmt: skip


def test_pairs_take_figures_alike() -> None:
    assert pairs("处五万元罚款") == pairs("处十万元罚款")
    assert pairs("应当报告") != pairs("可以报告")


def test_differences_carry_what_agrees_around_them() -> None:
    a, b = tokens("应当在三日内书面报告"), tokens("应当在五日内书面报告上级")
    [difference] = align(a, b).differences
    assert ([t.key for t in difference.said], [t.key for t in difference.held]) == (
        ["#3日"], ["#5日"],
    )  # fmt: skip
    assert (difference.left, difference.right) == (2, 5)


def test_words_at_the_end_stand_against_as_many() -> None:
    a, b = tokens("保存期限不得少于三年"), tokens("保存期限不得少于五年并备查")
    [difference] = align(a, b).differences
    assert [t.key for t in difference.held] == ["#5年"]


def test_the_option_stands_where_the_gap_is() -> None:
    made = statement_of("《某法》规定，应当在（　）日内报告。", "三十")
    assert made.text == "应当在三十日内报告。"
    assert [t.key for t in made.filled] == ["#30日"]


def test_without_a_gap_the_option_follows() -> None:
    assert statement_of("安全色中红色表示", "禁止").text == "安全色中红色表示禁止"


def test_a_true_false_stem_loses_its_frame_and_its_brackets() -> None:
    assert asserted("根据《某法》的规定，苹果是一种常见的水果。（ ）") == "苹果是一种常见的水果。"


def test_questions_for_what_does_not_hold_are_told() -> None:
    assert asks_exception(single("下列不属于水果的是（）。", "石头", "苹果"))
    assert asks_exception(single("以下说法中，错误的是（）。", "甲", "乙"))
    assert not asks_exception(multi("水果有（）。", ("苹果",), "石头"))
