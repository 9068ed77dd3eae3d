"""What questions are made from: the documents in force on a day and the norms in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from indexer.norms import Norm
from kb.catalog import Catalog
from kb.duty_bearers import BearerTable
from kb.fields import FieldTable
from kb.model import Article, Document, Level, ProvisionId, TextKind, Version

_PARTLY_ON_SAFETY = frozenset(
    {
        "public-security-penalty-law", "social-insurance-law", "urban-real-estate-law",
        "labour-law", "labour-contract-law", "trade-union-law", "public-officials-sanctions-law",
        "forest-law", "grassland-law", "highway-law", "mineral-resources-law", "coal-law",
        "civil-aviation-law", "electric-power-law", "meteorology-law",
    }
)  # fmt: skip
"""Laws of other matters, of which only what touches on safety is asked in a safety examination."""
_OTHER_SAFETY = frozenset({"food-safety-law"})
"""What cadres ask about, but nobody is examined on in work safety."""
_OF_SAFETY = re.compile(
    "安全(?!感|保卫)|事故|危险|火灾|防火|消防|爆炸|灾害|应急|隐患|工伤|职业病|劳动保护|易燃|有毒|伤亡|救援|防护"
)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """An article in force with its document and the norms that it holds, in reading order.

    Two are the same only if they are one object, so that what is read of one is kept cheaply.
    """

    document: Document
    version: Version
    article: Article
    norms: tuple[Norm, ...]


class Source:
    """Everything in scope and in force on `day`. Immutable.

    `region` adds the documents of one province; without it only national ones are asked about.
    Provincial documents that are left out still count where an option must be false everywhere:
    see `everything`.
    """

    def __init__(
        self,
        catalog: Catalog,
        norms: Sequence[Norm],
        bearers: BearerTable,
        fields: FieldTable,
        day: date,
        region: str = "",
    ) -> None:
        self.catalog, self.bearers, self.fields = catalog, bearers, fields
        self.day, self.region = day, region
        by_article: dict[ProvisionId, list[Norm]] = defaultdict(list)
        for norm in norms:
            by_article[norm.provision.in_article].append(norm)
        self.everything = tuple(
            Held(document, version, article, tuple(by_article.get(article.id, ())))
            for document in catalog
            if document.in_scope and (version := document.version_on(day)) is not None
            for article in version.articles
            if document.covers(article) and document.change_of(article.id.article, day) is None
        )
        self.asked = tuple(
            h for h in self.everything if self._may_be_asked(h.document) and _is_on_safety(h)
        )

    def narrowed(self, keep: Callable[[Held], bool]) -> Source:
        """Return the same source, of which only the articles to `keep` are asked about."""
        made = copy(self)
        made.asked = tuple(h for h in self.asked if keep(h))
        return made

    def _may_be_asked(self, document: Document) -> bool:
        """Digests marked as outlines are not certain enough to examine anybody on."""
        if document.text_kind is TextKind.DIGEST and document.confidence != "verified":
            return False
        if document.level is Level.LOCAL_PRACTICE or document.id in _OTHER_SAFETY:
            return False
        return document.region in ("全国", self.region)


def _is_on_safety(held: Held) -> bool:
    """False for what a law of another matter says of that other matter."""
    if held.document.id not in _PARTLY_ON_SAFETY:
        return True
    return bool(_OF_SAFETY.search("".join((*held.article.path, held.article.text))))
