"""Papers and reports over HTTP: files to download, the form in which a question is edited."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from assistant.errors import BadInputError
from assistant.export.quiz_files import quiz_files
from assistant.quiz.paper import Paper, versions
from assistant.services import Live
from assistant.web.bank_area import BankDesk
from assistant.web.quiz_desk import QuizDesk
from assistant.web.quiz_form_html import edit_html
from assistant.web.quiz_html import FORMS
from assistant.web.slow_lane import SlowLane
from kb.catalog import Catalog

_ENDINGS = {
    "paper": ".docx", "key": ".docx", "xlsx": ".xlsx", "gift": ".gift", "xml": ".xml",
    "apkg": ".apkg", "csv": ".csv", "json": ".json",
}  # fmt: skip
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {
    ".docx": _WORD, ".xlsx": EXCEL, ".gift": "text/plain; charset=utf-8", ".xml": "text/xml",
    ".apkg": "application/octet-stream", ".csv": "text/csv; charset=utf-8",
    ".json": "application/json", ".zip": "application/zip",
}  # fmt: skip
_NO_NAME = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')


def make_quiz_routes(
    live: Live,
    quiz: QuizDesk,
    banks: BankDesk | None,
    may: Callable[[Request], bool],
    now: Callable[[], datetime],
    slow: SlowLane,
) -> APIRouter:
    """Return the routes /api/quiz/file, /api/quiz/edit and /api/quiz/report.

    The first two are open to whoever knows the id of a draft, the report to those who `may`. Files
    are made in the slow lane.
    """
    router = APIRouter()

    @router.get("/api/quiz/file")
    async def file(draft: str, form: str = "paper", versions: int = 1) -> Response:
        def work() -> tuple[str, bytes]:
            paper = quiz.drafts.get(draft).paper
            return paper_file(paper, form, versions, live.current.catalog, now())

        return attachment(*await slow.run(work))

    @router.get("/api/quiz/edit", response_class=HTMLResponse)
    def edit(draft: str, n: int) -> str:
        return edit_html(n, quiz.drafts.get(draft).paper.slot(n).question)

    @router.get("/api/quiz/report")
    async def report(bank: str, request: Request) -> Response:
        if banks is None or not may(request):
            raise BadInputError("只能在装有本程序的电脑上下载体检报告")
        return attachment(*await slow.run(lambda: bank_report(banks, bank)))

    return router


def bank_report(banks: BankDesk, bank_id: str) -> tuple[str, bytes]:
    """Return name and content of the report on a bank; BadInputError if it is not examined."""
    from assistant.export.bank_xlsx import bank_xlsx

    bank = banks.store.get(bank_id)
    result = banks.result(bank)
    if result is None:
        raise BadInputError("这份题库还没有体检；请先点“开始体检”")
    data = bank_xlsx(result.verdicts, bank.imported, bank.file, result.day)
    return f"{file_name(Path(bank.file).stem)}-体检报告.xlsx", data


def attachment(name: str, data: bytes) -> Response:
    """Return a file to be saved under that name."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=_TYPES[Path(name).suffix], headers=headers)


def paper_file(
    paper: Paper, form: str, count: int, catalog: Catalog, now: datetime
) -> tuple[str, bytes]:
    """Return name and content of a download; several files come as one .zip.

    BadInputError if there is no such form, or not so many versions.
    """
    if form not in FORMS:
        raise BadInputError(f"没有“{form[:20]}”这种文件；可以是 {'、'.join(FORMS)}")
    papers = versions(paper, count)
    name = file_name(paper.title)
    if form == "all":
        wanted = list(dict.fromkeys(_ENDINGS.values()))
        return f"{name}.zip", _zip(_files(name, wanted, papers, catalog, now))
    made = list(_files(name, [_ENDINGS[form]], papers, catalog, now).items())
    if form == "key":
        made = made[-1:]
    elif form == "paper":
        made = made[:-1]
    if len(made) > 1:
        return f"{name}.zip", _zip(dict(made))
    return made[0]


def file_name(title: str) -> str:
    """Return a title as a file can be called everywhere."""
    return _NO_NAME.sub(" ", title).strip(" .") or "试卷"


def _files(
    name: str, endings: Sequence[str], papers: Sequence[Paper], catalog: Catalog, now: datetime
) -> dict[str, bytes]:
    paths = [Path(f"{name}{e}") for e in endings]
    return {p.name: data for p, data in quiz_files(paths, papers, catalog, now).items()}


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
