"""When a norm applies: the clauses before it that state a case, an occasion or a topic."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.norms.bearer_phrase import bearer_at_start
from indexer.norms.text import BLANK, Clause, words


@dataclass(frozen=True, slots=True)
class Span:
    """`start`–`end` of a line."""

    start: int
    end: int


_OPENING = re.compile(
    "(?:但是|但|并且|并|而且|且|同时|其中|此外|另外|因此|否则|如果|若|其他情形下|也|还|又|或者|以及|必要时|紧急情况下|特殊情况下?|原则上|■)+"
)
CONDITION_END = re.compile(
    "(?:的|的除外|时|后|之前|前|期间|之日起|情况下|情形下|情形|之一|过程中|以内|日内|小时内|月内|年内)$"
)
JOIN = re.compile("或者|以及|和|及|或")


def alone(clause: Clause) -> bool:
    """True if a bearer is all that stands between the commas."""
    m = JOIN.match(clause.text)
    text = clause.text[m.end() :] if m else clause.text
    phrase = bearer_at_start(text)
    return phrase is not None and not text[phrase.end :].strip(BLANK)


def opened(text: str) -> tuple[str, int]:
    """Return the text without the conjunctions that open it, and their length."""
    m = _OPENING.match(text)
    return (text[m.end() :], m.end()) if m else (text, 0)


def trigger_of(contexts: list[Clause]) -> Span | None:
    """Return the case that the clauses before a norm state, or None."""
    cases = [c for c in contexts if _is_case(c)]
    return Span(cases[0].start, cases[-1].end) if cases else None


def _is_case(clause: Clause) -> bool:
    """True for …的，/…时， and for what opens with a verb or a topic: 申请许可证，/对从业人员，."""
    text = opened(clause.text)[0]
    if CONDITION_END.search(text):
        return True
    if (
        _BASIS.match(text)
        or _SANCTION.match(text)
        or not text.strip(BLANK)
        or bearer_at_start(text) is not None
    ):
        return False
    return bool(_TOPIC.match(text)) or words(text)[0].flag.startswith("v")


_TOPIC = re.compile("对(?!方)|由于|因(?!此)|通过")
_SANCTION = re.compile("由|责令|没收|处|并处|吊销|给予|予以")
_BASIS = re.compile("依照|按照|根据|依据|依法|为了|为|是|统称|合称|以下")
"""What a rule rests on or is for; no case."""


def rest_trigger(contexts: list[Clause], k: int, end: int) -> Span | None:
    """Return the case without the subject, which ends at `end` of clause `k` and opens it."""
    context = contexts[k]
    rest = context.text[end - context.start :]
    if not rest.strip(BLANK) or _BASIS.match(rest) or _is_from(contexts[:k]):
        return None
    ends = [c.end for c in contexts[k + 1 :] if _is_case(c)]
    return Span(end, max([context.end, *ends]))


def _is_from(before: list[Clause]) -> bool:
    """True if a case begins before the subject, so that the subject stands in the midst of it."""
    return any(_is_case(c) for c in before)
