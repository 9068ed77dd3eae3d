"""What terms mean: the term from its definition, the definition from its term, true or false."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, according_to, finish, judged, mixed
from assistant.quiz.make.gate import MAX_OPTION
from assistant.quiz.make.likeness import likeness_of
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from kb.model import Provision

_DEFINES = re.compile(
    r"(?:^|(?<=[。\n]))(?:（[一二三四五六七八九十]+）)?(?P<of>本(?:法|条例|办法|规定)所称的?)?"
    r"(?P<term>[^，。；：“”\"（）、《》\n]{2,14})，?是指(?P<body>[^。；：\n]{8,110})[。；]"
)
_NO_TERM = re.compile(r"前款|本条|本章|该|其|不是|^的|规定$|时间$")
_ELSEWHERE = re.compile(
    r"第[一二三四五六七八九十百零]+[条款项章]|前款|本条|本章|下列|前述|以下简称|依照本"
)
_WRONG_OPTIONS, _NEAR = 3, 0.5
_MIN_BODY = 10
_TAIL = re.compile(r"(?:等|的?总称|（[^）]*）)+$")
_SORTS = (
    ("person", "人员|人|工|者"),
    ("body", "单位|企业|机构|组织|公司|部门"),
    ("place", "区域|场所|水域|范围|空间|地带|地区|海域"),
    (
        "thing",
        "设施|设备|装置|系统|通道|构筑物|建筑物?|工程|管道|线路|平台|器材|仪器|物品|物质|材料|产品|燃料|气体",
    ),
    ("act", "行为|活动|作业|工作|过程|措施|制度|服务"),
    ("event", "事故|事件|情形|状态|灾害|疾病|损害|危险|病"),
)
"""What definitions end in; wrong options are of the same sort, or the form would give the key."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what it means, both verbatim; `quote` is the sentence without its number."""

    held: Held
    provision: Provision
    term: str
    body: str
    quote: str


class DefinitionMaker:
    """Asks for terms and definitions; wrong options are sibling terms and their definitions."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._like = likeness_of(source)
        self._of_document: dict[str, list[Definition]] = defaultdict(list)
        self._of_topic: dict[str, list[Definition]] = defaultdict(list)
        for held in source.asked:
            for found in definitions_of(held):
                self._of_document[held.document.id].append(found)
                for topic in held.document.topics[:1]:
                    self._of_topic[topic].append(found)

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        for found in definitions_of(held):
            others = self._siblings(found, rng)
            for draft in _drafts(found, others, rng):
                yield finish(self._source, held, draft)

    def _siblings(self, found: Definition, rng: random.Random) -> list[Definition]:
        """Return other definitions, of the same document first, none alike to this one."""
        document = found.held.document
        own = list(self._of_document[document.id])
        near = [d for t in document.topics[:1] for d in self._of_topic[t] if d not in own]
        words = found.term + found.body
        for some in (own, near):
            rng.shuffle(some)
            some.sort(key=lambda d: -self._like.alike(words, d.term + d.body))
        out: list[Definition] = []
        for other in (*own, *near):
            apart = all(
                d.term not in other.term
                and other.term not in d.term
                and other.term not in d.body
                and d.term not in other.body
                and self._like.alike(d.body, other.body) < _NEAR
                for d in (found, *out)
            )
            if apart:
                out.append(other)
        return out


def definitions_of(held: Held) -> Iterator[Definition]:
    """Yield the definitions of one article that can be understood by themselves."""
    if held.document.is_policy:
        return
    provisions = list(held.article.provisions())
    for m in _DEFINES.finditer(held.article.text):
        term, body = m["term"].strip(), m["body"].strip()
        if _NO_TERM.search(term) or _ELSEWHERE.search(m[0]) or len(body) < _MIN_BODY:
            continue
        if term in body:
            continue
        start = m.start("of") if m["of"] else m.start("term")
        quote = held.article.text[start : m.end()]
        inside = [p for p in provisions if p.start <= start and m.end() <= p.end]
        smallest = min(inside, key=lambda p: (p.end - p.start, p.start), default=None)
        if smallest is not None and quote in smallest.text:
            yield Definition(held, smallest, term, body, quote)


def sort_of(body: str) -> str:
    """Return of what sort a thing is by how its definition ends; "" if that does not tell."""
    end = _TAIL.sub("", body.split("，但是")[0])
    return next((sort for sort, ends in _SORTS if re.search(f"(?:{ends})$", end)), "")


def _drafts(found: Definition, others: list[Definition], rng: random.Random) -> Iterator[Draft]:
    opening = according_to(found.held.document)
    sort = sort_of(found.body)
    others = [o for o in others if sort and sort_of(o.body) == sort]
    terms = [o for o in others if abs(len(o.term) - len(found.term)) <= 4]
    if len(terms) >= _WRONG_OPTIONS:
        yield _term(found, opening, terms[:_WRONG_OPTIONS], rng)
    bodies = [
        o
        for o in others
        if len(o.body) <= MAX_OPTION
        and o.held.document.id == found.held.document.id
        and max(len(o.body), len(found.body)) <= 1.8 * min(len(o.body), len(found.body))
    ]
    if len(bodies) >= _WRONG_OPTIONS and len(found.body) <= MAX_OPTION:
        yield _body(found, opening, bodies[:_WRONG_OPTIONS], rng)
    same = [o for o in others if o.held.document.id == found.held.document.id]
    if same:
        yield _judge(found, opening, same[0], rng)


def _term(found: Definition, opening: str, others: list[Definition], rng: random.Random) -> Draft:
    options = mixed([found.term, *(o.term for o in others)], rng)
    return Draft(
        Kind.SINGLE, Knowledge.DEFINITION, f"{opening}{BLANK}是指{found.body}。", options,
        (found.term,), f"这是“{found.term}”的定义。",
        (Cited(found.provision, found.quote, (found.term,)),), _closeness(found, others),
    )  # fmt: skip


def _body(found: Definition, opening: str, others: list[Definition], rng: random.Random) -> Draft:
    options = mixed([found.body, *(o.body for o in others)], rng)
    wrong = "；".join(f"“{o.body}”说的是{o.term}" for o in others)
    return Draft(
        Kind.SINGLE, Knowledge.DEFINITION, f"{opening}{found.term}是指{BLANK}。", options,
        (found.body,), f"{found.term}是指“{found.body}”。{wrong}。",
        (Cited(found.provision, found.quote, (found.body,)),), _closeness(found, others) + 0.1,
    )  # fmt: skip


def _judge(found: Definition, opening: str, other: Definition, rng: random.Random) -> Draft:
    right = rng.random() < 0.5
    term = found.term if right else other.term
    options, answer = judged(right=right)
    why = (
        f"题中对“{term}”的定义与规定一致。"
        if right
        else f"题中的“{other.term}”有误，应为“{found.term}”。"
    )
    return Draft(
        Kind.JUDGE, Knowledge.DEFINITION, f"{opening}{term}是指{found.body}。", options, answer,
        why, (Cited(found.provision, found.quote, (found.term,)),), 0.5,
        about=f"judge|{found.term}",
    )  # fmt: skip


def _closeness(found: Definition, others: list[Definition]) -> float:
    mine = sum(o.held.document.id == found.held.document.id for o in others)
    return 0.3 + 0.4 * mine / len(others)
