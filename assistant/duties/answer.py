"""A duty list → an Answer: every duty with its citation, the bearer's own ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from assistant.answers import Answer, DutyPart, Listed, Outcome, Quote, Reason, Statement
from assistant.duties.leads import above, lead_of
from assistant.duties.model import Duty, DutyList
from assistant.duties.sections import Section, sections_of
from assistant.liability import EXPLICIT
from assistant.understand import Kind
from assistant.view import CORE_LAW
from kb.catalog import Catalog
from kb.model import Document, Level, Provision, ProvisionId, TextKind, Version

_LIST = 3
"""An article with so many items for the bearer lists its duties."""
_MANY = 3
"""With so many own duties the list is trusted where the search found something else."""


def duty_answer(
    made: DutyList, base: Answer, catalog: Catalog, said: Iterable[str] = ()
) -> Answer | None:
    """Return the answer made of this list; None where what was found (`base`) is the better one.

    The first statements are those of the article that states the bearer's duties: the list in
    the Work Safety Law, else what the search found of the highest rank. Then come the other own
    duties by field, and those that fall on the bearer as part of a larger kind. `said` are
    notices on the day and the place of the question.
    """
    sections = sections_of(made.duties)
    if not sections or sections[0].source is not None or base.kind == Reason.NOT_IN_LIBRARY:
        return None
    main = _main_article(made, base)
    if main is None and base.outcome == Outcome.ANSWER and sections[0].size < _MANY:
        return None  # the search found what is no duty of the bearer, and may be right
    out = _Composer(catalog)
    parts = [out.part(*part) for part in _parts(sections, main)]
    every = [d for s in sections for d in s.duties]
    out.sanction(sorted(every, key=lambda d: _article(d) != main))
    counts = Counter({s.source is None: 0 for s in sections})
    for section in sections:
        counts[section.source is None] += section.size
    listed = Listed(
        made.bearer.name, made.field, counts[True], counts[False],
        sum(f.size for f in made.powers), tuple(parts),
    )  # fmt: skip
    return replace(
        base,
        outcome=Outcome.ANSWER,
        kind=Kind.DUTY.value,
        headline=_headline(made, listed),
        statements=tuple(out.statements),
        citations=out.citations,
        liability=tuple(out.liability),
        notices=(*said, *_notices(made, out.citations)),
        nearest=(),
        listed=listed,
    )


def _main_article(made: DutyList, base: Answer) -> ProvisionId | None:
    """The article that answers first; None if no duty of the list stands in what was found."""
    duties = [d for f in made.duties for g in f.documents for d in g.duties]
    answered = base.outcome == Outcome.ANSWER
    found = [q.provision.id.in_article for q in base.citations] if answered else []
    core, listed = ([], False) if made.field else _in_core_law(duties)
    if listed:
        return core[0]
    levels = {_article(d): d.quote.document.level for d in duties}
    rank = list(Level).index
    beside = sorted((a for a in found if a in levels), key=lambda a: rank(levels[a]))
    return next(iter([*(a for a in found if a in core), *core[:1], *beside]), None)


def _in_core_law(duties: list[Duty]) -> tuple[list[ProvisionId], bool]:
    """The articles of the Work Safety Law with own duties; whether the first one lists them."""
    own = [
        d
        for d in duties
        if d.inherited_from is None and not d.only and d.quote.document.id == CORE_LAW
    ]
    items = Counter(_article(d) for d in own if d.quote.provision.id.item is not None)
    places = {a.id: n for d in own[:1] for n, a in enumerate(d.quote.version.articles)}

    def order(article: ProvisionId) -> tuple[int, int]:
        listed = items[article]
        return -listed if listed >= _LIST else 0, places[article]

    found = sorted({_article(d) for d in own}, key=order)
    return found, bool(found) and items[found[0]] >= _LIST


def _article(duty: Duty) -> ProvisionId:
    return duty.quote.provision.id.in_article


def _parts(
    sections: tuple[Section, ...], main: ProvisionId | None
) -> Iterable[tuple[str, list[Duty], bool]]:
    """Titles, duties, if it is the main article: that one, own ones by field, inherited ones."""
    first = [d for s in sections for d in s.duties if _article(d) == main]
    if first:
        document = first[0].quote.document
        title = f"《{document.title}》{first[0].quote.provision.id.article}"
        inside = sorted(first, key=lambda d: (d.quote.provision.start, d.norm.modality.value))
        yield title, inside, True
    for section in sections:
        for field in section.fields:
            rest = [d for g in field.documents for d in g.duties if _article(d) != main]
            title = field.field if section.source is None else f"{section.title}（{field.field}）"
            if rest:
                yield title, rest, False


def _headline(made: DutyList, listed: Listed) -> str:
    about = f"在{made.field}方面" if made.field else ""
    more = f"，因范围更大的主体同样适用 {listed.inherited} 项" if listed.inherited else ""
    powers = f"；另有可以做、有权做的 {listed.powers} 项" if listed.powers else ""
    return (
        f"{made.bearer.name}{about}的职责（必须做和不得做的）：规定直接写给它的 {listed.own} 项"
        f"{more}{powers}"
    )


def _notices(made: DutyList, citations: tuple[Quote, ...]) -> Iterable[str]:
    groups = [d for f in made.duties for d in f.documents]
    yield from made.notices
    if any(q.document.text_kind is TextKind.DIGEST for q in citations):
        yield "其中标“要点”的是本库用自己的话写的，不是文件原文，正式引用请核对原文。"
    own = [g for g in groups if not g.inherited]
    notes = ((g.document.title, n) for g in own for n in g.notes if "不是文件原文" not in n)
    yield from dict.fromkeys(f"《{title}》：{note}" for title, note in notes)


class _Composer:
    """Collects statements and sanctions; citations are numbered in the order of first use."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._quotes: dict[ProvisionId, Quote] = {}
        self.statements: list[Statement] = []
        self.liability: list[Statement] = []

    @property
    def citations(self) -> tuple[Quote, ...]:
        return tuple(self._quotes.values())

    def part(self, title: str, duties: list[Duty], main: bool) -> DutyPart:
        """Add these duties, each text once, items under the line that introduces them."""
        begin = len(self.statements)
        seen: set[Statement] = set()
        for duty in duties:
            quote = duty.quote
            wanted = [(duty.norm.text, quote.provision)]
            if lead := lead_of(self._catalog, duty):
                wanted.insert(0, (lead.lead, lead))
            for text, provision in wanted:
                n = self._number(quote.document, quote.version, provision, quote)
                statement = Statement(text, n)
                if statement not in seen:
                    seen.add(statement)
                    self.statements.append(statement)
        return DutyPart(title, len(duties), len(self.statements) - begin, main)

    def sanction(self, duties: Iterable[Duty]) -> None:
        """Add what a breach of these duties leads to, each provision once."""
        seen: set[tuple[ProvisionId, str]] = set()
        for sanction in (s for d in duties for s in d.sanctions):
            quote = sanction.quote
            key = (quote.provision.id, "")
            if key in seen:
                continue
            seen.add(key)
            note = "" if sanction.basis == EXPLICIT else sanction.basis
            lead = above(self._catalog, quote.provision.id) if sanction.lead else None
            if lead and (lead.id, note) not in seen:
                seen.add((lead.id, note))
                n = self._number(quote.document, quote.version, lead, quote)
                self.liability.append(Statement(lead.lead, n, note))
            n = self._number(quote.document, quote.version, quote.provision, quote)
            self.liability.append(Statement(quote.provision.text, n, note))

    def _number(self, document: Document, version: Version, of: Provision, like: Quote) -> int:
        if of.id not in self._quotes:
            n = len(self._quotes) + 1
            self._quotes[of.id] = Quote(n, document, version, of, like.status)
        return self._quotes[of.id].n
