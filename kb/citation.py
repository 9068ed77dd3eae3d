"""Citations in running text ↔ ProvisionId: strict forms, and the loose ones people type.

`find_locators` reads 第二十一条第一款第（三）项, 第21条第1款, 21条3项, ranges and lists;
`find_citations` joins them to the document that the text names before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kb.errors import CitationError
from kb.model import ProvisionId
from kb.numerals import NUMERAL, to_chinese, to_int

_N = rf"[{NUMERAL}]{{1,9}}"
_LOCATOR = re.compile(
    rf"(?P<di>第)?\s*(?P<article>{_N})\s*条(?:\s*之\s*(?P<suffix>[{NUMERAL}]{{1,3}}))?"
    rf"(?:\s*第?\s*(?P<paragraph>{_N})\s*款)?"
    rf"(?:\s*第?\s*[（(]?\s*(?P<item>{_N})\s*[)）]?\s*项)?"
    rf"(?:\s*第?\s*(?P<subitem>{_N})\s*目)?"
)
_CONTINUED = re.compile(
    rf"\s*[、,，和及与]\s*第\s*(?:(?P<paragraph>{_N})\s*款)?"
    rf"(?:\s*第?\s*[（(]?\s*(?P<item>{_N})\s*[)）]?\s*项)?"
)
_THROUGH = re.compile(r"\s*(?:至|到|—|－|-|~|～)\s*$")
_LINK = re.compile(r"[\s》〉的之中里规定:：]*(?:[（(][^（）()]{0,20}[)）])?[\s的中里]*")
_LIST_GAP = re.compile(r"\s*(?:[、,，;；和及与或]|以及|至|到|—|－|-|~|～)\s*")


@dataclass(frozen=True, slots=True)
class Locator:
    """An address inside some document as found at `start`–`end` of a text.

    `through` is the last article number of a range (第九十条至第九十五条).
    """

    start: int
    end: int
    article: int
    suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    through: int | None = None

    @property
    def label(self) -> str:
        """The article's label as statutes print it."""
        return article_label(self.article, self.suffix)

    def to_id(self, doc_id: str, version: str) -> ProvisionId:
        """The ProvisionId that this locator means in that version of that document."""
        return ProvisionId(doc_id, version, self.label, self.paragraph, self.item, self.subitem)


@dataclass(frozen=True, slots=True)
class Mention:
    """A document named in a text. `doc_ids` is empty if the library has none of that name."""

    start: int
    end: int
    name: str
    doc_ids: tuple[str, ...]
    marked: bool = False
    """True where the name stands in book marks 《》."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A locator with the document named for it, if any."""

    locator: Locator
    mention: Mention | None


def article_label(number: int, suffix: int | None = None) -> str:
    """Return 第一百三十三条之一 for (133, 1)."""
    tail = f"之{to_chinese(suffix)}" if suffix is not None else ""
    return f"第{to_chinese(number)}条{tail}"


def find_locators(text: str) -> list[Locator]:
    """Return every locator in reading order; malformed numerals are passed over.

    A bare 21条 (without 第) counts only if it is not a count of articles (共21条, 二十一条措施).
    """
    out: list[Locator] = []
    for m in _LOCATOR.finditer(text):
        if not m["di"] and not _stands_for_article(text, m):
            continue
        try:
            found = Locator(
                m.start(), m.end(), to_int(m["article"]), *(_int(m[g]) for g in _GROUPS)
            )
        except ValueError:
            continue
        if out and _THROUGH.fullmatch(text[out[-1].end : found.start]):
            out[-1] = replace(out[-1], end=found.end, through=found.article)
        else:
            out.append(found)
        out += _continued(text, out[-1])
    return out


_GROUPS = ("suffix", "paragraph", "item", "subitem")


def _int(text: str | None) -> int | None:
    return None if text is None else to_int(text)


def _stands_for_article(text: str, m: re.Match[str]) -> bool:
    before, after = text[: m.start()].rstrip(), text[m.end() :]
    if re.match(r"措施|规定|意见|建议|要求|经验|命|路|线|腿|鱼", after):
        return False
    return bool(re.search(r"(?:法|条例|规定|办法|》)$", before))


def _continued(text: str, last: Locator) -> Iterator[Locator]:
    """Yield 第（三）项 in 第二十一条第（一）项、第（三）项."""
    while m := _CONTINUED.match(text, last.end):
        if m["paragraph"] is None and m["item"] is None:
            return
        try:
            paragraph = _int(m["paragraph"]) if m["paragraph"] else last.paragraph
            item = _int(m["item"])
        except ValueError:
            return
        last = replace(
            last,
            start=m.start(),
            end=m.end(),
            paragraph=paragraph,
            item=item,
            subitem=None,
            through=None,
        )
        yield last


def find_citations(text: str, find_mentions: Callable[[str], list[Mention]]) -> list[Citation]:
    """Return every locator of `text` with the document it belongs to.

    A locator takes the document named directly before it; those that follow in a list
    (第三条、第九百条) take the same one. A locator after other words has no document.
    """
    mentions = find_mentions(text)
    out: list[Citation] = []
    for loc in find_locators(text):
        before = [m for m in mentions if m.end <= loc.start]
        near = before[-1] if before else None
        if near is not None and _LINK.fullmatch(text[near.end : loc.start]):
            out.append(Citation(loc, near))
        elif out and _LIST_GAP.fullmatch(text[out[-1].locator.end : loc.start] or "、"):
            out.append(Citation(loc, out[-1].mention))
        else:
            out.append(Citation(loc, None))
    return out


def parse_locator(text: str) -> Locator:
    """Return the locator that `text` consists of; CitationError if it is anything else."""
    found = find_locators(text.strip())
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text.strip())):
        raise CitationError(
            f"{text!r} is not a locator; write 第九条第二款 or 第二十一条第（三）项"
        )
    return found[0]
