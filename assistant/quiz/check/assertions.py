"""Questions whose options are sentences of their own: 下列说法中正确的是, 错误的是.

Every option is held against the rules like a true/false statement. A key is contradicted only by an
option that a rule repeats word for word or plainly departs from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.compare import Conflict
from assistant.quiz.check.evidence import Candidate, Evidence, Library
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.check.statements import asserted
from assistant.quiz.check.truefalse import departure, is_repeated
from assistant.quiz.check.wording import plain, tokens
from assistant.quiz.model import Kind

_ASKS = re.compile(
    r"(?:说法|表述|叙述|描述|做法|选项|内容|理解|论述|陈述)[^,。()]{0,4},?[^,。()]{0,4}?"
    r"(?P<how>不正确|不恰当|不符合规定|不符合|错误|有误|正确|恰当|符合规定|符合|准确)"
)
_SHORTEST = 10
"""Options of fewer tokens are no sentences."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option held against the rules: the provision that repeats it, or that it departs from."""

    text: str
    repeated: Candidate | None
    departs: tuple[Candidate, Conflict] | None
    linked: Candidate | None


def asks_for(question: BankQuestion) -> bool | None:
    """Return True if the right statements are asked for, False for the wrong ones.

    None if the options are no statements.
    """
    found = _ASKS.search(plain(re.sub(r"[(（][\s　]*[)）]", "", question.stem)))
    if question.kind not in (Kind.SINGLE, Kind.MULTI) or found is None or not question.answer:
        return None
    if any(len(tokens(plain(o))) < _SHORTEST for o in question.options):
        return None
    return found["how"] in ("正确", "恰当", "符合", "符合规定", "准确")


def judge_assertions(
    question: BankQuestion, library: Library, named: frozenset[str], right: bool
) -> Verdict | None:
    """Return the verdict on such a question; None if its options decide nothing.

    Consistent only if a provision decides every option of the key.
    """
    options = [_held(o, library, named) for o in question.options]
    keyed = [o for o in options if o.text in question.answer]
    others = [o for o in options if o.text not in question.answer]
    for o in keyed:
        found = _against(o, right)
        if found is not None:
            return _contradicted(question, options, right, *found)
    if question.kind is Kind.MULTI:
        for o in others:
            found = _against(o, not right)
            if found is not None:
                return _contradicted(question, options, right, *found)
    if keyed and all(o.linked for o in keyed) and keyed[0].linked:
        link = keyed[0].linked.passage.link
        reason = f"按{link.citation}等逐项核对，没有发现不符"
        return Verdict(State.CONSISTENT, question, link, reason)
    return None


def _held(text: str, library: Library, named: frozenset[str]) -> Option:
    said = plain(asserted(text))
    evidence: Evidence = library.evidence(said, library.search(said), named)
    repeated = is_repeated(evidence)
    departs = None if repeated else departure(evidence, said, library.bearers)
    return Option(text, repeated, departs, evidence.linked)


def _against(option: Option, held_true: bool) -> tuple[Candidate, str] | None:
    """Why an option cannot be what the key makes of it."""
    if held_true and option.departs is not None:
        c, conflict = option.departs
        place = c.passage.link.citation
        why = f"“{option.text}”里的“{conflict.said}”，{place}规定的是“{conflict.held}”"
        return c, f"{why}，答案却把它当作正确的"
    if not held_true and option.repeated is not None:
        place = option.repeated.passage.link.citation
        return option.repeated, f"“{option.text}”与{place}的文字相同，答案却把它当作错误的"
    return None


def _contradicted(
    question: BankQuestion, options: list[Option], right: bool, c: Candidate, reason: str
) -> Verdict:
    link = c.passage.link
    return Verdict(State.CONTRADICTED, question, link, reason, _suggestion(options, right))


def _suggestion(options: list[Option], right: bool) -> str:
    """The options that should be keyed, if the rules decide every one of them; else nothing."""
    if any(o.repeated is None and o.departs is None for o in options):
        return ""
    return "；".join(o.text for o in options if (o.repeated is not None) is right)
