"""run.py test: every check, and the browser that it needs."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest

from tests.setting_up.fakes import Fake, run


def test_every_check_runs_and_pytest_comes_last(
    root: Path, screen: run.Screen, out: io.StringIO
) -> None:
    fake = Fake(root, lambda line: (1 if "mypy" in line else 0, ""))
    assert run.check(run.parse_args(["test", "-x"]), fake, screen) == 1
    keys = ["cli build", "ruff check", "ruff format --check", "mypy", "lint_imports", "pytest -x"]
    assert [key in line for key, (line, _) in zip(keys, fake.shown, strict=True)] == [True] * 6
    text = out.getvalue()
    assert text.index("未通过 mypy") < text.index("== pytest ==")
    assert text.partition("== pytest ==")[2].strip() == "未通过：mypy"


def test_ci_demands_the_browser(
    root: Path, screen: run.Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    fake = Fake(root, lambda line: (0, ""))
    assert run.check(run.parse_args(["test", "--no-build"]), fake, screen) == 0
    assert fake.shown[-1][1] == {"ZHIZE_REQUIRE_BROWSER": "1"}


@pytest.mark.parametrize(("wanted", "uid", "installs"), [(1, 0, 2), (0, 0, 0), (1, 1000, 0)])
def test_browser_is_installed_only_for_a_root_who_wants_it(
    wanted: int,
    uid: int,
    installs: int,
    root: Path,
    screen: run.Screen,
    out: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: "x" if name == "apt-get" else None)
    fake = Fake(root, lambda line: (0, ""))
    run.Installer(fake, screen).browser(bool(wanted))
    assert sum(call.startswith("apt-get") for call in fake.calls) == installs
    assert ("缺少Chromium" in out.getvalue()) == (installs == 0)
