"""What administrators do: accounts, units, roles, erasing a person. Each act is in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from assistant.accounts.entry import (
    account_problem,
    clean,
    name_problem,
    phone_problem,
    post_problem,
    unit_problem,
)
from assistant.accounts.model import ACCOUNT_ROLES, GUEST_PREFIX, Actor, Person, Role, Unit
from assistant.accounts.passwords import Passwords, join_code, one_time_password
from assistant.accounts.policy import SETTING as POLICY
from assistant.accounts.policy import Policy, changed, read_policy
from assistant.accounts.rights import Action, require, require_unit
from assistant.accounts.roster import Roster, RosterRow, RowProblem
from assistant.accounts.service import SETTING, OneTime, account_attempts, new_id, utc_now
from assistant.errors import BadInputError
from assistant.store import log, people, sessions
from assistant.store.audit import record
from assistant.store.settings import write_setting
from assistant.store.store import Store

_LAST = "这是最后一个能登录的管理员；请先让另一个人当管理员"


class Administration:
    """Accounts and units as an administrator handles them. Safe to share between threads."""

    def __init__(
        self, store: Store, passwords: Passwords, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.store, self._database = store, store.database
        self._passwords, self._now = passwords, now

    def switch(self, actor: Actor, *, on: bool) -> None:
        """Switch accounts on or off; what guests practised stays where it is."""
        require(actor, Action.CHANGE_SETTINGS)
        now = self._now()
        with self._database.write() as connection:
            if on and not people.active_admins(connection):
                raise BadInputError("还没有管理员；请先运行 zhize accounts on")
            write_setting(connection, SETTING, on, now)
            record(connection, actor, now, "accounts.on" if on else "accounts.off")

    def set_policy(self, actor: Actor, typed: Mapping[str, str]) -> Policy:
        """Set what was typed about logging in and return all of it; it counts from now on.

        BadInputError says what is wrong; then nothing is set.
        """
        require(actor, Action.CHANGE_SETTINGS)
        now = self._now()
        with self._database.write() as connection:
            before = read_policy(connection)
            after = changed(before, typed)
            was, is_now = before.row(), after.row()
            if was != is_now:
                write_setting(connection, POLICY, is_now, now)
            for key in sorted(k for k in was if was[k] != is_now[k]):
                record(connection, actor, now, "settings.change", key, setting=key,
                       before=was[key], after=is_now[key])  # fmt: skip
        return after

    def people(self, actor: Actor, unit: str | None = None) -> tuple[Person, ...]:
        """Return the accounts of a unit or of all, by account; a trainer sees those he reaches."""
        if actor.role is Role.TRAINER:
            unit = unit or actor.unit
            require_unit(actor, Action.SEE_RESULTS, unit)
        else:
            require(actor, Action.MANAGE_PEOPLE)
        with self._database.read() as connection:
            return people.all_people(connection, unit)

    def find(self, actor: Actor, account: str) -> Person:
        """Return the account of that name or id; BadInputError if there is none."""
        require(actor, Action.MANAGE_PEOPLE)
        with self._database.read() as connection:
            found = people.find_account(connection, account)
            person = found[0] if found else people.find_person(connection, account)
        if person is None:
            raise BadInputError(f"没有账号“{account[:40]}”；全部账号见 zhize users list")
        return person

    def add(
        self,
        actor: Actor,
        account: str,
        name: str,
        role: Role = Role.WORKER,
        unit: str | None = None,
        post: str = "",
        phone: str = "",
    ) -> OneTime:
        """Make an account with a password to begin with, which is told here and nowhere else."""
        require(actor, Action.MANAGE_PEOPLE)
        _check_role(role)
        account, name, post, phone = map(clean, (account, name, post, phone))
        problem = (
            account_problem(account) or name_problem(name) or post_problem(post)
            or phone_problem(phone)
        )  # fmt: skip
        if problem:
            raise BadInputError(problem)
        now, password = self._now(), one_time_password()
        person = Person(new_id("p"), account, name, role, unit, post, phone, True, False, now)
        hashed = self._passwords.hash(password)
        with self._database.write() as connection:
            if unit is not None and people.find_unit(connection, unit) is None:
                raise BadInputError("没有这个单位；请刷新后再选")
            if not people.add_person(connection, person, hashed):
                raise BadInputError(f"账号“{account}”已经有了")
            record(connection, actor, now, "person.add", person.id, role=role.value, unit=unit)
        return OneTime(person, password)

    def add_roster(
        self, actor: Actor, roster: Roster, *, new_units: bool = False
    ) -> tuple[OneTime, ...]:
        """Make an account for every row, all or none; passwords are told here and nowhere else.

        BadInputError lists every row that cannot be taken, with its number and the reason. Units
        that are not there are made with `new_units`, else they are such a reason.
        """
        require(actor, Action.MANAGE_PEOPLE)
        problems = [*roster.problems, *self._roster_problems(roster, new_units)]
        if problems:
            raise BadInputError(told(problems))
        if not roster.rows:
            raise BadInputError("名单里没有人；请从表头下面一行填起")
        now = self._now()
        words = [one_time_password() for _ in roster.rows]
        with ThreadPoolExecutor(2) as pool:
            hashes = list(pool.map(self._passwords.hash, words))
        with self._database.write() as connection:
            units = self._roster_units(connection, actor, roster.rows, now)
            made = [
                Person(new_id("p"), r.account, r.name, Role.WORKER, units[r.unit], r.post, r.phone,
                       True, False, now)
                for r in roster.rows
            ]  # fmt: skip
            taken = [
                RowProblem(row.n, f"账号“{row.account}”已经有了")
                for person, hashed, row in zip(made, hashes, roster.rows, strict=True)
                if not people.add_person(connection, person, hashed)
            ]
            if taken:
                raise BadInputError(told(taken))
            for person in made:
                record(connection, actor, now, "person.add", person.id, role=person.role.value,
                       unit=person.unit, roster=True)  # fmt: skip
        return tuple(map(OneTime, made, words))

    def reset_password(self, actor: Actor, person_id: str) -> OneTime:
        """Give somebody a password to begin with; all his sessions end, a lock-out too."""
        require(actor, Action.MANAGE_PEOPLE)
        now, password = self._now(), one_time_password()
        hashed = self._passwords.hash(password)
        with self._database.write() as connection:
            person = _there(connection, person_id)
            people.change_person(connection, person_id, password_hash=hashed, must_change=True)
            sessions.end_sessions(connection, person_id)
            sessions.forget_attempts(connection, account_attempts(person.account))
            record(connection, actor, now, "password.reset", person_id)
        return OneTime(replace(person, must_change=True), password)

    def set_role(self, actor: Actor, person_id: str, role: Role) -> None:
        """Give somebody another role; his sessions end."""
        require(actor, Action.MANAGE_PEOPLE)
        _check_role(role)

        def change(connection: Connection, person: Person) -> dict[str, Any]:
            if role is not Role.ADMIN:
                _keep_an_admin(connection, person.id)
            sessions.end_sessions(connection, person.id)
            return {"role": role.value}

        self._change(actor, person_id, "person.role", change)

    def set_unit(self, actor: Actor, person_id: str, unit: str | None) -> None:
        """Put somebody into another unit, or into none."""
        require(actor, Action.MANAGE_PEOPLE)

        def change(connection: Connection, _person: Person) -> dict[str, Any]:
            if unit is not None and people.find_unit(connection, unit) is None:
                raise BadInputError("没有这个单位；请刷新后再选")
            return {"unit": unit}

        self._change(actor, person_id, "person.unit", change)

    def set_disabled(self, actor: Actor, person_id: str, *, disabled: bool) -> None:
        """Close an account, whose records stay, or open it again; his sessions end."""
        require(actor, Action.MANAGE_PEOPLE)

        def change(connection: Connection, person: Person) -> dict[str, Any]:
            if disabled:
                _keep_an_admin(connection, person.id)
            sessions.end_sessions(connection, person.id)
            return {"disabled": disabled}

        self._change(actor, person_id, "person.disable" if disabled else "person.enable", change)

    def erase(self, actor: Actor, person_id: str) -> int:
        """Delete a person's account, name and answers; how many answers there were.

        What stays is a line in the audit log with an id that stands for nobody any more. A guest
        is erased by his person id, guest:….
        """
        require(actor, Action.ERASE_PERSON)
        now = self._now()
        with self._database.write() as connection:
            if not person_id.startswith(GUEST_PREFIX):
                _there(connection, person_id)
                _keep_an_admin(connection, person_id)
                people.delete_person(connection, person_id)
            answers = log.erase(connection, person_id, now)
            record(connection, actor, now, "person.erase", person_id, answers=answers)
        self._database.forget()
        return answers

    def _change(
        self,
        actor: Actor,
        person_id: str,
        action: str,
        change: Callable[[Connection, Person], dict[str, Any]],
    ) -> None:
        now = self._now()
        with self._database.write() as connection:
            columns = change(connection, _there(connection, person_id))
            people.change_person(connection, person_id, **columns)
            record(connection, actor, now, action, person_id, **columns)

    def _roster_problems(self, roster: Roster, new_units: bool) -> list[RowProblem]:
        with self._database.read() as connection:
            taken = {people.account_key(p.account) for p in people.all_people(connection)}
            units = {u.name for u in people.all_units(connection)}
        found = []
        for row in roster.rows:
            if people.account_key(row.account) in taken:
                found.append(RowProblem(row.n, f"账号“{row.account}”已经有了"))
            if row.unit not in units and not new_units:
                found.append(
                    RowProblem(row.n, f"没有单位“{row.unit}”；请先建好，或选“没有的单位自动新建”")
                )
        return found

    @staticmethod
    def _roster_units(
        connection: Connection, actor: Actor, rows: Sequence[RosterRow], now: datetime
    ) -> dict[str, str]:
        """The ids of the units by name; those that are not there are made."""
        ids = {u.name: u.id for u in people.all_units(connection)}
        for row in rows:
            if row.unit not in ids:
                ids[row.unit] = make_unit(connection, actor, row.unit, now).id
        return ids


def make_unit(connection: Connection, actor: Actor, name: str, now: datetime) -> Unit:
    """Keep a new unit with a join code within the transaction of the caller."""
    if problem := unit_problem(name):
        raise BadInputError(problem)
    unit = Unit(new_id("u"), name, join_code(), now)
    if not people.add_unit(connection, unit):
        raise BadInputError(f"单位“{name}”已经有了")
    record(connection, actor, now, "unit.add", unit.id, name=name)
    return unit


def told(problems: Sequence[RowProblem]) -> str:
    """Return problems of a roster, a line each, in the order of the rows."""
    lines = [f"第 {p.n} 行：{p.reason}" for p in sorted(problems, key=lambda p: (p.n, p.reason))]
    return "\n".join((*lines, "名单一个人也没有存入；改好后再导入"))


def _there(connection: Connection, person_id: str) -> Person:
    person = people.find_person(connection, person_id)
    if person is None:
        raise BadInputError("这个账号已不在；请刷新后再试")
    return person


def _check_role(role: Role) -> None:
    if role not in ACCOUNT_ROLES:
        raise BadInputError("账号只能是员工、培训员、资料员或管理员")


def _keep_an_admin(connection: Connection, person_id: str) -> None:
    """BadInputError if without this person nobody could administer."""
    if people.active_admins(connection) == (person_id,):
        raise BadInputError(_LAST)
