"""Sessions and failed attempts as rows, within the transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.accounts.model import Session
from assistant.store.people import read_person
from assistant.store.tables import attempts, people, sessions


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failures in a row since `since`; with `until` nothing is tried before that time."""

    failures: int
    since: datetime
    until: datetime | None = None


def add_session(
    connection: Connection, token_hash: str, person: str, now: datetime, address: str
) -> None:
    """Keep that somebody logged in."""
    row = {
        "token_hash": token_hash, "person": person, "begun_at": now, "seen_at": now,
        "address": address[:64],
    }  # fmt: skip
    connection.execute(sessions.insert(), row)


def find_session(connection: Connection, token_hash: str) -> Session | None:
    """Return the session of a token, whether or not it has run out."""
    wanted = (
        select(people, sessions.c.begun_at, sessions.c.seen_at)
        .join(sessions, sessions.c.person == people.c.id)
        .where(sessions.c.token_hash == token_hash)
    )
    row = connection.execute(wanted).first()
    return None if row is None else Session(read_person(row), row.begun_at, row.seen_at)


def touch_session(connection: Connection, token_hash: str, now: datetime) -> None:
    """Keep that a session was used."""
    connection.execute(
        update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=now)
    )


def end_session(connection: Connection, token_hash: str) -> None:
    """Delete a session."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_sessions(connection: Connection, person: str) -> int:
    """Delete all sessions of somebody; how many there were."""
    return connection.execute(delete(sessions).where(sessions.c.person == person)).rowcount


def clear_away(connection: Connection, begun_before: datetime, failed_before: datetime) -> None:
    """Delete sessions begun, and attempts counted, before these times."""
    connection.execute(delete(sessions).where(sessions.c.begun_at < begun_before))
    old = attempts.c.since < failed_before
    over = attempts.c.until.is_(None) | (attempts.c.until < failed_before)
    connection.execute(delete(attempts).where(old & over))


def hold_attempts(connection: Connection, key: str, now: datetime) -> Attempts:
    """Return what is counted under a key; nobody else counts there until the transaction ends."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    fresh = insert(attempts).values(key=key, failures=0, since=now, until=None)
    connection.execute(fresh.on_conflict_do_nothing())
    row = connection.execute(select(attempts).where(attempts.c.key == key).with_for_update()).one()
    return Attempts(row.failures, row.since, row.until)


def put_attempts(connection: Connection, key: str, counted: Attempts) -> None:
    """Set what is counted under a key that is held."""
    connection.execute(
        update(attempts)
        .where(attempts.c.key == key)
        .values(failures=counted.failures, since=counted.since, until=counted.until)
    )


def forget_attempts(connection: Connection, key: str) -> None:
    """Count from nought again under a key."""
    connection.execute(delete(attempts).where(attempts.c.key == key))
