"""A backup restored gives the same rows and files; whatever goes wrong, nothing is changed."""

import json
import shutil
import sqlite3
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import create_engine, text

from assistant.accounts.errors import NotAllowedError
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.backup.archive import Manifest, pack, unpack
from assistant.backup.create import make_backup
from assistant.backup.errors import BackupError
from assistant.backup.restore import restore
from assistant.errors import BadInputError
from assistant.moves import Moves, Moving
from assistant.practice.model import Answer
from assistant.store import open_store
from assistant.store.database import FILE, connect
from assistant.store.migrate import upgrade
from assistant.store.store import Store
from tests.assistant.backup.conftest import FILES, content, files, fill, write_files
from tests.contracts.records import NOW, later, make_answer, make_round
from tests.stores import BACKENDS, Databases, blank_at


@pytest.fixture
def backup(data: Path, tmp_path: Path) -> Path:
    """A backup of the data folder."""
    made = tmp_path / "b.tar.zst"
    make_backup(COMMAND_LINE, data, data, made, NOW)
    return made


@pytest.mark.parametrize("into", BACKENDS)
def test_a_backup_restored_into_nothing_gives_the_same(
    databases: Databases, records: Store, records_at: Path | str, into: str, tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    fill(records)
    write_files(tmp_path / "old")
    before, made = content(records_at), tmp_path / "b.tar.zst"
    manifest = make_backup(COMMAND_LINE, tmp_path / "old", records_at, made, NOW)
    assert set(FILES) <= set(manifest.files)
    new: Path | str = tmp_path / "new"
    if into == "postgres":
        server = request.getfixturevalue("postgres")
        new = blank_at(server, f"restored_{databases.backend}")
    done = restore(COMMAND_LINE, tmp_path / "new", new, made, later(days=1), replace=False)
    assert content(new) == before
    assert files(tmp_path / "new") == FILES
    assert (done.kept, done.kept_schema) == (None, None)
    assert done.counts["answers"] == 3
    store = open_store(new)
    assert store.practice.add_answer(make_answer(make_round("r1"), 3))
    assert store.practice.answers("p1")[-1].seq > 3
    store.close()


def test_what_is_there_is_kept_aside_in_files(data: Path, backup: Path, tmp_path: Path) -> None:
    before = content(data)
    other = tmp_path / "other"
    store = open_store(other)
    store.practice.add_round(make_round("theirs"))
    store.close()
    (other / "papers").mkdir()
    (other / "papers/theirs.json").write_text("旧")
    with pytest.raises(BadInputError, match="--yes"):
        restore(COMMAND_LINE, other, other, backup, NOW, replace=False)
    assert files(other) == {"papers/theirs.json": "旧"}
    done = restore(COMMAND_LINE, other, other, backup, NOW, replace=True)
    assert content(other) == before
    assert files(other) == FILES
    assert done.kept is not None
    assert files(done.kept) == {"papers/theirs.json": "旧"}
    assert [r.id for r in content(done.kept)["rounds"][0]] == ["theirs"]
    assert (other / FILE).stat().st_mode & 0o077 == 0
    assert not list(other.glob(".restore-*"))


def test_what_is_there_is_kept_aside_in_postgresql(
    postgres: str, backup: Path, data: Path, tmp_path: Path
) -> None:
    where = blank_at(postgres, "kept_aside")
    store = open_store(where)
    store.practice.add_round(make_round("theirs"))
    store.close()
    done = restore(COMMAND_LINE, tmp_path / "new", where, backup, NOW, replace=True)
    assert content(where) == content(data)
    engine = create_engine(where)
    with engine.connect() as connection:
        kept = connection.execute(text(f"SELECT id FROM {done.kept_schema}.rounds"))  # noqa: S608
        assert kept.scalars().all() == ["theirs"]
    engine.dispose()


def test_a_failure_in_postgresql_leaves_rows_and_files(
    postgres: str, data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = blank_at(postgres, "left_alone")
    store = open_store(where)
    store.practice.add_round(make_round("theirs"))
    store.close()

    def full(self: Moving, moves: Moves) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Moving, "do", full)
    with pytest.raises(BackupError, match="没有改动"):
        restore(COMMAND_LINE, data, where, backup, NOW, replace=True)
    assert [r.id for r in content(where)["rounds"][0]] == ["theirs"]
    assert files(data) == FILES


def test_nobody_is_logged_in_after_a_restore(data: Path, tmp_path: Path) -> None:
    store = open_store(data)
    accounts = Accounts(store, Passwords(1, 8))
    first = connect(data)
    with first.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 1
    first.close()
    assert accounts.who("made-up") is None
    made = tmp_path / "b.tar.zst"
    make_backup(COMMAND_LINE, data, data, made, NOW)
    store.close()
    restore(COMMAND_LINE, tmp_path / "new", tmp_path / "new", made, NOW, replace=False)
    again = sqlite3.connect(tmp_path / "new" / FILE)
    assert again.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    again.close()


def test_a_backup_made_while_people_answer_has_one_state(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    made = make_round("r", size=400)
    store.practice.add_round(made)
    started, stop = threading.Event(), threading.Event()

    def answer() -> None:
        for n in range(1, 401):
            store.practice.add_answer(make_answer(made, n))
            if n == 20:
                started.set()
            if stop.is_set():
                return

    worker = threading.Thread(target=answer)
    worker.start()
    assert started.wait(30)
    file = tmp_path / "b.tar.zst"
    manifest = make_backup(COMMAND_LINE, tmp_path / "data", tmp_path / "data", file, NOW)
    stop.set()
    worker.join()
    store.close()
    restore(COMMAND_LINE, tmp_path / "new", tmp_path / "new", file, NOW, replace=False)
    kept: tuple[Answer, ...] = content(tmp_path / "new")["answers"]
    assert [a.n for a in kept] == list(range(1, len(kept) + 1))
    assert len(kept) == manifest.counts["answers"] >= 20


def test_a_running_program_is_not_restored_over(data: Path, backup: Path) -> None:
    before = content(data)
    store = open_store(data)
    with pytest.raises(BadInputError, match="正在运行"):
        restore(COMMAND_LINE, data, data, backup, NOW, replace=True)
    store.close()
    assert content(data) == before


def spoilt(backup: Path, how: str) -> None:
    whole = backup.read_bytes()
    spoiling = {
        "cut short": whole[: len(whole) // 2],
        "one byte": whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:],
        "empty": b"",
        "foreign": b"something else" * 50,
        "packed but no tar": zstandard.compress(b"something else" * 50),
    }
    backup.write_bytes(spoiling[how])


@pytest.mark.parametrize("how", ["cut short", "one byte", "empty", "foreign", "packed but no tar"])
def test_a_damaged_or_foreign_file_changes_nothing(data: Path, backup: Path, how: str) -> None:
    before = content(data)
    spoilt(backup, how)
    with pytest.raises(BackupError, match="没有改动") as caught:
        restore(COMMAND_LINE, data, data, backup, NOW, replace=True)
    assert "\n" not in str(caught.value)
    assert content(data) == before
    assert files(data) == FILES
    assert not list(data.glob("before-restore-*"))


def repacked(backup: Path, folder: Path, **changes: object) -> Path:
    """The same backup with another manifest."""
    manifest = replace(unpack(backup, folder), **changes)  # type: ignore[arg-type]
    made = backup.with_name("changed.tar.zst")
    pack(made, [(name, folder / name) for name in manifest.files], manifest)
    return made


@pytest.mark.parametrize(("changes", "said"), [
    ({"revision": "9999"}, "更新版本"),
    ({"kind": "cloud"}, "更新版本"),
    ({"counts": {"answers": 99}}, "与清单不符"),
])  # fmt: skip
def test_a_backup_that_does_not_fit_changes_nothing(
    data: Path, backup: Path, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    before = content(data)
    with pytest.raises(BackupError, match=said):
        restore(
            COMMAND_LINE, data, data, repacked(backup, tmp_path / "x", **changes), NOW,
            replace=True,
        )  # fmt: skip
    assert content(data) == before


def test_an_entry_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    made, manifest = tmp_path / "b.tar.zst", Manifest("", "", "sqlite", "0001", {})
    pack(made, [("../evil-2", tmp_path / "evil")], manifest)
    with pytest.raises(BackupError):
        restore(COMMAND_LINE, tmp_path / "new", tmp_path / "new", made, NOW, replace=False)
    assert not (tmp_path / "evil-2").exists()
    with zstandard.open(made, "wb") as f, tarfile.open(fileobj=f, mode="w|") as tar:
        link = tarfile.TarInfo("imports/x")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(link)
    with pytest.raises(BackupError):
        restore(COMMAND_LINE, tmp_path / "new", tmp_path / "new", made, NOW, replace=False)


def test_a_backup_of_the_first_version_is_restored_into_the_tables_of_today(
    tmp_path: Path,
) -> None:
    old = connect(tmp_path / "old")
    old.hold()
    with old.write() as connection:
        upgrade(connection, "0001")
    store, made = Store(old), make_round("r1")
    store.practice.add_round(made)
    store.practice.add_answer(make_answer(made, 1))
    store.close()
    manifest = Manifest("2026-01-01T00:00:00Z", "", "sqlite", "0001", {"answers": 1})
    pack(tmp_path / "b.tar.zst", [(FILE, tmp_path / "old" / FILE)], manifest)
    restore(
        COMMAND_LINE, tmp_path / "new", tmp_path / "new", tmp_path / "b.tar.zst", NOW,
        replace=False,
    )  # fmt: skip
    assert [a.id for a in content(tmp_path / "new")["answers"]] == ["r1-1"]


def test_a_move_that_fails_takes_the_others_back(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real, count = content(data), Path.rename, []

    def rename(self: Path, target: Path) -> Path:
        count.append(target)
        if len(count) == 8:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(BackupError, match="没有改动"):
        restore(COMMAND_LINE, data, data, backup, NOW, replace=True)
    monkeypatch.setattr(Path, "rename", real)
    assert len(count) > 8
    assert content(data) == before
    assert files(data) == FILES


def test_a_restore_that_was_killed_is_finished_when_the_store_is_opened(
    data: Path, tmp_path: Path
) -> None:
    kept = data / "before-restore-x"
    kept.mkdir()
    aside = data / ".restore-x"
    shutil.copytree(data, aside, ignore=shutil.ignore_patterns(".*", "before*"))
    (data / "papers").rename(kept / "papers")
    rows = [["papers", "before-restore-x/papers"], [FILE, f"before-restore-x/{FILE}"],
            [".restore-x/papers", "papers"], [f".restore-x/{FILE}", FILE]]  # fmt: skip
    (data / ".moving.json").write_text(json.dumps(rows))
    assert content(data)["answers"]
    assert files(data) == FILES
    assert (kept / FILE).exists()
    assert not (data / ".moving.json").exists()


def test_only_an_administrator_backs_up_and_restores(data: Path, tmp_path: Path) -> None:
    for role in set(Role) - {Role.ADMIN, Role.VISITOR}:
        with pytest.raises(NotAllowedError):
            make_backup(Actor("p1", role), data, data, tmp_path / "b.tar.zst", NOW)
        with pytest.raises(NotAllowedError):
            restore(Actor("p1", role), data, data, tmp_path / "b.tar.zst", NOW, replace=True)
    assert not (tmp_path / "b.tar.zst").exists()


def test_who_backed_up_and_restored_is_in_the_audit_log(data: Path, backup: Path) -> None:
    restore(Actor("p0", Role.ADMIN, "10.0.0.9"), data, data, backup, NOW, replace=True)
    store = open_store(data)
    (line,) = store.audit.lines(action="backup.restore")
    assert (line.actor, line.detail) == ("p0", {"file": "b.tar.zst"})
    store.close()


@pytest.mark.parametrize(("name", "said"), [("b.zip", "结尾"), ("nowhere/b.tar.zst", "没有文件夹")])
def test_a_name_that_cannot_be_written_is_told(
    data: Path, tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        make_backup(COMMAND_LINE, data, data, tmp_path / name, NOW)


def test_a_full_disk_leaves_no_half_backup(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()

    def full(self: tarfile.TarFile, info: tarfile.TarInfo, f: object = None) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(BackupError, match="磁盘空间"):
        make_backup(COMMAND_LINE, data, data, backup, NOW)
    assert backup.read_bytes() == before
    assert [p.name for p in backup.parent.iterdir() if p.name.startswith(".")] == []
