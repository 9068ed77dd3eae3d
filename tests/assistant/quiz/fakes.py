"""A generator of made-up questions over the real library, quick and free of meaning."""

from __future__ import annotations

import random
from collections.abc import Iterator

from assistant.quiz.blueprint import Blueprint, Wish, make_blueprint
from assistant.quiz.model import (
    BLANK,
    RIGHT,
    WRONG,
    Basis,
    Kind,
    Knowledge,
    Question,
    hash_of,
    question_id,
)
from assistant.quiz.source import Held, Source

OPTIONS = {
    Kind.SINGLE: ("甲事", "乙事", "丙事", "丁事"),
    Kind.CASE: ("停产", "整改", "报告", "撤人"),
    Kind.MULTI: ("培训", "演练", "巡查", "记录", "公示"),
    Kind.JUDGE: (RIGHT, WRONG),
    Kind.BLANK: (),
    Kind.SHORT: (),
}
KNOWLEDGE = tuple(Knowledge)


COUNTS = {
    Kind.SINGLE: 12,
    Kind.MULTI: 6,
    Kind.JUDGE: 10,
    Kind.BLANK: 3,
    Kind.SHORT: 2,
    Kind.CASE: 2,
}


def plan(source: Source, **said: object) -> Blueprint:
    """Return the plan of a wish; 35 questions over all kinds if nothing else is said."""
    wish = Wish(**{"counts": COUNTS, "points": {}, "title": "月度考试", "seed": 7, **said})  # type: ignore[arg-type]
    return make_blueprint(wish, source.bearers, source.fields, 0)


class FakeGenerator:
    """Two questions of every kind from each article that has norms; counts what it was asked."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.asked: list[str] = []

    def of(self, held: Held, rng: random.Random) -> Iterator[Question]:
        self.asked.append(str(held.article.id))
        bearers = (b for n in held.norms for b in self.source.bearers.of_subject(n.subject))
        posts = tuple(dict.fromkeys(bearers))
        topics = self.source.fields.of(held.document, held.article.text)
        for n, kind in enumerate((*Kind, *Kind)):
            yield question(held, kind, n, posts, topics, rng.random())


def question(
    held: Held,
    kind: Kind,
    n: int = 0,
    posts: tuple[str, ...] = (),
    topics: tuple[str, ...] = (),
    difficulty: float = 0.5,
) -> Question:
    """Return a question on the n-th stretch of an article; equal arguments make equal questions."""
    text = held.article.text
    quote = text[2 * n : 2 * n + 20] or text[:20]
    mark = f"{held.document.id}{held.article.id.article}{n}"
    options = tuple(f"{o}{mark}" for o in OPTIONS[kind])
    stem = f"关于{mark}，下列说法正确的是{BLANK}。"
    answer: tuple[str, ...] = (options[n % len(options)],) if options else (f"答{mark}",)
    if kind is Kind.JUDGE:
        options, stem = OPTIONS[kind], f"{mark}的说法成立。"
        answer = (options[n // 6 % 2],)
    elif kind is Kind.MULTI:
        answer = (options[0], options[2], options[3])
    elif kind is Kind.SHORT:
        stem, answer = f"简述{mark}的要求。", (f"一则{mark}", f"二则{mark}")
    basis = Basis(
        held.article.id, held.document.title, held.document.text_kind.value, quote,
        (f"考{mark}{kind.value}",), hash_of(held.article.whole),
    )  # fmt: skip
    return Question(
        question_id(kind, held.article.id, mark), kind, KNOWLEDGE[n % len(KNOWLEDGE)], stem,
        options, answer, f"应选{'、'.join(answer)}，见{basis.citation}。", (basis,), topics, posts,
        difficulty,
    )  # fmt: skip
