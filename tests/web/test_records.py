"""What a server does with the records: first administrator, daily backup, closing."""

import threading
from pathlib import Path

import pytest

from assistant.accounts.model import COMMAND_LINE
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.backup import schedule
from assistant.backup.schedule import Schedule, parse_time, set_schedule
from assistant.files import InUse
from assistant.services import Settings
from assistant.store import StoreError, open_store
from assistant.store.database import FILE, sign_of
from assistant.web.records import open_records
from tests.contracts.records import NOW


def settings(folder: Path, database: str = "") -> Settings:
    return Settings(data=folder, database=database)


def test_the_first_start_tells_the_password_once_and_later_ones_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    with open_records(settings(tmp_path), told.append) as store:
        password = told[0].partition("一次性密码：")[2].partition("（")[0]
        _, person = Accounts(store, Passwords()).log_in("admin", password, "")
        assert person.must_change
    with open_records(settings(tmp_path), told.append):
        assert len(told) == 1
    sign = InUse(sign_of(tmp_path / FILE))
    assert sign.take(), "the store is closed when the server ends"
    sign.let_go()


def test_a_backup_that_is_due_is_made_while_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = threading.Event()
    real = schedule.make_backup

    def make(*args: object) -> object:
        result = real(*args)  # type: ignore[arg-type]
        made.set()
        return result

    monkeypatch.setattr(schedule, "make_backup", make)
    store = open_store(tmp_path)
    set_schedule(store, COMMAND_LINE, Schedule(parse_time("00:00"), 1), NOW)
    store.close()
    with open_records(settings(tmp_path), lambda _: None):
        assert made.wait(30)
    assert len(list((tmp_path / "backups").glob("zhize-*.tar.zst"))) == 1


def test_records_that_cannot_be_opened_stop_the_start(tmp_path: Path) -> None:
    address = "postgresql://zhize:secret@127.0.0.1:1/zhize"
    with (
        pytest.raises(StoreError, match="连不上"),
        open_records(settings(tmp_path, address), lambda _: None),
    ):
        pass
