"""Tables as JSON lines, one file a table, which either database can write and read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, DateTime, MetaData, Table, func, select, text

from assistant.store.types import utc_text, utc_time

LEFT_OUT = frozenset({"sessions", "attempts", "erasing", "alembic_version"})
"""Who was logged in is not restored: a session that was ended must not come back."""
_AT_ONCE = 1000


def reflected(connection: Connection) -> tuple[Table, ...]:
    """Return the tables that a backup has, referenced ones first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return tuple(t for t in metadata.sorted_tables if t.name not in LEFT_OUT)


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has that a backup has."""
    return {
        t.name: int(connection.execute(select(func.count()).select_from(t)).scalar_one())
        for t in reflected(connection)
    }


def dump_rows(connection: Connection, folder: Path) -> None:
    """Write every table to `folder`/<name>.jsonl; one state throughout if the transaction sees one."""
    folder.mkdir(parents=True)
    streaming = connection.execution_options(stream_results=True, yield_per=_AT_ONCE)
    for table in reflected(connection):
        keys = ", ".join(f'"{c.name}"' for c in table.primary_key)
        wanted = text(f'SELECT * FROM "{table.name}" ORDER BY {keys}')  # noqa: S608
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as f:
            for row in streaming.execute(wanted).mappings():
                plain = {k: _plain(v) for k, v in row.items()}
                f.write(json.dumps(plain, ensure_ascii=False) + "\n")


def load_rows(connection: Connection, folder: Path) -> None:
    """Add every row of the files in `folder` to tables that are empty.

    ValueError, KeyError or TypeError if a line is damaged.
    """
    for table in reflected(connection):
        path = folder / f"{table.name}.jsonl"
        if not path.exists():
            continue
        for rows in _batches(path):
            fitted = [{k: _fit(v, table.c[k].type) for k, v in row.items()} for row in rows]
            connection.execute(table.insert(), fitted)
        if "seq" in table.c and connection.dialect.name == "postgresql":
            connection.execute(text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'seq'), max(seq))"  # noqa: S608
                f" FROM {table.name}"
            ))  # fmt: skip


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as f:
        for line in f:
            batch.append(json.loads(line))
            if len(batch) == _AT_ONCE:
                yield batch
                batch = []
    if batch:
        yield batch


def _plain(value: Any) -> Any:
    return utc_text(value) if isinstance(value, datetime) else value


def _fit(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return utc_time(value)
    return bool(value) if isinstance(kind, Boolean) else value
