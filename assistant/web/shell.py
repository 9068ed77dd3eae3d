"""What surrounds Gradio's page: Chinese document language, our style, script, header, footer.

Gradio fills in `head` only after its own script has run; the shell is in the page from the
first byte, so nothing flickers and the language is right for screen readers.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts.model import ACCOUNT_ROLES, Actor, Role
from assistant.web.access import may_open
from assistant.web.who import known

STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/web"
PAGES = {
    "/": "问答",
    "/duties": "职责清单",
    "/quiz": "出题组卷",
    "/practice": "练习",
    "/training": "培训",
    "/library": "法规库",
    "/manage": "管理",
}
"""The pages that the header leads to, where one may open them."""
TITLES = {
    **PAGES,
    "/login": "登录",
    "/register": "注册",
    "/password": "我的账号",
    "/join": "集体答题",
}
OWN_PAGES = ("/practice", "/training", "/manage")
"""The pages that are not Gradio's and are made by `own_page`."""
OF_PAGE = {"/quiz": ("quiz.css", "quiz.js")}
"""Style and script that one page has besides those of all."""
_BARE = ("/api/", "/gradio_api/", "/web/", "/static/", "/assets/")
"""Where no page of ours is."""
_BAR = re.compile(r'<header class="z-header">.*?</header>', re.DOTALL)
_CURRENT = ' aria-current="page"'
_SOCIAL = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')
_NOSCRIPT = "<noscript><p>本页需要浏览器开启 JavaScript 才能使用。</p></noscript>"
_FOOTER = (
    '<footer class="z-footer"><p>回答只引用法规库里的条文和要点，不作改写。'
    "标“要点”的不是原文，正式引用请核对文件原文。</p></footer>"
)


def _asset(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={digest}"


def _head() -> str:
    return (
        f'<link rel="stylesheet" href="{_asset("zhize.css")}">'
        f'<link rel="icon" type="image/svg+xml" href="{_asset("icon.svg")}">'
    )


def own_page(
    path: str, main: str, target: str, styles: Sequence[str], scripts: Sequence[str]
) -> str:
    """Return a whole page of ours with header and footer.

    `main` is its HTML, already escaped; `target` the id in it that the skip link leads to.
    """
    links = "".join(f'<link rel="stylesheet" href="{_asset(css)}">' for css in styles)
    code = "".join(f'<script src="{_asset(js)}" defer></script>' for js in scripts)
    return (
        f'<!doctype html><html lang="zh-CN" data-page="{path.strip("/")}"><head>'
        f'<meta charset="utf-8"><title>{TITLES[path]} · 知责</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{_head()}{links}{code}</head><body>{_header(path, target)}{_NOSCRIPT}{main}{_FOOTER}</body></html>"
    )


def _header(path: str, target: str = "z-out") -> str:
    return f'<a class="z-skip" href="#{target}">跳到正文</a>{bar(path)}'


def bar(path: str, actor: Actor | None = None) -> str:
    """Return the header: what this person can open, who he is, and the way out."""
    role = actor.role if actor else Role.GUEST
    links = "".join(
        f'<a href="{where}"{_CURRENT if _leads(where, path) else ""}>{name}</a>'
        for where, name in PAGES.items()
        if may_open(role, where)
    )
    out = "" if actor is None or role not in ACCOUNT_ROLES else _out(actor)
    return (
        '<header class="z-header"><div>'
        '<a class="z-brand" href="/">知责<small>安全生产责任法规助手</small></a>'
        f'<nav aria-label="主导航">{links}</nav>{out}</div></header>'
    )


def _leads(where: str, path: str) -> bool:
    return path == where or (where != "/" and path.startswith(f"{where}/"))


def _out(actor: Actor) -> str:
    name = html.escape(actor.name or "我的账号")
    return (
        f'<form class="z-who" method="post" action="/logout"'
        f' data-person="{html.escape(actor.person)}"><a href="/password">{name}</a>'
        '<button type="submit">退出</button></form>'
    )


class Shell:
    """ASGI middleware that puts the shell around the HTML of the pages in PAGES."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._head = f'{_head()}<script src="{_asset("zhize.js")}" defer></script>'
        self._own = {
            path: f'<link rel="stylesheet" href="{_asset(css)}">'
            f'<script src="{_asset(js)}" defer></script>'
            for path, (css, js) in OF_PAGE.items()
        }

    def dress(self, page: str, path: str, name: str, actor: Actor | None = None) -> str:
        """Return Gradio's page with the shell around it; styles tell pages apart by `name`."""
        page = _SOCIAL.sub("", page)
        root = f'<html lang="zh-CN" data-page="{name}"'
        page = re.sub(r'<html\s+lang="en"', root, page, count=1)
        page = page.replace("<head>", f"<head><title>{PAGES[path]} · 知责</title>", 1).replace(
            "</head>", f"{self._head}{self._own.get(path, '')}</head>", 1
        )
        skip = _header(path).partition("<header")[0]
        page = page.replace("<gradio-app", f"{skip}{bar(path, actor)}{_NOSCRIPT}<gradio-app", 1)
        return page.replace("</gradio-app>", f"</gradio-app>{_FOOTER}", 1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").rstrip("/") or "/"
        actor = known(scope)
        gradio = path in PAGES and path not in OWN_PAGES and scope.get("method") == "GET"
        named = actor is not None and actor.role is not Role.GUEST
        if scope["type"] != "http" or not (gradio or (named and not path.startswith(_BARE))):
            await self._app(scope, receive, send)
            return
        reading = path == "/library" and b"doc=" in scope.get("query_string", b"")
        name = "reading" if reading else path.strip("/") or "ask"

        def change(page: str) -> str:
            if gradio:
                return self.dress(page, path, name, actor)
            return _BAR.sub(lambda _: bar(path, actor), page, count=1)

        await self._app(scope, receive, _Changed(send, change, 200 if gradio else None))


class _Changed:
    """Sends a response on, an HTML page changed; `status` is the only one that is, if given."""

    def __init__(self, send: Send, change: Callable[[str], str], status: int | None) -> None:
        self._send, self._change, self._status = send, change, status
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._concerns(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_page(self._start)
        else:
            await self._send(message)

    def _concerns(self, start: Message) -> bool:
        kind = next((v for k, v in start["headers"] if k.lower() == b"content-type"), b"")
        return self._status in (None, start["status"]) and kind.startswith(b"text/html")

    async def _send_page(self, start: Message) -> None:
        drop = (b"content-length", b"cache-control")
        headers = [(k, v) for k, v in start["headers"] if k.lower() not in drop]
        kept = next((v for k, v in start["headers"] if k.lower() == b"cache-control"), b"no-cache")
        content = self._change(self._body.decode("utf-8")).encode("utf-8")
        headers.append((b"cache-control", kept))
        headers.append((b"content-length", str(len(content)).encode("ascii")))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": content})
