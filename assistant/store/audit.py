"""The audit log: lines are added in the transaction of what they tell, and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from assistant.accounts.model import Actor, AuditLine
from assistant.store.database import Database
from assistant.store.tables import audit


def record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    action: str,
    subject: str = "",
    **detail: str | int | bool | None,
) -> None:
    """Add a line within the transaction of the caller; no names of people in `detail`."""
    row = {
        "at": now, "actor": actor.person, "action": action, "subject": subject, "detail": detail,
        "address": actor.address[:64],
    }  # fmt: skip
    connection.execute(audit.insert(), row)


class SqlAudit:
    """The audit log for those who read it, and for actions that touch nothing else here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        actor: Actor,
        now: datetime,
        action: str,
        subject: str = "",
        **detail: str | int | bool | None,
    ) -> None:
        """Add a line in a transaction of its own."""
        with self._database.write() as connection:
            record(connection, actor, now, action, subject, **detail)

    def lines(
        self,
        *,
        before: int | None = None,
        limit: int = 100,
        actor: str = "",
        action: str = "",
        subject: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[AuditLine, ...]:
        """Return lines, the newest first: those with `seq` below `before`, at most `limit`."""
        wanted = select(audit).order_by(audit.c.seq.desc()).limit(limit)
        for column, asked in (("actor", actor), ("action", action), ("subject", subject)):
            if asked:
                wanted = wanted.where(audit.c[column] == asked)
        if before is not None:
            wanted = wanted.where(audit.c.seq < before)
        if since is not None:
            wanted = wanted.where(audit.c.at >= since)
        if until is not None:
            wanted = wanted.where(audit.c.at < until)
        with self._database.read() as connection:
            return tuple(map(_line, connection.execute(wanted).all()))


def _line(row: Row[Any]) -> AuditLine:
    return AuditLine(row.at, row.actor, row.action, row.subject, row.detail, row.address, row.seq)
