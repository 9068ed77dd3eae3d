"""Drafts: kept after every change, taken back, found again, cleared away."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

import assistant.files as files
from assistant.errors import BadInputError
from assistant.quiz.drafts import LONGEST_KEPT, MOST_UNDONE, Draft, DraftError, DraftStore
from assistant.quiz.paper import Paper, lock
from assistant.quiz.source import Source

NOW = 1_800_000_000.0


def opened(root: Path | None) -> DraftStore:
    names = count(1)
    return DraftStore(root, lambda: NOW, lambda: f"{next(names):024x}")


@pytest.fixture
def store(tmp_path: Path) -> DraftStore:
    return opened(tmp_path / "drafts")


def test_a_draft_is_found_again_by_another_process(
    store: DraftStore, paper: Paper, source: Source, tmp_path: Path
) -> None:
    draft = store.begin(paper, source.catalog)
    changed = store.change(draft.id, 1, source.catalog, lambda d: d.changed(lock(d.paper, 2)))
    again = opened(tmp_path / "drafts").get(draft.id)
    assert again == changed
    assert (again.revision, again.before, again.clean) == (2, (paper,), False)


def test_without_a_folder_a_draft_lives_as_long_as_the_process(
    paper: Paper, source: Source
) -> None:
    store = opened(None)
    draft = store.begin(paper, source.catalog)
    assert store.get(draft.id) == draft
    with pytest.raises(BadInputError, match="已经不在了"):
        opened(None).get(draft.id)


def test_changes_are_taken_back_one_by_one(store: DraftStore, paper: Paper) -> None:
    draft = Draft("0" * 24, paper)
    for n in range(1, MOST_UNDONE + 3):
        draft = draft.changed(lock(draft.paper, n))
    for n in range(MOST_UNDONE + 2, 2, -1):
        assert draft.paper.slot(n).locked
        draft = draft.undone()
        assert not draft.paper.slot(n).locked
    with pytest.raises(BadInputError, match="没有可以撤销"):
        draft.undone()


def test_a_change_of_what_another_window_changed_is_refused(
    store: DraftStore, paper: Paper, source: Source
) -> None:
    draft = store.begin(paper, source.catalog)
    store.change(draft.id, 1, source.catalog, lambda d: d.changed(lock(d.paper, 1)))
    with pytest.raises(BadInputError, match="别的窗口"):
        store.change(draft.id, 1, source.catalog, lambda d: d.changed(lock(d.paper, 2)))
    assert not store.get(draft.id).paper.slot(2).locked


def test_a_change_made_while_another_was_worked_out_is_not_overwritten(
    store: DraftStore, paper: Paper, source: Source
) -> None:
    draft = store.begin(paper, source.catalog)

    def slow(d: Draft) -> Draft:
        store.change(draft.id, 1, source.catalog, lambda x: x.changed(lock(x.paper, 1)))
        return d.changed(lock(d.paper, 2))

    with pytest.raises(BadInputError, match="别的窗口"):
        store.change(draft.id, 1, source.catalog, slow)
    assert store.get(draft.id).paper == lock(paper, 1)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "f" * 23, "G" * 24, "f" * 24])
def test_an_id_that_names_no_draft_is_said(store: DraftStore, name: str) -> None:
    with pytest.raises(BadInputError, match="重新组卷"):
        store.get(name)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "zhize-draft", "schema": 9}'])
def test_a_damaged_draft_is_said(
    store: DraftStore, paper: Paper, source: Source, tmp_path: Path, text: str
) -> None:
    draft = store.begin(paper, source.catalog)
    (tmp_path / "drafts" / f"{draft.id}.json").write_text(text, encoding="utf-8")
    with pytest.raises(DraftError, match="已损坏"):
        store.get(draft.id)


def test_a_full_disk_leaves_the_draft_as_it_was(
    store: DraftStore,
    paper: Paper,
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft = store.begin(paper, source.catalog)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", full)
        with pytest.raises(DraftError, match="暂存不下"):
            store.change(draft.id, 1, source.catalog, lambda d: d.changed(lock(d.paper, 1)))
    assert store.get(draft.id) == draft
    assert len(list((tmp_path / "drafts").iterdir())) == 1


def test_a_draft_that_nobody_touched_for_long_is_cleared_away(
    store: DraftStore, paper: Paper, source: Source, tmp_path: Path
) -> None:
    old, recent = (store.begin(paper, source.catalog) for _ in range(2))
    for draft, age in ((old, LONGEST_KEPT + 60), (recent, LONGEST_KEPT - 60)):
        path = tmp_path / "drafts" / f"{draft.id}.json"
        os.utime(path, (NOW - age, NOW - age))
    store.begin(paper, source.catalog)
    assert store.get(recent.id) == recent
    with pytest.raises(BadInputError):
        store.get(old.id)
