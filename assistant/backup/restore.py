"""Puts a backup in the place of what is there, which is kept aside: all of it or nothing."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from assistant.accounts.model import Actor
from assistant.accounts.rights import Action, require
from assistant.backup.archive import DAMAGED, Manifest, unpack
from assistant.backup.create import FOLDERS, ROWS, ROWS_FOLDER, SQLITE
from assistant.backup.errors import BackupError
from assistant.backup.rows import counts, dump_rows, load_rows
from assistant.errors import BadInputError
from assistant.files import InUse
from assistant.moves import Moving, finish_moves
from assistant.store.audit import record
from assistant.store.database import FILE, Database, connect, sign_of
from assistant.store.errors import StoreError
from assistant.store.log import GENERATION
from assistant.store.migrate import bring_up_to_date, known_revision, revisions, upgrade
from assistant.store.settings import write_setting
from assistant.store.tables import metadata

_BROKEN = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: when the backup was made, and how many rows each table has.

    `kept` is the folder with what was there before, `kept_schema` the schema of PostgreSQL with
    the tables that were there; None if there was nothing.
    """

    made_at: str
    counts: Mapping[str, int]
    kept: Path | None
    kept_schema: str | None


@dataclass(frozen=True, slots=True)
class _Job:
    """What is restored where, by whom and when."""

    actor: Actor
    data: Path
    source: Path
    now: datetime
    aside: Path
    manifest: Manifest

    @property
    def stamp(self) -> str:
        return self.now.astimezone(timezone.utc).strftime("%Y%m%d-%H%M%S")

    @property
    def kept(self) -> Path:
        """Where what is there goes."""
        return self.data / f"before-restore-{self.stamp}"


def restore(
    actor: Actor,
    data: Path,
    records: Path | str,
    source: Path,
    now: datetime,
    *,
    replace: bool,
) -> Restored:
    """Restore a backup into a data folder and its database; what was there is kept aside.

    BadInputError if there is data and not `replace`, or the program is running; BackupError if
    the file is damaged, foreign or newer, or something cannot be written; StoreError if the
    database cannot be used; NotAllowedError if the actor may not. Whatever is raised, everything
    is as it was.
    """
    require(actor, Action.RESTORE)
    database = connect(records)
    try:
        data.mkdir(parents=True, exist_ok=True)
        with _alone(data, database):
            if not replace and _occupied(data, database):
                raise BadInputError(
                    "这里已有数据；要用备份代替它请加 --yes（原来的数据会另存一份，不会丢）"
                )
            with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as aside:
                manifest = unpack(source, Path(aside))
                return _put(_Job(actor, data, source, now, Path(aside), manifest), database)
    except OSError as e:
        raise BackupError(
            f"{data} 写不进去（{e.strerror or e}），原来的数据没有改动；请清出磁盘空间或检查权限"
        ) from e
    finally:
        database.close()


@contextlib.contextmanager
def _alone(data: Path, database: Database) -> Iterator[None]:
    """Keep everybody else out; a restore that was cut short is finished first."""
    sign = InUse(sign_of(database.file or data / FILE))
    if not sign.take():
        raise BadInputError("知责正在运行；请先把它停下，再恢复")
    try:
        finish_moves(data)
        for left in data.glob(".restore-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        sign.let_go()


def _occupied(data: Path, database: Database) -> bool:
    if any(p.is_file() for f in FOLDERS for p in (data / f).rglob("*") if p.name[0] != "."):
        return True
    if database.file is not None and not database.file.exists():
        return False
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return bool(inspect(connection).get_table_names()) and database.is_sqlite
        rows = counts(connection)
    return any(n for name, n in rows.items() if name not in ("settings", "audit"))


def _put(job: _Job, database: Database) -> Restored:
    manifest = job.manifest
    if manifest.revision not in revisions() or manifest.kind not in (SQLITE, ROWS):
        raise BackupError(f"{job.source} 是更新版本的程序做的备份；请用新版本恢复")
    if manifest.kind == SQLITE and FILE not in manifest.files:
        raise BackupError(f"{job.source} 里没有记录，{DAMAGED}")
    try:
        if database.file is None:
            return _put_rows(job, database)
        return _put_file(job, database.file)
    except (*_BROKEN, sqlite3.DatabaseError, StoreError) as e:
        if isinstance(e, StoreError) and database.file is None:
            raise
        raise BackupError(f"{job.source} 里的记录读不出来，{DAMAGED}") from e


def _put_file(job: _Job, file: Path) -> Restored:
    """Restore into a SQLite file, made aside and moved in."""
    made, kept = _file_of(job), job.kept
    moves = [
        *_folder_moves(job),
        *((p, kept / p.name) for p in _with_beside(file)),
        *((p, file.with_name(p.name)) for p in _with_beside(made)),
    ]
    with Moving(job.data) as moving:
        moving.do(moves)
    manifest = job.manifest
    return Restored(manifest.made_at, manifest.counts, kept if kept.exists() else None, None)


def _put_rows(job: _Job, database: Database) -> Restored:
    """Restore into PostgreSQL in one transaction, which ends after the files are in their place."""
    manifest, rows, revision = job.manifest, job.aside / ROWS_FOLDER, job.manifest.revision
    if manifest.kind == SQLITE:
        (job.aside / "old").mkdir()
        (job.aside / FILE).rename(job.aside / "old" / FILE)
        revision = _dump_file(connect(job.aside / "old"), rows)
    schema = f"before_{job.stamp.replace('-', '_')}"
    with Moving(job.data) as moving, database.write() as connection:
        had = _set_aside(connection, database, schema)
        upgrade(connection, revision)
        load_rows(connection, rows)
        upgrade(connection)
        _check_and_tell(connection, job)
        moving.do(_folder_moves(job))
    kept = job.kept if job.kept.exists() else None
    return Restored(manifest.made_at, manifest.counts, kept, schema if had else None)


def _file_of(job: _Job) -> Path:
    """The SQLite database of a backup, brought up to date and checked."""
    folder = job.aside / "made"
    folder.mkdir()
    database = connect(folder)
    try:
        if job.manifest.kind == SQLITE:
            (job.aside / FILE).rename(folder / FILE)
        else:
            with database.write() as connection:
                upgrade(connection, job.manifest.revision)
                load_rows(connection, job.aside / ROWS_FOLDER)
        bring_up_to_date(database)
        with database.write() as connection:
            _check_and_tell(connection, job)
    finally:
        database.close()
    (folder / FILE).chmod(0o600)
    return folder / FILE


def _with_beside(file: Path) -> list[Path]:
    """A SQLite file with those that belong to it, as far as they are there."""
    beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm")]
    return [p for p in beside if p.exists()]


def _dump_file(database: Database, rows: Path) -> str:
    """Write the rows of a SQLite backup, brought up to date, and return their revision."""
    try:
        bring_up_to_date(database)
        with database.read() as connection:
            dump_rows(connection, rows)
            return str(known_revision(connection, database.where))
    finally:
        database.close()


def _check_and_tell(connection: Connection, job: _Job) -> None:
    """BackupError if the rows are not those that the backup was made of."""
    if connection.dialect.name == "sqlite":
        sound = connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        if not sound or connection.execute(text("PRAGMA foreign_key_check")).first():
            raise BackupError(f"{job.source} 里的数据库{DAMAGED}")
    found = counts(connection)
    if any(found.get(name) != n for name, n in job.manifest.counts.items()):
        raise BackupError(f"{job.source} 里的记录与清单不符，{DAMAGED}")
    write_setting(connection, GENERATION, int(job.now.timestamp()), job.now)
    record(connection, job.actor, job.now, "backup.restore", file=job.source.name)


def _folder_moves(job: _Job) -> list[tuple[Path, Path]]:
    data, aside = job.data, job.aside
    away = [(data / f, job.kept / f) for f in FOLDERS if (data / f).exists()]
    return [*away, *((aside / f, data / f) for f in FOLDERS if (aside / f).exists())]


def _set_aside(connection: Connection, database: Database, schema: str) -> bool:
    """Move our tables with their functions into a schema of their own; False if there are none."""
    if known_revision(connection, database.where) is None:
        return False
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    found = set(inspect(connection).get_table_names())
    for name in sorted(found & ({*metadata.tables} | {"alembic_version"})):
        connection.execute(text(f"ALTER TABLE {name} SET SCHEMA {schema}"))
    wanted = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        " AND proname = ANY(:names) ORDER BY proname"
    )
    names = [f"{t}_refuse" for t in metadata.tables]
    for function in connection.execute(wanted, {"names": names}).scalars().all():
        connection.execute(text(f"ALTER FUNCTION {function}() SET SCHEMA {schema}"))
    return True
