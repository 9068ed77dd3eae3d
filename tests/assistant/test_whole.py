"""Ranking over the whole library; here over the safety scope, asked in scope all."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assistant.ranking import Candidates, Ranker, load_ranker
from assistant.services import Services
from assistant.signals import SIGNALS
from assistant.whole import (
    ASKED_ABOUT_FILE,
    PICKED,
    WHOLE_FILE,
    WIDTH,
    _around,
    names,
    whole_features,
)
from indexer.embed import question_vectors

TEXT = "消防法里占用消防车通道的怎么罚"


@pytest.fixture(scope="module")
def found(services: Services) -> Candidates:
    filters = services.search.filters("all")
    question = services.search.understand(TEXT, filters)
    query = question_vectors(services.embedder, question.core)
    return services.search.candidates(question, query, services.search.view(filters))


def test_every_feature_has_a_name(found: Candidates) -> None:
    assert found.features.shape == (len(found.articles), WIDTH)
    assert len(names()) == len(set(names())) == WIDTH
    assert np.isfinite(found.features).all()
    assert names()[: len(SIGNALS)] == SIGNALS


def test_the_law_that_is_named_is_marked(services: Services, found: Candidates) -> None:
    view = services.search.view(services.search.filters("all"))
    named = found.features[:, names().index("named")]
    docs = {view.article(int(n)).doc_id for n, x in zip(found.articles, named, strict=True) if x}
    assert docs == {"fire-protection-law"} or len(docs) == 1
    title = found.features[:, names().index("title")]
    assert title[named > 0].min() >= title[named == 0].min()


def test_the_encoder_s_own_similarity_is_that_of_encoding_anew(
    services: Services, found: Candidates
) -> None:
    view = services.search.view(services.search.filters("all"))
    rows = view.text_rows[0][view.text_rows[1][found.articles[:1]]]
    stored = services.index.vectors.get(rows)
    back = services.embedder.before_tuning(stored)
    again = services.embedder.encode_passages([services.index.units[rows[0]].text])
    assert float((services.embedder.before_tuning(again) @ back.T)[0, 0]) > 0.999


def test_how_often_a_law_is_asked_about_comes_from_the_shipped_counts(
    services: Services, found: Candidates
) -> None:
    counts = json.loads(ASKED_ABOUT_FILE.read_text(encoding="utf-8"))
    assert set(counts) <= {d.title for d in services.catalog}
    assert min(counts.values()) > 0
    view = services.search.view(services.search.filters("all"))
    often = found.features[:, names().index("asked_about")]
    for n, value in zip(found.articles, often, strict=True):
        title = services.catalog.get(view.article(int(n)).doc_id).title
        assert value == pytest.approx(np.log1p(counts.get(title, 0)))


def test_neighbours_are_of_the_same_law_and_section() -> None:
    # articles 3 4 6 of one law, 3 and 4 in one section, and 7 of the next law; 5 is no candidate
    articles, docs, sections = (
        np.array([3, 4, 6, 7]),
        np.array([0, 0, 0, 1]),
        np.array([0, 0, 1, 2]),
    )
    around = _around(articles, docs, sections, np.array([1, 2, 0.5, 4], np.float32)).T.tolist()
    assert around[0] == [2.0, 1.0, 0.5, 0.5]  # the better neighbour
    assert around[1] == [1.25, 0.75, 0.5, 0.5]  # the mean of both
    assert around[2] == [-2.0, -2.0, -2.0, 0.0]  # the law, below the best of all
    assert around[3] == [0.75, 0.75, 0.75, 0.25]
    assert around[4] == [-2.0, -2.0, -3.5, 0.0]  # the section
    assert around[5] == [0.5, 0.5, 0.25, 0.25]
    assert around[6] == [2.0, 1.0, 0.5, 0.5]  # the section's others


def test_more_candidates_than_in_the_safety_scope(services: Services, found: Candidates) -> None:
    filters = services.search.filters()
    question = services.search.understand(TEXT, filters)
    query = question_vectors(services.embedder, question.core)
    fewer = services.search.candidates(question, query, services.search.view(filters))
    assert len(fewer.articles) < len(found.articles)
    assert fewer.features.shape[1] != WIDTH
    assert PICKED["text"] > 120


def test_the_shipped_ranker_reads_these_features(found: Candidates) -> None:
    ranker = load_ranker(WHOLE_FILE)
    assert isinstance(ranker, Ranker)
    assert ranker.scores(found).shape == (len(found.articles),)
    assert load_ranker() is not ranker


def test_the_whole_library_finds_what_the_safety_scope_finds(services: Services) -> None:
    hits = services.find("占用、堵塞、封闭消防车通道的处罚", 5, "all").hits
    assert "消防法" in hits[0].document.title


def test_no_candidates_stay_none(services: Services) -> None:
    filters = services.search.filters("all")
    view = services.search.view(filters)
    question = services.search.understand(TEXT, filters)
    query = question_vectors(services.embedder, question.core)
    none = Candidates(
        np.zeros(0, np.int64), np.zeros((0, len(SIGNALS)), np.float32),
        np.zeros((0, 1), np.float32), np.zeros(0, np.bool_),
    )  # fmt: skip
    again = whole_features(
        question, query, none, view, services.index, services.catalog, services.embedder
    )
    assert again is none
