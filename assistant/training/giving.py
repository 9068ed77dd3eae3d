"""What a trainer wants to give, and the questions it is made of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import BadInputError
from assistant.practice.desk import LEAST, MOST, SIZE, PracticeDesk
from assistant.practice.exam_desk import by_kind
from assistant.practice.model import Mode
from assistant.practice.questions import Scope
from assistant.practice.rounds import Fresh, compose
from assistant.quiz.model import Question

_SECONDS = 4.0
"""How long a trainer may be kept waiting for new questions."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be given: a saved paper or a bank (`set_id`), or new questions for a scope.

    `size` does not matter for a paper, which is given whole. An exam lasts `minutes`.
    """

    set_id: str = ""
    scope: Scope = Scope()  # noqa: RUF009 - immutable
    size: int = SIZE
    exam: bool = False
    minutes: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The questions to be given; `points` has one number a question for an exam, else none."""

    title: str
    questions: tuple[Question, ...]
    points: tuple[float, ...]


def choose(practice: PracticeDesk, wish: Wish, rng: random.Random) -> Chosen:
    """Return the questions of a wish, the same for everybody who will answer.

    BadInputError if there is no such paper, post or topic, or too few questions are ready.
    """
    practice.check_scope(wish.scope)
    scope = Scope() if wish.set_id else wish.scope
    title = wish.title.strip() or practice.title(Mode.ASSIGNED, scope, wish.set_id)
    found = practice.set(wish.set_id) if wish.set_id else None
    if found is not None and found.points:
        return Chosen(title, found.questions, found.points if wish.exam else ())
    if not LEAST <= wish.size <= MOST:
        raise BadInputError(f"一次可以布置 {LEAST} 到 {MOST} 题，收到 {wish.size}")
    fresh = [Fresh(q) for q in found.questions] if found else _new(practice, scope, wish.size)
    made = compose((), fresh, wish.size, rng)
    if len(made) < wish.size:
        raise BadInputError(
            f"要 {wish.size} 题，现在只有 {len(made)} 题；请减少题数、换一个范围，或过一分钟再试"
        )
    if not wish.exam:
        return Chosen(title, made, ())
    return Chosen(title, by_kind(made), (1.0,) * len(made))


def _new(practice: PracticeDesk, scope: Scope, size: int) -> list[Fresh]:
    def enough(found: Sequence[Fresh]) -> bool:
        return len(found) >= 3 * size

    fresh = list(practice.new_questions(scope, enough, _SECONDS))
    return fresh if enough(fresh) else fresh + practice.for_any_post(scope, fresh)
