"""Measures by name (四个一律, 三管三必须): which parts they have, what each part means, law or policy."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, finish, judged, mixed
from assistant.quiz.make.item_lists import ItemList, lists_of
from assistant.quiz.make.likeness import likeness_of
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
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
_COUNTED = re.compile(r"[一二三四五六七八九十]")
_MAX_PART, _NEAR, _NEAR_OWN = 40, 0.45, 0.3
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
        self._like = likeness_of(source)
        self._all = [m for h in source.asked for m in _measures(h)]
        names = [m.name for m in self._all]
        self._unclear = {n for n in names if any(n in other and n != other for other in names)}
        texts: dict[str, list[str]] = {}
        for held in source.asked:
            if held.document.is_policy:
                texts.setdefault(held.document.id, []).append(held.article.text)
        self._texts = {doc_id: "\n".join(found) for doc_id, found in texts.items()}

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if not held.document.is_policy:
            return
        for measure in _measures(held):
            if measure.name in self._unclear:
                continue
            wrong = self._foreign(measure, rng)
            for draft in (*_membership(measure, wrong, rng), *_meanings(measure, rng)):
                yield finish(self._source, held, draft)
        for draft in _nature(held, rng):
            yield finish(self._source, held, draft)

    def _foreign(self, measure: _Measure, rng: random.Random) -> list[str]:
        """Return parts of other measures that this entry nowhere mentions."""
        own_text = self._texts[measure.held.document.id]
        pool = [
            part.name
            for other in self._all
            if other.held.document.id != measure.held.document.id
            for part in other.parts
        ]
        pool = list(dict.fromkeys(pool))
        rng.shuffle(pool)
        form = _form(measure.parts[0].name)
        size = sum(len(p.name) for p in measure.parts) / len(measure.parts)
        pool.sort(key=lambda n: (_form(n) != form, abs(len(n) - size)))
        out: list[str] = []
        for name in pool:
            near = any(self._like.alike(name, p.name) >= _NEAR_OWN for p in measure.parts)
            told = name in own_text or any(self._like.alike(name, o) >= _NEAR for o in out)
            if not near and not told and not (_COUNTED.match(name) and len(name) < 3):
                out.append(name)
            if len(out) == 5:
                break
        return out


def _form(name: str) -> str:
    """What parts of one measure have in common: how they begin or end."""
    return name[0] if name[0] in "不公自随" else name[-2:]


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


def _membership(measure: _Measure, wrong: list[str], rng: random.Random) -> Iterator[Draft]:
    parts, name = list(measure.parts), f"“{measure.name}”"
    if len(wrong) >= 3:
        part = rng.choice(parts)
        yield Draft(
            Kind.SINGLE, Knowledge.MEASURE, f"下列各项中，属于{name}内容的是{BLANK}。",
            mixed([part.name, *wrong[:3]], rng), (part.name,),
            f"“{part.name}”是{name}的内容之一。", (_cited(part),), 0.6,
        )  # fmt: skip
    if len(parts) >= 3 and wrong:
        shown = rng.sample(parts, 3)
        yield Draft(
            Kind.SINGLE, Knowledge.MEASURE, f"下列各项中，不属于{name}内容的是{BLANK}。",
            mixed([*(p.name for p in shown), wrong[0]], rng), (wrong[0],),
            f"“{wrong[0]}”不在{name}之中。", tuple(_cited(p) for p in parts if p in shown), 0.5,
            about=f"odd|{measure.name}",
        )  # fmt: skip
        right = rng.sample(parts, min(len(parts), rng.choice((2, 3, 4))))
        right = [p for p in parts if p in right]
        options = [*(p.name for p in right), *wrong[: max(1, 5 - len(right))]]
        yield Draft(
            Kind.MULTI, Knowledge.MEASURE, f"下列各项中，属于{name}内容的有{BLANK}。",
            mixed(options[:5], rng), tuple(p.name for p in right),
            f"{name}的内容包括{'、'.join(f'“{p.name}”' for p in right)}。",
            tuple(_cited(p) for p in right), 0.6, about=f"parts|{measure.name}",
        )  # fmt: skip


def _meanings(measure: _Measure, rng: random.Random) -> Iterator[Draft]:
    """Yield: what one part means, among what the others mean."""
    told = [p for p in measure.parts if p.means]
    if len(told) < 3:
        return
    for part in told:
        others = [p for p in told if p is not part]
        wrong = rng.sample(others, min(3, len(others)))
        yield Draft(
            Kind.SINGLE, Knowledge.MEASURE,
            f"关于“{measure.name}”，下列各项中，对“{part.name}”的解释正确的是{BLANK}。",
            mixed([part.means, *(p.means for p in wrong)], rng), (part.means,),
            f"“{part.name}”的意思是“{part.means}”。", (Cited(part.provision, part.provision.text, (part.means,)),),
            0.6, about=f"means|{part.name}",
        )  # fmt: skip


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


def _cited(part: _Part) -> Cited:
    return Cited(part.provision, part.provision.text, (part.name,))
