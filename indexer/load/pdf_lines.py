"""Printed lines with their place on the page → paragraphs, without headers, footers, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from indexer.clean import CLOSED, begins_unit, is_page_number
from indexer.load.raw import Line

_DIGITS = re.compile(r"\d+")
_EDGE = 2
"""How many lines at the top and at the bottom of a page may be header or footer."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line: where it begins and ends, its height on the page (upwards), its type size.

    All in points. A reader that does not know where lines end leaves `right` at 0.
    """

    text: str
    page: int
    left: float
    right: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The paragraphs, each with the page it begins on, and the page headers that were dropped."""

    lines: tuple[Line, ...]
    dropped: tuple[str, ...]


def paragraphs(printed: Sequence[Printed]) -> Paragraphs:
    """Return the text of the pages as paragraphs.

    Where one begins is told by the first line's indent, by a line before it that ends short of
    the margin, and by a wide gap; a full line is carried on.
    """
    kept, dropped = without_edges(printed)
    if not kept:
        return Paragraphs((), dropped)
    frame = _Frame(kept)
    out: list[list[Printed]] = []
    for line in kept:
        if out and not frame.begins(line, out[-1][-1], out[-1]):
            out[-1].append(line)
        else:
            out.append([line])
    lines = tuple(
        Line(_joined([p.text for p in block]), n, block[0].page) for n, block in enumerate(out, 1)
    )
    return Paragraphs(lines, dropped)


def without_edges(printed: Sequence[Printed]) -> tuple[list[Printed], tuple[str, ...]]:
    """Return the lines without page numbers and running headers, and what those said.

    A line is a running header if it stands at the edge of three pages or more and on at least
    half of all pages with the same words, digits aside.
    """
    pages = [list(group) for _, group in groupby(printed, key=lambda p: p.page)]
    pages = [[p for p in page if p.text.strip()] for page in pages]
    bare = [_strip_numbers(page) for page in pages]
    counts: Counter[str] = Counter()
    for page in bare:
        counts.update({_key(p.text) for p in [*page[:_EDGE], *page[-_EDGE:]]})
    running = {k for k, n in counts.items() if n >= 3 and n >= 0.5 * len(bare)}
    kept: list[Printed] = []
    dropped: list[str] = []
    for page in bare:
        edges = {id(p) for p in [*page[:_EDGE], *page[-_EDGE:]]}
        for p in page:
            if id(p) in edges and _key(p.text) in running:
                dropped.append(p.text.strip())
            else:
                kept.append(p)
    return kept, tuple(dict.fromkeys(dropped))


def _strip_numbers(page: list[Printed]) -> list[Printed]:
    last = len(page) - 1
    return [p for n, p in enumerate(page) if not is_page_number(p.text, n in (0, last))]


def _key(text: str) -> str:
    return _DIGITS.sub("#", re.sub(r"\s", "", text))


def _joined(texts: Sequence[str]) -> str:
    out = ""
    for text in (t.strip() for t in texts):
        gap = " " if out and re.match(r"[A-Za-z]\w|\w[A-Za-z]", out[-1] + text[:1], re.A) else ""
        out += gap + text
    return out


class _Frame:
    """The margins and habits of a document, read off its lines."""

    def __init__(self, lines: Sequence[Printed]) -> None:
        widest = max(p.right - p.left for p in lines)
        body = [p for p in lines if p.right - p.left > 0.6 * widest] or list(lines)
        self.left = _margin([p.left for p in body])
        self.right = sorted(p.right for p in body)[int(0.9 * (len(body) - 1))]
        self.indents = sum(self._is_indented(p) for p in body) >= max(2, 0.1 * len(body))
        gaps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page]
        self.gap = _usual([g for g in gaps if g > 0] or [0.0])

    def begins(self, line: Printed, before: Printed, block: Sequence[Printed]) -> bool:
        """True if `line` begins a paragraph; `block` is the one that `before` ends so far."""
        size = before.size
        ended = before.text.rstrip()[-1:] in CLOSED
        if before.right < self.right - 2.6 * size:
            return True
        if abs(line.size - before.size) > 0.15 * size:
            return True
        if line.page == before.page and before.y - line.y > 1.7 * self.gap > 0:
            return True
        unit = begins_unit(line.text.strip(), before.text.strip())
        if unit and not self.indents:
            return True
        hanging = len(block) > 1 and abs(line.left - before.left) < 0.4 * size
        if self._is_indented(line) and not hanging:
            return ended or unit
        return ended and not self.indents

    def _is_indented(self, line: Printed) -> bool:
        return line.left > self.left + 0.8 * line.size


def _margin(lefts: Sequence[float]) -> float:
    """The leftmost place where lines begin again and again: not where paragraphs are indented to."""
    counts = Counter(round(v / 2) for v in lefts)
    enough = max(2, 0.04 * len(lefts))
    return 2.0 * min((v for v, n in counts.items() if n >= enough), default=min(counts))


def _usual(values: Sequence[float]) -> float:
    """The most frequent value to the nearest two points; the smallest of equals."""
    counts = Counter(round(v / 2) for v in values)
    best = max(counts.values())
    return 2.0 * min(v for v, n in counts.items() if n == best)
