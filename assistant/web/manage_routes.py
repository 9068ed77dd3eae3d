"""管理 over HTTP, for administrators: people, units, the audit log, settings, a backup."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from assistant.accounts.model import Actor, Role
from assistant.accounts.rights import Action, require
from assistant.accounts.roster import MOST_BYTES, read_roster
from assistant.backup.archive import ENDING
from assistant.backup.create import make_backup
from assistant.backup.schedule import (
    Schedule,
    last_outcome,
    local_now,
    parse_time,
    read_schedule,
    set_schedule,
)
from assistant.errors import AssistantError, BadInputError
from assistant.export.roster_xlsx import passwords_xlsx, roster_template
from assistant.services import Settings
from assistant.web.account_desk import AccountDesk
from assistant.web.login_routes import status_of
from assistant.web.manage_html import manage_page, password_html, people_html, units_html
from assistant.web.manage_log_html import Sought, audit_html, settings_html
from assistant.web.quiz_routes import attachment
from assistant.web.who import actor_of

_Typed = Annotated[str, Form(max_length=200)]
_LINES = 50
DONE = {
    "role": "角色已改；那个人要重新登录", "unit": "单位已改", "disable": "账号已停用",
    "enable": "账号已恢复", "erase": "这个人的数据已删除", "made": "单位已新建",
    "renamed": "单位已改名", "renewed": "单位口令已换，旧的不能用了", "closed": "注册已关闭",
    "deleted": "单位已删除", "on": "账号已启用：以后要登录才能用",
    "off": "账号已停用：以后不登录就能用", "backup": "自动备份已保存",
    "policy": "登录规则已保存，马上有效",
}  # fmt: skip
"""What is said after something was done, by what stands in the address."""


def make_manage_routes(desk: AccountDesk, settings: Settings | None) -> APIRouter:
    """Return the routes under /manage; without `settings` there is nothing to back up."""
    router = APIRouter()
    _add_people(router, desk)
    _add_person(router, desk)
    _add_units(router, desk)
    _add_audit(router, desk)
    _add_settings(router, desk)
    _add_policy(router, desk)
    if settings is not None:
        _add_backup(router, settings)
    return router


def _add_people(router: APIRouter, desk: AccountDesk) -> None:
    @router.get("/manage")
    def people(request: Request, q: str = "", unit: str = "", done: str = "") -> Response:
        return _page(_people(desk, actor_of(request), q, unit, done=DONE.get(done, "")))

    @router.post("/manage/people/add")
    def add(
        request: Request, account: _Typed = "", name: _Typed = "", role: _Typed = "worker",
        unit: _Typed = "", post: _Typed = "", phone: _Typed = "",
    ) -> Response:  # fmt: skip
        actor = actor_of(request)

        def work() -> Response:
            made = desk.admin.add(actor, account, name, _role(role), unit or None, post, phone)
            return _page(manage_page("/manage", password_html(made)))

        return _tried(work, lambda e: _people(desk, actor, trouble=e))

    @router.post("/manage/people/roster")
    def roster(
        request: Request, file: Annotated[UploadFile, File()], new_units: _Typed = ""
    ) -> Response:
        actor = actor_of(request)

        def work() -> Response:
            read = read_roster(file.file.read(MOST_BYTES + 1))
            made = desk.admin.add_roster(actor, read, new_units=bool(new_units))
            names = {u.id: u.name for u in desk.units.list(actor)}
            return _unkept(attachment("初始密码.xlsx", passwords_xlsx(made, names)))

        return _tried(work, lambda e: _people(desk, actor, trouble=e))

    @router.get("/manage/roster")
    def template() -> Response:
        return attachment("人员名单.xlsx", roster_template())


def _add_person(router: APIRouter, desk: AccountDesk) -> None:
    def changed(request: Request, does: Callable[[Actor], object], done: str) -> Response:
        actor = actor_of(request)

        def work() -> Response:
            does(actor)
            return RedirectResponse(f"/manage?done={done}", 303)

        return _tried(work, lambda e: _people(desk, actor, trouble=e))

    @router.post("/manage/people/reset")
    def reset(request: Request, person: _Typed = "") -> Response:
        actor = actor_of(request)

        def work() -> Response:
            made = desk.admin.reset_password(actor, person)
            return _page(manage_page("/manage", password_html(made)))

        return _tried(work, lambda e: _people(desk, actor, trouble=e))

    @router.post("/manage/people/role")
    def role(request: Request, person: _Typed = "", role: _Typed = "") -> Response:
        return changed(request, lambda a: desk.admin.set_role(a, person, _role(role)), "role")

    @router.post("/manage/people/unit")
    def unit(request: Request, person: _Typed = "", unit: _Typed = "") -> Response:
        return changed(request, lambda a: desk.admin.set_unit(a, person, unit or None), "unit")

    @router.post("/manage/people/disable")
    def disable(request: Request, person: _Typed = "", disabled: _Typed = "") -> Response:
        off = bool(disabled)
        return changed(
            request,
            lambda a: desk.admin.set_disabled(a, person, disabled=off),
            "disable" if off else "enable",
        )

    @router.post("/manage/people/erase")
    def erase(request: Request, person: _Typed = "", sure: _Typed = "") -> Response:
        def work(actor: Actor) -> None:
            found = desk.accounts.person(person)
            if found is None or sure.strip() != found.account:
                raise BadInputError("没有删除：输入的账号和要删的不一样")
            desk.admin.erase(actor, person)

        return changed(request, work, "erase")


def _add_units(router: APIRouter, desk: AccountDesk) -> None:
    def shown(actor: Actor, trouble: str = "", done: str = "") -> str:
        body = units_html(desk.units.list(actor), desk.admin.people(actor))
        return manage_page("/manage/units", body, trouble, done)

    def changed(request: Request, does: Callable[[Actor], object], done: str) -> Response:
        actor = actor_of(request)

        def work() -> Response:
            does(actor)
            return RedirectResponse(f"/manage/units?done={done}", 303)

        return _tried(work, lambda e: shown(actor, e))

    @router.get("/manage/units")
    def units(request: Request, done: str = "") -> Response:
        return _page(shown(actor_of(request), done=DONE.get(done, "")))

    @router.post("/manage/units/add")
    def add(request: Request, name: _Typed = "") -> Response:
        return changed(request, lambda a: desk.units.add(a, name), "made")

    @router.post("/manage/units/rename")
    def rename(request: Request, unit: _Typed = "", name: _Typed = "") -> Response:
        return changed(request, lambda a: desk.units.rename(a, unit, name), "renamed")

    @router.post("/manage/units/renew")
    def renew(request: Request, unit: _Typed = "") -> Response:
        return changed(request, lambda a: desk.units.renew_code(a, unit), "renewed")

    @router.post("/manage/units/close")
    def close(request: Request, unit: _Typed = "") -> Response:
        return changed(request, lambda a: desk.units.close(a, unit), "closed")

    @router.post("/manage/units/delete")
    def delete(request: Request, unit: _Typed = "") -> Response:
        return changed(request, lambda a: desk.units.delete(a, unit), "deleted")


def _add_audit(router: APIRouter, desk: AccountDesk) -> None:
    @router.get("/manage/audit")
    def audit(
        request: Request, who: str = "", action: str = "", since: str = "", until: str = "",
        before: int = 0,
    ) -> Response:  # fmt: skip
        actor, sought = actor_of(request), Sought(who, action, since, until)
        require(actor, Action.SEE_AUDIT)

        def work() -> Response:
            last = _day(until)
            lines = desk.store.audit.lines(
                before=before or None, limit=_LINES + 1,
                actor=desk.admin.find(actor, who.strip()).id if who.strip() else "",
                action=action, since=_day(since), until=last + timedelta(days=1) if last else None,
            )  # fmt: skip
            more = lines[_LINES - 1].seq if len(lines) > _LINES else None
            body = audit_html(lines[:_LINES], _names(desk, actor), sought, more)
            return _page(manage_page("/manage/audit", body))

        none = audit_html((), {}, sought, None)
        return _tried(work, lambda e: manage_page("/manage/audit", none, e))


def _settings(desk: AccountDesk, trouble: str = "", done: str = "") -> str:
    on, policy = desk.accounts.are_on(), desk.accounts.policy()
    body = settings_html(on, policy, read_schedule(desk.store), last_outcome(desk.store))
    return manage_page("/manage/settings", body, trouble, done)


def _add_settings(router: APIRouter, desk: AccountDesk) -> None:
    @router.get("/manage/settings")
    def settings(request: Request, done: str = "") -> Response:
        require(actor_of(request), Action.CHANGE_SETTINGS)
        return _page(_settings(desk, done=DONE.get(done, "")))

    @router.post("/manage/settings/accounts")
    def accounts(request: Request, on: _Typed = "") -> Response:
        def work() -> Response:
            desk.admin.switch(actor_of(request), on=bool(on))
            desk.switch.forget()
            return RedirectResponse(f"/manage/settings?done={'on' if on else 'off'}", 303)

        return _tried(work, lambda e: _settings(desk, e))

    @router.post("/manage/settings/backup")
    def backup(request: Request, at: _Typed = "", keep: _Typed = "") -> Response:
        def work() -> Response:
            if at.strip() and not (keep.isascii() and keep.isdigit()):
                raise BadInputError("保留份数请填整数")
            daily = Schedule(parse_time(at), int(keep)) if at.strip() else None
            set_schedule(desk.store, actor_of(request), daily, local_now())
            return RedirectResponse("/manage/settings?done=backup", 303)

        return _tried(work, lambda e: _settings(desk, e))


def _add_policy(router: APIRouter, desk: AccountDesk) -> None:
    @router.post("/manage/settings/policy")
    def policy(
        request: Request, account_tries: _Typed = "", address_tries: _Typed = "",
        lock_minutes: _Typed = "", worker_hours: _Typed = "", staff_hours: _Typed = "",
        registration: _Typed = "",
    ) -> Response:  # fmt: skip
        typed = {
            "account_tries": account_tries, "address_tries": address_tries,
            "lock_minutes": lock_minutes, "worker_hours": worker_hours,
            "staff_hours": staff_hours, "registration": registration,
        }  # fmt: skip

        def work() -> Response:
            desk.admin.set_policy(actor_of(request), typed)
            return RedirectResponse("/manage/settings?done=policy", 303)

        return _tried(work, lambda e: _settings(desk, e))


def _add_backup(router: APIRouter, settings: Settings) -> None:
    @router.post("/manage/backup")
    def backup(request: Request) -> Response:
        actor = actor_of(request)
        require(actor, Action.BACK_UP)
        now = local_now()
        folder = tempfile.TemporaryDirectory(prefix=".download-", dir=settings.data)
        target = Path(folder.name) / f"zhize-{now:%Y%m%d-%H%M%S}{ENDING}"
        try:
            make_backup(actor, settings.data, settings.records, target, now)
        except AssistantError as e:
            folder.cleanup()
            return _page(manage_page("/manage/settings", "", str(e)), 400)
        gone = BackgroundTask(folder.cleanup)
        return _unkept(FileResponse(target, filename=target.name, background=gone))


def _people(
    desk: AccountDesk, actor: Actor, asked: str = "", unit: str = "", trouble: str = "",
    done: str = "",
) -> str:  # fmt: skip
    body = people_html(desk.admin.people(actor), desk.units.list(actor), asked, unit)
    return manage_page("/manage", body, trouble, done)


def _names(desk: AccountDesk, actor: Actor) -> dict[str, str]:
    """What people and units are called now, by id."""
    people = {p.id: f"{p.name}（{p.account}）" for p in desk.admin.people(actor)}
    return people | {u.id: u.name for u in desk.units.list(actor)}


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise BadInputError("账号只能是员工、培训员、资料员或管理员") from None


def _day(text: str) -> datetime | None:
    """The beginning of a day by the clock of this machine; None if none is named."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
        return datetime(day.year, day.month, day.day).astimezone()
    except (ValueError, OverflowError):
        raise BadInputError(f"“{text[:20]}”不是日期；请写成 2026-01-31") from None


def _tried(work: Callable[[], Response], otherwise: Callable[[str], str]) -> Response:
    """What `work` answers, or the page with the sentence that says why not."""
    try:
        return work()
    except AssistantError as e:
        return _page(otherwise(str(e)), status_of(e))


def _page(made: str, status: int = 200) -> Response:
    return _unkept(HTMLResponse(made, status))


def _unkept(response: Response) -> Response:
    """Keep what is shown out of every cache: there are names and passwords in it."""
    response.headers["cache-control"] = "no-store"
    return response
