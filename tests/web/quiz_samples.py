"""A small paper and a small bank, made up, for the tests of the page 出题组卷."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from assistant.quiz.blueprint import Blueprint
from assistant.quiz.draw import make_paper
from assistant.quiz.model import Kind
from assistant.quiz.paper import Paper
from assistant.quiz.source import Source
from assistant.services import Services
from tests.assistant.quiz.fakes import FakeGenerator, plan

SCRIPT = "\"'><script>alert(1)</script>"
COUNTS = {Kind.SINGLE: 3, Kind.MULTI: 2, Kind.JUDGE: 2, Kind.BLANK: 1, Kind.SHORT: 1, Kind.CASE: 1}
FORM = {
    "posts": [], "topics": [], "title": "月度考试", "seed": "7",
    **{f"{k.value}_count": str(n) for k, n in COUNTS.items()},
}  # fmt: skip
"""The form of the page, filled in for a paper of ten questions."""
BANK = (
    ("序号", "题型", "题目", "A", "B", "C", "D", "答案", "出处"),
    (1, "单选题", "矿山、金属冶炼、建筑施工、运输单位以外的其他生产经营单位，从业人员超过（　）人的，"
     "应当设置安全生产管理机构或者配备专职安全生产管理人员。", "一百", "二百", "三百", "五百", "C", ""),
    (2, "判断题", "生产经营单位的从业人员有权拒绝违章指挥和强令冒险作业。", "", "", "", "", "正确", ""),
    (3, "单选题", f"{SCRIPT}电焊机一次线的长度一般不超过（　）米。", "一", "二", "三", "五", "C", "教材"),
    (4, "多选题", "电气灭火时可以用（　）。", "干粉", "水柱", "二氧化碳", "泡沫", "AC", "教材"),
    (5, "单选题", "这道题没有写答案", "甲", "乙", "丙", "丁", "", ""),
)  # fmt: skip
"""Made up. The first key is overtaken, the third question holds a script, the last has no key."""


def small_paper(services: Services) -> Paper:
    """Return a paper of ten made-up questions of all kinds."""
    source = services.quiz_source()
    return make_paper(small_plan(source), FakeGenerator(source), source)


def small_plan(source: Source) -> Blueprint:
    """Return the plan of ten questions."""
    return plan(source, counts=COUNTS)


def write_bank(path: Path) -> Path:
    """Write the bank as a workbook and return where it is."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "题"
    for row in BANK:
        sheet.append(row)
    book.save(path)
    return path
