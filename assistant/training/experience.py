"""How hard questions proved to be for everybody, followed along the log and kept ready."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from assistant.practice.model import Answer

ReadLog = Callable[[int, int], tuple[int, Sequence[Answer]]]
"""Returns the generation of the log and at most so many answers after a number, by number."""
FRESH = timedelta(seconds=60)
"""How long what was counted is good enough."""
AT_ONCE = 2000
"""How many lines of the log are read while somebody waits; what is left has its turn next."""


class Experienced:
    """Tells how many people got a question right, and missed it, the first time they saw it.

    Safe to share between threads: one reads on, the others take what is counted so far. It holds
    a few numbers for each person and question, nothing else.
    """

    def __init__(self, read: ReadLog, now: Callable[[], datetime], at_once: int = AT_ONCE) -> None:
        self._read, self._now, self._at_once = read, now, at_once
        self._turn = threading.Lock()
        self._next: datetime | None = None
        self._forget(0)

    def __call__(self, questions: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Return question → (right, missed) for those of these that anybody has answered."""
        if self._turn.acquire(blocking=False):
            try:
                now = self._now()
                if self._next is None or now >= self._next:
                    self._next = now + FRESH if self._follow() else now
            finally:
                self._turn.release()
        counts = self._counts
        return {q: counts[q] for q in questions if q in counts}

    def _forget(self, generation: int) -> None:
        self._generation, self._seq = generation, 0
        self._numbers: dict[str, int] = {}
        self._firsts: dict[tuple[int, int], tuple[float, str, bool]] = {}
        self._counts: dict[str, tuple[int, int]] = {}

    def _follow(self) -> bool:
        """Count what is new; True when the end of the log is reached."""
        generation, new = self._read(self._seq, self._at_once)
        if generation != self._generation:
            self._forget(generation)
            generation, new = self._read(0, self._at_once)
        for answer in new:
            self._count(answer)
        if new:
            self._seq = new[-1].seq
        return len(new) < self._at_once

    def _count(self, answer: Answer) -> None:
        key = self._number(answer.person), self._number(answer.question)
        first = self._firsts.get(key)
        mine = (answer.response.at.timestamp(), answer.id, answer.right)
        if first is not None and first[:2] <= mine[:2]:
            return
        right, missed = self._counts.get(answer.question, (0, 0))
        if first is not None:  # one given earlier arrived later: it takes the place
            right, missed = right - first[2], missed - (not first[2])
        self._firsts[key] = mine
        self._counts[answer.question] = (right + answer.right, missed + (not answer.right))

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))
