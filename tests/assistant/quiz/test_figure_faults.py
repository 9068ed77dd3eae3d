from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.quiz.figure_faults import Replaced, figure_faults
from assistant.quiz.make.figures import FigureMaker
from assistant.quiz.model import Kind, Question
from assistant.quiz.source import Source
from tests.assistant.quiz.make.conftest import questions

ARTICLE = "超员的处二百元以上五百元以下罚款超过百分之二十的处五百元以上二千元以下罚款"


@pytest.fixture(scope="module")
def single(source: Source) -> Question:
    """Any question with a gap and options."""
    few = source.narrowed(lambda h: h.document.short == "安全生产法")
    return next(q for q in questions(FigureMaker(few), few) if q.kind is Kind.SINGLE)


def _found(single: Question, statement: str, wrong: str, right: str, article: str = "") -> bool:
    changed = Replaced(statement, wrong, right, article)
    return bool(list(figure_faults(single, (changed,), "")))


@pytest.mark.parametrize(
    ("statement", "wrong", "right"),
    [
        ("中止施工满二年的工程恢复施工前，应当报核验", "二年", "一年"),
        ("自结论作出之日起5年后可以申请复查鉴定", "5年", "1年"),
        ("在验收后六十日内未将资料移交的，责令改正", "六十日", "三十日"),
        ("可以在接到通知之日起七日内起诉", "七日", "十五日"),
        ("自吊销许可证之日起二年内，不予受理其申请", "二年", "三年"),
        ("随机抽取3名或者2名专家", "2名", "5名"),
    ],
)
def test_a_changed_figure_that_still_follows_is_caught(
    single: Question, statement: str, wrong: str, right: str
) -> None:
    assert _found(single, statement, wrong, right)


def test_a_range_over_two_grades_is_caught(single: Question) -> None:
    right, wrong = "二百元以上五百元以下", "二百元以上二千元以下"
    assert _found(single, f"超员的，处{wrong}罚款", wrong, right, ARTICLE)
    among = replace(single, options=(right, wrong), answer=(right,))
    assert list(figure_faults(among, (), ARTICLE))
    assert not _found(single, "处一万元以上二万元以下罚款", "一万元以上二万元以下", right, ARTICLE)


def test_a_figure_that_demands_more_is_let_through(single: Question) -> None:
    assert not _found(single, "应当在十日内报告", "十日", "三十日")
    assert not _found(single, "作出许可或者不予许可的决定，自受理之日起十日内", "十日", "二十日")
