"""Results of training as an Excel workbook: totals, people, questions, provisions, every answer."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

import xlsxwriter

from assistant.export.training_wording import (
    CitationOf,
    QuestionOf,
    account_of,
    clock,
    name_of,
    outcome,
    post_of,
    remark,
    span_words,
    subject,
    way,
)
from assistant.export.wording import plain
from assistant.practice.model import Answer
from assistant.quiz.model import Kind
from assistant.training.attendance import Seat
from assistant.training.desk import Followed, Results
from assistant.training.items import FEWEST

GUESTS = "未登录参加"
"""The sheet of a task that is open to people without an account, behind the others."""
SHEETS = ("总览", "人员", "题目", "条文", "答题明细")
Value = str | float | None
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_A4 = 9
_PERSON = (("姓名", 12), ("账号", 16), ("岗位", 18))
TASK_COLUMNS = (
    *_PERSON, ("状态", 10), ("答题数", 9), ("答对", 9), ("得分", 9), ("满分", 9), ("合格", 8),
    ("开始时间", 20), ("完成时间", 20), ("备注", 24),
)  # fmt: skip
GUEST_COLUMNS = (("姓名（未核对）", 16), *TASK_COLUMNS[len(_PERSON) :], ("编号", 32))
PERIOD_COLUMNS = (
    *_PERSON, ("答题数", 9), ("答对", 9), ("答错", 9), ("正确率", 10), ("练习天数", 10), ("用时（分）", 12),
    ("最后答题", 20),
)  # fmt: skip
ITEM_COLUMNS = (
    ("题干", 60), ("题型", 12), ("专项", 16), ("首次答题人数", 14), ("首次答对人数", 14),
    ("难度（答对比例）", 16), ("区分度", 10), ("正确答案", 30), ("依据", 40), ("题目编号", 18),
)  # fmt: skip
PROVISION_COLUMNS = (
    ("条文", 56), ("答题数", 9), ("答错", 9), ("答错比例", 10), ("人数", 9),
)  # fmt: skip
TOPIC_COLUMNS = (("专项", 24), ("答题数", 12), ("答错", 12), ("答错比例", 12), ("人数", 12))
ANSWER_COLUMNS = (
    ("序号", 9), ("时间", 20), ("姓名", 12), ("账号", 16), ("方式", 12), ("题目编号", 18), ("题型", 12),
    ("作答", 30), ("对错", 8), ("得分", 8), ("满分", 8), ("用时（秒）", 11), ("专项", 18), ("条文", 40),
    ("答案编号", 36),
)  # fmt: skip
_NOTES = (
    "时间都是北京时间。每一个数字都由“答题明细”算出。",
    f"题目的难度和区分度只算每个人第一次作答；不到 {FEWEST} 人作答的题不算区分度。",
    "区分度是这道题的对错与其余题得分的相关（点二列相关）：0.3 以上好，0.2 以下差，负数要检查题目。",
)


def training_xlsx(
    results: Results, question_of: QuestionOf, citation_of: CitationOf, now: datetime, zone: tzinfo
) -> bytes:
    """Return the results as a workbook; figures are numbers, every text is a text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **_SAFE})
    book.set_properties({"title": plain(f"{results.unit.name} 培训成绩"), "author": "知责"})
    sheets = _Sheets(book)
    _overview(sheets, results, now, zone)
    columns, people = _people(results, zone)
    sheets.table(SHEETS[1], columns, people)
    sheets.table(SHEETS[2], ITEM_COLUMNS, _items(results, question_of, citation_of))
    sheets.table(SHEETS[3], PROVISION_COLUMNS, _provisions(results, citation_of))
    rows = (_answer(results, a, citation_of, zone) for a in results.answers)
    sheets.table(SHEETS[4], ANSWER_COLUMNS, rows)
    if results.followed is not None and results.followed.assignment.guests:
        sheets.table(GUESTS, GUEST_COLUMNS, _guests(results, results.followed, zone))
    book.close()
    return buffer.getvalue()


class _Sheets:
    """Writes tables of one look."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True}
        self.book = book
        self.cell = book.add_format({**base, "border": 1})
        self.line = book.add_format({**base, "text_wrap": False})
        self.title = book.add_format(
            {**base, "font_name": "黑体", "font_size": 16, "text_wrap": False}
        )
        self.head = book.add_format({
            **base, "font_name": "黑体", "border": 1, "align": "center", "bg_color": "#D9E2EC",
        })  # fmt: skip

    def table(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Iterable[Sequence[Value]],
        sheet: Any = None,
        top: int = 0,
    ) -> None:
        """Add a table on a sheet of its own, or on this one below row `top`."""
        own = sheet is None
        sheet = self.book.add_worksheet(name) if own else sheet
        for at, (title, width) in enumerate(columns):
            if own:
                sheet.set_column(at, at, width)
            sheet.write_string(top, at, title, self.head)
        row = top
        for row, values in enumerate(rows, top + 1):
            for at, value in enumerate(values):
                self._put(sheet, row, at, value)
        if own:
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)

    def _put(self, sheet: Any, row: int, at: int, value: Value) -> None:
        if value is None:
            sheet.write_blank(row, at, None, self.cell)
        elif isinstance(value, str):
            sheet.write_string(row, at, plain(value), self.cell)
        else:
            sheet.write_number(row, at, value, self.cell)


def _overview(sheets: _Sheets, results: Results, now: datetime, zone: tzinfo) -> None:
    sheet = sheets.book.add_worksheet(SHEETS[0])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 4, 14)
    sheet.write_string(0, 0, plain(f"{results.unit.name} 培训成绩"), sheets.title)
    facts = (
        ("内容", subject(results)), ("时间", span_words(results, zone)), ("方式", way(results)),
        ("结果", outcome(results)), ("导出时间", clock(now, zone)),
    )  # fmt: skip
    for row, (name, text) in enumerate(facts, 2):
        sheet.write_string(row, 0, name, sheets.head)
        sheet.write_string(row, 1, plain(text), sheets.line)
    total = results.report.total
    figures = (
        ("参加人数", results.report.active),
        ("答题数", total.answered),
        ("答对", total.right),
        *((("其中未登录人数", len(results.followed.guests.seats)),) if results.followed else ()),
    )
    for row, (name, value) in enumerate(figures, 2 + len(facts)):
        sheet.write_string(row, 0, name, sheets.head)
        sheet.write_number(row, 1, value, sheets.cell)
    for row, text in enumerate(_NOTES, 11):
        sheet.write_string(row, 0, text, sheets.line)
    rows = [
        (r.topic, r.tally.answered, r.tally.wrong, _share(r.tally.share_wrong), r.people)
        for r in results.report.topics
    ]
    sheets.table("", TOPIC_COLUMNS, rows, sheet, 15)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _people(
    results: Results, zone: tzinfo
) -> tuple[Sequence[tuple[str, int]], list[tuple[Value, ...]]]:
    def who(person: str) -> tuple[str, str, str]:
        return name_of(results, person), account_of(results, person), post_of(results, person)

    if results.followed is None:
        return PERIOD_COLUMNS, [
            (
                *who(r.person), r.tally.answered, r.tally.right, r.tally.wrong,
                _share(r.tally.share_right), r.days, round(r.seconds / 60, 1), clock(r.last_at, zone),
            )
            for r in results.report.people
        ]  # fmt: skip
    found = results.followed.attendance
    return TASK_COLUMNS, [(*who(s.person), *_seat(s, found.total, zone)) for s in found.seats]


def _guests(results: Results, followed: Followed, zone: tzinfo) -> Iterable[tuple[Value, ...]]:
    """Those without an account; by the id in the last column an administrator can erase them."""
    for seat in followed.guests.seats:
        yield name_of(results, seat.person), *_seat(seat, followed.guests.total, zone), seat.person


def _seat(seat: Seat, total: float, zone: tzinfo) -> tuple[Value, ...]:
    return (
        seat.state.label, seat.answered, seat.right, seat.score, total,
        "" if seat.passed is None else "是" if seat.passed else "否",
        clock(seat.begun_at, zone), clock(seat.finished_at, zone), remark(seat),
    )  # fmt: skip


def _items(
    results: Results, question_of: QuestionOf, citation_of: CitationOf
) -> Iterable[tuple[Value, ...]]:
    for item in results.report.items:
        asked = question_of(item)
        yield (
            asked.stem if asked else "（题目已不在）", Kind(item.kind).label, item.topic, item.answered,
            item.right, item.difficulty, item.discrimination, "；".join(asked.answer) if asked else "",
            citation_of(item.provision), item.question,
        )  # fmt: skip


def _provisions(results: Results, citation_of: CitationOf) -> Iterable[tuple[Value, ...]]:
    for r in results.report.provisions:
        share = _share(r.tally.share_wrong)
        yield citation_of(r.provision), r.tally.answered, r.tally.wrong, share, r.people


def _answer(
    results: Results, answer: Answer, citation_of: CitationOf, zone: tzinfo
) -> tuple[Value, ...]:
    return (
        answer.seq, clock(answer.response.at, zone), name_of(results, answer.person),
        account_of(results, answer.person), answer.mode.label, answer.question,
        Kind(answer.kind).label, "；".join(answer.response.given), "对" if answer.right else "错",
        answer.score, answer.points, answer.response.seconds, "、".join(answer.topics),
        citation_of(answer.provision), answer.id,
    )  # fmt: skip


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
