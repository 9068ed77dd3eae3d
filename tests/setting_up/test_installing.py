"""run.py: stamps, setup, repair, pip's failures, torch's order."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.setting_up.fakes import NETWORK, Fake, probed, run, stamped

# --- lock files and the stamp


def test_pins_follow_includes_and_drop_comments(root: Path) -> None:
    assert run.pins(root / "requirements" / "full.lock") == [
        "setuptools==80.9.0",
        "six==1.17.0",
        "torch==2.13.0",
    ]


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
