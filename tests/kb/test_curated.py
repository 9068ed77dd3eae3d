"""The curated data as a whole: names, dates, footings, precedence."""

from datetime import date

import pytest

from kb.library import Library
from kb.model import Document, EventKind, TextKind

TODAY = date(2026, 11, 22)
AMBIGUOUS: set[str] = set()
"""Names that are meant to lead to several documents; none so far."""


def curated(library: Library) -> list[Document]:
    return [d for d in library.catalog if d.in_scope]


def test_every_name_leads_to_one_document(library: Library) -> None:
    for doc in curated(library):
        for name in (doc.title, doc.short, *doc.aliases):
            if name not in AMBIGUOUS:
                assert [d.id for d in library.catalog.by_name(name)] == [doc.id], name


def test_dates_are_in_order_and_not_in_the_future(library: Library) -> None:
    for doc in curated(library):
        days = {k: sorted(e.on for e in doc.events if e.kind is k) for k in EventKind}
        assert all(e.on <= TODAY for e in doc.events), doc.id
        if days[EventKind.ISSUED] and days[EventKind.EFFECTIVE]:
            assert days[EventKind.ISSUED][0] <= days[EventKind.EFFECTIVE][0], doc.id
        for end in days[EventKind.REPEALED] + days[EventKind.REPLACED]:
            others = [e.on for e in doc.events if e.on != end]
            assert all(on < end for on in others), doc.id


def test_what_prevails_is_held_and_in_force_by_then(library: Library) -> None:
    for doc in curated(library):
        for p in doc.yields_to:
            (over,) = library.catalog.by_name(p.over)
            assert over.title == p.over, "search compares full titles"
            assert over.commenced_on() <= p.since, (doc.id, p)


def test_digests_of_numbered_documents_say_how_they_were_verified(library: Library) -> None:
    digests = [d for d in curated(library) if d.text_kind is TextKind.DIGEST and not d.is_policy]
    assert len(digests) >= 24
    for doc in digests:
        assert doc.confidence == "verified", doc.id
        assert doc.verified, doc.id
        assert doc.latest().effective_on > date.min, doc.id
        assert doc.issuer, doc.id


def test_the_repealed_special_provisions_are_not_used_today(library: Library) -> None:
    doc = library.catalog.get("coal-accident-prevention")
    assert doc.version_on(TODAY) is None
    assert doc.version_on(date(2023, 1, 1)) is not None


@pytest.mark.parametrize(
    ("doc_id", "day"),
    [
        ("road-transport-regulation", date(2023, 7, 19)),
        ("work-injury-regulation", date(2010, 12, 31)),
        ("special-equipment-regulation", date(2009, 4, 30)),
    ],
)
def test_the_wording_before_an_amendment_is_not_held(
    library: Library, doc_id: str, day: date
) -> None:
    doc = library.catalog.get(doc_id)
    assert doc.commenced_on() < day
    assert doc.version_on(day) is None
    assert doc.version_on(TODAY) is not None
