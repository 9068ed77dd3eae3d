"""What the library does not hold, as far as it knows: said before somebody relies on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.refusal import Unheld, read_unheld
from kb.catalog import Catalog
from kb.model import Document, TextKind
from kb.regions import region_names
from kb.superseded import Superseded, read_superseded


@dataclass(frozen=True, slots=True)
class Gaps:
    """The known gaps of a library.

    `unheld` are documents of which nothing or an outline is held; `outlines` the entries that
    say only what is certain; `headings` documents with articles listed by heading only, and how
    many; `provinces` those without a document of their own; `changed` documents of which later
    changes are not worked in; `earlier` documents whose former wordings are not held.
    """

    unheld: tuple[Unheld, ...]
    outlines: tuple[Document, ...]
    headings: tuple[tuple[Document, int], ...]
    provinces: tuple[str, ...]
    changed: tuple[Document, ...]
    earlier: tuple[Document, ...]
    superseded: tuple[Superseded, ...]


def find_gaps(catalog: Catalog, today: date) -> Gaps:
    """Return what is missing on `today`; what the unit has imported is no longer missing."""
    docs = [d for d in catalog if d.in_scope]
    own = {d.title for d in docs if d.text_kind is TextKind.UNIT}
    regions = {d.region for d in docs if not d.is_policy}
    listed = [(d, len(d.latest().listed)) for d in docs if d.latest().listed]
    return Gaps(
        unheld=tuple(u for u in read_unheld() if u.title not in own),
        outlines=tuple(d for d in docs if d.confidence == "outline"),
        headings=tuple(listed),
        provinces=tuple(r for r in region_names() if not any(x.startswith(r) for x in regions)),
        changed=tuple(d for d in docs if d.changes),
        earlier=tuple(
            d
            for d in docs
            if not d.is_policy and d.commenced_on() < d.versions[0].effective_on <= today
        ),
        superseded=read_superseded(),
    )


def gaps_json(gaps: Gaps) -> dict[str, object]:
    """Return the gaps as plain data."""
    return {
        "unheld": [{"title": u.title, "kind": u.kind} for u in gaps.unheld],
        "outlines": [d.title for d in gaps.outlines],
        "headings_only": [{"doc": d.title, "articles": n} for d, n in gaps.headings],
        "provinces": list(gaps.provinces),
        "changes_not_worked_in": [
            {"doc": d.title, "articles": [c.article for c in d.changes]} for d in gaps.changed
        ],
        "earlier_wordings": [
            {"doc": d.title, "held_from": d.versions[0].effective_on.isoformat()}
            for d in gaps.earlier
        ],
        "superseded": [
            {"title": s.title, "by": s.by, "on": s.on.isoformat()} for s in gaps.superseded
        ],
    }
