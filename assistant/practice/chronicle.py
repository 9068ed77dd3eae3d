"""What the store knows of a person, kept ready in memory and brought up to date by `seq`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol, TypeVar

from assistant.practice.model import Round
from assistant.practice.port import PracticeStore
from assistant.practice.standing import Standing, Trail, followed, standing_of
from assistant.quiz.model import Question

T = TypeVar("T")
_PERSONS, _ROUNDS = 256, 512
"""How many standings and rounds are kept in memory."""


class Asked(Protocol):
    """Where a question was asked: question `n` of a round."""

    @property
    def round(self) -> str: ...

    @property
    def n(self) -> int: ...


class Chronicle:
    """Standings and rounds over a store. What other processes keep is seen with the next call.

    Where something was erased or moved, here or in another process, all is read anew.
    """

    def __init__(self, store: PracticeStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._standings: OrderedDict[str, Standing] = OrderedDict()
        self._rounds: OrderedDict[str, Round] = OrderedDict()
        self._generation: int | None = None

    def standing(self, person: str) -> Standing:
        """Return where a person stands after everything that is in the log."""
        generation = self._refreshed()
        with self._lock:
            held = self._standings.get(person)
        before = held or Standing()
        new = self._store.answers(person, before.seq)
        if not new and held is not None:
            return held
        after = followed(before, new) or standing_of(self._store.answers(person))
        with self._lock:
            held = self._standings.get(person)
            if generation == self._generation and (held is None or held.seq <= after.seq):
                _keep(self._standings, person, after, _PERSONS)
        return after

    def round(self, round_id: str) -> Round | None:
        """Return a round; None if there is none of that id.

        While the generation of the store is the same, rounds never change.
        """
        return self._round(round_id, self._refreshed())

    def question(self, asked: Asked) -> Question | None:
        """Return a question as it was asked there; None if the round is gone.

        It does not look if anything was erased meanwhile: `asked` was read just now.
        """
        made = self._round(asked.round, self._generation)
        return made.questions[asked.n - 1] if made and asked.n <= len(made.questions) else None

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

    def _round(self, round_id: str, generation: int | None) -> Round | None:
        with self._lock:
            found = self._rounds.get(round_id)
        if found is None and (found := self._store.round(round_id)) is not None:
            with self._lock:
                if generation == self._generation:
                    _keep(self._rounds, round_id, found, _ROUNDS)
        return found

    def _refreshed(self) -> int:
        """Forget everything if anything was erased or moved since; return the generation.

        What is read from then on is kept only if the generation is still the same.
        """
        now = self._store.generation()
        with self._lock:
            if now != self._generation:
                self._generation = now
                self._standings.clear()
                self._rounds.clear()
        return now


def _keep(held: OrderedDict[str, T], key: str, value: T, most: int) -> None:
    held[key] = value
    held.move_to_end(key)
    while len(held) > most:
        held.popitem(last=False)
