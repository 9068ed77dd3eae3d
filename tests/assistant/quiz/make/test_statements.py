from __future__ import annotations

from collections.abc import Callable

from assistant.quiz.make.statements import statements
from assistant.quiz.source import Held

Make = Callable[..., Held]


def _texts(held: Held) -> list[str]:
    return [s.text for s in statements(held)]


def test_an_item_takes_the_place_of_the_list_it_stands_in(held_of: Make) -> None:
    held = held_of(
        "违反本法规定，施工单位有下列行为之一的，处五万元以下罚款：\n"
        "（一）未按照规定设置警示标志的；\n（二）未按照规定发放防护用品的。",
        penal=True,
    )
    assert _texts(held) == [
        "施工单位有“未按照规定设置警示标志”行为的，处五万元以下罚款",
        "施工单位有“未按照规定发放防护用品”行为的，处五万元以下罚款",
    ]


def test_an_item_stands_after_the_head_that_it_completes(held_of: Make) -> None:
    held = held_of(
        "施工单位应当遵守下列规定：\n（一）每月检查一次脚手架；\n（二）每日检查一次配电箱。"
    )
    assert _texts(held) == [
        "施工单位应当遵守下列规定：每月检查一次脚手架",
        "施工单位应当遵守下列规定：每日检查一次配电箱",
    ]


def test_items_of_a_head_of_two_sentences_belong_to_both(held_of: Make) -> None:
    held = held_of(
        "施工单位存在下列情形之一的，应当停工。施工单位负责人五年内不得任职：\n"
        "（一）拒不整改重大隐患的；\n（二）伪造记录的。"
    )
    first = next(iter(statements(held)))
    assert first.text.startswith("施工单位存在“拒不整改重大隐患”情形的，应当停工")
    assert "五年内不得任职" in first.text


def test_what_lives_on_an_earlier_sentence_brings_it_along_or_is_left_out(held_of: Make) -> None:
    held = held_of("施工单位应当编制脚手架专项方案。该方案应当经过专家论证后实施。")
    assert _texts(held) == [
        "施工单位应当编制脚手架专项方案",
        "施工单位应当编制脚手架专项方案。该方案应当经过专家论证后实施",
    ]
    referring = held_of("依照前款规定作出决定的，施工单位应当执行该决定。")
    assert _texts(referring) == []


def test_a_part_after_a_semicolon_keeps_what_it_depends_on(held_of: Make) -> None:
    held = held_of("施工单位未设置警示标志的，责令限期改正；逾期未改正的，处五万元罚款。", True)
    assert _texts(held) == [
        "施工单位未设置警示标志的，责令限期改正",
        "施工单位未设置警示标志的，责令限期改正；逾期未改正的，处五万元罚款",
    ]


def test_every_statement_of_the_library_is_quoted_verbatim(source: object) -> None:
    from assistant.quiz.source import Source

    assert isinstance(source, Source)
    for held in source.asked[::15]:
        for statement in statements(held):
            for cited in statement.cited:
                assert cited.quote in cited.provision.text
