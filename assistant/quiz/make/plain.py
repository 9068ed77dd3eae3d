"""Rules told as they stand: true statements that a choice sets beside changed ones."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.quiz.make.base import Cited, Draft, according_to, finish, judged
from assistant.quiz.make.doubt import is_doubtful, is_idle
from assistant.quiz.make.statements import Statement, statements
from assistant.quiz.model import Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Modality, Norm

_FOREGONE = re.compile(
    r"(?:应当|必须)(?:忠于|恪尽|坚持|遵守|服从|爱护|尊重|支持|配合|重视|依照本|符合国家标准)|以下统称|统称|秉公|国家(?:鼓励|加强|支持|实行)"
)
"""What nobody would take to be wrong, and what is no rule for anybody."""
_KNOWLEDGE = {Modality.MUST_NOT: Knowledge.FORBIDDEN}
_BEGINNING = 6


class PlainMaker:
    """Tells a rule with its bearer in its own words; only true statements.

    By themselves they would teach to tick 正确, so a paper gets them only among wrong ones.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, held: Held, _rng: random.Random) -> Iterator[Question]:
        """Yield a true statement for every sentence that lays one rule on somebody named in it."""
        if is_doubtful(held, self._source.day):
            return
        for statement in statements(held):
            text = statement.text
            if statement.penal or not statement.whole or is_idle(text) or _FOREGONE.search(text):
                continue
            norm = next((n for n in held.norms if _tells(statement, n)), None)
            if norm is not None:
                yield finish(self._source, held, _draft(held, statement, norm))


def _tells(statement: Statement, norm: Norm) -> bool:
    text = statement.text
    return (
        bool(norm.subject)
        and norm.subject in text
        and norm.action[:_BEGINNING] in text
        and len(norm.action) > _BEGINNING
        and norm.provision == statement.provision.id
    )


def _draft(held: Held, statement: Statement, norm: Norm) -> Draft:
    options, answer = judged(right=True)
    first, *rest = statement.cited
    tested = (norm.action,) if norm.action in first.quote else (norm.action[:_BEGINNING],)
    cited = (Cited(first.provision, first.quote, tested), *rest)
    return Draft(
        Kind.JUDGE, _KNOWLEDGE.get(norm.modality, Knowledge.DUTY),
        f"{according_to(held.document)}{statement.text}。", options, answer,
        "题中的说法与规定一致。", cited, 0.5, about=f"plain|{statement.cited[-1].quote}",
    )  # fmt: skip
