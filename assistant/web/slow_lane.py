"""Long jobs (papers, files) one after another, so that asking and reading go on beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

import anyio.to_thread

from assistant.errors import BusyError
from assistant.web.job_queue import JobQueue, Limits

T = TypeVar("T")
_BESIDE = 4
"""How many other requests (lists, documents, static files) are worked on at once, besides one for
each core: 40, as the framework would have it, take the processor away from the questions."""


def slow_limits() -> Limits:
    """Return the limits of the lane: one job at a time, nobody waits longer than a minute."""
    return Limits(workers=1, most_waiting=20, patience=60.0, longest=100.0, first_guess=2.0)


class SlowLane:
    """Runs long jobs in the order they came, off the loop and away from the questions."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._queue: JobQueue[Any] = JobQueue(limits or slow_limits(), "slow")

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises; BusyError if too many wait."""
        try:
            made: T = await asyncio.wrap_future(self._queue.submit(object(), work))
        except BusyError as e:
            raise BusyError(e.seconds, "使用", "试") from None
        return made

    def close(self) -> None:
        """Begin no further job."""
        self._queue.close()


def few_threads(cores: int) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return the lifespan of an application whose other requests share a few threads."""

    @asynccontextmanager
    async def lifespan(_: Any) -> Any:
        anyio.to_thread.current_default_thread_limiter().total_tokens = cores + _BESIDE
        yield

    return lifespan
