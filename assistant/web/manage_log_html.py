"""The parts 操作记录 and 设置和备份 of the page 管理."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.accounts.lifetime import STAFF, WORKERS
from assistant.accounts.login_rules import NUMBERS, REGISTRATION, REGISTRATION_NAME
from assistant.accounts.model import ACCOUNT_ROLES, GUEST_PREFIX, AuditLine
from assistant.accounts.policy import Policy
from assistant.backup.schedule import MOST_KEPT, Outcome, Schedule
from assistant.web.html import esc
from assistant.web.login_page import field
from assistant.web.manage_html import act, button, select

ACTIONS = {
    "session.begin": "登录", "login.locked": "多次输错被锁", "password.change": "改密码",
    "password.reset": "重设密码", "person.first_admin": "建第一个管理员", "person.add": "新建账号",
    "person.register": "自己注册", "person.role": "改角色", "person.unit": "改单位",
    "person.disable": "停用账号", "person.enable": "恢复账号", "person.erase": "删除个人数据",
    "practice.take_over": "并入没登录时的练习", "unit.add": "新建单位", "unit.rename": "单位改名",
    "unit.renew_code": "换单位口令", "unit.close": "关闭注册", "unit.delete": "删除单位",
    "assignment.give": "布置任务", "assignment.put_off": "任务延期", "assignment.withdraw": "收回任务",
    "assignment.join": "不登录参加任务", "results.export": "导出成绩",
    "accounts.on": "启用账号", "accounts.off": "停用账号功能", "backup.make": "备份",
    "backup.restore": "恢复备份", "backup.schedule": "设自动备份",
    "settings.change": "改设置", "bank.insist": "坚持使用不符的题", "bank.release": "撤回坚持使用的题",
}  # fmt: skip
"""What the audit log calls an action, and what a page calls it."""
_DETAILS = {
    "role": "角色", "unit": "单位", "answers": "答题数", "file": "文件", "at": "时间",
    "keep": "保留份数", "name": "名称", "title": "名称", "questions": "题数",
    "guests": "允许不登录", "form": "格式",
    "stem": "题目", "reason": "理由", "setting": "设置", "before": "原来", "after": "改为",
}  # fmt: skip
_SETTINGS = {**{n.key: n.name for n in NUMBERS}, REGISTRATION: REGISTRATION_NAME}
_ACTORS = {"cli": "命令行", "system": "程序", "": "不知道是谁"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the audit log is asked for, as typed: who, what and from which day to which."""

    who: str = ""
    action: str = ""
    since: str = ""
    until: str = ""


def audit_html(
    lines: Sequence[AuditLine], names: Mapping[str, str], sought: Sought, more: int | None
) -> str:
    """Return lines of the log; `names` of people and units by id, `more` where the next begin."""
    choices = [("", "全部操作"), *ACTIONS.items()]
    search = (
        '<form method="get" action="/manage/audit">'
        + field("who", "谁做的（账号）", sought.who)
        + select("action", "做了什么", choices, sought.action)
        + field("since", "从哪天", sought.since, kind="date")
        + field("until", "到哪天", sought.until, kind="date")
        + button("查找", plain=True)
        + "</form>"
    )
    shown = "".join(_line(line, names) for line in lines)
    asked = {"who": sought.who, "action": sought.action, "since": sought.since,
             "until": sought.until, "before": more}  # fmt: skip
    query = esc(urlencode({k: v for k, v in asked.items() if v}))
    further = f'<p><a class="z-plain" href="/manage/audit?{query}">更早的</a></p>' if more else ""
    none = "" if lines else "<p>没有符合的记录。</p>"
    return f'{search}{none}<ol class="z-log">{shown}</ol>{further}'


def _line(line: AuditLine, names: Mapping[str, str]) -> str:
    when = f"{line.at.astimezone():%Y-%m-%d %H:%M}"
    details = "，".join(
        f"{title}：{_value(k, line.detail[k], names)}"
        for k, title in _DETAILS.items()
        if k in line.detail
    )
    subject = names.get(line.subject, "") if line.subject != line.actor else ""
    told = " · ".join(t for t in (subject, details, line.address) if t)
    return (
        f"<li><b>{esc(ACTIONS.get(line.action, line.action))}</b> {esc(_actor(line.actor, names))}"
        f"<small>{when}{f' · {esc(told)}' if told else ''}</small></li>"
    )


def _actor(actor: str, names: Mapping[str, str]) -> str:
    if actor.startswith(GUEST_PREFIX):
        return "没登录的人"
    return names.get(actor) or _ACTORS.get(actor, "已删除的账号")


def _value(key: str, value: object, names: Mapping[str, str]) -> str:
    if key == "role":
        return next((r.label for r in ACCOUNT_ROLES if r.value == value), str(value))
    if key == "unit":
        return names.get(str(value), "没有单位" if value is None else "已删除的单位")
    if key == "setting":
        return _SETTINGS.get(str(value), str(value))
    if isinstance(value, bool):
        return "开" if value else "关"
    return str(value)


def settings_html(on: bool, policy: Policy, schedule: Schedule | None, last: Outcome | None) -> str:
    """Return the settings as they are, each with what changes it."""
    state = "账号已启用：要登录才能用。" if on else "账号没有启用：不登录就能用。"
    switch = f'<input type="hidden" name="on" value="{"" if on else "1"}">'
    return (
        f"<h2>账号</h2><p>{state}</p>"
        + act("/manage/settings/accounts", switch, "停用账号功能" if on else "启用账号")
        + f"{_policy(policy)}{_backup(schedule, last)}"
    )


def _policy(policy: Policy) -> str:
    numbers = "".join(
        field(
            n.key, n.label, str(getattr(policy, n.key)), kind="number", required=True,
            hint=f"{n.least} 到 {n.most}", bounds=(n.least, n.most),
        )
        for n in NUMBERS
    )  # fmt: skip
    new = select(
        REGISTRATION, "用单位口令自己注册账号", [("on", "开"), ("off", "关：只由管理员开账号")],
        "on" if policy.registration else "off",
    )  # fmt: skip
    return (
        f"<h2>登录和注册</h2>{act('/manage/settings/policy', numbers + new, '保存登录规则')}"
        "<p>保存后马上有效。重设密码可以马上解开被锁的账号。"
        f"一直在用的，员工最长 {WORKERS.absolute.days} 天、其他人最长 {STAFF.absolute.days} 天"
        "也要重新登录一次。单个单位的注册，在“单位”里关闭。</p>"
    )


def _backup(schedule: Schedule | None, last: Outcome | None) -> str:
    told = ""
    if last is not None:
        how = f"没有成功：{last.problem}" if last.problem else f"已存为 {last.file}"
        told = f"<p>上一次自动备份（{last.at.astimezone():%Y-%m-%d %H:%M}）：{esc(how)}</p>"
    at, keep = (f"{schedule.at:%H:%M}", str(schedule.keep)) if schedule else ("", "7")
    fields = field("at", "每天几点（留空就是不自动备份）", at, kind="time") + field(
        "keep", f"保留最近几份（1 到 {MOST_KEPT}）", keep, kind="number"
    )
    return (
        f"<h2>自动备份</h2>{told}{act('/manage/settings/backup', fields, '保存')}"
        "<h2>现在备份</h2><p>下载一个文件，里面有账号和答题记录，请像对待人事资料一样保管。"
        "恢复要在装有本程序的电脑上运行 zhize restore。</p>"
        f'<form method="post" action="/manage/backup">{button("下载备份")}</form>'
    )
