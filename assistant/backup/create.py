"""Makes a backup while the program is in use: one state of the records, and the unit's files."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path

from sqlalchemy import create_engine

from assistant.accounts.model import Actor
from assistant.accounts.rights import Action, require
from assistant.backup.archive import ENDING, Manifest, pack
from assistant.backup.errors import BackupError
from assistant.backup.rows import counts, dump_rows
from assistant.errors import BadInputError
from assistant.files import held
from assistant.store import open_store
from assistant.store.database import FILE, Database
from assistant.store.migrate import HEAD
from assistant.store.types import utc_text

FOLDERS = ("imports", "papers", "own", "banks")
"""What users made and nothing can rebuild, beside the records."""
SQLITE, ROWS = "sqlite", "rows"
ROWS_FOLDER = "rows"
_LOCK = ".lock"
"""The lock that the writers of these folders hold."""


def make_backup(
    actor: Actor, data: Path, records: Path | str, target: Path, now: datetime
) -> Manifest:
    """Write everything that cannot be rebuilt to `target`, whole or not at all.

    BadInputError if the name is none for a backup; StoreError if the records cannot be read;
    BackupError if the file cannot be written; NotAllowedError if the actor may not.
    """
    require(actor, Action.BACK_UP)
    if not target.name.endswith(ENDING) or target.is_dir():
        raise BadInputError(f"{target} 不能当备份的文件名；请用 {ENDING} 结尾")
    if not target.parent.is_dir():
        raise BadInputError(f"没有文件夹 {target.parent}；请先建好，或换一个地方")
    store = open_store(records)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as aside:
            manifest, names = _records(store.database, Path(aside), now)
            entries = [(name, Path(aside) / name) for name in names]
            with contextlib.ExitStack() as locks:
                for folder in FOLDERS:
                    if (data / folder).is_dir():
                        locks.enter_context(held(data / folder / _LOCK))
                files = [e for folder in FOLDERS for e in _files(data, data / folder)]
                made = pack(target, [*entries, *files], manifest)
        store.audit.add(actor, now, "backup.make", file=target.name)
        return made
    except OSError as e:
        raise BackupError(
            f"{target} 写不进去（{e.strerror or e}）；请清出磁盘空间、检查权限，或换一个地方"
        ) from e
    finally:
        store.close()


def _records(database: Database, aside: Path, now: datetime) -> tuple[Manifest, list[str]]:
    """One state of the records below `aside`, and the names of its files."""
    made = utc_text(now)
    if database.file is not None:
        snapshot(database.file, aside / FILE)
        rows = _count(aside / FILE)
        return Manifest(made, _program(), SQLITE, HEAD, rows), [FILE]
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        dump_rows(connection, aside / ROWS_FOLDER)
        rows = counts(connection)
    names = sorted(p.name for p in (aside / ROWS_FOLDER).iterdir())
    return Manifest(made, _program(), ROWS, HEAD, rows), [f"{ROWS_FOLDER}/{n}" for n in names]


def snapshot(source: Path, target: Path) -> None:
    """Copy a SQLite database that is in use; nobody who was logged in is so in the copy."""
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
        new.execute("PRAGMA secure_delete = ON")
        new.execute("DELETE FROM sessions")
        new.execute("DELETE FROM attempts")


def _count(file: Path) -> dict[str, int]:
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return counts(connection)
    finally:
        engine.dispose()


def _files(data: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder in order; what begins with a dot is a lock or half written."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(data)
        if path.is_file() and not any(p.startswith(".") for p in inside.parts):
            yield inside.as_posix(), path


def _program() -> str:
    try:
        return metadata.version("zhize")
    except metadata.PackageNotFoundError:
        return ""
