"""Shelves: questions come lazily, are kept on disk, and are made anew when a rule changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import assistant.practice.questions as questions
from assistant.practice.questions import Scope, Shelves
from assistant.practice.rounds import Fresh
from assistant.quiz.model import Kind
from assistant.quiz.source import Source
from assistant.services import Services
from kb.errors import UnknownPostError
from kb.trades import read_trades
from tests.assistant.quiz.fakes import FakeGenerator

WORKER = Scope("worker")
Maker = tuple[Source, FakeGenerator]


def enough(count: int) -> Any:
    def wanted(found: Sequence[Fresh]) -> bool:
        return len(found) >= count

    return wanted


def shelves_of(maker: Maker, root: Path | None, **said: Any) -> Shelves:
    return Shelves(lambda _: maker, root, pause=lambda _: None, **said)


def no_maker(_: Services) -> Maker:
    raise AssertionError("nothing has to be made")


def test_only_as_much_is_made_as_is_wanted(services: Services, maker: Maker) -> None:
    shelves = shelves_of(maker, None)
    before = len(maker[1].asked)
    found = shelves.fresh(services, WORKER, enough(20), 60)
    made = len(maker[1].asked) - before
    assert 20 <= len(found) < 60
    assert 0 < made < 30
    assert shelves.fresh(services, WORKER, enough(20), 60) == found
    assert len(maker[1].asked) - before == made


def test_only_kinds_that_can_be_graded_are_held(services: Services, maker: Maker) -> None:
    found = shelves_of(maker, None).fresh(services, Scope(), enough(60), 60)
    assert Kind.SHORT not in {f.question.kind for f in found}
    assert len({f.question.id for f in found}) == len(found)


def test_another_process_reads_what_was_made(
    services: Services, maker: Maker, tmp_path: Path
) -> None:
    shelves = shelves_of(maker, tmp_path)
    work = shelves.stock(services, WORKER, enough(60))
    assert work is not None
    work.join()
    found = shelves.fresh(services, WORKER, enough(60), 0)
    other = Shelves(no_maker, tmp_path)
    assert other.fresh(services, WORKER, enough(60), 60) == found


def test_a_shelf_grows_on_where_the_file_ends(
    services: Services, maker: Maker, tmp_path: Path
) -> None:
    for _ in range(2):
        work = shelves_of(maker, tmp_path).stock(services, WORKER, enough(50))
        if work is not None:
            work.join()
    first = shelves_of(maker, tmp_path).fresh(services, WORKER, enough(50), 60)
    more = shelves_of(maker, tmp_path).fresh(services, WORKER, enough(90), 60)
    assert more[: len(first)] == first
    assert len({f.question.id for f in more}) == len(more) >= 90


def test_time_that_is_over_yields_what_there_is(services: Services, maker: Maker) -> None:
    ticks = iter(range(10_000))
    shelves = shelves_of(maker, None, clock=lambda: float(next(ticks)))
    assert 0 < len(shelves.fresh(services, WORKER, enough(5000), 3.0)) < 200


@contextmanager
def working(shelves: Shelves, services: Services) -> Iterator[threading.Event]:
    """Somebody works on the shelf of WORKER until the event is set, or the block ends."""
    held, done = threading.Event(), threading.Event()

    def busy() -> None:
        with shelves._shelf(services, WORKER).lock:
            held.set()
            done.wait(30)

    other = threading.Thread(target=busy)
    other.start()
    held.wait(30)
    yield done
    done.set()
    other.join()


def test_nobody_waits_for_what_somebody_else_is_making(services: Services, maker: Maker) -> None:
    shelves = shelves_of(maker, None)
    found = shelves.fresh(services, WORKER, enough(5), 60)
    with working(shelves, services):
        assert shelves.fresh(services, WORKER, enough(500), 60) == found


def test_a_few_who_are_patient_wait_and_the_others_do_not(services: Services, maker: Maker) -> None:
    shelves = shelves_of(maker, None)
    before = shelves.fresh(services, WORKER, enough(5), 60)
    got: list[int] = []

    def ask() -> None:
        wanted = enough(len(before) + 10)
        got.append(len(shelves.fresh(services, WORKER, wanted, 60, patient=True)))

    waiting = [threading.Thread(target=ask) for _ in range(3)]
    with working(shelves, services):
        for thread in waiting:
            thread.start()
        while not got:  # one of the three is one too many
            waiting[0].join(0.01)
        assert got == [len(before)]
    for thread in waiting:
        thread.join(60)
    assert min(got[1:]) >= len(before) + 10


def test_a_damaged_file_is_made_anew(
    services: Services, maker: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    work = shelves_of(maker, tmp_path).stock(services, WORKER, enough(20))
    assert work is not None
    work.join()
    (path,) = tmp_path.glob("*.json")
    for broken in ("", "{", '{"format": 1, "done": [0], "questions": [{}]}'):
        path.write_text(broken, encoding="utf-8")
        assert len(shelves_of(maker, tmp_path).fresh(services, WORKER, enough(20), 60)) >= 20
    assert "made anew" in caplog.text


def test_a_full_disk_loses_no_question(
    services: Services, maker: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "file"
    root.write_text("in the way")
    shelves = shelves_of(maker, root / "shelves")
    work = shelves.stock(services, WORKER, enough(20))
    assert work is not None
    work.join()
    assert len(shelves.fresh(services, WORKER, enough(20), 0)) >= 20
    assert "cannot be written" in caplog.text


def test_questions_of_other_rules_are_not_used_and_their_file_goes(
    services: Services, maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stocked() -> Path:
        work = shelves_of(maker, tmp_path).stock(services, WORKER, enough(20))
        assert work is not None
        work.join()
        (path,) = tmp_path.glob("*.json")
        return path

    before = stocked()
    monkeypatch.setattr(questions, "_rules", lambda: "other rules")
    assert stocked() != before


def test_another_day_with_the_same_law_is_the_same_shelf(
    services: Services, maker: Maker, tmp_path: Path
) -> None:
    shelves = shelves_of(maker, tmp_path)
    today = shelves._key(services)
    tomorrow = Services(
        services.library, services.index, services.embedder, services.tokenizer,
        lambda: date(2026, 11, 23), (),
    )  # fmt: skip
    before_the_law = Services(
        services.library, services.index, services.embedder, services.tokenizer,
        lambda: date(2020, 1, 1), (),
    )  # fmt: skip
    assert shelves._key(tomorrow) == today
    assert shelves._key(before_the_law) != today


def test_the_words_of_a_post_come_first(services: Services, maker: Maker) -> None:
    found = shelves_of(maker, None).fresh(services, Scope("driver"), enough(30), 60)
    near = [f for f in found if f.nearness == 0]
    assert near
    assert all("道路交通" in f.question.topics for f in near)


def test_few_shelves_are_held_in_memory(services: Services, maker: Maker) -> None:
    shelves = shelves_of(maker, None, most=2)
    for topic in ("消防", "燃气", "矿山"):
        shelves.fresh(services, Scope("", topic), enough(1), 60)
    assert len(shelves._shelves) == 2


def test_an_unknown_post_is_refused(services: Services, maker: Maker) -> None:
    with pytest.raises(UnknownPostError):
        shelves_of(maker, None).fresh(services, Scope("nobody"), enough(1), 1)


def test_several_shelves_are_made_ready_one_after_the_other(
    services: Services, maker: Maker
) -> None:
    shelves = shelves_of(maker, None)
    scopes = [Scope(), WORKER, Scope("driver")]
    shelves.ready(services, scopes, enough(5)).join()
    for scope in scopes:
        assert len(shelves.fresh(services, scope, lambda _: True, 0)) >= 5


def test_rounds_of_a_worker_leave_the_documents_of_other_trades_alone(
    services: Services, maker: Maker
) -> None:
    found = shelves_of(maker, None).fresh(services, WORKER, enough(300), 60)
    source, trades = maker[0], read_trades()
    documents = [source.catalog.get(f.question.basis[0].provision.doc_id) for f in found]
    foreign = [d for d in documents if trades.of_field(source.fields.of(d, "")[0])]
    assert len(foreign) < 0.05 * len(found)
