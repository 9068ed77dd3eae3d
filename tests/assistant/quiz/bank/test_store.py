from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from assistant.quiz.bank import Role, read_bank
from assistant.quiz.bank.store import BankStore, BankStoreError

CSV = "题干,选项,答案\n水果是（）,A.苹果B.石头,A\n坏题,A.苹果B.石头,C\n"


@pytest.fixture
def store(tmp_path: Path) -> BankStore:
    return BankStore(tmp_path / "banks", lambda: datetime(2026, 11, 22, tzinfo=timezone.utc))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "水果.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_a_bank_comes_back_as_it_was_read(store: BankStore, file: Path) -> None:
    bank, new = store.add(file)
    assert new
    assert store.list() == (bank,)
    assert store.get(bank.id).imported == read_bank(file).imported()
    assert store.original(bank).read_bytes() == file.read_bytes()
    assert (bank.file, bank.at) == ("水果.csv", "2026-11-22T00:00:00Z")


def test_the_same_file_is_recognised_under_any_name(store: BankStore, file: Path) -> None:
    first, _ = store.add(file)
    other = file.with_name("又是水果.csv")
    other.write_bytes(file.read_bytes())
    again, new = store.add(other)
    assert (again, new) == (first, False)
    assert len(store.list()) == 1


def test_a_corrected_mapping_takes_the_place_of_the_first(store: BankStore, file: Path) -> None:
    first, _ = store.add(file)
    mapping = first.mapping.with_role("", 1, Role.IGNORED)
    second, new = store.add(file, mapping)
    assert new
    assert second.id == first.id
    assert store.get(first.id).mapping == mapping
    assert not store.get(first.id).imported.questions


def test_a_removed_bank_is_gone_from_the_list_but_not_deleted(store: BankStore, file: Path) -> None:
    bank, _ = store.add(file)
    where = store.remove(bank.id)
    assert store.list() == ()
    assert (where / "original.csv").read_bytes() == file.read_bytes()
    with pytest.raises(BadInputError, match=bank.id):
        store.remove(bank.id)
    assert store.add(file)[1]


def test_a_file_that_is_no_bank_leaves_nothing_behind(store: BankStore, tmp_path: Path) -> None:
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    with pytest.raises(BadInputError):
        store.add(bad)
    assert not store.root.exists()


def test_what_a_killed_import_left_aside_is_swept(store: BankStore, file: Path) -> None:
    (store.root / ".incoming-1").mkdir(parents=True)
    bank, _ = store.add(file)
    assert {p.name for p in store.root.iterdir()} == {".lock", bank.id}


def test_a_damaged_record_is_told_not_passed_over(store: BankStore, file: Path) -> None:
    bank, _ = store.add(file)
    (store.root / bank.id / "bank.json").write_text("{", encoding="utf-8")
    with pytest.raises(BankStoreError, match="损坏"):
        store.list()
