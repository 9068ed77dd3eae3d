"""A paper as a question bank for Moodle, in its XML."""

from __future__ import annotations

import html
from xml.etree import ElementTree

from assistant.export.quiz_wording import basis_lines, stem_with_gap
from assistant.export.wording import plain
from assistant.quiz.model import BLANK, RIGHT, Kind, Question
from assistant.quiz.paper import Paper

_TYPES = {
    Kind.SINGLE: "multichoice",
    Kind.MULTI: "multichoice",
    Kind.CASE: "multichoice",
    Kind.JUDGE: "truefalse",
    Kind.BLANK: "cloze",
    Kind.SHORT: "essay",
}
_CLOZE = str.maketrans({c: f"\\{c}" for c in '}#~/"\\'})
Element = ElementTree.Element


def quiz_moodle(paper: Paper) -> bytes:
    """Return the paper as Moodle XML, one category a section, points as default grades.

    Blanks are embedded answers, one box a gap. The id of a question is its idnumber.
    """
    root = Element("quiz")
    for section in paper.sections:
        head = ElementTree.SubElement(root, "question", type="category")
        name = f"{paper.title.replace('/', '//')}/{section.kind.label}"
        _text(head, "category", f"$course$/top/{name}")
        for _, question in section.numbered():
            root.append(_question(question, section.points))
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _question(question: Question, points: float) -> Element:
    made = Element("question", type=_TYPES[question.kind])
    _text(made, "name", f"{question.id} {question.stem[:40]}")
    _html(made, "questiontext", _stem(question))
    why = f"{question.explanation}（{'；'.join(basis_lines(question))}）"
    _html(made, "generalfeedback", html.escape(why))
    if question.kind is not Kind.BLANK:
        _leaf(made, "defaultgrade", f"{points:g}")
    _leaf(made, "penalty", "0")
    _leaf(made, "hidden", "0")
    _leaf(made, "idnumber", question.id)
    if question.kind is Kind.JUDGE:
        _truefalse(made, question)
    elif question.kind is Kind.SHORT:
        _essay(made, question)
    elif question.kind is not Kind.BLANK:
        _choice(made, question)
    _tags(made, question)
    return made


def _stem(question: Question) -> str:
    if question.kind is not Kind.BLANK:
        return html.escape(stem_with_gap(question))
    parts = question.stem.split(BLANK)
    out = [html.escape(parts[0])]
    for answer, rest in zip(question.answer, parts[1:], strict=False):
        words = html.escape(answer, quote=False).translate(_CLOZE)
        out += [f"{{1:SHORTANSWER:={words}}}", html.escape(rest)]
    return "".join(out)


def _choice(made: Element, question: Question) -> None:
    single = question.kind is not Kind.MULTI
    _leaf(made, "single", "true" if single else "false")
    _leaf(made, "shuffleanswers", "true")
    _leaf(made, "answernumbering", "ABCD")
    share = 100 / len(question.answer)
    wrong = "0" if single else "-100"
    for option in question.options:
        right = f"{share:.5f}".rstrip("0").rstrip(".")
        _answer(made, option, right if option in question.answer else wrong)


def _truefalse(made: Element, question: Question) -> None:
    right = question.answer == (RIGHT,)
    for word, counts in (("true", right), ("false", not right)):
        _answer(made, word, "100" if counts else "0", form="moodle_auto_format")


def _essay(made: Element, question: Question) -> None:
    _leaf(made, "responseformat", "editor")
    _leaf(made, "responserequired", "1")
    _leaf(made, "responsefieldlines", "10")
    _leaf(made, "attachments", "0")
    points = "".join(f"<li>{html.escape(a)}</li>" for a in question.answer)
    _html(made, "graderinfo", f"<ol>{points}</ol>")
    _html(made, "responsetemplate", "")


def _tags(made: Element, question: Question) -> None:
    tags = ElementTree.SubElement(made, "tags")
    for topic in dict.fromkeys((*question.topics, question.knowledge.value)):
        _text(tags, "tag", topic)


def _answer(made: Element, text: str, fraction: str, form: str = "html") -> None:
    answer = ElementTree.SubElement(made, "answer", fraction=fraction, format=form)
    _leaf(answer, "text", html.escape(plain(text)) if form == "html" else text)
    feedback = ElementTree.SubElement(answer, "feedback", format="html")
    _leaf(feedback, "text", "")


def _text(parent: Element, name: str, text: str) -> None:
    _leaf(ElementTree.SubElement(parent, name), "text", text)


def _html(parent: Element, name: str, text: str) -> None:
    _leaf(ElementTree.SubElement(parent, name, format="html"), "text", text.replace("\n", "<br>"))


def _leaf(parent: Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = plain(text)
