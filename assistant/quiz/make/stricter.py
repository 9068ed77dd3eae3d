"""Which other figure makes a rule false: the one that demands more than the rule does.

“十日内报告” does not follow from “三十日内报告”, but the other way round a reader may argue that it
does. Outside a condition a bound is therefore tightened; inside one it is widened, so that the
changed rule binds people whom the rule leaves alone; so in a prohibition (五年内不得申请), which
holds for any part of what it covers. What one may do, or may be punished with, up to a limit is
widened too, and what one may do from some time on (1年后可以申请) is moved forward.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.quiz.make.amounts import Figure

_LOW_BEFORE = re.compile(
    r"(?:不[得]?(?:少|低|小)于|不得(?:少|低|小)于|至少|(?<![不未])满|(?<!不)(?<!不得)超过|高于|大于|达到)[^，。；]{0,4}$"
)
_LOW_AFTER = re.compile(r"^(?:的)?(?:以上)")
_HIGH_BEFORE = re.compile(
    r"(?:不[得]?超过|不得超过|不[得]?(?:多|高|大)于|不足|不满|未满|(?<!不)(?<!不得)(?:低于|少于)|最长|最多)[^，。；]{0,4}$"
)
_HIGH_AFTER = re.compile(r"^(?:以下|(?:的)?(?:地域)?(?:范围)(?:以)?内|以内|之内|内|(?:以|之)?前)")

_FORBIDS = re.compile("(?:不得|禁止|严禁|不予|不准)(?!少于|低于|超过|多于|高于|大于|小于)")
_FROM_THEN_ON = re.compile("^(?:之|以)?后，?(?P<may>可以|方可|可(?!能)|有权)?")
_LETS = re.compile("可以|有权")
_DEMANDS = re.compile("应当|必须|应(?!急)|要(?!求)|由|不得")
_AT_MOST = re.compile("^以下(?:的)?(?:罚款|罚金|拘留|有期徒刑)")
_FINED = re.compile("罚款?$")
_LEFT_UNDONE = re.compile("^(?:以内|之内|内)[^，；。：]{0,6}?(?:未|没有|不(?!得|予|准))")
_WITHIN = re.compile("^(?:的)?(?:范围)?(?:以|之)?内，")
_SINCE = re.compile("[日时]起")

Values = tuple[float, ...]


def stricter(text: str, figure: Figure) -> Callable[[Values], bool] | None:
    """Return what tells whether other values make the statement false; None if it is not sure."""
    own = figure.values
    if figure.unit == "每":
        return lambda values: values < own
    if len(own) > 1:
        return lambda values: values != own
    before, after = text[: figure.start], text[figure.end :]
    if then := _FROM_THEN_ON.match(after):
        return (lambda values: values < own) if then["may"] else None
    low = bool(_LOW_BEFORE.search(before) or _LOW_AFTER.match(after))
    high = bool(_HIGH_BEFORE.search(before) or _HIGH_AFTER.match(after))
    if low and high:
        return None
    condition = _in_condition(before, after) or _in_prohibition(before, after)
    if figure.unit == "周岁" and not _ends_condition(after):
        return None
    if not low and not high:
        return None if condition else lambda values: values != own
    if high and (_is_leave(before, after) or condition):
        undone = condition and bool(_LEFT_UNDONE.match(after))
        return (lambda values: values < own) if undone else lambda values: values > own
    if low != condition:
        return lambda values: values > own
    return lambda values: values < own


def _clause(before: str) -> str:
    return re.split("[，；。：]", before)[-1]


def _is_leave(before: str, after: str) -> bool:
    """True if the figure bounds what somebody may do, or what a breach may cost."""
    punished = _AT_MOST.match(after) or (_FINED.search(before) and after.startswith("以下"))
    return bool(punished or _LETS.search(_clause(before)))


def _in_prohibition(before: str, after: str) -> bool:
    """True if the clause forbids something within what the figure bounds.

    After “五年内，” what follows the comma counts too.
    """
    clause = _clause(before)
    if _DEMANDS.search(clause.replace("不得", "")):
        return False
    ends = "[；。：]" if _WITHIN.match(after) else "[，；。：]"
    rest = re.split(ends, after, maxsplit=1)[0]
    return bool(_FORBIDS.search(f"{clause}■{rest}"))


def _in_condition(before: str, after: str) -> bool:
    """True if the words that hold the figure say when the rule applies, not what it demands."""
    if _ends_condition(after):
        return True
    rest = re.split("[，；。：]", after, maxsplit=1)[0]
    clause = _clause(before)
    if _DEMANDS.search(clause) or _LETS.search(clause) or _SINCE.search(clause):
        return False
    return bool(re.search("的[一-鿿]", re.split(_DEMANDS, rest, maxsplit=1)[0]))


def _ends_condition(after: str) -> bool:
    """True if the clause ends with 的 and another one follows."""
    rest = re.split("[，；。：]", after, maxsplit=1)[0]
    return rest.endswith("的") and bool(re.match(r"[^，；。：]*，", after))
