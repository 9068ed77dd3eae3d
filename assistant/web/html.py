"""Building blocks of the pages as escaped HTML: links, labels, marked articles.

Pure functions. Every text that comes from a document or a user passes through `esc`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from kb.model import Article, Document, Provision, Status, TextKind, Version

LIBRARY_PATH = "/library"
DUTIES_PATH = "/duties"
QUIZ_PATH = "/quiz"
_STATUS_CLASS = {
    Status.IN_FORCE: "ok",
    Status.NOT_YET: "wait",
    Status.SUPERSEDED: "old",
    Status.REPEALED: "dead",
}
_KIND_TITLE = {
    TextKind.TEXT: "法律文件的原文，逐字收录",
    TextKind.DIGEST: "本库用自己的话写的要点，不是原文",
    TextKind.UNIT: "本单位导入的文件",
}
_ICONS = {
    "info": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.2v.6"/>',
    "warn": '<path d="M12 3 22 20.5H2z"/><path d="M12 9.5v5M12 17v.6"/>',
    "dead": '<circle cx="12" cy="12" r="9.5"/><path d="M5.5 5.5l13 13"/>',
    "wait": '<circle cx="12" cy="12" r="9.5"/><path d="M12 6.5V12l4 2.5"/>',
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start`–`end` of an article to be marked; `n` is the citation they belong to."""

    start: int
    end: int
    n: int = 0


def esc(text: object) -> str:
    """Return `text` safe inside HTML text and double-quoted attributes."""
    return html.escape(str(text), quote=True)


def doc_href(doc_id: str, at: str = "", version: str = "") -> str:
    """Return the address of a document, or of a provision in it, escaped for an attribute."""
    query = {"doc": doc_id, "v": version, "at": at}
    return esc(f"{LIBRARY_PATH}?{urlencode({k: v for k, v in query.items() if v})}")


def ask_href(question: str) -> str:
    """Return the address that asks `question`, escaped for an attribute."""
    return esc(f"/?{urlencode({'q': question})}")


def duties_href(
    bearer: str = "", field: str = "", as_of: date | None = None, region: str = ""
) -> str:
    """Return the address of a duty list, or of the page without one, escaped for an attribute."""
    day = as_of.isoformat() if as_of else ""
    query = {"bearer": bearer, "field": field, "as_of": day, "region": region}
    given = urlencode({k: v for k, v in query.items() if v})
    return esc(f"{DUTIES_PATH}?{given}" if given else DUTIES_PATH)


def ask_link(question: str) -> str:
    """Return a link that asks `question` on the 问答 page."""
    return f'<a class="z-ask" href="{ask_href(question)}">{esc(question)}</a>'


def name_of(document: Document) -> str:
    """Return 《title》 for a document and “title” for a policy entry (plain text)."""
    title = document.title
    if document.is_policy or title.startswith("《"):
        return f"“{title}”" if document.is_policy else title
    return f"《{title}》"


def day_words(day: date) -> str:
    """Return 2021年9月1日, or 未收录 for a day that the library does not hold."""
    return "未收录" if day == date.min else f"{day.year}年{day.month}月{day.day}日"


def effective_words(day: date) -> str:
    """Return 2021年9月1日起施行, or 施行日期未收录."""
    return "施行日期未收录" if day == date.min else f"{day_words(day)}起施行"


def status_badge(status: Status) -> str:
    """Return the label of a status, coloured and in words."""
    return f'<span class="z-badge {_STATUS_CLASS[status]}">{esc(status.value)}</span>'


def kind_badge(kind: TextKind) -> str:
    """Return the label that says whose words these are: 原文, 要点 or 本单位文件."""
    name = {TextKind.TEXT: "text", TextKind.DIGEST: "digest", TextKind.UNIT: "unit"}[kind]
    return f'<span class="z-badge kind-{name}" title="{esc(_KIND_TITLE[kind])}">{esc(kind.value)}</span>'


def region_badge(doc: Document) -> str:
    """Return the place that a document is limited to, '' for national ones."""
    return "" if doc.region == "全国" else f'<span class="z-badge level">{esc(doc.region)}</span>'


def icon(name: str) -> str:
    """Return a small drawing that screen readers pass over."""
    return f'<svg class="z-icon" viewBox="0 0 24 24" aria-hidden="true">{_ICONS[name]}</svg>'


def banner(text: str) -> str:
    """Return a notice as a strip whose colour and label say what kind of notice it is."""
    look, label = notice_look(text)
    name = {"dead": "dead", "wait": "wait", "old": "warn"}.get(look, "info")
    return (
        f'<div class="z-banner {look}" role="note">{icon(name)}'
        f"<p><strong>{label}</strong>{esc(text)}</p></div>"
    )


_LOOKS = (
    (r"不一致的，以", "old", "上位法优先"),
    (r"^按问题里的", "wait", "按当时的规定"),
    (r"只在.+适用。$|再列.+的规定。$", "policy", "地方规定"),
    (r"当时的叫法", "info", "机关改名"),
    (r"已废止", "dead", "已废止"),
    (r"尚未施行", "wait", "尚未施行"),
    (r"修改|旧文本", "old", "已修改"),
    (r"没有|不存在|核对条号", "old", "请核对"),
    (r"不是文件原文", "digest", "要点，非原文"),
    (r"不是法律条文", "policy", "政策要点，非法条"),
)


def notice_look(text: str) -> tuple[str, str]:
    """Return the style class and the label of a notice."""
    for pattern, look, label in _LOOKS:
        if re.search(pattern, text):
            return look, label
    return "info", "说明"


def error_box(message: str) -> str:
    """Return one sentence that says what went wrong and what to do."""
    return f'<div class="z-banner old" role="alert">{icon("warn")}<p>{esc(message)}</p></div>'


def busy_html(message: str, question: str) -> str:
    """Return the sentence that says when to ask again, and the link that does so."""
    again = f'<a class="z-ask" href="{ask_href(question)}">再问一次</a>'
    return (
        f'<div class="z-banner old z-busy" role="alert">{icon("wait")}'
        f"<p>{esc(message)}。您的问题还在上面。{again}</p></div>"
    )


def article_body(article: Article, marks: Iterable[Mark] = (), *, with_ids: bool = False) -> str:
    """Return the text of an article, one block per 款, 项 or 目, with `marks` marked.

    With `with_ids` each block has the locator of its provision as its id.
    """
    by_start: dict[int, Provision] = {}
    for known in article.parts:
        by_start.setdefault(known.start, known)
    found = sorted(marks, key=lambda m: (m.start, m.end, m.n))
    out: list[str] = []
    at = 0
    for line in article.text.split("\n"):
        part: Provision | None = by_start.get(at)
        name = f' id="{esc(part.id.locator)}"' if with_ids and part else ""
        out.append(f'<p class="{line_class(line, part)}"{name}>{_marked(line, at, found)}</p>')
        at += len(line) + 1
    return "".join(out)


def line_class(line: str, part: Provision | None) -> str:
    """Return the class that indents a line: 款, 项 or 目."""
    if part is not None and part.id.subitem is not None:
        return "z-subitem"
    if (part is not None and part.id.item is not None) or re.match(
        r"（[一二三四五六七八九十]+）", line
    ):
        return "z-item"
    return "z-par"


def _marked(line: str, offset: int, marks: list[Mark]) -> str:
    out: list[str] = []
    at = 0
    for mark in marks:
        start, end = max(mark.start - offset, at), min(mark.end - offset, len(line))
        if start >= end:
            continue
        n = f' data-n="{mark.n}"' if mark.n else ""
        out.append(f"{esc(line[at:start])}<mark{n}>{esc(line[start:end])}</mark>")
        at = end
    return "".join(out) + esc(line[at:])


def article_title(article: Article) -> str:
    """Return the printed label of an article, with what a digest calls it (plain text)."""
    label = article.id.article
    return label if article.heading in ("", label) else f"{label}　{article.heading}"


def neighbours(version: Version, article: Article) -> tuple[Article | None, Article | None]:
    """Return the article before and the one after `article`."""
    n = next((i for i, a in enumerate(version.articles) if a.id == article.id), None)
    if n is None:
        return None, None
    before = version.articles[n - 1] if n else None
    after = version.articles[n + 1] if n + 1 < len(version.articles) else None
    return before, after
