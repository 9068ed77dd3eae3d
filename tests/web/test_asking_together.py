"""The served application under several visitors: equal questions, leaving, a queue that is full."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant.services import Services
from assistant.web import create_app
from assistant.web.job_queue import Limits
from tests.web.conftest import served

SOON = 30.0
HELD = "谁来等"


class Gate:
    """The real services; questions that begin with HELD wait while the gate is closed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.open, self.reached = threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._services, name)

    def ask(self, text: str, *rest: Any) -> Any:
        if text.startswith(HELD):
            self.reached.set()
            assert self.open.wait(SOON)
        return self._services.ask(text, *rest)


@pytest.fixture(scope="module")
def gate(services: Services) -> Gate:
    return Gate(services)


@pytest.fixture(scope="module")
def address(gate: Gate) -> Iterator[str]:
    app = create_app(gate, limits=Limits(1, most_waiting=1))  # type: ignore[arg-type]
    with served(app) as address:
        yield address
        gate.open.set()


@pytest.fixture
def busy(gate: Gate, address: str) -> Iterator[str]:
    """The address, with the one worker at the gate; afterwards the queue is empty again."""
    gate.open.clear()
    gate.reached.clear()
    with ThreadPoolExecutor(1) as pool:
        question = f"{HELD}{time.monotonic_ns()}"  # a new one, as answers are kept
        held = pool.submit(httpx.get, f"{address}/api/ask", params={"q": question}, timeout=SOON)
        assert gate.reached.wait(SOON)
        yield address
        gate.open.set()
        assert held.result().status_code == 200
    assert asking(address)["waiting"] == 0


def asking(address: str) -> dict[str, int]:
    found: dict[str, int] = httpx.get(f"{address}/healthz", timeout=SOON).json()["asking"]
    return found


def happened(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not check():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def page_body(question: str) -> dict[str, Any]:
    return {"data": [question, "", "全国"], "fn_index": 0, "session_hash": "one"}


def ask_page(address: str, question: str) -> str:
    reply = httpx.post(f"{address}/gradio_api/run/respond", json=page_body(question), timeout=SOON)
    return str(reply.json()["data"][0])


async def leave(send: Callable[[httpx.AsyncClient], Any], address: str) -> None:
    """Ask, and close the connection once the question waits."""
    async with httpx.AsyncClient(base_url=address, timeout=SOON) as client:
        sent = asyncio.ensure_future(send(client))
        while asking(address)["waiting"] < 1:
            await asyncio.sleep(0.02)
        sent.cancel()


@pytest.mark.parametrize("way", ["api", "page"])
def test_a_closed_connection_leaves_the_queue(busy: str, way: str) -> None:
    before = asking(busy)
    if way == "api":
        send = lambda c: c.get("/api/ask", params={"q": "先走了"})  # noqa: E731
    else:
        send = lambda c: c.post("/gradio_api/run/respond", json=page_body("先走了"))  # noqa: E731
    asyncio.run(leave(send, busy))
    happened(lambda: asking(busy)["waiting"] == 0)
    after = asking(busy)
    assert after["left"] == before["left"] + 1
    assert after["answered"] == before["answered"]


def test_page_and_interface_stand_in_one_queue(busy: str, gate: Gate) -> None:
    before = asking(busy)["answered"]
    with ThreadPoolExecutor(1) as pool:
        page = pool.submit(ask_page, busy, "谁第一个排队")
        happened(lambda: asking(busy)["waiting"] == 1)
        refused = httpx.get(f"{busy}/api/ask", params={"q": "谁第二个排队"}, timeout=SOON)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert "请过" in ask_page(busy, "谁第三个排队")
        with ThreadPoolExecutor(1) as other:
            same = other.submit(
                httpx.get, f"{busy}/api/ask", params={"q": "谁第一个排队"}, timeout=SOON
            )
            happened(lambda: asking(busy)["shared"] >= 1)
            gate.open.set()
            assert same.result().status_code == 200
        assert 'data-q="谁第一个排队"' in page.result()
    assert asking(busy)["answered"] == before + 2  # the one at the gate and the shared one


def test_other_pages_answer_while_questions_wait(busy: str) -> None:
    for path in ("/", "/duties", "/library", "/api/bearers"):
        assert httpx.get(f"{busy}{path}", timeout=SOON).status_code == 200


@pytest.mark.browser
def test_a_full_queue_is_said_and_the_question_kept_and_asked_again(
    busy: str, gate: Gate, browser: Any, until: Callable[..., Any]
) -> None:
    browser.get(busy)
    box = until(lambda b: b.find_elements("css selector", "#z-question textarea"))[0]
    until(lambda b: b.find_elements("css selector", ".z-examples"))
    box.send_keys("谁在浏览器里问")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask_page, busy, "谁排在浏览器前面")
        happened(lambda: asking(busy)["waiting"] == 1)
        browser.find_element("css selector", "#z-submit").click()
        said = until(lambda b: b.find_elements("css selector", ".z-busy"))[0]
        assert re.search("现在提问的人太多，请过 [0-9]+ 秒再问", said.text)
        assert box.get_attribute("value") == "谁在浏览器里问"
        gate.open.set()
        assert "z-answer" in waiting.result()
    said.find_element("css selector", "a.z-ask").click()
    answer = until(lambda b: b.find_elements("css selector", ".z-answer"))[0]
    assert answer.get_attribute("data-q") == "谁在浏览器里问"
