"""When and where a question asks about: 2020年的时候…, 在河南…, as a day and a province."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from kb.numerals import to_int
from kb.regions import find_regions

_EARLIEST = 1990
_Y4 = r"(?:19|20)\d{2}|[一二][九〇零○][〇零○一二三四五六七八九]{2}"
_DATE = re.compile(
    rf"(?P<year>{_Y4})\s*(?:年|[-./](?=\d))"
    r"(?:\s*(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*(?:月份?|[-./](?=\d))"
    r"(?:\s*(?P<day>[12]\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s*[日号]?)?)?"
)
_SHORT_YEAR = re.compile(
    r"(?<![\d第满够干])(?P<year>[012]\d)年(?:(?P<month>1[0-2]|0?[1-9])月份?"
    r"|(?=(?:的)?(?:时候|那会|那时|那阵|那年|当时|[春夏秋冬]天|[上下]半年|年?[初底])))"
)
_RELATIVE = re.compile(
    r"(?P<word>大前年|前年|去年)(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    r"|(?=的?(?:时候|那会|那时|当时|发生|出的|出了|出事|的规定|的法)))"
    r"|(?P<years>\d{1,2}|[一二两三四五六七八九十]{1,2})年(?:以|之)?前(?=的?(?:时候|那会|那时|当时|发生|出的|出了|出事|规定|的规定))"
)
_TAIL = re.compile(
    r"(?P<part>[春夏秋冬]天|[上下]半年|年?[初底])?"
    r"(?:的时候|时候|那会儿?|那时候?|那阵子?|那年|当时|期间|当年)?"
)
_BEFORE = re.compile(r"(?:以前|之前|前(?!款|条|三|两|往|来))")
_NOT_A_SETTING = re.compile(
    r"\s*(?:以后|之后|以来|起|至|到|—|-|~|～|后|度|修[订正改](?!的|后)|公布|发布|出台|颁布|施行|实施|通过|版?号|第?\d+号|工作|要点|计划|行动|开始"
    r"|新|有什么新|统计|死亡|全国死|、)"
)
_NOW = re.compile(
    r"现在|现行|目前|如今|今年|眼下|还有效|还算数|还管用|作废|还能用|到期|上个?月|上周|昨天|刚才|前几天"
    r"|废了|废没|废止|顶替|取代|代替|替代|换成|后来"
)
_EDITION = re.compile(r"(?:那?年?版|修[订正改](?:后)?的?|的)(?=[《一-鿿])")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a question says of time and place. `rest` is the question without these words.

    `year_only` is set where only a year is given: `day` is then its last day.
    """

    day: date | None = None
    year_only: bool = False
    region: str = ""
    rest: str = ""
    words: str = ""
    """The words that name the day, as typed."""


def read_setting(text: str, today: date) -> Setting:
    """Return the day before `today` and the province that `text` asks about, if any.

    No day is taken where the question speaks of now as well, of several years, of a period, or
    of something that happened to a document in that year.
    """
    day, span, year_only = _find_day(text, today)
    regions = find_regions(text)
    provinces = {r.name for r in regions}
    region = provinces.pop() if len(provinces) == 1 else ""
    rest = text if day is None else (text[: span[0]] + text[span[1] :]).lstrip("，,、 的")
    return Setting(day, year_only, region, rest or text, text[span[0] : span[1]] if day else "")


def without_region(text: str) -> str:
    """Return `text` without the places it names, for a search among national rules."""
    for r in reversed(find_regions(text)):
        before = text[: r.start]
        if before.endswith(("在", "我们", "咱们", "咱", "我")):
            before = re.sub(r"(?:我们|咱们|咱|我)?在?$", "", before)
        after = re.sub(r"^(?:这边|那边|这里|本地|当地|这儿|境内)", "", text[r.end :])
        text = before + after
    return text


_Found = tuple["date | None", tuple[int, int], bool]
_NOTHING: _Found = (None, (0, 0), False)


def _find_day(text: str, today: date) -> _Found:
    if _NOW.search(text):
        return _NOTHING
    marked = [m.span() for m in re.finditer(r"《[^》]*》|〔[^〕]*〕", text)]
    dates = [m for m in _DATE.finditer(text) if not any(a <= m.start() < b for a, b in marked)]
    if len(dates) == 1:
        return _absolute(text, dates[0], today)
    if dates:
        return _NOTHING
    if m := _SHORT_YEAR.search(text):
        return _dated(text, m, 2000 + int(m["year"]), m["month"], "", today)
    if m := _RELATIVE.search(text):
        if m["word"]:
            back = {"去年": 1, "前年": 2, "大前年": 3}[m["word"]]
            return _dated(text, m, today.year - back, m["month"], "", today)
        return _years_ago(text, m, to_int(m["years"]), today)
    return _NOTHING


def _absolute(text: str, m: re.Match[str], today: date) -> _Found:
    year = to_int(m["year"].replace("○", "〇"))
    return _dated(text, m, year, m["month"], m["day"] or "", today)


def _dated(
    text: str, m: re.Match[str], year: int, month_text: str | None, day_text: str, today: date
) -> _Found:
    """The day that a match means; a month or year alone stands for its last day."""
    if not _EARLIEST <= year <= today.year or _NOT_A_SETTING.match(text, m.end()):
        return _NOTHING
    first_month = to_int(month_text) if month_text else 1
    last_month = to_int(month_text) if month_text else 12
    last = monthrange(year, last_month)[1]
    number = to_int(day_text) if day_text else last
    if number > last:
        return _NOTHING
    if before := _BEFORE.match(text, m.end()):
        first = date(year, first_month, number if day_text else 1)
        return first - timedelta(days=1), (m.start(), before.end()), False
    tail = _TAIL.match(text, m.end())
    end = _end(text, m.end())
    part = (tail["part"] or "").lstrip("年") if tail else ""
    day = date(year, last_month, number)
    if not month_text and part in _PARTS:
        month, number = _PARTS[part]
        day = date(year, month, number)
    return (day, (m.start(), end), not month_text) if day < today else _NOTHING


_PARTS = {"春天": (4, 30), "夏天": (7, 31), "秋天": (10, 31), "上半年": (6, 30), "初": (1, 31)}


def _years_ago(text: str, m: re.Match[str], count: int, today: date) -> _Found:
    day = date(today.year - count, today.month, min(today.day, 28))
    return day, (m.start(), _end(text, m.end())), False


def _end(text: str, at: int) -> int:
    """Where the words that only set the time end."""
    for pattern in (_TAIL, _OF_TIME):
        m = pattern.match(text, at)
        if m and m.end() > at:
            return m.end()
    edition = _EDITION.match(text, at)
    return edition.end() if edition else at


_OF_TIME = re.compile(r"的(?:时候|那会儿?|那时候?)")
