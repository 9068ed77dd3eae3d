"""The page 管理 for administrators: people and units, as plain forms without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.accounts.model import ACCOUNT_ROLES, Person, Unit
from assistant.accounts.service import OneTime
from assistant.web.html import esc
from assistant.web.login_page import field, hidden, note, said
from assistant.web.shell import own_page

TABS = {
    "/manage": "人员",
    "/manage/units": "单位",
    "/manage/audit": "操作记录",
    "/manage/settings": "设置和备份",
}
MOST = 100
"""So many people are shown at once; the rest are found with the filter."""
Choices = Sequence[tuple[str, str]]


def manage_page(tab: str, body: str, trouble: str = "", done: str = "") -> str:
    """Return one part of the page; `body` is HTML, already escaped."""
    links = "".join(
        f'<a href="{path}"{" aria-current=page" if path == tab else ""}>{name}</a>'
        for path, name in TABS.items()
    )
    main = (
        f'<main id="z-account" class="z-manage" tabindex="-1"><h1>管理</h1>'
        f'<nav class="z-parts" aria-label="管理">{links}</nav>'
        f"{said(trouble)}{note(done) if done else ''}{body}</main>"
    )
    return own_page("/manage", main, "z-account", ("account.css",), ())


def people_html(
    people: Sequence[Person], units: Sequence[Unit], asked: str = "", unit: str = ""
) -> str:
    """Return the accounts that fit what was asked for, each with what can be done to it."""
    names = {u.id: u.name for u in units}
    fit = [p for p in people if _fits(p, asked, unit, names)]
    shown = "".join(_person(p, units, names) for p in fit[:MOST])
    more = len(fit) - MOST
    rest = f"<p>还有 {more} 人没有列出，请在上面填姓名或选单位来找。</p>" if more > 0 else ""
    none = "" if fit else "<p>没有符合的人。</p>"
    chosen = select("unit", "单位", [("", "全部单位"), *_units(units)], unit)
    search = (
        '<form method="get" action="/manage">'
        f"{field('q', '姓名或工号', asked)}{chosen}{button('查找', plain=True)}</form>"
    )
    return (
        f'<h2>{len(fit)} 个账号</h2>{search}{none}<div class="z-list">{shown}</div>{rest}'
        f"{_adding(units)}{_roster()}"
    )


def _fits(person: Person, asked: str, unit: str, names: Mapping[str, str]) -> bool:
    told = " ".join((person.account, person.name, person.post, names.get(person.unit or "", "")))
    return (not unit or person.unit == unit) and asked.strip().casefold() in told.casefold()


def _person(person: Person, units: Sequence[Unit], names: Mapping[str, str]) -> str:
    state = "已停用" if person.disabled else "没改初始密码" if person.must_change else ""
    about = [person.role.label, names.get(person.unit or "", "没有单位"), person.post, state]
    one = hidden("person", person.id)
    roles = [(r.value, r.label) for r in ACCOUNT_ROLES]
    disable = "恢复账号" if person.disabled else "停用账号（记录保留）"
    state_now = hidden("disabled", "" if person.disabled else "1")
    erase = (
        f"<p>删除后，账号、姓名和全部答题记录都没有了，找不回来。确认请输入账号 "
        f"<b>{esc(person.account)}</b>：</p>"
        f'<p class="z-field"><input name="sure" aria-label="输入账号确认删除" autocomplete="off"></p>'
    )
    return (
        f"<details><summary><b>{esc(person.name)}</b> {esc(person.account)}"
        f"<small>{esc(' · '.join(a for a in about if a))}</small></summary>"
        + act("/manage/people/reset", one, "重设密码")
        + act("/manage/people/role", one + select("role", "角色", roles, person.role.value),
              "改角色")
        + act("/manage/people/unit", one + select(
            "unit", "单位", [("", "没有单位"), *_units(units)], person.unit or ""), "改单位")
        + act("/manage/people/disable", one + state_now, disable)
        + act("/manage/people/erase", one + erase, "删除这个人的数据", danger=True)
        + "</details>"
    )  # fmt: skip


def _adding(units: Sequence[Unit]) -> str:
    roles = [(r.value, r.label) for r in ACCOUNT_ROLES]
    fields = (
        field("account", "工号或账号", required=True)
        + field("name", "姓名", required=True)
        + select("role", "角色", roles, "worker")
        + select("unit", "单位", [("", "没有单位"), *_units(units)], "")
        + field("post", "岗位（可以不填）")
        + field("phone", "手机号（可以不填）")
    )
    return f"<h2>新建一个账号</h2>{act('/manage/people/add', fields, '新建账号')}"


def _roster() -> str:
    return (
        "<h2>按名单新建</h2><p>Excel 名单的表头要有 姓名、工号、单位、岗位，手机号可以不填。"
        '<a class="z-plain" href="/manage/roster">下载空白名单</a></p>'
        '<form method="post" action="/manage/people/roster" enctype="multipart/form-data">'
        '<p class="z-field"><label>名单文件（.xlsx）'
        '<input type="file" name="file" accept=".xlsx" required></label></p>'
        '<p><label class="z-tick"><input type="checkbox" name="new_units" value="1"> 没有的单位自动新建</label></p>'
        "<p>导入后会下载一份初始密码表，只有这一份；发完请删掉。</p>"
        f"{button('导入名单，下载初始密码')}</form>"
    )


def password_html(made: OneTime) -> str:
    """Return the password of somebody, shown this once."""
    return (
        f"<p><b>{esc(made.person.name)}</b>（账号 {esc(made.person.account)}）的初始密码：</p>"
        f'<p class="z-once"><code>{esc(made.password)}</code></p>'
        "<p>只显示这一次，请现在记下来交给本人；第一次登录要改成自己的密码。</p>"
        '<p><a class="z-plain" href="/manage">回到人员</a></p>'
    )


def units_html(units: Sequence[Unit], people: Sequence[Person]) -> str:
    """Return the units with their join codes and what can be done to them."""
    shown = "".join(_unit(u, sum(p.unit == u.id for p in people)) for u in units)
    fields = field("name", "单位或班组的名称", required=True)
    return (
        f"<h2>{len(units)} 个单位</h2><p>把单位口令告诉本单位的人，他们就能在登录页自己注册。</p>"
        f'<div class="z-list">{shown}</div><h2>新建单位</h2>'
        f"{act('/manage/units/add', fields, '新建单位')}"
    )


def _unit(unit: Unit, members: int) -> str:
    one = hidden("unit", unit.id)
    code = f"单位口令 {unit.join_code}" if unit.join_code else "已关闭注册"
    return (
        f"<details><summary><b>{esc(unit.name)}</b><small>{members} 人 · {esc(code)}</small></summary>"
        + act("/manage/units/rename", one + field("name", "新名称", unit.name), "改名")
        + act("/manage/units/renew", one, "换一个口令")
        + act("/manage/units/close", one, "关闭注册")
        + act("/manage/units/delete", one, "删除单位", danger=True)
        + "</details>"
    )


def _units(units: Sequence[Unit]) -> list[tuple[str, str]]:
    return [(u.id, u.name) for u in units]


def select(name: str, label: str, choices: Choices, chosen: str) -> str:
    """Return a labelled choice of (value, what is shown)."""
    options = "".join(
        f'<option value="{esc(value)}"{" selected" if value == chosen else ""}>{esc(shown)}</option>'
        for value, shown in choices
    )
    return f'<p class="z-field"><label>{esc(label)}<select name="{name}">{options}</select></label></p>'


def act(action: str, fields: str, does: str, *, danger: bool = False) -> str:
    """Return a form with one button that does something; `fields` is HTML."""
    return f'<form method="post" action="{action}">{fields}{button(does, plain=True, danger=danger)}</form>'


def button(does: str, *, plain: bool = False, danger: bool = False) -> str:
    """Return the button of a form."""
    kind = "z-plain z-danger" if danger else "z-plain" if plain else "z-primary"
    return f'<p><button class="{kind}" type="submit">{esc(does)}</button></p>'
