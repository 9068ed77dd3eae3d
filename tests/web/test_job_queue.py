"""The queue before answering: order, equal jobs once, room, leaving, failures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

import pytest

from assistant.errors import BusyError
from assistant.web.job_queue import JobQueue, Limits

SOON = 30
"""Seconds after which a test gives up waiting for what has to happen."""


class Desk:
    """A queue with one worker whose first job waits until it is let go."""

    def __init__(self, **limits: float) -> None:
        settings = {"workers": 1, **limits}
        self.queue: JobQueue[str] = JobQueue(Limits(**settings))  # type: ignore[arg-type]
        self.done: list[str] = []
        self._go, self._begun = threading.Event(), threading.Event()
        self.first = self.queue.submit("first", self._hold)
        assert self._begun.wait(SOON)

    def _hold(self) -> str:
        self._begun.set()
        assert self._go.wait(SOON)
        return "first"

    def ask(self, key: str) -> Future[str]:
        def work() -> str:
            self.done.append(key)
            return f"answer to {key}"

        return self.queue.submit(key, work)

    def go(self) -> None:
        self._go.set()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.go()
    desk.queue.close()


def test_jobs_run_in_the_order_they_came(desk: Desk) -> None:
    waiting = [desk.ask(key) for key in "cab"]
    desk.go()
    assert [f.result(SOON) for f in waiting] == ["answer to c", "answer to a", "answer to b"]
    assert desk.done == ["c", "a", "b"]


def test_equal_jobs_run_once_and_all_get_the_result(desk: Desk) -> None:
    waiting = [desk.ask("same") for _ in range(5)]
    assert desk.queue.figures.waiting == 1
    desk.go()
    assert {f.result(SOON) for f in waiting} == {"answer to same"}
    assert desk.done == ["same"]
    assert desk.queue.figures.joined == 4


def test_a_job_asked_again_after_its_end_runs_again(desk: Desk) -> None:
    desk.go()
    desk.ask("a").result(SOON)
    desk.ask("a").result(SOON)
    assert desk.done == ["a", "a"]


def test_over_the_bound_it_says_when_to_come_back() -> None:
    desk = Desk(most_waiting=2, first_guess=3.0, patience=60.0)
    kept = [desk.ask("a"), desk.ask("b")]
    with pytest.raises(BusyError, match=r"^现在提问的人太多，请过 6 秒再问$") as caught:
        desk.ask("c")
    assert caught.value.seconds == 6
    assert desk.queue.figures.refused == 1
    joined = desk.ask("b")  # no further work, so there is always room for it
    desk.go()
    assert [f.result(SOON) for f in (*kept, joined)][2] == "answer to b"
    assert desk.done == ["a", "b"]
    desk.queue.close()


def test_nobody_is_taken_who_would_wait_too_long() -> None:
    desk = Desk(first_guess=4.0, patience=8.0)
    for key in "abc":  # waits of 0, 4 and 8 s
        desk.ask(key)
    with pytest.raises(BusyError) as caught:
        desk.ask("d")
    assert caught.value.seconds == 12
    desk.go()
    desk.queue.close()


def test_nobody_is_sent_away_for_more_than_a_minute() -> None:
    desk = Desk(most_waiting=1, first_guess=1000.0, patience=8.0)
    desk.ask("a")
    with pytest.raises(BusyError) as caught:
        desk.ask("b")
    assert caught.value.seconds == 60
    desk.go()
    desk.queue.close()


def test_who_left_before_the_turn_costs_nothing(desk: Desk) -> None:
    gone, stays = desk.ask("gone"), desk.ask("stays")
    assert gone.cancel()
    assert desk.queue.figures.waiting == 1
    desk.go()
    assert stays.result(SOON) == "answer to stays"
    assert desk.done == ["stays"]
    assert desk.queue.figures.left == 1


def test_a_job_stays_while_one_of_its_askers_does(desk: Desk) -> None:
    gone, stays = desk.ask("same"), desk.ask("same")
    gone.cancel()
    desk.go()
    assert stays.result(SOON) == "answer to same"
    with pytest.raises(CancelledError):
        gone.result(SOON)


def test_leaving_makes_room() -> None:
    full = Desk(most_waiting=1)
    gone = full.ask("a")
    with pytest.raises(BusyError):
        full.ask("b")
    gone.cancel()
    kept = full.ask("b")
    full.go()
    assert kept.result(SOON) == "answer to b"
    full.queue.close()


def test_leaving_a_running_job_does_not_disturb_the_next(desk: Desk) -> None:
    assert desk.first.cancel()
    next_one = desk.ask("next")
    desk.go()
    assert next_one.result(SOON) == "answer to next"


def test_a_failure_reaches_all_who_asked_and_is_not_remembered(desk: Desk) -> None:
    def fail() -> str:
        raise ValueError("no such day")

    waiting = [desk.queue.submit("bad", fail) for _ in range(2)]
    desk.go()
    for asker in waiting:
        with pytest.raises(ValueError, match="no such day"):
            asker.result(SOON)
    assert desk.queue.submit("bad", lambda: "mended").result(SOON) == "mended"


def test_the_expected_time_follows_what_jobs_took() -> None:
    now = iter(range(0, 1000, 10))  # every job takes 10 s
    queue: JobQueue[str] = JobQueue(Limits(1, first_guess=1.0), clock=lambda: float(next(now)))
    for key in "abcdefgh":
        queue.submit(key, lambda: "x").result(SOON)
    queue.submit("last", lambda: "x").result(SOON)
    assert 5.0 < queue.figures.mean_time < 10.0
    queue.close()


def test_who_waited_too_long_is_sent_away_instead_of_being_done() -> None:
    now = [0.0]
    queue: JobQueue[str] = JobQueue(Limits(1, longest=12.0), clock=lambda: now[0])
    begun, go, done = threading.Event(), threading.Event(), []

    def hold() -> str:
        begun.set()
        assert go.wait(SOON)
        return "held"

    held = queue.submit("held", hold)
    assert begun.wait(SOON)
    stale = [queue.submit(key, lambda: done.append("stale") or "") for key in ("a", "a", "b")]
    now[0] = 5.0
    fresh = queue.submit("c", lambda: "in time")
    now[0] = 13.0
    go.set()
    for asker in stale:
        with pytest.raises(BusyError, match="再问"):
            asker.result(SOON)
    assert (held.result(SOON), fresh.result(SOON), done) == ("held", "in time", [])
    assert (queue.figures.refused, queue.figures.waiting) == (3, 0)
    queue.close()
