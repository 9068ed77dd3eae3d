"""A bounded queue before a few threads: equal jobs run once, who left is dropped, too many are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Generic, TypeVar

from assistant.errors import BusyError

V = TypeVar("V")
_LONGEST = 60
"""The longest time, in seconds, that anybody is told to stay away."""
_NEWEST = 0.1
"""The weight of the newest job in the mean time that jobs take."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs run at once, how many may wait, and for how long; times in seconds.

    Nobody is taken who is expected to wait for more than `patience`; who has waited for `longest`
    all the same, as jobs took longer than expected, is sent away instead of being done. A job is
    taken to need `first_guess` before any has been seen.
    """

    workers: int
    most_waiting: int = 500
    patience: float = 8.0
    longest: float = 12.0
    first_guess: float = 0.1


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What a queue is doing and has done since it began; times in seconds."""

    running: int
    waiting: int
    done: int
    joined: int
    refused: int
    left: int
    mean_time: float


@dataclass(slots=True, eq=False)
class _Job(Generic[V]):
    key: Hashable
    work: Callable[[], V]
    since: float
    askers: list[Future[V]] = field(default_factory=list)
    handle: Future[None] | None = None


class JobQueue(Generic[V]):
    """Runs jobs in the order they came, `limits.workers` at a time. Safe to use from any thread."""

    def __init__(
        self, limits: Limits, name: str = "job", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits, self._clock = limits, clock
        self._pool = ThreadPoolExecutor(limits.workers, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._jobs: dict[Hashable, _Job[V]] = {}
        self._mean = limits.first_guess
        self._waiting = self._running = 0
        self._done = self._joined = self._refused = self._left = 0

    def submit(self, key: Hashable, work: Callable[[], V]) -> Future[V]:
        """Return the future result of `work`, or of the equal job that waits or runs already.

        Cancelling the future leaves the queue; a job that everybody left before its turn is not
        run. BusyError, with the seconds after which to try again, if too many wait.
        """
        asker: Future[V] = Future()
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                self._check_room()
                job = self._jobs[key] = _Job(key, work, self._clock())
                self._waiting += 1
                job.handle = self._pool.submit(self._run, job)
            else:
                self._joined += 1
            job.askers.append(asker)
        asker.add_done_callback(partial(self._leave, job))
        return asker

    @property
    def figures(self) -> QueueFigures:
        """What the queue is doing now and has done."""
        with self._lock:
            return QueueFigures(
                self._running, self._waiting, self._done, self._joined, self._refused, self._left,
                self._mean,
            )  # fmt: skip

    def close(self) -> None:
        """Begin no further job; those that run come to their end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _check_room(self) -> None:
        full = self._waiting >= self._limits.most_waiting
        if full or self._expected() > self._limits.patience:
            self._refused += 1
            raise self._busy()

    def _expected(self) -> float:
        # Whoever comes now is served after all who wait, by as many workers as there are.
        return self._waiting * self._mean / self._limits.workers

    def _busy(self) -> BusyError:
        return BusyError(min(_LONGEST, max(1, ceil(self._expected()))))

    def _run(self, job: _Job[V]) -> None:
        began = self._clock()
        with self._lock:
            self._waiting -= 1
            if not job.askers:  # the last one left while the worker was taking it up
                self._forget(job)
                return
            if began - job.since > self._limits.longest:
                self._forget(job)
                self._refused += len(job.askers)
                late, askers = self._busy(), tuple(job.askers)
            else:
                self._running += 1
                late, askers = None, ()
        if late is not None:
            _give(askers, None, late)
            return
        made: V | None = None
        trouble: BaseException | None = None
        try:
            made = job.work()
        except BaseException as e:  # it belongs to those who wait for it
            trouble = e
        with self._lock:
            self._forget(job)
            self._running -= 1
            self._done += 1
            self._mean += _NEWEST * (self._clock() - began - self._mean)
            askers = tuple(job.askers)
        _give(askers, made, trouble)

    def _leave(self, job: _Job[V], asker: Future[V]) -> None:
        if not asker.cancelled():
            return
        with self._lock:
            self._left += 1
            job.askers.remove(asker)
            if not job.askers and job.handle is not None and job.handle.cancel():
                self._waiting -= 1
                self._forget(job)

    def _forget(self, job: _Job[V]) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]


def _give(askers: tuple[Future[V], ...], made: V | None, trouble: BaseException | None) -> None:
    for asker in askers:
        if not asker.set_running_or_notify_cancel():
            continue
        if trouble is not None:
            asker.set_exception(trouble)
        else:
            asker.set_result(made)  # type: ignore[arg-type]
