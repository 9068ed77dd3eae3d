"""Addresses as they stand in links and jump boxes → provisions of one version."""

from __future__ import annotations

import re

from kb.catalog import Catalog
from kb.citation import article_label, find_citations, parse_locator
from kb.errors import CitationError, KbError, UnknownProvisionError
from kb.model import Document, Provision, ProvisionId, Version
from kb.numerals import to_int

_BARE = re.compile(r"第?\s*([0-9０-９〇零一二三四五六七八九十百千两]{1,9})\s*条?")
_INSERTED = re.compile(r"(\d+)\s*(?:之|-)\s*(\d+)")


def place(document: Document, version: Version, at: str) -> Provision:
    """Return what `at` means in that version: 第九条第二款, 第9条, 9, 133之1, or a heading.

    UnknownProvisionError says in Chinese what is not there.
    """
    wanted = at.strip()
    for article in version.articles:
        found = next((p for p in article.provisions() if p.id.locator == wanted), None)
        if found is not None:
            return found
    pid = _read(document, version, wanted)
    article_found = version.article(pid.article)
    if article_found is None:
        raise UnknownProvisionError(f"《{document.title}》没有{pid.article}，请核对条号。")
    several = any(p.id.paragraph is not None for p in article_found.parts)
    if pid.paragraph == 1 and not several:
        pid = ProvisionId(pid.doc_id, pid.version, pid.article, None, pid.item, pid.subitem)
    exact = next((p for p in article_found.provisions() if p.id == pid), None)
    if exact is None:
        raise UnknownProvisionError(
            f"《{document.title}》{pid.article}没有{pid.locator.removeprefix(pid.article)}，"
            "请核对款项。"
        )
    return exact


def _read(document: Document, version: Version, wanted: str) -> ProvisionId:
    try:
        if m := _BARE.fullmatch(wanted):
            return ProvisionId(document.id, version.id, article_label(to_int(m[1])))
        if m := _INSERTED.fullmatch(wanted):
            return ProvisionId(document.id, version.id, article_label(int(m[1]), int(m[2])))
        return parse_locator(wanted).to_id(document.id, version.id)
    except (CitationError, ValueError):
        raise UnknownProvisionError(
            f"《{document.title}》里没有“{wanted[:40]}”；请写成 9 或 第九条第二款。"
        ) from None


def basis_target(catalog: Catalog, basis: str) -> ProvisionId | None:
    """Return the provision that 安全生产法第九十条 names; None if not exactly one is held."""
    cited = find_citations(basis, catalog.find_mentions)
    if len(cited) != 1 or cited[0].mention is None or len(cited[0].mention.doc_ids) != 1:
        return None
    document = catalog.get(cited[0].mention.doc_ids[0])
    try:
        return catalog.resolve(document, cited[0].locator).id
    except KbError:
        return None
