"""A task for people without an account: they give a name, which nobody has checked, and answer."""

from __future__ import annotations

from assistant.accounts.entry import clean, name_problem
from assistant.accounts.model import Actor, Assignment, is_guest
from assistant.accounts.rights import Action, require
from assistant.errors import BadInputError
from assistant.practice.desk import PracticeDesk
from assistant.practice.model import Round
from assistant.store import assignments
from assistant.store.audit import record
from assistant.store.joined import add_joined, count_joined, name_of_joined
from assistant.store.store import Store
from assistant.training.tasks import begin_round, check_open, round_of

MOST_GUESTS = 500
"""How many people without an account can join in one task."""
NOT_HERE = "没有这个任务，或已不在；请看清屏幕上的二维码再扫一次"
MEMBERS_ONLY = "这个任务要登录才能参加"


class Joining:
    """What people without an account may do, over one store and a desk of practice.

    Safe to share between threads and processes.
    """

    def __init__(self, store: Store, practice: PracticeDesk) -> None:
        self._store, self._practice = store, practice

    def find(self, assignment_id: str) -> Assignment:
        """Return a task; BadInputError if there is none of that id."""
        with self._store.database.read() as connection:
            found = assignments.find_assignment(connection, assignment_id)
        if found is None:
            raise BadInputError(NOT_HERE)
        return found

    def open_to_guests(self, assignment_id: str) -> Assignment:
        """Return a task that guests may answer; BadInputError if it is not for them."""
        found = self.find(assignment_id)
        if not found.guests:
            raise BadInputError(MEMBERS_ONLY)
        return found

    def name(self, assignment_id: str, person: str) -> str:
        """Return under what name a guest joined in a task; "" if he did not."""
        with self._store.database.read() as connection:
            return name_of_joined(connection, assignment_id, person) or ""

    def begun(self, assignment_id: str, person: str) -> Round | None:
        """Return the round of a guest in a task; None if there is none yet."""
        return self._practice.chronicle.round(round_of(assignment_id, person))

    def join(self, actor: Actor, assignment_id: str, name: str) -> Round:
        """Return the round of a guest in a task: begun now under that name, or begun before.

        BadInputError says what is wrong with the name or the task; raises as `require`.
        """
        require(actor, Action.JOIN_AS_GUEST)
        if not is_guest(actor.person):
            raise BadInputError("浏览器没有存下身份；请允许本站使用 Cookie 后再试")
        given = self.open_to_guests(assignment_id)
        before = self.begun(given.id, actor.person)
        if before is not None:
            return before
        name, now = clean(name), self._practice.now()
        if problem := name_problem(name):
            raise BadInputError(problem)
        check_open(given, now)
        with self._store.database.write() as connection:
            if count_joined(connection, given.id) >= MOST_GUESTS:
                raise BadInputError(f"已经有 {MOST_GUESTS} 人不登录参加，不能再加；请登录后参加")
            add_joined(connection, given.id, actor.person, name, now)
            record(connection, actor, now, "assignment.join", given.id)
        return begin_round(self._practice, given, actor.person)

    def own(self, person: str, round_id: str) -> Round:
        """Return a round that a guest joined in; BadInputError if it is none of his, or no such."""
        made = self._practice.own(person, round_id)
        if not made.assignment:
            raise BadInputError(MEMBERS_ONLY)
        self.open_to_guests(made.assignment)
        return made
