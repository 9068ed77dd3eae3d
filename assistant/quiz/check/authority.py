"""Which authority a statement names for an act, against the one that the provision names."""

from __future__ import annotations

import re

from assistant.quiz.check.compare import Conflict
from assistant.quiz.check.evidence import Candidate, Evidence
from assistant.quiz.check.wording import plain

_NAMES = (
    "安全生产监督管理部门|应急管理部门|卫生行政部门|卫生健康(?:主管|行政)?部门|公安机关|人民法院|人民检察院|检察机关"
    "|市场监督管理部门|住房和?城乡建设(?:主管|行政)?部门|消防救援机构|人力资源和?社会保障(?:行政)?部门|劳动(?:保障)?行政部门"
    "|生态环境(?:主管|行政)?部门|矿山安全监察机构|工伤保险经办机构"
)
_ACT = re.compile(
    rf"(?P<by>[向由经])(?P<place>(?:所在地|当地|县级以上|地方|人民政府|各级|的){{0,4}})(?P<who>{_NAMES})(?P<act>[一-鿿、]{{2,8}})"
)
_GENERAL = ("负有安全生产监督管理职责的部门", "有关部门", "主管部门", "人民政府")


def other_authority(evidence: Evidence, statement: str) -> tuple[Candidate, Conflict] | None:
    """Return the provision that certainly decides the statement and names another authority."""
    for c in evidence.narrow:
        sure = c.rank == 1 and evidence.confidence >= 0.97 and c.share >= 0.42
        if sure and c.passage.is_text and c.passage.is_certain:
            conflict = authority_conflict(c, statement)
            if conflict is not None:
                return c, conflict
    return None


def authority_conflict(c: Candidate, statement: str) -> Conflict | None:
    """Return the authority that a provision names for the same act instead of the stated one.

    None if the provision also names the stated one, more than one other, or departments at large.
    """
    text = plain(c.passage.text)
    for said in _ACT.finditer(statement):
        if said["who"] in text:
            continue
        held = {
            m["who"]
            for m in _ACT.finditer(text)
            if m["by"] == said["by"] and _shared(said["act"], m["act"])
        }
        if len(held) == 1 and not any(g in text for g in _GENERAL):
            return Conflict(said["who"], held.pop(), "主管机关")
    return None


def _shared(a: str, b: str) -> bool:
    pairs = {a[i : i + 2] for i in range(len(a) - 1)}
    return any(b[i : i + 2] in pairs for i in range(len(b) - 1))
