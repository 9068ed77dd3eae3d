"""Scenarios of a situation: how many people a firm has, when somebody hears of an accident.

Every situation names the article that decides it and reads the right option out of that article's
words; where the words are gone, the situation yields nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from assistant.quiz.make.base import Cited, Draft, finish, mixed
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from kb.model import Provision
from kb.numerals import to_int

_LAW, _REGULATION = "work-safety-law", "accident-investigation-regulation"
_HARMLESS = ("某服装厂", "某印刷厂", "某家具销售公司", "某电子装配厂", "某食品加工厂", "某玩具厂")
_HAZARDOUS = ("某非煤矿山企业", "某金属冶炼企业", "某建筑施工企业", "某货物运输公司")
_STAFF = re.compile(
    r"从业人员超过(?P<n>[一二三四五六七八九十百]+)人的，应当(?P<more>[^；]+)；"
    r"从业人员在(?P=n)人以下的，应当(?P<less>[^。]+)。"
)
_STAFF_ALWAYS = re.compile(r"^[^。]*矿山[^。]*单位，应当(?P<what>[^。]+)。")
_PART_TIME = "只配备兼职的安全生产管理人员"
_OUTSIDE = "委托安全生产技术服务机构管理，不另配安全生产管理人员"
_NOBODY = "由主要负责人兼管，不另配安全生产管理人员"
_HOURS = re.compile(r"单位负责人[^。]*?应当在(?P<n>\d|[一二两三])小时内报告")
_EACH_LEVEL = re.compile(r"每一?级[^。]*?不得超过(?P<n>\d|[一二两三])小时")
_STOP = re.compile(r"从业人员发现直接危及人身安全的紧急情况时，(?P<what>有权停止作业[^。]+)。")
_DRAW_BACK = re.compile(r"不得因从业人员在前款紧急情况下[^。]*?而(?P<what>降低[^。]+)。")
_DANGERS = (
    ("某铸造厂", "熔炼炉突然异响并大量漏出铁水"),
    ("某化工厂", "反应釜压力急剧升高、安全阀失效"),
    ("某采石场", "作业面上方岩体出现明显松动并不断掉块"),
    ("某建筑工地", "脚手架突然倾斜并发出断裂声"),
)


class SituationMaker:
    """Makes the scenarios that belong to single articles."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        for document, told in _SITUATIONS:
            if held.document.id == document:
                for draft in told(held, rng):
                    yield finish(self._source, held, draft)


def _staff(held: Held, rng: random.Random) -> Iterator[Draft]:
    """Yield: whom a firm of that size must employ for safety."""
    for provision in held.article.parts:
        if m := _STAFF.search(provision.text):
            bound, law = to_int(m["n"]), held.document.short
            more, less = m["more"].strip(), m["less"].strip()
            big, small = rng.randint(bound + 30, bound * 4), rng.randint(bound // 4, bound - 20)
            yield _staffed(provision, law, rng.choice(_HARMLESS), big, more, [less, _OUTSIDE], rng)
            yield _staffed(
                provision, law, rng.choice(_HARMLESS), small, less, [more, _OUTSIDE], rng
            )
        elif m := _STAFF_ALWAYS.search(provision.text):
            count, what = rng.randint(30, 80), m["what"].strip()
            yield _staffed(
                provision, held.document.short, rng.choice(_HAZARDOUS), count, what,
                [_PART_TIME, _OUTSIDE], rng,
            )  # fmt: skip


def _staffed(
    provision: Provision, law: str, firm: str, count: int, what: str, wrong: list[str],
    rng: random.Random,
) -> Draft:  # fmt: skip
    return Draft(
        Kind.CASE, Knowledge.DUTY,
        f"{firm}有从业人员{count}人。根据《{law}》，在安全生产管理机构和人员方面，法律对该{firm[1:]}的最低要求是{BLANK}。",
        mixed([what, *wrong, _NOBODY], rng), (what,), f"该{firm[1:]}应当“{what}”。",
        (Cited(provision, provision.text, (what,)),), 0.7, ("enterprise",), f"staff|{firm[0]}|{what}",
    )  # fmt: skip


def _reported(held: Held, rng: random.Random) -> Iterator[Draft]:
    """Yield: the latest moment to report."""
    for provision in held.article.parts or (held.article.whole,):
        if m := _HOURS.search(provision.text):
            hour, minute = rng.randint(8, 15), rng.choice((10, 20, 40, 50))
            story = (
                f"某机械厂{hour}时{minute - 5}分发生事故，有人员伤亡；{hour}时{minute}分，"
                f"该机械厂负责人接到现场人员的报告。根据《{held.document.short}》，该机械厂负责人向当地"
                f"县级以上政府有关监管部门报告，最迟不得晚于{BLANK}。"
            )
            yield _moment(provision, story, (hour, minute), to_int(m["n"]), m[0], rng)
        if m := _EACH_LEVEL.search(provision.text):
            hour, minute = rng.randint(8, 15), rng.choice((5, 15, 25, 35))
            story = (
                f"某县应急管理部门{hour}时{minute}分接到辖区内一起较大事故的报告。"
                f"根据《{held.document.short}》，该部门应当逐级上报，报到上一级部门最迟不得晚于{BLANK}。"
            )
            yield _moment(provision, story, (hour, minute), to_int(m["n"]), m[0], rng)


def _moment(
    provision: Provision, story: str, at: tuple[int, int], hours: int, words: str,
    rng: random.Random,
) -> Draft:  # fmt: skip
    hour, minute = at
    due = f"当日{hour + hours}时{minute}分"
    wrong = [f"当日{hour + hours + n}时{minute}分" for n in (1, 2, 4)]
    return Draft(
        Kind.CASE, Knowledge.FIGURE, story, mixed([due, *wrong], rng), (due,),
        f"从接到报告起算，期限是{hours}小时，最迟到“{due}”。",
        (Cited(provision, provision.text, (words,)),), 0.5, about=f"moment|{words}",
    )  # fmt: skip


def _danger(held: Held, rng: random.Random) -> Iterator[Draft]:
    """Yield: what a worker in danger may do, and what may not be done to him for it."""
    firm, what = rng.choice(_DANGERS)
    for provision in held.article.parts:
        if m := _STOP.search(provision.text):
            wrong = [
                "有权停止作业，但未经现场负责人同意不得撤离作业场所",
                "有权在排除险情或者接到撤离命令后撤离作业场所",
                "有权要求停止作业，但在单位作出决定以前应当继续作业",
            ]
            yield Draft(
                Kind.CASE, Knowledge.DUTY,
                f"{firm}工人王某作业时发现{what}，直接危及人身安全。根据《{held.document.short}》，王某{BLANK}。",
                mixed([m["what"], *wrong], rng), (m["what"],), f"在这种情况下，从业人员“{m['what']}”。",
                (Cited(provision, provision.text, (m["what"],)),), 0.4, ("worker",), "danger",
            )  # fmt: skip
        if m := _DRAW_BACK.search(provision.text):
            wrong = [
                "要求其书面说明停止作业和撤离现场的经过",
                "在核实险情已经排除后安排其回到原岗位作业",
                "安排其参加针对这类险情的安全生产教育和培训",
            ]
            yield Draft(
                Kind.CASE, Knowledge.FORBIDDEN,
                f"{firm}{what}，工人王某立即停止作业并撤离了现场。根据《{held.document.short}》，该{firm[1:]}不得因此{BLANK}。",
                mixed([m["what"], *wrong], rng), (m["what"],),
                f"生产经营单位不得因从业人员在紧急情况下停止作业或者撤离而“{m['what']}”。",
                (Cited(provision, provision.text, (m["what"],)),), 0.3, ("enterprise",), "drawback",
            )  # fmt: skip


_Told = Callable[[Held, random.Random], Iterator[Draft]]
_SITUATIONS: tuple[tuple[str, _Told], ...] = (
    (_LAW, _staff),
    (_LAW, _danger),
    (_REGULATION, _reported),
)
