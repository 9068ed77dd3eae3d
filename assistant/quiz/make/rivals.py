"""Who else could be thought to have a duty: names for wrong options, checked to be wrong."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict

from assistant.quiz.make.duty_index import DutyIndex, is_plain
from assistant.quiz.source import Held
from indexer.tokens import bigrams

_PEOPLE = frozenset({"企业岗位", "从业人员"})
_UNITS = frozenset({"企业", "特定场所与行业"})
_OFFICES = frozenset({"部门"})
_PLACES = frozenset({"党委政府", "基层"})
_SERVICES = frozenset({"技术服务与其他"})
_KINDS = (_PEOPLE, _UNITS, _OFFICES, _PLACES | _OFFICES, _SERVICES | _UNITS)
"""Groups of the bearer table whose members can be taken for one another."""
_TOO_WIDE = frozenset(
    {
        "unclear", "any-unit", "anyone", "employer", "enterprise", "other-unit", "other-person", "other-dept",
        "dept-concerned", "gov-concerned", "admin-organ", "industry-dept", "safety-dept", "party", "officials",
        "state", "gov-all", "passenger", "accident-unit", "media", "deputy", "inspectors", "building-owner",
        "worker", "people-police", "army", "supervision", "investigators", "congress", "culture", "development",
    }
)  # fmt: skip
"""Bearers whose name tells too little to be asked for or to be certainly wrong."""
_NEVER_OFFERED = _TOO_WIDE | {"hospital", "school", "gas-user", "union"}
"""These have canteens, boilers and building sites as well, or nobody would think it of them."""
_BARE = re.compile(
    "(?:生产|销售|经营|开采|采矿|运输)者|检验人|鉴定人|用户|保险人.*|使用者|海警.*|认证机构|.*行业协会"
)
_ROLE = re.compile("^(?:[^，]{1,3}、)?(?:使用|生产|经营|运营|运营使用|销售|运输|作业|管理)单位$")
"""Names of what a unit does, which one of another name may do as well."""
_GOVERNMENTS = frozenset(
    {"state-council", "gov-above-county", "gov-province", "gov-city", "gov-county", "town-gov"}
)
_WELL_KNOWN = {
    "部门": ("emergency", "fire-rescue", "police", "market", "housing", "transport", "health", "hr", "eco"),
    "企业岗位": ("principal", "safety-staff", "project-manager", "special-operator"),
    "从业人员": ("principal", "safety-staff", "special-operator", "driver"),
}  # fmt: skip
"""Whom everybody knows, by group; offered where a document does not name rivals enough."""
_ORDINARY = frozenset(
    bigrams(
        "单位机构主管部门人民政府管理企业人员行政国务院县级以上地方各级经营者生产使用负责人监督"
    )
)


class Rivals:
    """Names of bearers as the library writes them, by what kind of bearer they mean."""

    def __init__(self, index: DutyIndex) -> None:
        self._index = index
        self._group = {b.id: b.group for b in index.table.bearers}
        self._official = {b.id: b.name for b in index.table.bearers}
        names: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for row in index.rows:
            name = row.norm.subject
            if len(row.bearers) == 1 and "、" not in name and is_plain(name):
                names[row.held.document.id][row.bearers[0], name] += 1
        self._names = {
            doc: tuple(sorted((b, -n, name) for (b, name), n in found.items()))
            for doc, found in names.items()
        }

    def named_by(self, held: Held) -> frozenset[str]:
        """Return the names of bearers that the document itself uses."""
        return frozenset(name for _, _, name in self._names.get(held.document.id, ()))

    def can_be_asked(self, name: str, bearers: tuple[str, ...]) -> bool:
        """True if the name of the right bearer is clear enough to be an option."""
        if _ROLE.search(name) or not is_plain(name):
            return False
        return bool(bearers) and not _TOO_WIDE & set(bearers)

    def _are_governments(self, bearers: tuple[str, ...]) -> bool:
        return all(self._group[b] in _PLACES for b in bearers)

    def are_peers(self, name: str, bearers: tuple[str, ...]) -> bool:
        """True unless one is a government and the other an office that may belong to it."""
        groups = {self._group[b] for b in self._index.table.of_subject(name)}
        own = {self._group[b] for b in bearers}
        return ("党委政府" in groups) == ("党委政府" in own)

    def are_of_one_sort(self, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
        """True if both are people, units or offices, so that their duties read alike."""
        one, two = {self._group[x] for x in a}, {self._group[x] for x in b}
        return any(one <= kind and two <= kind for kind in _KINDS)

    def of(
        self, held: Held, bearers: tuple[str, ...], action: str, text: str, rng: random.Random
    ) -> list[str]:
        """Return names that are certainly wrong, those that the document itself uses first.

        `text` is the stem; nobody whom it names is offered. None of them has, includes or belongs
        to anybody who has a duty like `action` anywhere in the library.
        """
        taken = self._index.bearers_of(action) | self._index.named_in(text) | set(bearers)
        groups = {g for k in _KINDS for g in k if any(self._group[b] in k for b in bearers)}
        own_governments = bool(_GOVERNMENTS & set(bearers))
        known = {x for b in bearers for x in _WELL_KNOWN.get(self._group[b], ())}
        in_document = self._names.get(held.document.id, ())
        out = dict[str, str]()
        for bearer, name in (
            *((b, name) for b, _, name in in_document),
            *((b, self._official[b]) for b in sorted(known)),
        ):
            if (
                bearer in out
                or bearer in _NEVER_OFFERED
                or _BARE.fullmatch(name)
                or _ROLE.search(name)
            ):
                continue
            if self._group[bearer] not in groups:
                continue
            if bearer in _GOVERNMENTS and (own_governments or not self._are_governments(bearers)):
                continue
            if _core(name) in text or self._index.related([bearer], taken):
                continue
            out[bearer] = name
        mine = {b for b, _, _ in in_document}
        if not mine & set(out):
            return []
        names = [(b not in mine, rng.random(), name) for b, name in out.items()]
        return [name for _, _, name in sorted(names)]


def _core(name: str) -> str:
    return name.removeprefix("国务院").removeprefix("县级以上人民政府") or name


def gives_itself_away(name: str, others: list[str], text: str) -> bool:
    """True if the right name alone shares telling words with the stem."""
    words = frozenset(bigrams(text))

    def shares(option: str) -> bool:
        return bool((frozenset(bigrams(option)) - _ORDINARY) & words)

    return shares(name) and not any(shares(o) for o in others)
