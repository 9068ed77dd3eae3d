"""Where somebody stands is a function of the log, however it arrives; and what follows from it."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest

from assistant.practice.model import Answer, Mark
from assistant.practice.progress import longest, progress, streak
from assistant.practice.schedule import BEIJING, is_due, recall_of, reviewed
from assistant.practice.standing import Standing, followed, standing_of
from assistant.practice.wrong_book import wrong_book
from tests.assistant.practice.fakes import DAY, NOON, made_answer

LOGS = range(15)


def log(seed: int, size: int = 60) -> list[Answer]:
    """A log over some weeks, in order of arrival; answers may arrive later than they were given."""
    rng = random.Random(seed)
    out, at = [], NOON
    for n in range(size):
        at += timedelta(minutes=rng.choice((1, 1, 1, 7, 300, 1500)))
        question = f"q{rng.randrange(12):03}"
        late = timedelta(minutes=rng.choice((0, 0, 0, 200)))
        out.append(
            made_answer(
                question, rng.random() < 0.6, at - late,
                id=f"a{n}", seq=n + 1, topics=(f"t{int(question[1:]) % 3}",),
            )
        )  # fmt: skip
    return out


@pytest.mark.parametrize("seed", LOGS)
def test_one_after_another_comes_to_the_same_as_all_at_once(seed: int) -> None:
    answers = log(seed)
    rng = random.Random(-seed)
    standing, at = Standing(), 0
    while at < len(answers):
        size = rng.randrange(1, 9)
        batch, at = answers[at : at + size], at + size
        standing = followed(standing, batch) or standing_of(answers[:at])
    assert standing == standing_of(answers)


@pytest.mark.parametrize("seed", LOGS)
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    answers = log(seed)
    mixed = random.Random(seed).sample(answers, len(answers))
    assert standing_of(mixed) == standing_of(answers)


def test_a_late_answer_cannot_be_added_to_what_is_counted() -> None:
    standing = standing_of([made_answer("q001", at=NOON)])
    assert followed(standing, [made_answer("q002", at=NOON - DAY)]) is None


@pytest.mark.parametrize("seed", LOGS)
def test_what_is_shown_equals_what_the_log_says(seed: int) -> None:
    """Every figure once more, from the log alone and in another way."""
    answers = sorted(log(seed), key=lambda a: (a.response.at, a.id))
    now = answers[-1].response.at + timedelta(hours=5)
    shown = progress(standing_of(answers), now, shown=60)
    by_question: dict[str, list[Answer]] = defaultdict(list)
    for a in answers:
        by_question[a.question].append(a)
    days = Counter(a.response.at.astimezone(BEIJING).date() for a in answers)
    good = {q for q, given in by_question.items() if known(given)}
    missed = {q for q, given in by_question.items() if not all(a.right for a in given)}
    assert shown.answered == len(answers)
    assert shown.right == sum(a.right for a in answers)
    assert {d: x.answered for d, x in shown.days if x.answered} == days
    assert sum(x.right for _, x in shown.days) == shown.right
    assert (shown.questions, shown.mastered) == (len(by_question), len(good))
    assert shown.wrong == len(missed - good)
    assert {e.trail.question for e in wrong_book(standing_of(answers), ())} == missed - good
    assert shown.due == sum(due(given, now) for given in by_question.values())
    assert sum(m.asked for m in shown.topics) == shown.questions
    for m in shown.topics:
        of_topic = {q: g for q, g in by_question.items() if g[-1].topics[0] == m.topic}
        assert m.asked == len(of_topic)
        assert m.right == sum(g[-1].right for g in of_topic.values())
        assert m.mastered == len(good & set(of_topic))


def known(given: list[Answer]) -> bool:
    """Right on two days since the last miss."""
    days: set[date] = set()
    for a in reversed(given):
        if not a.right:
            break
        days.add(a.response.at.astimezone(BEIJING).date())
    return len(days) >= 2


def due(given: list[Answer], now: datetime) -> bool:
    memory = None
    for a in given:
        memory = reviewed(memory, recall_of(a), a.response.at)
    assert memory is not None
    return is_due(memory, now)


def book(*answers: Answer, marks: tuple[Mark, ...] = ()) -> list[tuple[str, int, bool]]:
    return [(e.trail.question, e.left, e.pinned) for e in wrong_book(standing_of(answers), marks)]


def test_a_miss_enters_the_wrong_book_and_a_right_answer_does_not() -> None:
    assert book(made_answer("q001", False), made_answer("q002", True)) == [("q001", 2, False)]


def test_it_leaves_after_two_right_answers_on_different_days() -> None:
    missed = made_answer("q001", False)
    same_day = [made_answer("q001", True, NOON + timedelta(minutes=n)) for n in (20, 40)]
    assert book(missed, *same_day) == [("q001", 1, False)]
    assert book(missed, *same_day, made_answer("q001", True, NOON + DAY)) == []


def test_another_miss_begins_the_count_anew() -> None:
    given = [made_answer("q001", right, NOON + n * DAY) for n, right in enumerate((0, 1, 0, 1))]
    assert book(*given) == [("q001", 1, False)]


def test_a_pinned_question_stays_and_stands_first_until_it_is_let_go() -> None:
    missed = made_answer("q002", False, NOON + DAY)
    good = [made_answer("q001", True, NOON + n * DAY) for n in range(3)]
    pin, unpin = (Mark("guest:a", "q001", x, NOON) for x in (True, False))
    assert book(missed, *good, marks=(pin,)) == [("q001", 0, True), ("q002", 2, False)]
    assert book(missed, *good, marks=(pin, unpin)) == [("q002", 2, False)]


def test_the_latest_miss_stands_first() -> None:
    given = [made_answer(f"q{n:03}", False, NOON + n * DAY) for n in (2, 1, 3)]
    assert [q for q, _, _ in book(*given)] == ["q003", "q002", "q001"]


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("ago", "now", "best"),
    [
        ((), 0, 0),
        ((0,), 1, 1),
        ((1, 2, 3), 3, 3),
        ((0, 1, 3, 4, 5), 2, 3),
        ((2, 3), 0, 2),
    ],
)
def test_a_streak_ends_today_or_yesterday(ago: tuple[int, ...], now: int, best: int) -> None:
    days = frozenset(TODAY - timedelta(days=n) for n in ago)
    assert (streak(days, TODAY), longest(days)) == (now, best)


def test_a_day_begins_at_midnight_in_china() -> None:
    before = datetime.fromisoformat("2026-11-21T15:59:59+00:00")
    after = before + timedelta(seconds=1)
    shown = progress(standing_of([made_answer("a", at=before), made_answer("b", at=after)]), NOON)
    assert shown.streak == 2
    assert [x.answered for _, x in shown.days[-3:]] == [0, 1, 1]


def test_nothing_answered_shows_nothing() -> None:
    shown = progress(Standing(), NOON)
    assert (shown.streak, shown.answered, shown.topics, shown.due) == (0, 0, (), 0)
    assert len(shown.days) == 28
