"""Answering before the pages are there: loading Gradio takes longer than all the rest.

From the first second the HTTP interface answers questions, behind the same gate as later; whoever
opens a page meanwhile is told that it is being opened, and the page comes by itself.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.services import Live
from assistant.web.api import add_error_handlers, make_router

if TYPE_CHECKING:
    from assistant.web.account_desk import AccountDesk
    from assistant.web.lanes import Lanes

_AGAIN = 1
"""Seconds after which a page that is being opened is asked for again."""
_OPENING = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{_AGAIN}"><title>正在打开 · 知责</title>
<style>body{{margin:0;min-height:90vh;display:grid;place-items:center;color:#1f2a37;
background:#fafaf7;font:20px/1.7 "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}}
</style></head><body><p role="status">知责正在打开，几秒钟就好……</p></body></html>
"""


def make_early_app(live: Live, lanes: Lanes, accounts: AccountDesk | None) -> ASGIApp:
    """Return the application of the first seconds: the HTTP interface, and a page that waits."""
    app = FastAPI(title="知责", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(make_router(live, lanes.asking))
    add_error_handlers(app)

    @app.api_route("/{path:path}", methods=["GET", "HEAD"])
    def opening(_: Request) -> HTMLResponse:
        return HTMLResponse(_OPENING, 503, {"retry-after": str(_AGAIN)})

    if accounts is None:
        return app
    from assistant.web.gate import Gate

    return Gate(app, accounts.accounts, accounts.switch, functions={})


class Opening:
    """ASGI application that is the early one until `become` puts the whole one in its place.

    A request is answered to its end by the application that it reached.
    """

    def __init__(self, early: ASGIApp) -> None:
        self._app = early
        self._kept = AsyncExitStack()

    async def become(self, app: FastAPI) -> None:
        """Start the whole application and answer with it from now on."""
        await self._kept.enter_async_context(app.router.lifespan_context(app))
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._kept.aclose()
        await send({"type": "lifespan.shutdown.complete"})
