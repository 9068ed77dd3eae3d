"""Questions that people keep themselves: saved papers and imported banks, as sets to practise."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assistant.practice.grading import ASKED
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.model import Link, State, Verdict
from assistant.quiz.model import Basis, Knowledge, Question, hash_of, stale
from assistant.quiz.paper import Paper, wrong_with
from kb.catalog import Catalog
from kb.errors import KbError
from kb.fields import FieldTable

CONTRADICTED = (State.CONTRADICTED, State.OUTDATED)
"""The verdicts with which a question is not asked, unless a trainer insists."""


@dataclass(frozen=True, slots=True)
class Insistence:
    """That a trainer wants a question asked although the examination said `state` of it.

    `bank` is the id of the bank it was in, `by` a person id and `name` what that person is called
    now, "" for nobody. `released_at` is when it was taken back; the question is not asked since.
    """

    question: str
    bank: str
    state: State
    reason: str
    by: str
    at: datetime
    released_at: datetime | None = None
    name: str = ""

    @property
    def words(self) -> str:
        """What is said beside the explanation."""
        back = "（后来已撤回，不再出这道题）" if self.released_at else ""
        return f"{self.state.label}，培训员坚持使用：{self.reason}{back}"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A saved paper or an imported bank. `points` has one number a question for a paper, else none.

    `left_out` counts the questions that are not asked, and `why` says in a sentence why not.
    """

    id: str
    name: str
    questions: tuple[Question, ...]
    points: tuple[float, ...] = ()
    left_out: int = 0
    why: str = ""


def paper_set(paper_id: str, paper: Paper, catalog: Catalog, day: date) -> QuestionSet:
    """Return the questions of a saved paper that can be asked by machine and are up to date."""
    kept = [
        (slot.question, section.points)
        for section in paper.sections
        for slot in section.slots
        if slot.question.kind in ASKED and not outdated(slot.question, catalog, day)
    ]
    short = sum(q.kind not in ASKED for q in paper.questions)
    old = len(paper.questions) - len(kept) - short
    said = [f"{short} 道简答题不能由程序判分" if short else "", _old(old)]
    return QuestionSet(
        f"paper-{paper_id}", paper.title, tuple(q for q, _ in kept), tuple(p for _, p in kept),
        short + old, "；".join(filter(None, said)),
    )  # fmt: skip


def bank_set(
    bank_id: str,
    name: str,
    questions: Sequence[BankQuestion],
    verdicts: Sequence[Verdict],
    fields: FieldTable,
    insisted: Collection[str] = (),
) -> QuestionSet:
    """Return the questions of a bank that the examination does not contradict.

    `verdicts` are those of 题库体检, in the order of the questions, or empty if it was not
    examined: then nothing is asked. Of those it contradicts the `insisted` are asked, by id.
    """
    made: dict[str, Question] = {}
    known = 0
    for question, verdict in zip(questions, verdicts, strict=False):
        found = bank_question(question, name, verdict, fields)
        wanted = found is not None and found.id in insisted
        if verdict.state in CONTRADICTED and not wanted:
            known += 1
        elif found is not None:
            made.setdefault(found.id, found)
    left_out = len(questions) - len(made)
    if not verdicts:
        why = "这份题库还没有体检；请先在“出题组卷”里做题库体检"
    else:
        said = [f"{known} 道与现行规定不符或说法过时" if known else ""]
        other = left_out - known
        said.append(f"{other} 道不能由程序判分、不完整或重复" if other > 0 else "")
        why = "；".join(filter(None, said))
    return QuestionSet(f"bank-{bank_id}", name, tuple(made.values()), (), left_out, why)


def bank_question(
    given: BankQuestion, bank: str, verdict: Verdict | None, fields: FieldTable
) -> Question | None:
    """Return a question of a bank as one that can be asked; None if it cannot be.

    Its basis is the provision that the examination found, if it found one. The id follows from
    the words, so that the same question of two banks is one.
    """
    link = verdict.link if verdict is not None and verdict.state is State.CONSISTENT else None
    key = "|".join((given.kind.value, given.stem, *sorted(given.options), *given.answer))
    said = given.explanation or f"正确答案：{'、'.join(given.answer)}。"
    if link is not None and link.quote not in said:
        quote = link.quote.replace("\n", "").rstrip("；。，：")
        said = f"{said}依据：{link.citation}：“{quote}”"
    made = Question(
        "b" + hashlib.sha256(key.encode()).hexdigest()[:12],
        given.kind,
        Knowledge.DUTY,
        given.stem,
        given.options,
        given.answer,
        said[:3000],
        (_basis(link, given.answer),) if link is not None else (),
        fields.of(link.document, given.stem) if link is not None else (),
        origin=bank,
    )
    return None if made.kind not in ASKED or wrong_with(made) else made


def outdated(question: Question, catalog: Catalog, day: date) -> bool:
    """True if a text that the question cites was changed, is gone or is not in force on `day`."""
    return bool(stale(question, catalog)) or not all(
        _in_force(basis, catalog, day) for basis in question.basis
    )


def _in_force(basis: Basis, catalog: Catalog, day: date) -> bool:
    try:
        version = catalog.get(basis.provision.doc_id).version_on(day)
    except KbError:
        return False
    return version is not None and version.id == basis.provision.version


def _basis(link: Link, answer: Sequence[str]) -> Basis:
    return Basis(
        link.provision.id,
        link.document.title,
        link.document.text_kind.value,
        link.quote,
        tuple(a for a in answer if a in link.quote),
        hash_of(link.provision),
    )


def _old(count: int) -> str:
    return f"{count} 道依据的条文已经变了" if count else ""
