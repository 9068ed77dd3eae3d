"""Candidates: imported articles, which nobody wrote asked-as entries for."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.ranking import SIGNALS, Candidates, assume_asked, measured


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
