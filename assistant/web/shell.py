"""What surrounds Gradio's page: Chinese document language, our style, script, header, footer.

Gradio fills in `head` only after its own script has run; the shell is in the page from the
first byte, so nothing flickers and the language is right for screen readers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/web"
PAGES = {
    "/": "问答",
    "/duties": "职责清单",
    "/quiz": "出题组卷",
    "/practice": "练习",
    "/training": "培训",
    "/library": "法规库",
}
OWN_PAGES = ("/practice", "/training")
"""The pages that are not Gradio's and are made by `own_page`."""
OF_PAGE = {"/quiz": ("quiz.css", "quiz.js")}
"""Style and script that one page has besides those of all."""
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
        f'<meta charset="utf-8"><title>{PAGES[path]} · 知责</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{_head()}{links}{code}</head><body>{_header(path, target)}{_NOSCRIPT}{main}{_FOOTER}</body></html>"
    )


def _header(path: str, target: str = "z-out") -> str:
    links = "".join(
        f'<a href="{where}"{" aria-current=" + chr(34) + "page" + chr(34) if where == path else ""}>'
        f"{name}</a>"
        for where, name in PAGES.items()
    )
    return (
        f'<a class="z-skip" href="#{target}">跳到正文</a><header class="z-header"><div>'
        '<a class="z-brand" href="/">知责<small>安全生产责任法规助手</small></a>'
        f'<nav aria-label="主导航">{links}</nav></div></header>'
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

    def dress(self, page: str, path: str, name: str) -> str:
        """Return Gradio's page with the shell around it; styles tell pages apart by `name`."""
        page = _SOCIAL.sub("", page)
        root = f'<html lang="zh-CN" data-page="{name}"'
        page = re.sub(r'<html\s+lang="en"', root, page, count=1)
        page = page.replace("<head>", f"<head><title>{PAGES[path]} · 知责</title>", 1).replace(
            "</head>", f"{self._head}{self._own.get(path, '')}</head>", 1
        )
        page = page.replace("<gradio-app", f"{_header(path)}{_NOSCRIPT}<gradio-app", 1)
        return page.replace("</gradio-app>", f"</gradio-app>{_FOOTER}", 1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").rstrip("/") or "/"
        ours = path not in PAGES or path in OWN_PAGES
        if scope["type"] != "http" or ours or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        reading = path == "/library" and b"doc=" in scope.get("query_string", b"")
        name = "reading" if reading else path.strip("/") or "ask"
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await send_page(bytes(body))
            else:
                await send(message)

        async def send_page(content: bytes) -> None:
            headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            kind = next((v for k, v in headers if k.lower() == b"content-type"), b"")
            if start["status"] == 200 and kind.startswith(b"text/html"):
                content = self.dress(content.decode("utf-8"), path, name).encode("utf-8")
                headers.append((b"cache-control", b"no-cache"))
            headers.append((b"content-length", str(len(content)).encode("ascii")))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": content})

        await self._app(scope, receive, collect)
