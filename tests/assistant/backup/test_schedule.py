"""The daily backup: when it is due, made once, the old ones cleared, failures told."""

import threading
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from assistant.accounts.errors import NotAllowedError
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.backup import schedule as module
from assistant.backup.errors import BackupError
from assistant.backup.schedule import (
    Schedule,
    due,
    last_outcome,
    parse_time,
    read_schedule,
    run_if_due,
    set_schedule,
    watch,
)
from assistant.cli import main
from assistant.errors import BadInputError
from assistant.store import open_store
from tests.contracts.records import NOW

CHINA = timezone(timedelta(hours=8))
DAILY = Schedule(time(2, 30), 2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(("done", "now", "expected"), [
    (None, at(22, 2, 29), False),
    (None, at(22, 2, 30), True),
    ({"day": "2026-11-22", "again": ""}, at(22, 3), False),
    ({"day": "2026-11-22", "again": ""}, at(23, 2, 29), False),
    ({"day": "2026-11-22", "again": ""}, at(23, 23), True),
    ({"day": "2026-11-22", "again": at(22, 4).isoformat()}, at(22, 3, 59), False),
    ({"day": "2026-11-22", "again": at(22, 4).isoformat()}, at(22, 4), True),
])  # fmt: skip
def test_a_backup_is_due_once_a_day_and_again_after_a_failure(
    done: object, now: datetime, expected: bool
) -> None:
    assert due(DAILY, done, now) == expected
    assert not due(None, done, now)


def test_the_newest_are_kept_and_other_files_left_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert run_if_due(tmp_path, tmp_path, store, at(1, 3)) is None
    set_schedule(store, COMMAND_LINE, DAILY, NOW)
    assert read_schedule(store) == DAILY
    for day in (1, 2, 3):
        assert run_if_due(tmp_path, tmp_path, store, at(day, 1)) is None
        made = run_if_due(tmp_path, tmp_path, store, at(day, 3))
        assert made is not None
        assert made.exists()
        assert run_if_due(tmp_path, tmp_path, store, at(day, 4)) is None
        (tmp_path / "backups/my own.tar.zst").touch()
    names = sorted(p.name for p in (tmp_path / "backups").iterdir())
    assert names == [
        "my own.tar.zst", "zhize-20261102-030000.tar.zst", "zhize-20261103-030000.tar.zst",
    ]  # fmt: skip
    outcome = last_outcome(store)
    assert outcome is not None
    assert (outcome.file, outcome.problem) == (names[-1], "")
    store.close()


def test_of_many_processes_one_makes_the_backup(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    set_schedule(store, COMMAND_LINE, DAILY, NOW)
    made, start = [], threading.Barrier(3)

    def run() -> None:
        start.wait()
        made.append(run_if_due(tmp_path, tmp_path, store, at(1, 3)))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert sum(m is not None for m in made) == 1
    store.close()


def test_what_hindered_a_backup_is_told_and_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BackupError("磁盘满了")

    store = open_store(tmp_path)
    set_schedule(store, COMMAND_LINE, DAILY, NOW)
    with monkeypatch.context() as patch:
        patch.setattr(module, "make_backup", full)
        assert run_if_due(tmp_path, tmp_path, store, at(1, 3)) is None
    outcome = last_outcome(store)
    assert outcome is not None
    assert outcome.problem == "磁盘满了"
    assert run_if_due(tmp_path, tmp_path, store, at(1, 3, 59)) is None
    assert run_if_due(tmp_path, tmp_path, store, at(1, 4)) is not None
    store.close()


def test_the_watch_makes_what_is_due_and_stops(tmp_path: Path) -> None:
    store, stop = open_store(tmp_path), threading.Event()
    set_schedule(store, COMMAND_LINE, DAILY, NOW)

    def now() -> datetime:
        stop.set()
        return at(1, 3)

    watch(tmp_path, tmp_path, store, stop, now)
    assert [p.name for p in (tmp_path / "backups").iterdir()] == ["zhize-20261101-030000.tar.zst"]
    store.close()


def test_what_cannot_be_set_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(BadInputError, match="1 到"):
        set_schedule(store, COMMAND_LINE, Schedule(time(2), 0), NOW)
    with pytest.raises(NotAllowedError):
        set_schedule(store, Actor("p1", Role.TRAINER), DAILY, NOW)
    for text in ("25:00", "2", "", "02:60", "noon"):
        with pytest.raises(BadInputError, match="不是时间"):
            parse_time(text)
    assert parse_time("2：05") == time(2, 5)
    assert read_schedule(store) is None
    store.close()


def test_the_commands_back_up_restore_and_set_the_daily_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHIZE_DATABASE", "")
    file = str(tmp_path / "b.tar.zst")
    assert main(["users", "add", "w1", "--name", "张三"]) == 0
    assert main(["backup", file]) == 0
    assert "1 个账号" in capsys.readouterr().out
    assert main(["restore", file]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main(["restore", file, "--yes"]) == 0
    assert "before-restore" in capsys.readouterr().out
    assert main(["backup", "--daily", "02:30", "--keep", "3"]) == 0
    store = open_store(tmp_path / "data")
    assert read_schedule(store) == Schedule(time(2, 30), 3)
    store.close()
    assert main(["backup", "--daily", "off"]) == 0
    for wrong in (["backup"], ["backup", file, "--daily", "off"], ["restore", "nowhere"]):
        capsys.readouterr()
        assert main(wrong) == 2
        assert capsys.readouterr().err.count("\n") == 1
