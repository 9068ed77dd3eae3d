from math import log2

import pytest

from eval.metrics import auroc, mean, ndcg_at, percentile, recall_at, reciprocal_rank

RANKED = ["a", "b", "c", "d"]


def test_recall_counts_any_gold_within_k() -> None:
    assert recall_at(RANKED, {"c", "x"}, 3) == 1.0
    assert recall_at(RANKED, {"c"}, 2) == 0.0


def test_reciprocal_rank_is_of_the_first_gold() -> None:
    assert reciprocal_rank(RANKED, {"b", "d"}) == 0.5
    assert reciprocal_rank(RANKED, {"d"}, k=3) == 0.0


def test_ndcg_by_hand() -> None:
    # gold at ranks 1 and 3: (1/log2(2) + 1/log2(4)) / (1/log2(2) + 1/log2(3))
    expected = (1 + 0.5) / (1 + 1 / log2(3))
    assert ndcg_at(RANKED, {"a", "c"}) == pytest.approx(expected)
    assert ndcg_at(RANKED, {"a"}) == 1.0
    assert ndcg_at(RANKED, set()) == 0.0


@pytest.mark.parametrize(("share", "value"), [(0.5, 2.0), (0.75, 3.0), (0.95, 4.0), (1.0, 4.0)])
def test_percentile_is_a_value_that_occurs(share: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], share) == value


def test_percentile_of_nothing_is_zero() -> None:
    assert percentile([], 0.5) == 0.0


def test_auroc_by_hand() -> None:
    # pairs: 3>1, 3>2, 2>1 win, 2=2 half
    assert auroc([3.0, 2.0], [1.0, 2.0]) == pytest.approx(3.5 / 4)


def test_auroc_needs_both_classes() -> None:
    with pytest.raises(ValueError, match="both classes"):
        auroc([1.0], [])


def test_mean() -> None:
    assert mean([1.0, 2.0]) == 1.5
    assert mean([]) == 0.0
