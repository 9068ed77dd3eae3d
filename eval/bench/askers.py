"""Simulated people who ask a running server over HTTP, through its interface or through its page."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

PAGE, API = "page", "api"
ANSWERED, BUSY, ERROR = "answered", "busy", "error"
_TIMEOUT = 30.0
_IDLE = 60.0
"""Seconds that an asker keeps an idle connection: less than the server does."""
_SPREAD = 0.25
"""Without thinking time, the askers start within this many seconds."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who asks: how many for how long, how long they think, which share of them uses the page.

    `think` is the mean of an exponential distribution in seconds; 0 asks again at once.
    """

    askers: int
    seconds: float
    think: float
    page_share: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `at` in seconds since the start, `ms` until the last byte."""

    at: float
    ms: float
    by: str
    outcome: str
    why: str = ""
    wait: float = 0.0


@dataclass(slots=True)
class Tally:
    """The replies so far."""

    replies: list[Reply] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """Return how many replies were of that kind."""
        return sum(r.outcome == outcome for r in self.replies)


async def ask_all(
    address: str, crowd: Crowd, questions: Iterator[str], rng: Random, tally: Tally
) -> None:
    """Let the crowd ask until its time is over; every reply goes into `tally`.

    Questions begun in time are waited for.
    """
    limits = httpx.Limits(max_connections=None, keepalive_expiry=_IDLE)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=_TIMEOUT) as client:
        event = await page_event(client)
        on_page = round(crowd.askers * crowd.page_share)
        start = time.perf_counter()
        await asyncio.gather(
            *(
                _ask_on(
                    _visitor(client, event, n) if n < on_page else _caller(client), crowd,
                    questions, Random(rng.random()), tally, start,
                )
                for n in range(crowd.askers)
            )
        )  # fmt: skip


async def page_event(client: httpx.AsyncClient) -> int:
    """Return the number of the page's asking event; RuntimeError if the page has none."""
    config = (await client.get("/config")).json()
    for event in config["dependencies"]:
        if event["api_name"] == "respond":
            return int(event["id"])
    raise RuntimeError("the page has no event named respond")


Ask = Callable[[str], Any]


async def _ask_on(
    ask: Ask, crowd: Crowd, questions: Iterator[str], rng: Random, tally: Tally, start: float
) -> None:
    """One asker: thinks, asks, reads; told to come back later, asks the same again then."""
    end = start + crowd.seconds
    # They do not all arrive at once: the first comes as if they had been asking before.
    wait = rng.expovariate(1 / crowd.think) if crowd.think else rng.uniform(0, _SPREAD)
    question = ""
    while time.perf_counter() + wait < end:
        await asyncio.sleep(wait)
        question = question or next(questions)
        reply: Reply = await ask(question)
        at = time.perf_counter() - start - reply.ms / 1000
        tally.replies.append(Reply(at, reply.ms, reply.by, reply.outcome, reply.why, reply.wait))
        if reply.outcome == BUSY:
            wait = reply.wait
            continue
        question = ""
        wait = rng.expovariate(1 / crowd.think) if crowd.think else 0.0


def _caller(client: httpx.AsyncClient) -> Ask:
    """Asks through the HTTP interface."""

    async def ask(question: str) -> Reply:
        return await _timed(API, client.get("/api/ask", params={"q": question}), read_api)

    return ask


def _visitor(client: httpx.AsyncClient, event: int, number: int) -> Ask:
    """Asks through the page, as the browser does."""
    body = {"fn_index": event, "session_hash": f"asker{number}", "event_data": None}

    async def ask(question: str) -> Reply:
        sent = {**body, "data": [question, "", "全国"]}
        return await _timed(PAGE, client.post("/gradio_api/run/respond", json=sent), read_page)

    return ask


async def _timed(by: str, request: Any, read: Callable[[httpx.Response], Reply]) -> Reply:
    started = time.perf_counter()
    try:
        response: httpx.Response = await request
        ms = (time.perf_counter() - started) * 1000
        found = read(response)
    except (httpx.HTTPError, ValueError, KeyError, IndexError) as e:
        ms = (time.perf_counter() - started) * 1000
        found = Reply(0, ms, by, ERROR, f"{type(e).__name__} {e}".strip())
    return Reply(0, ms, by, found.outcome, found.why, found.wait)


def read_api(response: httpx.Response) -> Reply:
    """Return what the HTTP interface said; `wait` as it asks for."""
    if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        wait = float(response.headers["retry-after"])
        return Reply(0, 0, API, BUSY, response.json()["error"], wait)
    if response.status_code != httpx.codes.OK:
        return Reply(0, 0, API, ERROR, f"HTTP {response.status_code}")
    outcome = response.json()["outcome"]
    return Reply(0, 0, API, ANSWERED if outcome in ("answer", "refusal") else ERROR, outcome)


def read_page(response: httpx.Response) -> Reply:
    """Return what the page shows: an answer, that it is busy, or anything else, an error."""
    if response.status_code != httpx.codes.OK:
        return Reply(0, 0, PAGE, ERROR, f"HTTP {response.status_code}")
    shown = str(response.json()["data"][0])
    if "z-answer" in shown:
        return Reply(0, 0, PAGE, ANSWERED)
    said = re.search(r"<p>(.*?)</p>", shown)
    words = said[1] if said else shown[:80]
    told = re.search(r"请过 (\d+) 秒", words)
    if "z-busy" in shown and told:
        return Reply(0, 0, PAGE, BUSY, words, float(told[1]))
    return Reply(0, 0, PAGE, ERROR, words)
