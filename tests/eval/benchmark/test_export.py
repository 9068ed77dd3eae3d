import json
from pathlib import Path

import pytest

from eval.benchmark.__main__ import README, main
from eval.benchmark.composition import DECISION, JUDGED, RETRIEVAL, composition, document_of
from eval.benchmark.export import export, judged, qrels
from eval.benchmark.leaderboard import between
from eval.queries import available, load_queries
from kb.library import Library


def test_every_set_belongs_to_the_benchmark() -> None:
    assert sorted([*RETRIEVAL, *DECISION]) == available()
    assert set(JUDGED) <= set(RETRIEVAL)


def test_the_readme_counts_what_the_sets_hold(library: Library) -> None:
    assert between(README, "composition").strip() == composition(library.catalog).strip(), (
        "run python -m eval.benchmark describe --write"
    )


def test_every_question_with_gold_has_a_judgement(library: Library) -> None:
    counts = judged(library.catalog)
    for name in RETRIEVAL:
        for split in ("train", "tune", "test"):
            assert counts[f"{name}.{split}"] == len(load_queries(name, split)), (name, split)


def test_judgements_point_to_provisions_of_the_corpus(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path)
    lines = (tmp_path / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(x)["id"] for x in lines]
    assert len(set(ids)) == len(ids)
    rows = [x.split(" ") for body in qrels(library.catalog).values() for x in body.splitlines()]
    assert {len(r) for r in rows} == {4}
    assert {r[2] for r in rows} <= set(ids)


def test_question_numbers_are_unique_and_without_blanks(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path)
    lines = (tmp_path / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    qids = [json.loads(x)["qid"] for x in lines]
    assert len(set(qids)) == len(qids) == sum(len(load_queries(n)) for n in available())
    assert not [q for q in qids if " " in q]


def test_the_same_library_gives_the_same_files(library: Library, tmp_path: Path) -> None:
    first, second = export(library, tmp_path / "a"), export(library, tmp_path / "b")
    assert first == second
    for path in (tmp_path / "a").rglob("*.*"):
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == twin.read_bytes(), path.name


def test_words_of_provisions_are_written_only_on_request(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path / "a")
    export(library, tmp_path / "b", texts=True)
    bare, full = (
        json.loads((tmp_path / n / "corpus.jsonl").read_text(encoding="utf-8").split("\n")[0])
        for n in ("a", "b")
    )
    assert "text" not in bare
    assert full.pop("text")
    assert bare == full


def test_the_document_of_a_reference() -> None:
    assert document_of("甲法第十二条之一") == "甲法"
    assert document_of("四个一律") == "四个一律"


def test_a_folder_that_cannot_be_written_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert main(["export", str(tmp_path / "taken")]) == 2
    assert "taken" in capsys.readouterr().err
