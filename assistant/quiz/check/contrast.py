"""Differences in what is said that are no figures: opposites, negations, bearers, named qualities.

Every function wants a statement that else repeats a provision, and returns None where more than the
one place differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.quiz.check.align import Alignment, Difference
from assistant.quiz.check.compare import Conflict, conflict_at
from assistant.quiz.check.evidence import Candidate
from assistant.quiz.check.wording import MAY, MUST_NOT, Sort, Token, plain
from kb.duty_bearers import BearerTable

_OPPOSITES = frozenset(
    {
        ("上", "下"), ("前", "后"), ("内", "外"), ("多", "少"), ("高", "低"), ("大", "小"),
        ("超过", "少于"), ("超过", "低于"), ("超过", "不足"), ("事前", "事后"), ("增加", "减少"),
        ("有利", "不利"), ("公开", "保密"), ("有偿", "无偿"), ("定期", "不定期"),
    }
)  # fmt: skip
"""Words that cannot both be true in one place."""
_EXCEPTED = re.compile(
    r"除外|除.{2,20}外|但是?[,，]?|未经|经.{1,12}(?:批准|同意|许可)|另有规定|确需"
)
_PRETEXT = re.compile(
    r"^[,，]?(?:经.{2,14}(?:同意|批准|许可)|因.{2,12}(?:需要|原因)|.{0,4}特殊情况下?|为了?.{2,16}|必要时)[,，]?$"
)
_QUALITY = re.compile(r"[一-鿿]{1,3}性(?=[、和及与,]|$|负|的)")
_NO_BEARERS = frozenset(
    {
        "unclear", "any-unit", "anyone", "employer", "enterprise", "other-unit", "other-person", "other-dept",
        "dept-concerned", "gov-concerned", "admin-organ", "industry-dept", "safety-dept", "party", "officials",
        "state", "gov-all", "accident-unit", "worker", "building-owner", "deputy", "inspectors",
    }
)  # fmt: skip
"""Bearers whose name may take in the other one."""


def opposite_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return the word whose opposite the provision has: 以上 for 以下, 开工前 for 开工后."""

    def opposed(d: Difference) -> bool:
        pair = _words(d.said), _words(d.held)
        return pair in _OPPOSITES or pair[::-1] in _OPPOSITES

    return _only(c, said_text, opposed, "意思相反")


def negation_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return the 不 or 未 that a statement has and the provision has not, or the other way round."""

    def negated(d: Difference) -> bool:
        one = [t for t in (*d.said, *d.held) if t.key in ("不", "未")]
        return len(one) == len(d.said) + len(d.held) == 1

    found = _only(c, said_text, negated, "意思相反", least=4)
    if found is None or found.said == found.held:
        return None
    return found


def _only(
    c: Candidate, said_text: str, decisive: Callable[[Difference], bool], what: str, least: int = 3
) -> Conflict | None:
    """The one decisive difference; None if there is none, or any other word differs."""
    found: list[Difference] = []
    for d in c.alignment.differences:
        if decisive(d):
            if d.left < least or d.right < 1 or d.left + d.right < 2 * least:
                return None
            found.append(d)
        elif d.said:
            return None
    return _around(c, said_text, found[0], what) if len(found) == 1 else None


def _around(c: Candidate, said_text: str, d: Difference, what: str) -> Conflict:
    """The difference with two words on each side, so that one sees what is meant."""
    said = _stretch(c.alignment.said, d.at, len(d.said))
    held = _stretch(c.alignment.held, d.behind, len(d.held))
    return conflict_at(c, said_text, said, held, what)


def _stretch(items: Sequence[Token], at: int, n: int) -> tuple[Token, ...]:
    return tuple(items[max(at - 2, 0) : at + n + 2])


def permitted_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return 可以 for what the provision forbids, with or without a pretext before it.

    None where the provision itself knows exceptions.
    """
    if _EXCEPTED.search(plain(c.passage.text)):
        return None
    found: Conflict | None = None
    for d in c.alignment.differences:
        modal = [t for t in d.said if t.key == MAY]
        before = () if d.left or not d.behind else (c.alignment.held[d.behind - 1],)
        against = [t for t in d.held or before if t.key == MUST_NOT]
        if len(modal) == 1 and len(against) == 1 and found is None and d.right >= 5:
            aside = said_text[d.said[0].start : modal[0].start]
            if (aside and not _PRETEXT.match(aside)) or modal[0] is not d.said[-1]:
                return None
            found = conflict_at(c, said_text, tuple(modal), tuple(against), "要求的性质")
        elif d.said:
            return None
    return found


def quality_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return the qualities (准确性、公正性) that stand where the provision names quite others."""
    for d in c.alignment.differences:
        if not d.said or not d.held:
            continue
        after = d.right and c.alignment.said[d.at + len(d.said)].key == "性"
        said = _text(said_text, d.said) + "性" * after
        held = _text(plain(c.passage.text), d.held) + "性" * after
        ours, theirs = set(_QUALITY.findall(said)), set(_QUALITY.findall(held))
        if not ours or not theirs or ours & theirs or d.left < 6 or not d.right:
            continue
        if len("".join(ours)) + 4 >= len(said) and len("".join(theirs)) + 2 >= len(held):
            return Conflict("、".join(sorted(ours)), "、".join(sorted(theirs)), "要求的内容")
    return None


def bearer_conflict(c: Candidate, said_text: str, table: BearerTable) -> Conflict | None:
    """Return who must do it in the statement, where the provision lays it on somebody else.

    Both names must stand whole before the same modal word, be known, and exclude each other.
    """
    text = plain(c.passage.text)
    found: Conflict | None = None
    for d in c.alignment.differences:
        if not d.said:
            continue
        pair = _subjects(d, c.alignment, said_text, text)
        if pair is None or found is not None or not _exclude(pair[0], pair[1], table):
            return None
        if pair[0] in text:
            return None
        found = Conflict(pair[0], pair[1], "责任主体")
    return found


_NAME = re.compile(r"[一-鿿]{2,14}$")


def _subjects(
    d: Difference, alignment: Alignment, said_text: str, text: str
) -> tuple[str, str] | None:
    """The two names around a difference: back to the sign before, on to the modal word after."""
    if (not d.held and d.at) or d.right < 6:
        return None
    a, b = d.at + len(d.said), d.behind + len(d.held)
    end = min(d.right, 4)
    while end and alignment.said[a].sort is not Sort.MODAL:
        a, b, end = a + 1, b + 1, end - 1
    if alignment.said[a].sort is not Sort.MODAL or alignment.held[b].sort is not Sort.MODAL:
        return None
    said = _NAME.search(said_text[: alignment.said[a].start])
    held = _NAME.search(text[: alignment.held[b].start])
    return (said[0], held[0]) if said and held else None


def _exclude(said: str, held: str, table: BearerTable) -> bool:
    ours, theirs = table.of_subject(said), table.of_subject(held)
    if len(ours) != 1 or len(theirs) != 1 or {*ours, *theirs} & _NO_BEARERS:
        return False
    up = {b for b, _ in table.falls_on(ours[0])}, {b for b, _ in table.falls_on(theirs[0])}
    return theirs[0] not in up[0] and ours[0] not in up[1]


def _words(items: Sequence[Token]) -> str:
    return "".join(t.key for t in items)


def _text(text: str, items: Sequence[Token]) -> str:
    return text[items[0].start : items[-1].end] if items else ""
