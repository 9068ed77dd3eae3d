"""All norms of the library by their words: on whom does something like this fall as well?

Used to keep out options that would be right too. Two bearers are related if the duties of one
fall on the other (a mine is a production unit), in either direction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.quiz.source import Held, Source
from indexer.norms import Norm
from indexer.tokens import bigrams
from kb.duty_bearers import BearerTable

ALIKE = 0.4
"""From which share of common words on two actions count as the same thing."""
WIDE_ALIKE, CONTAINED = 0.25, 0.6
EVERYBODY = frozenset(
    {"enterprise", "any-unit", "employer", "worker", "anyone", "gov-all", "dept-concerned"}
)
_KIN = (
    {"emergency", "fire-rescue"}, {"housing", "gas-dept"}, {"transport", "maritime"},
    {"eco", "nuclear-dept"}, {"energy", "mine-safety"}, {"market", "food-dept"}, {"land", "forestry"},
    {"rail-company", "rail-dept"}, {"developer", "contract-out"}, {"construction", "contract-out"},
    {"command", "gov-above-county", "gov-province", "gov-city", "gov-county", "gov-concerned"},
    {"state-council", "gov-above-county"},
    {"equipment-user", "equipment-care"}, {"fire-key-unit", "crowded", "property"},
)  # fmt: skip
"""Offices of one system, and units that are often one and the same; inherits nothing, yet kin."""
_COMMON = frozenset(
    bigrams(
        "按照规定国家有关规定应当依法及时进行组织实施开展制定建立健全完善加强采取措施安全生产管理工作监督管理"
        "对本单位的相关法律法规标准要求以及其他或者和"
    )
)
_MIN_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A norm with its document, the bearers that it denotes and the words that tell it apart."""

    held: Held
    norm: Norm
    bearers: tuple[str, ...]
    words: frozenset[str]


class DutyIndex:
    """Every norm in force, and what is like it."""

    def __init__(self, source: Source) -> None:
        self.table = source.bearers
        self.rows: list[Row] = []
        having: dict[str, list[int]] = defaultdict(list)
        self._related = _relations(source.bearers)
        for held in source.everything:
            for norm in held.norms:
                words = telling(f"{norm.trigger}，{norm.action}")
                who = source.bearers.of_subject(norm.subject)
                for word in words:
                    having[word].append(len(self.rows))
                self.rows.append(Row(held, norm, who, words))
        self._having = {word: np.array(places) for word, places in having.items()}
        self._sizes = np.array([len(row.words) for row in self.rows])

    def related(self, a: Iterable[str], b: Iterable[str]) -> bool:
        """True if a duty of one of `a` is, or may be, a duty of one of `b`."""
        others = set(b)
        return any(self._related[x] & others for x in a)

    def alike(self, action: str, share: float = ALIKE, least: int = _MIN_PAIRS) -> list[Row]:
        """Return the norms that say something like it: most of the rarer words of one in the other.

        Words that every other duty has do not count; at least `least` others must be common.
        """
        return [self.rows[n] for n in self._alike(telling(action), share, least)[0]]

    def named_in(self, text: str) -> frozenset[str]:
        """Return the bearers that have a duty of which most words stand in the text."""
        return frozenset(b for row in self.alike(text, CONTAINED, 2) for b in row.bearers)

    def bearers_of(self, action: str) -> frozenset[str]:
        """Return the bearers on whom something like the action falls, anywhere in the library.

        What the rules lay on everybody (every unit, every employer) is taken to be like it sooner.
        """
        out = set[str]()
        places, shares = self._alike(telling(action), WIDE_ALIKE, _MIN_PAIRS)
        for n, near in zip(places, shares >= ALIKE, strict=True):
            out.update(b for b in self.rows[n].bearers if near or b in EVERYBODY)
        return frozenset(out)

    def _alike(
        self, words: frozenset[str], share: float, least: int
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        """Return the places of the rows that are alike, in order, and how alike each is."""
        found = [self._having[w] for w in words if w in self._having]
        if not found:
            return np.array([], dtype=np.intp), np.array([])
        both = np.bincount(np.concatenate(found), minlength=len(self.rows))
        places = np.flatnonzero(both >= max(least, 1))
        shares = both[places] / np.minimum(self._sizes[places], len(words))
        enough = shares >= share
        return places[enough], shares[enough]


@lru_cache(maxsize=32768)
def telling(text: str) -> frozenset[str]:
    """Return the pairs of characters of a text that tell one duty from another."""
    return frozenset(bigrams(text)) - _COMMON


def _relations(table: BearerTable) -> dict[str, frozenset[str]]:
    above = {b.id: {x for x, _ in table.falls_on(b.id)} for b in table.bearers}
    below: dict[str, set[str]] = defaultdict(set)
    for one, others in above.items():
        for other in others:
            below[other].add(one)
    for kin in _KIN:
        for one in kin:
            above[one] |= kin
    return {one: frozenset(above[one] | below[one]) for one in above}


_PLAIN_PHRASE = re.compile(r"[一-鿿、]{2,22}")
_VAGUE = re.compile(
    r"有关|相关|其他|^代表|与|本[级单企]|该|所在地|当地|上级|同级|上一级|下列|负责(?!人)|任何|各自|的(?!主管部门)|应当|以及|及其|或者|会同|双方|^[依未对在由其各被受]|负责管理|等(?:部门|单位|机构|组织)?$"
)


def is_plain(phrase: str) -> bool:
    """True for a name that says by itself whom it means."""
    return bool(_PLAIN_PHRASE.fullmatch(phrase)) and not _VAGUE.search(phrase)
