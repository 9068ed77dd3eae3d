from __future__ import annotations

import pytest

from assistant.quiz.make.amounts import FigurePool, find_figures


@pytest.mark.parametrize(
    ("text", "found", "values"),
    [
        ("应当在三十日内报告", "三十日", (30.0,)),
        ("应于1小时内报告", "1小时", (1.0,)),
        ("处二万元以上十万元以下的罚款", "二万元以上十万元以下", (20_000.0, 100_000.0)),
        ("罚款1.5万元", "1.5万元", (15_000.0,)),
        ("损失1亿元以上的", "1亿元", (100_000_000.0,)),
        ("处年收入百分之六十至百分之一百的罚款", "百分之六十至百分之一百", (60.0, 100.0)),
        ("处五日以上十日以下拘留", "五日以上十日以下", (5.0, 10.0)),
        ("每半年至少演练一次", "每半年", (182.0,)),
        ("从业人员超过一百人的", "一百人", (100.0,)),
        ("不得少于五个工作日", "五个工作日", (5.0,)),
    ],
)
def test_a_figure_is_found_with_its_value(text: str, found: str, values: tuple[float, ...]) -> None:
    (figure,) = find_figures(text)
    assert (figure.text, figure.values) == (found, values)
    assert text[figure.start : figure.end] == found


@pytest.mark.parametrize(
    "text",
    [
        "依照第三十条的规定", "自2021年9月1日起施行", "一人一档", "上一年度", "法定代表人",
        "（五日内）另行通知", "任何单位和个人", "按照“三十日”计算", "第二年", "每日工作", "应当向劳动者每月支付工资",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_figure_is_left_alone(text: str) -> None:
    assert find_figures(text) == ()


def test_figures_of_one_shape_stand_in_for_each_other_and_others_do_not() -> None:
    texts = [
        "七日内",
        "十日内",
        "三十日内",
        "三十天内",
        "30日内",
        "三年内",
        "五日以上十日以下",
        "九百日内",
    ]
    pool = FigurePool(f for t in texts for f in find_figures(t))
    (asked,) = find_figures("十五日内")
    assert [text for _, text in pool.like(asked)] == ["十日", "三十日", "七日"]


def test_one_value_is_offered_in_its_usual_writing_only() -> None:
    pool = FigurePool(f for t in ("两年", "两年", "二年", "五年") for f in find_figures(t))
    (asked,) = find_figures("三年")
    assert [text for _, text in pool.like(asked)] == ["两年", "五年"]
    assert [text for _, text in pool.like(asked, least=2)] == ["两年"]
