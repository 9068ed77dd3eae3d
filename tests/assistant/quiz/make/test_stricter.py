from __future__ import annotations

import pytest

from assistant.quiz.make.amounts import find_figures
from assistant.quiz.make.stricter import stricter


@pytest.mark.parametrize(
    ("text", "false", "follows"),
    [
        ("应当在三十日内报告", 10, 60),
        ("不得少于三年", 5, 2),
        ("从业人员超过一百人的，应当设置机构", 50, 300),
        ("从业人员不满一百人的，可以兼职", 300, 50),
        ("日工作时间不超过八小时", 6, 10),
        ("应当有二名以上人员参加", 3, 1),
        ("自处罚决定作出之日起五年内不得申请", 10, 3),
        ("在两侧五百米范围内禁止采石", 1000, 200),
        ("招用未满十六周岁的人的，处以罚款", 18, 14),
        ("中止施工满一年的工程恢复施工前，应当报核验", 0.5, 2),
        ("自结论作出之日起1年后可以申请复查", 0.5, 5),
        ("自公告之日起六十日内未提出异议的，可以注销", 30, 90),
        ("自吊销之日起三年内，不予受理申请", 5, 2),
        ("可以在十五日内起诉", 20, 7),
        ("处五万元以下的罚款", 100_000, 20_000),
        ("应当自受理之日起三十日内，作出许可或者不予许可的决定", 20, 60),
    ],
)
def test_a_changed_figure_must_demand_more_than_the_rule(
    text: str, false: float, follows: float
) -> None:
    (figure,) = find_figures(text)
    wanted = stricter(text, figure)
    assert wanted is not None
    assert wanted((false,))
    assert not wanted((follows,))


def test_more_often_than_the_rule_demands_is_false() -> None:
    (figure,) = find_figures("每年至少演练一次")
    wanted = stricter("每年至少演练一次", figure)
    assert wanted is not None
    assert wanted((182.0,))
    assert not wanted((730.0,))


def test_any_other_range_of_fines_is_false() -> None:
    text = "处二万元以上十万元以下的罚款"
    (figure,) = find_figures(text)
    wanted = stricter(text, figure)
    assert wanted is not None
    assert wanted((20_000.0, 200_000.0))
    assert not wanted((20_000.0, 100_000.0))


def test_an_age_that_a_prohibition_covers_is_not_changed() -> None:
    text = "禁止招用未满十六周岁的人"
    (figure,) = find_figures(text)
    assert stricter(text, figure) is None


def test_a_bare_figure_in_a_condition_is_not_changed() -> None:
    text = "累计记分十二日的，应当停止"
    (figure,) = find_figures(text)
    assert stricter(text, figure) is None
