from __future__ import annotations

import pytest

from assistant.quiz.make.amounts import find_figures
from assistant.quiz.make.tiers import in_order, says_grade, told_together

GRADED = "载客超员的，处二百元以上五百元以下罚款；超过百分之二十的，处五百元以上二千元以下罚款。"


@pytest.mark.parametrize(
    ("values", "told"),
    [((200, 2000), True), ((500, 1000), True), ((500, 2000), True), ((1000, 3000), False)],
)
def test_a_range_that_the_grades_of_an_article_cover_together_is_told(
    values: tuple[float, ...], told: bool
) -> None:
    figure = next(f for f in find_figures(GRADED) if f.values == (200, 500))
    assert told_together(GRADED, figure)(values) is told


def test_another_range_is_not_told_where_nothing_adjoins() -> None:
    text = "处二万元以上十万元以下罚款。"
    (figure,) = find_figures(text)
    told = told_together(text, figure)
    assert not told((30_000.0, 50_000.0))
    assert told((20_000.0, 100_000.0))


def test_a_term_with_its_extension_is_told() -> None:
    text = "查封期限不得超过三十日；情况复杂的，可以延长，延长期限不得超过三十日。"
    told = told_together(text, find_figures(text)[0])
    assert told((60.0,))
    assert not told((20.0,))


@pytest.mark.parametrize(
    ("text", "number", "natural", "absurd"),
    [
        ("抽取3名或者5名专家", 1, 7, 2),
        ("每年演练一次，超过100米的每半年演练一次", 0, 730, 91),
    ],
)
def test_a_changed_figure_keeps_its_place_among_those_beside_it(
    text: str, number: int, natural: float, absurd: float
) -> None:
    units = ("人", "每")
    figure = [f for f in find_figures(text) if f.unit in units][number]
    fits = in_order(text, figure)
    assert fits((float(natural),))
    assert not fits((float(absurd),))


def test_a_sanction_of_another_grade_of_the_article_is_known() -> None:
    right = "责令改正，处二百元以上五百元以下罚款"
    assert says_grade(GRADED, right, "责令改正，处五百元以上二千元以下罚款")
    assert not says_grade(GRADED, right, "责令改正，处一千元以上三千元以下罚款")
    assert not says_grade(GRADED, right, "给予警告")
