"""Cleaned text → 编, 章, 节, 条, 款, 项, 目; malformed text is never refused, only warned about.

`render(segment(t)) == t` for text in canonical form: what `clean` returns, with every
article written 第X条, one U+3000, text. No line is lost: what stands before the first article
is in `preface` and `contents`, between articles in `above`, behind them in `endnotes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from indexer.clean import (
    ATTACHED,
    CLOSED,
    CONTENTS,
    DAY,
    LEADER,
    NUMBERED,
    TITLE_END,
    WIDE,
    Heading,
    article_head,
    heading,
    numbered,
)
from kb.citation import article_label
from kb.model import Article, ProvisionId
from kb.numerals import to_chinese
from kb.structure import build_article

WHOLE = "正文"
"""The label of the only article of a text without any structure."""
_LEVELS = ("编", "分编", "章", "节")
_SIGNED = re.compile(rf"[^，。；：]{{0,30}}{DAY}")
_PAGE = re.compile(r"[ .…·_—-]*\d*$")


@dataclass(frozen=True, slots=True)
class Statute:
    """A text in articles.

    `preface` holds the lines before the first heading or article, the title among them;
    `contents` is the table of contents with its line 目录, found behind `contents_at` lines of
    the preface. `above` has an entry for each article: the lines printed above it, headings
    as a rule. `endnotes` are attachments, signature and date. `warnings` are in Chinese.
    """

    title: str
    preface: tuple[str, ...]
    articles: tuple[Article, ...]
    endnotes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    contents_at: int = 0
    above: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """The line `at` which an article begins; `kind` is 条, or a key of NUMBERED, or 正文."""

    at: int
    kind: str
    number: int
    suffix: int | None
    label: str
    body: str
    spaced: bool = True

    def follows(self, last: _Head | None) -> bool:
        """True if this is the number to expect behind `last`."""
        if last is None:
            return self.number == 1 and self.suffix is None
        if self.suffix is not None:
            return self.number == last.number and self.suffix == (last.suffix or 0) + 1
        return self.number == last.number + 1


def segment(text: str, doc_id: str = "doc", version: str = "v") -> Statute:
    """Return the text in articles; without any 第X条 they are its 一、 or （一） or 1. headings.

    A text without even those is a single article labelled 正文.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    rest, contents, at = _take_contents(lines)
    statute = replace(_segment(rest, doc_id, version), contents=contents, contents_at=at)
    if len(statute.preface) < at:  # the line 目录 stands inside the text proper
        return _segment(lines, doc_id, version)
    return statute


def _segment(lines: list[str], doc_id: str, version: str) -> Statute:
    heads = _article_heads(lines) or _numbered_heads(lines) or _whole(lines)
    if not heads:
        return Statute(_title(lines), tuple(lines), (), (), ("文本里没有可分条的文字",))
    heads, end, warnings = _take_attachments(lines, heads)
    start = next((i for i in range(heads[0].at) if heading(lines[i])), heads[0].at)
    articles: list[Article] = []
    above: list[tuple[str, ...]] = []
    trail = _Trail(lines[start : heads[0].at], warnings)
    for head, stop in zip(heads, [*(h.at for h in heads[1:]), end], strict=True):
        body, headings = _body(lines[head.at + 1 : stop], head)
        above.append(tuple(trail.lines))
        articles.append(_article(doc_id, version, head, body, trail.path, warnings))
        trail.walk(headings, head.label)
    if trail.lines:
        warnings.append(f"{_quoted(trail.lines[0])}后面没有条文")
    return Statute(
        _title(lines[:start]),
        tuple(lines[:start]),
        tuple(articles),
        (*trail.lines, *lines[end:]),
        (*_order_warnings(heads), *warnings),
        above=tuple(above),
    )


def render(statute: Statute) -> str:
    """Return the statute as text in canonical form, one line per unit."""
    at = statute.contents_at
    out = [*statute.preface[:at], *statute.contents, *statute.preface[at:]]
    for i, article in enumerate(statute.articles):
        out += statute.above[i] if i < len(statute.above) else ()
        label, text = article.id.article, article.text
        if label == WHOLE:
            out.append(text)
        elif label.startswith("第"):
            out.append(f"{label}{WIDE}{text}" if text else label)
        else:
            out.append(label + text)
    return "\n".join([*out, *statute.endnotes])


def _take_contents(lines: list[str]) -> tuple[list[str], tuple[str, ...], int]:
    """Return the lines without the table of contents, the table, and where it stood."""
    at = next((i for i, line in enumerate(lines) if CONTENTS.fullmatch(line)), None)
    if at is None or any(article_head(line) for line in lines[:at]):
        return lines, (), 0
    end, entries = at + 1, {_entry(line) for line in lines[at + 1 : at + 2]}
    while end < len(lines) and _is_entry(lines[end]):
        if end > at + 1 and _entry(lines[end]) in entries:
            break
        end += 1
    return lines[:at] + lines[end:], tuple(lines[at:end]), at


def _entry(line: str) -> str:
    """What the first entry of the table and the heading it stands for have in common."""
    found = heading(line)
    return found.label if found and found.level else _PAGE.sub("", line).replace(" ", "")


def _is_entry(line: str) -> bool:
    if LEADER.search(line):
        return True
    if article_head(line) or line[-1] in CLOSED:
        return False
    return any((heading(_PAGE.sub("", line)), numbered(line), ATTACHED.match(line)))


def _article_heads(lines: list[str]) -> list[_Head]:
    """Return the lines that open an article; a citation at the start of a line is not one.

    The number decides: the expected one opens an article, unless the same number stands
    later with a space after its label and this one has none. Any other number does if it is
    spaced off like a label, or if the next candidate carries on from it.
    """
    found: list[_Head] = []
    for i, line in enumerate(lines):
        if h := article_head(line, lines[i - 1] if i else ""):
            label = article_label(h.number, h.suffix)
            found.append(_Head(i, "条", h.number, h.suffix, label, h.body, h.spaced))
    out: list[_Head] = []
    for n, head in enumerate(found):
        last = out[-1] if out else None
        later = found[n + 1 :]
        if _opens(head, last, later):
            out.append(head)
    return out


def _opens(head: _Head, last: _Head | None, later: list[_Head]) -> bool:
    if head.follows(last):
        near = takewhile(lambda c: not c.spaced or c.number <= head.number, later)
        return head.spaced or not any(c.label == head.label and c.spaced for c in near)
    expected_later = any(c.follows(last) for c in later)
    carried_on = bool(later) and later[0].follows(head)
    if not head.spaced:
        return carried_on and not expected_later
    if last is None or (head.number, head.suffix or 0) > (last.number, last.suffix or 0):
        return True
    return carried_on or head.label == last.label or head.number == 1 or not expected_later


def _numbered_heads(lines: list[str]) -> list[_Head]:
    """Return the lines that open a unit of the highest kind among 一、 （一） 1. in the text."""
    found = [(i, *parts) for i, line in enumerate(lines) if (parts := numbered(line))]
    for kind in NUMBERED:
        if any(k == kind and n == 1 for _, k, n, _ in found):
            return [
                _Head(i, kind, n, None, label, lines[i][len(label) :])
                for i, k, n, label in found
                if k == kind
            ]
    return []


def _whole(lines: list[str]) -> list[_Head]:
    """Return one head for all lines below the title, doc number and adoption note."""
    at = 0
    while at < len(lines) - 1 and at < 3 and _is_title_line(lines[at]):
        at += 1
    return [_Head(at, WHOLE, 1, None, WHOLE, lines[at])] if lines else []


def _is_title_line(line: str) -> bool:
    if line.startswith("（") and line.endswith("）"):
        return True
    return len(line) <= 60 and line[-1] not in CLOSED and not re.search("[，。；：]", line)


def _take_attachments(lines: list[str], heads: list[_Head]) -> tuple[list[_Head], int, list[str]]:
    """Return the heads before the attachments and the line at which the endnotes begin."""
    end, warnings = len(lines), []
    for i in range(heads[0].at + 1, len(lines)):
        before = [h for h in heads if h.at < i]
        if ATTACHED.match(lines[i]) and not any(h.at > i and h.follows(before[-1]) for h in heads):
            if len(before) < len(heads):
                warnings.append(f"{_quoted(lines[i])}里另有条文，没有当作正文的条")
            heads, end = before, i
            break
    return heads, _signature(lines, heads[-1].at + 1, end), warnings


def _signature(lines: list[str], start: int, end: int) -> int:
    """Return the line at which signature and date begin, `end` if there are none."""
    for i in range(start, end):
        if _SIGNED.fullmatch(lines[i]):
            at = i
            while at > max(start, i - 3) and len(lines[at - 1]) <= 30:
                if lines[at - 1][-1] in CLOSED or heading(lines[at - 1]) or numbered(lines[at - 1]):
                    break
                at -= 1
            return at
    return end


def _body(lines: list[str], head: _Head) -> tuple[list[str], list[str]]:
    """Return the lines of an article and the headings (with what stands below) that end it."""
    cut = next((i for i, line in enumerate(lines) if heading(line)), len(lines))
    body = [head.body, *lines[:cut]] if head.body else lines[:cut]
    return body, lines[cut:]


def _article(
    doc_id: str,
    version: str,
    head: _Head,
    body: list[str],
    path: tuple[str, ...],
    warnings: list[str],
) -> Article:
    text = "\n".join(body)
    if not text:
        warnings.append(f"{_named(head.label)}没有文字")
    try:
        article = build_article(doc_id, version, head.label, text, path)
    except ValueError:  # an item number such as （十百）
        warnings.append(f"{_named(head.label)}里有读不懂的项号，没有分项")
        return Article(ProvisionId(doc_id, version, head.label), text, path)
    warnings += _item_warnings(article)
    return article


def _item_warnings(article: Article) -> Iterator[str]:
    """Yield a warning for every 项 or 目 whose number does not follow the one before it.

    Both may start again in a new paragraph, 目 also in a new item.
    """
    item, subitem, fresh = 0, 0, True
    for pid in (part.id for part in article.parts):
        where = _named(pid.article) + f"第{to_chinese(pid.paragraph or 0)}款" * bool(pid.paragraph)
        if pid.subitem is not None:
            if pid.subitem != subitem + 1 and not (fresh and pid.subitem == 1):
                after = f"{subitem}.之后" if subitem else "第一目"
                yield f"{where}的目号不连续：{after}是{pid.subitem}."
            subitem, fresh = pid.subitem, False
        elif pid.item is not None:
            if pid.item != item + 1 and not (fresh and pid.item == 1):
                after = f"（{to_chinese(item)}）之后" if item else "第一项"
                yield f"{where}的项号不连续：{after}是（{to_chinese(pid.item)}）"
            item, subitem, fresh = pid.item, 0, False
        else:
            fresh = True


def _order_warnings(heads: list[_Head]) -> Iterator[str]:
    """Yield a warning for every gap or repeat in the numbers, naming both neighbours."""
    if heads[0].kind == "条" and not heads[0].follows(None):
        yield f"条文从{heads[0].label}开始，前面缺第一条"
    for last, head in pairwise(heads):
        name, after = _named(head.label), _named(last.label)
        if head.kind == WHOLE or head.follows(last):
            continue
        if (head.number, head.suffix) == (last.number, last.suffix):
            yield f"{name}连续出现两次"
        elif (head.number, head.suffix or 0) < (last.number, last.suffix or 0):
            yield f"条号倒退：{after}之后是{name}"
        else:
            yield f"条号有缺：{after}之后是{name}"


class _Trail:
    """The headings passed so far: the path of the next article and the lines above it."""

    def __init__(self, lines: list[str], warnings: list[str]) -> None:
        self.path: tuple[str, ...] = ()
        self.lines: list[str] = []
        self._warnings = warnings
        self._open: list[tuple[int, str]] = []  # rank and printed form
        self._last: dict[int, Heading] = {}
        self._fresh: set[int] = set(range(len(_LEVELS)))  # ranks that may start at 1 again
        self.walk(lines, "")

    def walk(self, lines: list[str], after: str) -> None:
        """Pass the lines between two articles; `after` is the label of the first of the two."""
        self.lines = lines
        for line in lines:
            found = heading(line)
            if found is None:
                place = f"{_quoted(self.path[-1])}下面" if self.path else after
                self._warnings.append(f"{place}有一行不属于任何一条：{_quoted(line)}")
                continue
            rank = _LEVELS.index(found.level) if found.level else 0
            if found.level:
                self._check(rank, found)
            printed = f"{found.label} {found.title}" if found.title else found.label
            self._open = [(r, p) for r, p in self._open if r < rank] + [(rank, printed)]
            self.path = tuple(p for _, p in self._open)

    def _check(self, rank: int, found: Heading) -> None:
        last = self._last.get(rank)
        in_order = found.number == (last.number if last else 0) + 1
        if not in_order and not (found.number == 1 and rank in self._fresh):
            before = f"{last.label}之后是{found.label}" if last else f"从{found.label}开始"
            self._warnings.append(f"标题次序不对：{before}")
        self._last[rank] = found
        self._fresh.discard(rank)
        for lower in range(rank + 1, len(_LEVELS)):
            self._fresh.add(lower)
            if found.level == "章":
                self._last.pop(lower, None)


def _title(preface: list[str]) -> str:
    """Return the line of the preface that names the document; else its first line, or ""."""
    named = (line for line in preface if TITLE_END.search(line) and "，" not in line)
    return next(named, preface[0] if preface else "")


def _named(label: str) -> str:
    return label if label.startswith("第") else f"「{label}」"


def _quoted(line: str) -> str:
    return f"「{line[:20]}{'…' if len(line) > 20 else ''}」"
