"""Long jobs: one at a time in their order, told when too many wait, failures passed on."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import anyio.to_thread
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.errors import BadInputError, BusyError
from assistant.web.job_queue import Limits
from assistant.web.quiz_page import in_turn
from assistant.web.slow_lane import SlowLane, few_threads

FULL = Limits(1, most_waiting=0)


def test_long_jobs_do_not_run_side_by_side() -> None:
    lane, other = SlowLane(), threading.Event()

    async def both() -> list[bool]:
        # The first would see the second begin, if it could before the first is over.
        return await asyncio.gather(
            lane.run(lambda: other.wait(0.3)), lane.run(lambda: other.set() or True)
        )

    assert asyncio.run(both()) == [False, True]
    lane.close()


def test_equal_looking_jobs_are_all_done() -> None:
    lane, done = SlowLane(), []

    async def twice() -> None:
        await asyncio.gather(*(lane.run(lambda: done.append(1)) for _ in range(2)))

    asyncio.run(twice())
    assert done == [1, 1]
    lane.close()


def test_a_failure_reaches_who_asked() -> None:
    def fail() -> None:
        raise BadInputError("没有这份试卷")

    with pytest.raises(BadInputError, match="没有这份试卷"):
        asyncio.run(SlowLane().run(fail))


def test_too_many_are_told_when_to_come_back() -> None:
    with pytest.raises(BusyError, match=r"^现在使用的人太多，请过 1 秒再试$"):
        asyncio.run(SlowLane(FULL).run(lambda: None))


@pytest.mark.parametrize(
    ("command", "long"),
    [
        (json.dumps({"do": "make"}), True),
        (json.dumps({"do": "redraw"}), True),
        (json.dumps({"do": "lock"}), False),
        ("nonsense", False),
    ],
)
def test_a_full_lane_stops_the_making_of_papers_and_nothing_else(command: str, long: bool) -> None:
    said: list[Any] = asyncio.run(in_turn(SlowLane(FULL), command, lambda: ["done"]))
    if long:
        assert "请过 1 秒再试" in said[0]
        assert len(said) == 4
    else:
        assert said == ["done"]


def test_other_requests_share_a_few_threads() -> None:
    app = FastAPI(lifespan=few_threads(2))

    @app.get("/threads")
    async def threads() -> float:
        return anyio.to_thread.current_default_thread_limiter().total_tokens

    with TestClient(app) as client:
        assert client.get("/threads").json() == 6
