"""Tells whether what somebody put down is right, and what it is worth."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.quiz.model import Kind, Question
from kb.numerals import to_int

ASKED = (Kind.SINGLE, Kind.MULTI, Kind.JUDGE, Kind.BLANK, Kind.CASE)
"""The kinds that practice asks: nobody can be told at once how good a short answer is."""
PARTIAL = "多选题少选但没有选错的，考试时得一半分，练习时不算对；填空题按答对的空给分。"
"""The rule on answers that are not wholly right, as pages say it."""
_HALF = 0.5
_FIGURE = re.compile(r"(百分之)?([零〇一二两三四五六七八九十百千]+|\d+(?:\.\d+)?)([万亿]?)(%?)")
_LARGE = {"": 1, "万": 10_000, "亿": 100_000_000}
_SIGNS = re.compile(r"[\s，。；：、“”‘’\"'（）()《》〈〉,;:!?！？·]")
_UNITS = (("个工作日", "工作日"), ("个月", "月"), ("个小时", "小时"), ("天", "日"), ("周岁", "岁"),
          ("人民币", ""), ("元整", "元"))  # fmt: skip
"""What may stand for the same unit; the first is written as the second."""


@dataclass(frozen=True, slots=True)
class Grade:
    """`right` if nothing is missing or wrong; `score` is what it earns of the points."""

    right: bool
    score: float


def grade(question: Question, given: Sequence[str], points: float = 1.0, *, exam: bool) -> Grade:
    """Return how good `given` is: option texts, 正确 or 错误, or the words of the gaps in order.

    Practising it is all or nothing. In an exam a choice of several that lacks right options but
    holds no wrong one earns half the points, and gaps earn their share, rounded down to halves.
    Nothing put down earns nothing. ValueError for kinds that practice does not ask.
    """
    if question.kind not in ASKED:
        raise ValueError(f"{question.kind.value} is not graded by machine")
    share = _share(question, given)
    if share == 1:
        return Grade(True, points)
    return Grade(False, math.floor(share * points / _HALF) * _HALF if exam else 0.0)


def _share(question: Question, given: Sequence[str]) -> float:
    """What part of the answer was given, 0 to 1."""
    if question.kind is Kind.BLANK:
        return _gaps(question.answer, given)
    return _chosen(question, given)


def _chosen(question: Question, given: Sequence[str]) -> float:
    chosen, key = set(given), set(question.answer)
    if chosen == key:
        return 1.0
    return _HALF if question.kind is Kind.MULTI and chosen and chosen < key else 0.0


def _gaps(answer: Sequence[str], given: Sequence[str]) -> float:
    pairs = zip(answer, given, strict=False)
    return sum(same_words(wanted, said) for wanted, said in pairs) / len(answer)


def same_words(wanted: str, said: str) -> bool:
    """True if two fillings of a gap say the same, however figures, units and signs are written."""
    return normal(wanted) == normal(said) != ""


def normal(words: str) -> str:
    """Return words in one form: half width, figures as digits, one name a unit, without signs.

    三十日, 30天 and ３０ 日 become 30日; 五十万元 becomes 500000元; 百分之十 becomes 10%.
    """
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", words)).lower()
    plain = _FIGURE.sub(_digits, plain)
    for name, kept in _UNITS:
        plain = re.sub(rf"(?<=\d){name}" if kept else name, kept, plain)
    return plain


def _digits(m: re.Match[str]) -> str:
    percent, figure, large, sign = m.groups()
    try:
        value = float(figure) if figure[0].isdigit() else to_int(figure)
    except ValueError:
        return m[0]
    value *= _LARGE[large]
    shown = str(int(value)) if value == int(value) else f"{value:.10g}"
    return f"{shown}{'%' if percent or sign else ''}"
