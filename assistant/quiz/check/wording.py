"""Sentences → tokens that can be compared: figures, modal words and single characters.

30日, 三十日 and ３０天 are one token; 应当 and 必须 are one; signs are none. What differs after
that is a difference in what is said.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from kb.numerals import to_int


class Sort(str, Enum):
    """What a token is."""

    FIGURE = "figure"
    MODAL = "modal"
    NEGATION = "negation"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. Two are equal if `key` is; `start` and `end` are offsets in the text given."""

    key: str
    sort: Sort
    start: int
    end: int
    unit: str = ""

    @property
    def weight(self) -> int:
        """How many characters it stands for, at most 6."""
        return min(self.end - self.start, 6)


MUST, MUST_NOT, MAY = "@must", "@must_not", "@may"
_MODALS = {
    "应当": MUST, "应该": MUST, "必须": MUST, "务必": MUST, "须": MUST, "应": MUST,
    "不得": MUST_NOT, "禁止": MUST_NOT, "严禁": MUST_NOT, "不准": MUST_NOT, "不许": MUST_NOT,
    "不应": MUST_NOT, "不能": MUST_NOT,
    "可以": MAY, "有权": MAY, "可": MAY,
}  # fmt: skip
_MODAL = (
    r"应当|应该|必须|务必|不得|禁止|严禁|不准|不许|不应|不能|可以|有权"
    r"|(?<![相供适反对响效感])应(?![急力用变答聘付])|(?<![必])须(?!知)|(?<![许认])可(?![能靠行燃以])"
)
_NEGATIONS = "不未无非没否"
_NUM = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
_AMOUNT = rf"{_NUM}\s*(?:万|亿)?"
_UNIT = (
    r"元|人|名|个月|月|日|天|年|周岁|岁|个?小时|分钟|秒|倍|次|米|公里|千米|平方米|吨|公斤|千克|克|伏|%|级|层|台"
    r"|周|个工作日"
)
_FIGURE = (
    rf"每(?:隔)?(?P<every>半年|半个?月|个?季度|个?月|年|周|日|天|{_NUM}\s*(?:年|个月|月|日|天|周|个?小时))"
    rf"|(?P<half>半年|半个月)"
    rf"|百分之(?P<share_low>{_NUM})(?:以上|至)百分之(?P<share_high>{_NUM})(?:以下)?"
    rf"|百分之(?P<share>{_NUM})"
    rf"|(?P<low>{_AMOUNT})\s*(?:{_UNIT})?\s*(?:以上|至|到|-|~|—)\s*(?P<high>{_AMOUNT})\s*(?P<unit>{_UNIT})"
    r"(?:以下|以内|之内)?"
    rf"|(?P<one>{_AMOUNT})\s*(?P<one_unit>{_UNIT})"
)
_TIMES = {
    "半年": "6月", "半月": "0.5月", "半个月": "0.5月", "季度": "3月", "个季度": "3月", "月": "1月",
    "个月": "1月", "年": "12月", "周": "1周", "日": "1日", "天": "1日",
}  # fmt: skip
"""How long the stretches of time are that stand without a number."""
_UNITS = {
    "天": "日",
    "个月": "月",
    "个小时": "小时",
    "周岁": "岁",
    "名": "人",
    "千米": "公里",
    "千克": "公斤",
}
_TOKEN = re.compile(
    rf"(?<![第上\d])(?:{_FIGURE})|(?P<modal>{_MODAL})|(?P<character>[一-鿿a-z0-9<>≤≥%.])"
)


def plain(text: str) -> str:
    """Return the text in one width; offsets may differ from those of `text`."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=8_000)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text that `plain` has made."""
    return tuple(_token(m) for m in _TOKEN.finditer(text))


def _token(m: re.Match[str]) -> Token:
    if c := m["character"]:
        sort = Sort.NEGATION if c in _NEGATIONS else Sort.CHARACTER
        return Token(c, sort, m.start(), m.end())
    if modal := m["modal"]:
        return Token(_MODALS[modal], Sort.MODAL, m.start(), m.end())
    try:
        if m["every"]:
            return Token(f"#每{_stretch(m['every'])}", Sort.FIGURE, m.start(), m.end(), "每")
        if m["half"]:
            return Token(f"#{_TIMES[m['half']]}", Sort.FIGURE, m.start(), m.end(), "月")
        if m["share_low"]:
            return _made(m, f"{_value(m['share_low'])}~{_value(m['share_high'])}", "%")
        if m["share"]:
            return _made(m, _value(m["share"]), "%")
        if m["one"]:
            return _made(m, _value(m["one"]), m["one_unit"])
        return _made(m, f"{_value(m['low'])}~{_value(m['high'])}", m["unit"])
    except ValueError:  # 百十元 and the like are no numerals
        return Token(m[0], Sort.CHARACTER, m.start(), m.end())


def _made(m: re.Match[str], value: str, unit: str) -> Token:
    unit = _UNITS.get(unit, unit)
    return Token(f"#{value}{unit}", Sort.FIGURE, m.start(), m.end(), unit)


def _stretch(text: str) -> str:
    """Return a stretch of time as one would count it: 两年 → 24月, 半年 → 6月."""
    if text in _TIMES:
        return _TIMES[text]
    m = re.match(rf"({_NUM})\s*(.+)", text)
    assert m is not None  # noqa: S101
    unit = _UNITS.get(m[2], m[2])
    if unit == "年":
        return f"{12 * float(_value(m[1])):g}月"
    return f"{_value(m[1])}{unit}"


def _value(text: str) -> str:
    """Return an amount as a plain number: 二十万 → 200000."""
    text = text.replace(" ", "")
    scale = {"万": 10_000, "亿": 100_000_000}.get(text[-1], 1)
    digits = text[:-1] if scale > 1 else text
    number = float(digits) if digits[0].isascii() else float(to_int(digits))
    return f"{number * scale:g}" if number * scale < 1e6 else str(int(number * scale))


Pair = tuple[str, str]
_LIGHT = re.compile(
    rf"(?<![第上\d])(?:{_FIGURE})|(?P<modal>{_MODAL})|(?P<sign>[^一-鿿a-z0-9<>≤≥%.]+)"
)
_LIGHT_MODALS = {MUST: "M", MUST_NOT: "N", MAY: "P"}


def pairs(text: str) -> frozenset[Pair]:
    """Return the neighbouring pairs of a text of `plain`: figures alike, modal words by class."""
    bare = _LIGHT.sub(_lighten, text)
    return frozenset(pairwise(bare))


def _lighten(m: re.Match[str]) -> str:
    if m["sign"]:
        return ""
    return _LIGHT_MODALS[_MODALS[m["modal"]]] if m["modal"] else "#"
