"""What the pages need of accounts: the services over one store, and whether accounts are on."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.accounts.administration import Administration
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.accounts.units import Units
from assistant.store.store import Store
from assistant.web.gate import Switch


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """The services of one store, shared by the gate and the pages."""

    accounts: Accounts
    admin: Administration
    units: Units
    switch: Switch

    @property
    def store(self) -> Store:
        """The store under the services."""
        return self.accounts.store


def open_accounts(store: Store, passwords: Passwords | None = None) -> AccountDesk:
    """Return the services over an open store."""
    used = passwords or Passwords()
    accounts = Accounts(store, used)
    return AccountDesk(accounts, Administration(store, used), Units(store), Switch(accounts))
