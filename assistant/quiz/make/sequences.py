"""What comes first: approval before action, grades in their order, one thing before another.

Only where the text itself says the order.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.quiz.make.base import (
    Cited,
    Draft,
    according_to,
    finish,
    judged,
    mixed,
)
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.statements import Statement, statements
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source

_ONLY_THEN = re.compile(
    r"(?:批准|同意|合格|登记|手续|许可|确认|验收|审查|审核|检验|公告|认定|备案|消除|标准|国籍|证书?|执照)"
    r"(?P<then>后(?P<comma>，?)方可)"
)
_ONE_BREATH = re.compile(r"应当|必须|并|^[由报经]")
"""What keeps the clause before 后方可 from being turned round by itself."""
_BEFORE = re.compile(
    r"(?P<a>[一-鿿]{2,14}?)(?P<mid>优先于|先于)(?P<b>[一-鿿]{2,14})(?=[。；，]|$|受偿)"
)
_FIRST = re.compile(r"应当先(?P<a>[一-鿿]{2,24}?)(?:，)?再(?P<b>[一-鿿]{2,24})(?=[。；，]|$)")
_MARKED = re.compile(
    r"(?P<what>[^，。；、的]{2,6}级别)[^。；]*?分为(?P<grades>[一二三四]级(?:[、和][一二三四]级){2,3})，"
    r"分别用(?P<marks>[一-鿿]色(?:[、和][一-鿿]色){2,3})标示，(?P<top>[一二三四]级)为最高级别"
)
_SPLIT = re.compile("[、和]")
_MAX_TEXT = 120
_OPEN_ENDED = re.compile(r"除外|但是|另有规定|可以.*方可")


class SequenceMaker:
    """Makes true/false statements with the order turned round, and choices of orders."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if is_doubtful(held, self._source.day):
            return
        for statement in statements(held):
            for draft in (*_only_then(held, statement, rng), *_ordered(held, statement, rng)):
                yield finish(self._source, held, draft)
        for draft in _marks(held, rng):
            yield finish(self._source, held, draft)


def _only_then(held: Held, statement: Statement, rng: random.Random) -> Iterator[Draft]:
    """Yield: after what has been done one may begin."""
    text = statement.text
    found = list(_ONLY_THEN.finditer(text))
    if len(found) != 1 or len(text) > _MAX_TEXT or "；" in text or _OPEN_ENDED.search(text):
        return
    m = found[0]
    if "。" in text[m.end() :]:
        return
    clause = re.split("[，。]", text[: m.start("then")])[-1]
    turned = "" if _ONE_BREATH.search(clause) else f"前{m['comma']}即可"
    yield _turned(held, statement, m["then"], turned, rng)


def _ordered(held: Held, statement: Statement, rng: random.Random) -> Iterator[Draft]:
    """Yield: one thing goes before another."""
    text = statement.text
    if len(text) > _MAX_TEXT or "；" in text:
        return
    for m in _BEFORE.finditer(text):
        yield _turned(held, statement, m[0], f"{m['b']}{m['mid']}{m['a']}", rng)
    for m in _FIRST.finditer(text):
        swapped = f"应当先{m['b']}再{m['a']}"
        yield _turned(held, statement, m[0], swapped, rng)


def _turned(held: Held, statement: Statement, words: str, turned: str, rng: random.Random) -> Draft:
    """Return the statement, or with other words in the place of those that give the order."""
    right = not turned or rng.random() < 0.4
    text = statement.text if right else statement.text.replace(words, turned, 1)
    options, answer = judged(right=right)
    why = "题中的先后顺序与规定一致。" if right else f"题中的“{turned}”有误，应为“{words}”。"
    cited = tuple(replace(c, tested=(words,)) if words in c.quote else c for c in statement.cited)
    return Draft(
        Kind.JUDGE, Knowledge.SEQUENCE, f"{according_to(held.document)}{text}。", options, answer,
        why, tuple(sorted(cited, key=lambda c: not c.tested)), 0.5, about=f"order|{words}|{text[:20]}",
    )  # fmt: skip


def _marks(held: Held, rng: random.Random) -> Iterator[Draft]:
    """Yield: which mark belongs to which grade, and their order from the highest."""
    for provision in held.article.parts or (held.article.whole,):
        m = _MARKED.search(provision.text)
        if m is None or provision.id.item is not None:
            continue
        grades, marks = _SPLIT.split(m["grades"]), _SPLIT.split(m["marks"])
        if len(grades) != len(marks) or grades[0] != m["top"]:
            continue
        opening, quote = according_to(held.document), m[0]
        for grade, mark in rng.sample(list(zip(grades, marks, strict=True)), 2):
            yield Draft(
                Kind.SINGLE, Knowledge.SEQUENCE, f"{opening}{m['what']}中的{grade}，用于标示的颜色是{BLANK}。",
                mixed(marks, rng), (mark,), f"{grade}用“{mark}”标示。",
                (Cited(provision, quote, (mark,)),), 0.6, about=f"mark|{grade}",
            )  # fmt: skip
        wrong = [m["marks"], *_orders(marks, rng)]
        yield Draft(
            Kind.SINGLE, Knowledge.SEQUENCE, f"{opening}{m['what']}由高到低，依次用于标示的颜色是{BLANK}。",
            mixed(wrong, rng), (m["marks"],), f"{m['top']}为最高级别，颜色依次是“{m['marks']}”。",
            (Cited(provision, quote, (m["marks"],)),), 0.6, about="marks",
        )  # fmt: skip


def _orders(marks: list[str], rng: random.Random) -> list[str]:
    """Return three other orders, written as the text writes its own."""
    others = [p for p in itertools.permutations(marks) if list(p) != marks]
    return ["、".join(p[:-1]) + f"和{p[-1]}" for p in rng.sample(others, 3)]
