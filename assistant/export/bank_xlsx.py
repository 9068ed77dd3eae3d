"""The examination of a question bank as an Excel workbook: one row a question, the gravest first."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from assistant.export.wording import full_name, plain
from assistant.quiz.bank.model import Imported
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.check.render import count_line, place, told_lines

REPORT_SHEET, NOT_READ_SHEET = "体检结果", "没有读入的行"
COLUMNS = (
    ("行", 12), ("题型", 10), ("结论", 14), ("题干", 46), ("选项", 30), ("原答案", 20), ("说明", 44),
    ("建议", 24), ("依据：文件", 26), ("依据：条款", 16), ("条文", 60),
)  # fmt: skip
_HEADER = 2
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLORS = {State.CONTRADICTED: "#F8D7DA", State.OUTDATED: "#FFF3CD"}
_STATES = tuple(State)


def bank_xlsx(verdicts: Sequence[Verdict], imported: Imported, name: str, day: date) -> bytes:
    """Return the report on the bank of that file name as a workbook; every text is a text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **_SAFE})
    book.set_properties({"title": f"题库体检：{name}", "author": "知责"})
    formats = _formats(book)
    _report(book, formats, verdicts, name, day)
    _not_read(book, formats, imported)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True}
    made = {
        s.value: book.add_format({**base, "border": 1, "bg_color": c}) for s, c in _COLORS.items()
    }
    return {
        **made,
        "cell": book.add_format({**base, "border": 1}),
        "line": book.add_format({**base, "text_wrap": False}),
        "title": book.add_format({**base, "font_name": "黑体", "font_size": 16, "text_wrap": False}),
        "head": book.add_format({
            **base, "font_name": "黑体", "border": 1, "align": "center", "bg_color": "#D9E2EC",
        }),
    }  # fmt: skip


def _report(
    book: Any, formats: dict[str, Any], verdicts: Sequence[Verdict], name: str, day: date
) -> None:
    sheet = book.add_worksheet(REPORT_SHEET)
    sheet.write_string(0, 0, plain(f"题库体检：{name}"), formats["title"])
    line = f"按 {day.isoformat()} 有效的规定。{count_line(verdicts)}"
    sheet.write_string(1, 0, line, formats["line"])
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADER, column, title, formats["head"])
    ordered = sorted(enumerate(verdicts), key=lambda x: (_STATES.index(x[1].state), x[0]))
    for row, (_, verdict) in enumerate(ordered, _HEADER + 1):
        for column, text in enumerate(_values(verdict)):
            look = formats.get(verdict.state.value) if column == 2 else None
            sheet.write_string(row, column, plain(text), look or formats["cell"])
    sheet.autofilter(_HEADER, 0, _HEADER + max(len(verdicts), 1), len(COLUMNS) - 1)
    sheet.freeze_panes(_HEADER + 1, 3)
    sheet.set_landscape()
    sheet.repeat_rows(_HEADER)


def _values(verdict: Verdict) -> tuple[str, ...]:
    q, link = verdict.question, verdict.link
    options = "\n".join(f"{chr(65 + n)}. {o}" for n, o in enumerate(q.options))
    law = (full_name(link.document), link.provision.id.locator) if link else ("", "")
    text = "\n".join(t for t in (link.lead, link.quote) if t) if link else ""
    return (
        place(q), q.kind.label, verdict.state.label, q.stem, options, "；".join(q.answer),
        verdict.reason, verdict.suggestion, *law, text,
    )  # fmt: skip


def _not_read(book: Any, formats: dict[str, Any], imported: Imported) -> None:
    sheet = book.add_worksheet(NOT_READ_SHEET)
    sheet.set_column(0, 0, 100)
    lines = told_lines(imported) or ["全部读入，没有重复，也没有互相矛盾的题"]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, plain(line), formats["cell"])
