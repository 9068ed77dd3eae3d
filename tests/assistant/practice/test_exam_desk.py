from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.errors import BadInputError
from assistant.practice.desk import PracticeDesk
from assistant.practice.exam import PLANS
from assistant.practice.exam_desk import ExamDesk
from assistant.practice.model import Mode, Round
from assistant.practice.questions import Scope
from assistant.practice.sets import QuestionSet
from assistant.quiz.model import Kind
from assistant.services import Live, Services
from tests.assistant.practice.conftest import Clock
from tests.assistant.practice.fakes import MemoryStore, made_question

ME = "guest:me"


def begin(exams: ExamDesk, round_id: str = "exam-0001", plan: str = "short") -> Round:
    return exams.begin(ME, round_id, plan, Scope("worker")).round


@pytest.mark.parametrize("plan", PLANS, ids=lambda p: p.id)
def test_an_exam_holds_what_its_plan_says(exams: ExamDesk, plan: object) -> None:
    made = begin(exams, plan=plan.id)  # type: ignore[attr-defined]
    kinds = [q.kind for q in made.questions]
    assert {p.kind: p.count for p in plan.parts} == {k: kinds.count(k) for k in set(kinds)}  # type: ignore[attr-defined]
    assert kinds == sorted(kinds, key=list(Kind).index)
    assert sum(made.points) == 100
    assert len({q.id for q in made.questions}) == len(kinds)


def test_nothing_is_told_before_it_is_handed_in(exams: ExamDesk, desk: PracticeDesk) -> None:
    made = begin(exams)
    assert exams.put_down(ME, made.id, 1, made.questions[0].answer) == 20 * 60
    sitting = exams.sitting(ME, made.id)
    assert (sitting.result, sitting.submission) == (None, None)
    assert desk.progress(ME).answered == 0
    with pytest.raises(BadInputError, match="这是考试"):
        desk.answer(ME, "answer-01", made.id, 1, made.questions[0].answer)


def test_it_goes_on_after_the_server_was_started_anew(
    exams: ExamDesk, new_desk: Callable[[], PracticeDesk], clock: Clock
) -> None:
    made = begin(exams)
    exams.put_down(ME, made.id, 3, made.questions[2].answer)
    clock.move(minutes=5)
    later = ExamDesk(new_desk()).sitting(ME, made.id)
    assert later.round == made
    assert later.left == 15 * 60
    assert later.responses[3].given == tuple(
        o for o in made.questions[2].options if o in made.questions[2].answer
    )


def test_a_later_choice_takes_the_place_of_an_earlier_one(exams: ExamDesk, clock: Clock) -> None:
    made = begin(exams)
    options = made.questions[0].options
    exams.put_down(ME, made.id, 1, options[:1])
    clock.move(minutes=2)
    exams.put_down(ME, made.id, 1, options[1:2])
    exams.put_down(ME, made.id, 1, options[:1], ago=60.0)  # sent again, from before
    assert exams.sitting(ME, made.id).responses[1].given == options[1:2]


def test_it_is_handed_in_once(exams: ExamDesk, store: MemoryStore, clock: Clock) -> None:
    made = begin(exams)
    for n, question in enumerate(made.questions, 1):
        exams.put_down(ME, made.id, n, question.answer)
    clock.move(minutes=3)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: exams.submit(ME, made.id).result, range(12)))
    assert len(store.log) == len(made.questions)
    assert all(r is not None and r.score == 100 and r.passed for r in results)
    with pytest.raises(BadInputError, match="已经交卷"):
        exams.put_down(ME, made.id, 1, ())


def test_the_clock_hands_in_what_was_put_down(
    exams: ExamDesk, store: MemoryStore, clock: Clock
) -> None:
    made = begin(exams)
    exams.put_down(ME, made.id, 1, made.questions[0].answer)
    clock.move(minutes=20)
    with pytest.raises(BadInputError, match="时间到了"):
        exams.put_down(ME, made.id, 2, made.questions[1].answer, ago=30.0)
    sitting = exams.sitting(ME, made.id)
    assert sitting.submission is not None
    assert (sitting.submission.by_clock, sitting.submission.at) == (True, made.ends_at)
    assert sitting.result is not None
    assert (sitting.result.right, sitting.result.score) == (1, made.points[0])
    assert len(store.log) == len(made.questions)


def test_an_exam_left_alone_is_closed_when_its_time_is_up(
    exams: ExamDesk, desk: PracticeDesk, clock: Clock
) -> None:
    made = begin(exams)
    exams.close_overdue(ME)
    assert [r.id for r, _ in desk.home(ME).open] == [made.id]
    clock.move(hours=2)
    exams.close_overdue(ME)
    assert desk.home(ME).open == ()
    assert desk.progress(ME).answered == len(made.questions)


def test_misses_of_an_exam_are_in_the_wrong_book(exams: ExamDesk, desk: PracticeDesk) -> None:
    made = begin(exams)
    for n, question in enumerate(made.questions[1:], 2):
        exams.put_down(ME, made.id, n, question.answer)
    exams.submit(ME, made.id)
    assert [w.question for w in desk.wrong_book(ME)] == [made.questions[0]]


def test_a_saved_paper_is_sat_with_its_own_points(
    store: MemoryStore, services: Services, desk: PracticeDesk
) -> None:
    paper = QuestionSet("paper-1", "月度考试", (made_question(1), made_question(2)), (3.0, 2.0))
    exams = ExamDesk(PracticeDesk(store, Live(services), desk.shelves, lambda: [paper]))
    sat = exams.begin(ME, "exam-0001", set_id="paper-1", minutes=30)
    assert (sat.round.title, sat.round.points) == ("模拟考试 · 月度考试", (3.0, 2.0))
    assert 0 < (sat.left or 0) <= 30 * 60
    for minutes in (0, 301):
        with pytest.raises(BadInputError, match="分钟"):
            exams.begin(ME, "exam-0002", set_id="paper-1", minutes=minutes)


def test_what_is_no_exam_or_not_ones_own_is_refused(exams: ExamDesk, desk: PracticeDesk) -> None:
    made = begin(exams)
    with pytest.raises(BadInputError, match="没有这一组"):
        exams.sitting("guest:other", made.id)
    daily = desk.begin(ME, "round-001", Mode.DAILY).round
    with pytest.raises(BadInputError, match="不是考试"):
        exams.submit(ME, daily.id)
    with pytest.raises(BadInputError, match="没有这种考试"):
        begin(exams, "exam-0002", "huge")
    assert begin(exams) == made  # the same id is the same exam
