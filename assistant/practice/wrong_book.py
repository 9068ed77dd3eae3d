"""错题本: what was missed and has not been put right, and what somebody pinned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assistant.practice.model import Mark
from assistant.practice.standing import Standing, Trail

DAYS = 2
"""On so many different days a question has to be answered rightly, without a miss between."""
RULE = f"答错就进错题本；之后在不同的 {DAYS} 天都答对，中间没有再错，就移出。钉住的题一直留着。"
"""The rule as pages say it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question in the wrong book; `left` is on how many more days it must be answered rightly.

    `left` is 0 for one that is there only because it is pinned.
    """

    trail: Trail
    pinned: bool
    left: int

    @property
    def due(self) -> datetime:
        """When it comes again, in UTC."""
        return self.trail.memory.due


def put_right(trail: Trail) -> bool:
    """True if a question is known by the rule, whether it was ever missed or not."""
    return len(trail.days) >= DAYS


def wrong(trail: Trail) -> bool:
    """True if a question was missed and not put right since."""
    return trail.missed_at is not None and not put_right(trail)


def pinned(marks: Iterable[Mark]) -> frozenset[str]:
    """Return the questions that are pinned after these marks, the last of each deciding."""
    last = {m.question: m.pinned for m in marks}
    return frozenset(q for q, is_pinned in last.items() if is_pinned)


def wrong_book(standing: Standing, marks: Iterable[Mark]) -> tuple[Entry, ...]:
    """Return the entries, pinned ones first, then the latest miss first.

    What was pinned without ever being answered is not in the log and not here.
    """
    kept = pinned(marks)
    entries = [
        Entry(t, t.question in kept, DAYS - len(t.days) if wrong(t) else 0)
        for t in standing.trails.values()
        if wrong(t) or t.question in kept
    ]
    return tuple(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[bool, float, str]:
    at = entry.trail.missed_at or entry.trail.last_at
    return not entry.pinned, -at.timestamp(), entry.trail.question
