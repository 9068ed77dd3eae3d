"""One component left out at a time: on a handful of questions over the safety scope."""

from __future__ import annotations

import numpy as np
import pytest

from assistant import ranking
from assistant.ranking import quick_scores
from assistant.services import Services
from assistant.signals import SIGNALS
from eval.cases import Case
from eval.queries import Query, references
from eval.variations import COLLECTED, FEATURES, FITTED, Lens
from indexer.towers import Tower, unit

NINE = "中华人民共和国安全生产法第九条"
ASKED = Query("1", "镇里没有执法权，安监局让老板停产他不听咋办", (NINE,), "tune")


@pytest.fixture(scope="module")
def seen(services: Services) -> dict[str, Case]:
    """The same question as every variation sees it."""
    every = [a.id for d in services.catalog if d.in_scope for a in d.latest().articles]
    by_ref, vectors = references(services.catalog, every), {}
    kinds = ("", *(v.kind for v in COLLECTED))
    return {
        kind: next(Lens(services, kind, vectors).cases("colloquial", [ASKED], by_ref))
        for kind in kinds
    }


def column(case: Case, name: str) -> np.ndarray:
    return case.features[:, FEATURES.index(name)]


def test_the_names_fit_the_features(seen: dict[str, Case]) -> None:
    assert seen[""].features.shape[1] == len(FEATURES)
    assert len(set(FEATURES)) == len(FEATURES)
    full = seen[""]
    lag = column(full, "text_dense") - column(full, "text_dense-best")
    assert np.allclose(column(full, "text_dense-lag"), lag, atol=1e-5)
    assert set(np.unique(column(full, "has_asked"))) <= {0.0, 1.0}
    assert np.ptp(column(full, "length")) == 0


def test_columns_that_fitting_leaves_out_exist() -> None:
    for variation in FITTED:
        assert variation.columns
        assert set(variation.columns) <= set(FEATURES)


def test_without_entries_no_candidate_has_one(seen: dict[str, Case]) -> None:
    assert column(seen["asked"], "has_asked").max() == 0
    assert column(seen[""], "has_asked").max() == 1


def test_fewer_entries_are_never_closer(seen: dict[str, Case]) -> None:
    assert column(seen["voices"], "asked_dense").max() <= column(seen[""], "asked_dense").max()


def test_each_word_list_adds_words_of_its_own(seen: dict[str, Case]) -> None:
    best = {k: column(seen[k], "text_grams").max() for k in ("", "lexicon", "renamed")}
    assert best["renamed"] < best[""]  # 安监局 is no longer read as its successor
    assert best["lexicon"] <= best[""]


def test_whole_articles_alone_have_one_text_each(seen: dict[str, Case]) -> None:
    parts = seen["parts"]
    assert np.array_equal(column(parts, "text_dense"), column(parts, "article_dense"))
    full = seen[""]
    assert not np.array_equal(column(full, "text_dense"), column(full, "article_dense"))


def test_other_vectors_change_texts_and_leave_entries(seen: dict[str, Case]) -> None:
    for kind in ("towers", "centring"):
        case = seen[kind]
        assert case.features[:, 0].max() != seen[""].features[:, 0].max()
        assert column(case, "asked_dense").max() == column(seen[""], "asked_dense").max()


def test_the_word_lists_are_back_afterwards(seen: dict[str, Case]) -> None:
    assert ranking.expand("安监局") != ""
    assert seen  # every variation has run


def test_the_fixed_mix_reads_the_signals_alone() -> None:
    features = np.zeros((2, len(FEATURES)), np.float32)
    features[0, SIGNALS.index("asked_dense")] = 1.0
    features[1, len(SIGNALS) :] = 9.0
    first, second = quick_scores(features)
    assert first > second == 0


def test_vectors_before_the_tuned_map_come_back() -> None:
    rng = np.random.default_rng(1)
    plain = unit(rng.normal(size=(5, 8)).astype(np.float32))
    tower = Tower(plain.mean(0) / 2, rng.normal(size=(8, 8)).astype(np.float32))
    assert np.allclose(tower.back(tower(plain)), plain, atol=1e-3)
