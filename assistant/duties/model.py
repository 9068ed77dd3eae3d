"""What a duty list consists of. Interfaces and exports only render it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from assistant.answers import Quote
from indexer.norms import Modality, Norm
from kb.duty_bearers import Bearer
from kb.model import Document, Version

DUTIES = (Modality.MUST, Modality.MUST_NOT)
POWERS = (Modality.MAY, Modality.RIGHT)


@dataclass(frozen=True, slots=True)
class Sanction:
    """What a breach leads to: the provision, the line that introduces it, how sure the link is.

    `basis` is one of the labels of `assistant.liability`: 条文写明, 人工核对 or 按内容推定.
    """

    quote: Quote
    lead: str
    basis: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of a list. `quote.n` is the number of its provision in the list.

    `only` is the subject phrase where it means only some of the bearer's kind, else "".
    `inherited_from` is None for the bearer's own duties; otherwise `why` names the rule of
    reading. `fields` begins with the field under which the duty stands.
    """

    norm: Norm
    quote: Quote
    only: str
    inherited_from: Bearer | None
    why: str
    fields: tuple[str, ...]
    sanctions: tuple[Sanction, ...]

    @property
    def deadline(self) -> str:
        """Its deadlines, frequencies and amounts in one string, "" if it has none."""
        return "；".join(self.norm.limits)


@dataclass(frozen=True, slots=True)
class DocumentGroup:
    """The duties from one document; own and inherited ones never stand in one group.

    Those that must be done come before those that must not, those of the whole kind before
    those of some only, then the order of the document. `notes` are what a reader must know of it.
    """

    document: Document
    version: Version
    inherited: bool
    notes: tuple[str, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The duties of one field: documents with own duties first, then by rank."""

    field: str
    documents: tuple[DocumentGroup, ...]

    @property
    def size(self) -> int:
        """How many duties the field has."""
        return sum(len(d.duties) for d in self.documents)


@dataclass(frozen=True, slots=True)
class DutyList:
    """A complete list. `duties` are what must and must not be done, `powers` what may be done.

    `outlines` quote what the library knows of people whose own document it does not hold.
    `unclear` counts the norms of the same day, region and field that name no bearer.
    """

    bearer: Bearer
    field: str
    as_of: date
    region: str
    duties: tuple[FieldGroup, ...]
    powers: tuple[FieldGroup, ...]
    outlines: tuple[Quote, ...]
    notices: tuple[str, ...]
    unclear: int

    @property
    def lines(self) -> tuple[Duty, ...]:
        """Every duty, then every power, in the order of the groups."""
        groups = (*self.duties, *self.powers)
        return tuple(duty for f in groups for d in f.documents for duty in d.duties)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each modality, own and inherited, and from how many documents."""
        lines = self.lines
        found = Counter(d.norm.modality for d in lines)
        own = sum(d.inherited_from is None for d in lines)
        return {
            **{m.value: found[m] for m in Modality},
            "own": own,
            "inherited": len(lines) - own,
            "documents": len({d.quote.document.id for d in lines}),
        }
