from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assistant.errors import BadInputError
from assistant.practice.desk import PracticeDesk, Told
from assistant.practice.exam_desk import ExamDesk
from assistant.practice.model import Mode, Round
from assistant.practice.progress import progress
from assistant.practice.questions import Scope
from assistant.practice.sets import QuestionSet
from assistant.practice.standing import standing_of
from assistant.quiz.model import Kind, Question
from assistant.services import Live, Services
from tests.assistant.practice.conftest import Clock
from tests.assistant.practice.fakes import NOON, MemoryStore, made_question

ME, OTHER = "guest:me", "guest:other"
WORKER = Scope("worker")


def begin(desk: PracticeDesk, round_id: str = "round-01", size: int = 10) -> Round:
    return desk.begin(ME, round_id, Mode.DAILY, WORKER, size=size).round


def put(desk: PracticeDesk, made: Round, n: int, *, right: bool = True, **said: object) -> Told:
    given = made.questions[n - 1].answer if right else ()
    return desk.answer(ME, f"{made.id}-answer-{n}", made.id, n, given, **said)  # type: ignore[arg-type]


def test_a_first_round_is_full_of_different_questions_of_the_post(desk: PracticeDesk) -> None:
    made = begin(desk)
    assert made.title == "每日一练 · 一般从业人员"
    assert len({q.id for q in made.questions}) == 10
    assert all(q.kind is not Kind.SHORT for q in made.questions)
    own = {b for b, _ in desk.live.current.duties.table.falls_on("worker")}
    assert sum(bool(own & set(q.posts)) for q in made.questions) >= 5


def test_a_round_asked_for_twice_is_one_round(desk: PracticeDesk, store: MemoryStore) -> None:
    assert begin(desk) == begin(desk)
    assert len(store.rounds(ME)) == 1


def test_an_answer_tells_at_once_and_is_kept_once(desk: PracticeDesk, store: MemoryStore) -> None:
    made = begin(desk)
    told = put(desk, made, 1, right=False)
    assert (told.answer.right, told.question) == (False, made.questions[0])
    assert put(desk, made, 1, right=False).answer == told.answer
    again = desk.answer(ME, "another-id", made.id, 1, made.questions[0].answer)
    assert again.answer == told.answer
    assert len(store.log) == 1


def test_a_miss_is_in_the_wrong_book_and_due_in_ten_minutes(
    desk: PracticeDesk, clock: Clock
) -> None:
    made = begin(desk)
    told = put(desk, made, 1, right=False)
    put(desk, made, 2)
    assert told.entry is not None
    assert told.entry.left == 2
    assert [w.question for w in desk.wrong_book(ME)] == [made.questions[0]]
    clock.move(minutes=9)
    assert desk.progress(ME).due == 0
    clock.move(minutes=1)
    assert desk.progress(ME).due == 1
    again = begin(desk, "round-02")
    assert made.questions[0] in again.questions[:3]
    assert made.questions[1] not in again.questions


def test_what_was_known_comes_again_after_two_days_before_new_ones(
    desk: PracticeDesk, clock: Clock
) -> None:
    made = begin(desk, size=3)
    for n in (1, 2, 3):
        put(desk, made, n)
    clock.move(days=1)
    assert not set(begin(desk, "round-02").questions) & set(made.questions)
    clock.move(days=1)
    assert set(made.questions) <= set(begin(desk, "round-03").questions[:5])


def test_a_missed_question_leaves_after_two_good_days_and_a_pinned_one_stays(
    desk: PracticeDesk, clock: Clock
) -> None:
    made = begin(desk, size=2)
    put(desk, made, 1, right=False)
    put(desk, made, 2, right=False)
    desk.pin(ME, made.questions[1].id, pinned=True)
    for day in (1, 2):
        clock.move(days=1)
        again = desk.begin(ME, f"wrong-{day:03}", Mode.WRONG).round
        assert set(again.questions) == set(made.questions)
        for n in (1, 2):
            put(desk, again, n)
    assert [(w.question, w.entry.left) for w in desk.wrong_book(ME)] == [(made.questions[1], 0)]
    desk.pin(ME, made.questions[1].id, pinned=False)
    assert desk.wrong_book(ME) == ()
    with pytest.raises(BadInputError, match="错题本里没有"):
        desk.begin(ME, "wrong-999", Mode.WRONG)


def test_an_answer_that_waited_counts_when_it_was_given(desk: PracticeDesk, clock: Clock) -> None:
    made = begin(desk)
    clock.move(hours=3)
    assert put(desk, made, 1, ago=3600.0).answer.response.at == clock.at.replace(hour=6)
    early = put(desk, made, 2, ago=90_000.0)
    assert early.answer.response.at == made.made_at


def test_a_post_with_too_few_questions_is_filled_with_those_for_everybody(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    general = {q.id for q in desk.begin(ME, "round-00", Mode.DAILY).round.questions}
    everything = desk.shelves.fresh

    def two(services: Services, scope: Scope, *said: object, **how: object) -> object:
        found = everything(services, scope, *said, **how)  # type: ignore[arg-type]
        alike = [f for f in found if f.question.kind is Kind.JUDGE]
        return tuple(alike[:2]) if scope.post else found

    monkeypatch.setattr(desk.shelves, "fresh", two)
    made = desk.begin(OTHER, "round-01", Mode.DAILY, WORKER).round
    assert len(made.questions) == 10
    own = {f.question.id for f in two(desk.live.current, WORKER, lambda _: True, 0)}  # type: ignore[attr-defined]
    assert own <= {q.id for q in made.questions}
    assert general & {q.id for q in made.questions}


def test_two_processes_see_each_others_answers(
    desk: PracticeDesk, new_desk: Callable[[], PracticeDesk], store: MemoryStore, clock: Clock
) -> None:
    other = new_desk()
    made = begin(desk)
    for n in range(1, 11):
        put(desk if n % 2 else other, made, n, right=n % 3 > 0)
        clock.move(minutes=1)
    assert desk.progress(ME) == other.progress(ME)
    assert desk.progress(ME) == progress(standing_of(store.log), clock.at)
    assert desk.progress(ME).answered == 10


def test_many_answers_at_once_are_all_counted_once(desk: PracticeDesk, store: MemoryStore) -> None:
    made = begin(desk)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: put(desk, made, n % 10 + 1), range(40)))
    assert sorted(a.n for a in store.log) == list(range(1, 11))
    assert desk.progress(ME).right == 10


def test_topics_can_be_practised_and_known_ones_come_back_when_nothing_is_new(
    desk: PracticeDesk,
) -> None:
    made = desk.begin(ME, "topic-001", Mode.TOPIC, Scope("worker", "消防"), size=8).round
    assert made.title == "专项练习 · 一般从业人员 · 消防"
    assert all("消防" in q.topics for q in made.questions)


def test_a_set_is_practised_to_its_end_and_then_again(
    store: MemoryStore, services: Services, desk: PracticeDesk
) -> None:
    questions = tuple(replace(made_question(n), basis=()) for n in range(1, 6))
    own = PracticeDesk(
        store, Live(services), desk.shelves, lambda: [QuestionSet("bank-1", "旧题库", questions)]
    )
    first = own.begin(ME, "set-00001", Mode.TOPIC, set_id="bank-1", size=3).round
    assert first.title == "专项练习 · 旧题库"
    for n in (1, 2, 3):
        put(own, first, n)
    second = own.begin(ME, "set-00002", Mode.TOPIC, set_id="bank-1", size=4).round
    assert set(second.questions[:2]) == set(questions) - set(first.questions)
    assert len(second.questions) == 4
    with pytest.raises(BadInputError, match="没有这份"):
        own.begin(ME, "set-00003", Mode.TOPIC, set_id="bank-2")


def test_a_question_whose_text_changed_is_said_to_be_so_and_not_asked_again(
    desk: PracticeDesk, store: MemoryStore, clock: Clock
) -> None:
    gone = made_question(1)
    store.add_round(Round("old-round", ME, Mode.DAILY, "旧", (gone,), NOON))
    told = desk.answer(ME, "old-answer", "old-round", 1, ("甲",))
    assert told.changed
    assert [w.changed for w in desk.wrong_book(ME)] == [True]
    clock.move(days=1)
    assert gone not in begin(desk).questions
    with pytest.raises(BadInputError, match="错题本里没有"):
        desk.begin(ME, "wrong-001", Mode.WRONG)


def test_home_offers_rounds_that_were_begun(desk: PracticeDesk, clock: Clock) -> None:
    made = begin(desk)
    assert desk.home(ME).open == ()
    put(desk, made, 1)
    assert [(r.id, n) for r, n in desk.home(ME).open] == [(made.id, 1)]
    assert desk.home(ME).today == 1
    assert desk.home(OTHER).open == ()
    clock.move(days=8)
    assert desk.home(ME).open == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"person": OTHER}, "没有这一组"),
        ({"round_id": "no-round"}, "没有这一组"),
        ({"n": 0}, "没有第 0 题"),
        ({"n": 11}, "没有第 11 题"),
        ({"given": ("不是选项",)}, "没有“不是选项”"),
        ({"given": ("长" * 500,)}, "太长"),
        ({"given": tuple("甲" * 20)}, "太长"),
        ({"answer_id": "x"}, "编号"),
        ({"answer_id": "../../etc/passwd"}, "编号"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_and_nothing_is_kept(
    desk: PracticeDesk, store: MemoryStore, said: dict[str, object], why: str
) -> None:
    made = begin(desk)
    n = next(n for n, q in enumerate(made.questions, 1) if q.kind is Kind.JUDGE)
    usual = {"person": ME, "answer_id": "answer-01", "round_id": made.id, "n": n, "given": ()}
    with pytest.raises(BadInputError, match=why):
        desk.answer(**{**usual, **said})  # type: ignore[arg-type]
    assert store.log == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"round_id": "short"}, "编号"),
        ({"scope": Scope("nobody")}, "岗位"),
        ({"scope": Scope("", "量子")}, "领域"),
        ({"size": 0}, "1 到 50"),
        ({"size": 51}, "1 到 50"),
        ({"mode": Mode.EXAM}, "没有这种练习"),
    ],
)
def test_a_round_that_cannot_be_is_refused(
    desk: PracticeDesk, store: MemoryStore, said: dict[str, object], why: str
) -> None:
    usual = {"person": ME, "round_id": "round-01", "mode": Mode.DAILY}
    with pytest.raises(BadInputError, match=why):
        desk.begin(**{**usual, **said})  # type: ignore[arg-type]
    assert store.rounds(ME) == ()


def test_nobody_takes_over_the_round_of_another(desk: PracticeDesk) -> None:
    made = begin(desk)
    with pytest.raises(BadInputError, match="没有这一组"):
        desk.begin(OTHER, made.id, Mode.DAILY)


def test_a_question_never_asked_cannot_be_pinned(desk: PracticeDesk) -> None:
    with pytest.raises(BadInputError, match="没有做过"):
        desk.pin(ME, "q999", pinned=True)


def test_an_answer_id_of_somebody_else_is_refused(desk: PracticeDesk) -> None:
    made = begin(desk)
    put(desk, made, 1)
    other = desk.begin(OTHER, "round-99", Mode.DAILY, WORKER).round
    question: Question = other.questions[1]
    with pytest.raises(BadInputError, match="已经用过"):
        desk.answer(OTHER, f"{made.id}-answer-1", other.id, 2, question.answer)


@pytest.mark.parametrize("exam", [False, True])
def test_what_is_begun_twice_at_the_same_moment_in_two_processes_is_one_round(
    new_desk: Callable[[], PracticeDesk],
    store: MemoryStore,
    monkeypatch: pytest.MonkeyPatch,
    exam: bool,
) -> None:
    both, add_round = threading.Barrier(2), store.add_round

    def at_once(made: Round) -> bool:
        both.wait(30)
        return add_round(made)

    monkeypatch.setattr(store, "add_round", at_once)

    def begin(desk: PracticeDesk, plan: str, size: int) -> Round:
        if exam:
            return ExamDesk(desk).begin(ME, "round-01", plan, WORKER).round
        return desk.begin(ME, "round-01", Mode.DAILY, WORKER, size=size).round

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(begin, (new_desk(), new_desk()), ("short", "full"), (5, 10))
    assert first == second
    assert len(store.rounds(ME)) == 1


def test_no_question_yet_is_told_from_no_question_at_all(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.shelves, "fresh", lambda *_, **__: ())
    with pytest.raises(BadInputError, match="正在准备；请过一分钟再试"):
        begin(desk)
    monkeypatch.setattr(desk.shelves, "is_full", lambda *_: True)
    with pytest.raises(BadInputError, match="没有可做的题了"):
        begin(desk)
