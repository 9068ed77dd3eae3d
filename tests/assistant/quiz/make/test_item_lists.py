from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.quiz.make.item_lists import ListKind, kind_of, lists_of
from assistant.quiz.make.list_stems import stems_of
from assistant.quiz.model import BLANK
from assistant.quiz.source import Held

HeldOf = Callable[..., Held]


@pytest.mark.parametrize(
    ("lead", "kind"),
    [
        ("站长履行下列职责", ListKind.DUTY),
        ("检查机构行使下列职权", ListKind.POWER),
        ("县气象台应当采取下列措施", ListKind.STEPS),
        ("申请开办书店，应当具备下列条件", ListKind.CONDITION),
        ("申请登记，应当提交下列材料", ListKind.CONTENT),
        ("有下列情形之一的，站长应当停止发车", ListKind.CASE),
        ("读者有下列行为之一的，处五十元罚款", ListKind.SANCTION),
        ("读者不得有下列行为", ListKind.FORBIDDEN),
        ("与下列场所的距离应当符合国家有关规定", ListKind.OTHER),
        ("书店要具备", ListKind.CONDITION),
    ],
)
def test_a_list_is_told_by_the_sentence_that_introduces_it(lead: str, kind: ListKind) -> None:
    assert kind_of(lead) is kind


def test_items_lose_number_and_closing_mark_and_stay_verbatim(held_of: HeldOf) -> None:
    held = held_of(
        "站长履行下列职责：\n（一）核对发车时间；\n（二）清点车票；\n（三）法律规定的其他职责。"
    )
    (found,) = lists_of(held)
    assert [i.text for i in found.items] == ["核对发车时间", "清点车票", "法律规定的其他职责"]
    assert all(i.text in i.provision.text for i in found.items)
    assert [i.text for i in found.named] == ["核对发车时间", "清点车票"]


def test_an_article_without_items_holds_no_list(held_of: HeldOf) -> None:
    assert list(lists_of(held_of("站长应当核对发车时间，清点车票。"))) == []


def test_stems_turn_the_introducing_words_into_a_question(held_of: HeldOf) -> None:
    (found,) = lists_of(held_of("站长履行下列职责：\n（一）核对发车时间；\n（二）清点车票。"))
    stems = stems_of(found)
    assert stems.one == "站长履行下列哪项职责？"
    assert stems.out == f"站长履行的职责不包括{BLANK}。"
    assert stems.name == "站长履行哪些职责？"


def test_stems_of_cases_keep_what_follows(held_of: HeldOf) -> None:
    text = "有下列情形之一的，站长应当停止发车：\n（一）大雾的；\n（二）暴雪的。"
    (found,) = lists_of(held_of(text))
    assert [i.text for i in found.items] == ["大雾", "暴雪"]
    assert stems_of(found).one == "有下列哪种情形的，站长应当停止发车？"
    assert stems_of(found).name == "有哪些情形的，站长应当停止发车？"


def test_a_sentence_that_points_back_yields_no_stem(held_of: HeldOf) -> None:
    text = "车站设调度室。该机构履行下列职责：\n（一）核对发车时间；\n（二）清点车票。"
    assert all(stems_of(found).one == "" for found in lists_of(held_of(text)))
