"""Grown libraries: copies under other names, words that are dropped but never added."""

from pathlib import Path

import numpy as np
import pytest

from assistant.services import Services
from eval.bench.grown import (
    GrownCatalog,
    chosen_rows,
    grow_terms,
    grow_units,
    grow_vectors,
    write_grown,
)
from eval.bench.growth import EveryVector, main
from indexer.lexical import Bm25
from indexer.unit_table import unit_table
from indexer.units import Unit, UnitKind
from indexer.vectors import open_store, write_store
from kb.model import ProvisionId


def texts(count: int, seed: int = 0) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [[f"t{n % 400}" for n in rng.zipf(1.3, 30)] for _ in range(count)]


def test_copied_word_lists_drop_words_but_never_add_any() -> None:
    base = Bm25.build(texts(60))
    rows = np.arange(10, 50)
    grown = grow_terms(base, rows, 3)
    assert grown.size == 120
    held = {t: set(base.rows_with(t).tolist()) for t in base.vocabulary}
    for term in base.vocabulary:
        found = grown.rows_with(term)
        assert (np.diff(found) > 0).all(), term
        assert {int(r) % 40 + 10 for r in found} <= held[term]
        assert {int(r) + 10 for r in found if r < 40} == held[term] & set(rows.tolist())
    own = len(grow_terms(base, rows, 1).postings.rows)
    assert 0.6 < (len(grown.postings.rows) / own - 1) / 2 < 0.8


def test_copied_words_score_the_same_by_term_and_by_text() -> None:
    grown = grow_terms(Bm25.build(texts(60)), np.arange(60), 4)
    weights = {"t1": 1.0, "t2": 2.0, "t7": 0.5}
    rows = np.array([0, 59, 60, 119, 200])
    assert grown.scores_of(weights, rows) == pytest.approx(
        grown.weighted_scores(weights)[rows], rel=1e-5
    )
    assert grown.postings.most.max() == grown.postings.weights.max()


def test_copies_of_entries_lead_to_copies_of_their_documents() -> None:
    first, second = (ProvisionId(d, "2020-01-01", "第一条") for d in ("a", "b"))
    units = [
        Unit(UnitKind.ARTICLE, "甲", first),
        Unit(UnitKind.ARTICLE, "乙乙", second),
        Unit(UnitKind.ASKED, "问", second),
    ]
    grown = grow_units(unit_table(units), np.array([1, 2]), 2)
    assert [(u.kind, u.text, u.target.doc_id) for u in grown] == [
        (UnitKind.ARTICLE, "乙乙", "b"),
        (UnitKind.ASKED, "问", "b"),
        (UnitKind.ARTICLE, "乙乙", "b~1"),
        (UnitKind.ASKED, "问", "b~1"),
    ]


def test_every_vector_finds_what_the_exact_store_finds(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(size=(50, 8)).astype(np.float32)
    base /= np.linalg.norm(base, axis=1, keepdims=True)
    vectors = grow_vectors(base, 3, tmp_path / "v.npy")
    write_store("exact", vectors, tmp_path, "test", None, "")
    exact, every = open_store("exact", tmp_path), EveryVector(vectors)
    allowed = rng.random(150) < 0.3
    for mask in (None, allowed):
        wanted, found = exact.search(base[:4], 12, mask), every.search(base[:4], 12, mask)
        assert found[1].tolist() == wanted[1].tolist()
        assert found[0] == pytest.approx(wanted[0], abs=1e-5)


def test_a_grown_library_answers_questions(services: Services, tmp_path: Path) -> None:
    catalog = GrownCatalog(services.catalog, {"work-safety-law"}, 3)
    pid = ProvisionId("work-safety-law~2", "2021-06-10", "第二十一条", None, 3)
    assert catalog.provision(pid).id == pid
    assert catalog.get("work-safety-law~2").title.endswith("安全生产法")
    assert [d.id for d in catalog.by_name("安全生产法")] == ["work-safety-law"]
    owner = services.search.view().owner
    few = chosen_rows(services.index, owner, 2000)
    assert 2000 <= len(few) < 9000
    assert len(write_grown(services.index, few, 2 * len(few), tmp_path)) == 2 * len(few)


def test_bad_arguments_are_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(tmp_path))
    assert main(["--sizes", "3000", "--keep", str(tmp_path / "k")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
