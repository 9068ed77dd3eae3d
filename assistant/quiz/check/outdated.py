"""What a question says that was overtaken: agencies renamed, documents repealed, old numbers."""

from __future__ import annotations

import re

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.evidence import Evidence, Library
from assistant.quiz.check.statements import asks_exception, asserted
from assistant.quiz.check.wording import plain
from assistant.quiz.model import WRONG, Kind
from kb.citation import Citation, find_citations
from kb.colloquial import old_names
from kb.errors import UnknownProvisionError
from kb.model import Document, EventKind, Status
from kb.superseded import find_superseded

_MOVED = 0.3
"""An article that fits a statement so much better than the cited one is the one that is meant."""


def texts_held_true(question: BankQuestion) -> tuple[str, ...]:
    """Return what the question wants its readers to believe, one text a statement."""
    if question.kind is Kind.JUDGE:
        return (question.stem,)
    if asks_exception(question):
        return (question.stem, *(o for o in question.options if o not in question.answer))
    return (question.stem, *question.answer)


def renamed(question: BankQuestion, evidence: Evidence, library: Library) -> str:
    """Return which agency the question calls by an old name that no law uses any more."""
    linked = evidence.linked
    held = linked.passage.text if linked else ""
    for text in texts_held_true(question):
        bare = re.sub(r"[《〈][^《》]*[》〉]", "", text)
        for name, r in old_names(bare, library.day):
            gone = r.to and name not in held and not library.in_use(name, r.since)
            if gone and r.to not in bare:
                return f"“{name}”现为“{r.to}”（{r.note}）"
    return ""


def repealed(question: BankQuestion, library: Library) -> str:
    """Return which document the question relies on that is no longer in force."""
    catalog, day = library.catalog, library.day
    for text in texts_held_true(question):
        for mention in catalog.find_mentions(text):
            docs = [catalog.get(i) for i in mention.doc_ids]
            if docs and all(d.status_on(day) is Status.REPEALED for d in docs):
                return _repeal_note(docs[0])
            if mention.marked and not docs and (gone := find_superseded(mention.name)):
                return f"《{gone.title}》已废止，现为《{gone.by}》（{gone.on.isoformat()} 起）"
    return ""


def _repeal_note(document: Document) -> str:
    by = next((e.by for e in document.events if e.kind is EventKind.REPLACED and e.by), "")
    since = document.repealed_on()
    day = f"，自 {since.isoformat()} 起" if since else ""
    return f"《{document.title}》已废止{day}" + (f"，由《{by}》取代" if by else "")


def renumbered(question: BankQuestion, library: Library) -> tuple[str, str]:
    """Return which cited article has another number now, and the citation as it should read.

    Nothing is said where the cited article fits, or none fits clearly better.
    """
    if question.answer == (WRONG,):
        return "", ""
    for text in texts_held_true(question):
        for citation in find_citations(text, library.catalog.find_mentions):
            if citation.mention is None or len(citation.mention.doc_ids) != 1:
                continue
            if found := _moved(text, citation, library):
                return found
    return "", ""


def _moved(text: str, citation: Citation, library: Library) -> tuple[str, str] | None:
    assert citation.mention is not None  # noqa: S101
    catalog, index, day = library.catalog, library.index, library.day
    document = catalog.get(citation.mention.doc_ids[0])
    said = plain(asserted(text[citation.locator.end :]))
    if len(said) < 12 or document.version_on(day) is None:
        return None
    near = index.near(said, 1, frozenset((document.id,)))
    if not near or near[0][0] < 0.6:
        return None
    share, best = near[0]
    label = citation.locator.label
    try:
        cited = catalog.resolve(document, citation.locator, day).id.in_article
        fits = max((index.share(said, p) for p in index.of_article(cited)), default=0.0)
    except UnknownProvisionError:
        fits = 0.0
    if best.provision.id.article == label or share - fits < _MOVED:
        return None
    now = f"《{document.title}》{best.provision.id.article}"
    return f"《{document.title}》的这一内容不在{label}，现在是{best.provision.id.article}", now
