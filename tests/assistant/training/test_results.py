"""Statistics of training by hand-computed examples, and recomputed from the log another way."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from statistics import correlation

import pytest

from assistant.errors import BadInputError
from assistant.practice.difficulty import first_answers as tallied
from assistant.practice.model import Answer
from assistant.training.attendance import Begun, Given, State, attendance
from assistant.training.experience import FRESH, Experienced
from assistant.training.items import first_answers, items, point_biserial, share
from assistant.training.period import deadline, period
from assistant.training.report import report
from assistant.training.results import by_person, by_provision, by_topic
from tests.assistant.practice.fakes import DAY, NOON, made_answer


def said(person: str, question: str, right: bool, at: datetime = NOON, **more: object) -> Answer:
    return made_answer(
        question, right, at, person=person, id=f"{person}-{question}-{at.timestamp()}", **more
    )


def seq(answers: Sequence[Answer]) -> list[Answer]:
    return [replace(a, seq=n) for n, a in enumerate(answers, 1)]


def some_log(seed: int, size: int = 200) -> list[Answer]:
    rng = random.Random(seed)
    return seq([
        said(
            f"p{rng.randrange(12)}", f"q{rng.randrange(9)}", rng.random() < 0.6,
            NOON + timedelta(minutes=rng.randrange(9000), microseconds=n),
            topics=(rng.choice(["消防", "用电"]),), provision=f"d@v/第{rng.randrange(4)}条",
            score=rng.choice([0.0, 1.0, 2.0]), points=2.0,
        )
        for n in range(size)
    ])  # fmt: skip


def test_people_are_counted_and_those_who_did_nothing_are_listed() -> None:
    log = [
        said("p1", "q1", True), said("p1", "q2", False, NOON + DAY, score=1.5, points=4.0),
        said("p2", "q1", False),
    ]  # fmt: skip
    found = by_person(log, ("p2", "p3"))
    assert [(r.person, r.tally.answered, r.tally.right) for r in found] == [
        ("p1", 2, 1), ("p2", 1, 0), ("p3", 0, 0),
    ]  # fmt: skip
    assert (found[0].tally.score, found[0].tally.points, found[0].days) == (2.5, 5.0, 2)
    assert found[0].last_at == NOON + DAY
    assert (found[2].last_at, found[2].tally.share_right) == (None, None)


def test_a_day_is_one_of_china() -> None:
    late = datetime(2026, 11, 22, 15, 59, tzinfo=timezone.utc)
    (found,) = by_person([said("p1", "q1", True, late), said("p1", "q2", True, late + DAY / 1440)])
    assert found.days == 2


def test_topics_and_provisions_stand_by_the_share_wrong_and_few_answers_last() -> None:
    log = [
        *(said(f"p{n}", "q1", n > 0, provision="d@v/第一条", topics=("消防",)) for n in range(4)),
        *(said(f"p{n}", "q2", n > 1, provision="d@v/第二条", topics=("用电",)) for n in range(4)),
        said("p1", "q3", False, provision="d@v/第三条", topics=()),
        said("p1", "q4", False, provision="", topics=()),
    ]  # fmt: skip
    assert [(r.provision, r.tally.wrong, r.tally.answered) for r in by_provision(log)] == [
        ("d@v/第二条", 2, 4), ("d@v/第一条", 1, 4), ("d@v/第三条", 1, 1),
    ]  # fmt: skip
    assert [(r.topic, r.tally.share_wrong) for r in by_topic(log)] == [
        ("用电", 0.5), ("消防", 0.25), ("其他", 1.0),
    ]  # fmt: skip
    assert by_topic(log)[0].people == 4


def test_difficulty_is_the_share_right_of_first_answers() -> None:
    log = [
        said("p1", "q1", False), said("p1", "q1", True, NOON + DAY), said("p2", "q1", True),
        said("p2", "q2", True),
    ]  # fmt: skip
    hard, easy = items(log)
    assert (hard.question, hard.answered, hard.right, hard.difficulty) == ("q1", 2, 1, 0.5)
    assert (easy.question, easy.difficulty, easy.discrimination) == ("q2", 1.0, None)


def test_discrimination_by_hand() -> None:
    """Rest scores 1, 1, 1/2, 0, 0 of those right, right, right, wrong, wrong on q1.

    Mean of the right 5/6, of the wrong 0; deviation sqrt(0.2) = 0.4472; 5/6 / 0.4472 *
    sqrt(0.6 * 0.4) = 0.9129.
    """
    rest = ((True, True), (True, True), (True, False), (False, False), (False, False))
    own = (True, True, True, False, False)
    log = [
        answer
        for n, (mine, (a, b)) in enumerate(zip(own, rest, strict=True))
        for answer in (said(f"p{n}", "q1", mine), said(f"p{n}", "q2", a), said(f"p{n}", "q3", b))
    ]
    found = {i.question: i for i in items(log)}
    assert found["q1"].discrimination == 0.9129


@pytest.mark.parametrize(
    ("right", "rest"),
    [
        ([True, True, False, False], [1.0, 0.9, 0.1, 0.0]),
        ([True] * 6, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        ([True, True, True, False, False], [0.5] * 5),
    ],
    ids=["too few", "all right", "nothing differs"],
)
def test_nothing_is_said_of_discrimination_where_it_cannot_be_known(
    right: list[bool], rest: list[float]
) -> None:
    assert point_biserial(right, rest) is None


@pytest.mark.parametrize("seed", range(8))
def test_what_is_shown_equals_what_another_reckoning_of_the_log_gives(seed: int) -> None:
    log = some_log(seed)
    found = report(log, ("p0", "nobody"))
    shuffled = random.Random(seed).sample(log, len(log))
    assert report(shuffled, ("nobody", "p0")) == found
    assert found.total.answered == len(log) == sum(p.tally.answered for p in found.people)
    for part in (found.topics, found.provisions):
        assert sum(r.tally.right for r in part) == found.total.right == sum(a.right for a in log)
    assert found.active == len({a.person for a in log})
    assert {i.question: (i.right, i.answered - i.right) for i in found.items} == tallied(log)
    firsts = first_answers(log)
    for item in found.items:
        pairs = [
            (float(a.right), math.fsum(share(b) for b in rest) / len(rest))
            for a in firsts
            if a.question == item.question
            and (rest := [b for b in firsts if b.person == a.person and b.question != a.question])
        ]
        assert item.discrimination == pytest.approx(
            correlation([x for x, _ in pairs], [y for _, y in pairs]), abs=1e-4
        )


DUE = NOON + DAY


def test_progress_tells_who_waits_has_begun_and_has_finished() -> None:
    given = Given(2, 2.0, False, DUE)
    log = [
        said("p1", "q1", True, n=1), said("p1", "q2", True, DUE + DAY, n=2),
        said("p2", "q1", True, n=1), said("p2", "q2", False, NOON + DAY / 2, n=2),
        said("p3", "q1", False, n=1),
    ]  # fmt: skip
    begun = [Begun(f"r{n}", f"p{n}", 2, NOON) for n in (1, 2, 3, 4)]
    found = attendance(given, ("p2", "p5"), begun, log)
    assert [(s.person, s.state, s.score, s.passed) for s in found.seats] == [
        ("p1", State.FINISHED, 2.0, True), ("p2", State.FINISHED, 1.0, False),
        ("p3", State.BEGUN, 0.0, None), ("p4", State.BEGUN, 0.0, None),
        ("p5", State.WAITING, 0.0, None),
    ]  # fmt: skip
    assert [s.late for s in found.seats[:2]] == [True, False]
    assert found.seats[0].finished_at == DUE + DAY
    assert (found.mean, found.passed, found.count(State.BEGUN)) == (1.5, 1, 2)
    assert [s.state.label for s in found.seats[1:3]] == ["已完成", "进行中"]


def test_an_exam_is_finished_when_it_is_handed_in() -> None:
    given = Given(1, 10.0, True, DUE)
    handed_in = Begun("r1", "p1", 1, NOON, DUE, NOON + DAY / 2, by_clock=True)
    log = [said("p1", "q1", True, score=8.0, points=10.0)]
    found = attendance(given, (), [handed_in, Begun("r2", "p2", 1, NOON, DUE)], log)
    assert [(s.state, s.passed, s.by_clock) for s in found.seats] == [
        (State.FINISHED, True, True), (State.BEGUN, None, False),
    ]  # fmt: skip
    assert attendance(given, (), [], []).mean is None


class Log:
    """A log to be followed, which may begin a new generation."""

    def __init__(self, lines: list[Answer]) -> None:
        self.lines, self.generation, self.reads = lines, 0, 0

    def __call__(self, after: int, limit: int) -> tuple[int, Sequence[Answer]]:
        self.reads += 1
        return self.generation, [a for a in self.lines if a.seq > after][:limit]


def test_experience_equals_the_first_answers_of_the_log_however_it_is_read() -> None:
    log, now = Log(some_log(1)), NOON
    tell = Experienced(log, lambda: now, at_once=30)
    names = [f"q{n}" for n in range(9)]
    for _ in range(8):
        tell(names)
    assert tell(names) == tallied(log.lines)
    assert tell(["never asked"]) == {}
    reads = log.reads
    tell(names)
    assert log.reads == reads, "what was counted a moment ago is good enough"
    log.lines += [replace(a, seq=a.seq + 500, person=f"new-{a.person}") for a in some_log(2, 20)]
    now += FRESH
    assert tell(names) == tallied(log.lines)
    log.lines, log.generation = log.lines[:50], 1
    now += FRESH
    for _ in range(3):
        tell(names)
    assert tell(names) == tallied(log.lines), "what was erased does not count any more"


def test_a_period_is_of_whole_days_in_china() -> None:
    found = period("2026-11-01", "2026-11-22", NOON)
    assert found.since == datetime(2026, 10, 31, 16, tzinfo=timezone.utc)
    assert found.until == datetime(2026, 11, 22, 16, tzinfo=timezone.utc)
    assert found.words == "2026年11月1日至2026年11月22日"
    usual = period("", "", NOON)
    assert (usual.first, usual.last) == (date(2026, 10, 24), date(2026, 11, 22))
    assert period("2026-11-22", "", NOON).words == "2026年11月22日"


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-11-23", "2026-11-22", "换过来"),
        ("昨天", "", "不是日期"),
        ("0001-01-01", "2026-11-22", "不是日期"),
        ("2020-01-01", "2026-11-22", "两年"),
    ],
)
def test_what_is_no_period_is_refused(first: str, last: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        period(first, last, NOON)


def test_a_deadline_is_in_the_time_of_china() -> None:
    assert deadline("2026-11-30T18:00") == datetime(2026, 11, 30, 10, tzinfo=timezone.utc)
    assert deadline("2026-11-30T10:00+00:00") == deadline("2026-11-30T18:00")
    for wrong in ("", "明天", "0001-01-01T00:00"):
        with pytest.raises(BadInputError, match="截止时间"):
            deadline(wrong)
