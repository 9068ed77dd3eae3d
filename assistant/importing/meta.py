"""Facts that the keeper states: a TOML file on the command line, fields on the page."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from assistant.errors import BadInputError
from kb.imports import Facts
from kb.model import Level

TEXTS = ("title", "short", "doc_number", "issuer", "level", "region")
LISTS = ("topics", "aliases")
DAYS = ("issued_on", "effective_on", "repealed_on")
_NAMES = {
    "title": "标题", "short": "简称", "doc_number": "文号", "issuer": "发布机关", "level": "层级",
    "region": "适用地区", "topics": "主题", "aliases": "别称", "issued_on": "公布日期",
    "effective_on": "施行日期", "repealed_on": "废止日期",
}  # fmt: skip
_LEVELS = {level.name.lower(): level for level in Level} | {level.value: level for level in Level}
_SETTLED = {"title": "没有读到标题", "effective_on": "施行日期", "repealed_on": "有效期"}
"""What a warning speaks of that is settled once the keeper has stated the fact."""


def read_meta(path: Path) -> dict[str, Any]:
    """Return the facts in a TOML file; BadInputError names the key that is not right."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as e:
        raise BadInputError(f"{path} 读不出来（{e}）；应是 UTF-8 的 TOML 文件") from e
    except tomllib.TOMLDecodeError as e:
        raise BadInputError(
            f'{path} 不是合法的 TOML（{e}）；每行如 title = "某县安全生产办法"'
        ) from e
    return checked(data, str(path))


def checked(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the facts with levels and days as such; BadInputError names what is not right."""
    out: dict[str, Any] = {}
    for key, value in data.items():
        if key not in _NAMES:
            raise BadInputError(f"{where} 里不认识 {key}；可以写的是 {'、'.join(_NAMES)}")
        name = f"{where} 里的 {key}（{_NAMES[key]}）"
        if key in LISTS:
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise BadInputError(f'{name}应是一串文字，如 ["消防", "应急"]')
            out[key] = tuple(dict.fromkeys(v.strip() for v in value if v.strip()))
        elif key in DAYS:
            out[key] = _day(value, name)
        elif not isinstance(value, str):
            raise BadInputError(f"{name}应是文字，写在引号里")
        elif key == "level":
            out[key] = _level(value, name)
        else:
            out[key] = " ".join(value.split()).strip("《》")
    if out.get("title") == "":
        raise BadInputError(f"{where} 里的标题是空的；请写上文件全称")
    return out


def apply(facts: Facts, stated: Mapping[str, Any]) -> Facts:
    """Return the facts with what the keeper stated in place of what was read."""
    values = dict(stated)
    if "title" in values and "short" not in values:
        values["short"] = values["title"].removeprefix("中华人民共和国")
    return replace(facts, **values)


def unsettled(messages: tuple[str, ...], stated: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the messages without those that the stated facts have answered."""
    settled = [words for key, words in _SETTLED.items() if key in stated]
    return tuple(m for m in messages if not any(words in m for words in settled))


def _day(value: object, name: str) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadInputError(f"{name}不是日期：{value}；请写成 2021-09-01") from None


def _level(value: str, name: str) -> Level:
    try:
        return _LEVELS[value.strip()]
    except KeyError:
        names = "、".join(level.value for level in Level)
        raise BadInputError(f"{name}不认识：{value}；应是 {names} 之一") from None
