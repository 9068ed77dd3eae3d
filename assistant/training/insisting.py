"""Questions of a bank that a trainer wants asked although 题库体检 contradicts them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from assistant.accounts.model import Actor
from assistant.accounts.rights import Action, require
from assistant.accounts.service import utc_now
from assistant.errors import BadInputError
from assistant.practice.sets import CONTRADICTED, Insistence
from assistant.quiz.check.model import Verdict
from assistant.store.audit import record
from assistant.store.insisted import all_insisted, put_insisted, release_insisted
from assistant.store.store import Store

SHORTEST, LONGEST = 4, 100
"""How many characters a reason has."""
_FRESH = 1.0
"""Seconds for which what is kept is good enough; another process may have changed it."""
_STEM = 60
_BREAK = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class Insisting:
    """What is insisted on in one store. Safe to share between threads."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._now, self._clock = store.database, now, clock
        self._seen: tuple[float, Mapping[str, Insistence]] | None = None

    def all(self) -> Mapping[str, Insistence]:
        """Return what is or was insisted on, by the id of the question."""
        seen, now = self._seen, self._clock()
        if seen is None or now - seen[0] >= _FRESH:
            with self._database.read() as connection:
                seen = (now, {i.question: i for i in all_insisted(connection)})
            self._seen = seen
        return seen[1]

    def of(self, question: str) -> Insistence | None:
        """Return what is or was insisted on of a question."""
        return self.all().get(question)

    def held(self) -> frozenset[str]:
        """Return the ids of the questions that are to be asked."""
        return frozenset(q for q, i in self.all().items() if i.released_at is None)

    def insist(
        self, actor: Actor, bank: str, question: str, verdict: Verdict, reason: str
    ) -> Insistence:
        """Have a question asked that `verdict` contradicts, for a reason of one sentence.

        BadInputError if it is not contradicted or the reason is none; raises as `require`.
        """
        require(actor, Action.CHECK_BANK)
        if verdict.state not in CONTRADICTED:
            raise BadInputError("体检没有说这道题不符，它本来就会用于练习")
        made = Insistence(
            question, bank, verdict.state, checked_reason(reason), actor.person, self._now()
        )
        with self._database.write() as connection:
            put_insisted(connection, made)
            record(connection, actor, made.at, "bank.insist", question, bank=bank,
                   stem=verdict.question.stem[:_STEM], reason=made.reason)  # fmt: skip
        self._seen = None
        return made

    def release(self, actor: Actor, question: str) -> None:
        """Have a question asked no more; BadInputError if nobody insists on it."""
        require(actor, Action.CHECK_BANK)
        now = self._now()
        with self._database.write() as connection:
            if not release_insisted(connection, question, now):
                raise BadInputError("这道题现在没有坚持使用；请刷新后再看")
            record(connection, actor, now, "bank.release", question)
        self._seen = None


def checked_reason(text: str) -> str:
    """Return a reason in one line; BadInputError if it is too short or too long."""
    reason = _BREAK.sub(" ", text).strip().rstrip("。")
    if not SHORTEST <= len(reason) <= LONGEST:
        raise BadInputError(f"请用一句话写明理由，{SHORTEST} 到 {LONGEST} 个字；练习的人会看到它")
    return reason
