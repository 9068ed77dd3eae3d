"""True or false: must, or may."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.quiz.make.base import Draft, according_to, finish, judged, within
from assistant.quiz.make.doubt import is_doubtful, is_idle
from assistant.quiz.make.statements import Statement, statements
from assistant.quiz.make.trivial import is_foregone, is_testable
from assistant.quiz.model import Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Modality, Norm

_SWAP = {"应当": "可以", "可以": "应当", "必须": "可以"}
"""可以 is only ever asked about as it stands: what one may do, one may be bound to elsewhere."""
_MODAL = re.compile("应当|必须|不得|可以|有权|禁止|严禁")
_OF = {Modality.MUST: ("应当", "必须"), Modality.MAY: ("可以",)}
_MIN_ACTION, _MAX_TEXT = 10, 110
_FOREGONE = re.compile(
    r"(?:应当|必须|可以)(?:有|严格|履行|认真|切实|妥善)|(?:应当|必须|可以)(?:依法|严格|积极)?(?:加强|遵守|忠于|保证|确保|坚持|服从|接受|爱护|尊重|做好|以|将|有利|保守|遵循|具备|符合|注意|重视|支持|配合|采取有力|依照|自觉|经|诚信)|(?:应当|必须)[^，。；]{0,30}(?:承担|履行|接下|负)[^，。；]{0,24}(?:义务|责任(?![制书区人保])|职责)|秉公|如实|恪尽|公正|保密|下列|方可|申请|起诉|复议"
)
"""Duties that nobody takes for a choice; 可以承担…义务 contradicts itself."""
_ENTITLED = re.compile(r"失业人员|参保|享受|享有|领取|待遇|津贴|补助|举报|检举")
"""Where somebody is to get something, must and may run into one another."""
_LEAVES_OPEN = re.compile(
    r"(?:应当|必须)(?:委托|通过|按照|根据|自行|在[^，]{0,16}(?:或者|内|之日)|从[^，]{0,12}内|于[^，]{0,12}内|自[^，]{0,16}内)|或者|必要时|因工作需要"
)
"""Where 可以 in place of the modal word can be read as a choice among what the rule allows."""
_SANCTION = re.compile(r"罚款|处分|处罚|吊销|没收|刑事责任|拘留")


class ModalityMaker:
    """Changes 应当 into 可以 and back, where the statement has one modal word only."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield a true or a false statement on every rule with one modal word."""
        if is_doubtful(held, self._source.day):
            return
        for statement in statements(held):
            found = _MODAL.findall(statement.text)
            if len(found) != 1 or found[0] not in _SWAP or not _is_fit(statement):
                continue
            if _ENTITLED.search(statement.text):
                continue
            if any(_belongs(statement, n, found[0]) for n in held.norms):
                right = _stays(statement, found[0], rng)
                if found[0] == "可以" or _is_worth_asking(statement.text, right):
                    yield finish(self._source, held, _draft(held, statement, found[0], right))


def _is_worth_asking(text: str, right: bool) -> bool:
    return is_testable(text) if right else not is_foregone(text)


def _stays(statement: Statement, word: str, rng: random.Random) -> bool:
    """True if the statement is told as it stands."""
    open_ = bool(_LEAVES_OPEN.search(statement.text))
    return word == "可以" or rng.random() < 0.4 or open_


def _draft(held: Held, statement: Statement, word: str, right: bool) -> Draft:
    other = _SWAP[word]
    text = statement.text if right else statement.text.replace(word, other)
    options, answer = judged(right=right)
    why = (
        f"题中的“{word}”与规定一致。"
        if right
        else f"题中的“{other}”有误，应为“{word}”：{_NATURE[word]}。"
    )
    cited = tuple(replace(c, tested=(word,)) if word in c.quote else c for c in statement.cited)
    return Draft(
        Kind.JUDGE, Knowledge.DUTY, f"{according_to(held.document)}{text}。", options, answer, why,
        tuple(sorted(cited, key=lambda c: not c.tested)), 0.6,
        about=f"modal|{statement.cited[-1].quote}",
    )  # fmt: skip


_NATURE = {
    "应当": "这是必须履行的义务，不能自行选择",
    "必须": "这是必须履行的义务，不能自行选择",
    "可以": "这是允许，不是必须履行的义务",
}


def _is_fit(statement: Statement) -> bool:
    text = statement.text
    return (
        not statement.penal
        and len(text) <= _MAX_TEXT
        and "；" not in text
        and not is_idle(text)
        and not _SANCTION.search(text)
        and not _FOREGONE.search(text)
    )


def _belongs(statement: Statement, norm: Norm, word: str) -> bool:
    return (
        word in _OF.get(norm.modality, ())
        and bool(norm.subject)
        and norm.subject in statement.text
        and len(norm.action) >= _MIN_ACTION
        and f"{word}{norm.action[:6]}" in statement.text
        and any(within(norm.provision, c.provision.id) for c in statement.cited)
    )
