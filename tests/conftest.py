"""Fixtures shared by all tests: the real library and an index built from the shipped vectors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.services import Services, Settings, build
from assistant.store import open_store
from kb.library import Library, load_library
from tests.stores import BACKENDS, Databases, running_server

if TYPE_CHECKING:
    from assistant.store.store import Store

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def library() -> Library:
    """The real library; read once."""
    return load_library()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a freshly built index of the safety scope."""
    folder = tmp_path_factory.mktemp("data")
    build(Settings(data=folder, whole_library=False), lambda phase, done, total: None)
    return folder


@pytest.fixture(scope="session")
def services(data_dir: Path) -> Services:
    """The services over that index, on a fixed day."""
    return Services.open(Settings(data=data_dir, whole_library=False), today=lambda: TODAY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that runs while the tests do."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session", params=BACKENDS)
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Databases of each kind that the store can use."""
    server = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    return Databases(request.param, server, tmp_path_factory.mktemp("databases"))


@pytest.fixture
def records_at(databases: Databases) -> Iterator[Path | str]:
    """Where a database without records is, of each kind."""
    where = databases.made()
    yield where
    databases.drop(where)


@pytest.fixture
def records(records_at: Path | str) -> Iterator[Store]:
    """A store without records, on each kind of database."""
    store = open_store(records_at)
    yield store
    store.close()
