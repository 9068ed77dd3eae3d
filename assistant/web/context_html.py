"""The article around a quotation, with its neighbours, as it opens under a citation."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.web.html import (
    Mark,
    article_body,
    article_title,
    doc_href,
    esc,
    name_of,
    neighbours,
)
from kb.catalog import Catalog
from kb.errors import UnknownProvisionError
from kb.model import Article, Document, Provision, Version


def version_of(document: Document, version: Version) -> str:
    """Return the version to name in a link, "" where there is one only: the quoted one must open."""
    return version.id if len(document.versions) > 1 else ""


def context_html(
    name: str,
    document: Document,
    version: Version,
    article: Article,
    provision: Provision,
    marks: Iterable[Mark],
) -> str:
    """Return the panel with the id `name`, closed, that shows an article with `marks` marked."""
    before, after = neighbours(version, article)
    href = doc_href(document.id, provision.id.locator, version_of(document, version))
    return (
        f'<div class="z-context" id="{esc(name)}" role="region" tabindex="-1" hidden'
        f' aria-label="{esc(name_of(document))}{esc(article.id.article)}的上下文">'
        f'<div class="z-context-head"><strong>{esc(name_of(document))}</strong>'
        f'<button type="button" class="z-close">收起</button></div>'
        f"{_path(article)}{_neighbour('上一条', before)}"
        f'<div class="z-here"><h4>{esc(article_title(article))}</h4>{article_body(article, marks)}</div>'
        f"{_neighbour('下一条', after)}"
        f'<p class="z-open"><a href="{href}">在法规库中打开全文</a></p></div>'
    )


def context_at(
    catalog: Catalog, doc_id: str, version_id: str, at: str, start: int, end: int, name: str, n: int
) -> str:
    """Return the panel of the provision with the locator `at`, characters `start`–`end` marked.

    UnknownDocumentError or UnknownProvisionError if the library does not hold it.
    """
    document = catalog.get(doc_id)
    version = document.version(version_id) if version_id else document.latest()
    found = (
        (article, provision)
        for article in version.articles
        for provision in article.provisions()
        if provision.id.locator == at
    )
    article, provision = next(found, (None, None))
    if article is None or provision is None:
        raise UnknownProvisionError(f"《{document.title}》没有{at[:40]}")
    marks = [Mark(start, end, n)] if 0 <= start < end <= len(article.text) else []
    return context_html(name, document, version, article, provision, marks)


def _path(article: Article) -> str:
    return f'<p class="z-path">{esc(" › ".join(article.path))}</p>' if article.path else ""


def _neighbour(label: str, article: Article | None) -> str:
    if article is None:
        return ""
    return (
        f'<details class="z-neighbour"><summary>{label}：{esc(article_title(article))}</summary>'
        f"{article_body(article)}</details>"
    )
