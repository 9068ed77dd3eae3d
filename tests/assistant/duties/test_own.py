"""A unit's own additions: kept apart, never lost, never half-written."""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest

import assistant.files as files
from assistant.duties import DutyBook
from assistant.duties.own import FILE, MAX_TEXT, OwnStore, OwnStoreError, locator_key
from assistant.errors import BadInputError
from kb.errors import UnknownBearerError

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=timezone.utc)


@pytest.fixture
def bearer(book: DutyBook) -> str:
    return book.table.find("镇政府").id


@pytest.fixture
def store(tmp_path: Path) -> OwnStore:
    return OwnStore(tmp_path / "own", lambda: NOW)


def test_nothing_was_added_at_first(store: OwnStore, bearer: str) -> None:
    own = store.of(bearer)
    assert not own
    assert (own.duties, own.notes) == ((), ())


def test_additions_keep_order_and_belong_to_one_bearer(
    store: OwnStore, book: DutyBook, bearer: str, tmp_path: Path
) -> None:
    first = store.add(bearer, " 每周开会一次。\r\n记录存档。 ", "制度第三条")
    second = store.add(bearer, "每月演练。")
    other = store.add(book.table.find("老板").id, "签字。")
    again = OwnStore(tmp_path / "own").of(bearer)
    assert [d.text for d in again.duties] == ["每周开会一次。\n记录存档。", "每月演练。"]
    assert again.duties[0].basis == "制度第三条"
    assert again.duties[0].at == "2026-11-22T09:30:00Z"
    assert len({first.id, second.id, other.id}) == 3


def test_an_edited_addition_keeps_its_place(store: OwnStore, bearer: str) -> None:
    first = store.add(bearer, "甲")
    store.add(bearer, "乙")
    store.edit(bearer, first.id, "丙", "会议纪要")
    assert [(d.text, d.basis) for d in store.of(bearer).duties] == [("丙", "会议纪要"), ("乙", "")]


def test_the_id_of_a_removed_addition_is_not_given_again(store: OwnStore, bearer: str) -> None:
    gone = store.add(bearer, "甲")
    assert store.remove(bearer, gone.id) == gone
    assert not store.of(bearer)
    assert store.add(bearer, "乙").id != gone.id
    with pytest.raises(BadInputError, match="不在了"):
        store.remove(bearer, gone.id)
    with pytest.raises(BadInputError, match="不在了"):
        store.edit(bearer, gone.id, "丙")


def test_a_note_replaces_the_one_before_and_nothing_removes_it(
    store: OwnStore, book: DutyBook, bearer: str
) -> None:
    key = locator_key(book.list_for(bearer).lines[0])
    assert key == "law 第一条"
    store.note(bearer, key, "一")
    store.note(bearer, key, "二")
    assert store.of(bearer).note_on(key) == "二"
    assert len(store.of(bearer).notes) == 1
    assert store.of(bearer).note_on("law 第二条") == ""
    store.note(bearer, key, "  ")
    assert not store.of(bearer)


@pytest.mark.parametrize(
    ("text", "basis", "said"),
    [("", "", "空"), (" \n\x00 ", "", "空"), ("字" * (MAX_TEXT + 1), "", "最多"), ("好", "长" * 2001, "依据")],
)  # fmt: skip
def test_unusable_words_are_refused_and_nothing_is_stored(
    store: OwnStore, bearer: str, tmp_path: Path, text: str, basis: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        store.add(bearer, text, basis)
    assert not (tmp_path / "own" / FILE).exists()


def test_characters_that_office_files_cannot_hold_are_dropped(store: OwnStore, bearer: str) -> None:
    assert store.add(bearer, "甲\x0b乙\ud800丙\x07\x1b").text == "甲乙丙"


def test_an_unknown_bearer_is_refused(store: OwnStore) -> None:
    with pytest.raises(UnknownBearerError):
        store.add("nobody", "甲")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"form": 2, "next": 1, "bearers": {}}', b'{"form": 1, "next": "1", "bearers": {}}',
     b'{"form": 1, "next": 1, "bearers": {"x": {"duties": [], "notes": [{"key": 1, "text": "", "at": ""}]}}}',
     b'{"form": 1, "next": 1, "bearers": {"x": {"duties": [{"id": "1"}], "notes": []}}}', b"\xff"],
)  # fmt: skip
def test_a_damaged_file_is_told_and_left_as_it_is(
    store: OwnStore, bearer: str, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "own" / FILE
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(OwnStoreError, match="损坏"):
        store.of(bearer)
    with pytest.raises(OwnStoreError, match="损坏"):
        store.add(bearer, "甲")
    assert path.read_bytes() == content


def test_a_full_disk_leaves_the_old_state_and_nothing_aside(
    store: OwnStore, bearer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(bearer, "甲")

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OwnStoreError, match="磁盘空间"):
        store.add(bearer, "乙")
    monkeypatch.undo()
    assert [d.text for d in store.of(bearer).duties] == ["甲"]
    assert sorted(p.name for p in (tmp_path / "own").iterdir()) == [".lock", FILE]


def test_a_folder_that_is_a_file_is_told(bearer: str, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("")
    with pytest.raises(OwnStoreError):
        OwnStore(tmp_path / "own").add(bearer, "甲")


def test_writers_at_one_time_lose_nothing_of_each_other(bearer: str, tmp_path: Path) -> None:
    def write(name: str) -> None:
        store = OwnStore(tmp_path / "own")
        for n in range(10):
            store.add(bearer, f"{name}{n}")

    threads = [threading.Thread(target=write, args=(name,)) for name in "甲乙丙"]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    duties = OwnStore(tmp_path / "own").of(bearer).duties
    assert len({d.text for d in duties}) == 30
    assert len({d.id for d in duties}) == 30
