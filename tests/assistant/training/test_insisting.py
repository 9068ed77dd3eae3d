"""Insisting on a question that is contradicted: who may, for what reason, taken back, kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.accounts.errors import LoginError, NotAllowedError
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.accounts.rights import Action, may
from assistant.errors import BadInputError
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.model import Kind
from assistant.store import open_store
from assistant.store.store import Store
from assistant.training.insisting import LONGEST, Insisting
from tests.contracts.records import NOW, later

QUESTION = BankQuestion("题", 2, Kind.SINGLE, "旧题（　）。", ("甲", "乙"), ("甲",), "旧题")
WHY = "本地规定更严，仍按旧题要求。"
TEACHER = Actor("p1", Role.TRAINER, "10.0.0.1")


def judged(state: State = State.CONTRADICTED) -> Verdict:
    return Verdict(state, QUESTION, None, "不一样")


@pytest.fixture
def insisting(records: Store) -> Insisting:
    return Insisting(records, lambda: NOW)


def test_a_question_is_asked_with_its_reason_until_it_is_taken_back(
    insisting: Insisting, records: Store
) -> None:
    assert insisting.of("b0001") is None
    insisting.insist(TEACHER, "bank-1", "b0001", judged(), WHY)
    held = insisting.of("b0001")
    assert held is not None
    assert held.words == "与现行规定不符，培训员坚持使用：本地规定更严，仍按旧题要求"
    assert (held.by, held.at, insisting.held()) == ("p1", NOW, {"b0001"})
    insisting.release(TEACHER, "b0001")
    left = insisting.of("b0001")
    assert left is not None
    assert left.words.endswith("（后来已撤回，不再出这道题）")
    assert (left.released_at, insisting.held()) == (NOW, frozenset())
    with pytest.raises(BadInputError, match="没有坚持使用"):
        insisting.release(TEACHER, "b0001")
    insisting.insist(TEACHER, "bank-1", "b0001", judged(State.OUTDATED), "再用一个月看看")
    again = insisting.of("b0001")
    assert again is not None
    assert again.words == "说法过时，培训员坚持使用：再用一个月看看"


def test_the_audit_log_tells_who_when_which_question_and_why(
    insisting: Insisting, records: Store
) -> None:
    insisting.insist(TEACHER, "bank-1", "b0001", judged(), WHY)
    insisting.release(COMMAND_LINE, "b0001")
    back, made = records.audit.lines(limit=2)
    assert (made.actor, made.at, made.action, made.subject) == ("p1", NOW, "bank.insist", "b0001")
    assert made.detail == {"bank": "bank-1", "stem": "旧题（　）。", "reason": WHY.rstrip("。")}
    assert (back.actor, back.action, back.subject) == ("cli", "bank.release", "b0001")


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_may_check_a_bank_may_insist(insisting: Insisting, role: Role) -> None:
    actor = Actor("p9", role)
    if may(role, Action.CHECK_BANK):
        insisting.insist(actor, "bank-1", "b0001", judged(), WHY)
        insisting.release(actor, "b0001")
        return
    with pytest.raises((NotAllowedError, LoginError)):
        insisting.insist(actor, "bank-1", "b0001", judged(), WHY)
    with pytest.raises((NotAllowedError, LoginError)):
        insisting.release(actor, "b0001")
    assert insisting.all() == {}


@pytest.mark.parametrize("reason", ["", " 。\n", "行", "长" * (LONGEST + 1)])
def test_without_a_reason_of_one_sentence_nothing_is_kept(
    insisting: Insisting, records: Store, reason: str
) -> None:
    with pytest.raises(BadInputError, match="一句话写明理由"):
        insisting.insist(TEACHER, "bank-1", "b0001", judged(), reason)
    assert insisting.all() == {}
    assert records.audit.lines() == ()


@pytest.mark.parametrize("state", [State.CONSISTENT, State.UNLINKED])
def test_what_is_not_contradicted_needs_no_insistence(insisting: Insisting, state: State) -> None:
    with pytest.raises(BadInputError, match="本来就会用于练习"):
        insisting.insist(TEACHER, "bank-1", "b0001", judged(state), WHY)


def test_another_process_sees_it_within_a_second(records: Store) -> None:
    tick = 0.0
    other = Insisting(records, lambda: NOW, lambda: tick)
    assert other.held() == frozenset()
    Insisting(records, lambda: later(hours=1)).insist(TEACHER, "b", "b0001", judged(), WHY)
    assert other.held() == frozenset()
    tick = 1.0
    assert other.held() == {"b0001"}


def test_it_is_there_after_a_restart(records_at: Path | str) -> None:
    for first in (True, False):
        store = open_store(records_at)
        try:
            insisting = Insisting(store)
            if first:
                insisting.insist(TEACHER, "bank-1", "b0001", judged(), WHY)
            assert insisting.held() == {"b0001"}
        finally:
            store.close()
