from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.practice.exam import (
    PLANS,
    ends_at,
    graded,
    handed_in_at,
    is_exam,
    over,
    result_of,
    seconds_left,
)
from assistant.practice.model import Mode, Response, Round
from assistant.quiz.model import Kind
from tests.assistant.practice.fakes import NOON, made_question

MINUTE = timedelta(minutes=1)
EXAM = Round(
    "e1", "guest:a", Mode.EXAM, "小测",
    (made_question(1), made_question(2, Kind.MULTI), made_question(3, Kind.JUDGE)),
    NOON, NOON + 20 * MINUTE, (5.0, 4.0, 1.0),
)  # fmt: skip


@pytest.mark.parametrize("plan", PLANS, ids=lambda p: p.id)
def test_every_form_makes_a_hundred_points(plan: object) -> None:
    assert sum(p.count * p.points for p in plan.parts) == 100  # type: ignore[attr-defined]


def test_time_runs_out_at_the_end_and_not_before() -> None:
    before, end = NOON + 20 * MINUTE - timedelta(milliseconds=400), NOON + 20 * MINUTE
    assert (over(EXAM, before), seconds_left(EXAM, before)) == (False, 1)
    assert (over(EXAM, end), seconds_left(EXAM, end)) == (True, 0)


def test_an_exam_handed_in_after_the_end_counts_from_the_end_by_the_clock() -> None:
    assert handed_in_at(EXAM, NOON + MINUTE) == (NOON + MINUTE, False)
    assert handed_in_at(EXAM, NOON + 99 * MINUTE) == (NOON + 20 * MINUTE, True)


def test_every_question_is_graded_and_what_is_missing_counts_as_empty() -> None:
    responses = {1: Response(("乙",), NOON + MINUTE, 9.0), 2: Response(("甲",), NOON + 2 * MINUTE)}
    made = graded(EXAM, responses, NOON + 5 * MINUTE)
    assert [(a.n, a.right, a.score, a.points) for a in made] == [
        (1, True, 5.0, 5.0),
        (2, False, 2.0, 4.0),
        (3, False, 0.0, 1.0),
    ]
    assert made[0].response == responses[1]
    assert made[2].response == Response((), NOON + 5 * MINUTE)
    assert {a.mode for a in made} == {Mode.EXAM}
    assert [a.id for a in made] == ["e1-1", "e1-2", "e1-3"]


def test_four_fifths_of_the_points_are_enough() -> None:
    two = {1: Response(("乙",), NOON), 2: Response(("甲", "丙", "丁"), NOON)}
    passed = result_of(EXAM, graded(EXAM, two, NOON))
    assert (passed.score, passed.total, passed.enough, passed.right) == (9.0, 10.0, 8.0, 2)
    assert passed.passed
    assert not result_of(EXAM, graded(EXAM, {1: two[1]}, NOON)).passed


def test_a_round_without_points_is_no_exam_and_has_no_end() -> None:
    made = Round("r1", "guest:a", Mode.DAILY, "每日一练", (made_question(),), NOON)
    assert not is_exam(made)
    assert seconds_left(made, NOON) is None
    assert not over(made, NOON + 9999 * MINUTE)
    answer = graded(made, {1: Response(("乙",), NOON)}, NOON)[0]
    assert (answer.score, answer.points) == (1.0, 1.0)


@pytest.mark.parametrize("minutes", [0, -1, 301])
def test_a_length_that_cannot_be_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="is not from"):
        ends_at(NOON, minutes)
