"""A roster of people in Excel, read: whom it names, and every row that cannot be taken."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from assistant.accounts.entry import (
    account_problem,
    clean,
    name_problem,
    phone_problem,
    post_problem,
    unit_problem,
)
from assistant.errors import BadInputError

MOST_ROWS, MOST_BYTES = 2_000, 5_000_000
COLUMNS = {
    "name": ("姓名", "名字", "员工姓名"),
    "account": ("工号", "账号", "帐号", "工号/账号", "工号或账号", "登录名", "用户名", "员工编号"),
    "unit": ("单位", "班组", "单位/班组", "单位或班组", "部门", "所在单位", "所属单位", "车间"),
    "post": ("岗位", "职务", "工种", "岗位/工种", "岗位(工种)"),
    "phone": ("手机号", "手机", "电话", "联系电话", "手机号码", "联系方式"),
}
"""The names a column may have, by what is in it."""
REQUIRED = ("name", "account", "unit", "post")
_LOOK_IN = 10
"""In how many rows the names of the columns are looked for."""
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError,
    AttributeError, ParseError, EOFError, IndexError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody in a roster; `n` is the number of the row as Excel shows it."""

    n: int
    name: str
    account: str
    unit: str
    post: str
    phone: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken."""

    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says; nothing of it is taken while there are problems."""

    rows: tuple[RosterRow, ...]
    problems: tuple[RowProblem, ...]


def read_roster(data: bytes) -> Roster:
    """Return whom an Excel file (.xlsx) names on its first sheet.

    BadInputError if it is none, has no row with the names of the columns, or is too long.
    """
    if len(data) > MOST_BYTES:
        raise BadInputError(f"名单太大；最多 {MOST_BYTES // 1_000_000} MB，请分几次导入")
    cells = _cells(data)
    head, columns = _columns(cells)
    rows, problems = [], []
    for n, row in enumerate(cells[head + 1 :], head + 2):
        if not any(row):
            continue
        read = _row(n, row, columns)
        found = list(_problems(read))
        problems += [RowProblem(n, reason) for reason in found]
        if not found:
            rows.append(read)
    if len(rows) > MOST_ROWS:
        raise BadInputError(f"名单有 {len(rows)} 人；一次最多 {MOST_ROWS} 人，请分几次导入")
    return Roster(tuple(rows), (*problems, *_repeats(rows)))


def _cells(data: bytes) -> list[list[str]]:
    """The cells of the first sheet as texts."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1000, max_col=40)
            return [[_text(v) for v in row] for row in rows]
        finally:
            book.close()
    except _BROKEN as e:
        raise BadInputError("这不是能读的 Excel 文件；请另存为 .xlsx 再导入") from e


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(str(value))


def _columns(cells: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Where the names of the columns stand, and which column is which."""
    best: dict[str, int] = {}
    for n, row in enumerate(cells[:_LOOK_IN]):
        found = _named(row)
        if all(r in found for r in REQUIRED):
            return n, found
        best = max(best, found, key=len)
    missing = "、".join(COLUMNS[r][0] for r in REQUIRED if r not in best)
    raise BadInputError(
        f"名单里没有这些列：{missing}；表头要有 姓名、工号、单位、岗位（手机号可不填）"
    )


def _named(row: Sequence[str]) -> dict[str, int]:
    names = [re.sub(r"[\s*＊:：]", "", t).replace("（", "(").replace("）", ")") for t in row]
    return {
        what: next(n for n, t in enumerate(names) if t in titles)
        for what, titles in COLUMNS.items()
        if any(t in titles for t in names)
    }


def _row(n: int, row: Sequence[str], columns: dict[str, int]) -> RosterRow:
    def cell(what: str) -> str:
        at = columns.get(what, len(row))
        return row[at] if at < len(row) else ""

    return RosterRow(n, *(cell(w) for w in ("name", "account", "unit", "post", "phone")))


def _problems(row: RosterRow) -> Iterator[str]:
    found = (
        name_problem(row.name), account_problem(row.account), unit_problem(row.unit),
        post_problem(row.post), phone_problem(row.phone),
    )  # fmt: skip
    yield from (f for f in found if f)


def _repeats(rows: Sequence[RosterRow]) -> Iterator[RowProblem]:
    first: dict[str, int] = {}
    for row in rows:
        key = row.account.casefold()
        if key in first:
            yield RowProblem(row.n, f"账号“{row.account}”与第 {first[key]} 行重复")
        first.setdefault(key, row.n)
