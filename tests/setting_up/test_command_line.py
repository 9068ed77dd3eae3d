"""run.py: its arguments, the interpreter, what it shows, two at a time."""

from __future__ import annotations

import ast
import importlib.util
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setting_up.fakes import NETWORK, ROOT, Fake, probed, run, stamped

# --- the command line


def test_bare_call_serves_on_loopback() -> None:
    options = run.parse_args([])
    assert (options.command, options.host, options.port) == ("serve", "127.0.0.1", "7860")
    assert options.build
    assert not options.light
    assert options.open == []


def test_serve_takes_address_and_browser_choice() -> None:
    options = run.parse_args(["--host", "10.0.0.1", "--port=8000", "--no-open", "--light"])
    assert (options.host, options.port, options.open) == ("10.0.0.1", "8000", ["--no-open"])
    assert options.light


def test_test_hands_unknown_arguments_to_pytest_in_order() -> None:
    options = run.parse_args(["test", "--no-build", "-k", "not slow", "tests/a.py", "-x"])
    assert options.pytest == ["-k", "not slow", "tests/a.py", "-x"]
    assert not options.build
    assert not options.install_browser


@pytest.mark.parametrize(
    "argv",
    [
        ["install"],
        ["setup", "--fast"],
        ["setup", "--port", "80"],
        ["--port"],
        ["--port", "0x1F"],
        ["--light=1"],
        ["--wheels", "/no/such/folder"],
    ],
)
def test_wrong_call_prints_one_usage_line_and_exits_2(
    argv: list[str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake(root, lambda line: (0, ""))
    assert run.main(argv, fake, (3, 11)) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "参数有误" in error
    assert "用法" in error
    assert fake.calls == []


def test_help_is_chinese_with_english_beside_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--help"], Fake(root, lambda line: (0, "")), (3, 11)) == 0
    shown = capsys.readouterr().out
    assert "安装" in shown
    assert "serve" in shown
    for option in ("--light", "--host", "--open", "--wheels", "--no-build", "--install-browser"):
        assert option in shown


# --- the interpreter


def test_source_parses_as_python_3_8() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_old_python_without_a_newer_one_is_refused_in_one_sentence(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake(root, lambda line: (127, "pyenv: python3.12: command not found"))
    assert run.main([], fake, (3, 8)) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "需要 Python 3.10" in error


def test_old_python_hands_over_to_a_newer_one(root: Path) -> None:
    fake = Fake(root, lambda line: (0, "/opt/py312\n" if line.startswith("python3.12") else ""))
    assert run.main(["setup", "--light"], fake, (3, 9)) == 0
    assert fake.shown[0][0].startswith("/opt/py312 ")
    assert fake.shown[0][0].endswith("run.py setup --light")


# --- what is shown


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("Collecting numpy==2.1.0 (from -r a.lock (line 3))", ("收集", "numpy")),
        ("  Downloading scikit_learn-1.7.2-cp311-x86_64.whl (9.3 MB)", ("下载", "scikit-learn")),
        ("  Using cached https://host/simple/six-1.17.0-py2.whl (11 kB)", ("下载", "six")),
        ("Processing /opt/x/six-1.17.0-py2.whl (from -r b-1/c.lock)", ("收集", "six")),
        ("Requirement already satisfied: six==1.17.0 in ./lib", ("已有", "six")),
        ("  Building wheel for jieba (pyproject.toml): started", ("构建", "jieba")),
        ("Installing collected packages: six, idna, numpy", ("写入", "3 个包")),
        (NETWORK, ("软件源没有应答", "retrying")),
        ("Get:3 http://deb.debian.org/debian a/main amd64 chromium amd64 1", ("下载", "chromium")),
        ("Setting up chromium-driver (140.0) ...", ("安装", "chromium-driver")),
        ("Looking in indexes: https://index.example/simple", None),
        ("Successfully installed six-1.17.0", None),
    ],
)
def test_progress_line(line: str, event: tuple[str, str] | None) -> None:
    assert run.progress(line) == event


def test_log_shows_each_package_once(screen: run.Screen, out: io.StringIO) -> None:
    with screen.phase("[1/1] 基础组件"):
        for line in ("Collecting six==1", "  Downloading six-1-py3.whl", "Collecting idna==3"):
            screen.note(line, io.StringIO())
    lines = out.getvalue().splitlines()
    assert lines[:3] == ["[1/1] 基础组件 …", "  收集 six", "  收集 idna"]
    assert lines[3].startswith("[1/1] 基础组件：完成，")
    assert len(lines) == 4


def test_failed_phase_is_not_called_done(screen: run.Screen, out: io.StringIO) -> None:
    with pytest.raises(ZeroDivisionError), screen.phase("甲"):
        raise ZeroDivisionError
    assert "甲：未完成" in out.getvalue()


# --- two at a time


def test_lock_of_a_live_process_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text(str(os.getppid()))
    with pytest.raises(run.SetupError, match="另一个"), run.exclusive(path):
        pass
    assert path.exists()


def test_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path.write_text(str(ended.pid))
    with run.exclusive(path):
        assert path.read_text() == str(os.getpid())
    assert not path.exists()


def test_serving_keeps_a_light_environment_light(
    root: Path, monkeypatch: pytest.MonkeyPatch, screen: run.Screen
) -> None:
    fake = Fake(root, lambda line: (0, probed()))
    stamped(fake, "light")
    started: list[list[str]] = []

    def execve(path: str, args: list[str], env: dict[str, str]) -> None:
        started.append(args)

    monkeypatch.setattr(os, "chdir", lambda path: None)
    monkeypatch.setattr(os, "execve", execve)
    run.start(run.parse_args(["--open"]), fake, screen)
    assert " ".join(started[0][1:]) == (
        "-m assistant.cli serve --host 127.0.0.1 --port 7860 --open"
    )
    assert not any(" install " in call for call in fake.calls)


def test_importing_run_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("run_again", ROOT / "run.py")
    assert spec
    assert spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert capsys.readouterr() == ("", "")
