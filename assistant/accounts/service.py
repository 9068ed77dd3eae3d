"""Logging in and out, registering, one's own password: what people do about their own account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from assistant.accounts.entry import (
    account_problem,
    clean,
    name_problem,
    phone_problem,
    post_problem,
)
from assistant.accounts.errors import LockedOutError, LoginError, NotAllowedError
from assistant.accounts.lifetime import LONGEST, TOUCH, alive
from assistant.accounts.lockout import count, locked, minutes_left
from assistant.accounts.model import GUEST_PREFIX, SYSTEM, Actor, Person, Role
from assistant.accounts.passwords import Passwords, one_time_password, password_problem
from assistant.accounts.policy import Policy, read_policy
from assistant.accounts.rights import Action, require
from assistant.errors import BadInputError
from assistant.store import log, people, sessions
from assistant.store.audit import record
from assistant.store.settings import read_setting
from assistant.store.store import Store

SETTING = "accounts.on"
ADMIN_ACCOUNT = "admin"
_WRONG = "账号或密码不对"
_GONE = "账号已不在；请找管理员"
NO_REGISTRATION = "现在不能自己注册；请找本单位的管理员开账号"


@dataclass(frozen=True, slots=True)
class OneTime:
    """A password made for somebody, to be shown once and changed at the first login."""

    person: Person
    password: str


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(timezone.utc)


class Accounts:
    """What somebody does about his own account. Safe to share between threads."""

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        now: Callable[[], datetime] = utc_now,
        token: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self.store, self.passwords, self.now = store, passwords, now
        self._database, self._token = store.database, token

    def are_on(self) -> bool:
        """Whether people must log in."""
        with self._database.read() as connection:
            return bool(read_setting(connection, SETTING, default=False))

    def policy(self) -> Policy:
        """Return what is set about logging in."""
        with self._database.read() as connection:
            return read_policy(connection)

    def first_admin(self) -> OneTime | None:
        """Make the administrator if there is no account at all; None if there is one."""
        with self._database.read() as connection:
            if people.all_people(connection):
                return None
        password, now = one_time_password(), self.now()
        admin = Person(
            new_id("p"), ADMIN_ACCOUNT, "管理员", Role.ADMIN, None, "", "", True, False, now
        )
        password_hash = self.passwords.hash(password)
        with self._database.write() as connection:
            if not people.add_person(connection, admin, password_hash):
                return None  # another process was first, and shows its password
            record(connection, SYSTEM, now, "person.first_admin", admin.id)
        return OneTime(admin, password)

    def log_in(self, account: str, password: str, address: str) -> tuple[str, Person]:
        """Return a token for the browser, and who it is.

        LoginError if that is not the password or the account is closed; LockedOutError after too
        many failures of that account or from that address.
        """
        self._count_attempt(account, address)
        with self._database.read() as connection:
            found = people.find_account(connection, account)
        password_hash = found[1] if found else None
        if not self.passwords.matches(password_hash, password) or found is None:
            self._count_failure(address)
            raise LoginError(_WRONG)
        person, now = found[0], self.now()
        if person.disabled:
            raise LoginError("这个账号已停用；请找管理员")
        renewed = self.passwords.hash(password) if self.passwords.outdated(found[1]) else None
        token = self._token(32)
        with self._database.write() as connection:
            sessions.forget_attempts(connection, account_attempts(account))
            if renewed:
                people.change_person(connection, person.id, password_hash=renewed)
            sessions.clear_away(connection, now - LONGEST, now - timedelta(days=1))
            sessions.add_session(connection, token_hash(token), person.id, now, address)
            record(connection, actor_of(person, address), now, "session.begin", person.id)
        return token, person

    def who(self, token: str, address: str = "") -> Actor | None:
        """Return who a token stands for; None if the session has ended or never was."""
        if not token:
            return None
        hashed, now = token_hash(token), self.now()
        with self._database.read() as connection:
            session = sessions.find_session(connection, hashed)
            policy = read_policy(connection) if session else Policy()
        if session is None:
            return None
        person = session.person
        if person.disabled or not alive(session, now, policy.lifetime(person.role)):
            with self._database.write() as connection:
                sessions.end_session(connection, hashed)
            return None
        if now - session.seen_at >= TOUCH:
            with self._database.write() as connection:
                sessions.touch_session(connection, hashed, now)
        return actor_of(person, address)

    def visitor(self, guest: str, address: str = "") -> Actor:
        """Return who somebody without a session is: a guest, or a visitor while accounts are on.

        `guest` is the random profile id that his browser holds.
        """
        role = Role.VISITOR if self.are_on() else Role.GUEST
        return Actor(f"{GUEST_PREFIX}{guest}", role, address)

    def person(self, person_id: str) -> Person | None:
        """Return an account."""
        with self._database.read() as connection:
            return people.find_person(connection, person_id)

    def log_out(self, token: str) -> None:
        """End the session of a token."""
        with self._database.write() as connection:
            sessions.end_session(connection, token_hash(token))

    def change_password(self, actor: Actor, old: str, new: str) -> str:
        """Change one's own password; all sessions end, and a token for a new one is returned.

        LoginError if `old` is not the password; BadInputError if `new` is too weak.
        """
        require(actor, Action.CHANGE_PASSWORD)
        found = self._account_of(actor)
        person, password_hash = found
        self._count_attempt(person.account, actor.address)
        if not self.passwords.matches(password_hash, old):
            self._count_failure(actor.address)
            raise LoginError("原来的密码不对")
        if new == old:
            raise BadInputError("新密码和原来的一样；请换一个")
        if problem := password_problem(new, (person.account, person.name, person.phone)):
            raise BadInputError(problem)
        hashed, token, now = self.passwords.hash(new), self._token(32), self.now()
        with self._database.write() as connection:
            sessions.forget_attempts(connection, account_attempts(person.account))
            people.change_person(connection, person.id, password_hash=hashed, must_change=False)
            sessions.end_sessions(connection, person.id)
            sessions.add_session(connection, token_hash(token), person.id, now, actor.address)
            record(connection, actor, now, "password.change", person.id)
        return token

    def register(
        self,
        actor: Actor,
        code: str,
        account: str,
        name: str,
        password: str,
        post: str = "",
        phone: str = "",
    ) -> Person:
        """Make one's own account as a worker of the unit that has this join code.

        BadInputError says what is wrong; LockedOutError after too many wrong codes.
        """
        require(actor, Action.REGISTER)
        if not self.policy().registration:
            raise BadInputError(NO_REGISTRATION)
        account, name, post, phone = map(clean, (account, name, post, phone))
        found = (
            account_problem(account) or name_problem(name) or post_problem(post)
            or phone_problem(phone) or password_problem(password, (account, name, phone))
        )  # fmt: skip
        if found:
            raise BadInputError(found)
        self._count_attempt("", actor.address)
        wanted = clean(code).casefold()
        with self._database.read() as connection:
            unit = people.find_unit(connection, code=wanted) if wanted else None
        if unit is None:
            self._count_failure(actor.address)
            raise BadInputError("单位口令不对；请问本单位的培训员或管理员")
        now, hashed, own = self.now(), self.passwords.hash(password), new_id("p")
        person = Person(own, account, name, Role.WORKER, unit.id, post, phone, False, False, now)
        with self._database.write() as connection:
            if not people.add_person(connection, person, hashed):
                raise BadInputError("这个账号已经有人用了；请换一个，或直接登录")
            record(connection, actor_of(person, actor.address), now, "person.register", person.id,
                   unit=unit.id)  # fmt: skip
        return person

    def take_over(self, actor: Actor, guest: str) -> int:
        """Make what a browser practised without an account that of the actor; how many answers.

        `guest` is the profile id that the browser holds. BadInputError if it was done before.
        """
        require(actor, Action.TAKE_OVER)
        now = self.now()
        with self._database.write() as connection:
            moved = log.take_over(connection, f"{GUEST_PREFIX}{guest}", actor.person, now)
            if moved is None:
                raise BadInputError("这台设备上没登录时的练习已经并入过账号，不能再并一次")
            record(connection, actor, now, "practice.take_over", actor.person, answers=moved)
        return moved

    def _account_of(self, actor: Actor) -> tuple[Person, str]:
        with self._database.read() as connection:
            person = people.find_person(connection, actor.person)
            found = people.find_account(connection, person.account) if person else None
        if found is None:
            raise NotAllowedError(_GONE)
        return found

    def _count_attempt(self, account: str, address: str) -> None:
        """Count an attempt on an account before it is made; LockedOutError if it may not be made.

        Without an account only the address is looked at.
        """
        now, own, there = self.now(), account_attempts(account), address_attempts(address)
        with self._database.write() as connection:
            held = [sessions.hold_attempts(connection, key, now) for key in sorted((own, there))]
            rule = read_policy(connection).by_account
            refused = max(minutes_left(h, now) if locked(h, now) else 0 for h in held)
            if account and not refused:
                counted = count(held[sorted((own, there)).index(own)], rule, now)
                sessions.put_attempts(connection, own, counted)
        if refused:
            raise LockedOutError(f"错的次数太多，请 {refused} 分钟后再试；急用请找管理员重设密码")

    def _count_failure(self, address: str) -> None:
        """Count a failure of an address, and tell the audit log when it is locked out."""
        now, key = self.now(), address_attempts(address)
        with self._database.write() as connection:
            rule = read_policy(connection).by_address
            counted = count(sessions.hold_attempts(connection, key, now), rule, now)
            sessions.put_attempts(connection, key, counted)
            if counted.until is not None:
                record(connection, Actor("", Role.VISITOR, address), now, "login.locked")


def actor_of(person: Person, address: str = "") -> Actor:
    """Return who acts when this person does."""
    return Actor(person.id, person.role, address, person.unit, person.must_change, person.name)


def new_id(kind: str) -> str:
    """Return an id that tells nothing of whom it stands for."""
    return f"{kind}{secrets.token_hex(8)}"


def token_hash(token: str) -> str:
    """Return what is kept in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_attempts(account: str) -> str:
    """Return under what attempts on an account are counted; the name typed is not kept."""
    return hashlib.sha256(f"account:{people.account_key(account)}".encode()).hexdigest()


def address_attempts(address: str) -> str:
    """Return under what failures from an address are counted."""
    return hashlib.sha256(f"address:{address}".encode()).hexdigest()
