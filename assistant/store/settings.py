"""Settings that are kept with the records, as JSON values under a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.database import Database
from assistant.store.tables import settings

_VALUE = select(settings.c.value).where(settings.c.key == bindparam("key"))


def read_setting(connection: Connection, key: str, default: Any = None) -> Any:
    """Return the value of a setting; `default` if it was never set."""
    row = connection.execute(_VALUE, {"key": key}).first()
    return default if row is None else row.value


def write_setting(connection: Connection, key: str, value: Any, now: datetime) -> None:
    """Set a value within the transaction of the caller."""
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    put = insert(settings).values(key=key, value=value, at=now)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["key"], set_={"value": put.excluded.value, "at": put.excluded.at}
        )
    )


class SqlSettings:
    """Settings for whoever reads or sets one alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a setting; `default` if it was never set."""
        with self._database.read() as connection:
            return read_setting(connection, key, default)

    def put(self, key: str, value: Any, now: datetime) -> None:
        """Set a value."""
        with self._database.write() as connection:
            write_setting(connection, key, value, now)

    def change(
        self, key: str, change: Callable[[Any], Any], now: datetime, default: Any = None
    ) -> bool:
        """Set what `change` makes of the value, unless that is the same; True if it was set.

        Of several processes that do so at once one after the other has its turn.
        """
        with self._database.write() as connection:
            insert: Any = sqlite.insert if self._database.is_sqlite else postgresql.insert
            hold = insert(settings).values(key=key, value=default, at=now)
            connection.execute(hold.on_conflict_do_nothing())
            row = select(settings.c.value).where(settings.c.key == key).with_for_update()
            old = connection.execute(row).scalar_one()
            new = change(old)
            if new == old:
                return False
            write_setting(connection, key, new, now)
            return True
