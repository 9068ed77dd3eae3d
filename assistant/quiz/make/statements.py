"""An article → the statements in it that can stand alone in a stem, each with where it stands.

A statement is a sentence, the parts of one up to a semicolon, the head of a list with one of its
items, or an item after its head. Its words are verbatim except for what is said here: 违反本法规定
is dropped at the start, and 有下列行为之一的 becomes 有“…”行为的.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.quiz.make.base import Cited, norms_within
from assistant.quiz.make.item_lists import is_rest
from assistant.quiz.source import Held
from kb.model import Provision
from kb.structure import ITEM

MAX_TEXT, MIN_TEXT = 150, 14
_BREACH = re.compile(r"^违反(?:本(?:法|条例|办法|规定|细则)|《[^》]+》)(?:的)?(?:有关)?规定，")
_ONE_OF = re.compile(r"(?P<v>有|具有|存在|属于)?下列(?P<what>行为|情形|情况)之一(?P<of>的)?")
_NEEDS_BEFORE = re.compile(
    r"该|此(?!外)|上述|前述|前款|其中|(?:^|，)其(?![他它中余])|对其|由其|逾期|^(?:并|但|同时|而|情节|有前|拒不|造成|构成|处|违法)"
)
_ONLY_REFERENCE = re.compile(
    r"前款|前[一二两三]款|上款|本条|前条|依照前|上一?条|本法第|本条例第|本办法第"
)
_MORE_OF_A_CASE = re.compile(
    r"受理|审查|申请材料|收到(?:申请|材料|报告)|检查情况|检查结果|评价报告|鉴定结论|评估结果|整改情况|(?:有关|相关)情况|调查报告|移送|^(?:不[足满超]|超过|未|没有|需要|经|认为|符合|不符合|对不)|期满|决定不予|到期|同样|也(?:要|应|可|不)|还(?:要|应)"
)
"""Words of a sentence that goes on with the case of an earlier one."""
_A_CASE = re.compile(r"^(?:不|未|没|有|超过|符合)|的$")
_PENAL = re.compile("法律责任|罚则|行为和处罚|行为的处罚")
_EDGE = "；。，：、 \n"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a stem can say; every cited span is verbatim, the first is that of the rule itself."""

    text: str
    cited: tuple[Cited, ...]
    penal: bool
    whole: bool
    """False for the parts of a sentence before a semicolon, after which it goes on."""

    @property
    def provision(self) -> Provision:
        """The provision that the statement belongs to."""
        return self.cited[0].provision


@lru_cache(maxsize=8192)
def statements(held: Held) -> tuple[Statement, ...]:
    """Return the statements of an article in reading order; none for policy entries."""
    return tuple(_statements(held))


def _statements(held: Held) -> Iterator[Statement]:
    if held.document.is_policy:
        return
    penal = is_penal(held)
    parts = [p for p in held.article.parts if p.id.subitem is None]
    with_items = {p.id.paragraph for p in parts if p.id.item is not None}
    heads = [p for p in parts if p.id.item is None] or [held.article.whole]
    for n, head in enumerate(heads):
        items = [p for p in parts if p.id.item is not None and p.id.paragraph == head.id.paragraph]
        if head.id.paragraph in with_items and items:
            yield from _of_list(head, items, penal)
            yield from _of_line(held, head, head.lead, n == 0, penal)
        else:
            for line in head.text.split("\n"):
                yield from _of_line(held, head, line, n == 0, penal)


def is_penal(held: Held) -> bool:
    """True for an article of the chapter on sanctions."""
    return any(_PENAL.search(heading) for heading in held.article.path)


def _of_line(
    held: Held, provision: Provision, line: str, first: bool, penal: bool
) -> Iterator[Statement]:
    if ITEM.match(line):
        return
    subjects = [n.subject for n in norms_within(held, provision.id) if n.subject]
    for start, end in _sentences(line):
        sentence = line[start:end]
        if sentence.endswith("：") or _ONLY_REFERENCE.search(sentence):
            continue
        opening = line[: _sentences(line)[0][1]]
        if _early(opening) or not (first or _own_subject(opening, subjects)):
            return
        for stop in _stops(line, start, end):
            yield from _window(provision, line[:stop], penal, stop == end)


def _window(provision: Provision, quote: str, penal: bool, whole: bool) -> Iterator[Statement]:
    text = trimmed(_BREACH.sub("", quote))
    if MIN_TEXT <= len(text) <= MAX_TEXT and not _ONLY_REFERENCE.search(text):
        yield Statement(text, (Cited(provision, quote.strip(_EDGE)),), penal, whole)


def _of_list(head: Provision, items: list[Provision], penal: bool) -> Iterator[Statement]:
    lead = head.lead.strip()
    if _ONLY_REFERENCE.search(lead) or not lead.endswith(("：", ":")):
        return
    sentence = lead[lead.rfind("。") + 1 :]
    if "下列" not in sentence:  # the items then belong to the head as a whole
        sentence = lead
    if _early(sentence) or "除外" in sentence:
        return
    core = trimmed(_BREACH.sub("", sentence))
    for item in items:
        number = ITEM.match(item.text)
        words = item.text[number.end() :] if number else item.text
        words = trimmed(words.split("\n", 1)[0])
        if (
            is_rest(words)
            or _ONLY_REFERENCE.search(words)
            or "。" in words
            or item.text.rstrip().endswith("：")
        ):
            continue
        text = _spliced(core, words)
        if MIN_TEXT <= len(text) <= MAX_TEXT:
            quotes = (Cited(head, sentence.strip(_EDGE)), Cited(item, words))
            yield Statement(text, quotes, penal, whole=True)


_RULES = re.compile(r"(?:遵守|符合|执行|按照|依照)(?:下列|以下)(?:规定|要求|标准|办法)$")
"""Heads whose items are rules of their own; one part of any other list is not the whole truth."""


def _spliced(lead: str, item: str) -> str:
    """Return the head of a list with one item in its place."""
    found = _ONE_OF.search(lead)
    if found is None:
        return f"{lead}：{item}" if _RULES.search(lead) else ""
    inner = re.sub(r"的$", "", item)
    if "；" in inner:
        return ""
    verb, of = found["v"] or "", found["of"] or ""
    return f"{lead[: found.start()]}{verb}“{inner}”{found['what']}{of}{lead[found.end() :]}"


def _own_subject(sentence: str, subjects: list[str]) -> bool:
    """True if a sentence names whom it binds near its beginning and tells the whole case."""
    if _MORE_OF_A_CASE.search(sentence):
        return False
    return any(0 <= sentence.find(s) <= 40 for s in subjects if not _A_CASE.search(s))


def _early(sentence: str) -> bool:
    """True if the beginning of a sentence lives on what stands before it."""
    first = re.split("[，。；]", sentence, maxsplit=1)[0]
    return bool(_NEEDS_BEFORE.search(first)) or bool(
        re.match(r"[^，。；]*，(?:该|上述|前述)", sentence)
    )


def _sentences(line: str) -> list[tuple[int, int]]:
    """Return the spans between full stops, the stop included; quotation marks are kept whole."""
    out, start = [], 0
    for m in re.finditer(r"。(?![”）])|：$", line):
        out.append((start, m.end()))
        start = m.end()
    if line[start:].strip():
        out.append((start, len(line)))
    return out


def _stops(line: str, start: int, end: int) -> list[int]:
    """Return where the parts of a sentence end: after each semicolon, and at its end."""
    marks = [m.end() for m in re.finditer("；", line[start:end])]
    return list(dict.fromkeys([*(start + m for m in marks), end]))


def trimmed(text: str) -> str:
    """Return the text without signs at its ends."""
    return text.replace("\n", "").strip(_EDGE)
