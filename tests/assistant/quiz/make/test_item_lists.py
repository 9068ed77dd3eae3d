from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.quiz.make.item_lists import ListKind, is_rest, kind_of, lists_of
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
    assert stems_of(found).name == "在哪些情形下，站长应当停止发车？"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (
            "船舶进港，应当符合下列条件，经港长许可，并报告停留时间：",
            "船舶进港，应当符合哪些条件？",
        ),
        ("旱冰场经营应当具备：", "从事旱冰场经营应当具备哪些条件？"),
        ("申请从事旱冰场经营应当具备：", "申请从事旱冰场经营应当具备哪些条件？"),
    ],
)
def test_a_question_names_what_it_asks_for_and_stops_there(
    held_of: HeldOf, head: str, name: str
) -> None:
    (found,) = lists_of(held_of(f"{head}\n（一）持有原票；\n（二）列车尚未开出。"))
    assert stems_of(found).name == name


def test_conditions_to_be_met_together_are_not_asked_for_singly(held_of: HeldOf) -> None:
    text = "旅客符合下列条件的，可以改签：\n（一）持有原票；\n（二）列车尚未开出。"
    (found,) = lists_of(held_of(text))
    assert stems_of(found).one == ""
    assert stems_of(found).name == "旅客符合哪些条件的，可以改签？"


def test_a_sentence_that_points_back_yields_no_stem(held_of: HeldOf) -> None:
    text = "车站设调度室。该机构履行下列职责：\n（一）核对发车时间；\n（二）清点车票。"
    assert all(stems_of(found).one == "" for found in lists_of(held_of(text)))


@pytest.mark.parametrize(
    ("item", "rest"),
    [
        ("法律、行政法规和国务院规定的其他条件", True),
        ("法律、法规规定的职责", True),
        ("其他依法应当改签的情形", True),
        ("双方认为需要约定的其他事项", True),
        ("站长的姓名、住址和身份证或者其他有效证件号码", False),
        ("查阅、复制有关车票以及其他有关资料", False),
        ("其他因大雾发生重大变化，致使列车无法开行的", False),
        ("配备检票人员及其他安全工作人员", False),
        ("法律、法规规定每日清点的车票", False),
    ],
)
def test_only_an_item_that_names_nothing_leaves_a_list_open(item: str, rest: bool) -> None:
    assert is_rest(item) is rest


def test_a_last_word_that_ends_in_and_is_not_cut(held_of: HeldOf) -> None:
    held = held_of("有下列情形之一的，站长应当停止发车：\n（一）客流接近饱和；和\n（二）暴雪的。")
    (found,) = lists_of(held)
    assert [i.text for i in found.items] == ["客流接近饱和", "暴雪"]


def test_a_list_after_another_sentence_does_not_stand_alone(held_of: HeldOf) -> None:
    text = "压力索道的设计单位要经许可。设计单位要具备：\n（一）设计人员；\n（二）设计场所。"
    (found,) = lists_of(held_of(text))
    assert not found.stands_alone
