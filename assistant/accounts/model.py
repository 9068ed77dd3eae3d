"""People, units and sessions as the rest of the program sees them. Times are aware, in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from assistant.quiz.model import Question

GUEST_PREFIX = "guest:"
"""What the person id of somebody without an account begins with; a random profile id follows."""


def is_guest(person: str) -> bool:
    """Whether a person id is that of somebody without an account."""
    return person.startswith(GUEST_PREFIX)


class Role(str, Enum):
    """What somebody is here; `assistant.accounts.rights` says what each may do."""

    WORKER = "worker"
    TRAINER = "trainer"
    KEEPER = "keeper"
    ADMIN = "admin"
    GUEST = "guest"
    """Anybody, while accounts are off."""
    VISITOR = "visitor"
    """Somebody who is not logged in, while accounts are on."""

    @property
    def label(self) -> str:
        """What a page calls it."""
        return _LABELS[self]


_LABELS = {
    Role.WORKER: "员工",
    Role.TRAINER: "培训员",
    Role.KEEPER: "资料员",
    Role.ADMIN: "管理员",
    Role.GUEST: "未登录（不用账号）",
    Role.VISITOR: "未登录",
}
ACCOUNT_ROLES = (Role.WORKER, Role.TRAINER, Role.KEEPER, Role.ADMIN)
"""The roles that an account can have."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or team. Who knows `join_code` can register as its member; None: nobody can."""

    id: str
    name: str
    join_code: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One account, without its password. `unit` is the id of a unit."""

    id: str
    account: str
    name: str
    role: Role
    unit: str | None
    post: str
    phone: str
    must_change: bool
    disabled: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something and from where. `person` is a person id, "guest:…", "cli" or "system".

    With `must_change` nothing is open but the change of the password.
    """

    person: str
    role: Role
    address: str = ""
    unit: str | None = None
    must_change: bool = False
    name: str = field(default="", compare=False)
    """What pages call an account; nothing that is kept is made of it."""


COMMAND_LINE = Actor("cli", Role.ADMIN, "命令行")
"""Who can run commands on the machine can read its files, so is an administrator anyway."""
SYSTEM = Actor("system", Role.ADMIN, "程序")


@dataclass(frozen=True, slots=True)
class Session:
    """That somebody is logged in; its token is known to the browser alone."""

    person: Person
    begun_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what, when, from where; a line of a log that is only ever added to.

    `subject` is the id of what it was done to. `detail` holds what changed but no names of
    people and no accounts, so that the log can stay when a person's data is deleted.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    address: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a trainer gave a unit to answer until `due_at`.

    `exam` makes it an exam of so many `minutes` with `points` for each question; else a round
    that can be practised at any pace. With `guests` people without an account may answer it, too.
    """

    id: str
    unit: str
    title: str
    exam: bool
    questions: tuple[Question, ...]
    points: tuple[float, ...]
    minutes: int
    made_by: str
    made_at: datetime
    due_at: datetime
    withdrawn_at: datetime | None = None
    guests: bool = False
