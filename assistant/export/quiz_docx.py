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
_EM = _SIZE * 25.4 / 72
"""How wide a Chinese character is, in millimetres."""
_LEFT, _FAR_LEFT = 8.6, 10.6
"""Where stems and options begin, in millimetres, with numbers of two and of three digits."""
_THREE_DIGITS = 100
_WORDS = Look(SONG, _SIZE, 18)
_TO_WRITE = Look(SONG, _SIZE, 24, ruled=True)
_GAP_TO_MARK = "（" + 6 * "\N{NO-BREAK SPACE}" + "）"
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
        "单位：_________________　部门（岗位）：____________　姓名：__________　日期：_________",
        _META,
    )
    _write_scores(word, paper)
    left = _LEFT if len(paper.slots) < _THREE_DIGITS else _FAR_LEFT
    for n, section in enumerate(paper.sections, 1):
        rule = Piece(f"　{section_rule(section)}")
        word.write((Piece(section_heading(n, section)), rule), _HEADING)
        for at, question in section.numbered():
            _write_question(word, at, question, left)
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


def _write_question(word: Paper, at: int, question: Question, left: float) -> None:
    stem = stem_with_gap(question)
    if question.kind is Kind.JUDGE:
        stem = f"{BLANK}{stem}"
    gap = _GAP_TO_WRITE if question.kind is Kind.BLANK else _GAP_TO_MARK
    more = question.kind not in (Kind.JUDGE, Kind.BLANK)
    look = replace(_WORDS, left=left, hang=left, tabs=(left,), before=3, keep=more)
    word.write(f"{at}．\t{stem.replace(BLANK, gap)}", look)
    if question.kind in quiz.CHOICES:
        lines = list(option_lines(lettered(question), left))
        for n, (text, of) in enumerate(lines, 1):
            word.write(text, replace(of, keep=n < len(lines)))
    elif question.kind is Kind.SHORT:
        for _ in range(min(3 + 2 * len(question.answer), _MOST_LINES)):
            word.write("", replace(_TO_WRITE, left=left))


def option_lines(options: Sequence[str], left: float) -> Iterator[tuple[str, Look]]:
    """Yield lines of as many options side by side as fit right of `left`, with their look.

    All stand in one line, or in two or three columns, or each on its own.
    """
    width = PAGE.inner - left
    columns = columns_for(options, width)
    if columns == 1:
        yield from ((o, replace(_WORDS, left=left + 2 * _EM, hang=2 * _EM)) for o in options)
        return
    tabs = tuple(left + n * width / columns for n in range(1, columns))
    waiting = iter(options)
    while line := tuple(islice(waiting, columns)):
        yield "\t".join(line), replace(_WORDS, left=left, tabs=tabs)


def columns_for(options: Sequence[str], width: float) -> int:
    """Return how many options stand side by side in `width` millimetres: all, 3, 2 or 1."""
    longest = max(map(_measure, options)) + _EM
    size = len(options)
    choices = [size, *([3] if size in (3, 5, 6) else []), 2] if size <= 5 else [3, 2]
    return next((n for n in choices if longest <= width / n), 1)


def _measure(text: str) -> float:
    """How wide a text is printed, in millimetres; Latin script is half as wide."""
    halves = sum(1 if c.isascii() else 2 for c in text)
    return halves / 2 * _EM
