"""The store: old state or new state, whatever happens; nothing is ever lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest

from assistant.errors import BadInputError
from assistant.importing import ImportStore, prepare, propose
from assistant.importing import store as module
from assistant.importing.proposal import accept
from assistant.importing.store import ImportingError, original_of
from kb.imports import Imported, ImportState
from kb.model import Document
from tests.assistant.importing import files

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc)
HELD: list[Document] = []


def make_store(root: Path) -> ImportStore:
    return ImportStore(root / "imports", lambda: NOW)


def put(root: Path, content: str, *, confirm: bool = False, name: str = "办法.txt") -> Imported:
    store = make_store(root)
    source = prepare(files.write(root, content, name))
    with store.writing():
        return accept(store, propose(source, HELD, store.read(), {}), confirm=confirm)


def texts(root: Path) -> list[str]:
    found = make_store(root).read()
    assert found.warnings == ()
    return [a.text for i in found.confirmed for a in i.articles]


def test_the_first_import(tmp_path: Path) -> None:
    stored = put(tmp_path, files.text())
    assert (stored.generation, stored.state) == (1, ImportState.CONFIRMED)
    assert stored.id.startswith("unit-")
    assert texts(tmp_path) == list(files.ARTICLES)
    kept = original_of(tmp_path / "imports", stored)
    assert kept.read_text(encoding="utf-8") == files.text()
    (entry,) = make_store(tmp_path).history()
    assert (entry.action, entry.title, entry.file) == ("import", files.TITLE, "办法.txt")
    assert entry.at == "2026-11-22T02:00:00Z"


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    first = put(tmp_path, files.text())
    assert put(tmp_path, files.text()) == first
    assert len(make_store(tmp_path).history()) == 1


def test_a_new_text_replaces_the_old_and_keeps_its_original(tmp_path: Path) -> None:
    first = put(tmp_path, files.text())
    second = put(tmp_path, files.text(second="网格员每天巡查烧烤店。"))
    assert (second.id, second.generation) == (first.id, 2)
    assert texts(tmp_path)[1] == "网格员每天巡查烧烤店。"
    assert original_of(tmp_path / "imports", first).read_text(encoding="utf-8") == files.text()
    assert [e.action for e in make_store(tmp_path).history()] == ["import", "replace"]


def test_a_text_with_gaps_waits_and_the_old_one_goes_on(tmp_path: Path) -> None:
    put(tmp_path, files.text())
    gap = files.text(skip=3)
    waiting = put(tmp_path, gap)
    assert waiting.state is ImportState.PENDING
    assert texts(tmp_path) == list(files.ARTICLES)
    confirmed = put(tmp_path, gap, confirm=True)
    assert (confirmed.state, confirmed.generation) == (ImportState.CONFIRMED, 2)
    assert len(texts(tmp_path)) == 3
    assert make_store(tmp_path).read().pending == ()
    actions = [e.action for e in make_store(tmp_path).history()]
    assert actions == ["import", "pending", "confirm"]


def test_a_waiting_text_can_be_given_up(tmp_path: Path) -> None:
    first = put(tmp_path, files.text())
    put(tmp_path, files.text(skip=3))
    target = make_store(tmp_path).remove(first.id, pending_only=True)
    assert (target / "document.json").is_file()
    assert make_store(tmp_path).read().pending == ()
    assert texts(tmp_path) == list(files.ARTICLES)


def test_removing_moves_and_importing_again_undoes(tmp_path: Path) -> None:
    stored = put(tmp_path, files.text())
    target = make_store(tmp_path).remove(stored.id)
    assert texts(tmp_path) == []
    assert (target / "0001" / "original.txt").read_text(encoding="utf-8") == files.text()
    again = put(tmp_path, files.text())
    assert again.id == stored.id
    assert texts(tmp_path) == list(files.ARTICLES)
    other = make_store(tmp_path).remove(stored.id)
    assert other != target
    assert other.is_dir()


@pytest.mark.parametrize("pending_only", [False, True])
def test_what_is_not_there_cannot_be_removed(tmp_path: Path, pending_only: bool) -> None:
    with pytest.raises(BadInputError, match="没有导入过"):
        make_store(tmp_path).remove("unit-0000000000", pending_only=pending_only)
    with pytest.raises(BadInputError, match="没有"):
        make_store(tmp_path).confirm("unit-0000000000")


def test_a_damaged_import_can_be_removed_and_imported_again(tmp_path: Path) -> None:
    stored = put(tmp_path, files.text())
    (tmp_path / "imports" / stored.id / "0001" / "document.json").write_text("x")
    again = put(tmp_path, files.text())
    assert texts(tmp_path) == list(files.ARTICLES)
    assert (again.id, again.generation) == (stored.id, 2)
    (tmp_path / "imports" / again.id / f"{again.generation:04d}" / "document.json").write_text("x")
    for doc_id in make_store(tmp_path).read().known:
        make_store(tmp_path).remove(doc_id)
    assert make_store(tmp_path).read().warnings == ()


def test_two_cannot_write_at_once(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    said: list[str] = []

    def other() -> None:
        try:
            with make_store(tmp_path).writing():
                said.append("in")
        except ImportingError as e:
            said.append(str(e))

    with store.writing():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert said == ["另一个导入正在进行；请等它结束后再试"]
    other()
    assert said[1] == "in"


def test_a_full_disk_is_one_sentence_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, files.text())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(ImportingError, match=r"No space left.*没有改动"):
        put(tmp_path, files.text(second="网格员每天巡查烧烤店。"))
    monkeypatch.undo()
    assert texts(tmp_path) == list(files.ARTICLES)


def test_a_history_line_that_was_cut_short_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, files.text())
    history = tmp_path / "imports" / "history.jsonl"
    history.write_bytes(history.read_bytes() + b'{"at": "2026')
    put(tmp_path, files.text(second="网格员每天巡查烧烤店。"))
    assert [e.action for e in make_store(tmp_path).history()] == ["import", "replace"]


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.importing import store
from tests.assistant.importing import test_store as t
folder, action, name, when = Path(sys.argv[1]), *sys.argv[2:]
real = getattr(store, name)
def die(*args):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(store, name, die)
made = t.make_store(folder)
if action == "put":
    t.put(folder, t.files.text(second="新的第二条。"))
elif action == "confirm":
    with made.writing():
        made.confirm(made.read().pending[0].id)
else:
    with made.writing():
        made.remove(made.read().confirmed[0].id)
"""
OLD = list(files.ARTICLES)
NEW = [OLD[0], "新的第二条。", *OLD[2:]]
GAP = [OLD[0], OLD[1], OLD[3]]


@pytest.mark.parametrize(
    ("action", "name", "when", "expected"),
    [
        ("put", "_copy", "before", OLD),
        ("put", "_copy", "after", OLD),
        ("put", "_write", "before", OLD),
        ("put", "_write", "after", OLD),
        ("put", "_sync", "after", OLD),
        ("put", "_move", "before", OLD),
        ("put", "_move", "after", NEW),
        ("put", "_append", "before", NEW),
        ("put", "_append", "after", NEW),
        ("confirm", "_write", "after", OLD),
        ("confirm", "_move", "before", OLD),
        ("confirm", "_move", "after", GAP),
        ("remove", "_move", "before", OLD),
        ("remove", "_move", "after", []),
    ],
)
def test_kill_9_leaves_the_old_state_or_the_new_one(
    tmp_path: Path, action: str, name: str, when: str, expected: list[str]
) -> None:
    put(tmp_path, files.text())
    if action == "confirm":
        put(tmp_path, files.text(skip=3))
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), action, name, when],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert texts(tmp_path) == expected
    put(tmp_path, files.text(second="再换一次。"))  # the lock is free, what was left is swept
    assert texts(tmp_path)[1] == "再换一次。"
    assert list((tmp_path / "imports").glob(".incoming-*")) == []
