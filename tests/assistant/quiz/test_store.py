"""Papers saved and reopened: nothing is lost, damage is said, stale questions are marked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import assistant.files as files
from assistant.errors import BadInputError
from assistant.quiz.codec import paper_from_json, paper_json
from assistant.quiz.model import hash_of
from assistant.quiz.paper import Paper, edit_question, lock, versions
from assistant.quiz.source import Source
from assistant.quiz.store import PaperStore, PaperStoreError

AT = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)


@pytest.fixture
def store(tmp_path: Path) -> PaperStore:
    clock = iter(AT + timedelta(seconds=n) for n in range(100))
    names = iter(f"{n:06x}" for n in range(100))
    return PaperStore(tmp_path / "papers", lambda: next(clock), lambda: next(names))


def test_a_paper_is_the_same_when_reopened(store: PaperStore, paper: Paper, source: Source) -> None:
    changed = edit_question(lock(paper, 3), 14, explanation="另一种解释，含“引号”\n和换行。")
    changed = replace(changed, seen=("q1", "q2"), notices=("注意这个",))
    name = store.save(changed, source.catalog)
    opened = store.open(name, source.catalog)
    assert opened.paper == changed
    assert opened.stale == {}
    version = versions(changed, 2)[1]
    assert store.open(store.save(version, source.catalog), source.catalog).paper == version


def test_papers_are_listed_newest_first_and_saving_again_replaces(
    store: PaperStore, paper: Paper, source: Source
) -> None:
    assert store.list() == ()
    first = store.save(paper, source.catalog)
    second = store.save(paper, source.catalog)
    assert [s.id for s in store.list()] == [second, first]
    assert store.save(lock(paper, 1), source.catalog, first) == first
    found = store.list()
    assert [s.id for s in found] == [first, second]
    assert (found[0].title, found[0].size, found[0].total) == ("月度考试", 35, 94.0)
    assert found[0].saved_at == "2026-11-22T08:00:02.000000Z"
    assert store.open(first, source.catalog).paper.slot(1).locked


def test_a_deleted_paper_is_gone(store: PaperStore, paper: Paper, source: Source) -> None:
    name = store.save(paper, source.catalog)
    store.delete(name)
    assert store.list() == ()
    for act in (lambda: store.open(name, source.catalog), lambda: store.delete(name)):
        with pytest.raises(BadInputError, match="没有编号为"):
            act()


@pytest.mark.parametrize("name", ["", "../x", "20261122-080000-zzzzzz", "/etc/passwd", "a" * 500])
def test_only_ids_of_papers_are_opened(store: PaperStore, source: Source, name: str) -> None:
    for act in (lambda: store.open(name, source.catalog), lambda: store.delete(name)):
        with pytest.raises(BadInputError, match="没有编号为"):
            act()


def test_questions_whose_text_changed_are_marked(
    store: PaperStore, paper: Paper, source: Source
) -> None:
    slots = list(paper.slots)
    old = slots[4].question
    basis = replace(old.basis[0], text_hash=hash_of(source.asked[0].article.whole)[::-1])
    slots[4] = replace(slots[4], question=replace(old, basis=(basis,)))
    name = store.save(replace(paper, slots=tuple(slots)), source.catalog)
    assert store.open(name, source.catalog).stale == {5: (basis,)}


Damage = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("questions"),
        lambda d: d["questions"].pop(),
        lambda d: d["questions"][0].update(answer=["没有的"]),
        lambda d: d["questions"][0].update(stem=3),
        lambda d: d["questions"][0].update(type="essay"),
        lambda d: d["questions"][0].update(locked="no"),
        lambda d: d["questions"][0].update(options="甲乙"),
        lambda d: d["questions"][0]["citations"][0].pop("inside"),
        lambda d: d["blueprint"].update(counts=None),
        lambda d: d.update(schema=0),
        lambda d: d.update(day="yesterday"),
        lambda d: d.update(format="else"),
    ],
)
def test_a_damaged_paper_is_said_listed_and_not_touched(
    store: PaperStore, paper: Paper, source: Source, tmp_path: Path, damage: Damage
) -> None:
    good, bad = store.save(paper, source.catalog), store.save(paper, source.catalog)
    file = tmp_path / "papers" / f"{bad}.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    damage(data)
    before = json.dumps(data)
    file.write_text(before)
    with pytest.raises(PaperStoreError, match="已损坏，没有改动它"):
        store.open(bad, source.catalog)
    assert [(s.id, bool(s.problem)) for s in store.list()] == [(bad, True), (good, False)]
    assert file.read_text() == before
    store.delete(bad)
    assert [s.id for s in store.list()] == [good]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_file_that_is_no_paper_is_said(
    store: PaperStore, paper: Paper, source: Source, tmp_path: Path, content: bytes
) -> None:
    name = store.save(paper, source.catalog)
    (tmp_path / "papers" / f"{name}.json").write_bytes(content)
    with pytest.raises(PaperStoreError, match="已损坏"):
        store.open(name, source.catalog)


def test_a_paper_of_a_newer_program_is_left_alone(
    store: PaperStore, paper: Paper, source: Source, tmp_path: Path
) -> None:
    name = store.save(paper, source.catalog)
    file = tmp_path / "papers" / f"{name}.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"schema": 1', '"schema": 2'))
    with pytest.raises(PaperStoreError, match="更新版本的程序"):
        store.open(name, source.catalog)


def test_a_full_disk_leaves_what_was_there(
    store: PaperStore, paper: Paper, source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = store.save(paper, source.catalog)

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        with pytest.raises(PaperStoreError, match="存不进"):
            store.save(lock(paper, 1), source.catalog, name)
    assert store.open(name, source.catalog).paper == paper
    assert [p.name for p in (tmp_path / "papers").iterdir()] == [f"{name}.json"]


def test_the_json_of_a_paper_keeps_the_contract(paper: Paper, source: Source) -> None:
    made = paper_json(versions(paper, 2), source.catalog)
    assert len(made["questions"]) == 35
    assert [v["label"] for v in made["versions"]] == ["B"]
    for row in made["questions"]:
        assert {"id", "type", "stem", "options", "answer", "explanation", "citations",
                "difficulty", "topics", "letters", "number", "points"} <= set(row)  # fmt: skip
        citation = row["citations"][0]
        assert {"n", "doc", "doc_id", "locator", "quote", "status", "text_kind",
                "effective_on"} <= set(citation)  # fmt: skip
        assert citation["status"] == "现行有效"
        assert citation["effective_on"]
        if row["type"] in ("single", "multi", "case", "judge"):
            assert {row["options"][ord(x) - 65] for x in row["letters"]} == set(row["answer"])
        else:
            assert row["letters"] == ""
    assert paper_from_json(json.loads(json.dumps(made))).questions == paper.questions
