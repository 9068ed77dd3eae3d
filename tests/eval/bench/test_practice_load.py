"""The practice load bench: its figures by hand, what it calls lost or wrong, and a short real run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.practice.model import Answer
from assistant.store import open_store
from assistant.store.log import SqlLog
from eval.bench import practice_load
from eval.bench.askers import ANSWERED, ERROR, Reply
from eval.bench.practice_load import Watch, copied, main, memory_figures, missed, times
from eval.bench.practice_records import compared
from eval.bench.server_process import Server
from eval.bench.workers import ANSWER, LOGIN, Book, Shift
from tests.assistant.practice.fakes import made_answer
from tests.web.conftest import served
from tests.web.light_site import light_app

SHIFT = Shift(2, 100.0, 10.0, 8.0, 0.0)


def kept(n: int, right: bool = True, person: str = "guest:a") -> Answer:
    return made_answer(f"q{n}", right, id=f"answer-{n}", person=person, round="r", n=n, seq=n)


def told(log: list[Answer], person: str = "guest:a") -> Book:
    own = [a for a in log if a.person == person]
    marks = {a.id: a.right for a in own}
    return Book(person, marks, set(marks), (len(own), sum(a.right for a in own)))


def test_records_that_say_what_was_told_miss_nothing() -> None:
    log = [kept(1), kept(2, right=False), kept(3, person="guest:b")]
    found = compared(log, [told(log), told(log, "guest:b")])
    assert found.missed() == []
    assert (found.acknowledged, found.in_log) == (3, 3)


def test_what_is_lost_double_changed_or_from_nobody_is_told_apart() -> None:
    log = [kept(1), kept(2)]
    book = told(log)
    assert compared(log[:1], [book]).missed() == [
        "1 answers lost",
        "1 people with other statistics",
    ]
    double = compared([*log, replace(log[0], seq=3)], [book])
    assert (double.lost, double.double) == (0, 2), "once by its id, once by its place in the round"
    assert compared([log[0], replace(log[1], right=False)], [book]).changed == 1
    assert compared([log[0], replace(log[1], person="guest:b")], [book]).changed == 1
    assert compared([*log, kept(3)], [book]).unasked == 1
    assert compared(log, [replace_progress(book, (2, 1))]).statistics == 1


def replace_progress(book: Book, progress: tuple[int, int]) -> Book:
    return Book(book.person, book.acknowledged, book.sent, progress)


def test_an_answer_of_which_the_reply_was_lost_is_no_harm() -> None:
    log = [kept(1), kept(2)]
    book = told(log)
    del book.acknowledged["answer-2"]
    found = compared(log, [book])
    assert (found.missed(), found.unacknowledged) == ([], 1)


def test_times_leave_the_warm_up_out_but_not_its_log_ins() -> None:
    replies = [Reply(10.0 + n, float(n), ANSWER, ANSWERED) for n in range(1, 101)]
    early = [Reply(1, 900, ANSWER, ANSWERED), Reply(1, 400, LOGIN, ANSWERED)]
    found = times([*replies, *early, Reply(20, 5000, ANSWER, ERROR, "x")], 10)
    assert list(found) == ["all", ANSWER, LOGIN]
    assert found[ANSWER] == found["all"]
    assert (found[ANSWER]["count"], found[ANSWER]["p50_ms"], found[ANSWER]["p95_ms"]) == (
        100,
        50,
        95,
    )
    assert (found[LOGIN]["count"], found[LOGIN]["max_ms"]) == (1, 400)


def test_memory_grows_from_the_second_quarter_to_the_end() -> None:
    watch = Watch([(float(n), 100.0 if n <= 50 else 106.0) for n in range(101)])
    replies = [Reply(60.0, 5.0, ANSWER, ANSWERED)] * 3000
    found = memory_figures(watch, SHIFT, replies)
    assert (found["resident_start_mb"], found["resident_half_mb"]) == (100, 100)
    assert found["growth_share"] == pytest.approx(0.06)
    assert found["growth_mb_per_1000_answers"] == pytest.approx(2)


def test_slow_kinds_errors_lost_answers_and_growth_miss_the_bound() -> None:
    log = [kept(1)]
    good, lost = compared(log, [told(log)]), compared([], [told(log)])
    fast = times([Reply(20, 900, ANSWER, ANSWERED)], 10)
    assert missed(fast, 0, good, 0.05, 1000) == []
    assert missed(fast, 0, good, 0.05, 900) == ["all: p95 900 ms", "answer: p95 900 ms"]
    assert missed({}, 2, lost, 0.06, 1000) == [
        "nothing was answered", "2 errors", *lost.missed(), "memory grew by 6.0%",
    ]  # fmt: skip


def test_records_of_people_are_not_copied(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    for name in ("zhize.db", "zhize.db-wal", ".zhize.db.open", "index/CURRENT"):
        (tmp_path / name).write_text("x")
    with copied(tmp_path) as folder:
        assert [p.name for p in sorted(folder.rglob("*"))] == ["index", "CURRENT"]
    assert not folder.exists()


def test_a_server_that_does_not_start_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(*_: object) -> None:
        raise RuntimeError("the server did not start: no index")

    monkeypatch.setattr(practice_load, "run", none)
    assert main([]) == 2
    assert "no index" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--workers", "0"], ["--exams", "2"], ["--think", "0"]])
def test_options_that_mean_nothing_are_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2


@contextmanager
def light(data: Path, **environment: str) -> Iterator[Server]:
    """What stands in for the real server: the same routes and gate over made-up questions."""
    assert environment == {"ZHIZE_DATABASE": ""}, "the database of the unit is not to be written"
    store = open_store(data)
    with served(light_app(store)) as address:
        yield Server(address, os.getpid())
    store.close()


@pytest.mark.parametrize("accounts", [False, True])
def test_what_workers_do_is_measured_and_found_in_the_records(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    accounts: bool,
) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(tmp_path))
    monkeypatch.setattr(practice_load, "running", light)
    monkeypatch.setattr(practice_load, "MOST_GROWTH", 1.0)
    wanted = [
        "--workers", "8", "--seconds", "3", "--warm-up", "0.5", "--think", "0.1", "--exams", "0.4",
        "--bound", "20000", "--json", *(["--accounts"] if accounts else []),
    ]  # fmt: skip
    assert main(wanted) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answers_in_log"] == found["answers_acknowledged"] >= 20
    assert (found["errors"], found["missed"], found["statistics_other"]) == (0, "", 0)
    kinds = {"all", "page", "home", "begin", "round", "answer", "begin exam", "exam", "submit"}
    assert kinds <= found["times"].keys()
    assert found["times"].get("login", {"count": 0})["count"] == (8 if accounts else 0)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_the_server_lost_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(tmp_path))
    monkeypatch.setattr(practice_load, "running", light)
    real = SqlLog.read
    monkeypatch.setattr(SqlLog, "read", lambda log: (0, real(log)[1][1:]))
    wanted = ["--workers", "2", "--seconds", "1", "--warm-up", "0.2", "--think", "0.05", "--json"]
    assert main([*wanted, "--exams", "0"]) == 1
    assert "1 answers lost" in json.loads(capsys.readouterr().out)["missed"]
