from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from assistant.quiz.make import Generator, article_rng
from assistant.quiz.make.gate import problems
from assistant.quiz.model import Kind, Question
from assistant.quiz.source import Source
from kb.model import TextKind


@pytest.fixture(scope="module")
def generator(source: Source) -> Generator:
    return Generator(source)


def _some(generator: Generator, count: int, seed: int = 3) -> list[Question]:
    rng, out = random.Random(seed), list[Question]()
    while len(out) < count:
        held = rng.choice(generator.source.asked)
        out += generator.of(held, article_rng(seed, held))
    return out


def test_a_seed_gives_the_same_questions_in_any_order(generator: Generator) -> None:
    articles = generator.source.asked[300:360]
    forward = {h.article.id: tuple(generator.of(h, article_rng(9, h))) for h in articles}
    backward = {h.article.id: tuple(generator.of(h, article_rng(9, h))) for h in articles[::-1]}
    assert forward == backward
    assert any(forward.values())


def test_another_seed_gives_other_questions(generator: Generator) -> None:
    articles = generator.source.asked[300:360]
    one = [q for h in articles for q in generator.of(h, article_rng(1, h))]
    two = [q for h in articles for q in generator.of(h, article_rng(2, h))]
    assert one != two


def test_everything_generated_passes_the_gate_and_is_complete(generator: Generator) -> None:
    bearers = {b.id for b in generator.source.bearers.bearers}
    fields = set(generator.source.fields.order)
    for q in _some(generator, 300):
        assert problems(q) == ()
        assert set(q.topics) <= fields
        assert q.topics
        assert set(q.posts) <= bearers
        assert 0 <= q.difficulty <= 1
        assert q.basis[0].quote.strip("。；") in q.explanation.replace("\n", "") or q.basis[0].quote
        assert f"《{q.basis[0].doc}》" in q.explanation


def test_an_explanation_says_where_the_words_are_our_own(generator: Generator) -> None:
    digests = [q for q in _some(generator, 400) if q.basis[0].text_kind == TextKind.DIGEST.value]
    assert digests
    assert all("本库要点" in q.explanation for q in digests)


def test_every_form_is_made(generator: Generator) -> None:
    kinds = Counter(q.kind for q in _some(generator, 1500))
    assert set(kinds) >= {Kind.SINGLE, Kind.MULTI, Kind.JUDGE, Kind.BLANK}


def test_ids_are_unique_within_an_article(generator: Generator) -> None:
    for held in generator.source.asked[:400]:
        ids = [q.id for q in generator.of(held, article_rng(1, held))]
        assert len(ids) == len(set(ids))


def test_fifty_questions_are_made_in_three_seconds(source: Source) -> None:
    start = time.process_time()
    _some(Generator(source), 50)
    assert time.process_time() - start < 3
