"""How long a session lives: by how long it was idle, and at the longest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.accounts.model import Role, Session


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends when unused for `idle`, and `absolute` after it began in any case."""

    idle: timedelta
    absolute: timedelta


WORKERS = Lifetime(timedelta(days=7), timedelta(days=30))
"""A worker practises ten minutes a day on a phone of his own and can do no harm with it."""
STAFF = Lifetime(timedelta(hours=8), timedelta(days=3))
LONGEST = max(WORKERS.absolute, STAFF.absolute)
TOUCH = timedelta(minutes=5)
"""How exactly the last use of a session is kept."""


def alive(session: Session, now: datetime, rule: Lifetime | None = None) -> bool:
    """Whether a session still holds, by this rule or the one for its role if nobody sets any."""
    rule = rule or (WORKERS if session.person.role is Role.WORKER else STAFF)
    return now - session.seen_at < rule.idle and now - session.begun_at < rule.absolute
