"""Wrong figures of a question that could be held to be right all the same, told from its words.

Written apart from what makes questions of figures; see `assistant.quiz.validate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.model import BLANK, Kind, Question
from kb.numerals import to_int

_NUMBER = r"[零〇一二两三四五六七八九十百千万亿\d.]+"
_UNIT = "元|倍|年|个月|日|人|名|个工作日"
_RANGE = re.compile(rf"({_NUMBER})(?:{_UNIT})?(?:以上|至)({_NUMBER})({_UNIT})(?:以下)?")
_ONE = re.compile(rf"({_NUMBER})({_UNIT}|小时|米|周岁)")
_BESIDE = re.compile(rf"({_NUMBER})(?P<unit>名|人|年|日|个月)(?:或者|或|到)({_NUMBER})(?P=unit)")
_MULTIPLES = (("亿", 10**8), ("万", 10**4))


@dataclass(frozen=True, slots=True)
class Replaced:
    """A statement keyed as wrong: the words changed, what stands there, the text of the article."""

    statement: str
    wrong: str
    right: str
    article: str


def figure_faults(question: Question, replaced: tuple[Replaced, ...], cited: str) -> Iterator[str]:
    """Yield what is wrong with the figures of a question.

    `cited` is the text of the articles that decide it.
    """
    for changed in replaced:
        if _is_spanned(changed.wrong, changed.right, changed.article):
            yield f"grades of the same article make it right together: {changed.wrong}"
        yield from _direction(changed.statement, changed.wrong, changed.right)
        for m in _BESIDE.finditer(changed.statement):
            if (low := _value(m[1])) and (high := _value(m[3])) and low > high:
                yield f"figures in an order that nobody writes: {m[0]}"
    if question.kind is Kind.SINGLE and BLANK in question.stem:
        for option in question.options:
            if option not in question.answer and _is_spanned(option, question.answer[0], cited):
                yield f"grades of the same article make it right together: {option}"


def _is_spanned(wrong: str, right: str, cited: str) -> bool:
    own = _range(wrong)
    if own is None or _range(right) is None:
        return False
    found = [r for m in _RANGE.finditer(cited) if (r := _range(m[0])) and r[2] == own[2]]
    return own[0] in {r[0] for r in found} and own[1] in {r[1] for r in found}


def _direction(statement: str, wrong: str, right: str) -> Iterator[str]:
    """Yield where a changed bound still follows from the rule."""
    one, other = _ONE.fullmatch(wrong), _ONE.fullmatch(right)
    if one is None or other is None or one[2] != other[2]:
        return
    said, held = _value(one[1]), _value(other[1])
    if said is None or held is None:
        return
    at = re.escape(wrong)
    longer_follows = re.search(
        rf"{at}(?:以|之)?后，?(?:可以|方可)|(?<!不)(?<!未)满{at}的[^，。；]*[^的，。；]，"
        rf"|{at}(?:以|之)?内[^，。；：]{{0,6}}(?:未|没有)",
        statement,
    )
    if longer_follows and said > held:
        yield f"what is keyed as wrong follows from the rule all the same: {wrong}"
    shorter_follows = re.search(
        rf"可以[^，。；]{{0,30}}{at}以?内|自[^，。；]{{2,20}}之日起{at}内，?[^。；应]*(?<!或者)不(?:予|得)",
        statement,
    )
    if shorter_follows and said < held:
        yield f"what is keyed as wrong follows from the rule all the same: {wrong}"


def _range(text: str) -> tuple[float, float, str] | None:
    m = _RANGE.fullmatch(text)
    if m is None:
        return None
    low, high = _value(m[1]), _value(m[2])
    return None if low is None or high is None else (low, high, m[3])


def _value(number: str) -> float | None:
    """Return the value of 二十万, 5000 or 1.5亿; None if it is no numeral."""
    for sign, factor in _MULTIPLES:
        front, found, rest = number.partition(sign)
        if found and not rest:
            value = _value(front) if front else 1.0
            return None if value is None else value * factor
    try:
        return float(number) if number[0].isdigit() else float(to_int(number))
    except ValueError:
        return None
