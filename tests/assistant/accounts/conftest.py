"""Accounts over a real store of each kind, with a clock that tests set."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assistant.accounts.administration import Administration
from assistant.accounts.model import COMMAND_LINE, Actor
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.accounts.units import Units
from assistant.store.store import Store
from tests.contracts.records import NOW


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **passed: float) -> None:
        self.now += timedelta(**passed)


class Desk:
    """All the services of one store."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, Clock()
        passwords = Passwords(1, 8)  # as weak as argon2 can be; the costs are tested elsewhere
        self.accounts = Accounts(store, passwords, self.clock)
        self.admin = Administration(store, passwords, self.clock)
        self.units = Units(store, self.clock)

    def enter(self, account: str, password: str, address: str = "10.0.0.1") -> Actor:
        """Log in and say who that is."""
        token, _ = self.accounts.log_in(account, password, address)
        actor = self.accounts.who(token, address)
        assert actor is not None
        return actor

    def actions(self) -> list[str]:
        """What the audit log tells, oldest first."""
        return [line.action for line in reversed(self.store.audit.lines(limit=500))]


@pytest.fixture
def desk(records: Store) -> Desk:
    desk = Desk(records)
    desk.accounts.first_admin()
    desk.admin.switch(COMMAND_LINE, on=True)
    return desk
