"""What the store knows of a person, kept ready in memory and brought up to date by `seq`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from assistant.practice.model import Round
from assistant.practice.port import PracticeStore
from assistant.practice.standing import Standing, Trail, followed, standing_of
from assistant.quiz.model import Question

T = TypeVar("T")
_PERSONS, _ROUNDS = 256, 512
"""How many standings and rounds are kept in memory."""


class Chronicle:
    """Standings and rounds over a store. What other processes keep is seen with the next call."""

    def __init__(self, store: PracticeStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._standings: OrderedDict[str, Standing] = OrderedDict()
        self._rounds: OrderedDict[str, Round] = OrderedDict()

    def standing(self, person: str) -> Standing:
        """Return where a person stands after everything that is in the log."""
        with self._lock:
            before = self._standings.get(person, Standing())
        new = self._store.answers(person, before.seq)
        if not new and person in self._standings:
            return before
        after = followed(before, new) or standing_of(self._store.answers(person))
        with self._lock:
            held = self._standings.get(person)
            if held is None or held.seq <= after.seq:
                _keep(self._standings, person, after, _PERSONS)
        return after

    def round(self, round_id: str) -> Round | None:
        """Return a round; None if there is none of that id. Rounds never change."""
        with self._lock:
            found = self._rounds.get(round_id)
        if found is None and (found := self._store.round(round_id)) is not None:
            with self._lock:
                _keep(self._rounds, round_id, found, _ROUNDS)
        return found

    def question(self, trail: Trail) -> Question | None:
        """Return a question as it was asked last; None if its round is gone."""
        made = self.round(trail.round)
        return made.questions[trail.n - 1] if made and trail.n <= len(made.questions) else None

    def questions(
        self, trails: tuple[Trail, ...], most: int, usable: Callable[[Question], bool]
    ) -> list[Question]:
        """Return the first `most` questions of these trails that are there and usable."""
        out: list[Question] = []
        for trail in trails:
            if len(out) >= most:
                break
            question = self.question(trail)
            if question is not None and usable(question):
                out.append(question)
        return out


def _keep(held: OrderedDict[str, T], key: str, value: T, most: int) -> None:
    held[key] = value
    held.move_to_end(key)
    while len(held) > most:
        held.popitem(last=False)
