"""What the exports of papers say besides the questions, in one place for all of them."""

from __future__ import annotations

from assistant.export.wording import plain
from assistant.quiz.blueprint import band_of
from assistant.quiz.model import BLANK, RIGHT, Kind, Question
from assistant.quiz.paper import CHOICES, Paper, Section
from kb.model import TextKind
from kb.numerals import to_chinese

LETTERS = "ABCDEFGH"
LINE = "＿" * 6
PLATFORM_NAMES = {
    Kind.SINGLE: "单选题",
    Kind.MULTI: "多选题",
    Kind.JUDGE: "判断题",
    Kind.BLANK: "填空题",
    Kind.SHORT: "简答题",
    Kind.CASE: "单选题",
}
"""What examination platforms call a kind; a scenario is to them a single choice."""
_HOW = {
    Kind.SINGLE: "每题只有一个正确答案",
    Kind.MULTI: "每题有两个或两个以上正确答案，多选、少选、错选均不得分",
    Kind.JUDGE: "正确的打“√”，错误的打“×”",
    Kind.BLANK: "把答案写在横线上",
    Kind.SHORT: "写出要点",
    Kind.CASE: "每题只有一个正确答案",
}


def number(value: float) -> str:
    """Return 2 for 2.0 and 1.5 for 1.5."""
    return f"{value:g}"


def paper_title(paper: Paper) -> str:
    """Return the title, with （A卷） if the paper is a version."""
    return plain(f"{paper.title}（{paper.label}卷）" if paper.label else paper.title)


def section_heading(n: int, section: Section) -> str:
    """Return 一、单项选择题（每题 2 分，共 40 分）; `n` counts from 1."""
    return (
        f"{to_chinese(n)}、{section.kind.label}"
        f"（每题 {number(section.points)} 分，共 {number(section.total)} 分）"
    )


def section_rule(section: Section) -> str:
    """Return what is to be done in a section."""
    return _HOW[section.kind]


def stem_with_gap(question: Question) -> str:
    """Return the stem of a choice with a place for the key, added where it has none."""
    stem = question.stem
    if question.kind in CHOICES and BLANK not in stem:
        return f"{stem}{BLANK}"
    return stem


def lettered(question: Question) -> tuple[str, ...]:
    """Return A．…, B．… for the options as they stand."""
    return tuple(f"{x}．{o}" for x, o in zip(LETTERS, question.options, strict=False))


def short_key(question: Question) -> str:
    """Return the key in few characters: B, ABD, √, ×; "" for questions answered in words."""
    if question.kind is Kind.JUDGE:
        return "√" if question.answer == (RIGHT,) else "×"
    return question.letters


def key_lines(question: Question) -> tuple[str, ...]:
    """Return the key for an answer sheet, with the words of the right options or of the gaps."""
    if question.kind is Kind.JUDGE:
        return (f"{short_key(question)}（{question.answer[0]}）",)
    if question.kind in CHOICES:
        return tuple(
            x
            for x, o in zip(lettered(question), question.options, strict=True)
            if o in question.answer
        )
    if question.kind is Kind.BLANK and len(question.answer) == 1:
        return question.answer
    return tuple(f"（{n}）{a}" for n, a in enumerate(question.answer, 1))


def key_words(question: Question) -> str:
    """Return the key in words on one line."""
    return "；".join(question.answer)


def basis_lines(question: Question) -> tuple[str, ...]:
    """Return every basis of a question, one line a document: 《…》第九条第二款、第十条.

    A document that the library holds in its own words only is marked （要点）.
    """
    places: dict[tuple[str, str], dict[str, None]] = {}
    for basis in question.basis:
        own = places.setdefault((basis.doc, basis.text_kind), {})
        own[basis.provision.locator] = None
    return tuple(
        f"《{doc}》{'、'.join(locators)}{'（要点）' if kind == TextKind.DIGEST.value else ''}"
        for (doc, kind), locators in places.items()
    )


def difficulty_word(question: Question) -> str:
    """Return 易, 中 or 难."""
    return band_of(question.difficulty).value


def valid_line(paper: Paper) -> str:
    """Return by the law of which day the paper was made."""
    return f"命题依据：截至 {paper.day.isoformat()} 本库现行有效的规定"
