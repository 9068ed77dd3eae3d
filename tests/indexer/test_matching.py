"""Both ways to the best texts find the same, and the pruned one keeps within its effort."""

import random
from collections import Counter

import numpy as np
import pytest

from indexer import matching
from indexer.lexical import Bm25
from indexer.matching import Dense, Pruned, best_rows, match


def library(count: int, seed: int) -> Bm25:
    rng = np.random.default_rng(seed)
    return Bm25.build([[f"t{n % 300}" for n in rng.zipf(1.25, 25)] for _ in range(count)])


def asked(rng: random.Random, most: int = 40) -> dict[str, float]:
    terms = [f"t{rng.randrange(330)}" for _ in range(rng.randrange(1, most))]
    return {t: n * rng.choice((1.0, 0.5)) for t, n in Counter(terms).items()}


@pytest.mark.parametrize("seed", range(4))
def test_the_pruned_best_are_those_of_a_full_comparison(seed: int) -> None:
    rng = random.Random(seed)
    index = library(1500, seed)
    numbers = np.random.default_rng(seed)
    for _ in range(25):
        weights = asked(rng)
        allowed = numbers.random(1500) < rng.choice((0.02, 0.5, 1.0))
        k = rng.choice((1, 10, 40))
        every, pruned = Dense(index, weights), Pruned(index, weights, 10**9, 10**9)
        wanted = every.best(allowed, k)
        found = pruned.best(allowed, k)
        assert pruned.of(found) == pytest.approx(every.of(wanted), rel=1e-4)
        gone = set(wanted.tolist()) ^ set(found.tolist())
        last = every.of(wanted)[-1] if len(wanted) else 0.0
        assert all(every.of(np.array([r]))[0] == pytest.approx(last, rel=1e-4) for r in gone)


def test_one_match_answers_for_several_filters() -> None:
    index, weights = library(800, 9), {"t1": 1.0, "t2": 1.0, "t40": 1.0, "t77": 0.5}
    even = np.arange(800) % 2 == 0
    pruned, every = Pruned(index, weights, 10**9, 10**9), Dense(index, weights)
    for allowed in (even, ~even, even):
        found = pruned.of(pruned.best(allowed, 10))
        assert found == pytest.approx(every.of(every.best(allowed, 10)), rel=1e-4)
        assert allowed[pruned.best(allowed, 10)].all()


def test_effort_is_bounded_and_the_common_terms_are_the_ones_left_out() -> None:
    index = library(3000, 2)
    weights = {f"t{n}": 1.0 for n in range(200)}
    starts = index.postings.starts
    total = sum(int(starts[t + 1] - starts[t]) for t, _ in index.numbers(weights))
    pruned = Pruned(index, weights, total // 4, 200)
    found = pruned.best(np.ones(3000, np.bool_), 10)
    assert sum(map(len, pruned._opened)) <= total // 4
    every = Dense(index, weights)
    wanted = every.best(np.ones(3000, np.bool_), 10)
    assert len(set(found.tolist()) & set(wanted.tolist())) >= 7
    assert pruned.of(found) == pytest.approx(every.of(found), rel=1e-4)  # scored in full


@pytest.mark.parametrize("leading", [20, 64, 500])
def test_setting_the_foremost_apart_changes_nothing(
    leading: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, numbers = random.Random(5), np.random.default_rng(5)
    index = library(2000, 5)
    for _ in range(25):
        weights = asked(rng)
        masks = [numbers.random(2000) < share for share in (0.9, 0.3, 0.01)]
        found = []
        for most in (10**9, leading):
            monkeypatch.setattr(matching, "_LEADING", most)
            pruned = Pruned(index, weights, 4000, 20)
            found.append([pruned.best(mask, 10).tolist() for mask in masks])
        assert found[0] == found[1]


def test_nothing_is_found_without_a_known_term_or_an_allowed_text() -> None:
    index = library(50, 1)
    for found in (Dense(index, {"x": 1.0}), Pruned(index, {"x": 1.0})):
        assert found.best(np.ones(50, np.bool_), 5).tolist() == []
        assert found.of(np.array([3, 4])).tolist() == [0.0, 0.0]
    for found in (Dense(index, {"t1": 1.0}), Pruned(index, {"t1": 1.0})):
        assert found.best(np.zeros(50, np.bool_), 5).tolist() == []


def test_the_size_decides_which_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    index = library(60, 3)
    assert isinstance(match(index, {"t1": 1.0}), Dense)
    monkeypatch.setattr(matching, "DENSE_UP_TO", 59)
    assert isinstance(match(index, {"t1": 1.0}), Pruned)


def test_the_best_rows_are_those_of_a_full_sort_with_ties_by_row() -> None:
    rng = np.random.default_rng(7)
    for count in (0, 1, 5, 40, 300):
        rows = np.sort(rng.choice(1000, count, replace=False))
        values = rng.integers(0, 6, count).astype(np.float32)  # many ties
        order = sorted(range(count), key=lambda i: (-values[i], rows[i]))
        for k in (1, 7, 40):
            positive = [int(rows[i]) for i in order if values[i] > 0]
            assert best_rows(values, rows, k, 0.0).tolist() == positive[:k]
            assert best_rows(values, rows, k).tolist() == [int(rows[i]) for i in order][:k]
