"""One database, SQLite or PostgreSQL: connections, transactions, and what to say when it fails."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from assistant.files import InUse
from assistant.moves import finish_moves
from assistant.store.errors import ConflictError, StoreError

FILE = "zhize.db"
_BUSY = 15.0
"""Seconds to wait for another process that writes."""
_CONNECT = 5
"""Seconds to wait for a server."""
_POOL = {"pool_size": 8, "max_overflow": 32, "pool_timeout": 30}
_BEGIN = "zhize_begin"
_HOW = "如 postgresql+psycopg://用户:密码@主机:5432/库名"


class Database:
    """Transactions on one database. Safe to share between threads."""

    def __init__(self, engine: Engine, where: str, file: Path | None) -> None:
        self.engine, self.where, self.file = engine, where, file
        self._sign = InUse(sign_of(file)) if file else None
        self._turn = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.file is not None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads and sees one state of SQLite throughout."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is kept whole when the block ends, and dropped when it raises.

        ConflictError where a constraint forbids it; StoreError for all else. SQLite has one
        writer at a time: threads queue here, processes for up to 15 s at the file.
        """
        turn = self._turn if self.is_sqlite else contextlib.nullcontext()
        with self._explained(), turn, self.engine.connect() as plain:
            connection = plain.execution_options(**{_BEGIN: "IMMEDIATE"})
            with connection.begin():
                yield connection

    def hold(self) -> None:
        """Tell that the file is in use until `close`, and make it if there is none.

        StoreError while a restore takes place, or if the folder cannot be written. A restore that
        a killed program left half done is finished first.
        """
        if self.file is None or self._sign is None:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            if not self._sign.share():
                raise StoreError("正在恢复备份；请等它完成后再试")
            finish_moves(self.file.parent)
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as e:
            raise StoreError(
                f"{self.file} 打不开（{e.strerror or e}）；请检查权限和磁盘空间"
            ) from e

    def forget(self) -> None:
        """Clear the side file of SQLite, in which what was deleted may still stand.

        Readers that are busy just now keep it until the next time.
        """
        if self.is_sqlite:
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()
        if self._sign is not None:
            self._sign.let_go()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as e:
            raise ConflictError("这条记录与已有的记录冲突，没有存入；请刷新后再试") from e
        except PoolTimeoutError as e:
            raise StoreError("数据库太忙，没有存入；请稍后再试") from e
        except SQLAlchemyError as e:
            raise StoreError(why(e, self.where)) from e


def sign_of(file: Path) -> Path:
    """Return the file whose lock tells that a database file is in use."""
    return file.with_name(f".{file.name}.open")


def connect(where: Path | str) -> Database:
    """Return the database in a data folder (a path) or at an address; opens no connection yet.

    StoreError if the address is none, or the package for it is not installed.
    """
    if isinstance(where, Path):
        return _sqlite(where / FILE)
    text = re.sub(r"^postgres(?:ql)?(?:\+psycopg)?(?=://)", "postgresql+psycopg", where.strip())
    try:
        url = make_url(text)
    except ArgumentError as e:
        raise StoreError(f"ZHIZE_DATABASE 写得不对；请写成 {_HOW}，或去掉它") from e
    if url.get_backend_name() == "sqlite" and url.database:
        return _sqlite(Path(url.database))
    if url.drivername != "postgresql+psycopg":
        raise StoreError(
            f"ZHIZE_DATABASE 不能用 {url.drivername}；请写成 {_HOW}，或去掉它（数据就存在本机文件里）"
        )
    return _postgres(url)


def _sqlite(file: Path) -> Database:
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        connect_args={"timeout": _BUSY, "check_same_thread": False},
        **_POOL,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, str(file), file)


def _prepare_sqlite(raw: sqlite3.Connection, _record: Any) -> None:
    """FULL: what is committed is on the disk, whatever happens to program or power next.

    secure_delete: what is deleted of a person is not left in the file.
    """
    raw.isolation_level = None  # we say BEGIN ourselves, so that a writer waits its turn at once
    for setting in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "secure_delete = ON",
    ):
        raw.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    how = connection.get_execution_options().get(_BEGIN, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")


def _postgres(url: URL) -> Database:
    try:
        engine = create_engine(
            url,
            connect_args={"connect_timeout": _CONNECT, "application_name": "zhize"},
            pool_pre_ping=True,
            **_POOL,
        )
    except ModuleNotFoundError as e:
        raise StoreError(
            "连接 PostgreSQL 要用的 psycopg 没有安装；请运行 pip install 'psycopg[binary]'，"
            "或去掉 ZHIZE_DATABASE"
        ) from e
    return Database(engine, url.render_as_string(hide_password=True), None)


_REASONS = (
    (r"password authentication failed|no password supplied|role .* does not exist",
     "用户名或密码不对；请改 ZHIZE_DATABASE 里的用户名和密码"),
    (r"database .* does not exist", "服务器上没有这个库；请先建库，或改 ZHIZE_DATABASE 里的库名"),
    (r"no pg_hba.conf entry", "服务器不许本机连接；请管理员在 pg_hba.conf 里放行"),
    (r"permission denied", "这个用户没有权限；请管理员给它建表和读写的权限"),
    (r"remaining connection slots|too many clients|too many connections",
     "服务器的连接数满了；请稍后再试，或调大 max_connections"),
    (r"resolve host|refused|timeout expired|timed out|unreachable|No such file|is the server running"
     r"|could not connect|connection failed|closed the connection|terminating connection"
     r"|connection is (?:lost|closed)|shutting down|starting up",
     "连不上数据库服务器；请检查它是否开着、地址和端口对不对"),
    (r"database is locked", "数据库正被另一个程序占用；请稍后再试"),
    (r"disk is full|No space left|database or disk is full", "磁盘满了；请清出空间后再试"),
    (r"not a database|malformed|file is encrypted",
     "不是知责的数据库，或已损坏，没有改动它；请从备份恢复"),
    (r"readonly database|unable to open|attempt to write", "打不开或写不进；请检查权限和磁盘空间"),
    (r"disk I/O error", "磁盘读写出错；请检查磁盘后再试"),
)  # fmt: skip


def why(error: Exception, where: str) -> str:
    """Return one sentence on what a database said, and what to do."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    for pattern, sentence in _REASONS:
        if re.search(pattern, said, re.IGNORECASE):
            return f"{where}：{sentence}"
    first = said.strip().splitlines()[0][:200] if said.strip() else type(error).__name__
    return f"{where}：数据库出错（{first}）；没有改动，请重试；仍不行请看数据库的日志"
