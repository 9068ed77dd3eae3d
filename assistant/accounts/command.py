"""`zhize users` and `zhize accounts`: accounts from the command line of the machine itself."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.accounts.login_rules import NUMBERS, REGISTRATION, REGISTRATION_NAME
from assistant.accounts.model import ACCOUNT_ROLES, COMMAND_LINE, Person, Role, Unit
from assistant.errors import BadInputError
from assistant.export.target import check_target, save
from assistant.store import open_store

if TYPE_CHECKING:
    from assistant.accounts.administration import Administration
    from assistant.accounts.service import Accounts, OneTime
    from assistant.accounts.units import Units

OK = 0
_SETTINGS = "；".join(
    (*(f"{n.name}（或 {n.key}）{n.least} 到 {n.most}" for n in NUMBERS),
     f"{REGISTRATION_NAME}（或 {REGISTRATION}）开 或 关")
)  # fmt: skip
_ROLES = "、".join(f"{r.value} {r.label}" for r in ACCOUNT_ROLES)


def add_users_options(parser: argparse.ArgumentParser) -> None:
    """Add the actions of `zhize users`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    add = actions.add_parser("add", help="新建一个账号，或按 Excel 名单新建一批")
    add.add_argument("account", nargs="?", metavar="账号", help="工号或账号")
    add.add_argument("--name", metavar="姓名", help="新建一个账号时要填")
    add.add_argument(
        "--role", choices=[r.value for r in ACCOUNT_ROLES], default="worker", help=_ROLES
    )
    add.add_argument("--unit", metavar="单位", default="", help="单位或班组的名称")
    add.add_argument("--post", metavar="岗位", default="", help="岗位")
    add.add_argument("--phone", metavar="手机号", default="", help="手机号")
    add.add_argument(
        "--roster", type=Path, metavar="F.xlsx", help="名单，表头有 姓名、工号、单位、岗位"
    )
    add.add_argument(
        "--out", type=Path, metavar="F.xlsx", help="初始密码写到这里，与 --roster 同用"
    )
    add.add_argument("--new-units", action="store_true", help="没有的单位自动新建")
    add.add_argument("--json", action="store_true", help="只输出一个 JSON")
    listing = actions.add_parser("list", help="列出账号")
    listing.add_argument("--unit", metavar="单位", default="", help="只列这个单位")
    listing.add_argument("--json", action="store_true", help="只输出一个 JSON")
    for name, does in (
        ("reset", "重设密码，显示一次"), ("disable", "停用账号，记录保留"), ("enable", "恢复停用的账号"),
    ):  # fmt: skip
        actions.add_parser(name, help=does).add_argument("account", metavar="账号")
    role = actions.add_parser("role", help="改角色")
    role.add_argument("account", metavar="账号")
    role.add_argument("role", choices=[r.value for r in ACCOUNT_ROLES], help=_ROLES)
    delete = actions.add_parser("delete", help="删除账号、姓名和全部答题记录")
    delete.add_argument("account", metavar="账号", help="账号；没有登录过的设备用 guest:…")
    delete.add_argument("--yes", action="store_true", help="确认删除，删了找不回来")


def add_accounts_options(parser: argparse.ArgumentParser) -> None:
    """Add the actions of `zhize accounts`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    actions.add_parser("on", help="启用账号：以后要登录才能用")
    actions.add_parser("off", help="停用账号：以后不登录就能用")
    status = actions.add_parser("status", help="看账号是否启用，有哪些单位")
    status.add_argument("--json", action="store_true", help="只输出一个 JSON")
    setting = actions.add_parser("set", help="改登录的规则；不写 名称=值 就列出现在的")
    setting.add_argument("typed", nargs="*", metavar="名称=值", help=_SETTINGS)
    setting.add_argument("--json", action="store_true", help="只输出一个 JSON")


@dataclass(frozen=True, slots=True)
class _Desk:
    """The services of an open store."""

    accounts: Accounts
    admin: Administration
    units: Units


@contextmanager
def _desk(where: Path | str) -> Iterator[_Desk]:
    from assistant.accounts.administration import Administration
    from assistant.accounts.passwords import Passwords
    from assistant.accounts.service import Accounts
    from assistant.accounts.units import Units

    store, passwords = open_store(where), Passwords()
    try:
        yield _Desk(Accounts(store, passwords), Administration(store, passwords), Units(store))
    finally:
        store.close()


def run_users(args: argparse.Namespace, where: Path | str) -> int:
    """Run one action of `zhize users` on the records at `where`; return the exit code."""
    with _desk(where) as desk:
        _USERS[args.action](args, desk)
    return OK


def run_accounts(args: argparse.Namespace, where: Path | str) -> int:
    """Run one action of `zhize accounts` on the records at `where`; return the exit code."""
    with _desk(where) as desk:
        if args.action == "status":
            _status(args, desk)
            return OK
        if args.action == "set":
            _set(args, desk)
            return OK
        first = desk.accounts.first_admin() if args.action == "on" else None
        desk.admin.switch(COMMAND_LINE, on=args.action == "on")
        if first:
            _tell(first, "已建好管理员账号")
        print(
            "账号已启用：以后要登录才能用"
            if args.action == "on"
            else "账号已停用：以后不登录就能用"
        )
    return OK


def _status(args: argparse.Namespace, desk: _Desk) -> None:
    on, units = desk.accounts.are_on(), desk.units.list(COMMAND_LINE)
    people = desk.admin.people(COMMAND_LINE)
    if args.json:
        rows = [{"id": u.id, "name": u.name, "join_code": u.join_code} for u in units]
        _print_json({"on": on, "people": len(people), "units": rows})
        return
    print(f"账号{'已启用' if on else '没有启用'}，共 {len(people)} 个账号")
    for unit in units:
        count = sum(p.unit == unit.id for p in people)
        print(f"{unit.name}\t{count} 人\t单位口令 {unit.join_code or '（已关闭注册）'}")


def _set(args: argparse.Namespace, desk: _Desk) -> None:
    pairs = [text.partition("=") for text in args.typed]
    if bad := next((name for name, sign, _ in pairs if not sign), None):
        raise BadInputError(f"“{bad[:20]}”要写成 名称=值，如 锁定分钟=30")
    if len({name.strip() for name, *_ in pairs}) < len(pairs):
        raise BadInputError("同一项设置写了两次；请只写一次")
    typed = {name.strip(): value for name, _, value in pairs}
    found = desk.admin.set_policy(COMMAND_LINE, typed) if typed else desk.accounts.policy()
    if args.json:
        _print_json(found.row())
        return
    for number in NUMBERS:
        print(f"{number.name}={getattr(found, number.key)}\t{number.label}")
    print(f"{REGISTRATION_NAME}={'开' if found.registration else '关'}\t用单位口令自己注册账号")


def _add(args: argparse.Namespace, desk: _Desk) -> None:
    if bool(args.account) == bool(args.roster):
        raise BadInputError("请给出一个账号，或用 --roster F.xlsx --out 初始密码.xlsx（二选一）")
    if args.roster:
        _add_roster(args, desk)
        return
    if not args.name:
        raise BadInputError("请用 --name 写上姓名")
    unit = _unit(args, desk).id if args.unit else None
    made = desk.admin.add(
        COMMAND_LINE, args.account, args.name, Role(args.role), unit, args.post, args.phone
    )
    if args.json:
        _print_json({**_row(made.person, {}), "password": made.password})
    else:
        _tell(made, "已新建账号")


def _unit(args: argparse.Namespace, desk: _Desk) -> Unit:
    try:
        return desk.units.by_name(COMMAND_LINE, args.unit)
    except BadInputError:
        if args.new_units:
            return desk.units.add(COMMAND_LINE, args.unit)
        raise BadInputError(f"没有单位“{args.unit[:40]}”；要新建请加 --new-units") from None


def _add_roster(args: argparse.Namespace, desk: _Desk) -> None:
    from assistant.accounts.roster import read_roster
    from assistant.export.roster_xlsx import passwords_xlsx

    if not args.out:
        raise BadInputError("请用 --out 写上初始密码存到哪个 .xlsx 文件")
    check_target(args.out, (".xlsx",))
    try:
        data = args.roster.read_bytes()
    except OSError as e:
        raise BadInputError(f"{args.roster} 读不出来（{e.strerror or e}）") from e
    made = desk.admin.add_roster(COMMAND_LINE, read_roster(data), new_units=args.new_units)
    names = {u.id: u.name for u in desk.units.list(COMMAND_LINE)}
    try:
        save(args.out, passwords_xlsx(made, names))
    except BadInputError:
        for one in made:  # nobody will ever know these passwords
            desk.admin.erase(COMMAND_LINE, one.person.id)
        raise
    if args.json:
        _print_json({"added": [_row(o.person, names) for o in made], "passwords": str(args.out)})
    else:
        print(f"已新建 {len(made)} 个账号；初始密码在 {args.out}，发完请删掉")


def _list(args: argparse.Namespace, desk: _Desk) -> None:
    unit = desk.units.by_name(COMMAND_LINE, args.unit).id if args.unit else None
    people = desk.admin.people(COMMAND_LINE, unit)
    names = {u.id: u.name for u in desk.units.list(COMMAND_LINE)}
    if args.json:
        _print_json({"people": [_row(p, names) for p in people]})
        return
    for p in people:
        state = "停用" if p.disabled else "没改初始密码" if p.must_change else "正常"
        print(
            f"{p.account}\t{p.name}\t{p.role.label}\t{names.get(p.unit or '', '')}\t{p.post}\t{state}"
        )
    if not people:
        print("还没有账号；启用账号请运行 zhize accounts on")


def _reset(args: argparse.Namespace, desk: _Desk) -> None:
    person = desk.admin.find(COMMAND_LINE, args.account)
    _tell(desk.admin.reset_password(COMMAND_LINE, person.id), "密码已重设")


def _role(args: argparse.Namespace, desk: _Desk) -> None:
    person, role = desk.admin.find(COMMAND_LINE, args.account), Role(args.role)
    desk.admin.set_role(COMMAND_LINE, person.id, role)
    print(f"{person.account} 现在是{role.label}；要重新登录")


def _disable(args: argparse.Namespace, desk: _Desk) -> None:
    person, disabled = desk.admin.find(COMMAND_LINE, args.account), args.action == "disable"
    desk.admin.set_disabled(COMMAND_LINE, person.id, disabled=disabled)
    print(f"{person.account} 已{'停用，记录还在' if disabled else '恢复，可以登录'}")


def _delete(args: argparse.Namespace, desk: _Desk) -> None:
    guest = args.account.startswith("guest:")
    person = args.account if guest else desk.admin.find(COMMAND_LINE, args.account).id
    if not args.yes:
        raise BadInputError(
            f"要删除 {args.account} 的账号、姓名和全部答题记录，删了找不回来；确定请加 --yes"
        )
    answers = desk.admin.erase(COMMAND_LINE, person)
    print(f"已删除，连同 {answers} 条答题记录；以前的备份里还有，过期的备份请删掉")


def _tell(made: OneTime, what: str) -> None:
    print(f"{what}：{made.person.account}")
    print(f"一次性密码：{made.password}（只显示这一次，第一次登录要改掉）")


def _row(person: Person, units: dict[str, str]) -> dict[str, Any]:
    return {
        "id": person.id, "account": person.account, "name": person.name,
        "role": person.role.value, "unit": units.get(person.unit or "", person.unit),
        "post": person.post, "phone": person.phone, "disabled": person.disabled,
        "must_change": person.must_change, "made_at": person.made_at.isoformat(),
    }  # fmt: skip


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


_USERS: dict[str, Callable[[argparse.Namespace, _Desk], None]] = {
    "add": _add,
    "list": _list,
    "reset": _reset,
    "role": _role,
    "disable": _disable,
    "enable": _disable,
    "delete": _delete,
}
