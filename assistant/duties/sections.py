"""The groups of a list in the order for readers: own ones first, then each larger kind apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.duties.model import Duty, FieldGroup
from kb.duty_bearers import Bearer


@dataclass(frozen=True, slots=True)
class Section:
    """Duties that fall on the bearer for one reason; `source` is None for its own ones.

    `source` is the larger kind to which the rules give them, and `why` says why they count.
    """

    source: Bearer | None
    why: str
    fields: tuple[FieldGroup, ...]

    @property
    def title(self) -> str:
        """Return what heads the section (plain text)."""
        return f"写给“{self.source.name}”、同样适用" if self.source else "规定直接写给它的"

    @property
    def size(self) -> int:
        """How many duties the section has."""
        return sum(f.size for f in self.fields)

    @property
    def duties(self) -> tuple[Duty, ...]:
        """All duties in the order of the groups."""
        return tuple(d for f in self.fields for g in f.documents for d in g.duties)


def sections_of(groups: tuple[FieldGroup, ...]) -> tuple[Section, ...]:
    """Return the groups of a list by reason, nothing left out or repeated.

    Own ones come first, then those of a kind before those of the kinds that it belongs to.
    """
    lines = (d for f in groups for g in f.documents for d in g.duties)
    reasons = dict.fromkeys((d.inherited_from, d.why) for d in lines)
    sources = {source.id: source for source, _ in reasons if source}

    def order(reason: tuple[Bearer | None, str]) -> tuple[bool, int]:
        source = reason[0]
        return source is not None, -len(_above(source, sources)) if source else 0

    return tuple(
        Section(source, why, _only(groups, source, why))
        for source, why in sorted(reasons, key=order)
    )


def _above(bearer: Bearer, among: dict[str, Bearer]) -> set[str]:
    """The ids of those `among` whose duties fall on `bearer`, too."""
    found: set[str] = set()
    waiting = [bearer]
    while waiting:
        for step in waiting.pop().inherits:
            if step.bearer in among and step.bearer not in found:
                found.add(step.bearer)
                waiting.append(among[step.bearer])
    return found - {bearer.id}


def _only(
    groups: tuple[FieldGroup, ...], source: Bearer | None, why: str
) -> tuple[FieldGroup, ...]:
    out = []
    for field in groups:
        documents = []
        for group in field.documents:
            kept = tuple(d for d in group.duties if d.inherited_from == source and d.why == why)
            if kept:
                documents.append(replace(group, duties=kept))
        if documents:
            out.append(replace(field, documents=tuple(documents)))
    return tuple(out)
