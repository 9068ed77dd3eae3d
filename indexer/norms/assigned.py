"""Work that a rule assigns without a modal word: X负责…, X主管…, 由X组织…."""

from __future__ import annotations

import re

from indexer.norms.bearer_phrase import bearer_at_start
from indexer.norms.modals import Hit
from indexer.norms.model import Modality
from indexer.norms.text import Clause, Sentence

_VERB = (
    "负责|主管|统一领导|领导|组织(?!者|机构|单位|人)|协助|指导|协调|监督|管理|实施|履行|承担|配合|参与|参加|行使|统筹|综合监管|监管|"
    "统一指挥|指挥|分管|督促|受理|支持|开展|加强|接受|维护|制定|拟订|编制|建立|设立|设置|研究|部署|确定|公布|发布|提出|统筹提出|"
    "检查|调查|查处|监测|推动|引导|派出|汇总|综合协调|组建"
)
_STANDING = re.compile("负责|主管|领导|统一|协助|协调|全面|监督|监管")
"""Predicates that say what somebody is there for; others may be the occasion of what follows."""
_ADVERBS = (
    r"(?:依法|依照[^，]{0,24}?(?:规定|法律|法规|章程|职责|本法|分工)|按照[^，]{0,24}?(?:规定|职责|分工|要求|权限)|根据[^，]{0,20}?(?:规定|需要|授权)|"
    r"在[^，]{1,24}?(?:内|下|中)|统一|具体|共同|分别|及时|全面|综合|各自|对[^，]{1,60}?|为[^，]{1,30}?|与[^，]{1,20}?|会同[^，]{1,40}?|定期|均|都|也|还|，)*"
)
_ASSIGNS = re.compile(
    rf"{_ADVERBS}(?P<verb>{_VERB}|(?:进行|实施|实行)[^，]{{0,12}}(?:监督|管理|检查|监管|监察|指导|领导|审验|审查)|全面负责|提供[^，]{{1,20}}服务)"
)
_BY = re.compile(r"(?:^|[^自理事缘原])由")
_BY_VERB = re.compile(
    rf"{_ADVERBS}(?P<verb>{_VERB}|决定|批准|审批|审查|审核|颁发|核发|发给|保管|制定|编制|规定|确定|公布|处理|调查|核定|办理|提出|指定|任命|出具|支付|给付|解决|补偿|保障|补助)"
)
_PENAL = re.compile(r"处|责令|给予|没收|吊销|撤销|追究|予以|处罚|拘留|罚款|赔偿|承担[^，]*责任")
_FORMAL = re.compile(r"办法|标准|细则|目录|规定由|规定的|由[^，]*(?:制定|规定)")
_NO_DUTY = re.compile(r"的(?:除外)?$|时$|后$|前$|期间$|是指|所称|之一$")


def find_assigned(sentence: Sentence, taken: frozenset[int], penal: bool) -> list[Hit]:
    """Return the clauses of the sentence that assign work to a bearer; none in a penal article.

    `taken` are the clauses that a modal word governs.
    """
    if penal:
        return []
    out: list[Hit] = []
    for k, clause in enumerate(sentence.clauses):
        if k in taken or _NO_DUTY.search(clause.text):
            continue
        hit = _by(k, clause) or _said_of_bearer(sentence, k, clause, taken)
        if hit and hit not in out:
            out.append(hit)
    return out


def _said_of_bearer(
    sentence: Sentence, k: int, clause: Clause, taken: frozenset[int]
) -> Hit | None:
    subject = bearer_at_start(clause.text)
    if subject is None or clause.text[: subject.end].endswith("国家"):
        return None
    rest = clause.text[subject.end :]
    m = _ASSIGNS.match(rest)
    if m and rest.strip("■") and not re.match("的|[、和][^，、]{1,6}的", rest[m.end() :]):
        if k + 1 in taken and not _STANDING.search(rest):
            return None
        return Hit(k, clause.start + subject.end, clause.start + subject.end, Modality.MUST, True)
    following = sentence.clauses[k + 1 : k + 3]
    if not rest.strip("■") or re.match("依照|按照|依法|根据|在|是", rest):
        for n, later in enumerate(following, k + 1):
            if n in taken:
                return None
            if _NO_DUTY.search(later.text):
                continue
            if _ASSIGNS.match(later.text):
                return Hit(n, later.start, later.start, Modality.MUST, True)
    return None


def _by(k: int, clause: Clause) -> Hit | None:
    """由X负责…: X bears it."""
    for m in _BY.finditer(clause.text):
        rest = clause.text[m.end() :]
        subject = bearer_at_start(rest)
        if subject is None:
            continue
        after = rest[subject.end :]
        if _PENAL.match(after) or _FORMAL.search(clause.text):
            return None
        verb = _BY_VERB.match(after)
        if verb:
            at = clause.start + m.end() + subject.end
            return Hit(k, clause.start + m.end() - 1, at, Modality.MUST, True)
    return None
