"""Examinations in the background: one at a time, results kept, dropped when they do not fit."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadInputError
from assistant.quiz.bank import BankQuestion, Mapping, Role
from assistant.quiz.bank.store import Bank, BankStore
from assistant.quiz.check import Link, State, Verdict
from assistant.services import Live, Services
from assistant.web.bank_area import BankDesk, corrected
from assistant.web.quiz_runs import CheckRuns
from tests.web.markup import parsed
from tests.web.quiz_samples import write_bank

AT = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
Progress = Callable[[int, int], None]


class Checker:
    """Examines at once, or once it is let go; counts its runs."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.error: Exception | None = None
        self.runs = 0

    def __call__(
        self, questions: Sequence[BankQuestion], services: Services, progress: Progress
    ) -> Sequence[Verdict]:
        self.runs += 1
        progress(1, len(questions))
        assert self.go.wait(20)
        if self.error:
            raise self.error
        document = services.catalog.get("work-safety-law")
        article = services.catalog.version_for(document, services.today()).articles[0]
        link = Link(article.whole, document, "")
        first = Verdict(State.CONTRADICTED, questions[0], link, "不一样", "一百")
        return [first, *(Verdict(State.UNLINKED, q, None, "没有") for q in questions[1:])]


@pytest.fixture
def checker() -> Checker:
    return Checker()


@pytest.fixture
def desk(services: Services, tmp_path: Path, checker: Checker) -> BankDesk:
    desk = BankDesk(Live(services), tmp_path / "banks")
    desk.store = BankStore(tmp_path / "banks", lambda: AT)
    desk.runs = CheckRuns(desk.store, Live(services), lambda: AT, checker)
    return desk


@pytest.fixture
def bank(desk: BankDesk, tmp_path: Path) -> Bank:
    return desk.take_in(write_bank(tmp_path / "旧题库.xlsx"))


def finish(desk: BankDesk, bank: Bank) -> None:
    for thread in threading.enumerate():
        if thread.name == "bank check":
            thread.join(20)
    assert not desk.runs.busy(bank.id)


def test_a_bank_is_examined_in_the_background_and_its_result_kept(
    desk: BankDesk, bank: Bank, checker: Checker, services: Services
) -> None:
    checker.go.clear()
    desk.check({"bank": bank.id})
    run = desk.runs.of(bank.id)
    assert run is not None
    assert not run.finished
    assert run.total == 4
    assert parsed(desk.bank_html(bank.id)).css("[role=progressbar]")
    desk.check({"bank": bank.id})  # pressed again: the same run
    with pytest.raises(BadInputError, match="正在体检"):
        desk.remove(bank.id)
    checker.go.set()
    finish(desk, bank)
    result = desk.result(bank)
    assert result is not None
    assert checker.runs == 1
    assert [result.count(s) for s in State] == [1, 0, 0, 3]
    assert result.verdicts[0].question == bank.imported.questions[0]
    assert result.verdicts[0].link is not None
    assert result.current
    assert result.day == services.today()
    fresh = CheckRuns(desk.store, Live(services), lambda: AT, checker)
    assert fresh.result(bank) == result
    assert parsed(desk.bank_html(bank.id)).css_first(".z-states .on b").text() == "1"


def test_another_bank_waits_its_turn(
    desk: BankDesk, bank: Bank, checker: Checker, tmp_path: Path
) -> None:
    text = tmp_path / "b.txt"
    text.write_text("1. 一次线长度不超过几米？\nA. 一 B. 三\n答案：B\n", encoding="utf-8")
    other = desk.take_in(text)
    checker.go.clear()
    desk.check({"bank": bank.id})
    with pytest.raises(BadInputError, match="另一份题库正在体检"):
        desk.check({"bank": other.id})
    checker.go.set()
    finish(desk, bank)
    desk.check({"bank": other.id})
    finish(desk, other)
    assert desk.result(other) is not None


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(BadInputError("词库读不出来"), "词库读不出来"), (RuntimeError("x"), "程序出了问题")],
)
def test_what_stops_an_examination_is_said_and_it_can_be_begun_again(
    desk: BankDesk, bank: Bank, checker: Checker, error: Exception, sentence: str
) -> None:
    checker.error = error
    desk.check({"bank": bank.id})
    finish(desk, bank)
    page = parsed(desk.bank_html(bank.id))
    assert sentence in page.css_first("[role=alert]").text()
    assert page.css(".z-mapping button")
    assert desk.result(bank) is None
    checker.error = None
    desk.check({"bank": bank.id})
    finish(desk, bank)
    assert desk.result(bank) is not None


def test_corrected_columns_are_kept_and_old_results_dropped(
    desk: BankDesk, bank: Bank, checker: Checker
) -> None:
    desk.check({"bank": bank.id})
    finish(desk, bank)
    roles = [r.value for r in bank.mapping.sheets[0].roles]
    roles[8] = Role.EXPLANATION.value if roles[8] != Role.EXPLANATION.value else Role.IGNORED.value
    desk.check({"bank": bank.id, "roles": [roles]})
    finish(desk, bank)
    now = desk.store.get(bank.id)
    assert (now.id, now.file) == (bank.id, "旧题库.xlsx")
    assert [r.value for r in now.mapping.sheets[0].roles] == roles
    assert checker.runs == 2
    assert desk.result(now) is not None


def test_columns_that_read_nothing_cannot_be_examined(desk: BankDesk, bank: Bank) -> None:
    roles = [Role.IGNORED.value] * 9
    page = parsed(desk.mapping_html({"bank": bank.id, "roles": [roles]}))
    assert page.css_first(".z-primary").text() == "开始体检（0 题）"
    with pytest.raises(BadInputError):
        desk.check({"bank": bank.id, "roles": [roles]})
    assert desk.store.get(bank.id).imported.questions == bank.imported.questions or (
        not desk.runs.busy()
    )


@pytest.mark.parametrize("roles", ["x", [], [["炼丹"]], [["题干"] * 50], [None]])
def test_roles_that_nobody_can_choose_are_refused(desk: BankDesk, bank: Bank, roles: Any) -> None:
    with pytest.raises(BadInputError, match="请刷新页面"):
        corrected(desk.read(bank), bank.mapping, roles)


def test_columns_left_as_they_are_change_nothing(desk: BankDesk, bank: Bank) -> None:
    roles = [r.value for r in bank.mapping.sheets[0].roles]
    made: Mapping = corrected(desk.read(bank), bank.mapping, [roles])
    assert made == bank.mapping


@pytest.mark.parametrize("damage", ["{", '{"format": 9}', "verdicts", "at"])
def test_a_damaged_result_counts_as_none(desk: BankDesk, bank: Bank, damage: str) -> None:
    desk.check({"bank": bank.id})
    finish(desk, bank)
    path = desk.store.root / bank.id / "check.json"
    row = json.loads(path.read_text(encoding="utf-8"))
    if damage == "verdicts":
        damage = json.dumps({**row, "verdicts": row["verdicts"][1:]})
    elif damage == "at":
        row["verdicts"][0]["link"]["at"][2] = "第九千条"
        damage = json.dumps(row)
    path.write_text(damage, encoding="utf-8")
    assert desk.result(bank) is None
    assert parsed(desk.bank_html(bank.id)).css(".z-mapping")


def test_a_result_from_another_state_of_the_library_says_so(desk: BankDesk, bank: Bank) -> None:
    desk.check({"bank": bank.id})
    finish(desk, bank)
    path = desk.store.root / bank.id / "check.json"
    row = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**row, "library": "another"}), encoding="utf-8")
    result = desk.result(bank)
    assert result is not None
    assert not result.current
    assert "请重新体检" in desk.bank_html(bank.id)


def test_a_removed_bank_is_gone_from_the_list(desk: BankDesk, bank: Bank) -> None:
    assert "旧题库.xlsx" in desk.list_html()
    assert desk.remove(bank.id) == "已移除这份题库"
    assert "还没有题库" in desk.list_html()
    with pytest.raises(BadInputError, match="没有编号为"):
        desk.bank_html(bank.id)
