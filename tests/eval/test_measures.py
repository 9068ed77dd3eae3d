import json

import pytest

from assistant.services import Services
from eval import times
from eval.measures import judge
from eval.metrics import mean
from eval.queries import FOLDER, Query, load_queries

FLOOR = 0.95
"""The aim, which is reached."""


def test_measures_are_answered_from_their_entry_whole(services: Services) -> None:
    results = [judge(services, q) for q in load_queries("measures")]
    assert len(results) >= 138
    assert mean([float(j.right) for j in results]) >= FLOOR


@pytest.mark.parametrize(
    ("text", "gold", "style"),
    [
        ("四个一律是哪四个", "四不两直", "parts"),
        ("怎么做红烧肉", "四个一律", "what"),
    ],
)
def test_a_wrong_entry_or_a_refusal_is_not_called_right(
    services: Services, text: str, gold: str, style: str
) -> None:
    judged = judge(services, Query("x", text, (gold,), "tune", (), style))
    assert not judged.right
    assert judged.why


def test_days_in_questions_are_read_and_outcomes_are_due(services: Services) -> None:
    lines = (FOLDER / "time.jsonl").read_text(encoding="utf-8").splitlines()
    judged = [times.judge(services, json.loads(line)) for line in lines]
    assert mean([float(j.day) for j in judged]) >= 0.9
    assert mean([float(j.outcome) for j in judged]) >= 0.75
