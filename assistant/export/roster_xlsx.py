"""Rosters as Excel workbooks: one to fill in, and one with the passwords to begin with."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from assistant.accounts.service import OneTime
from assistant.export.wording import plain

COLUMNS = (("姓名", 14), ("工号", 18), ("单位", 26), ("岗位", 20), ("手机号", 16))
PASSWORD = ("初始密码", 18)
_TOLD = "初始密码只在这份表里，没有别处可查；第一次登录要改成自己的密码。发完请删掉这份表。"
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def roster_template() -> bytes:
    """Return an empty roster to fill in."""
    return _workbook("人员名单", [], COLUMNS, "")


def passwords_xlsx(made: Sequence[OneTime], units: Mapping[str, str]) -> bytes:
    """Return a workbook with an account and its first password a row; `units`: names by id."""
    rows = [
        (o.person.name, o.person.account, units.get(o.person.unit or "", ""), o.person.post,
         o.person.phone, o.password)
        for o in made
    ]  # fmt: skip
    return _workbook("初始密码", rows, (*COLUMNS, PASSWORD), _TOLD)


def _workbook(
    name: str, rows: Sequence[Sequence[str]], columns: Sequence[tuple[str, int]], note: str
) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **_SAFE})
    book.set_properties({"title": name, "author": "知责"})
    base: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "num_format": "@"}
    cell = book.add_format({**base, "border": 1})
    head = book.add_format({**base, "border": 1, "font_name": "黑体", "bg_color": "#D9E2EC"})
    sheet = book.add_worksheet(name)
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width, book.add_format(base))
        sheet.write_string(0, column, title, head)
    for n, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(n, column, plain(text), cell)
    if note:
        sheet.write_string(len(rows) + 2, 0, note, book.add_format(base))
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
