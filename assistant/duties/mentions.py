"""Proof that a list leaves nothing out: every provision that names a bearer, and what became of it.

A 款 or 项 that names the bearer either lays something on it, and then it is in the list, or it does
not, and then the place of the mention says why: in what another must do, in a condition, in a
sanction, in a definition. What fits none of these is unaccounted for, which must not happen.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from assistant.duties.book import DutyBook
from assistant.view import applies_in, is_penal
from indexer.norms import Norm
from kb.model import Article, Document, Provision, ProvisionId


class Fate(str, Enum):
    """What became of a provision that names the bearer; UNACCOUNTED must not occur."""

    LISTED = "在清单里"
    OBJECT = "是别人的义务涉及的对象"
    OTHER_SUBJECT = "属于另一主体的名称"
    CONDITION = "只出现在条件、情形或者列举的内容里"
    UNCLEAR = "规定没有写明由谁承担"
    SANCTION = "只规定处罚、处分或者责任追究"
    PREREQUISITE = "只写了前提（…方可…），没有单设义务"
    ROLE = "只定了身份（是…责任人），没有写要做什么"
    DEFINITION = "定义、范围或者组成"
    REFERENCE = "授权制定办法或者依照其他规定执行"
    STATEMENT = "原则、目的或者事实陈述，没有设义务"
    UNACCOUNTED = "没有说明"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that is looked for, and the bearers whose lists must account for it.

    What falls on one of `bearers` is in its list; what falls on one of `kinds` is in theirs, if the
    subject itself uses the word (煤矿企业主要负责人).
    """

    pattern: re.Pattern[str]
    bearers: tuple[str, ...]
    kinds: tuple[str, ...] = ()


KEYWORDS = {
    "乡镇": Keyword(
        re.compile(r"乡镇|乡级|乡（镇）|乡、(?:民族乡、)?镇|[乡镇](?=政府|人民政府)"),
        ("town-gov",),
        ("town-head",),
    ),
    "街道": Keyword(re.compile(r"街道(?!化)"), ("subdistrict",), ("town-head",)),
    "村居": Keyword(
        re.compile(r"村民委员会|居民委员会|村（居）|[村居]委会"),
        ("village",),
    ),
    "主要负责人": Keyword(
        re.compile("主要负责人"),
        ("principal",),
        ("mine-principal", "gov-head", "town-head", "party-head", "officials"),
    ),
    "从业人员": Keyword(
        re.compile("从业人员"),
        ("worker",),
        ("special-operator", "equipment-operator", "dispatched-worker", "crew", "other-person"),
    ),
}

_MODAL = re.compile(
    r"应当|必须|不得|可以|有权|负责(?!人)|禁止|严禁|的义务|不准|[，人]应对"
    r"|(?<![需主重必只首])要(?!求|素|点|么|件|是|不|害|闻|道|约)"
    r"|由[^，。]{2,40}(?:予以|保证|处理|负责(?!人)|组织|决定|管理|实施|办理)"
)
"""What may lay a duty on somebody; a sentence with it from which no norm was read is suspect."""
_OF_SENTENCE = (
    (
        re.compile(r"承担[^，。]{0,8}责任|追责|问责|罚款|处分|追究|吊销|没收|拘留|撤职|刑事责任"),
        Fate.SANCTION,
    ),
    (re.compile(r"是指|所称|统称|(?:以下|下同|简)称"), Fate.DEFINITION),
    (
        re.compile(
            r"(?:办法|规定|标准|细则|目录|规则)由|依照[^，。]*(?:执行|办理|规定)|另行规定|从其规定|施行"
        ),
        Fate.REFERENCE,
    ),
    (_MODAL, Fate.UNACCOUNTED),
    (re.compile(r"责令|从重|从轻|处罚"), Fate.SANCTION),
    (re.compile(r"包括|组成|称为|^[^，]{1,16}[：指]|成员|适用|参照"), Fate.DEFINITION),
    (re.compile(r"是[^，。]{0,16}(?:责任人|责任主体)"), Fate.ROLE),
    (re.compile(r"方可|才能|方能"), Fate.PREREQUISITE),
)
"""What a sentence without a norm says, the first that fits; otherwise it is a mere statement."""


_OWNS = re.compile(r"[^，。；]*的[^，。；的]+，?(?:应当|必须|不得|要)$")
"""其主要负责人的知识和能力，应当…: the rule speaks of a thing and says whose, not who must act."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A provision (款, 项 or the line above items) that names the word, and why it is or is not listed.

    `subject` is whose norm it stands in, where it is somebody else's.
    """

    document: Document
    id: ProvisionId
    text: str
    fate: Fate
    subject: str


def find_mentions(
    book: DutyBook, word: str, as_of: date | None = None, region: str | None = None
) -> list[Mention]:
    """Return every provision in scope and in force that names the word, in document order.

    Without `region` the documents of all provinces count; policy entries never do.
    """
    keyword = KEYWORDS[word]
    day = as_of or book.today()
    norms = _by_article(book.norms)
    out: list[Mention] = []
    for document in book.catalog:
        version = None if document.is_policy else document.version_on(day)
        if version is None or not (region is None or applies_in(document, region)):
            continue
        for article in version.articles:
            if document.covers(article) and keyword.pattern.search(article.text):
                judge = _Judge(book, keyword, article, norms.get(article.id, []))
                out += [
                    Mention(document, leaf.id, leaf.text, *judge.fate(leaf))
                    for leaf in leaves(article)
                    if keyword.pattern.search(leaf.text)
                ]
    return out


def leaves(article: Article) -> Iterator[Provision]:
    """Yield the paragraphs and items of an article; a line above items stands for itself."""
    parts = [p for p in article.parts if p.id.subitem is None]
    numbered = {p.id.paragraph for p in parts if p.id.paragraph is not None}
    with_items = {p.id.paragraph for p in parts if p.id.item is not None}
    if not numbered:
        parts.insert(0, article.whole)
    for part in parts:
        if part.id.item is None and part.id.paragraph in with_items:
            yield Provision(part.id, part.lead, part.start, part.start + len(part.lead))
        else:
            yield part


class _Judge:
    """Decides what becomes of the mentions in one article."""

    def __init__(
        self, book: DutyBook, keyword: Keyword, article: Article, norms: list[Norm]
    ) -> None:
        self._table, self._keyword, self._norms = book.table, keyword, norms
        self._penal = is_penal(book.catalog, article.id)
        self._leads = {leaf.id: leaf for leaf in leaves(article)}

    def fate(self, leaf: Provision) -> tuple[Fate, str]:
        """Return what became of the leaf, and whose norm its mention stands in."""
        here = [n for n in self._norms if leaf.id in (n.provision, n.subject_at)]
        if any(self._ours(n) for n in here):
            return Fate.LISTED, ""
        found = [self._of_place(leaf, m.start(), here) for m in self._places(leaf)]
        suspect = [f for f in found if f[0] is Fate.UNACCOUNTED]
        return (suspect or found)[0]

    def _places(self, leaf: Provision) -> Iterator[re.Match[str]]:
        return self._keyword.pattern.finditer(leaf.text)

    def _ours(self, norm: Norm) -> bool:
        borne = set(self._table.of_subject(norm.subject))
        if not borne.isdisjoint(self._keyword.bearers):
            return True
        named = self._keyword.pattern.search(norm.subject)
        return named is not None and not borne.isdisjoint(self._keyword.kinds)

    def _of_place(self, leaf: Provision, at: int, here: list[Norm]) -> tuple[Fate, str]:
        for norm in here:
            start = leaf.text.find(norm.text)
            if 0 <= start <= at < start + len(norm.text):
                return self._in_norm(norm, at - start)
        if self._penal:
            return Fate.SANCTION, ""
        if leaf.id.item is not None and (above := self._above(leaf)):
            return Fate.CONDITION, above[0].subject
        if any(n.subject_at == leaf.id != n.provision for n in here):
            return Fate.OBJECT, here[0].subject
        fate = _of_sentence(_between(leaf.text, at, "。；\n"))
        if fate is Fate.STATEMENT:
            whole = _between(leaf.text, at, "。\n")
            before = next((n for n in here if n.subject and n.text in whole), None)
            return (Fate.OBJECT, before.subject) if before else (fate, "")
        return fate, ""

    def _in_norm(self, norm: Norm, at: int) -> tuple[Fate, str]:
        word = self._keyword.pattern.match(norm.text, at)
        end = word.end() if word else at
        if _within(norm.text, norm.trigger, at, end):
            return Fate.CONDITION, norm.subject
        if not norm.subject:
            action = norm.text.find(norm.action)
            owner = _OWNS.match(norm.text[end:action])
            return (Fate.UNCLEAR if at >= action or owner else Fate.UNACCOUNTED), ""
        if _within(norm.text, norm.subject, at, end):
            return Fate.OTHER_SUBJECT, norm.subject
        return Fate.OBJECT, norm.subject

    def _above(self, item: Provision) -> list[Norm]:
        """The norms of the line that introduces an item."""
        head = ProvisionId(item.id.doc_id, item.id.version, item.id.article, item.id.paragraph)
        return [n for n in self._norms if n.provision == head]


def _within(text: str, part: str, at: int, end: int) -> bool:
    start = text.find(part) if part else -1
    return start >= 0 and start <= at and end <= start + len(part)


def _between(text: str, at: int, marks: str) -> str:
    """The stretch of text around `at` between two of these marks."""
    start = max(text.rfind(mark, 0, at) for mark in marks) + 1
    ends = [e for e in (text.find(mark, at) for mark in marks) if e >= 0]
    return text[start : min(ends, default=len(text))]


def _of_sentence(sentence: str) -> Fate:
    """Return the fate of a mention in a sentence from which no norm was read."""
    fits = (fate for pattern, fate in _OF_SENTENCE if pattern.search(sentence))
    return next(fits, Fate.STATEMENT)


def _by_article(norms: Iterable[Norm]) -> dict[ProvisionId, list[Norm]]:
    out: dict[ProvisionId, list[Norm]] = defaultdict(list)
    for norm in norms:
        out[norm.provision.in_article].append(norm)
    return out


def mentions_json(word: str, found: list[Mention]) -> dict[str, Any]:
    """Return the report as plain data."""
    counts = Counter(m.fate for m in found)
    return {
        "word": word,
        "counts": {fate.value: counts[fate] for fate in Fate},
        "total": len(found),
        "mentions": [
            {
                "doc": m.document.title,
                "doc_id": m.document.id,
                "locator": m.id.locator,
                "text": m.text,
                "fate": m.fate.value,
                "listed": m.fate is Fate.LISTED,
                "subject": m.subject,
            }
            for m in found
        ],
    }


def mentions_text(word: str, found: list[Mention]) -> str:
    """Return the report for a terminal: counts, then what is mentioned without a duty."""
    counts = Counter(m.fate for m in found)
    lines = [f"提到“{word}”的款、项共 {len(found)} 处："]
    lines += [f"  {fate.value}　{counts[fate]}" for fate in Fate if counts[fate]]
    lines += ["", "提到但没有给它设义务："]
    for m in found:
        if m.fate is not Fate.LISTED:
            whose = f"（{m.subject}）" if m.subject else ""
            short = m.text.replace("\n", " ")
            short = short if len(short) <= 60 else short[:59] + "…"
            lines.append(f"  《{m.document.title}》{m.id.locator}　{m.fate.value}{whose}　{short}")
    return "\n".join(lines)
