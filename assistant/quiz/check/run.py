"""A bank → a verdict on every question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.assertions import asks_for, judge_assertions
from assistant.quiz.check.choice import judge_choice
from assistant.quiz.check.evidence import Evidence, Library
from assistant.quiz.check.grades import judge_grade
from assistant.quiz.check.model import State, Verdict
from assistant.quiz.check.outdated import renamed, renumbered, repealed
from assistant.quiz.check.statements import asserted, statement_of
from assistant.quiz.check.truefalse import judge_truefalse
from assistant.quiz.check.wording import plain
from assistant.quiz.model import Kind
from assistant.services import Services
from kb.model import Level

Progress = Callable[[int, int], None]
_REFERS = re.compile(
    r"[》〉]?(?:的)?(?:有关|相关)?(?:规定|条款)?(?:的)?(?:追究|给予|予以|处罚|处理|处分|执行|办理|承担|享受|享有)"
)
_FIRST = 4
"""Past so many characters, 依照刑法有关规定追究… is what a rule says and not whose rule is asked."""


def check_bank(
    questions: Sequence[BankQuestion],
    services: Services,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """Return one verdict a question, in the order given, as of the services' today."""
    library = Library(services)
    out: list[Verdict] = []
    for n, question in enumerate(questions, 1):
        out.append(check_question(question, library))
        if progress is not None:
            progress(n, len(questions))
    return tuple(out)


def check_question(question: BankQuestion, library: Library) -> Verdict:
    """Return the verdict on one question; the gravest of what is found."""
    said, text = _statement(question)
    mentions = [
        m
        for m in library.catalog.find_mentions(question.stem)
        if m.start < _FIRST or not _REFERS.match(question.stem, m.end)
    ]
    named = frozenset(
        i for m in mentions for i in m.doc_ids if m.marked or not library.catalog.get(i).is_policy
    )
    strange = any(m.marked and not m.doc_ids for m in mentions)
    evidence = library.evidence(said, library.search(text), named)
    if (graded := judge_grade(question, library.grades)) is not None:
        return graded
    right = asks_for(question)
    listed = judge_assertions(question, library, named, right) if right is not None else None
    if question.kind is Kind.JUDGE:
        verdict = judge_truefalse(question, said, evidence, library.bearers)
    else:
        verdict = listed or judge_choice(question, evidence)
    if strange and verdict.state is not State.UNLINKED:
        verdict = _of_strange_document(verdict, evidence)
    if verdict.state is State.CONTRADICTED:
        return verdict
    return _overtaken(verdict, evidence, library) or verdict


def _statement(question: BankQuestion) -> tuple[str, str]:
    """Return the statement that the question holds to be true, and what to search for."""
    if question.kind is Kind.JUDGE:
        said = plain(asserted(question.stem))
        return said, said
    answer = "、".join(question.answer)
    if question.kind in (Kind.SHORT, Kind.CASE):
        return plain(f"{question.stem}{answer}"), question.stem
    made = statement_of(question.stem, answer)
    return made.text, made.text


def _of_strange_document(verdict: Verdict, evidence: Evidence) -> Verdict:
    """A question on a document that is not held: only the same words elsewhere bear it out."""
    linked = evidence.linked
    if verdict.state is State.CONSISTENT and linked:
        rule = linked.passage.document.level is Level.LAW and linked.contained >= 0.75
        if linked.coverage >= 0.85 or (rule and linked.rank == 1):
            return verdict
    reason = "题干引用的文件不在本库，不能判断"
    return Verdict(State.UNLINKED, verdict.question, None, reason)


def _overtaken(verdict: Verdict, evidence: Evidence, library: Library) -> Verdict | None:
    question = verdict.question
    reason, suggestion = renumbered(question, library)
    reason = reason or repealed(question, library) or renamed(question, evidence, library)
    if not reason:
        return None
    return Verdict(State.OUTDATED, question, verdict.link, reason, suggestion)
