"""What is forbidden: true or false.

The forbidden act is not asked for among acts that are not: whatever is surely allowed reads so
unlike a prohibition that the form alone would tell them apart.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.quiz.make.base import Cited, Draft, according_to, finish, judged, provision_of
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.strangers import is_plain
from assistant.quiz.model import Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Norm
from indexer.norms.model import Modality

_WORD = re.compile(r"不得|禁止|严禁|不准")
_EXCEPT = re.compile(
    r"除外|但是|批准|审批|同意|许可|特殊情况|确需|特殊需要|情况紧急|另有规定|除.{1,30}外|可以|允许"
)
_WHO_BEFORE = re.compile(r"^(?:其|该|此|前款|上述|有关)|的$|^(?:相关|本)")
_PLAINLY_WRONG = re.compile(
    r"非法|违规|违反|擅自|滥用|侵占|毁损|破坏|损坏|损毁|扰乱|强令|侮辱|编造|伪造|虚假|盗|挪用|截留|妨碍|危害|欺骗|歧视|行为$|干扰|瞒报|索要|弄虚|阻挠|干涉|干预|拒绝|殴打|隐瞒|未成年|不合格|淘汰|失效|假冒"
)
"""Acts that nobody takes for allowed, whoever agrees to them; not asked about."""
_MIN_ACT = 8
_LEAVE = ("经单位主要负责人同意", "因工作需要")
_IN_A_UNIT = re.compile(r"^$|单位|企业|经营者|人员$|员工|职工")
_MAX_JUDGE = 100


class ForbiddenMaker:
    """Makes true/false questions on prohibitions."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if held.document.is_policy or is_doubtful(held, self._source.day):
            return
        for norm in held.norms:
            known = not norm.subject or self._source.bearers.of_subject(norm.subject)
            if known and _is_flat(held, norm):
                yield finish(self._source, held, _judge(held, norm, rng))


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
        and not _PLAINLY_WRONG.search(norm.action)
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
    right = rng.random() < 0.4
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
