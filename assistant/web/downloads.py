"""Duty lists over HTTP: as JSON, and as files to download."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from assistant.duties.model import DutyList
from assistant.duties.own import OwnAdditions, OwnStore
from assistant.duties.render import bearers_json, duties_json
from assistant.errors import BadInputError
from assistant.export.cards import cards
from assistant.export.duties_docx import duties_docx
from assistant.export.duties_print import one_page
from assistant.export.duties_xlsx import duties_xlsx
from assistant.services import Live, Settings
from assistant.web.asked_day import parse_day
from assistant.web.slow_lane import SlowLane

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_Write = Callable[[DutyList, OwnAdditions | None], bytes]
_FILES: dict[str, tuple[str, str, str, _Write]] = {
    "docx": ("安全生产职责清单", "docx", _WORD, duties_docx),
    "xlsx": ("安全生产职责清单", "xlsx", _EXCEL, duties_xlsx),
    "one-page": ("一岗一单", "docx", _WORD, one_page),
    "card": ("一人一卡", "docx", _WORD, cards),
}


def make_downloads(live: Live, settings: Settings | None, slow: SlowLane) -> APIRouter:
    """Return the routes /api/duties, /api/bearers and /api/duties/file.

    Files are made in the slow lane. With `settings` the files hold what the unit added for the bearer, too.
    """
    router = APIRouter()
    store = OwnStore(settings.own_root) if settings else None

    def made(bearer: str, field: str, as_of: str, region: str) -> DutyList:
        return live.current.duties.list_for(bearer, field, parse_day(as_of), region)

    @router.get("/api/duties")
    def duties(bearer: str, field: str = "", as_of: str = "", region: str = "") -> dict[str, Any]:
        started = time.perf_counter()
        found = made(bearer, field, as_of, region)
        return duties_json(found, (time.perf_counter() - started) * 1000)

    @router.get("/api/bearers")
    def bearers() -> dict[str, Any]:
        return bearers_json(live.current.duties)

    @router.get("/api/duties/file")
    async def file(
        bearer: str, form: str = "docx", field: str = "", as_of: str = "", region: str = ""
    ) -> Response:
        if form not in _FILES:
            raise BadInputError(f"没有“{form[:20]}”这种文件；可以是 {'、'.join(_FILES)}")
        kind, ending, mime, write = _FILES[form]

        def work() -> tuple[DutyList, bytes]:
            found = made(bearer, field, as_of, region)
            return found, write(found, store.of(found.bearer.id) if store else None)

        found, data = await slow.run(work)
        name = f"{found.bearer.name}{found.field}{kind}.{ending}"
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(data, media_type=mime, headers=headers)

    return router
