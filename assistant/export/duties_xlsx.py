"""A complete duty list as an Excel workbook: one row a duty."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import xlsxwriter

from assistant.duties.model import Duty, DutyList
from assistant.duties.own import OwnAdditions
from assistant.export.target import check_target, save
from assistant.export.wording import (
    OWN_CAPTION,
    OWN_TITLE,
    count_line,
    full_name,
    list_title,
    modality,
    noted_place,
    plain,
    remarks,
    sanction_text,
    scope_line,
    validity,
)
from assistant.render import source_line

LIST_SHEET, OWN_SHEET, REMARKS_SHEET = "职责清单", "本单位补充", "说明"
COLUMNS = (
    ("序号", 6), ("要求", 6), ("领域", 11), ("职责（引文）", 52), ("限于", 14), ("触发条件", 18),
    ("期限和数量", 13), ("例外", 13), ("依据：文件", 24), ("依据：条款", 15), ("文本", 7),
    ("对本主体", 22), ("不履行的后果（罚则引文）", 70),
)  # fmt: skip
"""The names and widths (characters of Latin script) of the columns of the list."""
_HEADER = 3
"""The row of the column names, counted from 0; title, scope and counts stand above it."""
_A4 = 9
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_duties_xlsx(duties: DutyList, path: Path, own: OwnAdditions | None) -> None:
    """Write the list to `path` (.xlsx), whole or not at all; BadInputError says what hinders."""
    check_target(path, (".xlsx",))
    save(path, duties_xlsx(duties, own))


def duties_xlsx(made: DutyList, own: OwnAdditions | None) -> bytes:
    """Return the list as a workbook: the duties, what the unit added, remarks.

    Every text is a text, whatever it begins with, and no text of a rule is cut.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **_SAFE})
    book.set_properties({"title": list_title(made), "author": "知责"})
    _Sheets(book, made).write(own)
    book.close()
    return buffer.getvalue()


class _Sheets:
    """Writes the sheets of one workbook, which share their formats."""

    def __init__(self, book: Any, made: DutyList) -> None:
        self._book, self._made = book, made
        base = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True}
        self._cell = book.add_format({**base, "border": 1})
        self._middle = book.add_format({**base, "border": 1, "align": "center"})
        self._plain = book.add_format(base)
        self._line = book.add_format({**base, "text_wrap": False})
        self._title = book.add_format(
            {**base, "font_name": "黑体", "font_size": 16, "text_wrap": False}
        )
        self._head = book.add_format(
            {**base, "font_name": "黑体", "border": 1, "align": "center", "valign": "vcenter",
             "bg_color": "#D9E2EC"}
        )  # fmt: skip

    def write(self, own: OwnAdditions | None) -> None:
        self._list()
        if own:
            self._own(own)
        self._remarks()

    def _list(self) -> None:
        made, last = self._made, len(COLUMNS) - 1
        sheet = self._sheet(LIST_SHEET, [width for _, width in COLUMNS])
        for row, (text, look) in enumerate(
            ((list_title(made), self._title), (scope_line(made), self._line), (count_line(made), self._line))
        ):  # fmt: skip
            sheet.write_string(row, 0, plain(text), look)
        sheet.set_row(0, 26)
        self._names(sheet, _HEADER, [name for name, _ in COLUMNS])
        for n, duty in enumerate(made.lines, 1):
            sheet.write_number(_HEADER + n, 0, n, self._middle)
            for column, text in enumerate(_values(duty), 1):
                look = self._middle if column in (1, 2, 10) else self._cell
                sheet.write_string(_HEADER + n, column, plain(text), look)
        sheet.autofilter(_HEADER, 0, _HEADER + max(len(made.lines), 1), last)
        sheet.freeze_panes(_HEADER + 1, 4)
        sheet.repeat_rows(_HEADER)

    def _own(self, own: OwnAdditions) -> None:
        sheet = self._sheet(OWN_SHEET, [8, 80, 40, 14])
        sheet.write_string(0, 0, OWN_TITLE, self._title)
        sheet.write_string(1, 0, OWN_CAPTION, self._line)
        self._names(sheet, 2, ["序号", "本单位补充的职责", "本单位写明的依据", "填写日期"])
        rows = [(d.text, d.basis, d.at[:10]) for d in own.duties]
        for n, row in enumerate(rows, 1):
            self._row(sheet, 2 + n, n, row)
        sheet.freeze_panes(3, 0)
        if own.notes:
            head = 4 + len(rows)
            self._names(sheet, head, ["序号", "本单位的批注", "条款", "填写日期"])
            for n, note in enumerate(own.notes, 1):
                place = noted_place(self._made, note)
                self._row(sheet, head + n, n, (note.text, place, note.at[:10]))

    def _remarks(self) -> None:
        made = self._made
        sheet = self._sheet(REMARKS_SHEET, [130])
        texts = [
            *remarks(made),
            *(f"要点（政策条目）：{q.provision.text}〔{source_line(q)}〕" for q in made.outlines),
        ]
        for row, text in enumerate(texts):
            sheet.write_string(row, 0, plain(text), self._plain)

    def _sheet(self, name: str, widths: list[int]) -> Any:
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer(f"&L{validity(self._made)}&C— &P —&R{name}")
        return sheet

    def _names(self, sheet: Any, row: int, names: list[str]) -> None:
        for column, name in enumerate(names):
            sheet.write_string(row, column, name, self._head)

    def _row(self, sheet: Any, row: int, number: int, texts: tuple[str, ...]) -> None:
        sheet.write_number(row, 0, number, self._middle)
        for column, text in enumerate(texts, 1):
            sheet.write_string(row, column, plain(text), self._cell)


def _values(duty: Duty) -> tuple[str, ...]:
    """Return what stands in the columns after the number."""
    norm, document = duty.norm, duty.quote.document
    source = "规定直接写给"
    if duty.inherited_from:
        source = f"同样适用（写给“{duty.inherited_from.name}”）：{duty.why}"
    return (
        modality(duty),
        duty.fields[0],
        norm.text,
        duty.only,
        norm.trigger,
        duty.deadline,
        norm.exceptions,
        full_name(document).removesuffix("（要点）"),
        norm.provision.locator,
        document.text_kind.value,
        source,
        "\n".join(sanction_text(s) for s in duty.sanctions),
    )
