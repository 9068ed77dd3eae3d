"""What practice needs of a store. `assistant.store` fulfils it over SQL; the contract tests say how.

Every method is one transaction: when it returns, what it kept survives a crash; when it raises,
nothing was kept. All are safe to call from many threads and from several processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.practice.model import Answer, Mark, Response, Responses, Round, Submission


class PracticeStore(Protocol):
    """Rounds, answers, marks and exams. StoreError if the database cannot be reached or written."""

    def generation(self) -> int:
        """Return what is another number once anything that was kept was erased or moved.

        While it is the same, rounds, answers and marks were only added.
        """
        ...

    def add_round(self, made: Round) -> bool:
        """Keep a round; False, and nothing kept, if one of that id is there."""
        ...

    def round(self, round_id: str) -> Round | None:
        """Return a round; None if there is none of that id."""
        ...

    def rounds(self, person: str, *, open_only: bool = False) -> tuple[Round, ...]:
        """Return the rounds of a person, the newest first; `open_only`: those not finished yet.

        An exam is finished when it is submitted, another round when every question of it has been
        answered.
        """
        ...

    def add_answer(self, answer: Answer) -> bool:
        """Append to the log; False if an answer of that id, or to that round and n, is there."""
        ...

    def answers(self, person: str, after: int = 0) -> tuple[Answer, ...]:
        """Return the answers of a person with `seq` above `after`, by `seq`."""
        ...

    def answers_in(self, round_id: str) -> tuple[Answer, ...]:
        """Return the answers given in a round, by n."""
        ...

    def add_mark(self, mark: Mark) -> None:
        """Append a mark."""
        ...

    def marks(self, person: str) -> tuple[Mark, ...]:
        """Return the marks of a person in the order made."""
        ...

    def keep_response(self, round_id: str, n: int, response: Response) -> bool:
        """Put down what is given to question n of an exam, in place of what was there.

        False, and nothing kept, once the exam is submitted or if a later response is there.
        """
        ...

    def responses(self, round_id: str) -> Responses:
        """Return what has been put down in an exam."""
        ...

    def submit(self, submission: Submission, answers: Sequence[Answer]) -> bool:
        """Close an exam and append its graded answers; False if it is submitted already."""
        ...

    def submission(self, round_id: str) -> Submission | None:
        """Return when an exam was submitted; None while it is open."""
        ...
