"""Units: made, renamed, given another join code, taken away. Each act is in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from assistant.accounts.administration import make_unit
from assistant.accounts.entry import clean, unit_problem
from assistant.accounts.model import Actor, Role, Unit
from assistant.accounts.passwords import join_code
from assistant.accounts.rights import Action, require
from assistant.accounts.service import utc_now
from assistant.errors import BadInputError
from assistant.store import people
from assistant.store.audit import record
from assistant.store.store import Store


class Units:
    """The units of one store. Safe to share between threads."""

    def __init__(self, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self._database, self._now = store.database, now

    def list(self, actor: Actor) -> tuple[Unit, ...]:
        """Return the units by name; a trainer sees those he reaches."""
        require(actor, Action.SEE_RESULTS if actor.role is Role.TRAINER else Action.MANAGE_UNITS)
        with self._database.read() as connection:
            found = people.all_units(connection)
        own = actor.unit if actor.role is Role.TRAINER else None
        return tuple(u for u in found if own is None or u.id == own)

    def find(self, unit_id: str) -> Unit | None:
        """Return a unit, for who shows its name."""
        with self._database.read() as connection:
            return people.find_unit(connection, unit_id)

    def by_name(self, actor: Actor, name: str) -> Unit:
        """Return the unit of that name; BadInputError if there is none."""
        require(actor, Action.MANAGE_UNITS)
        with self._database.read() as connection:
            found = people.find_unit(connection, name=clean(name)) if clean(name) else None
        if found is None:
            raise BadInputError(f"没有单位“{name[:40]}”；请先建好")
        return found

    def add(self, actor: Actor, name: str) -> Unit:
        """Make a unit with a join code; BadInputError if there is one of that name."""
        require(actor, Action.MANAGE_UNITS)
        with self._database.write() as connection:
            return make_unit(connection, actor, clean(name), self._now())

    def rename(self, actor: Actor, unit_id: str, name: str) -> None:
        """Give a unit another name; BadInputError if it is taken."""
        require(actor, Action.MANAGE_UNITS)
        name = clean(name)
        if problem := unit_problem(name):
            raise BadInputError(problem)
        now = self._now()
        with self._database.write() as connection:
            _there(connection, unit_id)
            other = people.find_unit(connection, name=name)
            if other is not None and other.id != unit_id:
                raise BadInputError(f"单位“{name}”已经有了")
            people.change_unit(connection, unit_id, name=name)
            record(connection, actor, now, "unit.rename", unit_id, name=name)

    def renew_code(self, actor: Actor, unit_id: str) -> str:
        """Give a unit another join code and return it; the old one opens nothing any more."""
        require(actor, Action.MANAGE_UNITS)
        code, now = join_code(), self._now()
        with self._database.write() as connection:
            _there(connection, unit_id)
            people.change_unit(connection, unit_id, join_code=code)
            record(connection, actor, now, "unit.renew_code", unit_id)
        return code

    def close(self, actor: Actor, unit_id: str) -> None:
        """Let nobody register as a member any more, until there is a new code."""
        require(actor, Action.MANAGE_UNITS)
        now = self._now()
        with self._database.write() as connection:
            _there(connection, unit_id)
            people.change_unit(connection, unit_id, join_code=None)
            record(connection, actor, now, "unit.close", unit_id)

    def delete(self, actor: Actor, unit_id: str) -> None:
        """Take a unit away; BadInputError if it has members or was given assignments."""
        require(actor, Action.MANAGE_UNITS)
        now = self._now()
        with self._database.write() as connection:
            _there(connection, unit_id)
            if not people.delete_unit(connection, unit_id):
                raise BadInputError("这个单位还有人或布置过任务，不能删；可以改名，或先把人移走")
            record(connection, actor, now, "unit.delete", unit_id)


def _there(connection: Connection, unit_id: str) -> Unit:
    unit = people.find_unit(connection, unit_id) if unit_id else None
    if unit is None:
        raise BadInputError("这个单位已不在；请刷新后再试")
    return unit
