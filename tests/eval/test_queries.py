import collections
import json
from pathlib import Path

import pytest

from eval.queries import available, canonical, load_queries, references
from kb.asked import ASKED
from kb.library import Library

SETS = (
    "colloquial", "exam", "rough", "answerable", "train", "grown", "train_grown", "measures",
    "measures_train", "train_voices",
)  # fmt: skip


def test_the_sets_are_large_enough() -> None:
    sizes = {name: len(load_queries(name)) for name in available()}
    assert sizes["colloquial"] >= 200
    assert sizes["exam"] >= 160
    assert sizes["refuse"] >= 60
    assert len(load_queries("colloquial", "test")) >= 140
    assert len(load_queries("exam", "test")) >= 80


@pytest.mark.parametrize("name", SETS)
def test_every_gold_reference_is_in_the_library(library: Library, name: str) -> None:
    articles = [a.id for d in library.catalog if d.in_scope for a in d.latest().articles]
    known = references(library.catalog, articles)
    for q in load_queries(name):
        assert q.gold, q.qid
        for ref in canonical(library.catalog, q.gold):
            assert ref in known, (q.qid, ref)


def test_no_question_stands_in_two_splits() -> None:
    places: dict[str, set[str]] = collections.defaultdict(set)
    for name in available():
        for q in load_queries(name):
            places[q.text].add(q.split)
    assert {t: s for t, s in places.items() if len(s) > 1} == {}


def test_every_question_has_a_split() -> None:
    for name in available():
        assert {q.split for q in load_queries(name)} <= {"train", "tune", "test"}, name


def test_no_test_question_is_an_asked_as_entry() -> None:
    entries = {
        question
        for path in ASKED.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        for question in json.loads(line)["questions"]
    }
    same = [q.text for n in SETS for q in load_queries(n, "test") if q.text in entries]
    assert same == []


def test_a_malformed_line_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"qid": "1", "query": "x"}\n{"qid": "2"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"q\.jsonl:2"):
        load_queries(path)


def test_an_unknown_set_names_the_known_ones() -> None:
    with pytest.raises(FileNotFoundError, match="colloquial"):
        load_queries("nothing")
