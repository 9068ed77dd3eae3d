"""The trainer insists: from the examined bank over practice to what is said beside the answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.accounts.model import Actor, Role
from assistant.errors import BadInputError
from assistant.importing.desk import ImportDesk
from assistant.practice.desk import PracticeDesk
from assistant.practice.model import Mode
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.bank.store import Bank
from assistant.quiz.check import State, Verdict
from assistant.services import Live, Services, Settings
from assistant.store import open_store
from assistant.store.store import Store
from assistant.training.insisting import Insisting
from assistant.web.bank_area import BankDesk, utc_now
from assistant.web.practice_json import played_json, told_json
from assistant.web.practice_setup import open_practice
from assistant.web.quiz_desk import Makers, QuizDesk
from assistant.web.quiz_page import _Events
from assistant.web.quiz_runs import CheckRuns
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.markup import parsed
from tests.web.quiz_samples import SCRIPT, write_bank

TEACHER = Actor("p1", Role.TRAINER)
ME = "guest:me"
WORDS = "与现行规定不符，培训员坚持使用：考试大纲还这样考"


def check(
    questions: Sequence[BankQuestion], _services: Services, _progress: Any
) -> Sequence[Verdict]:
    """The first question is contradicted, the others are not."""
    return [
        Verdict(State.CONTRADICTED if n == 0 else State.UNLINKED, q, None, "因为")
        for n, q in enumerate(questions)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def banks(services: Services, store: Store, tmp_path: Path) -> BankDesk:
    desk = BankDesk(Live(services), tmp_path / "banks", Insisting(store))
    desk.runs = CheckRuns(desk.store, desk.live, utc_now, check)
    return desk


@pytest.fixture
def bank(banks: BankDesk, tmp_path: Path) -> Bank:
    bank = banks.take_in(write_bank(tmp_path / "旧题库.xlsx"))
    banks.check({"bank": bank.id})
    for thread in threading.enumerate():
        if thread.name == "bank check":
            thread.join(20)
    return bank


@pytest.fixture
def practice(services: Services, store: Store, banks: BankDesk, tmp_path: Path) -> PracticeDesk:
    settings = Settings(data=tmp_path)
    return open_practice(store.practice, Live(services), settings, Makers(FakeGenerator), banks)


def question_in(banks: BankDesk, bank: Bank) -> str:
    form = parsed(banks.bank_html(bank.id)).css_first("form.z-insist")
    return str(form.attributes["data-question"])


def wanted(banks: BankDesk, bank: Bank, reason: str = "考试大纲还这样考。") -> dict[str, Any]:
    return {"bank": bank.id, "question": question_in(banks, bank), "reason": reason}


def asked(practice: PracticeDesk) -> list[str]:
    return [q.id for s in practice.sets() for q in s.questions]


def test_a_contradicted_question_is_practised_once_a_trainer_insists(
    banks: BankDesk, bank: Bank, practice: PracticeDesk
) -> None:
    command = wanted(banks, bank)
    question = command["question"]
    assert "没有用于练习" in banks.bank_html(bank.id)
    assert question not in asked(practice)
    assert "用于练习" in banks.insist(command, TEACHER)
    html = banks.bank_html(bank.id)
    assert WORDS in html
    assert not parsed(html).css("form.z-insist")
    assert question in asked(practice)
    assert practice.sets()[0].why == ""

    made = practice.begin(ME, "round-001", Mode.TOPIC, set_id=f"bank-{bank.id}").round
    n = next(n for n, q in enumerate(made.questions, 1) if q.id == question)
    told = told_json(practice, practice.answer(ME, "answer-01", made.id, n, ()))
    assert told["insisted"] == WORDS
    other = practice.answer(ME, "answer-02", made.id, n % 3 + 1, ())
    assert told_json(practice, other)["insisted"] == ""

    assert "撤回" in banks.release({"question": question}, TEACHER)
    assert "没有用于练习" in banks.bank_html(bank.id)
    assert question not in asked(practice)
    said = played_json(practice, practice.played(ME, made.id))["told"][str(n)]["insisted"]
    assert said == f"{WORDS}（后来已撤回，不再出这道题）"


def test_what_was_taken_back_does_not_come_again_for_review(
    banks: BankDesk, bank: Bank, practice: PracticeDesk
) -> None:
    command = wanted(banks, bank)
    banks.insist(command, TEACHER)
    made = practice.begin(ME, "round-001", Mode.TOPIC, set_id=f"bank-{bank.id}").round
    for n in range(1, len(made.questions) + 1):
        practice.answer(ME, f"answer-{n:02}", made.id, n, ())
    again = practice.begin(ME, "round-002", Mode.WRONG).round
    assert command["question"] in {q.id for q in again.questions}
    banks.release(command, TEACHER)
    later = practice.begin(ME, "round-003", Mode.WRONG).round
    assert {q.id for q in again.questions} - {q.id for q in later.questions} == {
        command["question"]
    }


def test_what_is_typed_is_shown_as_text(banks: BankDesk, bank: Bank) -> None:
    banks.insist(wanted(banks, bank, f"因为{SCRIPT}"), TEACHER)
    html = banks.bank_html(bank.id)
    assert not parsed(html).css("script")
    assert SCRIPT in parsed(html).css_first(".z-left").text()


@pytest.mark.parametrize("bad", [
    {"bank": "nothing"}, {"question": "b000000000000"}, {"question": ""}, {"question": None},
    {"reason": ""}, {"reason": None, "question": 7},
])  # fmt: skip
def test_bad_input_gets_a_sentence_and_changes_nothing(
    banks: BankDesk, bank: Bank, store: Store, bad: dict[str, Any]
) -> None:
    with pytest.raises(BadInputError):
        banks.insist({**wanted(banks, bank), **bad}, TEACHER)
    with pytest.raises(BadInputError, match="没有坚持使用"):
        banks.release({"question": bad.get("question")}, TEACHER)
    assert store.audit.lines() == ()


def test_the_page_carries_it_out_and_stays_where_it_was(
    services: Services, banks: BankDesk, bank: Bank, store: Store, tmp_path: Path
) -> None:
    live = Live(services)
    desk = ImportDesk(Settings(data=tmp_path, whole_library=False), live)
    events = _Events(live, QuizDesk(live, None), banks, desk)

    def act(host: str, **command: Any) -> tuple[str, Any]:
        client = SimpleNamespace(host=host)
        scope = {"client": (host, 1)}
        visitor: Any = SimpleNamespace(
            client=client, headers={}, request=SimpleNamespace(scope=scope)
        )
        said, shown, *_ = events.act(json.dumps(command), visitor)
        return parsed(said).text(), shown

    command = {"do": "insist", "state": "all", **wanted(banks, bank)}
    said, _ = act("10.0.0.7", **command)
    assert "只能在装有本程序的电脑上" in said
    said, shown = act("127.0.0.1", **command)
    assert "会用于练习" in said
    assert len(parsed(shown).css(".z-judged")) == 4
    assert WORDS in shown
    said, shown = act("127.0.0.1", **{**command, "do": "release"})
    assert "已撤回" in said
    assert [a.action for a in store.audit.lines()] == ["bank.release", "bank.insist"]
    assert store.audit.lines()[0].address == "127.0.0.1"


def test_without_a_store_nothing_can_be_insisted_on(
    services: Services, bank: Bank, banks: BankDesk, tmp_path: Path
) -> None:
    command = wanted(banks, bank)
    bare = BankDesk(Live(services), tmp_path / "banks")
    assert "z-left" not in bare.bank_html(bank.id)
    for change in (bare.insist, bare.release):
        with pytest.raises(BadInputError, match="没有数据文件夹"):
            change(command, TEACHER)
