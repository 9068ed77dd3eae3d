from __future__ import annotations

import pytest

from assistant.practice.grading import Grade, grade, normal, same_words
from assistant.quiz.model import RIGHT, WRONG, Kind
from tests.assistant.practice.fakes import made_question

MULTI = made_question(kind=Kind.MULTI)
GAPS = made_question(kind=Kind.BLANK)


@pytest.mark.parametrize(
    ("kind", "given", "right"),
    [
        (Kind.SINGLE, ("乙",), True),
        (Kind.SINGLE, ("甲",), False),
        (Kind.SINGLE, ("甲", "乙"), False),
        (Kind.SINGLE, (), False),
        (Kind.CASE, ("乙",), True),
        (Kind.JUDGE, (WRONG,), True),
        (Kind.JUDGE, (RIGHT,), False),
        (Kind.MULTI, ("丁", "甲", "丙"), True),
        (Kind.MULTI, ("甲", "丙"), False),
        (Kind.MULTI, ("甲", "乙", "丙", "丁"), False),
    ],
)
def test_practice_is_all_or_nothing(kind: Kind, given: tuple[str, ...], right: bool) -> None:
    assert grade(made_question(kind=kind), given, exam=False) == Grade(right, float(right))


@pytest.mark.parametrize(
    ("given", "score"),
    [
        (("甲", "丙", "丁"), 4.0),
        (("甲", "丙"), 2.0),
        (("甲",), 2.0),
        (("甲", "乙"), 0.0),
        (("甲", "乙", "丙", "丁"), 0.0),
        ((), 0.0),
    ],
)
def test_an_exam_gives_half_for_an_incomplete_choice_without_a_wrong_one(
    given: tuple[str, ...], score: float
) -> None:
    assert grade(MULTI, given, 4.0, exam=True) == Grade(score == 4.0, score)


def test_half_of_one_and_a_half_points_is_rounded_down_to_halves() -> None:
    assert grade(MULTI, ("甲",), 1.5, exam=True).score == 0.5


@pytest.mark.parametrize(
    ("given", "score"),
    [
        (("30天", "主要负责人"), 3.0),
        (("30日", "安全员"), 1.5),
        (("三十日",), 1.5),
        (("主要负责人", "三十日"), 0.0),
        ((), 0.0),
    ],
)
def test_gaps_count_each_in_an_exam_and_all_together_in_practice(
    given: tuple[str, ...], score: float
) -> None:
    assert grade(GAPS, given, 3.0, exam=True).score == score
    assert grade(GAPS, given, exam=False).right is (score == 3.0)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("三十日", "30天"),
        ("三十日", "３０ 日"),
        ("五十万元", "500000元"),
        ("五十万元", "50 万元"),
        ("百分之十", "10％"),
        ("三个月", "3月"),
        ("二十四小时", "24个小时"),
        ("《安全生产法》", "安全生产法"),
        ("Ａ级", "a级"),
        ("十人以上三十人以下", "10人以上，30人以下"),
    ],
)
def test_one_thing_written_in_two_ways_is_the_same(wanted: str, said: str) -> None:
    assert same_words(wanted, said)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("三十日", "三日"),
        ("三十日", "三十"),
        ("三十日", "30个月"),
        ("五十万元", "50元"),
        ("百分之十", "10"),
        ("主要负责人", "负责人"),
        ("三日", ""),
        ("，", "。"),
    ],
)
def test_different_things_are_not_the_same(wanted: str, said: str) -> None:
    assert not same_words(wanted, said)


def test_normal_form_is_its_own_normal_form() -> None:
    for words in ("三十日", "五十万元", "百分之十", "三个月以内", "一岗双责", "二〇二一年"):
        assert normal(normal(words)) == normal(words)


def test_a_short_answer_is_not_graded() -> None:
    with pytest.raises(ValueError, match="short"):
        grade(made_question(kind=Kind.SHORT), ("说明",), exam=True)
