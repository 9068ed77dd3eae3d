"""A paper as an Excel workbook in the columns that examination platforms import, and its key as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from assistant.export.quiz_wording import (
    LETTERS,
    PLATFORM_NAMES,
    basis_lines,
    difficulty_word,
    key_lines,
    key_words,
    number,
    short_key,
    valid_line,
)
from assistant.export.wording import plain
from assistant.quiz.model import Question
from assistant.quiz.paper import Paper

SHEET, REMARKS = "试题", "说明"
_FEWEST_OPTIONS = 4
_WIDTHS = {"题型": 9, "题干": 60, "正确答案": 18, "解析": 60, "依据": 40, "知识点": 18}
_OTHER_WIDTH = 8
_OPTION_WIDTH = 24
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_A4 = 9
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula in a CSV."""
KEY_COLUMNS = ("版本", "题号", "题型", "答案", "答案文字", "分值", "依据", "解析", "编号")


def quiz_xlsx(paper: Paper) -> bytes:
    """Return the paper as a workbook: one row a question, every text a text.

    The key stands in letters; the words of several gaps and the points of a short answer are
    parted by “|”. There are as many columns of options as the longest question needs, four at
    least.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **_SAFE})
    book.set_properties({"title": plain(paper.title), "author": "知责"})
    base = {
        "font_name": "宋体",
        "font_size": 10,
        "valign": "top",
        "text_wrap": True,
        "num_format": "@",
    }
    cell = book.add_format({**base, "border": 1})
    head = book.add_format(
        {**base, "font_name": "黑体", "border": 1, "align": "center", "bg_color": "#D9E2EC"}
    )
    options = max([_FEWEST_OPTIONS, *(len(q.options) for q in paper.questions)])
    _write_rows(book, paper, options, head, cell)
    remarks = book.add_worksheet(REMARKS)
    remarks.set_column(0, 0, 110)
    for row, text in enumerate((*_REMARKS, valid_line(paper), *paper.notices)):
        remarks.write_string(row, 0, plain(text), book.add_format(base))
    book.close()
    return buffer.getvalue()


_REMARKS = (
    "列名按常见考试平台的导入模板排列；平台要求的列名不同时，改第一行即可。",
    "正确答案用选项字母；填空题多个空之间、简答题多个要点之间用“|”隔开。",
    "情景题按单选题给出；判断题的选项 A 是“正确”，选项 B 是“错误”。",
)


def columns(options: int) -> tuple[str, ...]:
    """Return the names of the columns for that many options."""
    names = (f"选项{x}" for x in LETTERS[:options])
    return ("题型", "题干", *names, "正确答案", "解析", "难度", "知识点", "依据", "分值", "编号")


def _write_rows(book: Any, paper: Paper, options: int, head: Any, cell: Any) -> None:
    sheet = book.add_worksheet(SHEET)
    names = columns(options)
    for at, name in enumerate(names):
        usual = _OPTION_WIDTH if name.startswith("选项") else _OTHER_WIDTH
        sheet.set_column(at, at, _WIDTHS.get(name, usual))
        sheet.write_string(0, at, name, head)
    row = 0
    for section in paper.sections:
        for _, question in section.numbered():
            row += 1
            for at, text in enumerate(_values(question, options, section.points)):
                sheet.write_string(row, at, plain(text), cell)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(row, 1), len(names) - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _values(question: Question, options: int, points: float) -> tuple[str, ...]:
    padded = (*question.options, *[""] * (options - len(question.options)))
    return (
        PLATFORM_NAMES[question.kind],
        question.stem,
        *padded,
        question.letters or "|".join(question.answer),
        question.explanation,
        difficulty_word(question),
        "、".join(question.topics),
        "；".join(basis_lines(question)),
        number(points),
        question.id,
    )


def key_csv(papers: Sequence[Paper]) -> bytes:
    """Return the keys of a paper and its versions as CSV, in UTF-8 with a mark for Excel.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer)
    rows.writerow(KEY_COLUMNS)
    for paper in papers:
        for section in paper.sections:
            for at, question in section.numbered():
                rows.writerow(
                    map(
                        _harmless,
                        (
                            paper.label,
                            str(at),
                            section.kind.label,
                            short_key(question) or "；".join(key_lines(question)),
                            key_words(question),
                            number(section.points),
                            "；".join(basis_lines(question)),
                            question.explanation,
                            question.id,
                        ),
                    )
                )
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    words = plain(text)
    return f"'{words}" if words.startswith(_RISKY) else words
