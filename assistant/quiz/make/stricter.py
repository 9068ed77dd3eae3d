"""Which other figure makes a rule false: the one that demands more than the rule does.

“十日内报告” does not follow from “三十日内报告”, but the other way round a reader may argue that it
does. Outside a condition a bound is therefore tightened; inside one it is widened, so that the
changed rule binds people whom the rule leaves alone; so in a prohibition (五年内不得申请), which
holds for any part of what it covers.
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

Values = tuple[float, ...]


def stricter(text: str, figure: Figure) -> Callable[[Values], bool] | None:
    """Return what tells whether other values make the statement false; None if it is not sure."""
    own = figure.values
    if figure.unit == "每":
        return lambda values: values < own
    if len(own) > 1:
        return lambda values: values != own
    before, after = text[: figure.start], text[figure.end :]
    low = bool(_LOW_BEFORE.search(before) or _LOW_AFTER.match(after))
    high = bool(_HIGH_BEFORE.search(before) or _HIGH_AFTER.match(after))
    if low and high:
        return None
    condition = _in_condition(after) or _in_prohibition(before, after)
    if figure.unit == "周岁" and not _in_condition(after):
        return None
    if not low and not high:
        return None if condition else lambda values: values != own
    if low != condition:
        return lambda values: values > own
    return lambda values: values < own


def _in_prohibition(before: str, after: str) -> bool:
    """True if the clause forbids something within what the figure bounds."""
    clause = re.split("[，；。：]", before)[-1] + "■" + re.split("[，；。：]", after, maxsplit=1)[0]
    return bool(_FORBIDS.search(clause))


def _in_condition(after: str) -> bool:
    """True if the clause that holds the figure says when the rule applies, not what it demands."""
    rest = re.split("[，；。：]", after, maxsplit=1)[0]
    return rest.endswith("的") and bool(re.match(r"[^，；。：]*，", after))
