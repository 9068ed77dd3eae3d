"""Candidates: imported articles, which nobody wrote asked-as entries for."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.ranking import Candidates, gather, measured
from assistant.services import Services
from assistant.signals import SIGNALS, Wording, assume_asked
from indexer.embed import question_vectors


def signals() -> np.ndarray:
    out = np.zeros((3, len(SIGNALS)), np.float32)
    out[:, 0] = [0.90, 0.44, 0.86]
    out[:, 4] = [2.0, 1.0, 0.0]
    out[0, 2] = 0.93  # the first has entries of its own
    return out


def test_only_imported_articles_without_entries_are_assumed_to_be_asked_about() -> None:
    found = signals()
    assumed = assume_asked(found, np.array([True, True, False]))
    assert assumed.tolist() == [False, True, False]
    assert found[0, 2] == np.float32(0.93)
    assert found[1, 2] == np.float32(0.938)
    assert found[1, 3] < found[1, 2]
    assert found[1, 6] == pytest.approx(1.8)
    assert found[2, 2] == 0


def test_confidence_rests_on_what_is_assumed_of_the_first_article_alone() -> None:
    found = signals()
    found[0, 2] = 0
    assumed = assume_asked(found, np.array([True, True, True]))
    candidates = Candidates(np.arange(3), found, np.zeros((3, 1), np.float32), assumed)
    seen = measured(candidates, 1)
    assert seen[:, 2].tolist() == [0, found[1, 2], 0]
    assert np.array_equal(seen[:, [0, 1, 4, 5, 7]], found[:, [0, 1, 4, 5, 7]])
    assert found[0, 2] > 0


def test_entries_left_out_for_training_count_for_nothing(services: Services) -> None:
    search, index = services.search, services.index
    filters = search.filters()
    view = search.view(filters)
    question = search.understand("消防车通道被占用归谁管", filters)
    query = question_vectors(services.embedder, question.core)

    def ranked(left_out: list[int]) -> Candidates:
        return gather(question, query, view, index, services.tokenizer, left_out)

    found = ranked([])
    article = int(found.articles[int(np.argmax(found.signals[:, 2]))])
    rows, starts = view.asked_rows
    own = rows[starts[article] : starts[article + 1]]
    close = np.sort(index.vectors.scores(query.asked[0], own))[::-1]
    at = found.articles.tolist().index(article)
    assert found.signals[at, 2] == pytest.approx(close[0], abs=1e-6)
    assert found.signals[at, 3] == pytest.approx(close[1], abs=1e-6)
    without = ranked(own.tolist())
    assert not np.isin(without.near_asked, own).any()
    held = np.flatnonzero(without.articles == article)
    assert (without.signals[held][:, [2, 3, 6, 8]] == 0).all()


@pytest.mark.parametrize("scope", ["safety", "all"])
def test_words_looked_up_beforehand_give_the_same_candidates(
    services: Services, scope: str
) -> None:
    search = services.search
    filters = search.filters(scope)
    view, question = search.view(filters), search.understand("消防车通道被占用归谁管", filters)
    query = question_vectors(services.embedder, question.core)
    wording = search._by_words(question, view)
    asked_for: list[int] = []

    def begun() -> Wording:
        asked_for.append(1)
        return wording

    own = search.candidates(question, query, view)
    given = search.candidates(question, query, view, wording=begun)
    assert asked_for == [1]
    assert np.array_equal(own.articles, given.articles)
    assert np.array_equal(own.features, given.features)
    assert len(own.articles) > 50
