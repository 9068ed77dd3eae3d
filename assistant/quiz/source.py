"""What questions are made from: the documents in force on a day and the norms in them."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Held:
    """An article in force with its document and the norms that it holds, in reading order."""

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
        self.asked = tuple(h for h in self.everything if self._may_be_asked(h.document))

    def narrowed(self, keep: Callable[[Held], bool]) -> Source:
        """Return the same source, of which only the articles to `keep` are asked about."""
        made = copy(self)
        made.asked = tuple(h for h in self.asked if keep(h))
        return made

    def _may_be_asked(self, document: Document) -> bool:
        """Digests marked as outlines are not certain enough to examine anybody on."""
        if document.text_kind is TextKind.DIGEST and document.confidence != "verified":
            return False
        if document.level is Level.LOCAL_PRACTICE:
            return False
        return document.region in ("全国", self.region)
