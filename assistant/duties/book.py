"""Makes duty lists from the norms that were extracted when the index was built.

Never from a search: nothing depends on a rank, so a list is complete for what the library holds.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.duties.assembly import Assembly, Held, Line
from assistant.duties.model import DUTIES, POWERS, DutyList
from assistant.duties.notices import list_notices
from assistant.liability import LiabilityLinks, Link
from assistant.view import applies_in
from indexer.norms import Norm
from kb.catalog import Catalog
from kb.duty_bearers import UNCLEAR, Bearer, BearerTable
from kb.fields import FieldTable
from kb.model import Provision, ProvisionId, Version

MAX_LINKS = 6
"""How many sanctions are shown for one provision."""
_CACHED_LISTS = 64
_CACHED_DAYS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A norm (by its place) that a bearer has; `only` as in Duty."""

    at: int
    only: str


@dataclass(frozen=True, slots=True)
class _Day:
    """The versions in force on a day in a region, by document, and the norms (places) in them."""

    versions: dict[str, Version]
    binding: frozenset[int]


class DutyBook:
    """Makes lists from the norms of one index. Safe to share between threads.

    What falls on whom, fields and sanctions are looked up once; the last lists are kept.
    """

    def __init__(
        self,
        norms: Sequence[Norm],
        catalog: Catalog,
        table: BearerTable,
        fields: FieldTable,
        links: LiabilityLinks,
        today: Callable[[], date],
    ) -> None:
        self.norms, self.catalog, self.table, self.fields = norms, catalog, table, fields
        self._links, self.today = links, today
        self._lock = threading.RLock()
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._lists: OrderedDict[tuple[str, str, date, str], DutyList] = OrderedDict()
        self._days: OrderedDict[tuple[date, str], _Day] = OrderedDict()
        self._fields_of: dict[int, tuple[str, ...]] = {}
        self._links_of: dict[int, tuple[Link, ...]] = {}
        self._provisions: dict[ProvisionId, Provision] = {}

    def list_for(
        self, bearer: str, field: str = "", as_of: date | None = None, region: str = ""
    ) -> DutyList:
        """Return the list of the bearer of that name; without groups if nothing falls on it.

        UnknownBearerError and UnknownFieldError list the nearest names.
        """
        found = self.table.find(bearer)
        name = self.fields.find(field).name if field else ""
        key = (found.id, name, as_of or self.today(), region)
        with self._lock:
            made = self._lists.get(key)
            if made is None:
                made = self._lists[key] = self._make(found, *key[1:])
                if len(self._lists) > _CACHED_LISTS:
                    self._lists.popitem(last=False)
            self._lists.move_to_end(key)
            return made

    def sizes(self, as_of: date | None = None, region: str = "") -> dict[str, tuple[int, int]]:
        """Return bearer id → how many norms it has of its own, and with the inherited ones."""
        day = as_of or self.today()
        with self._lock:
            own = {b.id: {r.at for r in self.rows(b.id, day, region)} for b in self.table.bearers}
        return {
            b.id: (
                len(own[b.id]),
                len(set().union(*(own[i] for i, _ in self.table.falls_on(b.id)))),
            )
            for b in self.table.bearers
        }

    def rows(self, bearer_id: str, day: date, region: str = "") -> list[Row]:
        """Return what the rules in force lay on this bearer by name, in document order."""
        with self._lock:
            binding = self._day(day, region).binding
            return [r for r in self._all_rows()[bearer_id] if r.at in binding]

    def prepare(self) -> None:
        """Look up what any list of today may need (some seconds), so that the first is quick.

        Lists can be made meanwhile: the lock is taken anew for each norm.
        """
        with self._lock:
            self._all_rows()
            binding = sorted(self._day(self.today(), "").binding)
        for at in binding:
            with self._lock:
                self._fields_for(at)
                self._sanctions(at)

    def _make(self, bearer: Bearer, field: str, day: date, region: str) -> DutyList:
        lines = self._lines(bearer, field, day, region)
        held = Held(self.catalog, self._day(day, region).versions, self.fields.order)
        assembly = Assembly(held, day, self._provision, self._sanctions)
        duties = assembly.groups(x for x in lines if x.norm.modality in DUTIES)
        powers = assembly.groups(x for x in lines if x.norm.modality in POWERS)
        outlines = [] if field else [self._outline(place) for place in bearer.outline]
        unclear = self.rows(UNCLEAR, day, region) if bearer.id != UNCLEAR else []
        return DutyList(
            bearer,
            field,
            day,
            region,
            duties,
            powers,
            tuple(assembly.quote(self.catalog.get(p.doc_id), v, p) for p, v in outlines),
            list_notices(
                bearer,
                region,
                self.catalog,
                inherited=any(x.inherited_from for x in lines),
                some=any(x.only for x in lines),
                past=day if day != self.today() else None,
            ),
            sum(not field or field in self._fields_for(r.at) for r in unclear),
        )

    def _lines(self, bearer: Bearer, field: str, day: date, region: str) -> list[Line]:
        taken: dict[int, Line] = {}
        for source, why in self.table.falls_on(bearer.id):
            inherited = None if source == bearer.id else self.table.get(source)
            for row in self.rows(source, day, region):
                fields = self._fields_for(row.at)
                if row.at in taken or (field and field not in fields):
                    continue
                if field:
                    fields = (field, *(f for f in fields if f != field))
                taken[row.at] = Line(row.at, self.norms[row.at], row.only, inherited, why, fields)
        return list(taken.values())

    def _all_rows(self) -> dict[str, tuple[Row, ...]]:
        if not self._rows:
            rows: dict[str, list[Row]] = defaultdict(list)
            for at, norm in enumerate(self.norms):
                denoted = self.table.denoted(norm.subject)
                plain = {d.bearer for d in denoted if not d.narrower}
                for bearer in dict.fromkeys(d.bearer for d in denoted):
                    rows[bearer].append(Row(at, "" if bearer in plain else norm.subject))
                if not denoted:
                    rows[UNCLEAR].append(Row(at, ""))
            self._rows = {b.id: tuple(rows[b.id]) for b in self.table.bearers}
        return self._rows

    def _day(self, day: date, region: str) -> _Day:
        key = (day, region)
        found = self._days.get(key)
        if found is None:
            held = {d.id: d.version_on(day) for d in self.catalog if applies_in(d, region)}
            versions = {i: v for i, v in held.items() if v is not None}
            ids = {(i, v.id) for i, v in versions.items()}
            binding = frozenset(
                at
                for at, norm in enumerate(self.norms)
                if (norm.provision.doc_id, norm.provision.version) in ids
            )
            found = self._days[key] = _Day(versions, binding)
            if len(self._days) > _CACHED_DAYS:
                self._days.popitem(last=False)
        return found

    def _provision(self, pid: ProvisionId) -> Provision:
        found = self._provisions.get(pid)
        if found is None:
            found = self._provisions[pid] = self.catalog.provision(pid)
        return found

    def _fields_for(self, at: int) -> tuple[str, ...]:
        found = self._fields_of.get(at)
        if found is None:
            norm = self.norms[at]
            document = self.catalog.get(norm.provision.doc_id)
            words = f"{norm.trigger}\n{norm.text}"
            found = self._fields_of[at] = self.fields.of(document, words)
        return found

    def _sanctions(self, at: int) -> tuple[Link, ...]:
        """What sanctions a breach of this norm; none for what may be done."""
        found = self._links_of.get(at)
        if found is None:
            norm = self.norms[at]
            document = self.catalog.get(norm.provision.doc_id)
            version = document.version(norm.provision.version)
            duty = _as_provision(norm)
            wanted = norm.modality in DUTIES
            links = self._links.of(document, version, duty, MAX_LINKS) if wanted else []
            found = self._links_of[at] = tuple(links)
        return found

    def _outline(self, place: str) -> tuple[ProvisionId, Version]:
        doc_id, locator = place.split()
        version = self.catalog.get(doc_id).latest()
        found = next(
            p.id for a in version.articles for p in a.provisions() if p.id.locator == locator
        )
        return found, version


def _as_provision(norm: Norm) -> Provision:
    """The norm in the words that a sanction is compared with.

    Not its sentence: that may hold several norms, each with a sanction of its own.
    """
    text = f"{norm.subject}应当{norm.trigger}，{norm.action}"
    return Provision(norm.provision, text, 0, len(text))
