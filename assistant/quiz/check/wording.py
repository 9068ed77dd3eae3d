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
_MODAL = re.compile(
    r"应当|应该|必须|务必|不得|禁止|严禁|不准|不许|不应|不能|可以|有权"
    r"|(?<![相供适反对响效感])应(?![急力用变答聘付])|(?<![必])须(?!知)|(?<![许认])可(?![能靠行燃以])"
)
_NEGATIONS = "不未无非没否"
_NUM = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
_AMOUNT = rf"{_NUM}\s*(?:万|亿)?"
_UNIT = r"元|人|名|个月|月|日|天|年|周岁|岁|个?小时|分钟|秒|倍|次|米|公里|千米|平方米|吨|公斤|千克|克|伏|%|级|层|台|周|个工作日"
_FIGURE = re.compile(
    rf"(?:(?P<low>{_AMOUNT})\s*(?P<lowunit>{_UNIT})?\s*(?:以上|至|到|-|~|—)\s*(?P<high>{_AMOUNT})\s*(?P<unit>{_UNIT})(?:以下|以内|之内)?)"
    rf"|百分之(?P<share>{_NUM})"
    rf"|(?P<one>{_AMOUNT})\s*(?P<oneunit>{_UNIT})"
)
_UNITS = {
    "天": "日",
    "个月": "月",
    "个小时": "小时",
    "周岁": "岁",
    "名": "人",
    "千米": "公里",
    "千克": "公斤",
}
_WORDS = re.compile(r"[一-鿿a-z0-9<>≤≥%.]")
_HIGH_PERCENT = re.compile(rf"百分之({_NUM})(以上|至)百分之({_NUM})(?:以下)?")


def plain(text: str) -> str:
    """Return the text in one width; offsets may differ from those of `text`."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=60_000)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text that `plain` has made."""
    out: list[Token] = []
    at = 0
    while at < len(text):
        token = _figure(text, at) or _modal(text, at)
        if token is not None:
            out.append(token)
            at = token.end
            continue
        c = text[at]
        if _WORDS.match(c):
            sort = Sort.NEGATION if c in _NEGATIONS else Sort.CHARACTER
            out.append(Token(c, sort, at, at + 1))
        at += 1
    return tuple(out)


def _modal(text: str, at: int) -> Token | None:
    m = _MODAL.match(text, at)
    return Token(_MODALS[m[0]], Sort.MODAL, at, m.end()) if m else None


def _figure(text: str, at: int) -> Token | None:
    if not (text[at].isdigit() or text[at] in "零〇一二两三四五六七八九十百千"):
        return None
    if at and (text[at - 1] in "第上" or text[at - 1].isdigit()):
        return None
    if m := _HIGH_PERCENT.match(text, at):
        return _made(m, f"{_value(m[1])}~{_value(m[3])}", "%")
    m = _FIGURE.match(text, at)
    if m is None:
        return None
    try:
        if m["share"]:
            return _made(m, _value(m["share"]), "%")
        if m["one"]:
            return _made(m, _value(m["one"]), m["oneunit"])
        return _made(m, f"{_value(m['low'])}~{_value(m['high'])}", m["unit"])
    except ValueError:
        return None


def _made(m: re.Match[str], value: str, unit: str) -> Token:
    unit = _UNITS.get(unit, unit)
    return Token(f"#{value}{unit}", Sort.FIGURE, m.start(), m.end(), unit)


def _value(text: str) -> str:
    """Return an amount as a plain number: 二十万 → 200000."""
    text = text.replace(" ", "")
    scale = {"万": 10_000, "亿": 100_000_000}.get(text[-1], 1)
    digits = text[:-1] if scale > 1 else text
    number = float(digits) if digits[0].isascii() else float(to_int(digits))
    return f"{number * scale:g}" if number * scale < 1e6 else str(int(number * scale))


def bigrams(items: tuple[Token, ...]) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbouring tokens."""
    keys = [t.key for t in items]
    return frozenset(zip(keys, keys[1:], strict=False))
