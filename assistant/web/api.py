"""The HTTP interface: the same JSON as the command line prints."""

from __future__ import annotations

import re
import time
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.accounts.errors import LockedOutError, LoginError, NotAllowedError
from assistant.errors import AssistantError, BadInputError, BusyError
from assistant.render import answer_json, hit_json
from assistant.services import Live
from assistant.web.ask_desk import AskDesk, ClientGoneError, unless_gone
from assistant.web.asked_day import parse_day
from assistant.web.context_html import context_at
from indexer.errors import IndexingError
from kb.errors import KbError

_FORMS = {
    "q": "一句话的问题，如 ?q=三管三必须",
    "k": "1 到 100 的整数",
    "doc": "文件的编号，如 ?doc=work-safety-law",
    "at": "条款项，如 at=第九条第二款",
    "n": "整数",
}


_CLIENT_GONE = 499
"""What proxies write into their logs for a visitor who left; nobody receives it."""


def make_router(live: Live, asking: AskDesk) -> APIRouter:
    """Return the routes /api/ask, /api/search, /api/context and /healthz over these services."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, Any]:
        documents = len(live.current.catalog)
        return {"status": "ok", "documents": documents, "asking": asking.figures()}

    @router.get("/api/ask")
    async def ask(request: Request, q: str, as_of: str = "", region: str = "") -> dict[str, Any]:
        started = time.perf_counter()
        made = await unless_gone(request, asking.ask(q, parse_day(as_of), region))
        return answer_json(made.answer, (time.perf_counter() - started) * 1000)

    @router.get("/api/search")
    async def search(
        request: Request,
        q: str,
        k: int = 10,
        scope: str = "safety",
        as_of: str = "",
        region: str = "",
    ) -> dict[str, Any]:
        started = time.perf_counter()
        found = await unless_gone(request, asking.find(q, k, scope, parse_day(as_of), region))
        ms = (time.perf_counter() - started) * 1000
        return {"query": q, "hits": [hit_json(h) for h in found.hits], "ms": round(ms, 1)}

    @router.get("/api/context", response_class=HTMLResponse)
    def context(doc: str, at: str, v: str = "", mark: str = "", n: int = 0, name: str = "") -> str:
        start, end = _span(mark)
        return context_at(live.current.catalog, doc, v, at, start, end, name, n)

    return router


def _span(mark: str) -> tuple[int, int]:
    """Read 12-80; (0, 0), which marks nothing, for anything else."""
    found = re.fullmatch(r"(\d{1,6})-(\d{1,6})", mark, re.ASCII)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def add_error_handlers(app: FastAPI) -> None:
    """Make bad input answer 400 with {"error": one sentence} instead of a stack of fields.

    Where too many wait it is 503, with the seconds after which to try again as Retry-After.
    """

    def bad_input(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=400)

    def busy(_: Request, error: Exception) -> JSONResponse:
        seconds = error.seconds if isinstance(error, BusyError) else 1
        headers = {"retry-after": str(seconds)}
        return JSONResponse({"error": str(error)}, status_code=503, headers=headers)

    def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=_CLIENT_GONE)

    def bad_form(_: Request, error: Exception) -> JSONResponse:
        fields = error.errors() if isinstance(error, RequestValidationError) else []
        name = str(fields[0]["loc"][-1]) if fields else ""
        form = _FORMS.get(name, "文档所写的形式")
        return JSONResponse({"error": f"参数 {name} 不对或没有给出；应是{form}"}, status_code=400)

    def refused(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_code=403)

    def unknown(_: Request, error: Exception) -> JSONResponse:
        status = 429 if isinstance(error, LockedOutError) else 401
        return JSONResponse({"error": str(error)}, status_code=status)

    for kind in (BadInputError, AssistantError, KbError, IndexingError):
        app.add_exception_handler(kind, bad_input)
    app.add_exception_handler(BusyError, busy)
    app.add_exception_handler(ClientGoneError, gone)
    app.add_exception_handler(NotAllowedError, refused)
    app.add_exception_handler(LoginError, unknown)
    app.add_exception_handler(RequestValidationError, bad_form)
