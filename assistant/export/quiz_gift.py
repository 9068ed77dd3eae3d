"""A paper as a question bank for Moodle, in GIFT."""

from __future__ import annotations

import re

from assistant.export.quiz_wording import basis_lines, stem_with_gap
from assistant.export.wording import plain
from assistant.quiz.model import RIGHT, Kind, Question
from assistant.quiz.paper import Paper

_SPECIAL = re.compile(r"([\\~=#{}:])")
_FULL, _NONE = 100.0, -100.0
MARKS_BETWEEN = ("；", ";", "，", ",", "、", " ")
"""What may stand between the words of several gaps, which have one box in GIFT."""


def quiz_gift(paper: Paper) -> bytes:
    """Return the paper in GIFT, UTF-8, one category a section.

    A question is named by its id. Several gaps are answered in one box, in their order. What is
    right and why is the feedback that follows every answer.
    """
    title = _line(paper.title)
    out = [f"// {title}", ""]
    for section in paper.sections:
        out += [f"$CATEGORY: {title.replace('/', '//')}/{section.kind.label}", ""]
        for _, question in section.numbered():
            out += [gift_question(question), ""]
    return "\n".join(out).encode()


def gift_question(question: Question) -> str:
    """Return one question in GIFT, on one line."""
    stem = stem_with_gap(question)
    if question.kind is Kind.BLANK and len(question.answer) > 1:
        stem += f"（共 {len(question.answer)} 空，依次填写，用“；”隔开）"
    why = f"{question.explanation}（{'；'.join(basis_lines(question))}）"
    return (
        f"::{escaped(question.id)}::[plain]{escaped(stem)} "
        f"{{{_answers(question)}####{escaped(why)}}}"
    )


def _answers(question: Question) -> str:
    if question.kind is Kind.JUDGE:
        return "TRUE" if question.answer == (RIGHT,) else "FALSE"
    if question.kind is Kind.SHORT:
        return ""
    if question.kind is Kind.BLANK:
        return " ".join(f"={escaped(a)}" for a in accepted(question.answer))
    if question.kind is Kind.MULTI:
        share = f"%{_share(_FULL / len(question.answer))}%"
        wrong = f"%{_share(_NONE)}%"
        return " ".join(
            f"~{share if o in question.answer else wrong}{escaped(o)}" for o in question.options
        )
    return " ".join(f"{'=' if o in question.answer else '~'}{escaped(o)}" for o in question.options)


def accepted(answer: tuple[str, ...]) -> tuple[str, ...]:
    """Return the answers to take for right in one box: the words with each mark between them."""
    return tuple(dict.fromkeys(mark.join(answer) for mark in MARKS_BETWEEN))


def _share(percent: float) -> str:
    """A share as Moodle lists it: 50, 33.33333, -100."""
    return f"{percent:.5f}".rstrip("0").rstrip(".")


def escaped(text: str) -> str:
    """Return the text with a backslash before what means something in GIFT; line ends as \\n."""
    marked = _SPECIAL.sub(r"\\\1", plain(text).replace("\r", ""))
    return marked.replace("\n", "\\n")


def _line(text: str) -> str:
    return " ".join(plain(text).split())
