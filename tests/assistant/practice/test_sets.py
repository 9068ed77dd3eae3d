from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.practice.sets import bank_question, bank_set, outdated, paper_set
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.model import Link, State, Verdict
from assistant.quiz.draw import make_paper
from assistant.quiz.model import RIGHT, WRONG, Kind
from assistant.quiz.source import Source
from assistant.services import Services
from tests.assistant.quiz.fakes import FakeGenerator, plan
from tests.conftest import TODAY


def given(n: int, kind: Kind = Kind.SINGLE) -> BankQuestion:
    options = {Kind.JUDGE: (RIGHT, WRONG), Kind.SHORT: ()}.get(kind, ("甲", "乙", "丙"))
    answer = {Kind.JUDGE: (RIGHT,), Kind.SHORT: ("说明",)}.get(kind, ("乙",))
    return BankQuestion("题", n, kind, f"旧题{n}（　　）。", options, answer, f"旧题{n}")


@pytest.fixture(scope="module")
def link(services: Services) -> Link:
    document = services.catalog.get("work-safety-law")
    version = document.version_on(TODAY)
    assert version is not None
    return Link(version.articles[4].whole, document)


def judged(question: BankQuestion, state: State, link: Link | None = None) -> Verdict:
    return Verdict(state, question, link, "因为")


STATES = (State.CONSISTENT, State.CONTRADICTED, State.OUTDATED, State.UNLINKED)


def test_a_bank_yields_what_the_examination_does_not_contradict(
    services: Services, link: Link
) -> None:
    bank = [given(n) for n in range(1, 5)]
    verdicts = [judged(q, s, link) for q, s in zip(bank, STATES, strict=True)]
    made = bank_set("b1", "旧题库", bank, verdicts, services.duties.fields)
    assert [q.stem for q in made.questions] == ["旧题1（　　）。", "旧题4（　　）。"]
    assert made.left_out == 2
    assert "2 道与现行规定不符" in made.why
    first, last = made.questions
    assert first.basis[0].citation == link.citation
    assert link.quote.rstrip("。") in first.explanation
    assert last.basis == ()
    assert {q.origin for q in made.questions} == {"旧题库"}


def test_only_what_is_insisted_on_is_asked_besides(services: Services, link: Link) -> None:
    bank = [given(n) for n in range(1, 5)]
    verdicts = [judged(q, s, link) for q, s in zip(bank, STATES, strict=True)]
    found = bank_question(bank[1], "旧题库", verdicts[1], services.duties.fields)
    assert found is not None
    made = bank_set("b1", "旧题库", bank, verdicts, services.duties.fields, {found.id, "b-other"})
    assert [q.stem for q in made.questions] == [bank[n].stem for n in (0, 1, 3)]
    assert made.questions[1].basis == ()
    assert (made.left_out, made.why) == (1, "1 道与现行规定不符或说法过时")


def test_a_bank_that_was_not_examined_yields_nothing_and_says_so(services: Services) -> None:
    made = bank_set("b1", "旧题库", [given(1)], (), services.duties.fields)
    assert made.questions == ()
    assert "还没有体检" in made.why


def test_what_cannot_be_graded_or_is_there_twice_is_left_out(services: Services) -> None:
    bank = [given(1), given(2, Kind.SHORT), given(1), given(3, Kind.JUDGE)]
    verdicts = [judged(q, State.UNLINKED) for q in bank]
    made = bank_set("b1", "旧题库", bank, verdicts, services.duties.fields)
    assert [q.kind for q in made.questions] == [Kind.SINGLE, Kind.JUDGE]
    assert made.left_out == 2
    assert "2 道不能由程序判分" in made.why


def test_the_same_question_of_two_banks_is_one(services: Services) -> None:
    verdicts = [judged(given(1), State.UNLINKED)]
    a, b = (
        bank_set(name, name, [given(1)], verdicts, services.duties.fields) for name in ("甲", "乙")
    )
    assert a.questions[0].id == b.questions[0].id


def test_a_paper_yields_its_questions_with_their_points(
    services: Services, maker: tuple[Source, FakeGenerator]
) -> None:
    source, generator = maker
    paper = make_paper(plan(source), generator, source)
    made = paper_set("20261122-080000-0000aa", paper, services.catalog, TODAY)
    assert len(made.questions) == len(made.points) == 33
    assert made.left_out == 2
    assert "2 道简答题" in made.why
    old = replace(paper.slots[0].question.basis[0], text_hash="0" * 16)
    changed = replace(paper.slots[0].question, basis=(old,))
    slots = (replace(paper.slots[0], question=changed), *paper.slots[1:])
    less = paper_set("x", replace(paper, slots=slots), services.catalog, TODAY)
    assert len(less.questions) == 32
    assert "1 道依据的条文已经变了" in less.why


def test_a_question_on_a_law_not_in_force_that_day_is_outdated(
    services: Services, maker: tuple[Source, FakeGenerator]
) -> None:
    source, generator = maker
    question = make_paper(plan(source), generator, source).questions[0]
    assert not outdated(question, services.catalog, TODAY)
    assert outdated(question, services.catalog, date(1990, 1, 1))
