from __future__ import annotations

import pytest

from assistant.practice.difficulty import first_answers, measured
from tests.assistant.practice.fakes import DAY, NOON, made_answer


@pytest.mark.parametrize("expected", [0.0, 0.3, 0.5, 1.0])
def test_without_answers_it_is_what_was_expected(expected: float) -> None:
    assert measured(expected, 0, 0).difficulty == pytest.approx(expected)


def test_answers_move_it_and_many_decide_it() -> None:
    assert measured(0.5, 10, 0).difficulty < 0.5 < measured(0.5, 0, 10).difficulty
    assert measured(0.5, 0, 5).difficulty < measured(0.5, 0, 50).difficulty
    easy, hard = measured(0.1, 40, 60), measured(0.9, 40, 60)
    assert abs(easy.difficulty - hard.difficulty) < 0.1
    assert (hard.people, hard.missed) == (100, 60)


def test_it_stays_on_the_scale() -> None:
    assert measured(1.0, 0, 1000).difficulty == 1.0
    assert measured(0.0, 1000, 0).difficulty == 0.0


def test_only_the_first_answer_of_each_person_counts() -> None:
    given = [
        made_answer("q001", True, NOON + DAY, person="a"),
        made_answer("q001", False, NOON, person="a"),
        made_answer("q001", True, NOON, person="b"),
        made_answer("q002", False, NOON, person="b"),
    ]
    assert first_answers(given) == {"q001": (1, 1), "q002": (0, 1)}
