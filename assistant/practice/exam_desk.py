"""Mock exams: begin one, put answers down, hand it in once; the clock hands in what is left."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.errors import BadInputError
from assistant.practice.desk import (
    PracticeDesk,
    check_id,
    checked_given,
    clean_seconds,
    question_of,
)
from assistant.practice.exam import (
    MOST_MINUTES,
    PLANS,
    Plan,
    Result,
    graded,
    handed_in_at,
    is_exam,
    over,
    result_of,
    seconds_left,
)
from assistant.practice.model import Mode, Response, Responses, Round, Submission
from assistant.practice.questions import Scope, Wanted
from assistant.practice.rounds import Fresh, compose
from assistant.quiz.model import Kind, Question

_SECONDS = 4.0
"""How long somebody may be kept waiting for the questions of an exam."""
TIME_IS_UP = "考试时间到了，已自动交卷；时间到以后改的答案不算"


@dataclass(frozen=True, slots=True)
class Sitting:
    """An exam as it stands. `submission` and `result` are None while it is open.

    `left` are the seconds left, None where nothing presses.
    """

    round: Round
    responses: Responses
    left: int | None
    submission: Submission | None = None
    result: Result | None = None


class ExamDesk:
    """Exams over a practice desk. Safe to share between threads and processes."""

    def __init__(self, desk: PracticeDesk) -> None:
        self._desk, self._store = desk, desk.store

    def begin(
        self,
        person: str,
        round_id: str,
        plan_id: str = "",
        scope: Scope = Scope(),  # noqa: B008 - immutable
        set_id: str = "",
        minutes: int = 0,
    ) -> Sitting:
        """Return a new exam of that id, or the one that was begun with it.

        It is drawn by a plan for a post or topic, or is a saved paper with its own points; then
        `minutes` says how long it lasts. BadInputError if there is no such plan or paper.
        """
        check_id(round_id)
        if self._desk.chronicle.round(round_id) is not None:
            return self.sitting(person, round_id)
        self._desk.check_scope(scope)
        rng = random.Random(round_id)  # noqa: S311
        if set_id:
            made = self._of_set(set_id, minutes, rng)
            title = self._desk.title(Mode.EXAM, scope, set_id)
        else:
            made = self._drawn(_plan(plan_id), scope, rng)
            title = self._desk.title(Mode.EXAM, scope)
        questions, points, lasts = made
        now = self._desk.now()
        ends = now + timedelta(minutes=lasts)
        sat = Round(round_id, person, Mode.EXAM, title, questions, now, ends, points)
        if not self._store.add_round(sat):  # begun at the same moment, maybe in another process
            return self.sitting(person, round_id)
        return Sitting(sat, {}, seconds_left(sat, now))

    def sitting(self, person: str, round_id: str) -> Sitting:
        """Return an exam of this person as it stands; one whose time is up is handed in."""
        made = self._own(person, round_id)
        submission = self._store.submission(made.id)
        if submission is None and over(made, self._desk.now()):
            self._hand_in(made)
            submission = self._store.submission(made.id)
        responses = self._store.responses(made.id)
        if submission is None:
            return Sitting(made, responses, seconds_left(made, self._desk.now()))
        result = result_of(made, self._store.answers_in(made.id))
        return Sitting(made, responses, 0, submission, result)

    def put_down(
        self,
        person: str,
        round_id: str,
        n: int,
        given: Sequence[str],
        seconds: float = 0.0,
        ago: float = 0.0,
    ) -> int | None:
        """Keep what is given to question n in place of what was there; return the seconds left.

        A later one that is there already stays. BadInputError once the exam is handed in or its
        time is up: then it is handed in.
        """
        made = self._own(person, round_id)
        words = checked_given(question_of(made, n), given)
        if over(made, self._desk.now()):
            self._hand_in(made)
            raise BadInputError(TIME_IS_UP)
        response = Response(words, self._desk.given_at(made, ago), clean_seconds(seconds))
        kept = self._store.keep_response(made.id, n, response)
        if not kept and self._store.submission(made.id) is not None:
            raise BadInputError("已经交卷，答案不能再改")
        return seconds_left(made, self._desk.now())

    def submit(self, person: str, round_id: str) -> Sitting:
        """Hand in an exam and return its result; the first time counts, later ones change nothing."""
        made = self._own(person, round_id)
        if self._store.submission(made.id) is None:
            self._hand_in(made)
        return self.sitting(person, round_id)

    def close_overdue(self, person: str) -> None:
        """Hand in every exam of a person whose time is up."""
        for made in self._store.rounds(person, open_only=True):
            if is_exam(made) and over(made, self._desk.now()):
                self._hand_in(made)

    def _hand_in(self, made: Round) -> None:
        at, by_clock = handed_in_at(made, self._desk.now())
        answers = graded(made, self._store.responses(made.id), at)
        self._store.submit(Submission(made.id, at, by_clock), answers)

    def _own(self, person: str, round_id: str) -> Round:
        made = self._desk.own(person, round_id)
        if not is_exam(made):
            raise BadInputError("这一组是练习，不是考试；请回到练习首页")
        return made

    def _of_set(
        self, set_id: str, minutes: int, rng: random.Random
    ) -> tuple[tuple[Question, ...], tuple[float, ...], int]:
        found = self._desk.set(set_id)
        if not 1 <= minutes <= MOST_MINUTES:
            raise BadInputError(f"考试时间可以是 1 到 {MOST_MINUTES} 分钟，收到 {minutes}")
        if found.points:
            return found.questions, found.points, minutes
        fresh = [Fresh(q) for q in found.questions]
        questions = by_kind(compose((), fresh, 50, rng))
        return questions, (1.0,) * len(questions), minutes

    def _drawn(
        self, plan: Plan, scope: Scope, rng: random.Random
    ) -> tuple[tuple[Question, ...], tuple[float, ...], int]:
        seed = rng.getrandbits(64)
        enough = plenty_for(plan, (seed,))
        fresh = list(self._desk.new_questions(scope, enough, _SECONDS, patient=True))
        if not enough(fresh):
            fresh += self._desk.for_any_post(scope, fresh)
        questions = drawn(plan, fresh, seed)
        if len(questions) < plan.size and scope.post:
            self._desk.new_questions(replace(scope, post=""), enough, _SECONDS, patient=True)
            questions = drawn(plan, [*fresh, *self._desk.for_any_post(scope, fresh)], seed)
        if len(questions) < plan.size:
            raise BadInputError(
                f"“{plan.name}”要 {plan.size} 题，现在只备好 {len(questions)} 题；"
                "请过一分钟再试，或换一个范围"
            )
        points = {p.kind: p.points for p in plan.parts}
        return questions, tuple(points[q.kind] for q in questions), plan.minutes


def plenty_for(plan: Plan, seeds: Sequence[int] = (1, 2, 3)) -> Wanted:
    """Return what tells if a plan can be drawn under these seeds, with as many again to choose from.

    Counting does not suffice: of what prints the answer of another only one is drawn.
    """

    def enough(found: Sequence[Fresh]) -> bool:
        kinds = Counter(f.question.kind for f in found)
        return all(kinds[p.kind] >= 2 * p.count for p in plan.parts) and all(
            len(drawn(plan, found, seed)) == plan.size for seed in seeds
        )

    return enough


def drawn(plan: Plan, fresh: Sequence[Fresh], seed: int) -> tuple[Question, ...]:
    """Return the questions of a plan, grouped by kind in its order; fewer if there are too few.

    The kind of which there is least to choose from is drawn first.
    """
    rng = random.Random(seed)  # noqa: S311
    kinds = Counter(f.question.kind for f in fresh)
    chosen: tuple[Question, ...] = ()
    for part in sorted(plan.parts, key=lambda p: kinds[p.kind] / p.count):
        of_kind = [f for f in fresh if f.question.kind is part.kind]
        chosen = compose(chosen, of_kind, len(chosen) + part.count, rng)
    return by_kind(chosen)


def by_kind(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return the questions grouped by kind, in the order in which papers print them."""
    kinds = {kind: n for n, kind in enumerate(Kind)}
    return tuple(sorted(questions, key=lambda q: kinds[q.kind]))


def _plan(plan_id: str) -> Plan:
    found = next((p for p in PLANS if p.id == plan_id), None)
    if found is None:
        raise BadInputError(f"没有这种考试；可以选 {'、'.join(p.name for p in PLANS)}")
    return found
