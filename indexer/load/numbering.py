"""Word's automatic numbering, computed: the labels that the page shows and the text lacks.

Word stores 第一条 of a numbered paragraph nowhere: numbering.xml holds patterns (第%1条) and
formats (chineseCounting), and the numbers follow from the order of the paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.numerals import to_chinese

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN_FORMATS = frozenset(
    (
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand", "koreanCounting", "japaneseLegal",
    )
)  # fmt: skip
_DIGIT_FORMATS = frozenset(
    ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital")
)
_CYCLES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_CIRCLED = frozenset(
    ("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle")
)
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_UNIT = re.compile(r"[条编章节]$")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts and what it prints, `%1` being the first level's number."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    """0: never starts again; n: only after level n (from 1); None: after any higher level."""


@dataclass(slots=True)
class _List:
    """The counters of one abstract list; several numIds of Word may share it."""

    levels: dict[int, Level]
    counters: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Labels for the paragraphs of one document, asked for in reading order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._nums: dict[str, tuple[str, dict[int, int]]] = {}
        self._seen: set[str] = set()
        self._style_num: dict[str, tuple[str, int | None]] = {}
        self._by_style: dict[tuple[str, str], int] = {}
        self._overrides: dict[str, dict[int, Level]] = {}
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, paragraph: Any) -> str:
        """Return the label Word prints before this paragraph, with a space where it has one.

        Advances the counters: call it once for every paragraph, in order.
        """
        num, level = self._of(paragraph)
        if num not in self._nums:
            return ""
        abstract, starts = self._nums[num]
        own = self._lists[abstract]
        levels = {**own.levels, **self._overrides.get(num, {})}
        if num not in self._seen:
            self._seen.add(num)
            for at, start in starts.items():
                own.counters[at] = start - 1
                _clear_below(own.counters, levels, at)
        rule = levels.get(level, Level())
        own.counters[level] = own.counters.get(level, rule.start - 1) + 1
        _clear_below(own.counters, levels, level)
        text = _printed(rule, levels, own.counters)
        if not text:
            return ""
        return text + (" " if rule.suffix != "nothing" or _UNIT.search(text) else "")

    def _of(self, paragraph: Any) -> tuple[str, int]:
        """The list and level of a paragraph; its own setting goes before that of its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return "", 0
        style = _value(properties.find(f"{W}pStyle"))
        inherited, at = self._style_num.get(style, ("", None))
        direct = properties.find(f"{W}numPr")
        num, level = inherited, at
        if direct is not None:
            num = _value(direct.find(f"{W}numId")) or inherited
            own = _value(direct.find(f"{W}ilvl"))
            level = int(own) if own else (at if num == inherited else None)
        if level is None and num in self._nums:
            level = self._by_style.get((self._nums[num][0], style))
        return num, level or 0

    def _read_lists(self, root: Any) -> None:
        links: dict[str, str] = {}
        styled: dict[str, str] = {}
        for node in root.findall(f"{W}abstractNum"):
            key = node.get(f"{W}abstractNumId")
            self._lists[key] = _List(dict(_levels(node)))
            for lvl in node.findall(f"{W}lvl"):
                if style := _value(lvl.find(f"{W}pStyle")):
                    self._by_style[key, style] = int(lvl.get(f"{W}ilvl"))
            if link := _value(node.find(f"{W}numStyleLink")):
                links[key] = link
            if link := _value(node.find(f"{W}styleLink")):
                styled[link] = key
        for key, link in links.items():
            if link in styled:
                self._lists[key] = self._lists[styled[link]]
        for node in root.findall(f"{W}num"):
            abstract = _value(node.find(f"{W}abstractNumId"))
            if abstract not in self._lists:
                continue
            num, starts = node.get(f"{W}numId"), {}
            for override in node.findall(f"{W}lvlOverride"):
                at = int(override.get(f"{W}ilvl"))
                if start := _value(override.find(f"{W}startOverride")):
                    starts[at] = int(start)
                self._overrides.setdefault(num, {}).update(_levels(override))
            self._nums[num] = (abstract, starts)

    def _read_styles(self, root: Any) -> None:
        nodes = {s.get(f"{W}styleId"): s for s in root.findall(f"{W}style")}
        for name in nodes:
            at: str | None = name
            for _ in range(20):  # a chain of basedOn; damaged files have loops
                node = nodes.get(at)
                if node is None:
                    break
                found = node.find(f"{W}pPr/{W}numPr")
                if found is not None:
                    level = _value(found.find(f"{W}ilvl"))
                    num = _value(found.find(f"{W}numId"))
                    self._style_num[name] = (num, int(level) if level else None)
                    break
                at = _value(node.find(f"{W}basedOn"))


def _levels(node: Any) -> Iterator[tuple[int, Level]]:
    for lvl in node.findall(f"{W}lvl"):
        start, restart = _value(lvl.find(f"{W}start")), _value(lvl.find(f"{W}lvlRestart"))
        yield (
            int(lvl.get(f"{W}ilvl")),
            Level(
                start=int(start) if start else 0,
                format=_value(lvl.find(f"{W}numFmt")) or "decimal",
                pattern=_value(lvl.find(f"{W}lvlText")),
                suffix=_value(lvl.find(f"{W}suff")) or "tab",
                legal=_is_on(lvl.find(f"{W}isLgl")),
                restart=int(restart) if restart else None,
            ),
        )


def _value(node: Any | None) -> str:
    return "" if node is None else str(node.get(f"{W}val") or "")


def _is_on(node: Any | None) -> bool:
    return node is not None and node.get(f"{W}val") not in ("0", "false", "off")


def _clear_below(counters: dict[int, int], levels: dict[int, Level], level: int) -> None:
    for deeper in [d for d in counters if d > level]:
        restart = levels.get(deeper, Level()).restart
        if restart is None or (restart > 0 and level < restart):
            del counters[deeper]


def _printed(rule: Level, levels: dict[int, Level], counters: dict[int, int]) -> str:
    def number(m: re.Match[str]) -> str:
        at = int(m[1]) - 1
        other = levels.get(at, Level())
        value = counters.get(at, other.start)
        return formatted(value, "decimal" if rule.legal else other.format)

    if rule.format in ("bullet", "none"):
        return ""
    return re.sub(r"%([1-9])", number, rule.pattern).strip()


def formatted(n: int, style: str) -> str:
    """Return `n` in one of Word's number formats; Chinese ones as statutes write them (一百零一)."""
    if style in _HAN_FORMATS and 0 <= n <= 9999:
        return to_chinese(n)
    if style in _DIGIT_FORMATS:
        return "".join("〇一二三四五六七八九"[int(d)] for d in str(n))
    if style == "chineseLegalSimplified" and 0 <= n <= 9:
        return _LEGAL[n]
    if style in _CYCLES and n > 0:
        cycle = _CYCLES[style]
        return cycle[(n - 1) % len(cycle)]
    if style in _CIRCLED and 1 <= n <= 20:
        return chr(0x2460 + n - 1)
    if style == "decimalEnclosedParen" and 1 <= n <= 20:
        return f"({n})"
    if style == "decimalEnclosedFullstop" and 1 <= n <= 20:
        return f"{n}."
    if style == "decimalZero":
        return f"{n:02d}"
    if style in ("upperLetter", "lowerLetter") and n > 0:
        letter = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("upperRoman", "lowerRoman") and 0 < n < 4000:
        roman = _roman(n)
        return roman.upper() if style == "upperRoman" else roman
    return str(n)


def _roman(n: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        while n >= value:
            out, n = out + sign, n - value
    return out
