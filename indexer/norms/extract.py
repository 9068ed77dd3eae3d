"""Every provision in scope → its norms, in document order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.norms.assigned import (
    answers,
    by_agent,
    find_assigned,
    find_continued,
    find_permitted,
    goes_on,
    titled_bearer,
)
from indexer.norms.cases import Span
from indexer.norms.limits import find_limits
from indexer.norms.lists import Items, assigns_list, kind_of_list
from indexer.norms.modals import Hit, find_modals
from indexer.norms.model import Modality, Norm
from indexer.norms.penalties import is_imposed, punisher
from indexer.norms.subjects import Reading, Subject, read_before
from indexer.norms.text import Sentence, split_sentences
from kb.model import Article, Document, Provision, ProvisionId
from kb.structure import ITEM, build_article

_EXCEPTION = re.compile(
    r"但(?:是)?，?[^。；]*?(?:除外|不受[^。；]*限制|不适用[^，。；]*)|[^，。；]*另有规定的，?(?:除外|从其规定|依照其规定)|[^，。；]*的除外"
)
_RULES_ELSEWHERE = re.compile(
    r"，[^，]{0,12}(?:具体)?(?:办法|标准|范围|目录)由[^，]*(?:制定|规定)[^，]*$"
)
_EDGE = "，；。：、 \n"


def norms_of(documents: Iterable[Document]) -> list[Norm]:
    """Return the norms of every version of every article in scope; policy entries have none."""
    return [
        norm
        for doc in documents
        if not doc.is_policy
        for version in doc.versions
        for article in version.articles
        if doc.covers(article)
        for norm in article_norms(article)
    ]


def article_norms(article: Article) -> list[Norm]:
    """Return the norms of one article in reading order."""
    penal = is_penal(article)
    out: list[Norm] = []
    for head, items in _groups(article):
        out += _group_norms(head, items, penal)
    return _resolved(out)


def is_penal(article: Article) -> bool:
    """True for an article on sanctions, where only what has a modal word is a norm."""
    return any("法律责任" in h or "罚则" in h for h in article.path)


def _groups(article: Article) -> Iterator[tuple[Provision, list[Provision]]]:
    """Yield every paragraph with its items.

    A digest that is cited by article alone has no parts; its lines are read all the same, and
    what they lay down is that of the article.
    """
    parts = article.parts
    if not parts:
        own = article.id
        lines = build_article(own.doc_id, own.version, own.article, article.text)
        shown = tuple(replace(p, id=own) for p in lines.parts)
        yield from _by_paragraph(article.whole, lines.parts, shown)
        return
    yield from _by_paragraph(article.whole, parts, parts)


def _by_paragraph(
    whole: Provision, numbered: Sequence[Provision], shown: Sequence[Provision]
) -> Iterator[tuple[Provision, list[Provision]]]:
    pairs = [(n.id, s) for n, s in zip(numbered, shown, strict=True) if n.id.subitem is None]
    paragraphs = [(n, s) for n, s in pairs if n.item is None] or [(whole.id, whole)]
    for number, paragraph in paragraphs:
        yield (
            paragraph,
            [s for n, s in pairs if n.item is not None and n.paragraph == number.paragraph],
        )


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one provision without what stands below it; items without their number."""

    id: ProvisionId
    text: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Governed:
    """What the head of a list says of every item below it."""

    subject: Subject
    modality: Modality
    trigger: str
    limits: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    """The numbers of the items it is said of; none where it is said of all."""


def _group_norms(head: Provision, items: list[Provision], penal: bool) -> list[Norm]:
    if not items:
        return _Reader(Line(head.id, head.text), penal).norms()
    reader = _Reader(Line(head.id, head.lead), penal, items=[i.text for i in items])
    out = reader.norms()
    if reader.items in (Items.CONDITIONS, Items.SUBJECTS) and out:
        limits = find_limits("\n".join(i.text for i in items))
        out[-1] = replace(out[-1], limits=_joined(out[-1].limits, limits))
    for item in items:
        m = ITEM.match(item.text)
        text = item.text[m.end() :] if m else item.text
        line = Line(item.id, text, item.text)
        if reader.items is Items.COMPLETE:
            for given in reader.governs(m[1] if m else ""):
                out += _Reader(line, penal, given.subject, given).norms()
        elif reader.items is Items.OWN:
            out += _Reader(line, penal, reader.carried).norms()
    return out


class _Reader:
    """Reads one line from left to right; what it learns of the subject carries over."""

    def __init__(
        self,
        line: Line,
        penal: bool,
        carried: Subject | None = None,
        governed: Governed | None = None,
        items: Sequence[str] = (),
    ) -> None:
        self.line, self.penal = line, penal
        self.carried = carried
        self._start, self._given = carried, governed
        self._items = tuple(items)
        self.items = Items.OWN
        self.governed: Governed | None = None
        self._partly: Governed | None = None

    def governs(self, number: str) -> list[Governed]:
        """Return what the head says of the item with this number."""
        said = [self.governed] if self.governed else []
        if self._partly and number in self._partly.only:
            said.append(self._partly)
        return said

    def norms(self) -> list[Norm]:
        """Return the norms of the line."""
        sentences = [s for s in split_sentences(self.line.text) if s.clauses]
        hits = [_hits(s, self.penal, self._given is not None) for s in sentences]
        out: list[Norm] = []
        reached = 0
        for n, sentence in enumerate(sentences):
            if sentence.start < reached:
                continue
            reached = self._reach(sentences, hits, n)
            found = hits[n] or self._continued(sentences, n)
            out += self._of_sentence(sentences, n, found, reached)
        return self._shared(out) if self._items else out

    def _shared(self, found: list[Norm]) -> list[Norm]:
        """Read X履行下列职责；Y应当履行其中第（一）项：, a list that is another's in part."""
        whole = next((n for n in found if _WHOLE_LIST.search(n.action)), None)
        part = next((n for n in found if _PART_OF_LIST.match(n.action)), None)
        if whole is None or part is None or not (whole.subject and part.subject):
            return found
        self.items = Items.COMPLETE
        self.governed = Governed(Subject(whole.subject, whole.subject_at), whole.modality, "")
        self._partly = Governed(
            Subject(part.subject, part.subject_at), part.modality, "", part.limits,
            frozenset(ITEM.findall(part.action)),
        )  # fmt: skip
        return [n for n in found if n is not whole]

    def _of_sentence(
        self, sentences: list[Sentence], n: int, hits: list[Hit], end: int
    ) -> list[Norm]:
        sentence, before = sentences[n], self.carried
        governed = n == 0 and self._given is not None
        found = [self._norm(sentences, n, hits, i, governed, end) for i in range(len(hits))]
        if found:
            # the next sentence goes on about what this one is about, not about whom it ends on
            first = Subject(found[0].subject, found[0].subject_at)
            self.carried = before if by_agent(sentence, hits[0]) else first
            if first.text.startswith("其他") and sentence.mark == "。":
                self.carried = None  # what follows may be about those before them as well
        if n == 0 and self._given and not self._own_only(sentence, hits):
            found.insert(0, self._of_head(sentence, hits, end))
        if self._items and n == len(sentences) - 1:
            found = self._as_head(sentence, hits, found)
        return found

    def _reach(self, sentences: list[Sentence], hits: list[list[Hit]], n: int) -> int:
        """Where what sentence `n` lays down ends: after a colon and after ；并 it goes on, an item
        that completes its head goes on to the next modal word."""
        end = sentences[n].end
        item = n == 0 and self._given is not None
        if not (hits[n] or item):
            return end
        for m in range(n + 1, len(sentences)):
            if hits[m] or (self._items and m == len(sentences) - 1):
                break
            duty = bool(hits[n]) and hits[n][-1].modality is Modality.MUST
            if not (item or self._belongs(sentences[m], sentences[m - 1].mark, duty)):
                break
            end = sentences[m].end
        return end

    def _belongs(self, sentence: Sentence, after: str, duty: bool) -> bool:
        """True if the sentence, which stands behind the mark `after`, is of the norm before it.

        `duty` says that the norm is one, so that the bearer's next predicate is a duty too.
        """
        if after == "：" or _AND.match(sentence.clauses[0].text):
            return True
        return after == "；" and duty and not self.penal and goes_on(sentence)

    def _continued(self, sentences: Sequence[Sentence], n: int) -> list[Hit]:
        """What a sentence without a modal word adds to the one before it."""
        if not n or self.penal or self._given:
            return []
        sentence, after = sentences[n], sentences[n - 1].mark
        titled = titled_bearer(sentences[n - 1]) if after == "；" else None
        if titled and answers(sentence):
            self.carried = Subject(_cut(self.line.text, titled), self.line.id)
            return [Hit(0, sentence.start, sentence.start, Modality.MUST, True)]
        carries = self.carried is not None and self.carried.text
        hit = find_continued(sentence) if carries else None
        if after == "。":
            hit = hit or find_permitted(sentence)
        return [hit] if hit else []

    def _own_only(self, sentence: Sentence, hits: list[Hit]) -> bool:
        """True if the item speaks through its own modal word from its beginning."""
        if not hits:
            return False
        begin = read_before(sentence, hits, 0, governed=True).begin
        return not self.line.text[:begin].strip(_EDGE)

    def _of_head(self, sentence: Sentence, hits: list[Hit], end: int) -> Norm:
        given = self._given
        assert given is not None  # noqa: S101 - called only where the head governs
        end = read_before(sentence, hits, 0, governed=True).begin if hits else end
        action = self.line.text[sentence.start : end].strip(_EDGE)
        return Norm(
            self.line.id, given.subject.text, given.subject.at, given.modality,
            self.line.shown or self.line.text, action, given.trigger,
            _joined(given.limits, find_limits(action)), _exception(self.line.text),
        )  # fmt: skip

    def _as_head(self, sentence: Sentence, hits: list[Hit], found: list[Norm]) -> list[Norm]:
        self.items = kind_of_list(sentence, hits, self._items, self.line.text[: sentence.start])
        listed = None if self.penal else assigns_list(sentence)
        if listed and (not hits or self._has_own_predicate(sentence, hits)):
            modality = Modality.RIGHT if listed[1] else Modality.MUST
            opening = read_before(
                sentence, [Hit(len(sentence.clauses) - 1, listed[0], listed[0], modality)], 0
            )
            self.items = Items.COMPLETE
            subject = Subject(found[-1].subject, found[-1].subject_at) if found else None
            self.governed = Governed(subject or self._subject(opening), modality, "")
            return [*found[:-1], self._before_list(found[-1], sentence)] if found else []
        if self.items is Items.COMPLETE and found:
            last = found[-1]
            self.governed = Governed(
                Subject(last.subject, last.subject_at), last.modality, last.trigger, last.limits
            )
            return found[:-1]
        return found

    def _has_own_predicate(self, sentence: Sentence, hits: list[Hit]) -> bool:
        """True for X负责…，行使下列职权： and X应当…，职责是：, whose list is not what was said."""
        last = sentence.clauses[-1]
        return hits[-1].action < last.start and bool(_OWN_LIST.match(last.text))

    def _before_list(self, norm: Norm, sentence: Sentence) -> Norm:
        """The norm of a head that goes on to introduce a list: without 职责是 or 行使下列职权."""
        introduction = self.line.text[sentence.clauses[-1].start : sentence.end].strip(_EDGE)
        return replace(norm, action=norm.action.removesuffix(introduction).strip(_EDGE))

    def _norm(
        self,
        sentences: Sequence[Sentence],
        n: int,
        hits: list[Hit],
        i: int,
        governed: bool,
        reach: int,
    ) -> Norm:
        hit, text, sentence = hits[i], self.line.text, sentences[n]
        reading = read_before(sentence, hits, i, governed)
        subject = self._subject(reading)
        if not subject.text and is_imposed(text[hit.action :]):
            subject = Subject(_cut(text, punisher(sentences, n, hit.clause)), self.line.id)
        if reading.subject is None and _PERSONAL.match(text[hit.action :]) and _is_unit(subject):
            subject = Subject("", self.line.id)
        self.carried = subject
        end = read_before(sentence, hits, i + 1).begin if i + 1 < len(hits) else reach
        action = _RULES_ELSEWHERE.sub("", text[hit.action : max(end, hit.action)].strip(_EDGE))
        trigger = _cut(text, reading.trigger)
        limits = find_limits(text[min(reading.begin, hit.start) : max(end, hit.action)])
        if i and reading.trigger is None:
            opening = text[sentence.start : sentence.clauses[hits[0].clause].start]
            limits = _joined(find_limits(opening), limits)
        if governed and self._given:
            limits = _joined(self._given.limits, limits)
        shown = text[sentence.start : max(reach, sentence.end) + len(sentence.mark)].strip()
        return Norm(
            self.line.id, subject.text, subject.at, hit.modality, self.line.shown or shown,
            action, trigger, limits, _exception(shown),
        )  # fmt: skip

    def _subject(self, reading: Reading) -> Subject:
        if reading.subject is not None:
            return Subject(_cut(self.line.text, reading.subject), self.line.id)
        if reading.unclear or self.carried is None:
            return Subject("", self.line.id)
        if _AGAINST.match(_cut(self.line.text, reading.trigger)) and _ONE.search(self.carried.text):
            return Subject("", self.line.id)
        return self.carried


_OWN_LIST = re.compile(
    "(?:并|并且)?(?:依法)?(?:行使|履行|承担|享有|负有)|[^，]{0,4}职责(?:是|为|包括)?$"
)
_WHOLE_LIST = re.compile("下列[^，]{0,12}(?:职责|义务|工作|任务)$")
_PART_OF_LIST = re.compile("[^，]{0,8}其中第?（")
_AGAINST = re.compile("对(?!方)[^，]*的(?:，|$)")
_ONE = re.compile("(?:旅客|乘客|行人|当事人|公民|个人)$")
"""Of whom 对无票乘车的，应当补收票款 speaks, rather than to whom it does."""
_PERSONAL = re.compile("(?:独立)?(?:上岗|任职|上路|从业|下井|入井)")


def _is_unit(subject: Subject) -> bool:
    """True for a unit, of which what only a person does (上岗) cannot be said."""
    return bool(re.search("(?:单位|企业|机构|部门|机关|公司|政府)$", subject.text))


_AND = re.compile("并(?!处|可)")


def _hits(sentence: Sentence, penal: bool, governed: bool) -> list[Hit]:
    """What governs the sentence; an item that completes its head is governed by that alone."""
    modals = find_modals(sentence)
    if governed:
        return modals
    assigned = find_assigned(sentence, modals, penal)
    return sorted([*modals, *assigned], key=lambda h: h.start)


def _joined(first: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
    """All of both, each once: what a head sets for its items, a condition for what follows it."""
    return tuple(dict.fromkeys((*first, *then)))


def _cut(text: str, span: Span | None) -> str:
    return text[span.start : span.end].strip(_EDGE) if span else ""


def _exception(text: str) -> str:
    m = _EXCEPTION.search(text)
    return m[0].strip(_EDGE) if m else ""


_PRONOUN = re.compile(r"^(?:其|该|本|上述|前述)(?P<noun>[^，的]{0,6})$")


def _resolved(norms: list[Norm]) -> list[Norm]:
    """Return the norms with 该单位 and 其 replaced where exactly one phrase before can be meant."""
    out: list[Norm] = []
    for norm in norms:
        m = _PRONOUN.match(norm.subject)
        if m:
            before = {
                n.subject: n.subject_at for n in out if n.subject.endswith(m["noun"]) and n.subject
            }
            if len(before) == 1:
                ((subject, at),) = before.items()
                norm = replace(norm, subject=subject, subject_at=at)
        out.append(norm)
    return out
