"""Chinese numerals as statutes write them: 一百二十三 ↔ 123, up to 9999."""

from __future__ import annotations

from functools import lru_cache

_DIGITS = "零一二三四五六七八九"
_VALUE = {c: i for i, c in enumerate(_DIGITS)} | {"〇": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_FULLWIDTH = str.maketrans("０１２３４５６７８９", "0123456789")

NUMERAL = "零〇一二两三四五六七八九十百千0-9０-９"
"""The characters a numeral may consist of, for use inside a regex class."""


@lru_cache(maxsize=4096)
def to_int(text: str) -> int:
    """Return the value of a Chinese or Arabic numeral; ValueError if it is neither.

    Accepts 十二, 一十二, 一百零三, 一百〇三, 二〇二一 (digit by digit), 12 and １２.
    """
    s = text.translate(_FULLWIDTH)
    if s.isascii() and s.isdigit():
        return int(s)
    if not s or any(c not in _VALUE and c not in _UNIT for c in s):
        raise ValueError(f"{text!r} is not a numeral")
    if len(s) > 1 and not any(c in _UNIT for c in s):
        return int("".join(str(_VALUE[c]) for c in s))
    total, digit, last_unit = 0, None, 10_000
    for c in s:
        if c in _UNIT:
            if _UNIT[c] >= last_unit:
                raise ValueError(f"{text!r} is not a numeral")
            last_unit = _UNIT[c]
            total += (1 if digit is None else digit) * last_unit
            digit = None
        elif digit is not None and digit != 0:
            raise ValueError(f"{text!r} is not a numeral")
        else:
            digit = _VALUE[c]
    return total + (digit or 0)


def to_chinese(n: int) -> str:
    """Return the numeral as statutes write it: 10 → 十, 105 → 一百零五, 110 → 一百一十.

    Raises ValueError outside 0–9999.
    """
    if not 0 <= n <= 9999:
        raise ValueError(f"{n} is outside 0-9999")
    if n == 0:
        return "零"
    out, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        d = n // unit % 10
        if d:
            out += ("零" if zero and out else "") + _DIGITS[d] + name
            zero = False
        else:
            zero = True
    return out[1:] if out.startswith("一十") else out
