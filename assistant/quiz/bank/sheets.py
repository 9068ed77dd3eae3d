"""Tables → rows: .xlsx with merged cells filled in, .csv, and the tables of .docx."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable
from typing import Any

from assistant.errors import BadInputError
from assistant.quiz.bank.model import Row

MAX_ROWS = 20_000
_MAX_COLUMNS = 40
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files and encrypted new ones begin."""


def check_office(data: bytes, ending: str) -> None:
    """BadInputError if the bytes are no unencrypted .xlsx or .docx file."""
    if data.startswith(_OLE):
        raise BadInputError(f"文件有打开密码，或是旧格式；请去掉密码，另存为 {ending} 后再导入")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise BadInputError(f"文件已损坏，或不是 {ending} 文件；请用 Office 打开后另存一份再导入")


def read_xlsx(data: bytes) -> tuple[Row, ...]:
    """Return the rows of all sheets; BadInputError if the file is damaged or encrypted.

    A cell merged over several rows stands in each of them; one merged over columns stands once.
    """
    import openpyxl

    check_office(data, ".xlsx")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            return tuple(row for sheet in book.worksheets for row in _sheet_rows(sheet))
    except BadInputError:
        raise
    except Exception as e:  # the library raises whatever a damaged file makes it stumble over
        raise BadInputError("文件已损坏，打不开；请用 Excel 打开后另存为 .xlsx 再导入") from e


def _sheet_rows(sheet: Any) -> Iterable[Row]:
    merged = {}
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        for number in range(area.min_row + 1, min(area.max_row, area.min_row + 500) + 1):
            merged[number, area.min_col] = value
    height = max((r for (r, _), c in sheet._cells.items() if c.value is not None), default=0)
    if height > MAX_ROWS:  # rows that are only formatted do not count, as max_row would
        raise BadInputError(f"工作表“{sheet.title}”超过 {MAX_ROWS} 行；请拆成几个文件再导入")
    last = min(sheet.max_column, _MAX_COLUMNS)
    rows = sheet.iter_rows(max_row=height, max_col=last, values_only=True) if height else ()
    for number, values in enumerate(rows, 1):
        cells = [merged.get((number, n), v) if v is None else v for n, v in enumerate(values, 1)]
        if any(v is not None for v in values):
            yield from row_of(sheet.title, number, cells)


def read_csv(text: str, sheet: str = "") -> tuple[Row, ...]:
    """Return the rows of a comma- or tab-separated text."""
    first = text.split("\n", 1)[0]
    mark = "\t" if first.count("\t") >= first.count(",") and "\t" in first else ","
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as e:
        raise BadInputError("这个 CSV 文件读不出来；请用 Excel 另存为 .xlsx 再导入") from e
    return tuple(r for n, cells in enumerate(lines, 1) for r in row_of(sheet, n, cells))


def row_of(sheet: str, number: int, cells: Iterable[object]) -> tuple[Row, ...]:
    """Return the row with its texts stripped, or nothing if all are empty."""
    texts = [cell_text(c) for c in cells]
    while texts and not texts[-1]:
        texts.pop()
    return (Row(sheet, number, tuple(texts)),) if texts else ()


def cell_text(value: object) -> str:
    """Return a cell as people read it: 2.0 → 2, True → 正确."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "正确" if value else "错误"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip(" \t\r\n　\xa0")
