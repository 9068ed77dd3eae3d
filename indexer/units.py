"""What is indexed: one entry per 条, 款 and 项, and one per asked-as question.

An item is indexed with the line that introduces it, because （三）不服从管理的 means nothing
alone; what is shown is always the provision itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from kb.asked import AskedAs
from kb.model import Article, Document, Provision, ProvisionId


class UnitKind(str, Enum):
    """How an entry of the index came about."""

    ARTICLE = "article"
    PART = "part"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry: the words that are indexed and the provision that they lead to."""

    kind: UnitKind
    text: str
    target: ProvisionId


def units_of(documents: Iterable[Document], whole_library: bool = False) -> list[Unit]:
    """Return the entries for every version of every article, in document order.

    Outside the safety scope only with `whole_library`, and then one entry per article.
    """
    out: list[Unit] = []
    for doc in documents:
        for version in doc.versions:
            for article in version.articles:
                inside = doc.covers(article)
                if not inside and not whole_library:
                    continue
                out.append(Unit(UnitKind.ARTICLE, _headed(article, article.text), article.id))
                if inside:
                    out += [
                        Unit(UnitKind.PART, _headed(article, in_context(article, p)), p.id)
                        for p in article.parts
                        if p.id.subitem is None
                    ]
    return out


def asked_units(asked: Iterable[AskedAs]) -> list[Unit]:
    """Return the entries for asked-as questions."""
    return [Unit(UnitKind.ASKED, a.question, a.target.id) for a in asked]


def in_context(article: Article, provision: Provision) -> str:
    """Return the provision's words with the line that introduces it, if it is an item."""
    if provision.id.item is None:
        return provision.text
    above = [
        p.lead
        for p in article.provisions()
        if p.id.item is None and p.id.paragraph == provision.id.paragraph
    ]
    return f"{above[-1]}\n{provision.text}"


def _headed(article: Article, text: str) -> str:
    return text if article.heading in ("", article.id.article) else f"{article.heading}\n{text}"
