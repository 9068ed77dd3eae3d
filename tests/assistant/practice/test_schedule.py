"""The schedule is the library's own: golden intervals, and the library asked beside it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

import pytest
from fsrs import Card, Rating, Scheduler

from assistant.practice.model import Response
from assistant.practice.schedule import STEP, Memory, Recall, is_due, recall_of, reviewed
from tests.assistant.practice.fakes import DAY, NOON, made_answer

MISSED, SLOW, KNOWN = Recall.MISSED, Recall.SLOW, Recall.KNOWN


def intervals(recalls: list[Recall]) -> list[timedelta]:
    """What lies between each review and the next, each held when it is due."""
    memory: Memory | None = None
    out, at = [], NOON
    for recall in recalls:
        memory = reviewed(memory, recall, at)
        out.append(memory.due - at)
        at = memory.due
    return out


def test_golden_intervals_of_what_is_always_known() -> None:
    assert [x.days for x in intervals([KNOWN] * 6)] == [2, 11, 46, 163, 365, 365]


def test_golden_intervals_with_misses() -> None:
    made = intervals([MISSED, KNOWN, KNOWN, KNOWN, MISSED, KNOWN, KNOWN, SLOW, KNOWN])
    assert [x if x == STEP else x.days for x in made] == [STEP, 1, 2, 6, STEP, 1, 2, 4, 7]


@pytest.mark.parametrize("seed", range(12))
def test_any_sequence_is_due_when_the_library_says(seed: int) -> None:
    rng = random.Random(seed)
    library = Scheduler(
        learning_steps=(timedelta(minutes=10),),
        relearning_steps=(timedelta(minutes=10),),
        maximum_interval=365,
        enable_fuzzing=False,
    )
    card, memory, at = Card(card_id=7, due=NOON), None, NOON
    for _ in range(25):
        recall = rng.choice((MISSED, SLOW, KNOWN, KNOWN))
        card, _ = library.review_card(card, Rating(int(recall)), at)
        memory = reviewed(memory, recall, at)
        assert (memory.due, memory.stability, memory.difficulty, memory.state) == (
            card.due, card.stability, card.difficulty, card.state.value,
        )  # fmt: skip
        late = timedelta(minutes=rng.choice((0, 3, 600, 5000)))
        at = max(card.due, at) + late


def test_times_of_another_zone_are_the_same_times() -> None:
    china = NOON.astimezone(timezone(timedelta(hours=8)))
    assert reviewed(None, KNOWN, china) == reviewed(None, KNOWN, NOON)


@pytest.mark.parametrize(
    ("right", "kind", "seconds", "recall"),
    [
        (False, "single", 5.0, MISSED),
        (False, "single", 300.0, MISSED),
        (True, "single", 5.0, KNOWN),
        (True, "single", 0.0, KNOWN),
        (True, "single", 120.0, SLOW),
        (True, "multi", 120.0, KNOWN),
        (True, "single", 3600.0, KNOWN),
        (True, "unheard-of", 200.0, SLOW),
    ],
)
def test_an_answer_is_rated_by_key_and_time(
    right: bool, kind: str, seconds: float, recall: Recall
) -> None:
    answer = made_answer(right=right, kind=kind, response=Response(("甲",), NOON, seconds))
    assert recall_of(answer) is recall


def test_what_was_missed_is_due_ten_minutes_later_to_the_second() -> None:
    memory = reviewed(None, MISSED, NOON)
    assert not is_due(memory, NOON + STEP - timedelta(seconds=1))
    assert is_due(memory, NOON + STEP)


def test_what_comes_by_days_is_due_from_the_morning_of_its_day_in_china() -> None:
    memory = reviewed(None, KNOWN, NOON)
    assert memory.due == NOON + 2 * DAY
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=timezone.utc)
    assert not is_due(memory, midnight - timedelta(seconds=1))
    assert is_due(memory, midnight)
