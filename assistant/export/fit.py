"""How much room words take on paper: estimated from above, so that what should fit does fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from assistant.export.word import Look

_MM = 25.4 / 72
"""Millimetres in a point."""
_NARROW = 0.6
"""Width of a Latin character in ems, on the wide side."""
_SLACK = 0.3
"""Ems that a line may lack besides, for fonts whose marks are wider."""
_CLOSING = "，。、；：！？）》〉」』】〕”’…—％%"
_OPENING = "（《〈「『【〔“‘"


SIDE = 3.5
"""What a table cell has free left and right of its words, in millimetres, and a little more."""
PADDING = 2.0
"""What a table row has free above and below, with its line."""


def lines_of(text: str, width: float, size: float) -> int:
    """Return how many lines the text takes at most, `width` in millimetres and `size` in points."""
    room = width / (size * _MM) - _SLACK
    if room < 1:
        raise ValueError(f"no word fits into {width} mm at {size} pt")
    return sum(_wrapped(part, room) for part in text.split("\n"))


def height_of(texts: Sequence[str], width: float, size: float, line: float) -> float:
    """Return how high the paragraphs are at most, in millimetres, with lines of `line` points."""
    return sum(lines_of(t, width, size) for t in texts) * line * _MM


def heights(texts: Sequence[tuple[str, Look]], width: float) -> float:
    """Return how high paragraphs of these looks are at most, with the space around them."""
    space = sum(look.before + look.after for _, look in texts) * _MM
    return space + sum(height_of((t,), width, look.size, look.line) for t, look in texts)


def _wrapped(text: str, room: float) -> int:
    """Lines of one paragraph: no line begins with a closing mark or ends with an opening one.

    A Latin word that does not fit goes to the next line as a whole.
    """
    lines, used = 1, 0.0
    tied = 0.0
    """Width of what goes to the next line together with the next character."""
    for at, char in enumerate(text):
        width = 1.0 if _wide(char) else _NARROW
        if used + width > room and used > 0:
            lines += 1
            used = tied if tied + width <= room else 0.0
        used += width
        following = text[at + 1] if at + 1 < len(text) else ""
        stays = not _breaks(char, following)
        tied = tied + width if stays else 0.0
    return lines


def _breaks(char: str, following: str) -> bool:
    """Whether a line may end between the two."""
    if following and (following in _CLOSING or char in _OPENING):
        return False
    return _wide(char) or char == " " or not following or _wide(following)


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"
