"""Measures by name (四个一律, 三管三必须): what each part means, law or policy.

Which parts a measure has is not asked for as a choice: the parts of one are worded alike (管…必须管…)
and like its name, so that those of another stand out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, finish, judged, mixed
from assistant.quiz.make.item_lists import ItemList, lists_of
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.tokens import bigrams
from kb.model import Document, Provision

_NAMES_PARTS = re.compile(r"(?:是|分别是|表述|依次是|如下|做到|行为|这几样|对象是|要求是)$")
_NO_PARTS = re.compile(r"区别|依据|归纳|材料|报道包括|衔接|落脚点|罚则|说法|法条")
_GENERAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[项个句重条类]|两者|[一二三四五六七八九十]个“|责任分为|双罚|按《|四方|三类)"
)
_PART_NAME = re.compile(r"^(?P<name>[^：，。；]{2,20})：(?P<means>[^：]{8,60})$")
_NOT_LAW = re.compile(
    r"[，；](?:它)?(?:(?:属于|是)(?:国家)?政策[^，。；]{0,4}，)?(?:它)?不是(?P<law>法律条文)(?=[，。；])"
)
_MAX_PART, _TOLD = 40, 4
_LAW_NAMED = re.compile(r"《|第[一二三四五六七八九十]+条")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a measure: its short name and, where the entry says so, what it means."""

    provision: Provision
    name: str
    means: str


@dataclass(frozen=True, slots=True)
class _Measure:
    held: Held
    name: str
    parts: tuple[_Part, ...]
    lead: str


class MeasureMaker:
    """Asks for the parts of the measures that the entries of this library describe."""

    def __init__(self, source: Source) -> None:
        self._source = source
        names = [m.name for h in source.asked for m in _measures(h)]
        self._unclear = {n for n in names if any(n in other and n != other for other in names)}

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if not held.document.is_policy:
            return
        for measure in _measures(held):
            if measure.name in self._unclear:
                continue
            for draft in _meanings(measure, rng):
                yield finish(self._source, held, draft)
        for draft in _nature(held, rng):
            yield finish(self._source, held, draft)


def _measures(held: Held) -> Iterator[_Measure]:
    if not held.document.is_policy:
        return
    for found in lists_of(held):
        lead = found.lead.strip()
        if not _NAMES_PARTS.search(lead) or _NO_PARTS.search(lead):
            continue
        name = _name(held.document, lead, held.article.id.article)
        parts = tuple(_parts(found))
        if name and len(parts) == len(found.items) and len(parts) >= 2:
            yield _Measure(held, name, parts, found.lead)


def _name(document: Document, lead: str, section: str) -> str:
    """Return what the list belongs to: the entry's name, or the name that the sentence gives."""
    subject = re.sub(r"(?:分别是|依次是|是|通常这样表述|，按新华社报道是)$", "", lead)
    if section != "内容" and _GENERAL.match(lead):
        return ""
    if section == "内容" and (_GENERAL.match(lead) or subject == document.short):
        return document.short if "与" not in document.short else ""
    plain = re.fullmatch(r"[一-鿿]{3,12}", subject) and not subject.endswith(("的", "样", "如下"))
    elsewhere = [a.id.article for a in document.latest().articles if a.id.article != section]
    if not plain or any(subject in heading for heading in elsewhere):
        return ""
    return subject


def _parts(found: ItemList) -> Iterator[_Part]:
    for item in found.items:
        if _LAW_NAMED.search(item.text):
            return
        m = _PART_NAME.match(item.text)
        name = m["name"] if m else item.text.split("，")[0]
        if len(name) <= _MAX_PART:
            yield _Part(item.provision, name, m["means"] if m else "")


def _meanings(measure: _Measure, rng: random.Random) -> Iterator[Draft]:
    """Yield: what one part means, among what the others mean."""
    told = [p for p in measure.parts if p.means]
    if len(told) < _TOLD:
        return
    for part in told:
        others = [p for p in told if p is not part]
        if _is_told(part.name, part.means, [p.means for p in others]):
            continue
        wrong = rng.sample(others, _TOLD - 1)
        yield Draft(
            Kind.SINGLE, Knowledge.MEASURE,
            f"关于“{measure.name}”，下列各项中，对“{part.name}”的解释正确的是{BLANK}。",
            mixed([part.means, *(p.means for p in wrong)], rng), (part.means,),
            f"“{part.name}”的意思是“{part.means}”。", (Cited(part.provision, part.provision.text, (part.means,)),),
            0.6, about=f"means|{part.name}",
        )  # fmt: skip


def _is_told(name: str, means: str, others: list[str]) -> bool:
    """True if what the part means alone repeats words of its name."""
    elsewhere = "|".join(others)
    return any(pair in means and pair not in elsewhere for pair in bigrams(name))


def _nature(held: Held, rng: random.Random) -> Iterator[Draft]:
    """Yield: a measure of policy is no provision of a law."""
    if held.article.id.article != "是什么":
        return
    provision = next(iter(held.article.parts), held.article.whole)
    for sentence in re.findall(r"[^。\n]+。", provision.text)[:1]:
        m = _NOT_LAW.search(sentence)
        if m is None or held.document.short.strip("“”") not in sentence.replace("“", "").replace(
            "”", ""
        ):
            continue
        right = "政策" in sentence[: m.start()] or rng.random() < 0.4
        options, answer = judged(right=right)
        end = sentence[m.start() : m.end()]
        text = sentence[: m.end()] if right else f"{sentence[: m.start()]}，是{m['law']}"
        why = (
            "题中所说正确，它是政策提法。"
            if right
            else f"题中的“，是{m['law']}”有误，应为“{end}”。"
        )
        yield Draft(
            Kind.JUDGE, Knowledge.MEASURE, f"{text}。", options, answer, why,
            (Cited(provision, sentence, (end,)),), 0.5, about="nature",
        )  # fmt: skip
