"""Papers: the counts, no repeats, the posts, the mix, the same for a seed; single questions anew."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from assistant.errors import BadInputError
from assistant.quiz.blueprint import Band, band_of
from assistant.quiz.conflict import clash, shown
from assistant.quiz.draw import make_paper, redraw, replace_question
from assistant.quiz.model import BLANK, RIGHT, Kind, Knowledge, Question
from assistant.quiz.paper import Paper, edit_question, lock
from assistant.quiz.source import Held, Source
from tests.assistant.quiz.fakes import COUNTS, FakeGenerator, plan, question


class OneArticle:
    """Questions of the Work Safety Law's third article only, one of each kind."""

    def of(self, held: Held, rng: Random) -> Iterator[Question]:
        if (held.document.short, held.article.id.article) == ("安全生产法", "第三条"):
            for kind in Kind:
                yield question(held, kind)


def test_a_paper_has_what_was_asked_for_in_the_order_of_print(paper: Paper) -> None:
    assert Counter(q.kind for q in paper.questions) == COUNTS
    assert [s.kind for s in paper.sections] == list(Kind)
    assert [s.first for s in paper.sections] == [1, 13, 19, 29, 32, 34]
    numbers = [n for s in paper.sections for n, _ in s.numbered()]
    assert numbers == list(range(1, 36))
    assert paper.total == 12 * 2 + 6 * 4 + 10 * 1 + 3 * 2 + 2 * 10 + 2 * 5


def test_no_two_questions_clash(paper: Paper) -> None:
    seen = [shown(q) for q in paper.questions]
    assert not any(clash(a, b) for n, a in enumerate(seen) for b in seen[:n])
    assert len({q.id for q in paper.questions}) == len(paper.questions)


def test_questions_spread_over_documents_and_begin_with_the_core_law(paper: Paper) -> None:
    documents = Counter(q.basis[0].doc for q in paper.questions)
    assert len(documents) >= 15
    assert documents.most_common(1) == [("中华人民共和国安全生产法", 11)]
    articles = Counter(q.basis[0].provision for q in paper.questions)
    assert max(articles.values()) == 1
    judged = Counter(q.answer for q in paper.questions if q.kind is Kind.JUDGE)
    assert judged[(RIGHT,)] == 5


def test_the_same_seed_gives_the_same_paper_and_another_one_another(
    source: Source, generator: FakeGenerator, paper: Paper
) -> None:
    assert make_paper(plan(source), FakeGenerator(source), source) == paper
    other = make_paper(plan(source, seed=8), generator, source)
    assert {q.id for q in other.questions} != {q.id for q in paper.questions}


def test_a_paper_asks_only_as_many_articles_as_it_needs(source: Source) -> None:
    counting = FakeGenerator(source)
    make_paper(plan(source, counts={Kind.SINGLE: 5}), counting, source)
    assert len(counting.asked) < 300 < len(source.asked)


def test_a_post_is_asked_what_falls_on_it(source: Source, generator: FakeGenerator) -> None:
    made = make_paper(plan(source, posts=("应急管理局",)), generator, source)
    falls = {i for i, _ in source.bearers.falls_on("emergency")}
    for q in made.questions:
        sanctioned = q.knowledge is Knowledge.SANCTION and "应急管理部门" in q.basis[0].quote
        assert falls & set(q.posts) or sanctioned
    own = sum("emergency" in q.posts for q in made.questions)
    assert own > len(made.questions) / 3
    assert made.notices == ()


def test_sanctions_that_name_a_post_are_asked_of_it_but_not_those_on_others(
    source: Source,
) -> None:
    class Sanctions:
        def of(self, held: Held, rng: Random) -> Iterator[Question]:
            for n, named in enumerate(("主要负责人", "部门的主要负责人")):
                made = question(held, Kind.SINGLE, n, topics=("燃气",))
                basis = replace(made.basis[0], quote=f"对{named}处罚款")
                yield replace(made, knowledge=Knowledge.SANCTION, basis=(basis,))

    blueprint = plan(source, posts=("主要负责人",), topics=("燃气",), counts={Kind.SINGLE: 1})
    made = make_paper(blueprint, Sanctions(), source)
    assert made.questions[0].basis[0].quote == "对主要负责人处罚款"
    assert made.notices == ()


def test_a_post_with_few_rules_is_asked_of_its_unit_and_this_is_said(
    source: Source, generator: FakeGenerator
) -> None:
    made = make_paper(
        plan(source, posts=("企业主要负责人",), counts={Kind.SINGLE: 60}), generator, source
    )
    others = [q for q in made.questions if "principal" not in q.posts]
    assert others
    said = [int(n) for n in re.findall(r"有 (\d+) 题考的是", made.notices[0])]
    assert sum(said) == len(others)
    assert "题考的是本单位" in made.notices[0]
    few = make_paper(
        plan(source, posts=("企业主要负责人",), counts={Kind.SINGLE: 10}), generator, source
    )
    documents = Counter(q.basis[0].doc for q in few.questions)
    assert documents.most_common(1)[0][0] == "中华人民共和国安全生产法"
    assert all("principal" in q.posts for q in few.questions)


def test_a_topic_limits_the_questions(source: Source, generator: FakeGenerator) -> None:
    made = make_paper(plan(source, topics=("消防",)), generator, source)
    assert all("消防" in q.topics for q in made.questions)
    assert sum(q.topics[0] == "消防" for q in made.questions) > 20


def test_a_province_adds_its_documents(
    source: Source, generator: FakeGenerator, services: object
) -> None:
    local = services.quiz_source("河南省")  # type: ignore[attr-defined]
    made = make_paper(plan(source, counts={Kind.SINGLE: 200}), generator, local)
    regions = {source.catalog.get(q.basis[0].provision.doc_id).region for q in made.questions}
    assert regions == {"全国", "河南省"}


def test_the_mix_of_difficulties_is_met(source: Source, generator: FakeGenerator) -> None:
    blueprint = plan(source, counts={Kind.SINGLE: 20, Kind.JUDGE: 10}, difficulty=(3, 5, 2))
    made = make_paper(blueprint, generator, source)
    found = Counter(band_of(q.difficulty) for q in made.questions)
    assert tuple(found[b] for b in Band) == (9, 15, 6)
    assert made.notices == ()


def test_a_mix_that_cannot_be_met_is_filled_up_and_said(
    source: Source, generator: FakeGenerator
) -> None:
    class Hard(FakeGenerator):
        def of(self, held: Held, rng: Random) -> Iterator[Question]:
            return (replace(q, difficulty=0.9) for q in super().of(held, rng))

    blueprint = plan(source, counts={Kind.SINGLE: 10}, difficulty=(1, 0, 1), topics=("燃气",))
    made = make_paper(blueprint, Hard(source), source)
    assert made.notices == ("难度为“易”的题少 5 道，用别的难度补足了",)
    assert len(made.questions) == 10


def test_more_than_the_library_yields_is_refused_with_how_many_there_are(source: Source) -> None:
    with pytest.raises(BadInputError) as caught:
        make_paper(plan(source, counts={Kind.SINGLE: 3, Kind.SHORT: 1}), OneArticle(), source)
    assert "单项选择题要 3 道，最多 1 道" in str(caught.value)
    assert "简答题" not in str(caught.value)


def test_a_question_replaced_is_of_the_same_kind_and_the_rest_stays(
    source: Source, generator: FakeGenerator, paper: Paper
) -> None:
    ids = {q.id for q in paper.questions}
    made = paper
    for _ in range(3):
        old, made = made, replace_question(made, 5, generator, source)
        assert made.questions[:4] + made.questions[5:] == old.questions[:4] + old.questions[5:]
        new = made.questions[4]
        assert new.kind is Kind.SINGLE
        assert new.id not in ids
        ids.add(new.id)
        assert not any(clash(shown(new), shown(q)) for q in made.questions if q is not new)
    assert len(made.seen) == 3
    assert replace_question(paper, 5, generator, source) == replace_question(
        paper, 5, generator, source
    )


def test_a_locked_question_is_not_replaced(
    source: Source, generator: FakeGenerator, paper: Paper
) -> None:
    with pytest.raises(BadInputError, match="第 5 题已锁定"):
        replace_question(lock(paper, 5), 5, generator, source)


def test_without_another_question_the_paper_stays_and_it_is_said(source: Source) -> None:
    made = make_paper(plan(source, counts={Kind.SHORT: 1}), OneArticle(), source)
    with pytest.raises(BadInputError, match="没有别的简答题"):
        replace_question(made, 1, OneArticle(), source)


def test_locked_and_edited_questions_survive_a_new_draw(
    source: Source, generator: FakeGenerator, paper: Paper
) -> None:
    kept = edit_question(lock(paper, 2), 14, stem=f"改过的题干{BLANK}。")
    made = redraw(kept, generator, source, seed=99)
    assert made.questions[1] == paper.questions[1]
    assert made.questions[13] == kept.questions[13]
    assert made.questions[13].origin == "edited"
    assert Counter(q.kind for q in made.questions) == COUNTS
    assert made.blueprint.seed == 99
    same = sum(a == b for a, b in zip(made.questions, paper.questions, strict=True))
    assert same <= 2
    seen = [shown(q) for q in made.questions]
    assert not any(clash(a, b) for n, a in enumerate(seen) for b in seen[:n])
