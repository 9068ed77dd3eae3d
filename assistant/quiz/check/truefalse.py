"""True/false questions against the provision that decides them."""

from __future__ import annotations

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.authority import authority_conflict, other_authority
from assistant.quiz.check.compare import (
    Conflict,
    figure_conflict,
    modal_conflict,
    repeats,
    softened_conflict,
)
from assistant.quiz.check.evidence import Candidate, Evidence
from assistant.quiz.check.model import State, Verdict, undecided
from assistant.quiz.model import RIGHT, WRONG

_CLOSE = 0.8
"""A statement that has less of its weight in a provision is not a version of it."""
_VERBATIM = 0.93


def judge_truefalse(question: BankQuestion, said: str, evidence: Evidence) -> Verdict:
    """Return the verdict on a true/false question; `said` is its statement in one width."""
    linked = evidence.linked
    if linked is None:
        return undecided(question, evidence.nearest)
    if question.answer == (WRONG,):
        same = next((c for c in evidence.narrow if c.passage.is_text and repeats(c)), None)
        if same is not None:
            reason = f"题干与{same.passage.link.citation}的文字相同，答案却是“错误”"
            return Verdict(State.CONTRADICTED, question, same.passage.link, reason, RIGHT)
        return Verdict(State.CONSISTENT, question, linked.passage.link, _why_wrong(linked, said))
    found = _conflict(evidence, said)
    if found is not None:
        c, conflict = found
        reason = (
            f"题干说“{conflict.said}”，{c.passage.link.citation}规定的是“{conflict.held}”"
            f"（{conflict.what}不同），答案却是“正确”"
        )
        return Verdict(State.CONTRADICTED, question, c.passage.link, reason, WRONG)
    how = "文字一致" if linked.coverage >= _VERBATIM else "核对，没有发现不符"
    reason = f"与{linked.passage.link.citation}{how}"
    return Verdict(State.CONSISTENT, question, linked.passage.link, reason)


def _conflict(evidence: Evidence, said: str) -> tuple[Candidate, Conflict] | None:
    """The provision that a statement held to be true departs from, unless another bears it out."""
    narrow = [c for c in evidence.narrow if c.wording >= _CLOSE]
    if any(_borne_out(c, said) for c in narrow):
        return None
    for c in narrow:
        if not c.passage.is_certain or not (c.passage.is_text or c.rank == 1):
            continue
        conflict = figure_conflict(c, said)
        if conflict is None and c.passage.is_text and c.coverage >= 0.9:
            conflict = modal_conflict(c, said) or softened_conflict(c, said)
        if conflict is not None:
            return c, conflict
    return other_authority(evidence, said)


def _borne_out(c: Candidate, said: str) -> bool:
    """True if a provision that nothing prevails over says what the statement says."""
    if not c.passage.is_certain or c.coverage < 0.9:
        return False
    return not (figure_conflict(c, said) or modal_conflict(c, said) or softened_conflict(c, said))


def _why_wrong(c: Candidate, said: str) -> str:
    place = c.passage.link.citation
    conflict = figure_conflict(c, said) or modal_conflict(c, said) or authority_conflict(c, said)
    if conflict is not None:
        return f"题干说“{conflict.said}”，{place}规定的是“{conflict.held}”，答案“错误”与它相符"
    return f"按{place}核对，没有发现答案“错误”与它不符"
