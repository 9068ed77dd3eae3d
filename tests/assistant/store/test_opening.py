"""Opening a store: made once, upgraded from the first tables on, never harmed by a stranger."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from assistant.files import InUse
from assistant.store import StoreError, open_store
from assistant.store.database import FILE, connect, sign_of
from assistant.store.migrate import HEAD, SCRIPTS, revision_of, revisions, upgrade
from assistant.store.store import Store
from assistant.store.tables import metadata
from tests.contracts.records import make_answer, make_round
from tests.stores import Databases


def test_a_blank_database_gets_the_tables_of_today(databases: Databases) -> None:
    where = databases.blank()
    store = open_store(where)
    with store.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert revision_of(connection) == HEAD
    store.close()
    databases.drop(where)


def test_answers_kept_by_the_first_version_are_there_after_the_upgrade(
    databases: Databases,
) -> None:
    where = databases.blank()
    first = connect(where)
    first.hold()
    with first.write() as connection:
        upgrade(connection, "0001")
        assert revision_of(connection) == "0001"
    old, made = Store(first), make_round("r1")
    old.practice.add_round(made)
    old.practice.add_answer(make_answer(made, 1))
    old.close()
    store = open_store(where)
    assert [a.id for a in store.practice.answers("p1")] == ["r1-1"]
    assert store.practice.round("r1") == made
    with store.database.read() as connection:
        assert inspect(connection).has_table("audit")
    store.close()
    databases.drop(where)


def test_the_revisions_stand_in_one_line_and_end_at_the_head() -> None:
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_heads() == [HEAD]
    assert {s.revision for s in scripts.walk_revisions()} == revisions()


def test_many_starts_at_once_make_the_tables_once(databases: Databases) -> None:
    where = databases.blank()
    stores: list[Store] = []
    start = threading.Barrier(4)

    def begin() -> None:
        start.wait()
        stores.append(open_store(where))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    stores[0].practice.add_round(make_round("r1"))
    assert [r.id for r in stores[3].practice.rounds("p1")] == ["r1"]
    for store in stores:
        store.close()
    databases.drop(where)


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(
    databases: Databases,
) -> None:
    where = databases.made()
    newer = connect(where)
    with newer.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer.close()
    before = (where / FILE).read_bytes() if isinstance(where, Path) else b""
    with pytest.raises(StoreError, match="更新版本的程序建的，没有改动它"):
        open_store(where)
    assert (where / FILE).read_bytes() == before if isinstance(where, Path) else True
    newer = connect(where)
    with newer.read() as connection:
        assert revision_of(connection) == "9999"
    newer.close()
    databases.drop(where)


def test_a_file_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreError, match="别的程序的数据"):
        open_store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes("这不是数据库".encode() * 100)
    with pytest.raises(StoreError, match="已损坏") as caught:
        open_store(tmp_path)
    assert "\n" not in str(caught.value)


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.database.write() as connection:
        told = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert told == ["wal", 2, 1]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    store.close()


@pytest.mark.parametrize(("address", "said"), [
    ("mysql://a:secret@h/d", "不能用 mysql"),
    ("no address", "写得不对"),
    ("postgresql://a:secret@127.0.0.1:1/d", "连不上数据库服务器"),
    ("postgresql+psycopg://a:secret@no.such.host.invalid/d", "连不上数据库服务器"),
])  # fmt: skip
def test_an_address_that_cannot_be_used_is_told_without_the_password(
    address: str, said: str
) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        open_store(address)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("/postgres?", "/nowhere?", "没有这个库"),
    ("//postgres:", "//nobody:secret", "用户名或密码不对"),
])  # fmt: skip
def test_a_server_that_refuses_is_told_apart(postgres: str, old: str, new: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        open_store(postgres.replace(old, new))


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'psycopg\[binary\]'"):
        open_store("postgresql://a:b@h/d")


def test_the_commands_that_need_no_records_do_not_load_sqlalchemy() -> None:
    code = "import sys, assistant.cli, assistant.store; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "assistant.store.opening" in done.stdout
    assert not {"sqlalchemy", "alembic", "argon2"} & set(done.stdout.split())


def test_nobody_opens_a_store_while_another_holds_it_alone(tmp_path: Path) -> None:
    sign = InUse(sign_of(tmp_path / FILE))
    assert sign.take()
    with pytest.raises(StoreError, match="正在恢复备份"):
        open_store(tmp_path)
    sign.let_go()
    stores = [open_store(tmp_path) for _ in range(2)]
    assert not sign.take()
    for store in stores:
        store.close()
    assert sign.take()
    sign.let_go()
