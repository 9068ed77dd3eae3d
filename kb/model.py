"""What a rule is: documents, their dated versions, articles and the provisions inside them.

Nothing here reads files. All values are immutable; status is computed from dated events
for a given day and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from kb.errors import UnknownProvisionError
from kb.numerals import to_chinese, to_int

_NOTICE_LABEL = re.compile(r"[、）.](?:〔\d+〕)?$")
"""How the label of an article ends that is a numbered heading: 三、 三、（二） 1."""


class TextKind(str, Enum):
    """Where the words of a document come from; shown beside every quotation."""

    TEXT = "原文"
    DIGEST = "要点"
    UNIT = "本单位文件"


class Level(str, Enum):
    """Rank and nature of a document, highest first."""

    LAW = "法律"
    PARTY_REGULATION = "党内法规"
    ADMINISTRATIVE_REGULATION = "行政法规"
    JUDICIAL_INTERPRETATION = "司法解释"
    LOCAL_REGULATION = "地方性法规"
    RULE = "规章"
    NORMATIVE_DOCUMENT = "规范性文件"
    NATIONAL_POLICY = "国家政策"
    LOCAL_PRACTICE = "地方做法"
    UNIT_RULE = "单位制度"


class EventKind(str, Enum):
    """What happened to a document on a day."""

    ISSUED = "issued"
    EFFECTIVE = "effective"
    AMENDED = "amended"
    REPEALED = "repealed"
    REPLACED = "replaced"
    MENTIONED = "mentioned"


class Status(str, Enum):
    """How a version stands on a given day."""

    IN_FORCE = "现行有效"
    NOT_YET = "尚未施行"
    SUPERSEDED = "已被修改"
    REPEALED = "已废止"


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event in the life of a document; `by` names the document that caused it."""

    kind: EventKind
    on: date
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ProvisionId:
    """Stable address of a provision: document, version, article and the numbers inside it.

    `article` is the label as printed: 第一百三十三条之一, or the heading of a policy entry.
    A paragraph number is given only where the article has several paragraphs.
    """

    doc_id: str
    version: str
    article: str
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None

    @property
    def locator(self) -> str:
        """The address inside the document as lawyers write it: 第九条第二款, 第二十一条第（三）项.

        In a notice, whose articles are its numbered headings, it reads 三、（二）第二段 or 三、1.
        """
        if _NOTICE_LABEL.search(self.article):
            return self._in_notice()
        out = self.article
        if self.paragraph is not None:
            out += f"第{to_chinese(self.paragraph)}款"
        if self.item is not None:
            out += f"第（{to_chinese(self.item)}）项"
        if self.subitem is not None:
            out += f"第{self.subitem}目"
        return out

    def _in_notice(self) -> str:
        out = self.article
        if self.paragraph is not None:
            out += f"第{to_chinese(self.paragraph)}段"
        if self.item is not None:
            out += f"（{to_chinese(self.item)}）"
        if self.subitem is not None:
            out += f"{self.subitem}."
        return out

    @property
    def in_article(self) -> ProvisionId:
        """The id of the article that this provision belongs to."""
        return ProvisionId(self.doc_id, self.version, self.article)

    def __str__(self) -> str:
        return f"{self.doc_id}@{self.version}/{self.locator}"


@dataclass(frozen=True, slots=True)
class Provision:
    """One 条, 款, 项 or 目, verbatim. `start` and `end` are offsets in the text of its article.

    The text of a paragraph includes its items; `lead` is its first line alone.
    """

    id: ProvisionId
    text: str
    start: int
    end: int

    @property
    def lead(self) -> str:
        """The line that introduces the provision, without the items below it."""
        return self.text.split("\n", 1)[0]


@dataclass(frozen=True, slots=True)
class Article:
    """One 条 of one version: its verbatim text, its headings and the provisions inside it.

    `path` holds 编, 章 and 节 as printed. `parts` are its 款, 项 and 目 in reading order; an
    article of a single paragraph without items has none. `heading` is what a digest calls it.
    """

    id: ProvisionId
    text: str
    path: tuple[str, ...] = ()
    heading: str = ""
    parts: tuple[Provision, ...] = ()

    @property
    def whole(self) -> Provision:
        """The article itself as a provision."""
        return Provision(self.id, self.text, 0, len(self.text))

    def provisions(self) -> Iterator[Provision]:
        """Yield the article itself, then every 款, 项 and 目 in reading order."""
        yield self.whole
        yield from self.parts


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that a digest names by its heading only; its content is not held."""

    label: str
    heading: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a document, binding from `effective_on` until before `ended_on`.

    `effective_on` is date.min where the library does not hold the day. `listed` are the
    articles that are not held and stand in the contents only.
    """

    id: str
    effective_on: date
    articles: Sequence[Article]
    ended_on: date | None = None
    note: str = ""
    listed: tuple[Listed, ...] = ()

    def article(self, label: str) -> Article | None:
        """Return the article with that printed label, or None."""
        return next((a for a in self.articles if a.id.article == label), None)


@dataclass(frozen=True, slots=True)
class Change:
    """An article that a later act changed, where the library holds only the earlier wording."""

    article: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Precedence:
    """A document that prevails over this one, where the two differ, from `since`."""

    over: str
    since: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A law, regulation or policy entry with every version of it that the library holds."""

    id: str
    title: str
    short: str
    level: Level
    text_kind: TextKind
    versions: tuple[Version, ...]
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    issuer: str = ""
    doc_number: str = ""
    region: str = "全国"
    binds: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    confidence: str = "verified"
    verified: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    in_scope: bool = True
    scope_articles: tuple[int, int] | None = None
    """First and last article number in the safety scope, where not all of it is."""
    changes: tuple[Change, ...] = ()
    partial: str = ""
    """Says what is held or in scope, where that is not all of the document."""
    everyday: tuple[str, ...] = ()
    """Aliases that people use without meaning the measure (动火作业, 值班值守)."""
    yields_to: tuple[Precedence, ...] = ()
    """Documents of higher rank that prevail where they differ."""

    @property
    def is_policy(self) -> bool:
        """True for entries that describe a measure instead of a numbered document."""
        return self.id.startswith("policy-")

    def repealed_on(self) -> date | None:
        """The day the document ceased to bind as a whole, or None."""
        days = [e.on for e in self.events if e.kind in (EventKind.REPEALED, EventKind.REPLACED)]
        return min(days, default=None)

    def version_on(self, day: date) -> Version | None:
        """Return the version binding on `day`; None before commencement or after repeal.

        None is also returned for a day whose wording the library does not hold.
        """
        gone = self.repealed_on()
        if gone is not None and day >= gone:
            return None
        for v in reversed(self.versions):
            if v.effective_on <= day and (v.ended_on is None or day < v.ended_on):
                return v
        return None

    def latest(self) -> Version:
        """The newest version the library holds, in force or not."""
        return self.versions[-1]

    def version(self, version_id: str) -> Version:
        """Return the version of that id; UnknownProvisionError if there is none."""
        for v in self.versions:
            if v.id == version_id:
                return v
        raise UnknownProvisionError(f"《{self.title}》没有版本 {version_id}")

    def status_on(self, day: date, version: Version | None = None) -> Status:
        """How `version` (default: the newest) stands on `day`."""
        v = version or self.latest()
        gone = self.repealed_on()
        if gone is not None and day >= gone:
            return Status.REPEALED
        if day < v.effective_on:
            return Status.NOT_YET
        if v.ended_on is not None and day >= v.ended_on:
            return Status.SUPERSEDED
        return Status.IN_FORCE

    def change_of(self, article: str, day: date) -> Change | None:
        """The later change that makes the held wording of `article` outdated on `day`, if any."""
        return next((c for c in self.changes if c.article == article and day >= c.on), None)

    def covers(self, article: Article) -> bool:
        """True if `article` belongs to the safety scope."""
        if not self.in_scope or self.scope_articles is None:
            return self.in_scope
        number = re.match("第(.+?)条", article.id.article)
        first, last = self.scope_articles
        return number is not None and first <= to_int(number[1]) <= last

    def commenced_on(self) -> date:
        """The day the document first bound anyone."""
        days = [e.on for e in self.events if e.kind is EventKind.EFFECTIVE]
        return min([*days, self.versions[0].effective_on])
