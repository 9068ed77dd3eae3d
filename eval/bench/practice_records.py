"""The records under a practice load: accounts before it, and afterwards what is kept of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from assistant.accounts.administration import Administration
from assistant.accounts.model import COMMAND_LINE, Actor, Role
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.accounts.units import Units
from assistant.practice.model import Answer
from assistant.practice.standing import standing_of
from assistant.store import open_store
from assistant.training.results import by_person
from eval.bench.workers import Book, Login


@dataclass(frozen=True, slots=True)
class Found:
    """What the log holds beside what was acknowledged; every number but the first two is bad.

    `unasked`: lines that nobody sent; `changed`: answers kept as right that were told to be wrong,
    or the other way, or of somebody else; `statistics`: people of whom a statistic is another than
    what they counted. `unacknowledged` were sent and kept but the reply was lost: no harm.
    """

    acknowledged: int
    in_log: int
    lost: int
    double: int
    unasked: int
    changed: int
    unacknowledged: int
    statistics: int

    def missed(self) -> list[str]:
        """Return what is not as it should be, in words."""
        counts = {
            "answers lost": self.lost, "answers double": self.double,
            "lines that nobody sent": self.unasked, "answers changed": self.changed,
            "people with other statistics": self.statistics,
        }  # fmt: skip
        return [f"{count} {what}" for what, count in counts.items() if count]

    def figures(self) -> dict[str, object]:
        """Return the numbers under the names that the bench prints."""
        return {
            "answers_acknowledged": self.acknowledged, "answers_in_log": self.in_log,
            "answers_lost": self.lost, "answers_double": self.double,
            "answers_unasked": self.unasked, "answers_changed": self.changed,
            "answers_unacknowledged": self.unacknowledged, "statistics_other": self.statistics,
        }  # fmt: skip


def make_accounts(folder: Path, count: int, rng: Random) -> list[Login]:
    """Make so many workers of one unit, who registered themselves, and switch accounts on."""
    store = open_store(folder)
    try:
        passwords = Passwords()
        accounts, admin = Accounts(store, passwords), Administration(store, passwords)
        accounts.first_admin()
        unit = Units(store).add(COMMAND_LINE, "一车间")
        admin.switch(COMMAND_LINE, on=True)
        visitor, out = Actor("guest:bench", Role.VISITOR), []
        for n in range(count):
            password = f"{rng.getrandbits(64):016x}"
            person = accounts.register(
                visitor, unit.join_code or "", f"worker{n:04}", "张三", password
            )
            out.append(Login(person.id, person.account, password))
        return out
    finally:
        store.close()


def compare(folder: Path, books: Sequence[Book]) -> Found:
    """Return how the records of a folder compare with what the workers were told."""
    store = open_store(folder)
    try:
        _, log = store.log.read()
    finally:
        store.close()
    return compared(log, books)


def compared(log: Sequence[Answer], books: Sequence[Book]) -> Found:
    """Return how the answers of a log compare with what the workers were told."""
    kept, held = Counter(a.id for a in log), {a.id: a for a in log}
    places = Counter((a.round, a.n) for a in log)
    told = {i: (b.person, right) for b in books for i, right in b.acknowledged.items()}
    sent = {i for b in books for i in b.sent}
    changed = sum((held[i].person, held[i].right) != line for i, line in told.items() if i in held)
    return Found(
        acknowledged=len(told),
        in_log=len(log),
        lost=sum(i not in held for i in told),
        double=sum(n - 1 for n in kept.values()) + sum(n - 1 for n in places.values()),
        unasked=sum(i not in sent for i in kept),
        changed=changed,
        unacknowledged=sum(i in sent and i not in told for i in kept),
        statistics=_other_statistics(log, books),
    )


def _other_statistics(log: Sequence[Answer], books: Sequence[Book]) -> int:
    """Of how many people the trainer's results, the standing or the page say something else."""
    results = {r.person: (r.tally.answered, r.tally.right) for r in by_person(log)}
    own: dict[str, list[Answer]] = defaultdict(list)
    for answer in log:
        own[answer.person].append(answer)
    wrong = len(results.keys() - {b.person for b in books})
    for book in (b for b in books if b.person):
        kept = own[book.person]
        standing = standing_of(kept)
        all_told = book.sent == set(book.acknowledged)
        counted = book.own if all_told else (len(kept), sum(a.right for a in kept))
        said = {results.get(book.person, (0, 0)), (standing.answered, standing.right)}
        wrong += said | {book.progress} != {counted}
    return wrong
