"""What is forbidden: the forbidden act among what the same people must or may do; true or false."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.base import (
    Cited,
    Draft,
    according_to,
    finish,
    judged,
    mixed,
    provision_of,
)
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.item_lists import ListKind, lists_of
from assistant.quiz.make.likeness import likeness_of
from assistant.quiz.make.strangers import is_plain
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Norm
from indexer.norms.model import Modality
from kb.model import Provision

_ANYBODY = re.compile(
    r"^(?:任何|一切|单位和个人|单位或者个人|个人|其他)?(?:单位|组织|个人|任何人)?(?:、|和|或者|或)?(?:个人|组织)?$"
)
_WORD = re.compile(r"不得|禁止|严禁|不准")
_EXCEPT = re.compile(
    r"除外|但是|批准|审批|同意|许可|特殊情况|确需|特殊需要|情况紧急|另有规定|除.{1,30}外|可以|允许"
)
_NEGATIVE = re.compile(r"不|未|无(?!害)|擅自|违|禁|冒|拒|逃|停止|防止|制止|打击|处罚")
_IDLE = re.compile(
    r"^(?:负责|主管|加强|指导|统一|依法负责|综合)|^.{1,3}，|(?:义务|权利|责任|工作)$"
)
"""What no reader could take for forbidden, or cannot be understood by itself."""
_WHO_BEFORE = re.compile(r"^(?:其|该|此|前款|上述|有关)|的$|^(?:相关|本)")
_PLAINLY_WRONG = re.compile(
    r"非法|违规|违反|擅自|滥用|侵占|毁损|破坏|损坏|损毁|扰乱|强令|侮辱|编造|伪造|虚假|盗|妨碍|危害|欺骗|歧视|行为$|干扰|瞒报|索要|弄虚"
)
"""Acts that nobody takes for allowed, whoever agrees to them."""
_MIN_ACT, _MAX_ACT = 8, 48
_NEAR, _TRIED = 0.5, 24
_LEAVE = ("经单位主要负责人同意", "因工作需要")
_IN_A_UNIT = re.compile(r"^$|单位|企业|经营者|人员$|员工|职工")
_MAX_JUDGE = 100


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is forbidden to `who` ("" for everybody), verbatim."""

    provision: Provision
    who: str
    act: str
    quote: str


class ForbiddenMaker:
    """Makes single, multiple and true/false questions on prohibitions."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._like = likeness_of(source)
        self._allowed: dict[tuple[str, str], list[str]] = defaultdict(list)
        for held in source.asked:
            for norm in held.norms:
                if _is_allowed(norm) and source.bearers.of_subject(norm.subject):
                    self._allowed[held.document.id, norm.subject].append(norm.action)
        self._acts: dict[tuple[str, str], list[Act]] = defaultdict(list)
        for held in source.asked:
            for act in _acts(held):
                self._acts[held.document.id, act.who].append(act)

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if held.document.is_policy or is_doubtful(held, self._source.day):
            return
        acts = list(_acts(held))
        for act in acts:
            wrong = self._not_forbidden(held, act, rng)
            if len(wrong) >= 3:
                yield finish(self._source, held, _single(held, act, wrong[:3], rng))
        for who in dict.fromkeys(a.who for a in acts):
            mine = [a for a in acts if a.who == who]
            wrong = self._not_forbidden(held, mine[0], rng)
            if len(mine) >= 2 and len(wrong) >= 2:
                yield finish(self._source, held, _several(held, mine, wrong, rng))
        for norm in held.norms:
            if _is_flat(held, norm):
                yield finish(self._source, held, _judge(held, norm, rng))

    def _not_forbidden(self, held: Held, act: Act, rng: random.Random) -> list[str]:
        """Return what the same people must or may do by the same document, in fitting length."""
        pool = self._allowed[held.document.id, act.who] if act.who else self._anybodys(held)
        pool = list(dict.fromkeys(pool))
        scored = [(self._like.alike(a, act.act) + 0.15 * rng.random(), a) for a in pool]
        scored.sort(key=lambda s: (-s[0], s[1]))
        out: list[str] = []
        for share, action in scored[:_TRIED]:
            if share >= _NEAR:
                continue
            short, long = sorted((len(action), len(act.act)))
            if long > 1.7 * short + 4 or not self._is_free(action):
                continue
            if all(self._like.alike(action, o) < _NEAR for o in out):
                out.append(action)
            if len(out) == 3:
                break
        return out

    def _anybodys(self, held: Held) -> list[str]:
        return [
            action
            for (doc_id, _), actions in self._allowed.items()
            if doc_id == held.document.id
            for action in actions
        ]

    def _is_free(self, action: str) -> bool:
        """True if nothing in the library forbids something alike."""
        return not any(
            m.said.norm is not None and m.said.norm.modality is Modality.MUST_NOT
            for m in self._like.matches(action)
        )


def _acts(held: Held) -> Iterator[Act]:
    """Yield what one article forbids without any condition, trigger or exception."""
    for found in lists_of(held):
        if found.kind is ListKind.FORBIDDEN and found.lead.endswith(("行为", "活动", "不得")):
            who = "" if _is_anybody(found.subject) else found.subject
            bare = found.lead.startswith((who or "任何", "禁止"))
            if not bare or _WHO_BEFORE.search(who) or "区" in found.lead or "范围" in found.lead:
                continue
            for item in found.named:
                if _fits(item.text):
                    yield Act(item.provision, who, item.text, item.text)
    for norm in held.norms:
        words = norm.text.strip().rstrip("。；")
        if norm.modality is not Modality.MUST_NOT or norm.trigger or norm.exceptions:
            continue
        if norm.subject_at != norm.provision or not _fits(norm.action):
            continue
        where = provision_of(held, norm.provision)
        if _EXCEPT.search(where.text) or not (norm.subject or words.startswith(("禁止", "严禁"))):
            continue
        if re.fullmatch(
            f"{re.escape(norm.subject)}(?:不得|禁止|严禁|不准){re.escape(norm.action)}", words
        ):
            who = "" if _is_anybody(norm.subject) else norm.subject
            if not _WHO_BEFORE.search(who):
                yield Act(where, who, norm.action, words)


def _is_anybody(subject: str) -> bool:
    return bool(_ANYBODY.match(subject))


def _fits(act: str) -> bool:
    return (
        _MIN_ACT <= len(act) <= _MAX_ACT
        and is_plain(act)
        and not _EXCEPT.search(act)
        and not re.search("上述|下列|前款|有关规定的|超过|少于", act)
    )


def _is_allowed(norm: Norm) -> bool:
    words = norm.text.strip().rstrip("。；")
    return (
        norm.modality is not Modality.MUST_NOT
        and bool(norm.subject)
        and not norm.trigger
        and not norm.exceptions
        and norm.subject_at == norm.provision
        and words.endswith(norm.action)
        and words.startswith(norm.subject)
        and _MIN_ACT <= len(norm.action) <= _MAX_ACT
        and is_plain(norm.action)
        and not _NEGATIVE.search(norm.action)
        and not _IDLE.search(norm.action)
    )


def _stem(held: Held, who: str, end: str) -> str:
    whose = f"{who}的下列行为" if who else "下列行为"
    return f"{according_to(held.document)}{whose}中，{end}"


def _single(held: Held, act: Act, wrong: list[str], rng: random.Random) -> Draft:
    options = mixed([act.act, *wrong], rng)
    return Draft(
        Kind.SINGLE, Knowledge.FORBIDDEN, _stem(held, act.who, f"属于禁止行为的是{BLANK}。"), options,
        (act.act,), f"“{act.act}”是规定禁止的，其余各项是应当做或者可以做的。",
        (Cited(act.provision, act.quote, (act.act,)),), 0.4,
    )  # fmt: skip


def _several(held: Held, acts: list[Act], wrong: list[str], rng: random.Random) -> Draft:
    right = rng.sample(acts, min(len(acts), rng.choice((2, 3))))
    right = [a for a in acts if a in right]
    options = mixed([*(a.act for a in right), *wrong[: 5 - len(right)]], rng)
    named = "、".join(f"“{a.act}”" for a in right)
    return Draft(
        Kind.MULTI, Knowledge.FORBIDDEN, _stem(held, right[0].who, f"属于禁止行为的有{BLANK}。"), options,
        tuple(a.act for a in right), f"规定禁止的是：{named}。",
        tuple(Cited(a.provision, a.quote, (a.act,)) for a in right), 0.5,
    )  # fmt: skip


def _is_flat(held: Held, norm: Norm) -> bool:
    """True for a sentence that forbids and does nothing else, in an article without exceptions."""
    words = norm.text.strip().rstrip("。；")
    return (
        norm.modality is Modality.MUST_NOT
        and not norm.trigger
        and norm.subject_at == norm.provision
        and len(words) <= _MAX_JUDGE
        and len(norm.action) >= _MIN_ACT
        and len(_WORD.findall(words)) == 1
        and not _WHO_BEFORE.search(norm.subject)
        and is_plain(norm.action[:60])
        and not _EXCEPT.search(held.article.text)
        and words.startswith((norm.subject, "禁止", "严禁"))
        and words in held.article.text
        and (bool(norm.subject) or words.startswith(("禁止", "严禁")))
        and bool(
            re.fullmatch(
                f"{re.escape(norm.subject)}(?:不得|禁止|严禁|不准){re.escape(norm.action)}", words
            )
        )
    )


def _judge(held: Held, norm: Norm, rng: random.Random) -> Draft:
    words = norm.text.strip().rstrip("。；")
    right = bool(_PLAINLY_WRONG.search(norm.action)) or rng.random() < 0.3
    found = _WORD.search(words)
    modal = found[0] if found else ""
    leave = rng.choice(_LEAVE) if _IN_A_UNIT.search(norm.subject) else _LEAVE[1]
    turned = (
        f"{norm.subject}{leave}，可以{norm.action}"
        if norm.subject
        else f"{leave}，可以{norm.action}"
    )
    options, answer = judged(right=right)
    why = (
        "题中所说与规定一致。"
        if right
        else f"这是禁止的行为，规定没有“{leave}”这样的例外：“{modal}{norm.action}”。"
    )
    cited = Cited(provision_of(held, norm.provision), words, (modal,))
    return Draft(
        Kind.JUDGE, Knowledge.FORBIDDEN, f"{according_to(held.document)}{words if right else turned}。",
        options, answer, why, (cited,), 0.4, about=f"forbidden|{norm.action}",
    )  # fmt: skip
