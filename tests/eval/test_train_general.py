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
from eval.train_general import GENERAL, KEPT, SAFETY, Asked, fit_linear, folds  # noqa: E402
from eval.train_ranker import to_json  # noqa: E402

NINE = "中华人民共和国安全生产法第九条"


def test_test_questions_are_not_asked() -> None:
    given = [Query("1", "甲", ("a",), "tune"), Query("2", "乙", ("b",), "test")]
    asked = train_general.questions(given, 20, 10, 1)
    assert [a.query.qid for a in asked if a.group == GENERAL] == ["1"]
    assert {a.query.split for a in asked if a.group == SAFETY} == {"train"}
    assert {a.query.split for a in asked if a.group == KEPT} == {"tune"}
    assert [len([a for a in asked if a.group == g]) for g in (SAFETY, KEPT)] == [20, 10]


def test_a_training_question_does_not_find_its_own_entry(services: Services) -> None:
    own = next(q for q in load_queries("train", "train") if q.gold)
    case = next(train_general.collect(services, [Asked(SAFETY, own)]))
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
    fitted = fit_linear(cases, 1.0)
    recall = [r[2] for r in train_general.judge(fitted, cases, [2] * len(cases))]
    assert sum(recall) / len(recall) > 0.95
    assert [r[2] for r in train_general.judge(fitted, cases, [4] * len(cases))] == [
        r / 2 for r in recall
    ]
    held_back = fit_linear(cases, 1e4)
    assert held_back.model[0].weight.abs().max() < fitted.model[0].weight.abs().max() / 10
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


def test_a_law_is_in_one_fold_and_folds_are_alike() -> None:
    golds = ["甲法第一条"] * 4 + ["甲法第二条"] * 2 + ["乙法第一条"] * 3 + ["丙法第九条"] * 3
    asked = [Asked(GENERAL, Query(str(n), "x", (g,), "tune")) for n, g in enumerate(golds)]
    asked.append(Asked(SAFETY, Query("s", "x", ("丁法第一条",), "train")))
    assert folds(asked, "laws", 2) == {"甲法": 0, "丙法": 1, "乙法": 1}
    by_article = folds(asked, "articles", 2)
    assert by_article["甲法第一条"] != by_article["丙法第九条"]
    assert len(by_article) == 4


def test_a_question_does_not_count_itself() -> None:
    numbers = {"甲法": 0, "乙法": 1}
    asked = [Asked(GENERAL, Query(str(n), "x", (f"甲法第{n}条",), "tune")) for n in "一二三"]
    asked.append(Asked(SAFETY, Query("s", "x", ("乙法第一条",), "train")))
    counts = train_general.counted(asked, numbers)
    assert counts.tolist() == [3, 0]
    law = np.array([[9, 0], [9, 1]], np.float32)
    case = Case(GENERAL, "tune", law, np.array([True, False]))
    inside = train_general.with_counts(case, asked[0], counts, numbers, itself=True)
    assert inside.features.tolist() == [[9, pytest.approx(np.log1p(2))], [9, 0]]
    other = train_general.with_counts(case, asked[-1], counts, numbers, itself=True)
    assert other.features[:, 1].tolist() == pytest.approx([np.log1p(3), 0])
    held = train_general.with_counts(case, asked[0], counts, numbers, itself=False)
    assert held.features[:, 1].tolist() == pytest.approx([np.log1p(3), 0])
