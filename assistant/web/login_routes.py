"""Log-in, registration, one's own password and log-out over HTTP."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.errors import LockedOutError, LoginError, NotAllowedError
from assistant.accounts.lifetime import LONGEST
from assistant.accounts.model import ACCOUNT_ROLES, Role
from assistant.accounts.rights import Action, require
from assistant.accounts.service import NO_REGISTRATION
from assistant.errors import AssistantError, BadInputError
from assistant.web.access import safe_next
from assistant.web.account_desk import AccountDesk
from assistant.web.login_page import (
    Registering,
    login_page,
    message_page,
    password_page,
    register_page,
)
from assistant.web.practice_person import profile_of
from assistant.web.who import SESSION_COOKIE, actor_of

_Typed = Annotated[str, Form(max_length=2000)]
_TWICE = "两次输入的密码不一样；请再输一次"


def make_login_routes(desk: AccountDesk) -> APIRouter:
    """Return the routes /login, /register, /password, /take-over and /logout."""
    router = APIRouter()
    _add_login(router, desk)
    _add_register(router, desk)
    _add_own(router, desk)
    return router


def _add_login(router: APIRouter, desk: AccountDesk) -> None:
    def shown(where: str, account: str = "", trouble: str = "", *, on: bool) -> str:
        new = on and desk.accounts.policy().registration
        return login_page(where, account, trouble, on=on, new=new)

    @router.get("/login", response_class=HTMLResponse)
    def page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in addresses
        actor, where = actor_of(request), safe_next(next)
        if actor.role in ACCOUNT_ROLES:
            return RedirectResponse(where, 303)
        return _page(shown(where, on=actor.role is Role.VISITOR))

    @router.post("/login")
    def log_in(
        request: Request,
        account: _Typed = "",
        password: _Typed = "",
        next: _Typed = "/",  # noqa: A002
    ) -> Response:
        actor, where = actor_of(request), safe_next(next)
        require(actor, Action.LOG_IN)
        try:
            token, person = desk.accounts.log_in(account, password, actor.address)
        except AssistantError as e:
            on = actor.role is Role.VISITOR
            return _page(shown(where, account[:200], str(e), on=on), status_of(e))
        leads = f"/password?next={quote(where, safe='')}" if person.must_change else where
        return with_session(request, RedirectResponse(leads, 303), token)

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        desk.accounts.log_out(request.cookies.get(SESSION_COOKIE, ""))
        left = RedirectResponse("/login" if desk.accounts.are_on() else "/", 303)
        left.delete_cookie(SESSION_COOKIE, path="/")
        return left


def _add_register(router: APIRouter, desk: AccountDesk) -> None:
    @router.get("/register", response_class=HTMLResponse)
    def page(request: Request) -> Response:
        if actor_of(request).role is not Role.VISITOR:
            return RedirectResponse("/", 303)
        if not desk.accounts.policy().registration:
            return _page(message_page(NO_REGISTRATION), 403)
        return _page(register_page(Registering()))

    @router.post("/register")
    def register(
        request: Request,
        code: _Typed = "",
        account: _Typed = "",
        name: _Typed = "",
        post: _Typed = "",
        phone: _Typed = "",
        password: _Typed = "",
        again: _Typed = "",
    ) -> Response:
        actor, typed = actor_of(request), Registering(code, account, name, post, phone)
        try:
            if password != again:
                raise BadInputError(_TWICE)
            desk.accounts.register(
                actor, typed.code, typed.account, typed.name, password, typed.post, typed.phone
            )
            token, _ = desk.accounts.log_in(typed.account, password, actor.address)
        except AssistantError as e:
            return _page(register_page(typed, str(e)), status_of(e))
        return with_session(request, RedirectResponse("/practice", 303), token)


def _add_own(router: APIRouter, desk: AccountDesk) -> None:
    def shown(request: Request, where: str, trouble: str = "", done: str = "") -> str:
        must, guest = actor_of(request).must_change, bool(profile_of(request.cookies))
        return password_page(where, trouble, done, must=must, guest=guest)

    @router.get("/password", response_class=HTMLResponse)
    def page(request: Request, next: str = "/", done: str = "") -> Response:  # noqa: A002
        require(actor_of(request), Action.CHANGE_PASSWORD)
        told = "新密码已保存；别处的登录都已退出" if done else ""
        return _page(shown(request, safe_next(next), done=told))

    @router.post("/password")
    def change(
        request: Request,
        old: _Typed = "",
        new: _Typed = "",
        again: _Typed = "",
        next: _Typed = "/",  # noqa: A002
    ) -> Response:
        actor, where = actor_of(request), safe_next(next)
        try:
            if new != again:
                raise BadInputError(_TWICE)
            token = desk.accounts.change_password(actor, old, new)
        except AssistantError as e:
            return _page(shown(request, where, str(e)), status_of(e))
        leads = where if actor.must_change else "/password?done=1"
        return with_session(request, RedirectResponse(leads, 303), token)

    @router.post("/take-over")
    def take_over(request: Request) -> Response:
        try:
            profile = profile_of(request.cookies)
            if not profile:
                raise BadInputError("这台设备上没有没登录时的练习")
            moved = desk.accounts.take_over(actor_of(request), profile)
        except AssistantError as e:
            return _page(shown(request, "/", str(e)), status_of(e))
        return _page(shown(request, "/", done=f"已并入 {moved} 次答题"))


def with_session(request: Request, response: Response, token: str) -> Response:
    """Return the response with the session given to the browser; no script can read it."""
    response.set_cookie(
        SESSION_COOKIE, token, max_age=int(LONGEST.total_seconds()), path="/", httponly=True,
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def _page(made: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(made, status, {"cache-control": "no-store"})


def status_of(error: AssistantError) -> int:
    """Return the HTTP status of a refusal."""
    if isinstance(error, LockedOutError):
        return 429
    if isinstance(error, LoginError):
        return 401
    return 403 if isinstance(error, NotAllowedError) else 400
