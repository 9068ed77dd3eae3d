"""Deadlines, frequencies, terms, head counts, amounts, distances and shares of a text."""

from __future__ import annotations

import re

_DIGIT = r"(?:[零〇一二三四五六七八九十百千万亿两半]+|\d+(?:\.\d+)?[万亿]?)"
_SHARE = r"(?:百|千|万)分之" + _DIGIT + r"|\d+(?:\.\d+)?[%％‰]"
_TIME = r"(?:个)?(?:工作日|小时|分钟|日|天|周年?(?!岁)|星期|月|季度|年|学时|课时)"
_SIZE = (
    r"(?:平方米|立方米|平方公里|公里|千米|厘米|毫米|米|海里|公顷|亩|千克|公斤|吨|克|升|兆帕|"
    r"千伏|伏|千瓦|摄氏度|度|层)"
)
_COUNT = r"(?:名|人|户|元|倍|周岁|岁)"
_UNIT = f"(?:{_TIME}|{_SIZE}|{_COUNT})"
_BEFORE = (
    r"(?:不得(?:少于|低于|超过|多于|高于|大于|小于)|不少于|不低于|不超过|不足|不满|不高于|不大于|不小于|少于|低于|超过|大于|小于|高于|多于|至少|"
    r"最多|最长|(?<!届)满|提前|每)?"
)
_AFTER = r"(?:以上|以下|以内|以前|之内|之前|内|前|后)?"
_NUMBER = rf"(?:{_SHARE}|{_DIGIT}{_UNIT})"
_MORE = rf"(?:至|不?[满足超过]{{1,2}})?{_NUMBER}{_AFTER}"
_ONE = rf"{_BEFORE}(?:人民币)?{_NUMBER}{_AFTER}(?:{_MORE})*"
_SINCE = (
    r"(?:(?:自(?![治然愿动己]|行(?!政))|从(?!业))[^，。；：自]{1,40}?(?:之日|之时|当日|时)起(?:的)?|"
    r"(?:不得(?:少于|低于|超过|多于|高于|大于|小于)|不少于|不低于|不超过|不高于|至少|最多|最长)"
    r"[^，。；：、每]{1,12}?(?=(?:[不最满]|百分之|[\d零〇一二三四五六七八九十百千万两半])))"
)
_PERIOD = rf"每(?:{_DIGIT}?(?:个)?(?:半年|季度|年|月|周|日|天|班|学期|工作日))"
_EACH = rf"{_PERIOD}(?:[^，。；：、的]{{0,12}}?(?:{_DIGIT}次(?:、[^，。；：、的]{{2,8}}{_DIGIT}次)*|{_DIGIT}{_UNIT}))?"
_EACH = rf"(?:至少|一般|不少于)?{_EACH}"
_LIMIT = re.compile(rf"{_SINCE}{_ONE}|{_EACH}|{_ONE}")
_NOT_READ = re.compile(
    r"（[^（）]*）|第[零〇一二三四五六七八九十百千万\d]+(?:条|款|项|章|节|次|届|类|级|号|人|方|者|产业|季度)(?:之[一二三四五六七八九十]+)?"
)
_NOT_A_LIMIT = re.compile(r"^(?:[一每](?:人|户|名|层|度)|一[日月年]|[两二三]层|\w*度)$")


def find_limits(text: str) -> tuple[str, ...]:
    """Return the limits in reading order, each once, verbatim; citations are not limits.

    A limit begins with the words that bound its number (至少, 不超过) or with 自…之日起 and 每;
    what else it is counted from (接到报告后, 届满前) is not part of it.
    """
    bare = _NOT_READ.sub(lambda m: "§" * len(m[0]), text)
    out: list[str] = []
    for m in _LIMIT.finditer(bare):
        found = text[m.start() : m.end()]
        if not _NOT_A_LIMIT.match(found) and found not in out:
            out.append(found)
    return tuple(out)
