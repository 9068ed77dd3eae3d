"""True/false questions against the provision that decides them."""

from __future__ import annotations

import re

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.authority import authority_conflict, other_authority
from assistant.quiz.check.compare import (
    Conflict,
    figure_conflict,
    modal_conflict,
    repeats,
    softened_conflict,
)
from assistant.quiz.check.contrast import (
    bearer_conflict,
    negation_conflict,
    opposite_conflict,
    permitted_conflict,
    quality_conflict,
)
from assistant.quiz.check.evidence import Candidate, Evidence
from assistant.quiz.check.lone import lone_figure
from assistant.quiz.check.model import State, Verdict, undecided
from assistant.quiz.check.wording import Sort, plain
from assistant.quiz.model import RIGHT, WRONG
from kb.duty_bearers import BearerTable

_CLOSE = 0.8
"""A statement that has less of its weight in a provision is not a version of it."""
_VERBATIM = 0.93
_MEANING = re.compile(r"(?:所谓)?([一-鿿]{2,16}?)[,，]?是?指(?!挥|导|定|示|标)")
_REPEATED = 0.9
"""From here on the one word that differs decides."""


def judge_truefalse(
    question: BankQuestion, said: str, evidence: Evidence, bearers: BearerTable
) -> Verdict:
    """Return the verdict on a true/false question; `said` is its statement in one width."""
    linked = evidence.linked
    if linked is not None and not _defines(linked, said):
        linked = None
    if question.answer == (WRONG,):
        if linked is None:
            return undecided(question, evidence.nearest)
        same = is_repeated(evidence)
        if same is not None:
            reason = f"题干与{same.passage.link.citation}的文字相同，答案却是“错误”"
            return Verdict(State.CONTRADICTED, question, same.passage.link, reason, RIGHT)
        why = _why_wrong(linked, said, bearers)
        return Verdict(State.CONSISTENT, question, linked.passage.link, why)
    found = departure(evidence, said, bearers)
    if found is not None:
        c, conflict = found
        reason = (
            f"题干说“{conflict.said}”，{c.passage.link.citation}规定的是“{conflict.held}”"
            f"（{conflict.what}不同），答案却是“正确”"
        )
        return Verdict(State.CONTRADICTED, question, c.passage.link, reason, WRONG)
    if linked is None:
        return undecided(question, evidence.nearest)
    how = "文字一致" if linked.coverage >= _VERBATIM else "核对，没有发现不符"
    reason = f"与{linked.passage.link.citation}{how}"
    return Verdict(State.CONSISTENT, question, linked.passage.link, reason)


def _defines(c: Candidate, said: str) -> bool:
    """True unless the statement says what a word means and the provision does not."""
    means = _MEANING.match(said)
    if means is None or c.coverage >= _CLOSE:
        return True
    return (
        re.search(rf"{re.escape(means[1][-5:])}[^。;]{{0,6}}(?:指|是|:)", plain(c.passage.text))
        is not None
    )


def departure(
    evidence: Evidence, said: str, bearers: BearerTable
) -> tuple[Candidate, Conflict] | None:
    """Return the provision that a statement held to be true departs from, and where.

    None if another provision bears the statement out.
    """
    narrow = [c for c in evidence.narrow if c.wording >= _CLOSE]
    if any(_borne_out(evidence, c, said, bearers) for c in narrow):
        return None
    for c in narrow:
        if evidence.may_judge(c):
            conflict = figure_conflict(c, said) or _worded_otherwise(c, said, bearers)
            if conflict is not None:
                return c, conflict
    if found := lone_figure(evidence, said):
        return found[:2]
    return other_authority(evidence, said) or _other_qualities(evidence, said)


def _worded_otherwise(c: Candidate, said: str, bearers: BearerTable) -> Conflict | None:
    """The difference in a provision that the statement else repeats."""
    if c.coverage >= _REPEATED:
        for test in (modal_conflict, softened_conflict, opposite_conflict, negation_conflict):
            if conflict := test(c, said):
                return conflict
    if c.coverage < _CLOSE:
        return None
    return (
        permitted_conflict(c, said)
        or quality_conflict(c, said)
        or bearer_conflict(c, said, bearers)
    )


def _other_qualities(evidence: Evidence, said: str) -> tuple[Candidate, Conflict] | None:
    """The provision on the matter demands other qualities than the statement."""
    for c in evidence.narrow:
        if c.rank == 1 and c.share >= 0.3 and c.passage.is_text and evidence.is_certain(c):
            conflict = quality_conflict(c, said)
            if conflict is not None:
                return c, conflict
    return None


def is_repeated(evidence: Evidence) -> Candidate | None:
    """Return the provision that says the statement word for word."""
    return next((c for c in evidence.narrow if evidence.may_judge(c) and repeats(c)), None)


def _borne_out(evidence: Evidence, c: Candidate, said: str, bearers: BearerTable) -> bool:
    """True if a provision that nothing prevails over says what the statement says."""
    if not evidence.is_certain(c) or c.coverage < _REPEATED:
        return False
    said_only = (t for n, t in enumerate(c.alignment.said) if n not in c.alignment.matched)
    if any(t.sort is Sort.MODAL for t in said_only):
        return False
    return not (figure_conflict(c, said) or _worded_otherwise(c, said, bearers))


def _why_wrong(c: Candidate, said: str, bearers: BearerTable) -> str:
    place = c.passage.link.citation
    conflict = (
        figure_conflict(c, said)
        or modal_conflict(c, said)
        or authority_conflict(c, said)
        or _worded_otherwise(c, said, bearers)
    )
    if conflict is not None:
        return f"题干说“{conflict.said}”，{place}规定的是“{conflict.held}”，答案“错误”与它相符"
    return f"按{place}核对，没有发现答案“错误”与它不符"
