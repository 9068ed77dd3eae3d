import random
from collections import Counter
from math import log
from pathlib import Path

import bm25s
import numpy as np
import pytest

from indexer.errors import IndexDamagedError
from indexer.lexical import Bm25

TEXTS = [["消防", "通道"], ["消防", "设施", "设施"], [], ["锅炉"]]


def test_scores_by_hand() -> None:
    # one text of length 1 holds 锅炉; idf = ln(1 + (4 - 1 + .5) / (1 + .5)); mean length 7/4
    # (an empty text counts as one empty term)
    index = Bm25.build(TEXTS, k1=1.2, b=0.75)
    idf = log(1 + 3.5 / 1.5)
    expected = idf * 1 / (1 + 1.2 * (0.25 + 0.75 * 1 / (7 / 4)))
    assert index.scores(["锅炉"])[3] == pytest.approx(expected, rel=1e-4)
    assert index.scores(["锅炉"])[:3].tolist() == [0.0, 0.0, 0.0]


def test_a_repeated_term_scores_higher() -> None:
    index = Bm25.build([["消防", "设施", "x"], ["设施", "设施", "x"]])
    first, second = index.scores(["设施"])
    assert second > first > 0


def test_scores_are_the_librarys_own() -> None:
    rng = random.Random(3)
    texts = [[rng.choice("abcdefghij") for _ in range(rng.randrange(12))] for _ in range(60)]
    index = Bm25.build(texts)
    model = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    number = {t: n for n, t in enumerate(dict.fromkeys(t for x in texts for t in x))}
    number.setdefault("", len(number))
    ids = [[number[t] for t in x] or [number[""]] for x in texts]
    model.index(bm25s.tokenization.Tokenized(ids=ids, vocab=number), show_progress=False)
    for _ in range(20):
        asked = [rng.choice("abcdefghijk") for _ in range(rng.randrange(1, 9))]
        ids = [number[t] for t in asked if t in number]
        own = model.get_scores_from_ids(ids) if ids else [0.0] * 60
        assert index.scores(asked).tolist() == pytest.approx(list(own), rel=1e-6)
        rows = np.array(sorted(rng.sample(range(60), 9)))
        some = index.scores_of(Counter(asked), rows)
        assert some.tolist() == pytest.approx([own[r] for r in rows], rel=1e-5)


def test_unknown_terms_score_nothing() -> None:
    assert Bm25.build(TEXTS).scores(["电梯"]).tolist() == [0.0] * 4
    assert Bm25.build(TEXTS).scores([]).tolist() == [0.0] * 4


def test_knows_which_texts_hold_a_term() -> None:
    index = Bm25.build(TEXTS)
    assert sorted(index.rows_with("消防").tolist()) == [0, 1]
    assert index.rows_with("电梯").tolist() == []
    assert index.knows("锅炉")
    assert not index.knows("电梯")


def test_a_saved_index_scores_the_same(tmp_path: Path) -> None:
    index = Bm25.build(TEXTS)
    index.save(tmp_path)
    assert Bm25.load(tmp_path).scores(["消防"]).tolist() == index.scores(["消防"]).tolist()


def test_a_missing_or_damaged_index_says_rebuild(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="zhize build"):
        Bm25.load(tmp_path)
