"""Questions on who is responsible: the subject of a rule becomes the gap."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import Cited, Draft, according_to, finish, judged, mixed, within
from assistant.quiz.make.doubt import is_doubtful, is_idle
from assistant.quiz.make.duty_index import DutyIndex, telling
from assistant.quiz.make.rivals import Rivals, gives_itself_away
from assistant.quiz.make.statements import Statement, statements
from assistant.quiz.make.trivial import is_foregone
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Modality, Norm
from indexer.tokens import bigrams

_WRONG_OPTIONS = 3
_MIN_ACTION, _MIN_TELLING, _MIN_TEXT = 10, 6, 28
_TAIL = 4
_BINDS = re.compile(
    r"^(?:(?!可以|有权|的(?:部门|机构))[^。；]){0,24}?(?:应当|必须|不得|负责(?![^，]{2,12}的(?:部门|机构))|应|要)"
)
_GENERAL = re.compile(
    r"^[^，]{0,8}(?:加强|做好|支持|鼓励|重视)[^，]{0,24}(?:$|，)|忠于|秉公|遵守|诚信|结果负责|执行本法|(?:保证|保障|确保|维护)[^，]{0,10}安全$"
)
"""Actions that one would expect of anybody."""
_OF_PLACE, _HAS_PLACE = (
    re.compile("行政区域|辖区|全国|国家标准"),
    re.compile("人民政府|部门|机关|办事处"),
)
"""Only authorities have an area of their own."""
_POLICE = re.compile("公安|警察")
_ABSURD = re.compile("人力资源|武装警察|解放军")
"""Whom nobody would take to put out fires or grant mining rights."""
_BUILDS = re.compile("建设单位|施工单位|施工企业|监理|设计|勘察")
"""Who builds: a mine or a pipeline under construction is theirs as well."""
_PERSON = re.compile("(?:员|师|长|责任人|负责人|管理人)$")
_TOGETHER = re.compile(
    r"[^，。；]{0,16}(?:共同|相互|互相|分别|各自)|[^：]{0,16}(?:具备|符合)[^：]{0,12}条件"
)
_OF_EVERYBODY = re.compile(
    r"教育|培训|考核|责任制|规章制度|操作规程|应急预案|防护用品|隐患|自查|劳动合同|工会|管理制度|定期检查|安全检查|知识|能力|素质|资格|职业道德|资质"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    held: Held
    statement: Statement
    norm: Norm
    at: int

    def with_(self, name: str) -> str:
        """Return the sentence with another name in place of the bearer."""
        text = self.statement.text
        changed = text[: self.at] + name + text[self.at + len(self.norm.subject) :]
        return f"{according_to(self.held.document)}{changed}。"


class BearerMaker:
    """Asks who must do something: choice, true or false."""

    def __init__(self, source: Source, index: DutyIndex, rivals: Rivals) -> None:
        self._source, self._index, self._rivals = source, index, rivals

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield the questions on the bearers of one article."""
        if is_doubtful(held, self._source.day):
            return
        for asked in _occurrences(held):
            who = self._source.bearers.of_subject(asked.norm.subject)
            if not self._rivals.can_be_asked(asked.norm.subject, who):
                continue
            action = f"{asked.norm.trigger}，{asked.norm.action}"
            text = asked.with_("")
            others = self._rivals.of(held, who, action, text, rng)
            for draft in self._drafts(asked, who, others, rng):
                yield finish(self._source, held, draft)

    def _drafts(
        self, asked: _Asked, who: tuple[str, ...], others: list[str], rng: random.Random
    ) -> Iterator[Draft]:
        name = asked.norm.subject
        alike = _of_like_length(name, others)
        if len(alike) >= _WRONG_OPTIONS:
            wrong = alike[:_WRONG_OPTIONS]
            if not gives_itself_away(name, wrong, asked.with_("")):
                options = mixed([name, *wrong], rng)
                yield _draft(
                    asked,
                    who,
                    Kind.SINGLE,
                    asked.with_(BLANK),
                    options,
                    (name,),
                    f"正确的是“{name}”。",
                )
        if alike := [a for a in alike if self._rivals.are_peers(a, who)]:
            options, answer = judged(right=True)
            why = f"题中的责任主体“{name}”与规定一致。"
            stem = asked.with_(name)
            if not is_foregone(stem):
                yield _draft(asked, who, Kind.JUDGE, stem, options, answer, why, "true")
            near = [a for a in alike if a in self._rivals.named_by(asked.held)]
            swapped = next((a for a in near if _could_be(a, name, asked.with_(""))), None)
            if swapped is None:
                return
            options, answer = judged(right=False)
            why = f"题中的“{swapped}”有误，应为“{name}”。"
            stem = asked.with_(swapped)
            yield _draft(asked, who, Kind.JUDGE, stem, options, answer, why, "false")


def _could_be(other: str, name: str, rest: str) -> bool:
    """True unless the rest of the sentence itself tells that it speaks of `name`."""
    if gives_itself_away(name, [other], rest):
        return False
    if other[-_TAIL:] in rest and name[-_TAIL:] not in rest:
        return False  # 使用单位 would hand something over to 使用单位
    if "警察" in rest and not _POLICE.search(other):
        return False
    if _ABSURD.search(other) and not _ABSURD.search(name):
        return False
    if _BUILDS.search(other) and not _BUILDS.search(name):
        return False
    return not _OF_PLACE.search(rest) or bool(_HAS_PLACE.search(other))


def _draft(
    asked: _Asked,
    who: tuple[str, ...],
    kind: Kind,
    stem: str,
    options: tuple[str, ...],
    answer: tuple[str, ...],
    why: str,
    about: str = "",
) -> Draft:
    name = asked.norm.subject
    cited = tuple(
        Cited(c.provision, c.quote, (name,) if n == _first_with(asked, name) else ())
        for n, c in enumerate(asked.statement.cited)
    )
    cited = tuple(sorted(cited, key=lambda c: not c.tested))
    wrong = [o for o in options if o != name]
    return Draft(
        kind, Knowledge.BEARER, stem, options, answer, why, cited, _closeness(name, wrong), who,
        about=f"{asked.statement.cited[-1].quote}|{name}|{about}",
    )  # fmt: skip


def _first_with(asked: _Asked, name: str) -> int:
    return next((n for n, c in enumerate(asked.statement.cited) if name in c.quote), 0)


def _closeness(name: str, others: list[str]) -> float:
    own = set(bigrams(name))
    shares = [len(own & set(bigrams(o))) / max(1, len(own | set(bigrams(o)))) for o in others]
    return min(1.0, 0.4 + sum(shares) / len(shares)) if shares else 0.5


def _of_like_length(name: str, others: list[str]) -> list[str]:
    """Return the names that are about as long and of people too, or of units or offices too."""
    return [
        o
        for o in others
        if abs(len(o) - len(name)) <= max(4, len(name) // 2)
        and bool(_PERSON.search(o)) == bool(_PERSON.search(name))
    ]


def _occurrences(held: Held) -> Iterator[_Asked]:
    """Yield every norm whose subject stands once in the shortest statement that holds it."""
    seen = set[tuple[str, str]]()
    for statement in statements(held):
        if statement.penal or is_idle(statement.text) or len(statement.text) < _MIN_TEXT:
            continue
        for norm in held.norms:
            if not _is_askable(norm) or not _belongs(statement, norm):
                continue
            text, key = statement.text, (norm.subject, norm.action)
            at = text.find(norm.subject)
            if key in seen or at < 0 or text.count(norm.subject) != 1:
                continue
            if _core(norm.subject) in text[:at] + text[at + len(norm.subject) :]:
                continue
            after = text[at + len(norm.subject) :]
            if not _BINDS.match(after) or _TOGETHER.match(after):
                continue
            seen.add(key)
            yield _Asked(held, statement, norm, at)


def _is_askable(norm: Norm) -> bool:
    return (
        bool(norm.subject)
        and norm.modality is Modality.MUST  # a prohibition often binds more than it names
        and len(norm.action) >= _MIN_ACTION
        and len(telling(norm.action)) >= _MIN_TELLING
        and not _GENERAL.search(norm.action)
        and not _OF_EVERYBODY.search(norm.action)
    )


def _belongs(statement: Statement, norm: Norm) -> bool:
    own = any(
        within(norm.provision, c.provision.id) or within(c.provision.id, norm.provision)
        for c in statement.cited
    )
    return own and norm.action[:_MIN_ACTION] in statement.text


def _core(name: str) -> str:
    """Return the part of a name that would tell it if it stood in the stem as well."""
    return re.sub(r"^(?:国务院|县级以上(?:地方)?(?:各级)?(?:人民)?政府|地方)", "", name) or name
