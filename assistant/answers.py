"""A question → an answer made of quotations, or a refusal that says what is missing.

Every statement is a verbatim span of the provision that its citation names; nothing is ever
rephrased. What the program adds itself (headline, notices) says only where words come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from assistant.liability import EXPLICIT, LiabilityLinks
from assistant.measures import goes_beyond, is_absent, sections_for
from assistant.naming import EntryFinder
from assistant.notices import headline, notices, setting_notices, status_sentence
from assistant.refusal import (
    asks_for_facts,
    details_stand_in,
    is_vague,
    missing_document,
)
from assistant.search import Found, Hit, Searcher
from assistant.sentences import referred, whole_statements
from assistant.understand import Kind, Question
from assistant.view import NATIONAL, Filters
from indexer.reader import Index
from kb.catalog import Catalog
from kb.model import Document, Provision, Status, TextKind, Version
from kb.superseded import Superseded, find_superseded

NEAREST = 5
MAX_PROVISIONS = 3
_BEGINNING = 3
"""How many articles are quoted of a document that is only named."""
_OUTLINE_WITHIN = 2
"""The outline of a document whose details we lack is what is asked for if it is so far in front."""
_AS_GOOD = 0.6
"""A hit with this share of the first one's score answers as well as it."""
_SHARE = 0.35
"""A further provision is quoted if its score is at least this share of the first one's."""
_BESIDE = 0.05
"""A law is quoted beside the regulation it overrides from this share of the regulation's score."""
_BESIDE_REGION = 0.03
"""A province's rule is quoted beside the national one from this share of its score."""
_FIGURE = re.compile(
    r"\d|百分之|[一二三四五六七八九十百千万两半](?:个|十)?(?:小时|日|天|年|月|元|万|人|米|次|倍|级|吨|度)"
)


class Outcome:
    """The two ways a question can end."""

    ANSWER = "answer"
    REFUSAL = "refusal"


class Reason:
    """Why a question was refused; stands in Answer.kind."""

    OUT_OF_SCOPE = "out_of_scope"
    NOT_IN_LIBRARY = "not_in_library"
    TOO_VAGUE = "too_vague"


@dataclass(frozen=True, slots=True)
class Quote:
    """The provision that citation `n` names, verbatim, with what a reader must know of it."""

    n: int
    document: Document
    version: Version
    provision: Provision
    status: Status


@dataclass(frozen=True, slots=True)
class Statement:
    """A verbatim span of the provision of citation `citation`; `note` says how a sanction fits."""

    text: str
    citation: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class DutyPart:
    """A group of an answer made from a duty list: the next `statements` hold its `duties`.

    `main` marks the group of the article that answers first.
    """

    title: str
    duties: int
    statements: int
    main: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """The duty list that an answer is made from, with the counts of what falls on the bearer.

    `parts` divide the statements of the answer in order.
    """

    bearer: str
    field: str
    own: int
    inherited: int
    powers: int
    parts: tuple[DutyPart, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets. `nearest` are only the closest provisions, not an answer."""

    outcome: str
    kind: str
    headline: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Quote, ...] = ()
    liability: tuple[Statement, ...] = ()
    notices: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()
    related: tuple[str, ...] = ()
    bearers: tuple[str, ...] = ()
    confidence: float = 0.0
    as_of: date | None = None
    """The day answered for, where it is not today."""
    region: str = ""
    """The province whose documents were added, if any."""
    listed: Listed | None = None
    """The list that the answer is made from, where somebody asked for all duties of a bearer."""


class Answerer:
    """Answers from one searcher. Safe to share between threads."""

    def __init__(
        self, catalog: Catalog, searcher: Searcher, index: Index, threshold: float
    ) -> None:
        self._catalog, self._searcher, self._index = catalog, searcher, index
        self._threshold = threshold
        self._liability = LiabilityLinks(catalog)
        self._entries = EntryFinder(catalog)

    def answer(self, text: str, filters: Filters) -> Answer:
        """Return an answer or a designed refusal; BadInputError for unusable input."""
        found = self._searcher.search(text, 10, filters)
        if found.missing and not found.cited:
            return self._refuse(found, Reason.NOT_IN_LIBRARY, "；".join(found.missing) + "。")
        if found.cited:
            return self._unheld_wording(found) or self._compose(
                found, found.cited, extra=found.missing
            )
        if doc := self._entries.asked_for(found):
            return self._about_measure(found, doc)
        if refusal := self._cannot(found):
            return refusal
        return self._compose(found, self._with_whole_entry(found, self._chosen(found)))

    def _cannot(self, found: Found) -> Answer | None:
        question = found.question
        if gone := find_superseded(question.text):
            near = sorted(found.hits, key=lambda h: h.document.title != gone.by)
            found = replace(found, hits=tuple(near))
            return self._refuse(found, Reason.NOT_IN_LIBRARY, _superseded_sentence(gone, found))
        if (missing := missing_document(question)) and not self._is_own_paper(missing):
            return self._refuse(
                found,
                Reason.NOT_IN_LIBRARY,
                f"本库没有收录{missing}，不能据它回答；拿到原件后可以在法规库页导入。",
            )
        if facts := asks_for_facts(question):
            return self._refuse(
                found,
                Reason.NOT_IN_LIBRARY,
                f"本库只收法律条文和政策要点，不收{facts}，请向有关单位查询。",
            )
        if is_vague(question) and (whole := self._document_only(found)):
            return whole
        if is_vague(question):
            return self._refuse(
                found,
                Reason.TOO_VAGUE,
                "问题太笼统，请补充是谁、什么事，例如“乡镇政府在安全生产上要做什么”。",
            )
        if earlier := self._earlier_text(found):
            return earlier
        details = self._unheld_details(question)
        outlined = any(h.document.title in details for h in found.hits[:_OUTLINE_WITHIN])
        unsure = not found.hits or (found.confidence < self._threshold and not outlined)
        if details and (unsure or self._lacks(found)):
            return self._refuse(
                found,
                Reason.NOT_IN_LIBRARY,
                f"这件事要看{_titles(details)}，本库还没有收录；请向主管部门索取原文。",
            )
        if unsure:
            return self._refuse(
                found,
                Reason.OUT_OF_SCOPE,
                "本库的安全生产法律和政策里没有找到能直接回答这个问题的规定。",
            )
        return None

    def _lacks(self, found: Found) -> bool:
        """True if the best hits only say what is not held, or the first lacks the figure asked for."""
        first = found.hits[0]
        if found.question.kind is Kind.FIGURE and not _FIGURE.search(first.provision.text):
            return True
        as_good = [h for h in found.hits if h.score >= _AS_GOOD * first.score]
        return all(is_absent(self._catalog.article(h.provision.id)) for h in as_good)

    def _document_only(self, found: Found) -> Answer | None:
        """Quote how a document begins, if the question names one and asks nothing of it."""
        docs = [self._catalog.get(d) for d in found.question.doc_ids]
        if len(docs) != 1 or docs[0].is_policy:
            return None
        doc, day = docs[0], found.filters.day
        version = self._catalog.version_for(doc, day)
        status = doc.status_on(day, version)
        first = version.articles[:_BEGINNING]
        hits = tuple(Hit(n, a.whole, doc, version, status, 1.0) for n, a in enumerate(first, 1))
        count = len(version.articles) + len(version.listed)
        more = f"《{doc.title}》共 {count} 条，这里只引开头；全文和目录在法规库，也可以接着问其中一点。"
        return self._compose(found, hits, extra=(more,))

    def _unheld_wording(self, found: Found) -> Answer | None:
        """Refuse a cited provision whose wording on the day asked the library does not hold."""
        day = found.filters.day
        for hit in found.cited:
            doc = hit.document
            if hit.status is Status.NOT_YET and day >= doc.commenced_on():
                return self._refuse(
                    found,
                    Reason.NOT_IN_LIBRARY,
                    f"本库没有《{doc.title}》在 {day.isoformat()} 的文本（只收 "
                    f"{hit.version.effective_on.isoformat()} 起施行的），不能按当时的规定回答。",
                )
        return None

    def _earlier_text(self, found: Found) -> Answer | None:
        """Refuse where the law that answers today had another, unheld wording on the day asked."""
        now = self._searcher.filters()
        if found.filters.day == now.day:
            return None
        today = self._searcher.search(found.question.text, 3, replace(found.filters, day=now.day))
        if not today.hits or today.confidence < self._threshold:
            return None
        hit = today.hits[0]
        if hit.document.version_on(found.filters.day) is not None:
            return None
        close = [h for h in today.hits if h.score >= _AS_GOOD * hit.score]
        same = {h.provision.id.in_article for h in close}
        sure = found.hits and found.confidence >= self._threshold
        if (
            sure
            and found.question.kind is not Kind.PENALTY
            and found.hits[0].provision.id.in_article in same
        ):
            return None  # another document answered it then and does so still
        day = found.filters.day.isoformat()
        if found.filters.day < hit.document.commenced_on():
            why = f"今天回答它的是《{hit.document.title}》，{day} 时它尚未施行。"
        else:
            why = (
                f"今天回答它的是《{hit.document.title}》，本库没有它在 {day} 的文本"
                f"（只收 {hit.version.effective_on.isoformat()} 起施行的），不能按当时的规定回答。"
            )
        return self._refuse(today, Reason.NOT_IN_LIBRARY, why)

    def _refuse(self, found: Found, reason: str, headline: str) -> Answer:
        related = self._searcher.similar_questions(found, 4)
        return Answer(
            Outcome.REFUSAL, reason, headline,
            nearest=found.hits[:NEAREST], related=related, bearers=found.question.bearers,
            confidence=found.confidence, as_of=self._other_day(found.filters),
            region=found.filters.region,
        )  # fmt: skip

    def _other_day(self, filters: Filters) -> date | None:
        return filters.day if filters.day != self._searcher.filters().day else None

    def _about_measure(self, found: Found, doc: Document) -> Answer:
        """Quote the sections asked for; refuse where an outline does not go so far."""
        version = doc.latest()
        status = doc.status_on(found.filters.day, version)
        if status is Status.NOT_YET:
            why = status_sentence(doc, status, found.filters.day)
            return self._refuse(found, Reason.NOT_IN_LIBRARY, why)
        full = len(found.question.rest) > 1
        best = self._searcher.nearest_in(doc.id, found) if full else None
        parts = sections_for(found.question.core if full else "", doc, best)
        hits = tuple(Hit(n, a.whole, doc, version, status, 1.0) for n, a in enumerate(parts, 1))
        if doc.confidence == "outline" and best and goes_beyond(found.question.core, best):
            why = f"本库只有“{doc.title}”的要点提纲，这一点没有收录；拿到原件后可以在法规库页导入。"
            return self._refuse(replace(found, hits=hits), Reason.NOT_IN_LIBRARY, why)
        return self._compose(found, hits)

    def _with_whole_entry(self, found: Found, chosen: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Put the sections that the question asks for in place of one section of an entry."""
        first = chosen[0]
        if not first.document.is_policy:
            return chosen
        doc, best = first.document, self._catalog.article(first.provision.id)
        parts = sections_for(found.question.core, doc, best)
        own = [replace(first, provision=a.whole) for a in parts]
        return (*own, *(h for h in chosen if h.document.id != doc.id))

    def _chosen(self, found: Found) -> tuple[Hit, ...]:
        """The first hit and what is nearly as good: national rules first, the province's after.

        A document that a later law overrides is quoted only beside what that law says, and
        where a province is asked about, its own rule beside the national one.
        """
        first = found.hits[0]
        close = [h for h in found.hits[1:MAX_PROVISIONS] if h.score >= _SHARE * first.score]
        chosen = [first, *close]
        chosen += self._prevailing(chosen, found)
        chosen += _of_the_region(chosen, found)
        return tuple(sorted(chosen, key=lambda h: (h.document.region != NATIONAL, h.rank)))

    @staticmethod
    def _prevailing(chosen: list[Hit], found: Found) -> list[Hit]:
        out: list[Hit] = []
        held = {h.document.title for h in chosen}
        for hit in chosen:
            for p in hit.document.yields_to:
                if p.over in held or found.filters.day < p.since:
                    continue
                above = [
                    h for h in found.hits
                    if h.document.title == p.over and h.score >= _BESIDE * hit.score
                ]  # fmt: skip
                out += above[:1]
                held |= {h.document.title for h in above[:1]}
        return out

    def _compose(self, found: Found, hits: tuple[Hit, ...], extra: tuple[str, ...] = ()) -> Answer:
        quotes = _Quotes(found.filters.day)
        statements = [
            Statement(text, quotes.number(h.document, h.version, p))
            for h in hits
            for text, p in whole_statements(self._catalog.article(h.provision.id), h.provision)
        ]
        liability = self._sanctions(found.question, hits, quotes)
        day = found.filters.day
        return Answer(
            Outcome.ANSWER,
            found.question.kind.value,
            headline(hits),
            tuple(statements),
            quotes.all(),
            tuple(liability),
            (
                *extra,
                *setting_notices(found.question.setting, hits, found.filters),
                *notices(hits, day, is_today=self._other_day(found.filters) is None),
                *self._gone(found),
                *self._where_details(found.question),
                *self._no_regional(found.filters),
            ),
            (),
            self._searcher.similar_questions(found, 4),
            found.question.bearers,
            found.confidence,
            self._other_day(found.filters),
            found.filters.region,
        )

    def _gone(self, found: Found) -> tuple[str, ...]:
        """Say of a document that the question names, and that is not quoted, how it stands."""
        day, out = found.filters.day, []
        for doc_id in found.question.doc_ids:
            doc = self._catalog.get(doc_id)
            if doc.is_policy or any(h.document.id == doc_id for h in found.cited):
                continue
            status = doc.status_on(day, self._catalog.version_for(doc, day))
            if status in (Status.REPEALED, Status.NOT_YET):
                out.append(status_sentence(doc, status, day))
        return tuple(out)

    def _is_own_paper(self, missing: str) -> bool:
        """True if `missing` is an unnamed paper of the unit (我们镇的通知) and some are imported."""
        own = any(d.text_kind is TextKind.UNIT for d in self._catalog)
        return own and missing.startswith("“")

    def _unheld_details(self, question: Question) -> tuple[str, ...]:
        """The documents that hold the details, without those that were imported since."""
        return tuple(
            t
            for t in details_stand_in(question)
            if all(d.confidence == "outline" for d in self._catalog.by_name(t))
        )

    def _where_details(self, question: Question) -> tuple[str, ...]:
        details = self._unheld_details(question)
        if not details:
            return ()
        return (f"更具体的规定在{_titles(details)}，本库还没有收录；上面只是法律里的规定。",)

    def _no_regional(self, filters: Filters) -> tuple[str, ...]:
        region = filters.region
        if not region or self._searcher.holds_region(region):
            return ()
        return (
            f"本库没有{region}的文件（例如《{region}安全生产条例》），以上只是全国的规定；"
            "拿到当地文件的原件后，可以在法规库页导入，再问时会一并列出。",
        )

    def _sanctions(
        self, question: Question, hits: tuple[Hit, ...], quotes: _Quotes
    ) -> list[Statement]:
        if question.kind is Kind.DEFINITION:
            return []
        out: list[Statement] = []
        seen = {h.provision.id for h in hits}
        for hit in hits:
            for link in self._liability.of(hit.document, hit.version, hit.provision):
                if link.provision.id in seen:
                    continue
                seen.add(link.provision.id)
                note = "" if link.basis == EXPLICIT else link.basis
                if link.lead is not None:
                    n = quotes.number(hit.document, hit.version, link.lead)
                    lead = Statement(link.lead.lead, n, note)
                    if lead not in out:
                        out.append(lead)
                article = self._catalog.article(link.provision.id)
                own = [(link.provision.text, link.provision)]
                for text, p in [*own, *referred(article, link.provision)]:
                    n = quotes.number(hit.document, hit.version, p)
                    out.append(Statement(text, n, note))
        return out


def _of_the_region(chosen: list[Hit], found: Found) -> list[Hit]:
    """The best hit from the province asked about, if none is chosen yet and one fits at all."""
    if not found.filters.region or any(h.document.region != NATIONAL for h in chosen):
        return []
    own = [
        h
        for h in found.hits
        if h.document.region != NATIONAL
        and not h.document.is_policy
        and h.score >= _BESIDE_REGION * chosen[0].score
    ]
    return own[:1]


def _superseded_sentence(gone: Superseded, found: Found) -> str:
    footing = f"（见《{gone.by}》{gone.footing.removeprefix(gone.by)}）" if gone.footing else ""
    if found.filters.day < gone.on:
        return (
            f"本库没有收录《{gone.title}》，它 {gone.on.isoformat()} 才由《{gone.by}》取代，"
            "不能按当时的规定回答。"
        )
    return (
        f"《{gone.title}》已废止，{gone.on.isoformat()} 起由《{gone.by}》取代{footing}；"
        "原文本库没有收录，现在请按取代它的文件办。"
    )


def _titles(titles: tuple[str, ...]) -> str:
    return "、".join(f"《{t}》" for t in titles)


class _Quotes:
    """Numbers citations in order of first use."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._quotes: dict[str, Quote] = {}

    def number(self, document: Document, version: Version, provision: Provision) -> int:
        key = str(provision.id)
        if key not in self._quotes:
            status = document.status_on(self._day, version)
            n = len(self._quotes) + 1
            self._quotes[key] = Quote(n, document, version, provision, status)
        return self._quotes[key].n

    def all(self) -> tuple[Quote, ...]:
        return tuple(self._quotes.values())
