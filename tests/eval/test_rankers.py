import numpy as np

from assistant.services import Services
from eval.rankers import Corpus, by_score, corpus_of, first, fused, lexical

CORPUS = Corpus((0, 1, 2, 3), ("a", "b", "b", "c"), ("消防 通道", "消防 设施", "应急 预案", "车间"))


def test_each_reference_stands_once() -> None:
    assert first(["a", "b", "a", "c"], 2) == ["a", "b"]
    assert first(["a", "a"], 3) == ["a"]
    scores = np.array([0.0, 1.0, 3.0, 2.0], np.float32)
    assert by_score(CORPUS, scores, 2) == ["b", "c"]


def test_equal_scores_keep_the_order_of_the_collection() -> None:
    assert by_score(CORPUS, np.zeros(4, np.float32), 10) == ["a", "b", "c"]


def test_words_that_are_shared_come_first() -> None:
    rank = lexical(CORPUS, str.split)
    assert rank("应急", 1) == ["b"]
    assert rank("车间", 3)[0] == "c"


def test_fusion_by_hand() -> None:
    # b: 1/61 + 1/62, a: 1/61 + 1/63, c: 1/62 + 1/63
    left, right = ["a", "b", "c"], ["b", "c", "a"]
    rank = fused((lambda text, count: left, lambda text, count: right))
    assert rank("x", 3) == ["b", "a", "c"]
    assert fused((lambda text, count: ["d"], lambda text, count: ["c"]))("x", 2) == ["c", "d"]


def test_policy_entries_can_be_left_out(services: Services) -> None:
    everything, laws = corpus_of(services), corpus_of(services, policies=False)
    assert len(laws.rows) < len(everything.rows)
    assert len(everything.rows) == len(everything.refs) == len(everything.texts)
    titles = {d.title for d in services.catalog if d.is_policy}
    assert titles & set(everything.refs)
    assert not titles & set(laws.refs)
