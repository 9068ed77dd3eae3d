"""The gate in front of everything: who is this, and may he do what the request stands for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from urllib.parse import quote, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts.errors import LoginError, NotAllowedError
from assistant.accounts.model import GUEST_PREFIX, Actor, Role
from assistant.accounts.rights import Action, may, require
from assistant.accounts.service import Accounts
from assistant.errors import AssistantError
from assistant.web.access import DOORS, UNKNOWN, Functions, Rule, event_action, rule_of
from assistant.web.login_page import message_page
from assistant.web.practice_person import profile_of
from assistant.web.who import SESSION_COOKIE, address_of, remember

_FRESH = 1.0
"""Seconds for which it is remembered whether accounts are on; another process may switch them."""
_MOST = 8 * 2**20
"""How long the body of an event can be, in bytes."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_HERE = "这个请求不是从本站的页面发来的，没有执行；请回到本站再试"
_IN = "你已经登录；要换账号请先退出"
_OFF = "现在没有启用账号，不登录就能用"
_NEEDED = "这一页要用账号：请管理员在这台机器上运行 zhize accounts on，再用管理员账号登录"


class Switch:
    """Whether accounts are on, asked of the records at most once a second."""

    def __init__(self, accounts: Accounts, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts, self._clock = accounts, clock
        self._seen: tuple[float, bool] | None = None

    async def on(self) -> bool:
        """Return whether people must log in."""
        seen, now = self._seen, self._clock()
        if seen is None or now - seen[0] >= _FRESH:
            seen = (now, await anyio.to_thread.run_sync(self._accounts.are_on))
            self._seen = seen
        return seen[1]

    def forget(self) -> None:
        """Ask again at once: it was just switched."""
        self._seen = None


class Gate:
    """ASGI middleware that lets through what `assistant.accounts.rights` allows.

    While accounts are off everybody passes as a guest, but not into what needs an account.
    `functions` tells what the events of the Gradio pages call.
    """

    def __init__(
        self, app: ASGIApp, accounts: Accounts, switch: Switch, functions: Functions
    ) -> None:
        self._app, self._accounts, self._switch = app, accounts, switch
        self._functions = functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            on = await self._switch.on()
            actor = await self._who(scope, on=on)
        except AssistantError as e:  # the records are away: nobody can be told from anybody
            await _no(503, str(e))(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._socket(scope, receive, send, on=on)
            return
        headers = Headers(scope=scope)
        remember(scope, actor)
        rule = rule_of(scope["method"], scope["path"])
        closed = on or actor.role is not Role.GUEST
        if (closed or scope["path"].startswith(DOORS)) and not _same_origin(scope, headers):
            await _no(403, _HERE)(scope, receive, send)
            return
        if closed and rule is not None and rule.event:
            body = await _body(receive)
            if body is None:
                await _no(413, "内容太长；请分几次")(scope, receive, send)
                return
            needed: tuple[Action, ...] = (event_action(body, self._functions),)
            receive = _again(body, receive)
        elif rule is None or rule.event:
            needed = (UNKNOWN,) if closed else ()
        else:
            needed = rule.actions
        refusal = _refusal(scope, actor, needed, rule)
        await (refusal or self._app)(scope, receive, send)

    async def _who(self, scope: Scope, *, on: bool) -> Actor:
        cookies, address = HTTPConnection(scope).cookies, address_of(scope)
        token = cookies.get(SESSION_COOKIE, "")
        if token:
            found = await anyio.to_thread.run_sync(self._accounts.who, token, address)
            if found is not None:
                return found
        profile = profile_of(cookies)
        person = f"{GUEST_PREFIX}{profile}" if profile else ""
        return Actor(person, Role.VISITOR if on else Role.GUEST, address)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, *, on: bool) -> None:
        """No page of ours uses web sockets; while accounts are on there are none."""
        if on:
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)


def _refusal(
    scope: Scope, actor: Actor, needed: Sequence[Action], rule: Rule | None
) -> Response | None:
    """What to answer instead if none of the actions is allowed; None if the request may pass."""
    if not needed or any(_allowed(actor, a) for a in needed):
        return None
    page = rule is not None and rule.page
    door = needed[0] in (Action.LOG_IN, Action.REGISTER)
    if page and not door and (actor.must_change or actor.role is Role.VISITOR):
        leads = "/password" if actor.must_change else "/login"
        return RedirectResponse(f"{leads}?next={quote(_address(scope), safe='')}", 303)
    try:
        require(actor, needed[0])
    except LoginError as e:
        return _no(401, str(e))
    except NotAllowedError as e:
        guest = actor.role is Role.GUEST
        said = (_OFF if guest else _IN) if door else _NEEDED if guest else str(e)
        return HTMLResponse(message_page(said), 403) if page else _no(403, said)
    return None


def _address(scope: Scope) -> str:
    """Where to go on to after the log-in."""
    if scope["method"] not in ("GET", "HEAD"):
        return "/"
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _allowed(actor: Actor, action: Action) -> bool:
    change_only = actor.must_change and action is not Action.CHANGE_PASSWORD
    return may(actor.role, action) and not change_only


def _no(status: int, said: str) -> Response:
    return JSONResponse({"error": said}, status, {"cache-control": "no-store"})


def _same_origin(scope: Scope, headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of ours, or from no page.

    Browsers say so in one of two headers; a program that has the cookie needs no page.
    """
    if scope["method"] in _SAFE:
        return True
    site = headers.get("sec-fetch-site")
    if site:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return bool(origin) and urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:
        return False


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body.extend(message.get("body", b""))
        if len(body) > _MOST:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """A receive that tells a body that was read before, then what comes after it."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
