"""Fixtures shared by all tests: the real library and an index built from the shipped vectors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.services import Services, Settings, build
from kb.library import Library, load_library

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
