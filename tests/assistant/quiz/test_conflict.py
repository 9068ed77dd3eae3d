"""What may not stand in one paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.quiz.conflict import clash, shown
from assistant.quiz.model import BLANK, RIGHT, WRONG, Basis, Kind, Knowledge, Question
from kb.model import ProvisionId

QUOTE = "生产经营单位发生事故后，负责人应当在一小时内向县级人民政府报告。"


def made(
    kind: Kind,
    stem: str,
    options: tuple[str, ...],
    answer: tuple[str, ...],
    tested: str,
    *,
    article: str = "第一条",
    quote: str = QUOTE,
    doc: str = "law",
) -> Question:
    basis = Basis(ProvisionId(doc, "v", article), "示例法", "原文", quote, (tested,), "0" * 16)
    name = f"q{hash((stem, options)) % 10**8}"
    return Question(name, kind, Knowledge.FIGURE, stem, options, answer, "。", (basis,))


HOURS = made(
    Kind.SINGLE,
    f"根据《示例法》，发生事故后，负责人应当在{BLANK}内向县级人民政府报告。",
    ("半小时", "一小时", "二小时", "十小时"),
    ("一小时",),
    "一小时",
)


def agree(a: Question, b: Question) -> bool:
    assert clash(shown(a), shown(b)) == clash(shown(b), shown(a))
    return not clash(shown(a), shown(b))


def test_the_same_question_clashes_with_itself_however_it_is_shuffled() -> None:
    assert not agree(HOURS, HOURS.shuffled((3, 2, 1, 0)))


def test_two_questions_on_the_same_words_clash() -> None:
    other = made(
        Kind.JUDGE, "负责人可以在事故后第二天才报告。", (RIGHT, WRONG), (WRONG,), "在一小时内"
    )
    assert not agree(HOURS, other)


def test_a_statement_that_prints_the_answer_of_another_clashes_even_from_another_document() -> None:
    other = made(
        Kind.JUDGE,
        "发生事故后，单位负责人应当在一小时内向县级人民政府报告。",
        (RIGHT, WRONG),
        (RIGHT,),
        "县级",
        doc="other",
    )
    assert not agree(HOURS, other)


def test_options_give_away_too() -> None:
    other = made(
        Kind.MULTI,
        f"生产经营单位发生事故后，负责人应当{BLANK}。",
        ("在一小时内报告", "向县级人民政府报告", "等候"),
        ("在一小时内报告", "向县级人民政府报告"),
        "报告",
        doc="other",
    )
    assert not agree(HOURS, other)


@pytest.mark.parametrize("doc", ["law", "other"])
def test_the_same_figure_on_another_matter_does_not_clash(doc: str) -> None:
    quote = "动火作业前一小时应当检测可燃气体浓度。"
    other = made(
        Kind.SINGLE, f"动火作业前一小时应当检测{BLANK}。", ("可燃气体浓度", "风速", "湿度"),
        ("可燃气体浓度",), "可燃气体浓度", article="第二条", quote=quote, doc=doc,
    )  # fmt: skip
    assert agree(HOURS, other)


def test_what_a_gap_asks_for_must_not_be_read_elsewhere() -> None:
    gap = made(
        Kind.BLANK, f"发生事故后，负责人应当在{BLANK}内向县级人民政府报告。", (), ("一小时",), "一小时",
        doc="other",
    )  # fmt: skip
    assert not agree(HOURS, gap)


def test_the_name_of_the_law_is_no_common_matter() -> None:
    a = made(Kind.SINGLE, f"根据《示例法》，甲应当{BLANK}。", ("培训", "巡查"), ("培训",), "培训")
    b = replace(
        made(Kind.SINGLE, f"根据《示例法》，乙应当{BLANK}。", ("演练", "公示"), ("演练",), "演练"),
        id="q-b",
    )
    assert agree(a, b)


def _views(article: str, tested: str, *options: str) -> Question:
    stem = f"根据《示例法》，下列说法中，正确的有{BLANK}。"
    quote = f"{options[0]}，{tested}。"
    return made(Kind.MULTI, stem, options, options[:2], tested, article=article, quote=quote)


def test_choices_among_statements_share_a_stem_and_clash_by_what_they_test_only() -> None:
    one = _views("第一条", "三日内", "站长应当报告晚点", "乘务员应当清点车票", "旅客可以验票")
    other = _views("第二条", "每月", "车站应当检修站台", "调度员应当记录车次", "货主可以装车")
    again = _views("第一条", "三日内", "站长应当公告停运", "检票员应当查验证件", "行人可以进站")
    assert agree(one, other)
    assert not agree(one, again)
