"""Which items belong to a list: 下列属于主要负责人职责的是, and what does not belong."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.quiz.make.base import Cited, Draft, according_to, finish, mixed
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.item_lists import Item, ItemList, ListKind, lists_of
from assistant.quiz.make.likeness import likeness_of
from assistant.quiz.make.list_stems import stems_of
from assistant.quiz.make.strangers import Stranger, Strangers, is_plain, similar_length
from assistant.quiz.model import Kind, Knowledge, Question
from assistant.quiz.source import Held, Source

ASKED_KINDS = frozenset(
    {
        ListKind.DUTY,
        ListKind.POWER,
        ListKind.STEPS,
        ListKind.CONDITION,
        ListKind.CONTENT,
        ListKind.CASE,
    }
)
_CHOICE_KINDS = ASKED_KINDS - {ListKind.CASE, ListKind.CONDITION}
"""Cases and conditions of one thing read so unlike those of another that no choice is offered."""
_IS_HAZARD = re.compile("重大(?:事故)?隐患")
STATE = re.compile(r"有|年龄|经.{0,12}考试|\d")
"""How a condition begins that stands among duties."""
_DRAWN = 6
"""How many choices of options are drawn, of which the evenest is asked."""
_CLOSE = {True: 0.7, False: 0.45}


class ListMaker:
    """Makes single, multiple and “which does not belong” questions of every list."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._strangers = Strangers(source, likeness_of(source))

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if held.document.is_policy or is_doubtful(held, self._source.day):
            return
        for found in lists_of(held):
            usable = [i for i in found.named if is_plain(i.text)]
            if found.stands_alone and self._can_be_asked(found) and len(usable) >= 2:
                for draft in self._drafts(found, usable, rng):
                    yield finish(self._source, held, draft)

    def _can_be_asked(self, found: ItemList) -> bool:
        """Duties are asked about only if it is known whose they are."""
        if found.kind is ListKind.DUTY:
            known = self._source.bearers.of_subject(found.subject)
            return bool(known) and not any(STATE.match(i.text) for i in found.items)
        return found.kind in _CHOICE_KINDS and not _IS_HAZARD.search(found.lead)

    def _drafts(self, found: ItemList, usable: list[Item], rng: random.Random) -> Iterator[Draft]:
        wrong = self._strangers.for_list(found, rng, 10)
        stems = stems_of(found)
        opening = according_to(found.held.document)
        if stems.one:
            for item in rng.sample(usable, min(3, len(usable))):
                fitting = [w for w in wrong if similar_length(item.text, w.text)][:5]
                if len(fitting) >= 3:
                    yield _single(opening + stems.one, item, rng.sample(fitting, 3), rng)
        if len(usable) >= 3 and wrong and stems.some:
            drafts = [_several(opening + stems.some, usable, wrong[:5], rng) for _ in range(_DRAWN)]
            yield min(drafts, key=_unevenness)
        if len(usable) >= 3 and wrong and stems.out and _closed(found):
            right = rng.sample(usable, 3)
            yield _odd_one(found, opening + stems.out, right, rng.choice(wrong[:3]), rng)


def _single(stem: str, item: Item, wrong: list[Stranger], rng: random.Random) -> Draft:
    options = mixed([item.text, *(w.text for w in wrong)], rng)
    why = f"“{item.text}”是该规定所列的一项，其余各项不在所列之中。"
    cited = Cited(item.provision, item.text, (item.text,))
    return Draft(
        Kind.SINGLE, Knowledge.LIST, stem, options, (item.text,), why, (cited,), _closeness(wrong)
    )


def _several(stem: str, usable: list[Item], wrong: list[Stranger], rng: random.Random) -> Draft:
    total = rng.choice((4, 5))
    right = rng.sample(usable, min(len(usable), rng.choice((2, 3, 4)), total - 1))
    wrong = rng.sample(wrong, min(len(wrong), total - len(right)))
    if len(right) + len(wrong) < 4:
        right = rng.sample(usable, min(len(usable), 4 - len(wrong)))
    order = [i for i in usable if i in right]
    options = mixed([*(i.text for i in right), *(w.text for w in wrong)], rng)
    answer = tuple(i.text for i in order)
    why = f"属于所列的是：{_quoted(answer)}；{_quoted([w.text for w in wrong])}不在所列之中。"
    cited = tuple(Cited(i.provision, i.text, (i.text,)) for i in order)
    return Draft(Kind.MULTI, Knowledge.LIST, stem, options, answer, why, cited, _closeness(wrong))


def _unevenness(draft: Draft) -> float:
    """How far the right options are from the wrong ones in length, on the average."""
    right = [len(o) for o in draft.answer]
    wrong = [len(o) for o in draft.options if o not in draft.answer]
    return abs(sum(right) / len(right) - sum(wrong) / len(wrong))


def _odd_one(
    found: ItemList, stem: str, right: list[Item], odd: Stranger, rng: random.Random
) -> Draft:
    options = mixed([*(i.text for i in right), odd.text], rng)
    why = f"“{odd.text}”不在所列之中；{_quoted([i.text for i in right])}都是所列的内容。"
    order = [i for i in found.named if i in right]
    cited = tuple(Cited(i.provision, i.text, (i.text,)) for i in order)
    return Draft(
        Kind.SINGLE, Knowledge.LIST, stem, options, (odd.text,), why, cited, _closeness([odd]),
        about="odd|" + "|".join(i.text for i in order),
    )  # fmt: skip


def _closed(found: ItemList) -> bool:
    """True if the list names everything: nothing else can belong to it."""
    return not any(i.rest for i in found.items)


def _closeness(wrong: list[Stranger]) -> float:
    return sum(_CLOSE[w.same_document] for w in wrong) / len(wrong)


def _quoted(texts: list[str] | tuple[str, ...]) -> str:
    return "、".join(f"“{t}”" for t in texts)
