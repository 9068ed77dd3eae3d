"""When a question comes again: FSRS, replayed from the answers, with fixed parameters.

The library's own default parameters and 90 % retention; one step of ten minutes for what was
missed, whole days for what is known. Nothing is random, so that the same answers always give the
same times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import IntEnum

from fsrs import Card, Rating, Scheduler, State

from assistant.practice.model import Answer
from assistant.quiz.model import Kind

STEP = timedelta(minutes=10)
"""After so long what was missed comes again, on the same day if somebody goes on."""
MOST_DAYS = 365
"""Nothing stays away for more than a year: training is renewed yearly, and laws change."""
BEIJING = timezone(timedelta(hours=8))
"""The zone whose days count: all of China keeps it."""
_AWAY = 600.0
"""Nobody looks at one question for so many seconds; the phone lay on the table."""
_SLOW = {Kind.JUDGE: 60.0, Kind.SINGLE: 90.0, Kind.CASE: 120.0, Kind.MULTI: 150.0}
_SLOW_ELSE = 150.0
_REVIEW = int(State.Review)
_SCHEDULER = Scheduler(
    learning_steps=(STEP,),
    relearning_steps=(STEP,),
    maximum_interval=MOST_DAYS,
    enable_fuzzing=False,
)


class Recall(IntEnum):
    """How well something was remembered, as FSRS rates it. Nobody is rated easy unasked."""

    MISSED = 1
    SLOW = 2
    KNOWN = 3


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of one question of one person. `due` is in UTC, `stability` in days."""

    state: int
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last: datetime

    @property
    def settled(self) -> bool:
        """True once it comes by days, not by minutes."""
        return self.state == _REVIEW


def recall_of(answer: Answer) -> Recall:
    """Return how an answer is rated: a miss, right but slow for its kind, or right."""
    if not answer.right:
        return Recall.MISSED
    seconds = answer.response.seconds
    kinds = {k.value: k for k in Kind}
    slow = _SLOW.get(kinds.get(answer.kind, Kind.SHORT), _SLOW_ELSE)
    return Recall.SLOW if slow < seconds < _AWAY else Recall.KNOWN


def reviewed(memory: Memory | None, recall: Recall, at: datetime) -> Memory:
    """Return the memory after a review at `at` (aware); None begins a new one."""
    when = at.astimezone(timezone.utc)
    card = Card(card_id=1, due=when)
    if memory is not None:
        card = Card(
            1, State(memory.state), memory.step, memory.stability, memory.difficulty,
            memory.due, memory.last,
        )  # fmt: skip
    after, _ = _SCHEDULER.review_card(card, Rating(int(recall)), when)
    return Memory(after.state.value, after.step, after.stability, after.difficulty, after.due, when)


def is_due(memory: Memory, now: datetime, zone: tzinfo = BEIJING) -> bool:
    """True if it should be asked: what comes by days is due from the morning of its day on."""
    if memory.settled:
        return memory.due.astimezone(zone).date() <= now.astimezone(zone).date()
    return memory.due <= now
