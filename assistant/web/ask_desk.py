"""The one place where the pages and the HTTP interface have questions answered.

Answering keeps a core busy for a while, so it happens in a few threads behind a bounded queue, off
the loop that serves everybody. Equal questions under way are answered once, answers are kept for
those who ask the same, and a visitor who went away is dropped from the queue.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from assistant.answers import Answer
from assistant.duties.model import DutyList
from assistant.search import Found
from assistant.services import Live, Services
from assistant.web.answer_cache import AnswerCache
from assistant.web.job_queue import JobQueue, Limits

T = TypeVar("T")
MOST_KEPT = 500
"""How many answers and results are kept: about 16 MB when full (150 different ones took 4.8 MB)."""


class ClientGoneError(Exception):
    """The visitor went away before there was an answer."""


class Receives(Protocol):
    """What tells that a visitor went away: a Starlette request."""

    @property
    def receive(self) -> Callable[[], Awaitable[Any]]:
        """Gives the next message of the connection."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and the duty list it is made from, by the services that gave it."""

    services: Services
    answer: Answer
    listed: DutyList | None


def cores() -> int:
    """Return how many cores this process may use, at least 1."""
    counted = getattr(os, "sched_getaffinity", None)
    return max(1, len(counted(0)) if counted else os.cpu_count() or 1)


class AskDesk:
    """Answers questions for many at once, from the services in use."""

    def __init__(
        self, live: Live, limits: Limits | None = None, most_kept: int = MOST_KEPT
    ) -> None:
        self._live = live
        self._queue: JobQueue[Any] = JobQueue(limits or Limits(cores()), "answer")
        self._kept: AnswerCache[Any] = AnswerCache(most_kept)
        self._shown = ThreadPoolExecutor(1, thread_name_prefix="show")
        self._edition = 0
        live.on_swap(self._renew)

    async def ask(self, text: str, as_of: date | None = None, region: str = "") -> Answered:
        """Answer or refuse; see Services.ask. BusyError says when to ask again."""
        services = self._live.current

        def work() -> Answered:
            answer = services.ask(text, as_of, region)
            return Answered(services, answer, services.listed(answer))

        return await self._made(services, ("ask", text, as_of, region), work)

    async def find(self, text: str, k: int, scope: str, as_of: date | None, region: str) -> Found:
        """Search; see Services.find. BusyError says when to ask again."""
        services = self._live.current

        def work() -> Found:
            return services.find(text, k, scope, as_of, region)

        return await self._made(services, ("find", text, k, scope, as_of, region), work)

    async def shown(self, make: Callable[[], str]) -> str:
        """Return what `make` returns; it runs off the loop, and not behind those who wait."""
        return await asyncio.get_running_loop().run_in_executor(self._shown, make)

    def figures(self) -> dict[str, int | float]:
        """Return what the desk is doing and has done since the start, for whoever watches it."""
        now = self._queue.figures
        return {
            "running": now.running, "waiting": now.waiting, "answered": now.done,
            "shared": now.joined, "from_cache": self._kept.hits, "kept": len(self._kept),
            "refused_busy": now.refused, "left": now.left,
            "mean_ms": round(now.mean_time * 1000, 1),
        }  # fmt: skip

    def close(self) -> None:
        """Begin no further answer."""
        self._queue.close()
        self._shown.shutdown(wait=False, cancel_futures=True)

    async def _made(self, services: Services, wanted: tuple[Any, ...], work: Callable[[], T]) -> T:
        edition = self._edition
        key = (edition, services.today(), *wanted)
        kept: T | None = self._kept.get(key)
        if kept is not None:
            return kept

        def work_and_keep() -> T:
            made = work()
            if edition == self._edition:  # not what the services before the last swap gave
                self._kept.put(key, made)
            return made

        made: T = await asyncio.wrap_future(self._queue.submit(key, work_and_keep))
        return made

    def _renew(self) -> None:
        self._edition += 1
        self._kept.clear()


async def unless_gone(request: Receives, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; ClientGoneError, with `work` cancelled, if the visitor leaves."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGoneError
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
