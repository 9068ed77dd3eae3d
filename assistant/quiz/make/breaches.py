"""Scenarios of a breach: an inspection finds an act of a list; which sanction follows."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, finish, mixed
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.item_lists import Item, ListKind, lists_of
from assistant.quiz.make.likeness import likeness_of
from assistant.quiz.make.tiers import says_grade
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from kb.model import Provision

_ONE_OF = re.compile(
    r"^(?:违反[^，]{2,12}规定，)?(?P<who>[^，；。：]{2,24}?)?(?:违反[^，]{2,12}规定，)?"
    r"有(?:下列|以下)(?:行为|情形|情况)之一的?，(?P<what>.+)$",
    re.DOTALL,
)
_SANCTION = re.compile(r"(?:责令|处|给予|并处|予以|罚款|没收|吊销|警告|可以)")
_CUT = re.compile(
    r"；|。|：|，(?:并)?对(?:其|直接|有关|主要|机构)|，有违法所得|，情节|，构成|，造成|，尚不"
)
_CLEAN = re.compile(r"^(?:责令|处(?!分|理)|给予|予以|没收|可以处|罚)[^“”（）《》]{3,56}$")
_ANY_SANCTION = re.compile(
    r"责令[^，。；：]{2,20}，(?:[^，。；：处]{2,14}，)?(?:可以)?(?:并)?处[^，。；：（）违]{3,30}罚款"
)
_FINE = re.compile(r"罚款|吊销|停产|停业|拘留")
_LATER = re.compile(r"逾期|拒不")
_VAGUE = re.compile(
    r"，或者|、?以及|按照各自|本法|有关法律|第[一二三四五六七八九十百]+[条款项]|情节|其他"
)
_ACT = re.compile(
    r"^(?:未|不|没有|擅自|违反|使用|将|未经|拒绝|拒不|超过|对|在|与|明知|发现|转让|允许|安排|生产|销售)"
)
_OR_NOT = re.compile(r"[，、]?或者(?=未|不|没有|擅自|使用|将|拒)")
_NOT_ONE = re.compile(r"，.*，|；|：|导致|造成|或者.*或者")
_WHO_PLAIN = re.compile(r"^[一-鿿]{0,14}(?:单位|企业|经营者|机构|承办者)$")
_OWN_WHO = re.compile(
    r"^(?P<who>(?!有关|其他)[一-鿿]{2,12}?(?:单位|企业|经营者|机构))(?P<act>(?:未|不|没有|擅自|使用|将|未经|拒不|与|明知).+)$"
)
_MIN_ACT, _MAX_ACT, _SAME_ACT = 8, 46, 0.5
_FOUND = (
    "执法人员检查时首次发现，",
    "经群众举报查实，",
    "专项检查中首次发现，",
    "某日抽查时首次发现，",
)
_ANY_UNIT = ("某机械制造公司", "某家具厂", "某印刷厂", "某食品加工厂", "某纺织公司")
_TRADES = (
    (re.compile("矿山|煤|井下|金属冶炼"), ("某矿业公司",)),
    (re.compile("危险物品|危险化学品|易燃|重大危险源|废弃"), ("某化工公司", "某化学品仓储公司")),
    (re.compile("施工|建设项目|爆破|吊装"), ("某建筑公司",)),
    (re.compile("人员密集|安全出口|消防"), ("某商场", "某宾馆")),
)


@dataclass(frozen=True, slots=True)
class Breach:
    """An act with the first thing that follows from it; `head` and `item` are where they stand."""

    who: str
    act: str
    sanction: str
    head: Provision
    item: Item


class BreachMaker:
    """Makes one scenario of every act that can be told as a story."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._like = likeness_of(source)
        self._sanctions: dict[str, set[str]] = defaultdict(set)
        for held in source.asked:
            if "罚款" in held.article.text and not is_doubtful(held, source.day):
                found = _ANY_SANCTION.findall(held.article.text)
                self._sanctions[held.document.id].update(s for s in found if len(s) <= 50)
                self._sanctions[held.document.id].update(b.sanction for b in breaches_of(held))

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if held.document.is_policy or is_doubtful(held, self._source.day):
            return
        for breach in breaches_of(held):
            if not _can_be_told(breach):
                continue
            wrong = self._others(held, breach, rng)
            if len(wrong) == 3:
                posts = self._source.bearers.of_subject(breach.who)
                yield finish(self._source, held, _draft(held, breach, wrong, posts, rng))

    def _others(self, held: Held, breach: Breach, rng: random.Random) -> list[str]:
        """Return three other sanctions; none if the document gives the act another one too."""
        document, said_elsewhere = held.document.id, []
        for match in self._like.matches(breach.act, _SAME_ACT):
            other = match.said.within
            if (
                other is None
                or other.kind is not ListKind.SANCTION
                or other.head.id == breach.head.id
            ):
                continue
            if other.held.document.id == document:
                return []
            said_elsewhere.append(other.head.text)
        own, form = self._sanctions[document], _form(breach.sanction)
        others = {s for some in self._sanctions.values() for s in some if _form(s) == form}
        size = len(breach.sanction)
        pool = sorted(
            s for s in own | others if abs(len(s) - size) <= size // 3 and "拘留" not in s
        )
        rng.shuffle(pool)
        pool.sort(key=lambda s: (s not in own, _form(s) != form))
        out = [breach.sanction]
        for sanction in pool:
            apart = all(
                _firm(sanction) not in _firm(o) and _firm(o) not in _firm(sanction) for o in out
            )
            graded = says_grade(held.article.text, breach.sanction, sanction)
            if apart and not graded and not any(sanction in text for text in said_elsewhere):
                out.append(sanction)
        return out[1:4]


def breaches_of(held: Held) -> Iterator[Breach]:
    """Yield the acts of the lists of one article that name a sanction."""
    for found in lists_of(held):
        m = _ONE_OF.match(found.head.lead.strip().rstrip("："))
        if m is None or "分别" in m["what"]:
            continue
        start = _SANCTION.search(m["what"])
        if start is None:
            continue
        sanction = _CUT.split(m["what"][start.start() :])[0].rstrip("，")
        if not _CLEAN.match(sanction) or _LATER.search(sanction) or not _FINE.search(sanction):
            continue
        for item in found.named:
            who, act = m["who"] or "", item.text
            if not who and (own := _OWN_WHO.match(act)):
                who, act = own["who"], own["act"]
            yield Breach(who, _one_of_its_acts(act), sanction, found.head, item)


def _one_of_its_acts(act: str) -> str:
    """Return the first of the acts that a rule joins by 或者: later ones live on its words."""
    return _OR_NOT.split(act)[0]


def _can_be_told(breach: Breach) -> bool:
    act = breach.act
    return (
        _MIN_ACT <= len(act) <= _MAX_ACT
        and not _VAGUE.search(act)
        and not _NOT_ONE.search(act)
        and bool(_ACT.match(act))
        and bool(_WHO_PLAIN.match(breach.who))
        and "、" not in breach.who
    )


def _draft(
    held: Held, breach: Breach, wrong: list[str], posts: tuple[str, ...], rng: random.Random
) -> Draft:
    actor = _actor(breach, rng)
    stem = (
        f"{rng.choice(_FOUND)}{actor}{breach.act}。"
        f"根据《{held.document.short}》，对该{actor[1:]}首先应当作出的处理是{BLANK}。"
    )
    return Draft(
        Kind.CASE, Knowledge.SANCTION, stem, mixed([breach.sanction, *wrong], rng),
        (breach.sanction,), f"对这一行为，首先应当“{breach.sanction}”。",
        (
            Cited(breach.head, breach.head.lead, (breach.sanction,)),
            Cited(breach.item.provision, breach.item.text, ()),
        ),
        0.7, posts, f"breach|{breach.act}",
    )  # fmt: skip


def _actor(breach: Breach, rng: random.Random) -> str:
    if breach.who in ("生产经营单位", "单位", "企业", "用人单位"):
        trades = next((t for words, t in _TRADES if words.search(breach.act)), _ANY_UNIT)
        return rng.choice(trades)
    return f"某{breach.who}"


def _firm(sanction: str) -> str:
    """The sanction without what leaves it to the office's discretion."""
    return sanction.replace("可以", "").replace("并", "")


def _form(sanction: str) -> str:
    """The sanction without its figures."""
    return re.sub(r"[零〇一二三四五六七八九十百千万\d.]+", "", sanction)
