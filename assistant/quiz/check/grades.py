"""Questions that tell an accident and ask for its grade: the table of grades decides them."""

from __future__ import annotations

import re

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check.model import Link, State, Verdict
from assistant.quiz.check.wording import plain
from assistant.quiz.make.accidents import GRADES, Table
from assistant.quiz.model import RIGHT, WRONG, Kind

_GRADE = re.compile("(特别重大|重大|较大|一般)(?:生产)?(?:安全)?(?:责任)?事故")
_ASSERTED = re.compile(
    r"(?:属于?|属|构成|为|是)(?:一起|了)?(特别重大|重大|较大|一般)(?:生产)?(?:安全)?(?:责任)?事故[。.]?$"
)
_BY_ITS_OWN_TABLE = re.compile(
    "特种设备|电梯|锅炉|压力容器|起重|客运索道|交通|铁路|航|电力|电网|核|辐射|环境|质量|火灾"
)
"""Accidents that other rules grade, or grade by other measures as well."""
_STORY = re.compile("某|一起|该事故|本次事故|此次|这起")
_N = r"(?P<n>\d+(?:\.\d+)?)"
_MEASURES = (
    (rf"(?:死亡|死){_N}人", rf"{_N}人(?:当场)?死亡"),
    (rf"(?:重伤|急性(?:工业)?中毒){_N}人", rf"{_N}人(?:受)?(?:重伤|急性(?:工业)?中毒)"),
    (rf"经济损失(?:达|约|为|共计?|合计)?(?:人民币)?{_N}(?P<u>万|亿)元",),
)
_VAGUE = re.compile(
    r"人以[上下]|元以[上下]|不足|超过|近\d|余人|多人|抢救无效|次日|\d+[日天]后|失踪|轻伤|受伤\d|\d人受伤"
)


def judge_grade(question: BankQuestion, table: Table | None) -> Verdict | None:
    """Return the verdict on a question for the grade of an accident that its stem tells.

    None if it is none, if a figure is vague or told twice, or if another table grades it.
    """
    said = _keyed(question)
    stem = plain(question.stem)
    if table is None or not said or _VAGUE.search(stem) or _BY_ITS_OWN_TABLE.search(stem):
        return None
    toll = _toll(stem)
    if toll is None or not _STORY.search(stem):
        return None
    grade = max(
        (
            g
            for g in GRADES
            if g == GRADES[0] or any(t >= n for t, n in zip(toll, table.least[g], strict=True))
        ),
        key=GRADES.index,
    )
    link = Link(table.items[grade].provision, table.held.document)
    reason = f"题中的伤亡和损失，按{link.citation}是{grade}"
    holds = grade == said
    if question.kind is Kind.JUDGE:
        key = RIGHT if holds else WRONG
        if question.answer == (key,):
            return Verdict(State.CONSISTENT, question, link, reason)
        return Verdict(
            State.CONTRADICTED, question, link, f"{reason}，答案却是“{question.answer[0]}”", key
        )
    if holds:
        return Verdict(State.CONSISTENT, question, link, reason)
    right = next((o for o in question.options if _named(o) == grade), "")
    return Verdict(
        State.CONTRADICTED, question, link, f"{reason}，答案却是“{question.answer[0]}”", right
    )


def _keyed(question: BankQuestion) -> str:
    """The grade that the keyed option names, or the one that a true/false stem asserts."""
    if question.kind is Kind.JUDGE:
        found = _ASSERTED.search(
            re.sub(r"[(（][\s　]*[)）]?\s*$", "", plain(question.stem).strip())
        )
        return f"{found[1]}事故" if found else ""
    asks = question.kind in (Kind.SINGLE, Kind.CASE) and len(question.answer) == 1
    return _named(question.answer[0]) if asks else ""


def _named(option: str) -> str:
    found = _GRADE.fullmatch(plain(option).strip(" 。."))
    return f"{found[1]}事故" if found else ""


def _toll(stem: str) -> tuple[float, float, float] | None:
    """Deaths, people gravely hurt, loss in 万元; None if none is told, or one of them twice."""
    told: list[float] = []
    some = False
    for patterns in _MEASURES:
        found = [m for p in patterns for m in re.finditer(p, stem)]
        if len(found) > 1:
            return None
        some = some or bool(found)
        scale = 10_000 if found and found[0].groupdict().get("u") == "亿" else 1
        told.append(float(found[0]["n"]) * scale if found else 0.0)
    return (told[0], told[1], told[2]) if some else None
