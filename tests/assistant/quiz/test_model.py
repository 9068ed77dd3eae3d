from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.quiz.model import Basis, Kind, Knowledge, Question, hash_of, question_id, stale
from assistant.quiz.source import Source
from kb.model import Level, ProvisionId, TextKind


@pytest.fixture
def question(source: Source) -> Question:
    held = next(h for h in source.asked if h.document.short == "安全生产法")
    basis = Basis(
        held.article.id, held.document.title, "原文", held.article.text[:20], ("安全",),
        hash_of(held.article.whole),
    )  # fmt: skip
    return Question(
        "q1", Kind.MULTI, Knowledge.LIST, "下列哪些……", ("甲", "乙", "丙", "丁"), ("丁", "乙"),
        "因为……", (basis,),
    )  # fmt: skip


def test_letters_name_the_options_where_they_stand(question: Question) -> None:
    assert question.letters == "BD"
    assert question.shuffled((3, 2, 1, 0)).letters == "AC"


def test_the_key_stands_in_the_order_of_the_options(question: Question) -> None:
    assert question.answer == ("乙", "丁")
    assert question.shuffled((3, 2, 1, 0)).answer == ("丁", "乙")
    assert replace(question, kind=Kind.BLANK, options=(), answer=("二", "一")).answer == (
        "二",
        "一",
    )


def test_a_question_is_stale_once_its_text_reads_differently(
    question: Question, source: Source
) -> None:
    assert stale(question, source.catalog) == ()
    old = replace(question.basis[0], text_hash="0" * 16)
    assert stale(replace(question, basis=(old,)), source.catalog) == (old,)


def test_a_question_is_stale_once_its_provision_is_gone(question: Question, source: Source) -> None:
    gone = replace(question.basis[0], provision=ProvisionId("no-such-law", "2020-01-01", "第一条"))
    assert stale(replace(question, basis=(gone,)), source.catalog) == (gone,)


def test_the_same_question_has_the_same_id(question: Question) -> None:
    where = question.basis[0].provision
    assert question_id(Kind.BLANK, where, "二") == question_id(Kind.BLANK, where, "二")
    assert question_id(Kind.BLANK, where, "二") != question_id(Kind.BLANK, where, "三")
    assert question_id(Kind.BLANK, where, "二") != question_id(Kind.SINGLE, where, "二")


def test_only_certain_national_texts_in_force_are_asked_about(source: Source) -> None:
    assert len(source.asked) > 3000
    for held in source.asked:
        assert held.document.region == "全国"
        assert held.document.version_on(source.day) is held.version
        certain = held.document.text_kind is not TextKind.DIGEST
        assert certain or held.document.confidence == "verified"
        assert held.document.level is not Level.LOCAL_PRACTICE


def test_a_province_adds_its_own_documents_only(source: Source) -> None:
    henan = Source(
        source.catalog, (), source.bearers, source.fields, date(2026, 11, 22), region="河南省"
    )
    added = {h.document.region for h in henan.asked} - {h.document.region for h in source.asked}
    assert added == {"河南省"}
    assert {h.document.region for h in source.everything} > {"全国", "河南省"}


def test_norms_stand_with_their_article(source: Source) -> None:
    for held in source.asked[:500]:
        assert all(n.provision.in_article == held.article.id for n in held.norms)
    assert sum(len(h.norms) for h in source.asked) > 5000
