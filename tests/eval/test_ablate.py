import re

import pytest

torch = pytest.importorskip("torch", reason="training needs the full installation")

import numpy as np  # noqa: E402

from eval import ablate  # noqa: E402
from eval.cases import Case  # noqa: E402
from eval.queries import load_queries  # noqa: E402
from eval.variations import COLLECTED, FEATURES, FITTED, FULL  # noqa: E402


def case(split: str, group: str, told: str, rng: np.random.Generator) -> Case:
    """Five candidates; only the column `told` tells which is gold."""
    features = rng.normal(size=(5, len(FEATURES))).astype(np.float32)
    gold = np.arange(5) == rng.integers(5)
    features[:, FEATURES.index(told)] = gold * 4.0
    return Case(group, split, features, gold)


def cases() -> list[Case]:
    rng = np.random.default_rng(3)
    learned = [case("train", "train", "route", rng) for _ in range(300)]
    judged = [case("tune", g, "route", rng) for g in ("rough", "exam") for _ in range(20)]
    none = Case("exam", "tune", np.zeros((0, 1), np.float32), np.zeros(0, np.bool_))
    return [*learned, *judged, none]


def test_leaving_out_the_column_that_tells_makes_it_worse() -> None:
    full = ablate.refitted("full", cases(), 1, hidden=0)
    less = ablate.refitted("less", ablate.blanked(cases(), ("route",)), 1, hidden=0)
    assert full.by_set["rough"][0] > 0.9
    assert full.by_set["exam"][1] <= 20 / 21  # one has no candidates
    assert less.mrr < full.mrr - 0.2


def test_figures_by_hand() -> None:
    gold = np.array([False, True, False])
    one = Case("exam", "tune", np.zeros((3, 1), np.float32), gold)
    row = ablate.judge("t", [one, one], [np.array([3.0, 2, 1]), np.array([1.0, 2, 0])])
    assert row.by_set == {"exam": (0.5, 1.0)}
    assert row.mrr == pytest.approx((1 / 2 + 1) / 2)


def test_features_without_names_are_refused() -> None:
    strange = Case("exam", "tune", np.zeros((2, 3), np.float32), np.array([True, False]))
    with pytest.raises(ValueError, match="FEATURES"):
        ablate.blanked([strange], ("route",))


def test_questions_to_learn_from_and_to_judge_on_are_apart() -> None:
    learned, judged = ablate.questions(50, 1)
    assert len(learned) == 50
    assert {q.split for _, q in learned} == {"train"}
    assert {q.split for _, q in judged} == {"tune"}
    assert ablate.questions(50, 1)[0] == learned
    fewer = [n for n, _ in ablate.questions(50, 1, 3)[1]]
    assert {n: fewer.count(n) for n in fewer} == dict.fromkeys(ablate.JUDGED, 3)
    tests = {q.text for n in ablate.JUDGED for q in load_queries(n, "test")}
    assert not tests & {q.text for _, q in (*learned, *judged)}


def test_the_committed_report_has_every_row() -> None:
    text = ablate.REPORT.read_text(encoding="utf-8")
    titles = [v.title for v in (FULL, *COLLECTED, *FITTED)] + [ablate.LINEAR, ablate.STRAIGHT]
    for title in titles:
        assert f"| {title} |" in text, title
    for title in ablate.JUDGED.values():
        assert re.search(rf"\| {title} \d+ 问 \|", text), title


def test_the_table_shows_the_change_against_the_first_row() -> None:
    rows = [
        ablate.Row("甲", {"exam": (0.5, 1.0)}, 0.75),
        ablate.Row("乙", {"exam": (0.25, 0.5)}, 0.5),
    ]
    lines = ablate.table(rows, {"exam": 4}).splitlines()
    assert lines[0] == "| 配置 | 考试题干 4 问 | MRR@10 | 差 |"
    assert lines[2] == "| 甲 | 0.500 / 1.000 | 0.750 |  |"
    assert lines[3] == "| 乙 | 0.250 / 0.500 | 0.500 | -0.250 |"
