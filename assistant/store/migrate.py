"""Brings a database to the tables this program knows: one process at a time, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from assistant.files import held
from assistant.store.database import Database
from assistant.store.errors import StoreError
from assistant.store.tables import metadata

HEAD = "0004"
"""The newest revision; so that a start without anything to do need not load Alembic."""
SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7_305_811_902
"""What processes that share a PostgreSQL server agree to wait for."""


def bring_up_to_date(database: Database) -> None:
    """Make or upgrade the tables; StoreError, nothing changed, if the database is not for us."""
    with database.read() as connection:
        revision = known_revision(connection, database.where)
    if database.is_sqlite:
        _use_wal(database)
    if revision == HEAD:
        return
    with _alone(database), database.write() as connection:
        if known_revision(connection, database.where) != HEAD:
            upgrade(connection)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision within the transaction of the caller."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables; None if they were not made by this program."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def revisions() -> frozenset[str]:
    """Return the revisions that this program knows."""
    return frozenset(p.name[1:5] for p in (SCRIPTS / "versions").glob("v[0-9]*.py"))


def known_revision(connection: Connection, where: str) -> str | None:
    """Return the revision of the tables; None if there are none.

    StoreError if they are those of another or a newer program.
    """
    revision = revision_of(connection)
    if revision is None:
        names = set(inspect(connection).get_table_names())
        if names if connection.dialect.name == "sqlite" else names & set(metadata.tables):
            raise StoreError(f"{where}：里面是别的程序的数据，没有改动它；请换一个位置或另建一个库")
        return None
    if revision not in revisions():
        raise StoreError(f"{where}：这个数据库是更新版本的程序建的，没有改动它；请用新版本打开")
    return revision


@contextlib.contextmanager
def _alone(database: Database) -> Iterator[None]:
    if database.file is not None:
        try:
            with held(database.file.with_name(f".{database.file.name}.lock")):
                yield
        except OSError as e:
            raise StoreError(
                f"{database.file.parent} 写不进去（{e.strerror or e}）；请检查权限和磁盘空间"
            ) from e
        return
    with database.read() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield


def _use_wal(database: Database) -> None:
    """Let readers and the writer not wait for each other; the file remembers it."""
    raw = database.engine.raw_connection()
    try:
        mode = raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()[0]
    finally:
        raw.close()
    if mode != "wal":
        raise StoreError(
            f"{database.where}：这个磁盘不能安全地存数据库；请把数据文件夹放在本机硬盘上"
        )
