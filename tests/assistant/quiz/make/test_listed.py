from __future__ import annotations

import threading

import pytest

from assistant.quiz.make.item_lists import ListKind, lists_of
from assistant.quiz.make.likeness import Likeness, Match
from assistant.quiz.make.listed import ListMaker
from assistant.quiz.make.recall import RecallMaker
from assistant.quiz.make.strangers import Stranger, Strangers
from assistant.quiz.model import Kind, Knowledge
from assistant.quiz.source import Source
from indexer.tokens import bigrams
from tests.assistant.quiz.make.conftest import document, questions, source_of

HEAD = (
    "生产经营单位的主要负责人负有下列职责：\n（一）组织编制年度检修计划；\n"
    "（二）保证检修资金按时到位；\n（三）主持季度检修例会。"
)
STAFF = (
    "生产经营单位的安全生产管理人员履行下列职责：\n（一）填写巡查日志并存档；\n"
    "（二）核对灭火器材有效期；\n（三）张贴岗位风险告知卡；\n（四）组织编制年度检修计划草案。"
)


def _likeness(*duties: str) -> tuple[Source, Likeness]:
    source = source_of(document("示例法", duties))
    return source, Likeness(source)


def test_texts_that_share_rare_words_are_alike() -> None:
    _, like = _likeness(HEAD, STAFF)
    assert like.alike("核对灭火器材有效期", "定期核对灭火器材的有效期") > 0.6
    assert like.alike("核对灭火器材有效期", "主持季度检修例会") < 0.2


def test_matches_find_the_statement_and_whose_it_is() -> None:
    _, like = _likeness(HEAD, STAFF)
    found = like.matches("主持季度检修例会")
    assert found[0].share == pytest.approx(1.0)
    assert any(m.said.norm is not None and "主要负责人" in m.said.norm.subject for m in found)


def test_wrong_options_come_from_the_sibling_list() -> None:
    source, _ = _likeness(HEAD, STAFF)
    made = [q for q in questions(ListMaker(source), source) if "主要负责人" in q.stem]
    singles = [q for q in made if q.kind is Kind.SINGLE and "不包括" not in q.stem]
    assert singles
    wrong = {"填写巡查日志并存档", "核对灭火器材有效期", "张贴岗位风险告知卡"}
    for q in singles:
        assert set(q.options) - set(q.answer) == wrong
        assert q.knowledge is Knowledge.LIST
        assert q.answer[0] in q.basis[0].quote


def test_what_is_nearly_an_item_is_no_wrong_option() -> None:
    source, _ = _likeness(HEAD, STAFF)
    for q in questions(ListMaker(source), source):
        if "主要负责人" in q.stem:
            assert "组织编制年度检修计划草案" not in q.options


def test_what_another_law_asks_of_the_same_people_is_no_wrong_option() -> None:
    other = document("另一法", ("生产经营单位的主要负责人应当按月核对灭火器材有效期。",))
    source = source_of(document("示例法", (HEAD, STAFF)), other)
    like = Likeness(source)
    asked = next(lists_of(source.asked[0]))
    text = "核对灭火器材有效期"
    item = next(i for found in like.lists for i in found.items if i.text == text)
    strangers = Strangers(source, like)
    assert not strangers.is_wrong(asked, Stranger(text, item.provision, "", same_document=True))
    other_text = "张贴岗位风险告知卡"
    fine = next(i for found in like.lists for i in found.items if i.text == other_text)
    assert strangers.is_wrong(asked, Stranger(other_text, fine.provision, "", same_document=True))


def test_which_does_not_belong_is_asked_of_closed_lists_only() -> None:
    source, _ = _likeness(HEAD, STAFF)
    closed = [q for q in questions(ListMaker(source), source) if "不包括" in q.stem]
    assert closed
    for q in closed:
        assert q.answer[0] not in "".join(b.quote for b in q.basis)
    open_head = HEAD.removesuffix("。") + "；\n（四）法律、行政法规规定的其他职责。"
    source, _ = _likeness(open_head, STAFF)
    assert not [
        q
        for q in questions(ListMaker(source), source)
        if "不包括" in q.stem and "主要负责人" in q.stem
    ]


def test_short_answers_name_every_item() -> None:
    source, _ = _likeness(HEAD, STAFF)
    short = [q for q in questions(RecallMaker(source), source) if "主要负责人" in q.stem]
    assert [q.answer for q in short] == [
        ("组织编制年度检修计划", "保证检修资金按时到位", "主持季度检修例会")
    ]
    assert short[0].options == ()
    assert short[0].kind is Kind.SHORT


def test_a_list_that_needs_another_article_is_not_asked_for() -> None:
    text = HEAD.replace("主持季度检修例会", "履行本法第九条规定的事项")
    source, _ = _likeness(text, STAFF)
    assert not [q for q in questions(RecallMaker(source), source) if "主要负责人" in q.stem]


def test_a_list_left_open_to_another_law_is_not_asked_for() -> None:
    for rest, asked in (("《渡口法》规定的其他职责", 0), ("法律、法规规定的其他职责", 1)):
        text = HEAD.rstrip("。") + f"；\n（四）{rest}。"
        source, _ = _likeness(text, STAFF)
        made = [q for q in questions(RecallMaker(source), source) if "主要负责人" in q.stem]
        assert len(made) == asked


def test_the_heads_of_firms_are_not_taken_for_their_safety_staff(source: Source) -> None:
    held = next(
        h
        for h in source.asked
        if h.document.short == "安全生产法" and h.article.id.article == "第二十一条"
    )
    (found,) = lists_of(held)
    assert found.kind is ListKind.DUTY
    items = {i.text for i in found.items}
    made = questions(ListMaker(source), source)
    mine = [q for q in made if q.basis[0].provision.in_article == held.article.id]
    assert {q.kind for q in mine} >= {Kind.SINGLE}
    for q in mine:
        right = items & set(q.options)
        assert right == (set(q.options) - set(q.answer) if "不包括" in q.stem else set(q.answer))


def test_somebody_who_asks_while_it_is_read_waits_for_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of the table would call nothing alike, and let a true item pass for a wrong option."""
    _, like = _likeness(HEAD, STAFF)
    reading, asked = threading.Event(), threading.Event()

    def slow(text: str) -> list[str]:
        if threading.current_thread() is first:
            reading.set()
            asked.wait(0.5)
        return bigrams(text)

    monkeypatch.setattr("assistant.quiz.make.likeness.bigrams", slow)
    found: list[tuple[Match, ...]] = []

    def ask() -> None:
        found.append(like.matches("填写巡查日志并存档"))

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    assert reading.wait(30)
    second.start()
    second.join(0.2)
    asked.set()
    first.join(30)
    second.join(30)
    assert found[0]
    assert found[0] == found[1]
