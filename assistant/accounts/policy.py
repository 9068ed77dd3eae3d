"""What an administrator sets about logging in: how many failures, how long, who may register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from assistant.accounts.lifetime import STAFF, WORKERS, Lifetime
from assistant.accounts.lockout import BY_ACCOUNT, BY_ADDRESS, Rule
from assistant.accounts.login_rules import NUMBERS, REGISTRATION, REGISTRATION_NAME, Number
from assistant.accounts.model import Role
from assistant.errors import BadInputError
from assistant.store.settings import read_setting

SETTING = "accounts.policy"
_ON, _OFF = ("on", "1", "开", "是"), ("off", "0", "关", "否")


@dataclass(frozen=True, slots=True)
class Policy:
    """What is set; made without arguments it is what counts if nobody sets anything."""

    account_tries: int = BY_ACCOUNT.limit
    address_tries: int = BY_ADDRESS.limit
    lock_minutes: int = int(BY_ACCOUNT.pause.total_seconds()) // 60
    worker_hours: int = int(WORKERS.idle.total_seconds()) // 3600
    staff_hours: int = int(STAFF.idle.total_seconds()) // 3600
    registration: bool = True

    @property
    def by_account(self) -> Rule:
        """How many failures of one account are too many."""
        return Rule(self.account_tries, BY_ACCOUNT.window, timedelta(minutes=self.lock_minutes))

    @property
    def by_address(self) -> Rule:
        """How many failures from one address are too many."""
        return Rule(self.address_tries, BY_ADDRESS.window, timedelta(minutes=self.lock_minutes))

    def lifetime(self, role: Role) -> Lifetime:
        """Return how long a session of that role lives."""
        if role is Role.WORKER:
            return replace(WORKERS, idle=timedelta(hours=self.worker_hours))
        return replace(STAFF, idle=timedelta(hours=self.staff_hours))

    def row(self) -> dict[str, int | bool]:
        """Return it as it is kept."""
        numbers = {n.key: int(getattr(self, n.key)) for n in NUMBERS}
        return {**numbers, REGISTRATION: self.registration}


def read_policy(connection: Connection) -> Policy:
    """Return what is set; what is kept and cannot be counts as never set."""
    row = read_setting(connection, SETTING, {})
    if not isinstance(row, dict):
        return Policy()
    known: dict[str, Any] = {
        n.key: row[n.key]
        for n in NUMBERS
        if type(row.get(n.key)) is int and n.least <= row[n.key] <= n.most
    }
    return Policy(**known, registration=row.get(REGISTRATION) is not False)


def changed(policy: Policy, typed: Mapping[str, str]) -> Policy:
    """Return the policy with what was typed, by key or name; BadInputError says what is wrong."""
    out = policy
    for name, text in typed.items():
        if name in (REGISTRATION, REGISTRATION_NAME):
            out = replace(out, registration=_switched(text))
            continue
        number = next((n for n in NUMBERS if name in (n.key, n.name)), None)
        if number is None:
            names = "、".join((*(n.name for n in NUMBERS), REGISTRATION_NAME))
            raise BadInputError(f"没有“{name[:20]}”这项设置；可以设 {names}")
        value: dict[str, Any] = {number.key: _whole(number, text)}
        out = replace(out, **value)
    return out


def _whole(number: Number, text: str) -> int:
    plain = text.strip()
    fine = plain.isascii() and plain.isdigit() and len(plain) <= 6
    if not fine or not number.least <= int(plain) <= number.most:
        raise BadInputError(
            f"“{number.name}”请填 {number.least} 到 {number.most} 的整数，收到“{plain[:20]}”"
        )
    return int(plain)


def _switched(text: str) -> bool:
    plain = text.strip().lower()
    if plain not in _ON + _OFF:
        raise BadInputError(f"“{REGISTRATION_NAME}”请填 开 或 关，收到“{plain[:20]}”")
    return plain in _ON
