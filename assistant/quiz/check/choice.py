"""Choice and fill-in questions: which option the provision puts where the gap is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.align import Alignment, align
from assistant.quiz.check.authority import other_authority
from assistant.quiz.check.evidence import Candidate, Evidence
from assistant.quiz.check.lone import lone_figure
from assistant.quiz.check.model import State, Verdict, undecided
from assistant.quiz.check.passages import Passage
from assistant.quiz.check.statements import Statement, asks_exception, statement_of
from assistant.quiz.check.wording import Sort, Token, pairs, plain, tokens
from assistant.quiz.model import Kind

_FRAME = 0.8
"""So much of the stem around the gap must run along the provision before an option is judged."""
_LOOSE_FRAME = 0.62
_NEAR = 0.6
"""A provision that has so much of stem and answer decides the question."""
_TIED = 0.1
"""Provisions within so much of each other are equally near."""
_SHORT_LIST = 150
"""A text of so many characters that has all options lists them."""
_MOST = re.compile("最(?:重要|主要|根本|关键|核心|基本)|首要|第一位")
_CLEARLY = 0.15
"""A provision so much nearer to the stem decides it, whatever one on another matter says."""


def judge_choice(question: BankQuestion, evidence: Evidence) -> Verdict:
    """Return the verdict on a question with options, or with gaps and their words."""
    linked = evidence.linked
    if linked is None:
        return _listed_elsewhere(question, evidence) or undecided(question, evidence.nearest)
    if not asks_exception(question):
        if question.kind is Kind.MULTI:
            wrong = _left_out(question, evidence)
        elif question.options:
            wrong = (
                _other_option(question, evidence)
                or _other_figure(question, evidence)
                or _lone_figure(question, evidence)
                or _cut_short(question, evidence)
                or _other_authority(question, evidence)
            )
        else:
            wrong = None
        if wrong is not None:
            return wrong
    if _is_beside(question, linked):
        return undecided(question, linked.passage.link)
    place = linked.passage.link.citation
    if _has_all(linked.passage, question.answer):
        reason = f"答案“{'、'.join(question.answer)}”见{place}"
    elif asks_exception(question) or linked.coverage >= _NEAR or _echoed(question, linked):
        reason = f"按{place}核对，没有发现不符"
    else:
        return undecided(question, linked.passage.link)
    return Verdict(State.CONSISTENT, question, linked.passage.link, reason)


def _is_beside(question: BankQuestion, linked: Candidate) -> bool:
    """True if a provision speaks of the matter but does not decide the question.

    It ranks nothing where the stem asks for what matters most; and where it has another option
    word for word, and not the key, it is not what bears the key out.
    """
    superlative = _MOST.search(question.stem)
    if superlative and superlative[0] not in linked.passage.text:
        return True
    if asks_exception(question) or _has_all(linked.passage, question.answer):
        return False
    others = (o for o in question.options if o not in question.answer)
    return any(len(_bare(o)) >= 8 and _has_all(linked.passage, (o,)) for o in others)


def _has_all(passage: Passage, options: tuple[str, ...]) -> bool:
    text = _bare(passage.text)
    return bool(options) and all(_bare(o) in text for o in options)


def _listed_elsewhere(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """A key whose options a document that the question does not name lists, all in one place."""
    if question.kind is not Kind.MULTI or asks_exception(question) or len(question.answer) < 3:
        return None
    keyed = [_bare(a) for a in question.answer]
    for c in evidence.elsewhere:
        text = _bare(c.passage.text)
        near = c.share >= 0.25 and len(c.passage.text) <= _SHORT_LIST
        if near and all(k in text for k in keyed):
            place = c.passage.link.citation
            return Verdict(State.CONSISTENT, question, c.passage.link, f"答案各项见{place}")
        if c.rank == 1 and c.share >= 0.5 and c.coverage >= 0.55 and _echoed(question, c):
            reason = f"按{c.passage.link.citation}核对，没有发现不符"
            return Verdict(State.CONSISTENT, question, c.passage.link, reason)
    return None


def _echoed(question: BankQuestion, linked: Candidate) -> bool:
    """True if the provision has much of the wording of the keyed options."""
    said = pairs(plain("".join(question.answer)))
    return bool(said) and len(said & pairs(plain(linked.passage.text))) >= 0.5 * len(said)


def _other_option(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The keyed option is not what the provision says at the gap, and another one is."""
    keyed = question.answer[0]
    filled = {o: statement_of(question.stem, o) for o in question.options}
    judging = _judging(evidence)
    borne_out = _bearing_out(filled[keyed], judging)
    found: list[tuple[Candidate, str]] = []
    for c in judging:
        if borne_out > c.share - _CLEARLY:
            break
        right = [o for o in question.options if o != keyed and _holds(filled[o], c.passage)]
        if len(right) != 1 or not _comparable(keyed, right[0]):
            continue
        if _names(_clause(filled[right[0]], c.passage), keyed) or _nearer(evidence, c, keyed):
            continue
        found.append((c, right[0]))
    return _agreed(question, evidence, found)


def _agreed(
    question: BankQuestion, evidence: Evidence, found: list[tuple[Candidate, str]]
) -> Verdict | None:
    """The verdict by the nearest provision; None if another one as near says something else."""
    if not found:
        return None
    c, right = found[0]
    article = c.passage.provision.id.in_article
    if any(plain(o) != plain(right) and other.share > c.share - _TIED for other, o in found):
        return None
    if any(
        o.passage.provision.id.in_article != article
        and not o.passage.overtaken
        and o.share > c.share - _TIED / 2
        and not _names(o.passage.tokens, right)
        for o in evidence.candidates
    ):
        return None
    reason = f"答案是“{question.answer[0]}”，{c.passage.link.citation}在这里写的是“{right}”"
    return Verdict(State.CONTRADICTED, question, c.passage.link, reason, right)


def _clause(filled: Statement, passage: Passage) -> tuple[Token, ...]:
    """The clause of the provision, from 。 or ； to the next, in which an option stands."""
    made = align(filled.tokens, passage.tokens)
    at = next((b + filled.first - a for a, b, n in made.blocks if a <= filled.first < a + n), 0)
    here = passage.tokens[at].start
    text = plain(passage.text)
    ends = [m.start() for m in re.finditer(r"[。;；\n]", text)]
    first = max((e for e in ends if e < here), default=-1)
    last = min((e for e in ends if e >= here), default=len(text))
    return tuple(t for t in passage.tokens if first < t.start < last)


def _nearer(evidence: Evidence, c: Candidate, keyed: str) -> bool:
    """True if another article has more of the question, and the words of the key."""
    article = c.passage.provision.id.in_article
    return any(
        o.share >= c.share
        and o.passage.provision.id.in_article != article
        and _names(o.passage.tokens, keyed)
        for o in evidence.candidates
    )


def _other_figure(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision has another figure of the same unit at the gap; no option gives it."""
    keyed = statement_of(question.stem, question.answer[0])
    if len(keyed.filled) != 1 or keyed.filled[0].sort is not Sort.FIGURE:
        return None
    judging = _judging(evidence)
    borne_out = _bearing_out(keyed, judging)
    found: list[tuple[Candidate, str]] = []
    for c in judging:
        if borne_out > c.share - _CLEARLY:
            break
        held = _figure_at(keyed, align(keyed.tokens, c.passage.tokens))
        if held is None or _frame_coverage(keyed, c.passage) < _FRAME:
            continue
        if not _nearer(evidence, c, question.answer[0]):
            found.append((c, plain(c.passage.text)[held[0] : held[1]]))
    return _agreed(question, evidence, found)


def _lone_figure(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision says the same in other words, with a figure that another option gives."""
    keyed = statement_of(question.stem, question.answer[0])
    if len(keyed.filled) != 1 or keyed.filled[0].sort is not Sort.FIGURE:
        return None
    found = lone_figure(evidence, keyed.text)
    if found is None:
        return None
    c, conflict, held = found
    for option in question.options:
        filled = statement_of(question.stem, option).filled
        if len(filled) == 1 and filled[0].key == held.key:
            reason = (
                f"答案是“{question.answer[0]}”，{c.passage.link.citation}规定的是“{conflict.held}”"
            )
            return Verdict(State.CONTRADICTED, question, c.passage.link, reason, option)
    return None


def _cut_short(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision has the key and more before the words that follow the gap, as another option."""
    keyed = statement_of(question.stem, question.answer[0])
    after = keyed.tokens[keyed.last : keyed.last + 2]
    longer = [o for o in question.options if _bare(o) != _bare(question.answer[0])]
    longer = [o for o in longer if _bare(question.answer[0]) in _bare(o)]
    if len(after) < 2 or not keyed.filled:
        return None
    for c in _judging(evidence):
        if not c.passage.is_text or _follows(keyed, c.passage):
            continue
        right = [o for o in longer if _follows(statement_of(question.stem, o), c.passage)]
        if len(right) == 1 and _frame_coverage(keyed, c.passage) >= _FRAME:
            reason = f"答案是“{question.answer[0]}”，{c.passage.link.citation}写的是“{right[0]}”"
            return Verdict(State.CONTRADICTED, question, c.passage.link, reason, right[0])
    return None


def _follows(filled: Statement, passage: Passage) -> bool:
    """True if the provision has the option with the words before and after the gap."""
    first = max(filled.first - 2, 0)
    keys = [t.key for t in filled.tokens[first : filled.last + 2]]
    held = [t.key for t in passage.tokens]
    return any(held[i : i + len(keys)] == keys for i in range(len(held) - len(keys) + 1))


def _other_authority(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision names another authority for the act that the stem describes."""
    keyed = question.answer[0]
    found = other_authority(evidence, statement_of(question.stem, keyed).text)
    if found is None or found[1].said not in plain(keyed):
        return None
    c, conflict = found
    reason = f"答案是“{keyed}”，{c.passage.link.citation}规定的是“{conflict.held}”"
    return Verdict(State.CONTRADICTED, question, c.passage.link, reason, conflict.held)


def _figure_at(keyed: Statement, alignment: Alignment) -> tuple[int, int] | None:
    """Where the provision has a figure of the same unit in place of the keyed one."""
    figure = keyed.filled[0]
    if any(t.key == figure.key for t in alignment.held):
        return None
    for d in alignment.differences:
        if figure not in d.said or len(d.said) > 3 or d.left < 3 or d.right == 1:
            continue
        held = [t for t in d.held if t.sort is Sort.FIGURE]
        if len(held) == 1 and held[0].unit == figure.unit and len(d.held) <= 3:
            return held[0].start, held[0].end
    return None


def _left_out(question: BankQuestion, evidence: Evidence) -> Verdict | None:
    """The provision lists an option that the key leaves out, in one row with those it has."""
    others = [o for o in question.options if o not in question.answer]
    whole = statement_of(question.stem, "、".join(question.answer))
    for c in evidence.narrow:
        if c.rank != 1 or not evidence.is_certain(c):
            continue
        for sentence in re.split(r"[。;；\n]", plain(c.passage.text)):
            keyed = [plain(a) for a in question.answer]
            if not all(a in sentence for a in keyed) or _frame_coverage(whole, c.passage) < 0.9:
                continue
            listed = [o for o in others if _in_row(plain(o), keyed, sentence)]
            if listed:
                key = [o for o in question.options if o in question.answer or o in listed]
                reason = f"{c.passage.link.citation}还列有“{'、'.join(listed)}”，答案没有选"
                link = c.passage.link
                return Verdict(State.CONTRADICTED, question, link, reason, "；".join(key))
    return None


def _in_row(option: str, keyed: list[str], sentence: str) -> bool:
    """True if the sentence joins the option to a keyed one by 、 or 和, as one of a row."""
    joints = "、|和|以及|及其|或者|或"
    return any(
        re.search(
            rf"{re.escape(a)}(?:{joints}){re.escape(b)}(?=[^一-鿿]|{joints}|等|的|$)", sentence
        )
        for k in keyed
        for a, b in ((k, option), (option, k))
    )


def _judging(evidence: Evidence) -> list[Candidate]:
    """The candidates that may be held against a key."""
    return [c for c in evidence.narrow if c.share >= 0.4 and evidence.may_judge(c)]


def _bearing_out(keyed: Statement, judging: list[Candidate]) -> float:
    """How near the nearest provision is that has the keyed option at the gap; 0 if none has."""
    near = [c.share for c in judging if _holds(keyed, c.passage)]
    return max(near, default=0.0)


def _holds(filled: Statement, passage: Passage) -> bool:
    """True if the provision has the option where the stem has its gap.

    Many words that agree right around the gap make up for a stem that is worded otherwise.
    """
    if not filled.filled:
        return False
    made = align(filled.tokens, passage.tokens)
    share = _frame_share(filled, made)
    if share >= _FRAME:
        return made.is_within(filled.first, filled.last, 4)
    return share >= _LOOSE_FRAME and made.is_within(filled.first, filled.last, 8)


def _frame_coverage(filled: Statement, passage: Passage) -> float:
    return _frame_share(filled, align(filled.tokens, passage.tokens))


def _frame_share(filled: Statement, made: Alignment) -> float:
    """The share of the stem around the gap that runs along the provision."""
    around = [n for n in range(len(filled.tokens)) if not filled.first <= n < filled.last]
    total = sum(filled.tokens[n].weight for n in around)
    return sum(filled.tokens[n].weight for n in around if n in made.matched) / max(total, 1)


def _names(held: Sequence[Token], option: str) -> bool:
    """True if a provision has the words of the option anywhere."""
    keys = [t.key for t in tokens(plain(option))]
    there = [t.key for t in held]
    return any(there[i : i + len(keys)] == keys for i in range(len(there) - len(keys) + 1))


def _comparable(keyed: str, other: str) -> bool:
    """True if the two exclude each other: figures of the same units, or words without overlap."""
    a, b = tokens(plain(keyed)), tokens(plain(other))
    if not a or not b:
        return False
    if any(t.sort is Sort.FIGURE for t in (*a, *b)):
        return [_shape(t) for t in a] == [_shape(t) for t in b]
    return _bare(keyed) not in _bare(other) and _bare(other) not in _bare(keyed)


def _shape(token: Token) -> str:
    """What two figures must share to exclude each other; words must be the same."""
    return token.unit if token.sort is Sort.FIGURE else token.key


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", plain(text))
