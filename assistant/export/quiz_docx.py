"""A paper as a Word document to hand out, in the layout of Chinese examinations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from assistant.export.quiz_wording import (
    lettered,
    number,
    paper_title,
    section_heading,
    section_rule,
    stem_with_gap,
)
from assistant.export.word import (
    HEI,
    SONG,
    XIAOBIAOSONG,
    Cell,
    Look,
    Page,
    Paper,
    Piece,
    Row,
)
from assistant.quiz import paper as quiz
from assistant.quiz.model import BLANK, Kind, Question
from kb.numerals import to_chinese

PAGE = Page(margins=(22, 20, 20, 20))
_TITLE = Look(XIAOBIAOSONG, 18, 28, align="center", after=4, level=1)
_META = Look(SONG, 10.5, 18, align="center", after=4)
_HEADING = Look(HEI, 12, 20, before=9, after=3, level=2, keep=True)
_SIZE = 11.0
_LEFT = 7.6
"""Where stems and options begin, in millimetres; numbers stand before that."""
_STEM = Look(SONG, _SIZE, 18, left=_LEFT, hang=_LEFT, tabs=(_LEFT,), before=3, keep=True)
_OPTION = Look(SONG, _SIZE, 18, left=_LEFT)
_HUNG = Look(SONG, _SIZE, 18, left=_LEFT + 2 * _SIZE * 25.4 / 72, hang=2 * _SIZE * 25.4 / 72)
_TO_WRITE = Look(SONG, _SIZE, 24, left=_LEFT, ruled=True)
_GAP_TO_MARK = "（\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}）"
_GAP_TO_WRITE = "_" * 14
_MOST_LINES = 10
_GRID = Look(HEI, 10.5, 16, align="center")


def paper_docx(paper: quiz.Paper) -> bytes:
    """Return the paper as a Word document, without its key.

    Title, lines for the name, a table for the scores, sections with their points, options side by
    side where they are short, lines to write on, 第 1 页　共 5 页.
    """
    word = Paper(paper_title(paper), PAGE, running=paper_title(paper), counted=True)
    word.write(paper_title(paper), _TITLE)
    word.write(f"考试形式：闭卷　　考试时间：______ 分钟　　满分：{number(paper.total)} 分", _META)
    word.write(
        "单位：____________________　部门（岗位）：______________　姓名：____________　日期：____________",
        _META,
    )
    _write_scores(word, paper)
    for n, section in enumerate(paper.sections, 1):
        rule = Piece(f"　{section_rule(section)}")
        word.write((Piece(section_heading(n, section)), rule), _HEADING)
        for at, question in section.numbered():
            _write_question(word, at, question)
    return word.data()


def _write_scores(word: Paper, paper: quiz.Paper) -> None:
    names = ["题号", *(to_chinese(n) for n in range(1, len(paper.sections) + 1)), "总分"]
    full = ["满分", *(number(s.total) for s in paper.sections), number(paper.total)]
    width = min(24.0, PAGE.inner / len(names))
    rows = [
        Row(tuple(Cell((x,), look) for x in texts), height=8)
        for look, texts in ((_GRID, names), (_GRID, full), (_GRID, ["得分", *[""] * (len(names) - 1)]))
    ]  # fmt: skip
    word.table([width] * len(names), rows)


def _write_question(word: Paper, at: int, question: Question) -> None:
    stem = stem_with_gap(question)
    gap = _GAP_TO_WRITE if question.kind is Kind.BLANK else _GAP_TO_MARK
    alone = question.kind in (Kind.JUDGE, Kind.BLANK)
    look = replace(_STEM, keep=not alone)
    word.write(f"{at}．\t{stem.replace(BLANK, gap)}", look)
    if question.kind in quiz.CHOICES:
        for text, of in option_lines(lettered(question), PAGE.inner - _LEFT):
            word.write(text, of)
    elif question.kind is Kind.SHORT:
        for _ in range(min(3 + 2 * len(question.answer), _MOST_LINES)):
            word.write("", _TO_WRITE)


def option_lines(options: Sequence[str], width: float) -> Iterator[tuple[str, Look]]:
    """Yield lines of as many options side by side as fit into `width` millimetres, with their look.

    All stand in one line, or in two or three columns, or each on its own.
    """
    columns = columns_for(options, width)
    if columns == 1:
        yield from ((o, _HUNG) for o in options)
        return
    tabs = tuple(_LEFT + n * width / columns for n in range(1, columns))
    look = Look(SONG, _SIZE, 18, left=_LEFT, tabs=tabs)
    waiting = iter(options)
    while line := tuple(islice(waiting, columns)):
        yield "\t".join(line), look


def columns_for(options: Sequence[str], width: float) -> int:
    """Return how many options stand side by side in `width` millimetres: all, 3, 2 or 1."""
    longest = max(map(_measure, options), default=0.0) + _SIZE * 25.4 / 72
    size = len(options)
    choices = [size, *([3] if size in (3, 5, 6) else []), 2] if size <= 5 else [3, 2]
    return next((n for n in choices if longest <= width / n), 1)


def _measure(text: str) -> float:
    """How wide a text is printed, in millimetres; Latin script is half as wide."""
    halves = sum(1 if c.isascii() else 2 for c in text)
    return halves / 2 * _SIZE * 25.4 / 72
