from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.practice.rounds import (
    Fresh,
    apart,
    compose,
    due_trails,
    experienced,
    known_trails,
    suited,
    wrong_trails,
)
from assistant.practice.standing import standing_of
from assistant.practice.wrong_book import wrong_book
from assistant.quiz.model import Kind, Question
from tests.assistant.practice.fakes import DAY, NOON, made_answer, made_question

KINDS = (Kind.SINGLE, Kind.MULTI, Kind.JUDGE, Kind.BLANK)


def rng(seed: int = 1) -> random.Random:
    return random.Random(seed)


def ids(questions: tuple[Question, ...]) -> list[str]:
    return [q.id for q in questions]


def places(questions: tuple[Question, ...]) -> list[str]:
    return [q.basis[0].provision.article for q in questions]


def many(count: int = 40) -> list[Fresh]:
    return [
        Fresh(made_question(n, KINDS[n % 4], topic=f"题材{n % 5}"), nearness=n // 20)
        for n in range(1, count + 1)
    ]


def test_what_is_due_comes_first_then_new_ones_fill_the_round() -> None:
    reviews = [made_question(n) for n in (91, 92, 93)]
    made = ids(compose(reviews, many(), 10, rng()))
    assert made[:3] == ["q091", "q092", "q093"]
    assert len(made) == len(set(made)) == 10


def test_a_round_full_of_reviews_has_no_new_ones() -> None:
    reviews = [made_question(n) for n in range(60, 75)]
    assert ids(compose(reviews, many(), 10, rng())) == ids(tuple(reviews[:10]))


def test_the_posts_own_rules_come_before_all_others() -> None:
    alike = [replace(f, question=replace(f.question, topics=())) for f in many()[::4]]
    far = [replace(f, nearness=f.nearness + n % 2) for n, f in enumerate(alike)]
    near = {f.question.id for f in far if f.nearness == 0}
    made = ids(compose((), far, 10, rng()))
    assert set(made[: len(near)]) == near


def test_a_round_for_a_post_is_mostly_its_own_but_not_of_one_kind() -> None:
    own = [Fresh(made_question(n, Kind.JUDGE)) for n in range(1, 30)]
    others = [Fresh(made_question(n, KINDS[n % 4]), nearness=1) for n in range(31, 60)]
    made = Counter(q.kind for q in compose((), own + others, 10, rng()))
    assert 4 <= made[Kind.JUDGE] <= 8
    assert len(made) >= 3


def test_topics_and_kinds_are_varied() -> None:
    made = compose((), many(), 10, rng())
    assert Counter(q.kind for q in made).most_common(1)[0][1] <= 4
    assert len({q.topics[0] for q in made}) >= 4


def test_the_same_numbers_make_the_same_round_and_others_another() -> None:
    assert compose((), many(), 10, rng(5)) == compose((), many(), 10, rng(5))
    assert compose((), many(), 10, rng(5)) != compose((), many(), 10, rng(6))


def test_easier_ones_are_chosen_for_those_who_need_them() -> None:
    hard = [Fresh(replace(made_question(n), difficulty=0.9)) for n in range(1, 9)]
    easy = [Fresh(replace(made_question(n), difficulty=0.3)) for n in range(11, 19)]
    assert {q.difficulty for q in compose((), hard + easy, 4, rng(), 0.3)} == {0.3}
    assert {q.difficulty for q in compose((), hard + easy, 4, rng(), 0.9)} == {0.9}


def test_a_question_that_prints_the_answer_of_another_is_left_out() -> None:
    first = made_question(1)
    twin = replace(made_question(2), stem=first.stem, basis=first.basis)
    assert len(compose((), [Fresh(first), Fresh(twin)], 5, rng())) == 1


def test_a_round_is_filled_from_farther_off_where_all_that_is_near_gives_each_other_away() -> None:
    first = made_question(1)
    near = [
        Fresh(replace(made_question(n), stem=first.stem, basis=first.basis)) for n in range(1, 60)
    ]
    far = [Fresh(made_question(n), nearness=3) for n in range(60, 80)]
    assert len(compose((), near + far, 10, rng())) == 10


def test_too_few_questions_make_a_shorter_round() -> None:
    assert len(compose((), many(4), 10, rng())) == 4
    assert compose((), (), 10, rng()) == ()


@pytest.mark.parametrize("seed", range(20))
def test_no_two_neighbours_are_on_one_provision_where_that_can_be(seed: int) -> None:
    dice = rng(seed)
    size = dice.randrange(2, 14)
    articles = [dice.randrange(1, 5) for _ in range(size)]
    made = apart([made_question(n, article=a) for n, a in enumerate(articles, 1)])
    assert sorted(ids(made)) == [f"q{n:03}" for n in range(1, size + 1)]
    found = places(made)
    if max(Counter(found).values()) <= (size + 1) // 2:
        assert all(a != b for a, b in itertools.pairwise(found))


def test_questions_without_a_basis_stay_where_they_are() -> None:
    loose = [replace(made_question(n), basis=()) for n in (1, 2, 3)]
    assert apart(loose) == tuple(loose)


def test_the_longest_due_comes_first() -> None:
    given = [made_answer(f"q{n:03}", False, NOON + n * DAY) for n in (3, 1, 2)]
    found = due_trails(standing_of(given), NOON + 3 * DAY + timedelta(minutes=9))
    assert [t.question for t in found] == ["q001", "q002"]


def test_known_ones_come_back_the_longest_ago_first() -> None:
    given = [made_answer(f"q{n:03}", True, NOON + n * DAY) for n in (3, 1, 2)]
    found = known_trails(standing_of(given), ["q003", "q001", "q009", "q003"])
    assert [t.question for t in found] == ["q001", "q003"]


def test_the_wrong_book_is_asked_due_ones_first() -> None:
    given = [made_answer(f"q{n:03}", False, NOON + n * timedelta(minutes=1)) for n in (1, 2, 3)]
    given.append(made_answer("q001", True, NOON + timedelta(minutes=15)))
    standing = standing_of(given)
    found = wrong_trails(wrong_book(standing, ()), NOON + timedelta(minutes=30))
    assert [t.question for t in found] == ["q002", "q003", "q001"]


def test_new_questions_get_harder_for_those_who_are_right() -> None:
    def after(right: bool, count: int = 12) -> float:
        return suited(standing_of([made_answer(f"q{n:03}", right) for n in range(count)]))

    assert after(True) > after(False)
    assert after(True, 3) == after(False, 3)


def test_what_proved_to_be_hard_counts_as_hard() -> None:
    fresh = [Fresh(replace(made_question(n), difficulty=0.3)) for n in (1, 2, 3)]
    found = experienced(fresh, {"q002": (0, 40), "q003": (40, 0)})
    assert [f.question.id for f in found] == ["q001", "q002", "q003"]
    assert found[0].hard == 0.3
    assert found[1].hard > 0.8
    assert found[2].hard < 0.1
    assert ids(compose((), found, 1, rng(), 0.95)) == ["q002"]
