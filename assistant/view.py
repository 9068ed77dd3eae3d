"""The part of the index that a question may be answered from: in scope, in force, of a region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexer.reader import Index
from indexer.unit_table import KINDS, UnitTable
from indexer.units import UnitKind
from kb.catalog import Catalog
from kb.model import Document, Level, ProvisionId, TextKind

NATIONAL = "全国"
CORE_LAW = "work-safety-law"
"""The law that answers when a question names no trade."""
SCOPES = ("safety", "all")
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Rows32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to. `region` adds a province's documents to the national ones."""

    day: date
    scope: str = "safety"
    region: str = ""
    level: str = ""
    """Only documents of this level (法律, 国家政策, …); empty for all."""


class View:
    """Rows of the index grouped by article, for one set of filters.

    Articles that are let through are numbered in the order of the index. `owner[row]` is the
    article a row belongs to, -1 if filtered out; `doc_of[i]` and `doc_of_row[row]` number the
    documents of `doc_ids`, and so does `place_of` for document numbers of the index.
    """

    def __init__(self, index: Index, catalog: Catalog, filters: Filters) -> None:
        self.filters = filters
        self._catalog, table = catalog, index.units
        self._units = table
        self._held = np.flatnonzero(_allowed_articles(table, catalog, filters))
        numbers = np.full(len(table.document), -1, np.int32)
        numbers[self._held] = np.arange(len(self._held))
        self.owner: Rows32 = numbers[table.article]
        asked = table.kind == KINDS.index(UnitKind.ASKED)
        self.text_mask = (self.owner >= 0) & ~asked
        self.asked_mask = (self.owner >= 0) & asked
        held = table.document[self._held]
        present = sorted({int(n) for n in np.unique(held)}, key=lambda n: table.documents[n])
        self.doc_ids = tuple(table.documents[n][0] for n in present)
        self.number_of = {d: n for n, d in enumerate(self.doc_ids)}
        self.place_of: Rows32 = np.full(len(table.documents), -1, np.int32)
        self.place_of[present] = np.arange(len(present))
        self.doc_of: Rows32 = self.place_of[held]
        by_article = np.append(self.doc_of, np.int32(-1))
        self.doc_of_row: Rows32 = by_article[self.owner]
        self.rows_in_doc = np.bincount(
            self.doc_of_row[self.owner >= 0], minlength=len(present)
        ).astype(np.float32)
        self._penal = np.full(len(self._held), -1, np.int8)  # found out when first asked
        self._describe([catalog.get(d) for d in self.doc_ids])

    def _describe(self, docs: list[Document]) -> None:
        """Set what is true of articles because of their documents."""

        def each(values: list[bool]) -> npt.NDArray[np.float32]:
            return np.array(values, np.float32)[self.doc_of]

        day = self.filters.day
        self.is_core = each([d.id == CORE_LAW for d in docs])
        self.is_own = each([d.text_kind is TextKind.UNIT for d in docs]) > 0
        self.is_policy = each([d.id.startswith("policy-") for d in docs])
        self.is_lower = each([d.level is not Level.LAW for d in docs])
        self.is_regional = each([d.region != NATIONAL for d in docs])
        self.is_overtaken = each([is_overtaken(d, day) for d in docs])

    def __len__(self) -> int:
        return len(self._held)

    def article(self, number: int) -> ProvisionId:
        """Return the article of that number."""
        return self._units.article_id(int(self._held[number]))

    def penal(self, articles: Rows) -> npt.NDArray[np.float32]:
        """Return 1 for those of these articles that set out liability, 0 for the others."""
        for n in articles[self._penal[articles] < 0]:
            self._penal[n] = is_penal(self._catalog, self.article(int(n)))
        return self._penal[articles].astype(np.float32)

    def rows_of(self, doc_id: str) -> Rows:
        """Return the rows of the texts of one document, ascending; none if it is left out."""
        rows, starts = self.text_rows
        own = [rows[starts[n] : starts[n + 1]] for n in self.articles_of(doc_id)]
        return np.sort(np.concatenate(own)) if own else np.zeros(0, np.int64)

    def articles_of(self, doc_id: str) -> list[int]:
        """Return the numbers of the articles of one document, in order."""
        number = self.number_of.get(doc_id)
        return [] if number is None else [int(n) for n in np.flatnonzero(self.doc_of == number)]

    @cached_property
    def text_rows(self) -> tuple[Rows, Rows]:
        """Rows of texts sorted by article, and where each article's rows begin."""
        return _grouped(self.text_mask, self.owner, len(self))

    @cached_property
    def asked_rows(self) -> tuple[Rows, Rows]:
        """Rows of asked-as entries sorted by article, and where each article's rows begin."""
        return _grouped(self.asked_mask, self.owner, len(self))


def is_penal(catalog: Catalog, article: ProvisionId) -> bool:
    """True for articles in a chapter on legal liability (法律责任, 罚则), and for the Criminal Law."""
    path = catalog.article(article).path
    return article.doc_id == "criminal-law" or any("法律责任" in h or "罚则" in h for h in path)


def is_overtaken(doc: Document, day: date) -> bool:
    """True for a document that on `day` yields to one of higher rank on the same matter."""
    return any(day >= p.since for p in doc.yields_to)


def _grouped(mask: Mask, owner: Rows32, count: int) -> tuple[Rows, Rows]:
    rows = np.flatnonzero(mask)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    starts = np.searchsorted(owner[rows], np.arange(count + 1))
    return rows, starts


def _allowed_articles(
    table: UnitTable, catalog: Catalog, filters: Filters
) -> npt.NDArray[np.bool_]:
    """True for the articles of the index, by number, that the filters let through."""
    versions = _allowed_versions(catalog, filters)
    fits = np.array([versions.get(d) == v for d, v in table.documents], np.bool_)
    held = np.zeros(len(table.document), np.bool_)
    held[table.article[table.kind == KINDS.index(UnitKind.ARTICLE)]] = True  # its text is there
    allowed: npt.NDArray[np.bool_] = held & fits[table.document]
    if filters.scope == "all":
        return allowed
    for number, (doc_id, _) in enumerate(table.documents):
        if not fits[number] or catalog.get(doc_id).scope_articles is None:
            continue
        for n in np.flatnonzero(allowed & (table.document == number)):
            allowed[n] = _covered(catalog, table.article_id(int(n)))
    return allowed


def _allowed_versions(catalog: Catalog, filters: Filters) -> dict[str, str]:
    out = {}
    for doc in catalog:
        if filters.scope == "safety" and not doc.in_scope:
            continue
        if filters.level and doc.level.value != filters.level:
            continue
        if not applies_in(doc, filters.region):
            continue
        version = doc.version_on(filters.day)
        if version is not None:
            out[doc.id] = version.id
    return out


def applies_in(doc: Document, region: str) -> bool:
    """True if `doc` is to be used for `region` (empty: wherever the library is kept).

    A unit imports what applies to it, so its documents count unless another place is asked
    for; a county's document also counts for its province, and the province's for the county.
    """
    if doc.region == NATIONAL or doc.is_policy:
        return True  # an entry on a local practice says itself whose it is
    if not region or region == NATIONAL:
        return doc.text_kind is TextKind.UNIT
    return doc.region.startswith(region) or region.startswith(doc.region)


def _covered(catalog: Catalog, article: ProvisionId) -> bool:
    return catalog.get(article.doc_id).covers(catalog.article(article))
