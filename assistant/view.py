"""The part of the index that a question may be answered from: in scope, in force, of a region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexer.reader import Index
from indexer.units import UnitKind
from kb.catalog import Catalog
from kb.model import Document, Level, ProvisionId, TextKind

NATIONAL = "全国"
CORE_LAW = "work-safety-law"
"""The law that answers when a question names no trade."""
SCOPES = ("safety", "all")
Rows = npt.NDArray[np.int64]


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

    `articles[i]` is article i; `owner[row]` is the article a row belongs to, -1 if filtered out;
    `doc_of[i]` and `doc_of_row[row]` number the documents of `doc_ids`.
    """

    def __init__(self, index: Index, catalog: Catalog, filters: Filters) -> None:
        self.filters = filters
        allowed = _allowed_versions(catalog, filters)
        numbers: dict[ProvisionId, int] = {}
        self.articles: list[ProvisionId] = []
        self.owner = np.full(len(index.units), -1, np.int64)
        kinds = np.zeros(len(index.units), np.int8)
        for row, unit in enumerate(index.units):
            if unit.kind is UnitKind.ASKED:
                kinds[row] = 1
            target = unit.target
            if allowed.get(target.doc_id) != target.version:
                continue
            article = target.in_article
            number = numbers.get(article)
            if number is None:
                if unit.kind is not UnitKind.ARTICLE or not _covered(catalog, article, filters):
                    continue
                number = numbers[article] = len(self.articles)
                self.articles.append(article)
            self.owner[row] = number
        self.text_mask = (self.owner >= 0) & (kinds == 0)
        self.asked_mask = (self.owner >= 0) & (kinds == 1)
        names = [a.doc_id for a in self.articles]
        self.doc_ids, self.doc_of = np.unique(np.array(names, dtype=object), return_inverse=True)
        self.doc_of_row = np.where(self.owner >= 0, self.doc_of[self.owner], -1)
        held = self.doc_of_row[self.doc_of_row >= 0]
        self.rows_in_doc = np.bincount(held, minlength=len(self.doc_ids)).astype(np.float32)
        self.is_core = np.array([n == CORE_LAW for n in names], np.float32)
        self.is_penal = np.array([is_penal(catalog, a) for a in self.articles], np.float32)
        own = {d.id for d in catalog if d.text_kind is TextKind.UNIT}
        self.is_own = np.array([n in own for n in names], np.bool_)
        self.is_policy = np.array([n.startswith("policy-") for n in names], np.float32)
        docs = [catalog.get(n) for n in names]
        self.is_lower = np.array([d.level is not Level.LAW for d in docs], np.float32)
        self.is_regional = np.array([d.region != NATIONAL for d in docs], np.float32)
        self.is_overtaken = np.array([is_overtaken(d, filters.day) for d in docs], np.float32)

    def __len__(self) -> int:
        return len(self.articles)

    @cached_property
    def texts(self) -> Rows:
        """The rows of texts, ascending."""
        return np.flatnonzero(self.text_mask)

    @cached_property
    def asked(self) -> Rows:
        """The rows of asked-as entries, ascending."""
        return np.flatnonzero(self.asked_mask)

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


def _grouped(mask: npt.NDArray[np.bool_], owner: Rows, count: int) -> tuple[Rows, Rows]:
    rows = np.flatnonzero(mask)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    starts = np.searchsorted(owner[rows], np.arange(count + 1))
    return rows, starts


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


def _covered(catalog: Catalog, article: ProvisionId, filters: Filters) -> bool:
    doc: Document = catalog.get(article.doc_id)
    if filters.scope == "all" or doc.scope_articles is None:
        return True
    return doc.covers(catalog.article(article))
