"""The subject phrase of a rule → the bearers that it denotes.

A phrase names its members one after another (县级以上地方各级人民政府及其有关部门). A member is
recognised by how it ends, so that 生产经营单位的主要负责人 is the principal and not the unit;
what stands before the recognised words may narrow it down (煤矿企业的 before 主要负责人).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import SourceError

_JOINT = "[、，：]|和|或者?|以及|及其?|与"
_END = rf"(?=$|{_JOINT}|等|都|均|也|（|；|\s)"
_START = "(?:^|(?<=[、，：和或及与者其]))"
_DEPARTMENT = (
    "(?:(?:行政|主管|监督管理|管理|监管)*(?:部门|机构)"
    "|(?=(?:[、和及]|等)[^，。]{0,40}(?:部门|机构)))"
)
"""How the name of a department ends; in a list that shares the ending it stands at its end."""
_GOVERNMENT = "(?:人民)?政府"
_ALWAYS_PLAIN = (
    "县级以上|县以上|地方|各级|各|人民政府|政府|有关|相关|其他|其|该|本|的|所属|本级|同级|当地"
    "|由|和|及|等|上述|主管"
)
_CENTRAL = re.compile("国务院(?:[^和及，]*、)?[^、，]*$")
"""The central authorities, in a list that names 国务院 once for all its departments."""
_COPULA = re.compile("是(?!否|非)")
"""What follows 是 says what the bearer is (主要负责人是第一责任人), not who else bears."""
_TAIL = re.compile(r"(?:都|均|也|应|还)+$")


@dataclass(frozen=True, slots=True)
class Denoted:
    """A bearer that a phrase names in `phrase[start:end]`.

    `narrower` is set where words before it leave only some of that kind (煤矿企业的主要负责人).
    """

    bearer: str
    start: int
    end: int
    narrower: bool


@dataclass(frozen=True, slots=True)
class _Names:
    bearer: str
    pattern: re.Pattern[str]
    plain: re.Pattern[str]
    not_after: re.Pattern[str] | None
    rest: bool


class Phrases:
    """Recognises bearers in subject phrases."""

    def __init__(self, names: tuple[_Names, ...]) -> None:
        self._names = names

    def denoted(self, phrase: str) -> tuple[Denoted, ...]:
        """Return the bearers that `phrase` denotes in reading order; empty if it names none.

        Of two recognised at the same place the one with more words counts; the residual bearers
        count only where no other ends.
        """
        phrase = _TAIL.sub("", _COPULA.split(phrase, maxsplit=1)[0])
        found = [d for n in self._names if not n.rest for d in self._of(n, phrase)]
        kept = [d for d in found if not any(_covers(o, d) for o in found)]
        ends = {d.end for d in kept}
        rest = [d for n in self._names if n.rest for d in self._of(n, phrase)]
        kept += [
            d
            for d in rest
            if d.end not in ends
            and not any(k.start <= d.start and d.end <= k.end for k in kept)
            and not any(o.end == d.end and o.start < d.start for o in rest)
        ]
        return tuple(sorted(kept, key=lambda d: (d.start, d.end, d.bearer)))

    @staticmethod
    def _of(names: _Names, phrase: str) -> list[Denoted]:
        out = []
        for m in names.pattern.finditer(phrase):
            before = phrase[: m.start()]
            if m.end() == m.start() or (names.not_after and names.not_after.search(before)):
                continue
            own = re.split(_JOINT, before)[-1]
            narrowed = names.plain.sub("", own) or _CENTRAL.search(before)
            narrower = bool(narrowed) and not names.rest
            out.append(Denoted(names.bearer, m.start(), m.end(), narrower))
        return out


def _covers(other: Denoted, one: Denoted) -> bool:
    longer = other.end - other.start > one.end - one.start
    return longer and other.start <= one.start and one.end <= other.end


def compile_phrases(path: Path, rows: list[dict[str, Any]]) -> Phrases:
    """Return the recogniser for the rows of the table; SourceError names a bad expression."""
    return Phrases(tuple(_names(path, row) for row in rows))


def _names(path: Path, row: dict[str, Any]) -> _Names:
    try:
        alternatives = "|".join(f"(?:{_expanded(p)})" for p in row["subject"])
        not_after = row.get("not_after", "")
        return _Names(
            row["id"],
            re.compile(f"(?:{alternatives}){_END}"),
            re.compile("|".join(filter(None, (_ALWAYS_PLAIN, row.get("plain", ""))))),
            re.compile(_expanded(not_after)) if not_after else None,
            bool(row.get("rest", False)),
        )
    except re.error as e:
        raise SourceError(f"{path}: {row['id']} 的表达式不对：{e}") from e


def _expanded(pattern: str) -> str:
    if pattern.startswith("<"):
        pattern = _START + pattern[1:]
    return pattern.replace("{D}", _DEPARTMENT).replace("政府", _GOVERNMENT)
