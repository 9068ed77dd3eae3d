"""Rows → what their columns mean, from the header if there is one, else from what they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from statistics import mean

from assistant.quiz.bank.marks import (
    has_gap,
    has_number,
    kind_of,
    letters_of,
    names_key,
    option_lead,
    split_options,
    verdict_of,
)
from assistant.quiz.bank.model import Mapping, Role, Row, SheetMapping
from assistant.quiz.model import Kind

_HEADER_ROWS = 8
"""A header stands in the first rows, under a title at most."""
_SAMPLE = 200
_HEADERS = (
    (Role.EXPLANATION, re.compile(r"解析|说明|依据|备注|explanation", re.I)),
    (Role.ANSWER, re.compile(r"答案|正确选项|answer|key", re.I)),
    (Role.KIND, re.compile(r"题型|类型|类别$|^type$|^kind$", re.I)),
    (
        Role.OPTION,
        re.compile(
            r"^(?:选项|备选项|候选项?|答案)?\s*[A-HＡ-Ｈ1-8一二三四五六]$|^选项\s*[A-H]", re.I
        ),
    ),
    (Role.OPTIONS, re.compile(r"选项|备选|options", re.I)),
    (Role.STEM, re.compile(r"题干|题目|试题|问题|内容|^题$|question|stem", re.I)),
)
_NUMBERS = re.compile(r"^(?:序号|编号|题号|no\.?|id)$", re.I)


def detect(rows: Sequence[Row]) -> Mapping:
    """Return what the columns of each sheet seem to mean; sheets in file order, none left out."""
    return Mapping(
        tuple(
            _detect_sheet(sheet, tuple(group)) for sheet, group in groupby(rows, lambda r: r.sheet)
        )
    )


def header_role(text: str) -> Role | None:
    """Return the role that a column name says, None if the text is no column name."""
    bare = re.sub(r"[\s*（(].*$", "", text.strip())
    if not bare or len(bare) > 10:
        return None
    if _NUMBERS.match(bare):
        return Role.IGNORED
    single = re.match(r"^[A-HＡ-Ｈ]$", bare, re.I)
    if single or re.match(r"^(?:选项|答案|备选)[A-HＡ-Ｈ1-8一二三四五六]$", bare, re.I):
        return Role.OPTION
    return next((role for role, pattern in _HEADERS if pattern.search(bare)), None)


def _detect_sheet(sheet: str, rows: tuple[Row, ...]) -> SheetMapping:
    width = max((len(r.cells) for r in rows), default=0)
    kind = kind_of(sheet)
    for row in rows[:_HEADER_ROWS]:
        named = [header_role(c) for c in row.cells]
        if Role.STEM in named and len([n for n in named if n]) >= 2:
            body = [r for r in rows if r.number > row.number]
            roles = _complete(named + [None] * (width - len(named)), body)
            return SheetMapping(sheet, roles, row.number + 1, kind)
    roles = _complete([None] * width, rows)
    return SheetMapping(sheet, roles, rows[0].number if rows else 1, kind)


def _complete(named: Sequence[Role | None], rows: Sequence[Row]) -> tuple[Role, ...]:
    """Fill in the columns that no header names, by what they hold."""
    roles = list(named)
    columns = [
        [r.cells[n] for r in rows[:_SAMPLE] if n < len(r.cells) and r.cells[n]]
        for n in range(len(roles))
    ]
    for n, role in enumerate(roles):
        if role is None and not columns[n]:
            roles[n] = Role.IGNORED
    if Role.ANSWER not in roles:
        _claim(roles, columns, Role.ANSWER, _key_share, last=True)
    if Role.KIND not in roles:
        _claim(roles, columns, Role.KIND, _kind_share)
    if Role.OPTIONS not in roles and Role.OPTION not in roles:
        _claim(roles, columns, Role.OPTIONS, _options_share)
    if Role.OPTIONS not in roles:
        _claim_all(roles, columns)
    if Role.STEM not in roles:
        _claim_stem(roles, columns)
    if Role.OPTIONS not in roles and Role.OPTION not in roles:
        _claim_between(roles)
    return tuple(role or Role.IGNORED for role in roles)


def _claim(
    roles: list[Role | None],
    columns: list[list[str]],
    role: Role,
    share: Callable[[list[str]], float],
    last: bool = False,
) -> None:
    open_ones = [n for n, r in enumerate(roles) if r is None and share(columns[n]) >= 0.6]
    if open_ones:
        roles[max(open_ones) if last else min(open_ones)] = role


def _key_share(cells: list[str]) -> float:
    keys = [bool(letters_of(c) or verdict_of(c) or names_key(c)) for c in cells]
    return mean(keys) if keys else 0.0


def _kind_share(cells: list[str]) -> float:
    return mean(len(c) <= 8 and kind_of(c) is not None for c in cells) if cells else 0.0


def _options_share(cells: list[str]) -> float:
    return mean(_many(c) for c in cells) if cells else 0.0


def _many(cell: str) -> bool:
    return option_lead(cell.lstrip("*")) == "A" and len(split_options(cell)[0]) >= 2


def _claim_all(roles: list[Role | None], columns: list[list[str]]) -> None:
    """Every column whose cells begin with one option letter."""
    for n, role in enumerate(roles):
        leads = [option_lead(c) for c in columns[n]]
        if role is None and leads and mean(bool(x) for x in leads) >= 0.6:
            roles[n] = Role.OPTION


def _claim_stem(roles: list[Role | None], columns: list[list[str]]) -> None:
    """The column with the longest cells that look like questions."""

    def weight(n: int) -> float:
        cells = columns[n]
        marked = mean(has_gap(c) or has_number(c) for c in cells)
        return mean(min(len(c), 80) for c in cells) * (1 + marked)

    open_ones = [n for n, r in enumerate(roles) if r is None and mean(map(len, columns[n])) >= 6]
    if open_ones:
        roles[max(open_ones, key=lambda n: (weight(n), -n))] = Role.STEM


def _claim_between(roles: list[Role | None]) -> None:
    """Options without letters: the open columns between stem and answer, if there are several."""
    if Role.STEM not in roles or Role.ANSWER not in roles:
        return
    a, b = sorted((roles.index(Role.STEM), roles.index(Role.ANSWER)))
    between = [n for n in range(a + 1, b) if roles[n] is None]
    if len(between) >= 2:
        for n in between:
            roles[n] = Role.OPTION


def sheet_kind(text: str) -> Kind | None:
    """Return the kind that a heading row (一、单项选择题) announces; None for any other row."""
    bare = re.sub(r"^[第]?[一二三四五六七八九十\d]+[、.．部分]*", "", text.strip())
    short = re.sub(r"[（(].*", "", bare)
    return kind_of(short) if len(short) <= 12 and not has_gap(short) else None
