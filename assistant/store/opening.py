"""Opens the store. SQLAlchemy is loaded only here, so that commands without records start fast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.store.store import Store


def open_store(where: Path | str) -> Store:
    """Return the store in a data folder (a path) or at an address, its tables brought up to date.

    Address: sqlite:///file or postgresql+psycopg://user:password@host/database. StoreError, each
    time with what to do, if the address is none, the server cannot be reached, refuses us or the
    package is missing, or the database was made by another or a newer program; it is then as it
    was.
    """
    from assistant.store.database import connect
    from assistant.store.migrate import bring_up_to_date
    from assistant.store.store import Store

    database = connect(where)
    try:
        database.hold()
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return Store(database)
