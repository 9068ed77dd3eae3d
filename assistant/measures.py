"""Measures by name: 四个一律, 4个一律, 四不二直, 挂牌督半 → the policy entry and the sections asked for.

Names are compared without quotation marks and pauses and with Chinese numerals; a name of four
or more characters is also recognised by its sound if few characters differ. Names that laws use
as ordinary words (人员密集场所, 动火作业) decide nothing by themselves: the ranking does.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.understand import Kind, question_kind
from kb.catalog import Catalog
from kb.citation import Mention
from kb.model import Article, Document, TextKind, Version
from kb.numerals import to_chinese

_DROPPED = re.compile(r"[“”\"'‘’「」、，,；;·\s+＋\-—]")
_DIGITS = re.compile(r"\d{1,2}(?=[个张条项小级重不大期抓必倒到案企岗人日业方管个五])")
_SOUND_FROM = 3
_MOST_DIFFERENT = 0.34
"""The share of characters of a name that may be written with another one of the same sound."""
_INTENTS = (
    (r"哪年|哪一年|什么时候|几时|何时|啥时候|几号|谁提|谁先|由来|哪来|出自|起源|最早|哪级"
     r"|从.{0,4}起", ("由来", "是什么")),
    (
        r"法条|法律规定|是法律|法律.{0,6}还是|还是.{0,6}(?:政策|法|提法|叫法|安排|部署)|政策.{0,4}还是|法定|全国统一|地方(?:的|性|做法|提法|规定|叫法|土)|是地方|哪个[省市]|哪里的|哪里搞|强制|自愿",
        ("是什么", "法律依据", "不同说法", "由来"),
    ),
    (
        r"哪部法|哪条|哪一条|第几条|写进|写没写|依据|哪规定|写在哪|法律上|违法|合法|处罚|怎么罚|罚",
        ("法律依据", "是什么"),
    ),
    (r"谁|哪些人|什么人|管哪|算不算|针对|对象|适用|约束|包括.{0,8}吗|要求谁|考的是", ("约束谁", "是什么", "内容")),
    (
        r"哪[一二两三四五六七八九十几]|几[个项条样]|分别|还有|另外|剩下|后面|哪些|包括|指啥|指什么|都指|哪俩|哪仨|啥来着|抓哪|是啥|推哪",
        ("内容", "是什么", "不同说法"),
    ),
)  # fmt: skip
_GENERAL = ("是什么", "内容")
_BASIS = "法律依据"
_PENAL = ((_BASIS, "是什么"), _GENERAL)
"""What is taken for a question about a penalty, unless a section tells of the consequences."""
_CONSEQUENCE = re.compile(r"后果$|怎么处理$|罚款")
_ABSENT = re.compile(r"未收录")


@dataclass(frozen=True, slots=True)
class _Name:
    plain: str
    written: str
    doc_id: str
    sound: tuple[str, ...]


class MeasureNames:
    """The names of all policy entries of a catalog, for finding them in questions."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        owners: dict[str, set[str]] = {}
        names: list[_Name] = []
        for doc in (d for d in catalog if d.is_policy):
            for written in dict.fromkeys((doc.title, doc.short, *doc.aliases)):
                plain = normal(written)[0]
                owners.setdefault(plain, set()).add(doc.id)
                names.append(_Name(plain, written, doc.id, tuple(sounds(plain))))
        own = {n.plain: n for n in names if len(owners[n.plain]) == 1}
        self._names = sorted(own.values(), key=lambda n: (-len(n.plain), n.plain))
        self._by_first_sound: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            self._by_first_sound.setdefault(name.sound[0], []).append(number)
        self._ordinary: dict[str, bool] = {}

    def find(self, text: str) -> list[Mention]:
        """Return the measures that `text` names, longest names first tried, in reading order."""
        plain, places = normal(text)
        heard = sounds(plain)
        taken = bytearray(len(plain))
        out = []
        for name in self._heard(heard):
            for at in self._places(name, plain, heard):
                end = at + len(name.plain)
                if not any(taken[at:end]):
                    taken[at:end] = b"\1" * (end - at)
                    span = places[at], places[end - 1] + 1
                    found = Mention(*span, name.plain, (name.doc_id,), marked=_quoted(text, span))
                    out.append(found)
        return sorted(out, key=lambda m: m.start)

    def subject(self, text: str) -> Document | None:
        """Return the entry that a question is about: of several the quoted one, else the last.

        None if it names no measure by a name that is its own or stands in quotation marks.
        """
        found = [m for m in self.find(text) if m.marked or not self._is_ordinary(m.name)]
        chosen = [m for m in found if m.marked] or found
        return self._catalog.get(chosen[-1].doc_ids[0]) if chosen else None

    def _heard(self, heard: list[str]) -> list[_Name]:
        """The names whose sounds all occur in the text, in the order in which they are tried."""
        held = set(heard)
        numbers = [
            n
            for sound in held
            for n in self._by_first_sound.get(sound, ())
            if held.issuperset(self._names[n].sound)
        ]
        return [self._names[n] for n in sorted(numbers)]

    def _is_ordinary(self, plain: str) -> bool:
        """True if laws or everyday speech use these words, so that they name no measure."""
        if plain not in self._ordinary:
            written = next((n.written for n in self._names if n.plain == plain), plain)
            everyday = {e for d in self._catalog if d.is_policy for e in d.everyday}
            self._ordinary[plain] = (
                len(plain) < 3
                or written in everyday
                or any(
                    written in a.text
                    for d in self._catalog
                    if d.in_scope and d.text_kind is TextKind.TEXT
                    for a in d.latest().articles
                )
            )
        return self._ordinary[plain]

    def _places(self, name: _Name, plain: str, heard: list[str]) -> list[int]:
        exact = _starts(plain, name.plain)
        width = len(name.plain)
        if exact or width < _SOUND_FROM:
            return exact
        sound = list(name.sound)
        alike = [
            i
            for i in range(len(plain) - width + 1)
            if heard[i] == sound[0]
            and heard[i : i + width] == sound
            and sum(a != b for a, b in zip(plain[i : i + width], name.plain, strict=True))
            <= _MOST_DIFFERENT * width
        ]
        return [] if alike and self._is_ordinary(name.plain) else alike


def _starts(text: str, part: str) -> list[int]:
    """Where `part` begins in `text`, overlaps left out."""
    out = []
    at = text.find(part)
    while at >= 0:
        out.append(at)
        at = text.find(part, at + len(part))
    return out


def _quoted(text: str, span: tuple[int, int]) -> bool:
    return text[: span[0]].endswith(("“", "‘", '"', "「")) or text[span[0]] in '“‘"「'


def normal(text: str) -> tuple[str, list[int]]:
    """Return `text` as names are compared, and for each of its characters the place in `text`."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        digits = _DIGITS.match(text, at)
        if digits and (at == 0 or not text[at - 1].isdigit()):
            word = to_chinese(int(digits[0]))
            if word == "二" and text[digits.end()] in _TWO:
                word = "两"
            out += word
            places += [at] * len(word)
            at = digits.end()
            continue
        if not _DROPPED.match(text[at]):
            out.append("两" if text[at] == "二" and text[at + 1 : at + 2] in _TWO else text[at])
            places.append(at)
        at += 1
    return "".join(out), places


_TWO = ("重", "直", "个", "抓")


def sounds(text: str) -> list[str]:
    """Return the toneless reading of every character; others stand for themselves."""
    return [_sound(c) for c in text]


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters need no phrases
    from pypinyin import Style, pinyin

    return pinyin(character, style=Style.NORMAL)[0][0]


def sections_for(question: str, doc: Document, best: Article | None) -> tuple[Article, ...]:
    """Return the sections of an entry that a question on it asks for, in the entry's order.

    `best` is the section that search found; it joins those that the question's words call for.
    An empty question asks what the measure is.
    """
    version: Version = doc.latest()
    wanted: tuple[str, ...] = next(
        (s for pattern, s in _INTENTS if re.search(pattern, question)), _GENERAL
    )
    if wanted in _PENAL and question_kind(question) is Kind.PENALTY:
        held = [a.id.article for a in version.articles if _CONSEQUENCE.search(a.id.article)]
        wanted = (*held, _BASIS) if held else wanted
    names = (doc.title, *doc.aliases)
    chosen = [
        a
        for a in version.articles
        if a.id.article in wanted or ("内容" in wanted[:2] and _on_part(a.id.article, names))
    ]
    if not any(a.id.article in wanted[:1] for a in chosen):
        chosen += [a for a in version.articles if a.id.article in _GENERAL and a not in chosen]
    if best is not None and best not in chosen and not is_absent(best):
        chosen.append(best)
    if not any(a.id.article == "内容" for a in version.articles):
        chosen += [a for a in version.articles if is_absent(a) and a not in chosen]
    order = {a.id: n for n, a in enumerate(version.articles)}
    return tuple(sorted(chosen, key=lambda a: order[a.id]))


def is_absent(section: Article) -> bool:
    """True for the section that says what the library does not hold of a measure."""
    return bool(_ABSENT.search(section.id.article))


def goes_beyond(question: str, section: Article) -> bool:
    """True if an outline's nearest section does not hold what the question wants to know."""
    if is_absent(section) or _WORDING.search(question):
        return True
    asked = next((held for pattern, held in _UNITS if re.search(pattern, question)), None)
    return asked is not None and not re.search(asked, section.text)


_WORDING = re.compile(r"原文(?!没|吗|不)|全文|逐条|哪几条|有几条|第几条|哪些条|怎么写的")
_UNITS = (
    (r"百分之几|比例|百分比", r"\d%|百分之"),
    (r"(?:多少|几个?)学时", r"\d+ ?学时"),
    (r"几年|多少年", r"(?<!\d)\d{1,2}年(?!\d{1,2}月)|[一二两三四五六]年"),
    (r"几个月|多少个?月", r"\d+个月|[一二两三四五六]个月"),
    (r"几天|多少天|几日", r"(?<!月)(?<!\d)\d{1,2}(?:日内|天|个工作日)"),
    (r"多少钱|几万|多少万|罚多少", r"\d万|\d元"),
    (r"几米|多少米", r"\d米"),
    (r"几次|多少次", r"\d次|[一二两三四]次"),
)


def _on_part(heading: str, names: tuple[str, ...]) -> bool:
    return any(name in heading or (len(heading) > 2 and heading in name) for name in names)
