"""Norms that fall on a bearer → groups by field and document, with numbered quotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assistant.answers import Quote
from assistant.duties.model import DocumentGroup, Duty, FieldGroup, Sanction
from assistant.duties.notices import document_notes
from assistant.liability import Link
from assistant.view import CORE_LAW
from indexer.norms import Modality, Norm
from kb.catalog import Catalog
from kb.duty_bearers import Bearer
from kb.model import Document, Level, Provision, ProvisionId, Version

_MODALITIES = {m: n for n, m in enumerate(Modality)}
_LEVELS = {level: n for n, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Line:
    """A norm as it falls on the bearer of a list, before it is grouped and numbered.

    `at` is its place among all norms, which is the order of the documents.
    """

    at: int
    norm: Norm
    only: str
    inherited_from: Bearer | None
    why: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What a list is made from: the documents, their versions in force, the order of fields."""

    catalog: Catalog
    versions: dict[str, Version]
    order: dict[str, int]


class Assembly:
    """Groups and quotes the lines of one list; citations are numbered as they are first used."""

    def __init__(
        self,
        held: Held,
        day: date,
        provision: Callable[[ProvisionId], Provision],
        sanctions: Callable[[int], tuple[Link, ...]],
    ) -> None:
        self._held, self._day = held, day
        self._provision, self._sanctions = provision, sanctions
        self._quotes: dict[ProvisionId, Quote] = {}
        self._places = {doc_id: n for n, doc_id in enumerate(held.versions)}

    def groups(self, lines: Iterable[Line]) -> tuple[FieldGroup, ...]:
        """Return the lines grouped by field, then by own or inherited and document."""
        ordered = sorted(lines, key=self._order)
        return tuple(
            FieldGroup(field, tuple(self._documents(list(of_field))))
            for field, of_field in groupby(ordered, key=lambda x: x.fields[0])
        )

    def quote(self, document: Document, version: Version, pid: ProvisionId) -> Quote:
        """Return the numbered quotation of a provision."""
        found = self._quotes.get(pid)
        if found is None:
            status = document.status_on(self._day, version)
            provision = self._provision(pid)
            found = Quote(len(self._quotes) + 1, document, version, provision, status)
            self._quotes[pid] = found
        return found

    def _order(self, line: Line) -> tuple[object, ...]:
        document = self._held.catalog.get(line.norm.provision.doc_id)
        return (
            self._held.order[line.fields[0]],
            line.inherited_from is not None,
            _LEVELS[document.level],
            document.id != CORE_LAW,
            self._places[document.id],
            _MODALITIES[line.norm.modality],
            bool(line.only),
            line.at,
        )

    def _documents(self, lines: list[Line]) -> Iterable[DocumentGroup]:
        def key(line: Line) -> tuple[bool, str]:
            return line.inherited_from is not None, line.norm.provision.doc_id

        for (inherited, doc_id), of_document in groupby(lines, key=key):
            document, version = self._held.catalog.get(doc_id), self._held.versions[doc_id]
            duties = tuple(self._duty(line, document, version) for line in of_document)
            labels = dict.fromkeys(d.norm.provision.article for d in duties)
            notes = document_notes(document, version, tuple(labels), self._day)
            yield DocumentGroup(document, version, inherited, notes, duties)

    def _duty(self, line: Line, document: Document, version: Version) -> Duty:
        quote = self.quote(document, version, line.norm.provision)
        sanctions = tuple(
            Sanction(
                self.quote(document, version, link.provision.id),
                link.lead.lead if link.lead else "",
                link.basis,
            )
            for link in self._sanctions(line.at)
        )
        return Duty(
            line.norm, quote, line.only, line.inherited_from, line.why, line.fields, sanctions
        )
