"""Article text → its 款, 项 and 目, as spans of that text.

A line that opens with （一） is an item of the paragraph above it, one that opens with
`1.` is a subitem; every other line opens a new paragraph. The drafting rules of the
National People's Congress count an unnumbered line after items as the next paragraph.
"""

from __future__ import annotations

import re

from kb.model import Article, Provision, ProvisionId
from kb.numerals import to_int

ITEM = re.compile(r"[（(]([一二三四五六七八九十百]+)[）)]")
SUBITEM = re.compile(r"(\d{1,2})[.．、](?!\d)")


def build_article(
    doc_id: str,
    version: str,
    label: str,
    text: str,
    path: tuple[str, ...] = (),
    heading: str = "",
) -> Article:
    """Return the article with its parts; offsets point into `text`, which is kept verbatim.

    Paragraphs are numbered only where there are several (an article of one paragraph is
    cited without 款), so 第二十一条第（三）项 and 第一百一十四条第一款第（二）项 both come out as
    lawyers write them.
    """
    whole = ProvisionId(doc_id, version, label)
    if "\n" not in text and _kind(text)[0] == "paragraph":
        return Article(whole, text, path, heading, ())
    lines = _lines(text)
    kinds = [_kind(line) for _, line in lines]
    starts = [i for i, (kind, _) in enumerate(kinds) if kind == "paragraph"]
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    several = len(starts) > 1
    parts: list[Provision] = []
    for n, first in enumerate(starts, 1):
        last = starts[n] if n < len(starts) else len(lines)
        number = n if several else None
        if several:
            parts.append(
                _span(ProvisionId(doc_id, version, label, number), text, lines, first, last)
            )
        parts += _items(
            ProvisionId(doc_id, version, label, number), text, lines, kinds, first, last
        )
    return Article(whole, text, path, heading, tuple(parts))


def _lines(text: str) -> list[tuple[int, str]]:
    out, at = [], 0
    for line in text.split("\n"):
        out.append((at, line))
        at += len(line) + 1
    return out


def _kind(line: str) -> tuple[str, int]:
    if m := ITEM.match(line):
        return "item", to_int(m[1])
    if m := SUBITEM.match(line):
        return "subitem", int(m[1])
    return "paragraph", 0


def _span(
    pid: ProvisionId, text: str, lines: list[tuple[int, str]], first: int, last: int
) -> Provision:
    start = lines[first][0]
    end = lines[last - 1][0] + len(lines[last - 1][1])
    return Provision(pid, text[start:end], start, end)


def _items(
    base: ProvisionId,
    text: str,
    lines: list[tuple[int, str]],
    kinds: list[tuple[str, int]],
    first: int,
    last: int,
) -> list[Provision]:
    out: list[Provision] = []
    item: int | None = None
    for i in range(first, last):
        kind, number = kinds[i]
        if kind == "paragraph":
            continue
        end = i + 1
        if kind == "item":
            item = number
            while end < last and kinds[end][0] == "subitem":
                end += 1
            pid = ProvisionId(base.doc_id, base.version, base.article, base.paragraph, number)
        else:
            pid = ProvisionId(base.doc_id, base.version, base.article, base.paragraph, item, number)
        out.append(_span(pid, text, lines, i, end))
    return out
