"""Figures in a text (三十日, 二万元以上十万元以下, 百分之三十, 每半年), and others like them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer.norms.text import blanked
from kb.numerals import to_int

_NUM = r"(?:\d+(?:\.\d+)?[万亿千百]?|[一二两三四五六七八九十百千万亿]+)"
_UNIT = (
    r"(?:个工作日|工作日|个小时|小时|分钟|个月|日(?!常|期|历)|天|周岁|周年|年(?!度|龄|检|审|报|末|初|内每)|学时|课时|元|倍|"
    r"人(?!员|民|身|为|工|行|大|群|次)|名|户|公里|千米|海里|平方米|立方米|米|吨|千克|公斤|千伏|兆帕|公顷)"
)
_SHARE = r"百分之[一二三四五六七八九十百]+|\d+(?:\.\d+)?%"
_ONE = rf"(?:{_SHARE}|{_NUM}{_UNIT})"
_RANGE = rf"(?P<low>{_SHARE}|{_NUM}{_UNIT}?)(?P<and>以上|至)(?P<high>{_ONE})(?P<end>以下|以内)?"
_PERIOD = r"每(?:半年|季度|[二两三四五六]年|年|个?月|[一二两三]周|周|日|班)(?![度龄])"
_FIGURE = re.compile(rf"(?P<period>{_PERIOD})|(?P<range>{_RANGE})|(?P<one>{_ONE})")
_BAD_BEFORE = re.compile(
    r"(?:第|[〇零一二三四五六七八九十\d]年|月|上|之|同|当|次|周|星期|任何|[一二三四五六七八九十百千万亿\d.]|唯|统|每|另|某|单|单位)$"
)
_YEAR = re.compile(r"^(?:\d{4}年|[一二]\d*九)")
_TOO_PLAIN = re.compile(r"^一(?:日|天|名|人|户|米|周年)$")
_NO_FREQUENCY = re.compile("工作|投入|支付|领取|发放|加收|缴纳|各|增加|按|人|不")
"""What follows 每日 or 每月 where it only spreads something over days or months."""
_PERIODS = {
    "每日": 1.0, "每班": 0.5, "每周": 7.0, "每月": 30.0, "每个月": 30.0, "每季度": 91.0,
    "每半年": 182.0, "每年": 365.0, "每二年": 730.0, "每两年": 730.0, "每三年": 1095.0,
    "每四年": 1461.0, "每五年": 1826.0,
}  # fmt: skip
_SAME_UNIT = {"个小时": "小时", "天": "日", "公斤": "千克", "个工作日": "工作日", "名": "人"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its span in the text. `values` are one number, or two of a range.

    `shape` tells how it is formed: unit, kind of numeral and, for a range, its words; figures of
    one shape can stand in one another's place.
    """

    start: int
    end: int
    text: str
    values: tuple[float, ...]
    unit: str
    shape: str


@lru_cache(maxsize=16384)
def find_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures in reading order, bracketed asides and quotations left out."""
    return tuple(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    bare = blanked(text)
    for m in _FIGURE.finditer(bare):
        found = m[0]
        if m["period"]:
            if found in _PERIODS and not _NO_FREQUENCY.match(bare, m.end()):
                yield Figure(m.start(), m.end(), found, (_PERIODS[found],), "每", "每")
            continue
        if _BAD_BEFORE.search(bare[: m.start()]) or _YEAR.match(found) or _TOO_PLAIN.match(found):
            continue
        made = _range(m) if m["range"] else _single(m)
        if made is not None:
            yield made


def _single(m: re.Match[str]) -> Figure | None:
    value, unit = _read(m[0])
    if value is None:
        return None
    return Figure(
        m.start(), m.end(), m[0], (value,), unit, f"{_written(m[0]) or unit}|{_script(m[0])}"
    )


def _range(m: re.Match[str]) -> Figure | None:
    high, unit = _read(m["high"])
    low, own = _read(m["low"])
    if low is None:
        low, own = _value(m["low"]), unit
    if low is None or high is None or own != unit or low >= high:
        return None
    written = "" if re.search(_UNIT + "$", m["low"]) or "%" in m["low"] else "-"
    shape = f"{_written(m['high']) or unit}|{_script(m[0])}|{m['and']}{written}{m['end'] or ''}"
    return Figure(m.start(), m.end(), m[0], (low, high), unit, shape)


def _read(text: str) -> tuple[float | None, str]:
    if text.startswith("百分之"):
        return _value(text[3:]), "百分之"
    if text.endswith("%"):
        return float(text[:-1]), "%"
    unit = re.search(_UNIT + "$", text)
    if unit is None:
        return None, ""
    return _value(text[: unit.start()]), _SAME_UNIT.get(unit[0], unit[0])


def _value(text: str) -> float | None:
    """Return the value of 二十万, 5000, 1.5亿; None if it is not a numeral."""
    for sign, factor in (("亿", 1e8), ("万", 1e4)):
        if sign in text:
            front, _, rest = text.partition(sign)
            head, tail = _value(front or "一"), _value(rest) if rest else 0.0
            return None if head is None or tail is None else head * factor + tail
    try:
        return float(text) if text[0].isdigit() else float(to_int(text))
    except (ValueError, IndexError):
        return None


def _written(text: str) -> str:
    """Return the unit as it stands (天, not 日); "" for a share."""
    unit = re.search(_UNIT + "$", text)
    return unit[0] if unit else ""


def _script(text: str) -> str:
    return "1" if re.search(r"\d", text) else "一"


class FigurePool:
    """The figures of a library by shape, most frequent first; where wrong options come from."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        counts: dict[str, Counter[tuple[tuple[float, ...], str]]] = defaultdict(Counter)
        for f in figures:
            counts[f.shape][(f.values, f.text)] += 1
        self._by_shape = {shape: _distinct(c) for shape, c in counts.items()}

    def like(self, figure: Figure, least: int = 1) -> list[tuple[tuple[float, ...], str]]:
        """Return other values of the same shape and a similar magnitude, nearest first.

        `least` is how often a figure must occur in the library.
        """
        near = [
            (distance(values, figure.values), values, text)
            for (values, text), count in self._by_shape.get(figure.shape, ())
            if values != figure.values and count >= least
        ]
        return [(values, text) for far, values, text in sorted(near) if far <= _FAR]


_FAR = math.log(6.5)


def distance(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return how far apart two figures are, as the mean logarithm of their ratios."""
    return sum(abs(math.log(max(x, 0.01) / max(y, 0.01))) for x, y in zip(a, b, strict=True)) / len(
        a
    )


def _distinct(
    counts: Counter[tuple[tuple[float, ...], str]],
) -> tuple[tuple[tuple[tuple[float, ...], str], int], ...]:
    """Keep the most frequent writing of each value (二年 or 两年); the count is that of all."""
    best: dict[tuple[float, ...], tuple[str, int, int]] = {}
    for (values, text), n in sorted(counts.items(), key=lambda x: (-x[1], x[0])):
        old = best.get(values)
        best[values] = (text, n, n) if old is None else (old[0], old[1], old[2] + n)
    rows = sorted(best.items(), key=lambda x: (-x[1][2], x[0]))
    return tuple(((values, text), total) for values, (text, _, total) in rows)
