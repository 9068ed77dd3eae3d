"""The one door to practice, for the pages and for tests: rounds, answers, wrong book, progress.

Exams have a desk of their own, `assistant.practice.exam_desk`, over the same store.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone, tzinfo

from assistant.errors import BadInputError
from assistant.practice.chronicle import Chronicle
from assistant.practice.exam import graded_answer, is_exam
from assistant.practice.model import Answer, Mark, Mode, Response, Round
from assistant.practice.port import PracticeStore
from assistant.practice.progress import Progress, progress
from assistant.practice.questions import Scope, Shelves, Wanted
from assistant.practice.rounds import (
    Fresh,
    compose,
    due_trails,
    experienced,
    known_trails,
    suited,
    wrong_trails,
)
from assistant.practice.schedule import BEIJING
from assistant.practice.sets import Insistence, QuestionSet, outdated
from assistant.practice.standing import Standing, Trail
from assistant.practice.wrong_book import Entry, wrong_book
from assistant.quiz.model import Kind, Question
from assistant.services import Live
from kb.errors import KbError

SIZE, LEAST, MOST = 10, 1, 50
"""How many questions a round has if nobody says, at least and at most."""
OPEN_DAYS = 7
"""After so many days a round that was not finished is not offered any more."""
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CHOICES = 2
"""So many times the size of a round there should be to choose from."""
_SECONDS = 0.8
"""How long somebody may be kept waiting for new questions to be made."""
_ANY_POST = 4
"""How much farther from a post a question is that is made for everybody."""
_STOCK = 240
"""How many questions a scope that is used should have in stock."""
_LONGEST_GIVEN, _LONGEST_WORDS = 12, 400
Experience = Callable[[Sequence[str]], Mapping[str, tuple[int, int]]]
"""Tells of questions by id how many people got each right, and missed it, the first time."""
Insisted = Callable[[str], Insistence | None]
"""Tells of a question by id that a trainer insists on it, or did."""
_GONE = "没有这一组练习；请回到练习首页重新开始"
_LATEST = timedelta(days=30)
"""How long an answer may have waited in a browser without a connection."""


@dataclass(frozen=True, slots=True)
class Played:
    """A round with what was answered so far, by n."""

    round: Round
    answers: dict[int, Answer]


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told after an answer. `entry` is None if it is not in the wrong book.

    `changed` tells that a text it cites was changed since: the key may be wrong by now.
    """

    question: Question
    answer: Answer
    trail: Trail
    entry: Entry | None
    changed: bool


@dataclass(frozen=True, slots=True)
class WrongOne:
    """A line of the wrong book. `asked` is False for one that does not come any more."""

    entry: Entry
    question: Question
    changed: bool


@dataclass(frozen=True, slots=True)
class Home:
    """What the front of practice shows; `open` are rounds to go on with, the newest first."""

    progress: Progress
    today: int
    open: tuple[tuple[Round, int], ...]
    """Rounds not finished, with how many of their questions are answered or put down."""


class PracticeDesk:
    """Safe to share between threads, and to run in several processes over one store.

    `experience` lets new questions be chosen by how hard they proved to be, not only by what was
    expected of them; `insisted` tells which a trainer wants asked although they are contradicted.
    """

    def __init__(
        self,
        store: PracticeStore,
        live: Live,
        shelves: Shelves,
        sets: Callable[[], Sequence[QuestionSet]] = tuple,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        zone: tzinfo = BEIJING,
        experience: Experience = lambda _: {},
        insisted: Insisted = lambda _: None,
    ) -> None:
        self.store, self.live, self.shelves, self.now, self.zone = store, live, shelves, now, zone
        self._sets, self._experience, self._insisted = sets, experience, insisted
        self.chronicle = Chronicle(store)

    def begin(
        self,
        person: str,
        round_id: str,
        mode: Mode,
        scope: Scope = Scope(),  # noqa: B008 - immutable
        set_id: str = "",
        size: int = SIZE,
    ) -> Played:
        """Return a new round of that id, or the one that was begun with it.

        BadInputError says what to do where there is nothing to ask, or what is not there.
        """
        check_id(round_id)
        if (begun := self.chronicle.round(round_id)) is not None:
            return self.played(person, begun.id)
        if not LEAST <= size <= MOST:
            raise BadInputError(f"一组可以有 {LEAST} 到 {MOST} 题，收到 {size}")
        if mode not in (Mode.DAILY, Mode.TOPIC, Mode.WRONG):
            raise BadInputError("没有这种练习；请刷新页面再试")
        self.check_scope(scope)
        standing = self.chronicle.standing(person)
        chosen = {Mode.DAILY: self._daily, Mode.TOPIC: self._topic, Mode.WRONG: self._wrong}[mode]
        questions = chosen(person, standing, scope, set_id, size, random.Random(round_id))  # noqa: S311
        if not questions:
            raise BadInputError(self._nothing(mode, scope, set_id))
        title = self.title(mode, scope, set_id if mode is Mode.TOPIC else "")
        made = Round(round_id, person, mode, title, questions, self.now())
        if not self.store.add_round(made):  # begun at the same moment, maybe in another process
            return self.played(person, round_id)
        return Played(made, {})

    def played(self, person: str, round_id: str) -> Played:
        """Return a round of this person; BadInputError if it has none of that id."""
        made = self.own(person, round_id)
        return Played(made, {a.n: a for a in self.store.answers_in(made.id)})

    def answer(
        self,
        person: str,
        answer_id: str,
        round_id: str,
        n: int,
        given: Sequence[str],
        seconds: float = 0.0,
        ago: float = 0.0,
    ) -> Told:
        """Keep an answer and return what to tell; the first to a question of a round counts.

        Sent again it tells the same again. Nothing given means: not known. `ago` says how many
        seconds it waited for a connection. BadInputError if it cannot be an answer.
        """
        check_id(answer_id)
        made = self.own(person, round_id)
        if is_exam(made):
            raise BadInputError("这是考试，交卷以后才告诉对错；请刷新页面再答")
        question = question_of(made, n)
        words = checked_given(question, given)
        response = Response(words, self.given_at(made, ago), clean_seconds(seconds))
        self.store.add_answer(graded_answer(made, n, response, answer_id))
        kept = next((a for a in self.store.answers_in(made.id) if a.n == n), None)
        if kept is None:
            raise BadInputError("这个答案的编号已经用过；请刷新页面再答")
        return self.told(made, (kept,))[0]

    def told(self, made: Round, kept: Iterable[Answer]) -> tuple[Told, ...]:
        """Return what to tell about answers that are kept of a round, in their order.

        BadInputError if they were moved to another account just now.
        """
        standing = self.chronicle.standing(made.person)
        found = wrong_book(standing, self.store.marks(made.person))
        entries = {e.trail.question: e for e in found}
        out = []
        for answer in kept:
            question, trail = question_of(made, answer.n), standing.trails.get(answer.question)
            if trail is None:
                raise BadInputError(_GONE)
            entry = entries.get(question.id)
            out.append(Told(question, answer, trail, entry, self.is_changed(question)))
        return tuple(out)

    def wrong_book(self, person: str) -> tuple[WrongOne, ...]:
        """Return the wrong book of a person, with those whose text was changed at the end."""
        entries = wrong_book(self.chronicle.standing(person), self.store.marks(person))
        found = [(e, self.chronicle.question(e.trail)) for e in entries]
        lines = [WrongOne(e, q, self.is_changed(q)) for e, q in found if q is not None]
        return tuple(sorted(lines, key=lambda x: x.changed))

    def pin(self, person: str, question_id: str, *, pinned: bool) -> None:
        """Pin a question in the wrong book, or let it go; BadInputError if it was never asked."""
        if question_id not in self.chronicle.standing(person).trails:
            raise BadInputError("没有做过这道题，不能钉在错题本里")
        self.store.add_mark(Mark(person, question_id, pinned, self.now()))

    def progress(self, person: str) -> Progress:
        """Return the progress of a person."""
        return progress(self.chronicle.standing(person), self.now(), self.zone)

    def home(self, person: str) -> Home:
        """Return what the front of practice shows."""
        found = self.progress(person)
        since = self.now() - timedelta(days=OPEN_DAYS)
        rounds = [r for r in self.store.rounds(person, open_only=True) if r.made_at >= since]
        begun = [(r, self._answered(r)) for r in rounds[:20]]
        started = [(r, n) for r, n in begun if n or is_exam(r) or r.assignment]
        return Home(found, found.days[-1][1].answered, tuple(started))

    def sets(self) -> tuple[QuestionSet, ...]:
        """Return the papers and banks that can be practised."""
        return tuple(s for s in self._sets() if s.questions)

    def set(self, set_id: str) -> QuestionSet:
        """Return one of them; BadInputError if there is none of that id."""
        found = next((s for s in self.sets() if s.id == set_id), None)
        if found is None:
            raise BadInputError("没有这份试卷或题库；它可能已被移除")
        return found

    def stock(self, scope: Scope) -> None:
        """Have more questions of a scope made in the background."""
        self.check_scope(scope)
        self.shelves.stock(self.live.current, scope, lambda f: len(f) >= _STOCK)

    def own(self, person: str, round_id: str) -> Round:
        """Return a round of this person; BadInputError if it has none of that id."""
        made = self.chronicle.round(round_id)
        if made is None or made.person != person:
            raise BadInputError(_GONE)
        return made

    def given_at(self, made: Round, ago: float) -> datetime:
        """Return when an answer was given that waited so many seconds in the browser."""
        waited = timedelta(seconds=ago) if 0 < ago < _LATEST.total_seconds() else timedelta(0)
        return max(self.now() - waited, made.made_at)

    def is_changed(self, question: Question) -> bool:
        """True if a text that the question cites was changed since."""
        services = self.live.current
        return outdated(question, services.catalog, services.today())

    def insisted_words(self, question: Question) -> str:
        """Return what is said of a question that is contradicted and asked all the same, else ""."""
        found = self._insisted(question.id)
        return found.words if found else ""

    def check_scope(self, scope: Scope) -> None:
        """BadInputError if there is no such post or topic."""
        try:
            if scope.post:
                self.shelves.posts.get(scope.post)
            if scope.topic:
                self.live.current.duties.fields.find(scope.topic)
        except KbError as e:
            raise BadInputError(str(e)) from e

    def title(self, mode: Mode, scope: Scope, set_id: str = "") -> str:
        """Return what a round is called: 每日一练 · 电工."""
        post = self.shelves.posts.get(scope.post).name if scope.post else ""
        names = (self.set(set_id).name,) if set_id else (post, scope.topic)
        return " · ".join(filter(None, (mode.label, *(names if mode is not Mode.WRONG else ()))))

    def new_questions(
        self, scope: Scope, enough: Wanted, seconds: float = _SECONDS, *, patient: bool = False
    ) -> tuple[Fresh, ...]:
        """Return the shelf of a scope, grown until it is enough or the seconds are over.

        `patient` as in `Shelves.fresh`.
        """
        found = self.shelves.fresh(self.live.current, scope, enough, seconds, patient=patient)
        self.stock(scope)
        return found

    def for_any_post(self, scope: Scope, beside: Sequence[Fresh]) -> list[Fresh]:
        """Return what is ready for any post on the topic of a scope, farther than all `beside`."""
        if not scope.post:
            return []
        held = {f.question.id for f in beside}
        found = self.shelves.fresh(self.live.current, replace(scope, post=""), lambda _: True, 0)
        return [
            replace(f, nearness=f.nearness + _ANY_POST) for f in found if f.question.id not in held
        ]

    def _unseen(self, standing: Standing, scope: Scope, size: int) -> list[Fresh]:
        if not size:
            return []

        def left(found: Sequence[Fresh]) -> list[Fresh]:
            return [f for f in found if f.question.id not in standing.trails]

        fresh = left(self.new_questions(scope, lambda f: len(left(f)) >= _CHOICES * size))
        fresh += left(self.for_any_post(scope, fresh))
        return experienced(fresh, self._experience([f.question.id for f in fresh]))

    def _daily(
        self, _: str, standing: Standing, scope: Scope, __: str, size: int, rng: random.Random
    ) -> tuple[Question, ...]:
        due = due_trails(standing, self.now(), self.zone)
        reviews = self.chronicle.questions(due, size, self._usable)
        fresh = self._unseen(standing, scope, size - len(reviews))
        return compose(reviews, fresh, size, rng, suited(standing))

    def _topic(
        self, _: str, standing: Standing, scope: Scope, set_id: str, size: int, rng: random.Random
    ) -> tuple[Question, ...]:
        if set_id:
            known = {q.id: Fresh(q) for q in self.set(set_id).questions}
            fresh = [f for q, f in known.items() if q not in standing.trails]
        else:
            fresh = self._unseen(standing, scope, size)
            shelf = self.shelves.fresh(self.live.current, scope, lambda _: True, 0)
            known = {f.question.id: f for f in shelf}
        made = compose((), fresh, size, rng, suited(standing))
        before = known_trails(standing, known)
        again = [known[t.question].question for t in before][: size - len(made)]
        return compose((*made, *again), (), size, rng)

    def _wrong(
        self, person: str, standing: Standing, _: Scope, __: str, size: int, rng: random.Random
    ) -> tuple[Question, ...]:
        entries = wrong_book(standing, self.store.marks(person))
        trails = wrong_trails(entries, self.now())
        return compose(self.chronicle.questions(trails, size, self._usable), (), size, rng)

    def _usable(self, question: Question) -> bool:
        held = self._insisted(question.id)
        return not self.is_changed(question) and (held is None or held.released_at is None)

    def _nothing(self, mode: Mode, scope: Scope, set_id: str) -> str:
        if mode is Mode.WRONG:
            return "错题本里没有要练的题；先做一组每日一练，答错的题会自动进来"
        if not set_id and not self.shelves.is_full(self.live.current, scope):
            return "这个范围的题正在准备；请过一分钟再试，或换一个岗位或专项"
        return "没有可做的题了；请换一个岗位或专项"

    def _answered(self, made: Round) -> int:
        if is_exam(made):
            return len(self.store.responses(made.id))
        return len(self.store.answers_in(made.id))


def check_id(value: str) -> None:
    """BadInputError unless it is an id as browsers make them."""
    if not _ID.fullmatch(value):
        raise BadInputError("编号应是 8 到 64 个字母、数字或短横线")


def question_of(made: Round, n: int) -> Question:
    """Return question n of a round; BadInputError if it has no such number."""
    if not 1 <= n <= len(made.questions):
        raise BadInputError(f"没有第 {n} 题；这一组有 {len(made.questions)} 题")
    return made.questions[n - 1]


def checked_given(question: Question, given: Sequence[str]) -> tuple[str, ...]:
    """Return what was given, if it can be an answer to the question; BadInputError if not."""
    words = tuple(given)
    if len(words) > _LONGEST_GIVEN or any(len(w) > _LONGEST_WORDS for w in words):
        raise BadInputError("答案太长，不像是这道题的答案")
    if question.kind is Kind.BLANK:
        if len(words) > len(question.answer):
            raise BadInputError(f"这道题只有 {len(question.answer)} 个空")
        return words if any(w.strip() for w in words) else ()
    if strange := [w for w in words if w not in question.options]:
        raise BadInputError(f"这道题没有“{strange[0][:30]}”这个选项；请刷新页面再答")
    return tuple(o for o in question.options if o in words)


def clean_seconds(seconds: float) -> float:
    """Return how long a question was looked at, 0 where that cannot be."""
    return round(seconds, 1) if 0 < seconds < 86_400 else 0.0
