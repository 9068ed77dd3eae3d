"""A paper of fifty as a trainer orders it, by the real generator."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import pytest

from assistant.quiz.conflict import clash, shown
from assistant.quiz.draw import make_paper, replace_question
from assistant.quiz.make import Generator
from assistant.quiz.model import Kind, Question, stale
from assistant.quiz.paper import versions, wrong_with
from assistant.quiz.source import Source
from kb.trades import read_trades
from tests.assistant.quiz.fakes import plan

COUNTS = {Kind.SINGLE: 20, Kind.MULTI: 10, Kind.JUDGE: 20}
_SECONDS = 6.0
"""Twice what is promised, so that a busy machine does not fail the test."""


@pytest.fixture(scope="module")
def real(source: Source) -> Generator:
    return Generator(source)


def test_fifty_questions_for_a_principal_are_made_in_time(source: Source, real: Generator) -> None:
    blueprint = plan(source, counts=COUNTS, posts=("企业主要负责人",), title="")
    started = time.process_time()
    made = make_paper(blueprint, real, source)
    assert time.process_time() - started < _SECONDS
    assert made.total == 100
    assert Counter(q.kind for q in made.questions) == COUNTS
    assert all(wrong_with(q) == "" for q in made.questions)
    assert not any(stale(q, source.catalog) for q in made.questions)
    seen = [shown(q) for q in made.questions]
    assert not any(clash(a, b) for n, a in enumerate(seen) for b in seen[:n])
    documents = Counter(q.basis[0].doc for q in made.questions)
    assert documents.most_common(1)[0][0] == "中华人民共和国安全生产法"
    assert make_paper(blueprint, Generator(source), source) == made


def test_versions_and_single_questions_of_a_real_paper(source: Source, real: Generator) -> None:
    made = make_paper(plan(source, counts={Kind.SINGLE: 12, Kind.JUDGE: 5}), real, source)
    a, b = versions(made, 2)
    keys = {q.id: {q.options[ord(x) - ord("A")] for x in q.letters} for q in a.questions}
    for question in b.questions:
        right = {question.options[ord(x) - ord("A")] for x in question.letters}
        assert right == keys[question.id] == set(question.answer)
    other = replace_question(made, 3, real, source)
    assert other.questions[2].id != made.questions[2].id
    assert other.questions[2].kind is Kind.SINGLE


def _of_a_trade(source: Source, question: Question) -> bool:
    document = source.catalog.get(question.basis[0].provision.doc_id)
    return read_trades().of_field(source.fields.of(document, "")[0]) is not None


@pytest.mark.parametrize("post", ["从业人员", "班组长", "企业主要负责人", "安全生产管理人员"])
def test_papers_for_no_trade_in_particular_leave_other_trades_alone(
    source: Source, real: Generator, post: str
) -> None:
    asked = [
        q
        for seed in range(2)
        for q in make_paper(
            replace(plan(source, counts=COUNTS, posts=(post,), title=""), seed=seed), real, source
        ).questions
    ]
    foreign = sum(_of_a_trade(source, q) for q in asked)
    assert len(asked) == 100
    assert foreign < 0.05 * len(asked)


def test_a_drivers_paper_asks_about_the_road(source: Source, real: Generator) -> None:
    made = make_paper(plan(source, counts=COUNTS, posts=("驾驶人",), title=""), real, source)
    fields = {
        source.fields.of(source.catalog.get(q.basis[0].provision.doc_id), "")[0]
        for q in made.questions
        if _of_a_trade(source, q)
    }
    assert fields == {"道路交通"}


def test_other_trades_fill_up_where_nothing_else_is_left(source: Source, real: Generator) -> None:
    laws = ("maritime-traffic-safety-law", "mine-safety-law", "nuclear-safety-law", "railway-law")
    few = source.narrowed(lambda h: h.document.id in laws)
    blueprint = plan(few, counts={Kind.JUDGE: 1}, posts=("从业人员",), title="")
    made = make_paper(blueprint, real, few)
    assert len(made.questions) == 1
    assert any("有 1 题考的是其他行业的规定" in n for n in made.notices)
