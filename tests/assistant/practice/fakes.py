"""Questions, answers and a store in memory that keeps what the protocol says."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from assistant.practice.model import Answer, Mark, Mode, Response, Responses, Round, Submission
from assistant.practice.questions import Scope, Shelves, Wanted
from assistant.quiz.model import BLANK, RIGHT, WRONG, Basis, Kind, Knowledge, Question
from assistant.quiz.pool import Makes
from assistant.quiz.source import Source
from assistant.services import Services
from kb.model import ProvisionId

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)
"""Midday in China."""
DAY = timedelta(days=1)
_OPTIONS = {
    Kind.JUDGE: (RIGHT, WRONG),
    Kind.MULTI: ("甲", "乙", "丙", "丁"),
    Kind.BLANK: (),
    Kind.SHORT: (),
}
_ANSWERS = {
    Kind.JUDGE: (WRONG,),
    Kind.MULTI: ("甲", "丙", "丁"),
    Kind.BLANK: ("三十日", "主要负责人"),
    Kind.SHORT: ("说明",),
}


def made_question(
    n: int = 1, kind: Kind = Kind.SINGLE, article: int = 0, topic: str = "综合", **said: object
) -> Question:
    """A question on an article of a made-up law; numbers tell questions and articles apart."""
    options = _OPTIONS.get(kind, ("甲", "乙", "丙", "丁"))
    answer = _ANSWERS.get(kind, ("乙",))
    where = ProvisionId("made-law", "v1", f"第{article or n}条")
    gaps = f"{BLANK}内由{BLANK}" if kind is Kind.BLANK else BLANK
    basis = Basis(where, "编造法", "原文", f"第{n}句原文", (f"要害{n}",), "0" * 16)
    question = Question(
        f"q{n:03}", kind, Knowledge.DUTY, f"第{n}个编造的问题{n}{gaps}。", options, answer,
        f"应选第{n}项。", (basis,), (topic,),
    )  # fmt: skip
    return replace(question, **said)  # type: ignore[arg-type]


def made_answer(
    question: str = "q001", right: bool = True, at: datetime = NOON, **said: object
) -> Answer:
    """A line of the log."""
    answer = Answer(
        f"{question}-{at.timestamp()}", "guest:a", question, "r1", 1, Mode.DAILY,
        Response(("乙",) if right else ("甲",), at), right, float(right), 1.0, ("综合",), "p", "single",
    )  # fmt: skip
    return replace(answer, **said)  # type: ignore[arg-type]


class Foreground(Shelves):
    """Shelves that know no haste and have no threads: what is wanted is made, and no more."""

    def __init__(self, maker: tuple[Source, Makes]) -> None:
        super().__init__(lambda _: maker, None, lambda: 0.0)

    def stock(self, services: Services, scope: Scope, wanted: Wanted) -> None:
        return None


class MemoryStore:
    """Fulfils PracticeStore without anything outside the process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._rounds: dict[str, Round] = {}
        self.log: list[Answer] = []
        self._marks: list[Mark] = []
        self._responses: dict[str, dict[int, Response]] = defaultdict(dict)
        self._submissions: dict[str, Submission] = {}

    def generation(self) -> int:
        return 0

    def add_round(self, made: Round) -> bool:
        with self._lock:
            return self._rounds.setdefault(made.id, made) is made

    def round(self, round_id: str) -> Round | None:
        return self._rounds.get(round_id)

    def rounds(self, person: str, *, open_only: bool = False) -> tuple[Round, ...]:
        with self._lock:
            own = [r for r in self._rounds.values() if r.person == person]
            found = [r for r in own if not (open_only and self._finished(r))]
            return tuple(sorted(found, key=lambda r: (r.made_at, r.id), reverse=True))

    def _finished(self, made: Round) -> bool:
        if made.points:
            return made.id in self._submissions
        return len(self.answers_in(made.id)) == len(made.questions)

    def add_answer(self, answer: Answer) -> bool:
        with self._lock:
            place = (answer.round, answer.n)
            if any(a.id == answer.id or (a.round, a.n) == place for a in self.log):
                return False
            self.log.append(replace(answer, seq=len(self.log) + 1))
            return True

    def answers(self, person: str, after: int = 0) -> tuple[Answer, ...]:
        with self._lock:
            return tuple(a for a in self.log if a.person == person and a.seq > after)

    def answers_in(self, round_id: str) -> tuple[Answer, ...]:
        with self._lock:
            return tuple(sorted((a for a in self.log if a.round == round_id), key=lambda a: a.n))

    def add_mark(self, mark: Mark) -> None:
        with self._lock:
            self._marks.append(mark)

    def marks(self, person: str) -> tuple[Mark, ...]:
        with self._lock:
            return tuple(m for m in self._marks if m.person == person)

    def keep_response(self, round_id: str, n: int, response: Response) -> bool:
        with self._lock:
            held = self._responses[round_id].get(n)
            if round_id in self._submissions or (held is not None and held.at > response.at):
                return False
            self._responses[round_id][n] = response
            return True

    def responses(self, round_id: str) -> Responses:
        with self._lock:
            return dict(self._responses[round_id])

    def submit(self, submission: Submission, answers: Sequence[Answer]) -> bool:
        with self._lock:
            if submission.round in self._submissions:
                return False
            self._submissions[submission.round] = submission
            for answer in answers:
                assert self.add_answer(answer)
            return True

    def submission(self, round_id: str) -> Submission | None:
        return self._submissions.get(round_id)
