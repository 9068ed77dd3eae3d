"""The answer sheet of a paper as a Word document: keys at a glance, then why and by what rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.export.quiz_wording import (
    basis_lines,
    key_lines,
    section_heading,
    short_key,
    valid_line,
)
from assistant.export.word import CELL, HEAD_CELL, HEI, SONG, XIAOBIAOSONG, Cell, Look, Page, Row
from assistant.export.word import Paper as Word
from assistant.quiz.model import Kind
from assistant.quiz.paper import Paper, Section

PAGE = Page(margins=(22, 18, 20, 18))
COLUMNS = ("题号", "答案", "解析", "依据")
_WIDTHS = (12.0, 42.0, 80.0, 40.0)
_TITLE = Look(XIAOBIAOSONG, 18, 28, align="center", after=4, level=1)
_META = Look(SONG, 10.5, 18, align="center", after=4)
_PART = Look(HEI, 14, 24, before=10, after=2, level=2, keep=True)
_HEADING = Look(HEI, 11, 18, before=6, after=2, level=3, keep=True)
_MIDDLE = Look(line=14.5, align="center")
_SHADE = "D9E2EC"
_LONG = 260
"""A row with more characters than this in one cell may run over a page end."""
_A_LINE = 10
_IN_WORDS = (Kind.BLANK, Kind.SHORT)


def key_docx(papers: Sequence[Paper]) -> bytes:
    """Return the answer sheet of a paper and its versions.

    The first of `papers` is explained question by question; for each of the others there is its
    key and the number that each question has in the first.
    """
    paper = papers[0]
    title = f"{paper.title}参考答案及解析"
    word = Word(title, PAGE, running=title, counted=True)
    word.write(title, _TITLE)
    word.write(valid_line(paper), _META)
    for version in papers:
        name = f"{version.label}卷答案" if version.label else "答案"
        word.write(f"{name}一览", _PART)
        _write_grid(word, version, None if version is paper else paper)
    name = f"（{paper.label}卷题号）" if paper.label else ""
    word.write(f"答案、解析和依据{name}", _PART)
    for n, section in enumerate(paper.sections, 1):
        word.write(section_heading(n, section), _HEADING)
        word.table(_WIDTHS, _rows(section))
    return word.data()


def _write_grid(word: Word, paper: Paper, first: Paper | None) -> None:
    """Numbers and keys, ten in a row; with `first` also the numbers that they have there."""
    places = {q.id: n for n, q in enumerate(first.questions, 1)} if first else {}
    for n, section in enumerate(paper.sections, 1):
        if section.kind in _IN_WORDS and not first:
            continue
        word.write(section_heading(n, section), _HEADING)
        numbered = iter(section.numbered())
        rows: list[Row] = []
        while line := tuple(islice(numbered, _A_LINE)):
            texts = [
                ("题号", [str(at) for at, _ in line]),
                ("答案", [short_key(q) or "见解析" for _, q in line]),
            ]
            if first:
                texts.append((f"{first.label}卷题号", [str(places[q.id]) for _, q in line]))
            rows += [_grid_row(head, cells) for head, cells in texts]
        width = (PAGE.inner - 18) / _A_LINE
        word.table((18.0, *[width] * _A_LINE), rows)


def _grid_row(head: str, cells: list[str]) -> Row:
    padded = [*cells, *[""] * (_A_LINE - len(cells))]
    fill = _SHADE if head == "题号" else ""
    return Row(
        (
            Cell((head,), HEAD_CELL, fill=_SHADE),
            *(Cell((c,), _MIDDLE, fill=fill if c else "") for c in padded),
        ),
        keep=head == "题号",
    )


def _rows(section: Section) -> Iterator[Row]:
    yield Row(tuple(Cell((n,), HEAD_CELL, fill=_SHADE) for n in COLUMNS), header=True)
    for at, question in section.numbered():
        longest = max(len(question.explanation), sum(map(len, question.answer)))
        yield Row(
            (
                Cell((str(at),), _MIDDLE),
                Cell(key_lines(question), CELL),
                Cell((question.explanation,), CELL),
                Cell(basis_lines(question), CELL),
            ),
            splits=longest > _LONG,
        )
