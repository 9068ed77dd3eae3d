"""Short-answer questions: name what a list holds."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.quiz.make.base import Cited, Draft, according_to, finish
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.item_lists import ItemList, ListKind, lists_of
from assistant.quiz.make.list_stems import stems_of
from assistant.quiz.make.listed import ASKED_KINDS, STATE
from assistant.quiz.model import Kind, Knowledge, Question
from assistant.quiz.source import Held, Source

MIN_POINTS, MAX_POINTS = 3, 8
_MAX_POINT, _MAX_ALL = 90, 420
_ANOTHER_CONDITION = re.compile(r"(?:下列|以下)[^，。]*，[^。]*的，")
"""A case that must be met besides those listed; asked in one breath it cannot be read."""
_MIN_LATER_LEAD = 14
"""A shorter lead of a later paragraph (公布的内容应包括) lives on the first."""
_TOO_WIDE = re.compile("(?:做到哪些方面|(?:负责|做到)哪些事项)？$")
"""What asks for all that somebody has to do, of which other articles say more."""
_NO_TOPIC = re.compile(r"^(?:有|具有|存在)(?:下列|以下)[^，]*，[^，]*相应")
"""A lead that says neither of whom it speaks nor of what."""
_HALF_OPEN = re.compile(r"的其他[^，。；]{1,12}$")
"""An item that leaves the list open and yet names something; nobody knows whether it counts."""
_ELSEWHERE = re.compile(r"第[一二三四五六七八九十百零]+[条款项]|前款|本条|前述")
"""What one would have to look up; an item that leaves the list open there holds further points."""


class RecallMaker:
    """Asks to name the items of the lists that have three to eight."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:  # noqa: ARG002
        if held.document.is_policy or is_doubtful(held, self._source.day):
            return
        for found in lists_of(held):
            if found.kind in ASKED_KINDS and _can_be_named(found) and not _said_again(found):
                yield finish(self._source, held, _draft(held, found))


def _can_be_named(found: ItemList) -> bool:
    items = found.named
    if any(i.rest for i in found.items[:-1]) or _NO_TOPIC.search(found.lead):
        return False
    if not found.stands_alone or _ANOTHER_CONDITION.search(found.lead):
        return False
    later = (found.head.id.paragraph or 1) > 1 and len(found.lead) < _MIN_LATER_LEAD
    if later or any(_HALF_OPEN.search(i.text) for i in items):
        return False
    if any(i.rest and ("《" in i.text or _ELSEWHERE.search(i.text)) for i in found.items):
        return False
    if found.kind is ListKind.DUTY and (
        not found.subject or any(STATE.match(i.text) for i in items)
    ):
        return False
    return (
        MIN_POINTS <= len(items) <= MAX_POINTS
        and all(len(i.text) <= _MAX_POINT and not _ELSEWHERE.search(i.text) for i in items)
        and sum(len(i.text) for i in items) <= _MAX_ALL
        and bool(stems_of(found).name)
        and not _TOO_WIDE.search(stems_of(found).name)
    )


def _said_again(found: ItemList) -> bool:
    """True if the document lets the same follow from other cases too, which would be right as well."""
    if found.kind is not ListKind.CASE:
        return False
    follows = found.lead.rpartition("，")[2].strip()
    texts = "".join(a.text for a in found.held.version.articles)
    return texts.count(follows) > 1


def _draft(held: Held, found: ItemList) -> Draft:
    points = tuple(i.text for i in found.named)
    why = f"要点共{len(points)}项，每答出一项得相应的分，意思正确即可。"
    cited = tuple(Cited(i.provision, i.text, (i.text,)) for i in found.named)
    return Draft(
        Kind.SHORT, _KNOWLEDGE.get(found.kind, Knowledge.LIST),
        according_to(held.document) + stems_of(found).name, (), points, why, cited,
        min(len(points) / MAX_POINTS, 1.0),
    )  # fmt: skip


_KNOWLEDGE = {ListKind.DUTY: Knowledge.DUTY}
