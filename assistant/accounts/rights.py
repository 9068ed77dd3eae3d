"""Who may do what: every action and every role, in this one place.

Services and pages ask `require`; a test holds the table to what is written down beside it.
"""

from __future__ import annotations

from enum import Enum

from assistant.accounts.errors import LoginError, NotAllowedError
from assistant.accounts.model import Actor, Role


class Action(str, Enum):
    """What can be done, as the refusal calls it."""

    LOOK_UP = "查法规、提问、看职责清单"
    PRACTISE = "练习和模拟考试"
    SEE_OWN_RECORD = "看自己的练习记录"
    JOIN_GROUP = "参加集体答题"
    JOIN_AS_GUEST = "不登录参加集体答题"
    TAKE_OVER = "把没登录时的练习并入账号"
    MAKE_PAPER = "出题组卷"
    KEEP_PAPER = "保存和打开试卷"
    CHECK_BANK = "题库体检"
    IMPORT = "导入和移出文件"
    ANNOTATE = "补充本单位的职责和批注"
    ASSIGN = "给单位布置任务"
    HOLD_GROUP = "组织集体答题"
    SEE_RESULTS = "看单位的成绩"
    EXPORT_RESULTS = "导出成绩和培训记录"
    MANAGE_PEOPLE = "管理账号"
    MANAGE_UNITS = "管理单位"
    ERASE_PERSON = "删除一个人的数据"
    SEE_AUDIT = "看操作记录"
    CHANGE_SETTINGS = "改设置"
    BACK_UP = "备份"
    RESTORE = "恢复备份"
    LOG_IN = "登录"
    REGISTER = "用单位口令注册"
    CHANGE_PASSWORD = "改自己的密码"  # noqa: S105


_WORKER, _TRAINER, _KEEPER, _ADMIN = Role.WORKER, Role.TRAINER, Role.KEEPER, Role.ADMIN
_ACCOUNTS = frozenset({_WORKER, _TRAINER, _KEEPER, _ADMIN})
_PEOPLE = _ACCOUNTS | {Role.GUEST}
_TRAINERS = frozenset({_TRAINER, _ADMIN})
_ADMINS = frozenset({_ADMIN})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.LOOK_UP: _PEOPLE,
    Action.PRACTISE: _PEOPLE,
    Action.SEE_OWN_RECORD: _PEOPLE,
    Action.JOIN_GROUP: _PEOPLE,
    Action.JOIN_AS_GUEST: frozenset({Role.GUEST, Role.VISITOR}),
    Action.TAKE_OVER: _ACCOUNTS,
    Action.MAKE_PAPER: frozenset({_TRAINER, _KEEPER, _ADMIN, Role.GUEST}),
    Action.KEEP_PAPER: frozenset({_TRAINER, _ADMIN, Role.GUEST}),
    Action.CHECK_BANK: frozenset({_TRAINER, _KEEPER, _ADMIN, Role.GUEST}),
    Action.IMPORT: frozenset({_KEEPER, _ADMIN, Role.GUEST}),
    Action.ANNOTATE: frozenset({_KEEPER, _ADMIN, Role.GUEST}),
    Action.ASSIGN: _TRAINERS,
    Action.HOLD_GROUP: _TRAINERS,
    Action.SEE_RESULTS: _TRAINERS,
    Action.EXPORT_RESULTS: _TRAINERS,
    Action.MANAGE_PEOPLE: _ADMINS,
    Action.MANAGE_UNITS: _ADMINS,
    Action.ERASE_PERSON: _ADMINS,
    Action.SEE_AUDIT: _ADMINS,
    Action.CHANGE_SETTINGS: _ADMINS,
    Action.BACK_UP: _ADMINS,
    Action.RESTORE: _ADMINS,
    Action.LOG_IN: frozenset({Role.GUEST, Role.VISITOR}),
    Action.REGISTER: frozenset({Role.VISITOR}),
    Action.CHANGE_PASSWORD: _ACCOUNTS,
}
"""A guest (accounts are off) may import and annotate on the machine itself; the pages see to it."""


def may(role: Role, action: Action) -> bool:
    """Whether somebody of that role may do that."""
    return role in ALLOWED[action]


def require(actor: Actor, action: Action) -> None:
    """Return if the actor may do that now.

    LoginError if he would have to log in; NotAllowedError if his role may not, or he must first
    change the password that somebody else gave him.
    """
    if not may(actor.role, action):
        if actor.role is Role.VISITOR:
            raise LoginError("请先登录")
        raise NotAllowedError(f"{actor.role.label}不能{action.value}；需要的话请找管理员")
    if actor.must_change and action is not Action.CHANGE_PASSWORD:
        raise NotAllowedError("请先把初始密码改成自己的密码")


def reaches(actor: Actor, unit: str | None) -> bool:
    """Whether an actor who may see results or assign may do so for that unit.

    A trainer who belongs to a unit has that unit alone; one who belongs to none has all.
    """
    if actor.role is Role.ADMIN:
        return True
    return actor.role is Role.TRAINER and (actor.unit is None or actor.unit == unit)


def require_unit(actor: Actor, action: Action, unit: str | None) -> None:
    """Return if the actor may do that for that unit; raises as `require`."""
    require(actor, action)
    if not reaches(actor, unit):
        raise NotAllowedError(f"只能为自己的单位{action.value}")
