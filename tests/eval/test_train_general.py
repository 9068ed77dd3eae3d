import json

import pytest

torch = pytest.importorskip("torch", reason="training needs the full installation")

import numpy as np  # noqa: E402

from assistant.ranking import Candidates, load_ranker  # noqa: E402
from assistant.services import Services  # noqa: E402
from assistant.whole import WIDTH, names  # noqa: E402
from eval import train_general  # noqa: E402
from eval.cases import Case  # noqa: E402
from eval.queries import Query, load_queries  # noqa: E402
from eval.train_general import GENERAL, KEPT, SAFETY, Asked, collect, judge, questions  # noqa: E402
from eval.train_ranker import fit, to_json  # noqa: E402

NINE = "中华人民共和国安全生产法第九条"


def test_test_questions_are_not_asked() -> None:
    given = [Query("1", "甲", ("a",), "tune"), Query("2", "乙", ("b",), "test")]
    asked = questions(given, 20, 10, 1)
    assert [a.query.qid for a in asked if a.group == GENERAL] == ["1"]
    assert {a.query.split for a in asked if a.group == SAFETY} == {"train"}
    assert {a.query.split for a in asked if a.group == KEPT} == {"tune"}
    assert [len([a for a in asked if a.group == g]) for g in (SAFETY, KEPT)] == [20, 10]


def test_a_training_question_does_not_find_its_own_entry(services: Services) -> None:
    own = next(q for q in load_queries("train", "train") if q.gold)
    case = next(collect(services, [Asked(SAFETY, own)]))
    assert case.features.shape[1] == WIDTH
    assert case.reachable
    assert case.features[:, names().index("asked_dense")].max() < 0.999


def test_every_gold_article_is_wanted(tmp_path) -> None:
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(60):
        features = rng.normal(size=(12, 3)).astype(np.float32)
        gold = np.arange(12) < 2
        features[gold, 0] += 3
        cases.append(Case(GENERAL, "tune", features, gold))
    fitted = fit(cases, 0, 0.05, 10, every=True)
    figures = judge(fitted, cases, [2] * len(cases))
    assert figures["recall@10"] > 0.95
    assert judge(fitted, cases, [4] * len(cases))["recall@10"] == figures["recall@10"] / 2
    path = tmp_path / "r.json"
    path.write_text(json.dumps(to_json(fitted)), encoding="utf-8")
    found = Candidates(
        np.arange(12), np.zeros((12, 9), np.float32), cases[0].features, np.zeros(12, np.bool_)
    )
    assert np.allclose(load_ranker(path).scores(found), fitted.scores(cases[0]).numpy(), atol=1e-3)


def test_a_missing_file_ends_with_two(services, monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(train_general.Services, "open", lambda settings: services)
    assert train_general.main(["--questions", str(tmp_path / "none.jsonl")]) == 2
    assert capsys.readouterr().err
