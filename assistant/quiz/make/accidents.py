"""Scenarios of accidents: grade, fines, who investigates, by when to report.

Casualties and loss are drawn well inside one grade; which of the three decides it changes, so that
the whole table must be known. Grades, fines and authorities are read from the articles themselves.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, finish, mixed
from assistant.quiz.make.item_lists import Item, lists_of
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from kb.model import Provision

_MANY_DEAD, _MUCH_LOST = 10, 1000
GRADES = ("一般事故", "较大事故", "重大事故", "特别重大事故")
DECIDED_BY = {
    "一般事故": ("deaths",),
    "较大事故": ("deaths", "hurt", "loss"),
    "重大事故": ("deaths", "loss"),
    "特别重大事故": ("deaths",),
}
"""Which measures may decide a grade in a story; so many hurt and hardly a death is not told."""
_LOSS_A_DEATH, _LOSS_A_HURT = 60, 15
"""万元 that an accident costs at least for each."""
_REGULATION, _LAW = "accident-investigation-regulation", "work-safety-law"
_TABLE = "第三条"
_GRADE_OF = re.compile("(特别重大|重大|较大|一般)事故")
_FINE = re.compile(r"(处[^，。；]*罚款)")
_BOUNDS = re.compile(
    r"死亡(?P<d>\d+)人以[上下].*?重伤.*?(?P<i>\d+)人以[上下].*?经济损失(?P<l>\d+)(?P<u>亿|万)元以[上下]"
)
_INVESTIGATES = re.compile(
    r"(?P<grade>重大事故|较大事故|一般事故)由(?P<who>[^，；。]+?)负责(?:调查)?(?=[，；])"
)
_HIGHEST = re.compile(r"特别重大事故由(?P<who>[^。]+?)，?组织事故调查组")
_EVENTS = (
    ("某化工厂", "车间发生爆炸"),
    ("某食品加工厂", "员工清理污水池时发生中毒窒息"),
    ("某建筑工地", "发生模板支撑体系坍塌"),
    ("某家具厂", "发生粉尘爆炸"),
    ("某钢铁厂", "发生钢水喷溅灼烫"),
    ("某船舶修造厂", "修船舱室内发生爆燃"),
    ("某物流园", "在建库房发生坍塌"),
    ("某造纸厂", "检修浆池时发生硫化氢中毒"),
)
"""Trades whose accidents are investigated and fined by the general rules."""
_GREAT_EVENTS = tuple(e for e in _EVENTS if e[1].endswith(("爆炸", "坍塌", "爆燃")))
"""Those that many may die of."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What an accident cost: deaths, people gravely hurt, loss in 万元; `by` decides the grade."""

    deaths: int
    hurt: int
    loss: int
    by: str

    @property
    def text(self) -> str:
        """造成4人死亡、6人重伤，直接经济损失300万元; what is nought is left out."""
        people = [f"{self.deaths}人死亡"] if self.deaths else []
        people += [f"{self.hurt}人重伤"] if self.hurt else []
        return f"造成{'、'.join(people)}，直接经济损失{self.loss}万元"


class AccidentMaker:
    """Makes scenarios for the articles that attach something to the grade of an accident."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._table = read_grades(source)

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if self._table is None:
            return
        for draft in self._drafts(held, self._table, rng):
            yield finish(self._source, held, draft)

    def _drafts(self, held: Held, table: Table, rng: random.Random) -> Iterator[Draft]:
        if held.article.id == table.held.article.id:
            yield from _grade_questions(table, rng)
        elif held.document.id == _REGULATION:
            yield from _investigation(held, table, rng)
        elif held.document.id == _LAW:
            yield from _fines(held, table, rng)


@dataclass(frozen=True, slots=True)
class Table:
    """The grades: the article, its items by grade, the least deaths, hurt and loss (万元) of each."""

    held: Held
    items: dict[str, Item]
    least: dict[str, tuple[int, int, int]]

    def draw(self, grade: str, rng: random.Random, by: str = "") -> Toll:
        """Return a toll that is clearly of that grade, by one of its three measures.

        The two others stay in proportion to it: twice as many hurt as dead at most, and a loss
        that so many dead and hurt bring with them.
        """
        low = self.least[grade]
        at = GRADES.index(grade)
        high = self.least[GRADES[at + 1]] if at + 1 < len(GRADES) else tuple(2 * n for n in low)
        by = by or rng.choice(DECIDED_BY[grade])
        below = high if at == 0 else low
        deaths = _inside(low[0], high[0], rng) if by == "deaths" else _under(below[0], rng)
        if by != "deaths":
            deaths = min(deaths, rng.randint(1, 3))
        hurt = (
            _inside(low[1], min(high[1], 3 * low[1]), rng)
            if by == "hurt"
            else rng.randint(1, 2 * deaths + 1)
        )
        hurt = hurt if by == "hurt" else min(hurt, below[1] * 3 // 5)
        least = min(deaths * _LOSS_A_DEATH + hurt * _LOSS_A_HURT, below[2] * 3 // 5)
        loss = rng.randint(least, below[2] * 3 // 5)
        if by == "loss":
            loss = _inside(low[2], min(high[2], 2 * low[2]) if low[2] else high[2], rng)
        return Toll(deaths, hurt, _round(loss), by)


def _inside(low: int, high: int, rng: random.Random) -> int:
    """A number between two bounds, away from both."""
    margin = max(1, (high - low) // 8)
    if high - low < 4:
        return rng.randint(max(low, 1), high - 1)
    return rng.randint(low + margin, high - margin)


def _under(bound: int, rng: random.Random) -> int:
    """A number clearly below a bound."""
    return rng.randint(1, max(1, bound * 3 // 5))


def _round(loss: int) -> int:
    return loss - loss % 10 if loss > 100 else loss


def read_grades(source: Source) -> Table | None:
    """Return the table, or None where the library does not hold it in this form."""
    for held in source.asked:
        if held.document.id == _REGULATION and held.article.id.article == _TABLE:
            found = next(iter(lists_of(held)), None)
            items = {_grade(i.text): i for i in found.items} if found else {}
            least = {g: _least(g, i.text) for g, i in items.items()}
            bounds = {g: b for g, b in least.items() if b is not None}
            if set(bounds) == set(GRADES):
                return Table(held, items, bounds)
    return None


def _grade(text: str) -> str:
    m = _GRADE_OF.search(text)
    return m[0] if m else ""


def _least(grade: str, text: str) -> tuple[int, int, int] | None:
    m = _BOUNDS.search(text)
    if m is None:
        return None
    if grade == GRADES[0]:
        return 0, 0, 0
    return int(m["d"]), int(m["i"]), int(m["l"]) * (10000 if m["u"] == "亿" else 1)


def _scene(toll: Toll, rng: random.Random) -> tuple[str, str]:
    """Return (who, the story)."""
    great = toll.deaths >= _MANY_DEAD or toll.hurt >= _MANY_DEAD or toll.loss >= _MUCH_LOST
    who, what = rng.choice(_GREAT_EVENTS if great else _EVENTS)
    return who, f"{who}{what}事故，{toll.text}。"


def _why(grade: str, toll: Toll) -> str:
    reason = {
        "deaths": f"死亡{toll.deaths}人",
        "hurt": f"重伤{toll.hurt}人",
        "loss": f"直接经济损失{toll.loss}万元",
    }[toll.by]
    return f"按{reason}，该事故是{grade}。"


def _basis(table: Table, grade: str, tested: str = "") -> Cited:
    item = table.items[grade]
    return Cited(item.provision, item.text, (tested,) if tested else ())


def _each_way() -> Iterator[tuple[str, str]]:
    """Yield every grade with every measure that may decide it."""
    for grade in GRADES:
        for by in DECIDED_BY[grade]:
            yield grade, by


def _grade_questions(table: Table, rng: random.Random) -> Iterator[Draft]:
    for grade, by in _each_way():
        toll = table.draw(grade, rng, by)
        _, story = _scene(toll, rng)
        yield Draft(
            Kind.CASE, Knowledge.FIGURE,
            f"{story}根据《{table.held.document.short}》，该事故的等级是{BLANK}。",
            mixed(GRADES, rng), (grade,), _why(grade, toll),
            (_basis(table, grade, grade),), 0.7, about=f"grade|{grade}|{by}",
        )  # fmt: skip


def _investigation(held: Held, table: Table, rng: random.Random) -> Iterator[Draft]:
    """Yield: who has to see to the investigation."""
    found: dict[str, tuple[Provision, str]] = {}
    for provision in held.article.parts:
        for each in _INVESTIGATES.finditer(provision.text):
            found[each["grade"]] = (provision, each["who"])
        if highest := _HIGHEST.search(provision.text):
            found[GRADES[-1]] = (provision, highest["who"])
    if set(found) != set(GRADES):
        return
    for grade, by in _each_way():
        toll = table.draw(grade, rng, by)
        _, story = _scene(toll, rng)
        provision, who = found[grade]
        yield Draft(
            Kind.CASE, Knowledge.BEARER,
            f"{story}根据《{held.document.short}》，负责组织该事故调查的是{BLANK}。",
            mixed([w for _, w in found.values()], rng), (who,),
            f"{_why(grade, toll)}{grade}由“{who}”负责调查。",
            (Cited(provision, provision.text, (who,)), _basis(table, grade)), 0.7,
            about=f"investigates|{grade}|{by}",
        )  # fmt: skip


def _fines(held: Held, table: Table, rng: random.Random) -> Iterator[Draft]:
    """Yield: what the unit or its head is fined."""
    for found in lists_of(held):
        fines = {_grade(i.text): (i, m[1]) for i in found.items if (m := _FINE.search(i.text))}
        if set(fines) != set(GRADES) or "生产安全事故" not in found.lead:
            continue
        head = "主要负责人" in found.lead
        for grade in GRADES:
            toll = table.draw(grade, rng)
            who, story = _scene(toll, rng)
            item, fine = fines[grade]
            yield Draft(
                Kind.CASE, Knowledge.SANCTION,
                _fine_stem(held, story, who, head=head),
                mixed([f for _, f in fines.values()], rng), (fine,),
                f"{_why(grade, toll)}对{'主要负责人' if head else '负有责任的单位'}“{fine}”。",
                (Cited(item.provision, item.text, (fine,)), _basis(table, grade)), 0.75,
                ("principal",) if head else ("enterprise",), f"fine|{grade}",
            )  # fmt: skip


def _fine_stem(held: Held, story: str, who: str, *, head: bool) -> str:
    law = f"根据《{held.document.short}》，由应急管理部门"
    unit = "施工单位" if "工地" in who or "物流园" in who else who[1:]
    if head:
        return (
            f"{story}经查，{unit}的主要负责人未履行法定的安全生产管理职责，导致事故发生。"
            f"{law}对该主要负责人{BLANK}。"
        )
    return f"{story}经查，{unit}对事故负有责任，情节一般。{law}对该{unit}{BLANK}。"
