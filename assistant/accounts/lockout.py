"""How many failures are too many. Pure: counts and times go in and come out.

Of an account an attempt is counted before the password is looked at, and all are forgotten when
it was right, so that many at once cannot slip through. Of an address only failures are counted,
for many people behind one address may log in at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.store.sessions import Attempts


@dataclass(frozen=True, slots=True)
class Rule:
    """`limit` attempts within `window`; then none for `pause`."""

    limit: int
    window: timedelta
    pause: timedelta


BY_ACCOUNT = Rule(5, timedelta(minutes=15), timedelta(minutes=15))
BY_ADDRESS = Rule(60, timedelta(minutes=15), timedelta(minutes=15))
"""Higher, because a whole office may share one address."""


def locked(counted: Attempts, now: datetime) -> bool:
    """Whether nothing may be tried now."""
    return counted.until is not None and now < counted.until


def count(counted: Attempts, rule: Rule, now: datetime) -> Attempts:
    """Return the count with one more attempt, which may be the last for a while."""
    ended = counted.until is not None and now >= counted.until
    fresh = ended or now - counted.since >= rule.window
    failures, since = (1, now) if fresh else (counted.failures + 1, counted.since)
    return Attempts(failures, since, now + rule.pause if failures >= rule.limit else None)


def minutes_left(counted: Attempts, now: datetime) -> int:
    """How long nothing may be tried, in minutes, rounded up."""
    if counted.until is None:
        return 0
    return max(-(-int((counted.until - now).total_seconds()) // 60), 1)
