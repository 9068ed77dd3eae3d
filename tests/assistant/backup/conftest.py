"""Data as a unit has it after some weeks: records on each kind of database, and files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts.administration import Administration
from assistant.accounts.assigning import Assigning
from assistant.accounts.model import COMMAND_LINE, Role
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.accounts.units import Units
from assistant.practice.model import Mark, Mode, Response, Submission
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.model import Kind
from assistant.store import open_store
from assistant.store.joined import add_joined, joined_names
from assistant.store.store import Store
from assistant.training.insisting import Insisting
from tests.contracts.records import NOW, later, make_answer, make_answers, make_question, make_round

FILES = {
    "imports/unit-1/0001/document.json": "导入",
    "imports/unit-1/0001/原件.docx": "原件",
    "papers/20260101-080000-abcdef.json": "试卷",
    "papers/drafts/x.json": "草稿",
    "own/duties.json": "补充",
    "banks/b1/bank.json": "题库",
}


def fill(store: Store) -> None:
    """Everything that the store can keep, some of each."""
    passwords = Passwords(1, 8)
    unit = Units(store).add(COMMAND_LINE, "一车间")
    admin = Administration(store, passwords)
    made = admin.add(COMMAND_LINE, "w1", "张三", Role.TRAINER, unit.id, "焊工", "13800000000")
    Accounts(store, passwords).log_in("w1", made.password, "10.0.0.1")
    daily, exam = make_round("r1", made.person.id), make_round("r2", mode=Mode.EXAM)
    for one in (daily, exam, make_round("r3", mode=Mode.EXAM)):
        store.practice.add_round(one)
    for answer in make_answers(daily)[:2]:
        store.practice.add_answer(answer)
    store.practice.keep_response("r3", 2, Response(("错误",), later(seconds=5), 1.5))
    store.practice.submit(Submission("r2", later(minutes=3), by_clock=True), [make_answer(exam, 2)])
    store.practice.add_mark(Mark("p1", "q0001", True, NOW))
    bank_question = BankQuestion("题", 2, Kind.JUDGE, "旧题。", ("正确", "错误"), ("正确",), "旧题")
    verdict = Verdict(State.CONTRADICTED, bank_question, None, "不一样")
    Insisting(store, lambda: NOW).insist(COMMAND_LINE, "b1", "b0001", verdict, "本地仍这样要求")
    assigning = Assigning(store, lambda: NOW)
    given = assigning.give(
        COMMAND_LINE, unit.id, "九月", [make_question(1)], later(days=3), guests=True
    )
    with store.database.write() as connection:
        add_joined(connection, given.id, "guest:a", "陈师傅", NOW)


def content(where: Path | str) -> dict[str, Any]:
    """All that a store keeps, as its readers see it."""
    store = open_store(where)
    try:
        admin = Administration(store, Passwords(1, 8))
        people = ["p1", *(p.id for p in admin.people(COMMAND_LINE))]
        return {
            "people": admin.people(COMMAND_LINE),
            "units": Units(store).list(COMMAND_LINE),
            "answers": store.log.read()[1],
            "rounds": [store.practice.rounds(p) for p in people],
            "open": [store.practice.rounds(p, open_only=True) for p in people],
            "marks": store.practice.marks("p1"),
            "responses": store.practice.responses("r3"),
            "submission": store.practice.submission("r2"),
            "assignments": Assigning(store).given(COMMAND_LINE),
            "joined": _joined(store),
            "insisted": Insisting(store).all(),
            "audit": [
                a for a in store.audit.lines(limit=500) if not a.action.startswith("backup.")
            ],
        }
    finally:
        store.close()


def _joined(store: Store) -> list[Mapping[str, str]]:
    given = Assigning(store).given(COMMAND_LINE)
    with store.database.read() as connection:
        return [joined_names(connection, a.id) for a in given]


def files(data: Path) -> dict[str, str]:
    """The files of a data folder beside the records."""
    folders = ("imports", "papers", "own", "banks")
    return {
        p.relative_to(data).as_posix(): p.read_text(encoding="utf-8")
        for folder in folders
        for p in sorted((data / folder).rglob("*"))
        if p.is_file() and not p.name.startswith(".")
    }


def write_files(data: Path) -> None:
    for name, words in FILES.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(words, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with records in its own file."""
    folder = tmp_path / "data"
    store = open_store(folder)
    fill(store)
    store.close()
    write_files(folder)
    return folder
