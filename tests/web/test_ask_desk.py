"""Asking for many at once: kept answers, equal questions, swaps, visitors who left, busy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.errors import BadInputError, BusyError
from assistant.services import Live, Services
from assistant.web.api import add_error_handlers, make_router
from assistant.web.ask_desk import AskDesk, ClientGoneError, unless_gone
from assistant.web.ask_page import replied_from
from assistant.web.job_queue import Limits

FULL = Limits(1, most_waiting=0)
SOON = 30


class FakeServices:
    """Counts what it is asked; waits before every answer while it is held."""

    def __init__(self, name: str = "old") -> None:
        self.name, self.asked, self.day = name, list[Any](), date(2026, 11, 22)
        self.catalog = ()
        self.go, self.begun = threading.Event(), threading.Event()
        self.go.set()

    def today(self) -> date:
        return self.day

    def ask(self, *wanted: Any) -> Any:
        self.asked.append(wanted)
        self.begun.set()
        assert self.go.wait(SOON)
        if not wanted[0]:
            raise BadInputError("问题是空的")
        return f"{self.name}: {wanted[0]}"

    def listed(self, answer: Any) -> None:
        return None

    def find(self, *wanted: Any) -> Any:
        self.asked.append(wanted)
        return f"{self.name}: {wanted[0]}"


def live_of(services: FakeServices) -> Live:
    return Live(services)  # type: ignore[arg-type]


def swap(live: Live, services: FakeServices) -> None:
    live.swap(services)  # type: ignore[arg-type]


def run(*calls: Callable[[], Awaitable[Any]]) -> list[Any]:
    """What each call gives, one after another."""

    async def all_of_them() -> list[Any]:
        return [await call() for call in calls]

    return asyncio.run(all_of_them())


def test_the_same_question_is_answered_once_and_kept() -> None:
    services = FakeServices()
    desk = AskDesk(live_of(services))
    one, two = run(lambda: desk.ask("甲"), lambda: desk.ask("甲"))
    assert one is two
    assert len(services.asked) == 1
    assert desk.figures()["from_cache"] == 1


@pytest.mark.parametrize(
    "other", [("乙", None, ""), ("甲", date(2020, 1, 1), ""), ("甲", None, "吉林省")]
)
def test_another_question_day_or_region_is_another_answer(other: tuple[Any, ...]) -> None:
    services = FakeServices()
    desk = AskDesk(live_of(services))
    run(lambda: desk.ask("甲"), lambda: desk.ask(*other))
    assert services.asked == [("甲", None, ""), other]


def test_the_next_day_is_asked_anew() -> None:
    services = FakeServices()
    desk = AskDesk(live_of(services))
    run(lambda: desk.ask("甲"))
    services.day = date(2026, 11, 23)
    run(lambda: desk.ask("甲"))
    assert len(services.asked) == 2


def test_searches_are_kept_apart_from_questions() -> None:
    services = FakeServices()
    desk = AskDesk(live_of(services))
    run(*[lambda: desk.find("甲", 10, "safety", None, "")] * 2, lambda: desk.ask("甲"))
    assert [len(wanted) for wanted in services.asked] == [5, 3]


def test_a_swap_drops_what_is_kept() -> None:
    live = live_of(FakeServices())
    desk = AskDesk(live)
    run(lambda: desk.ask("甲"))
    swap(live, FakeServices("new"))
    assert desk.figures()["kept"] == 0
    assert run(lambda: desk.ask("甲"))[0].answer == "new: 甲"


def test_an_answer_that_a_swap_overtook_is_given_but_not_kept() -> None:
    services = FakeServices()
    services.go.clear()
    live = live_of(services)
    desk = AskDesk(live, Limits(2))

    async def overtaken() -> tuple[str, str]:
        slow = asyncio.ensure_future(desk.ask("甲"))
        await asyncio.to_thread(services.begun.wait, SOON)
        swap(live, FakeServices("new"))
        fresh = await desk.ask("甲")  # does not join the question to the old services
        services.go.set()
        return str((await slow).answer), str(fresh.answer)

    assert asyncio.run(overtaken()) == ("old: 甲", "new: 甲")
    assert run(lambda: desk.ask("甲"))[0].answer == "new: 甲"


def test_no_more_is_kept_than_the_bound() -> None:
    desk = AskDesk(live_of(FakeServices()), most_kept=3)
    run(*(lambda n=n: desk.ask(f"问{n}") for n in range(10)))
    assert desk.figures()["kept"] == 3


def test_a_failure_is_not_kept() -> None:
    services = FakeServices()
    desk = AskDesk(live_of(services))
    for _ in range(2):
        with pytest.raises(BadInputError):
            run(lambda: desk.ask(""))
    assert len(services.asked) == 2


class Visitor:
    """A connection over which the visitor leaves when told to."""

    def __init__(self) -> None:
        self.leaving = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        if not self.leaving.is_set():
            await self.leaving.wait()
        return {"type": "http.disconnect"}


def test_a_visitor_who_left_is_taken_out_of_the_queue() -> None:
    services = FakeServices()
    services.go.clear()
    desk = AskDesk(live_of(services), Limits(1))

    async def left() -> None:
        first = asyncio.ensure_future(desk.ask("甲"))
        await asyncio.to_thread(services.begun.wait, SOON)
        visitor = Visitor()
        second = asyncio.ensure_future(unless_gone(visitor, desk.ask("乙")))
        third = asyncio.ensure_future(replied_from(desk, "丙", "", "", visitor))
        while desk.figures()["waiting"] < 2:
            await asyncio.sleep(0)
        visitor.leaving.set()
        with pytest.raises(ClientGoneError):
            await second
        assert await third == ""
        services.go.set()
        await first

    asyncio.run(left())
    assert [wanted[0] for wanted in services.asked] == ["甲"]
    assert desk.figures()["left"] == 2


def test_a_visitor_who_stays_gets_the_answer() -> None:
    desk = AskDesk(live_of(FakeServices()))

    async def stays() -> str:
        return str((await unless_gone(Visitor(), desk.ask("甲"))).answer)

    assert asyncio.run(stays()) == "old: 甲"


def test_when_too_many_wait_the_page_says_so_and_offers_to_ask_again() -> None:
    desk = AskDesk(live_of(FakeServices()), FULL)
    page = run(lambda: replied_from(desk, " 谁<管>我 ", "", "", None))[0]
    assert "现在提问的人太多，请过 1 秒再问" in page
    assert 'class="z-ask" href="/?q=%E8%B0%81%3C%E7%AE%A1%3E%E6%88%91"' in page
    with pytest.raises(BusyError):
        run(lambda: desk.ask("甲"))


@pytest.mark.parametrize("path", ["/api/ask?q=甲", "/api/search?q=甲"])
def test_when_too_many_wait_the_interface_says_when_to_come_back(path: str) -> None:
    live, app = live_of(FakeServices()), FastAPI()
    app.include_router(make_router(live, AskDesk(live, FULL)))
    add_error_handlers(app)
    with TestClient(app) as client:
        reply = client.get(path)
        assert client.get("/healthz").json()["asking"]["refused_busy"] == 1
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
    assert reply.json() == {"error": "现在提问的人太多，请过 1 秒再问"}


def test_ten_at_once_ask_the_real_services_and_get_what_one_alone_gets(
    services: Services,
) -> None:
    questions = ["乡镇政府管什么", "企业拒不停产怎么办", "消防通道被堵", "举报有奖吗", "谁来培训"]
    desk = AskDesk(Live(services), Limits(3), most_kept=0)

    async def together() -> list[Any]:
        made = await asyncio.gather(*(desk.ask(q) for q in questions * 2))
        return [m.answer for m in made]

    found = asyncio.run(together())
    with ThreadPoolExecutor(1) as alone:
        assert found == list(alone.map(services.ask, questions)) * 2
    assert desk.figures()["answered"] == len(questions)
