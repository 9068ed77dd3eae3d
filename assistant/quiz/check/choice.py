"""Choice and fill-in questions: which option the provision puts where the gap is."""

from __future__ import annotations

import re

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.align import Alignment, align
from assistant.quiz.check.evidence import Candidate, Evidence
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.check.passages import Passage
from assistant.quiz.check.statements import Statement, asks_exception, statement_of
from assistant.quiz.check.wording import Sort, plain, tokens
from assistant.quiz.model import Kind

_FRAME = 0.8
"""So much of the stem around the gap must run along the provision before an option is judged."""
_ASIDE = 4


def judge_choice(question: BankQuestion, evidence: Evidence) -> Verdict:
    """Return the verdict on a question with options, or with gaps and their words."""
    linked = evidence.linked
    if linked is None:
        return Verdict(State.UNLINKED, question, None, "本库没有能判断这道题的条文")
    if not asks_exception(question):
        if question.kind is Kind.MULTI:
            wrong = _left_out(question, evidence)
        elif question.options:
            wrong = _other_option(question, evidence) or _other_figure(question, evidence)
        else:
            wrong = None
        if wrong is not None:
            return wrong
    place = linked.passage.link.citation
    text = plain(linked.passage.text)
    if question.answer and all(_bare(a) in _bare(text) for a in question.answer):
        reason = f"答案“{'、'.join(question.answer)}”见{place}"
    else:
        reason = f"按{place}核对，没有发现不符"
    return Verdict(State.CONSISTENT, question, linked.passage.link, reason)


def _other_option(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The keyed option is not what the provision says at the gap, and another one is."""
    keyed = question.answer[0]
    filled = {o: statement_of(question.stem, o) for o in question.options}
    if any(_holds(filled[keyed], c.passage, 2) for c in _judging(evidence)):
        return None
    for c in _judging(evidence):
        if c.passage.overtaken or not c.passage.is_text or _names(c.passage, keyed):
            continue
        right = [o for o in question.options if o != keyed and _holds(filled[o], c.passage, 5)]
        if len(right) != 1 or not _comparable(keyed, right[0]):
            continue
        reason = f"答案是“{keyed}”，{c.passage.link.citation}在这里写的是“{right[0]}”"
        return Verdict(State.CONTRADICTED, question, c.passage.link, reason, right[0])
    return None


def _other_figure(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision has another figure of the same unit at the gap; no option gives it."""
    keyed = statement_of(question.stem, question.answer[0])
    if len(keyed.filled) != 1 or keyed.filled[0].sort is not Sort.FIGURE:
        return None
    if any(_holds(keyed, c.passage, 2) for c in _judging(evidence)):
        return None
    for c in _judging(evidence):
        if c.passage.overtaken or not c.passage.is_text:
            continue
        held = _figure_at(keyed, align(keyed.tokens, c.passage.tokens))
        if held is None or _frame_coverage(keyed, c.passage) < _FRAME:
            continue
        words = plain(c.passage.text)[held[0] : held[1]]
        reason = f"答案是“{question.answer[0]}”，{c.passage.link.citation}在这里写的是“{words}”"
        return Verdict(State.CONTRADICTED, question, c.passage.link, reason, words)
    return None


def _figure_at(keyed: Statement, alignment: Alignment) -> tuple[int, int] | None:
    """Where the provision has a figure of the same unit in place of the keyed one."""
    figure = keyed.filled[0]
    if any(t.key == figure.key for t in alignment.held):
        return None
    for d in alignment.differences:
        if figure not in d.said or len(d.said) > 3 or d.left < 3 or d.right < 2:
            continue
        held = [t for t in d.held if t.sort is Sort.FIGURE]
        if len(held) == 1 and held[0].unit == figure.unit and len(d.held) <= 3:
            return held[0].start, held[0].end
    return None


def _left_out(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision lists an option that the key leaves out, in one row with those it has."""
    others = [o for o in question.options if o not in question.answer]
    for c in evidence.narrow:
        if c.passage.overtaken or not c.passage.is_text or c.rank != 1:
            continue
        listed = _lists(plain(c.passage.text))
        for option in others:
            row = next((r for r in listed if _bare(option) in r), None)
            if row is None or not all(_bare(a) in row for a in question.answer):
                continue
            whole = statement_of(question.stem, "、".join(question.answer))
            if len(row) <= len(question.options) + 1 and _frame_coverage(whole, c.passage) >= 0.9:
                key = tuple(o for o in question.options if _bare(o) in row)
                reason = f"{c.passage.link.citation}还列有“{option}”，答案没有选"
                return Verdict(State.CONTRADICTED, question, c.passage.link, reason, "；".join(key))
    return None


def _lists(text: str) -> list[set[str]]:
    """The rows of words joined by 、 and 和 in a text."""
    out = []
    for clause in re.split(r"[。;；:：,，\n]", text):
        if "、" in clause:
            out.append({_bare(w) for w in re.split(r"、|和|以及|及其|或者", clause) if w})
    return out


def _judging(evidence: Evidence) -> list[Candidate]:
    return [c for c in evidence.narrow if c.share >= 0.4]


def _holds(filled: Statement, passage: Passage, context: int) -> bool:
    """True if the provision has the option where the stem has its gap."""
    if not filled.filled or _frame_coverage(filled, passage) < _FRAME:
        return False
    return align(filled.tokens, passage.tokens).is_within(filled.first, filled.last, context)


def _frame_coverage(filled: Statement, passage: Passage) -> float:
    """The share of the stem around the gap that runs along the provision."""
    made = align(filled.tokens, passage.tokens)
    around = [n for n in range(len(filled.tokens)) if not filled.first <= n < filled.last]
    total = sum(filled.tokens[n].weight for n in around)
    return sum(filled.tokens[n].weight for n in around if n in made.matched) / max(total, 1)


def _names(passage: Passage, option: str) -> bool:
    """True if the provision has the words of the option anywhere."""
    keys = [t.key for t in tokens(plain(option))]
    held = [t.key for t in passage.tokens]
    return any(held[i : i + len(keys)] == keys for i in range(len(held) - len(keys) + 1))


def _comparable(keyed: str, other: str) -> bool:
    """True if the two exclude each other: two figures of one unit, or words without overlap."""
    a, b = tokens(plain(keyed)), tokens(plain(other))
    if not a or not b:
        return False
    figures = [t for t in (*a, *b) if t.sort is Sort.FIGURE]
    if figures:
        return len(a) == len(b) == 1 and a[0].unit == b[0].unit
    return _bare(keyed) not in _bare(other) and _bare(other) not in _bare(keyed)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", plain(text))
