"""Questions that a bank asks twice, and those whose keys contradict each other."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from assistant.quiz.bank.model import BankQuestion, Imported, Problem, Repeat

_SIGNS = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """Return the text without signs and spaces, in one width: what is the same to a reader."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).lower())


def _option(text: str) -> str:
    """An option as compared: its signs count (≥ is not ≤), spaces and a full stop do not."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower()).rstrip("。.;,")


def sort_out(questions: Sequence[BankQuestion], problems: Sequence[Problem]) -> Imported:
    """Return the import without questions asked twice; those with other keys are kept and told."""
    kept: list[BankQuestion] = []
    repeats: list[Repeat] = []
    conflicts: list[Repeat] = []
    by_stem: dict[str, list[BankQuestion]] = defaultdict(list)
    for q in questions:
        earlier = by_stem[bare(q.stem)]
        clash = next((e for e in earlier if _clash(e, q)), None)
        same = next((e for e in earlier if _same(e, q)), None)
        if clash is not None:
            conflicts.append(Repeat(q.sheet, q.row, clash.sheet, clash.row))
        elif same is not None:
            repeats.append(Repeat(q.sheet, q.row, same.sheet, same.row))
            continue
        earlier.append(q)
        kept.append(q)
    return Imported(tuple(kept), tuple(problems), tuple(repeats), tuple(conflicts))


def _same(a: BankQuestion, b: BankQuestion) -> bool:
    return {_option(o) for o in a.options} == {_option(o) for o in b.options} and _key(a) == _key(b)


def _clash(a: BankQuestion, b: BankQuestion) -> bool:
    """True if an option that stands in both is right in one and wrong in the other."""
    shared = {_option(o) for o in a.options} & {_option(o) for o in b.options}
    if not a.options and not b.options:
        return _key(a) != _key(b)
    return bool((_key(a) ^ _key(b)) & shared)


def _key(q: BankQuestion) -> frozenset[str]:
    return frozenset(_option(a) for a in q.answer)
