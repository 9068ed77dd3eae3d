"""Notices without 第X条: their numbered headings become the articles, two levels deep.

一、 stays one article where it is a paragraph or a plain list; where it has sections （一） of
their own, each of these is an article labelled 一、（一） below the heading. Labels come from
the numbers alone, so a corrected wording keeps its addresses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from indexer.clean import numbered
from indexer.segment import WHOLE
from kb.imports import ArticleText
from kb.model import Article

_TOP = re.compile(r"[一二三四五六七八九十百]+、")


def is_outline(articles: Iterable[Article]) -> bool:
    """True if these are the numbered headings of a text without 第X条."""
    labels = [a.id.article for a in articles]
    return bool(labels) and not any(a.startswith("第") or a == WHOLE for a in labels)


def article_texts(articles: Iterable[Article]) -> tuple[ArticleText, ...]:
    """Return the articles to keep, with labels that are unique: a repeated one gets 〔2〕."""
    out: list[ArticleText] = []
    seen: Counter[str] = Counter()
    for article in articles:
        for label, text, path in _sections(article):
            seen[label] += 1
            name = label if seen[label] == 1 else f"{label}〔{seen[label]}〕"
            out.append(ArticleText(name, text, path))
    return tuple(out)


def _sections(article: Article) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    label, lines = article.id.article, article.text.split("\n")
    starts = [n for n, line in enumerate(lines) if _kind(line) == "（一）"]
    if not _TOP.fullmatch(label) or not starts or starts[0] == 0 or _is_list(lines, starts):
        yield label, article.text, article.path
        return
    lead = lines[: starts[0]]
    heading = f"{label}{lead[0]}" if len(lead[0]) <= 40 and "。" not in lead[0] else label
    path = (*article.path, heading)
    if heading == label or len(lead) > 1:
        yield label, "\n".join(lead), article.path
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = numbered(lines[start])
        own = found[2] if found else ""
        text = "\n".join([lines[start][len(own) :], *lines[start + 1 : end]])
        yield f"{label}{own}", text, path


def _kind(line: str) -> str:
    found = numbered(line)
    return found[0] if found else ""


def _is_list(lines: list[str], starts: list[int]) -> bool:
    """True if （一）（二） are the items of one sentence: introduced by a colon, a line each."""
    if not lines[starts[0] - 1].endswith(("：", ":")):
        return False
    return all(_kind(line) in ("（一）", "1.") for line in lines[starts[0] :])
