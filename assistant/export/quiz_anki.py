"""A paper as a deck of cards for Anki."""

from __future__ import annotations

import hashlib
import html
import io

import genanki

from assistant.export.quiz_wording import (
    basis_lines,
    difficulty_word,
    key_lines,
    stem_with_gap,
)
from assistant.export.wording import plain
from assistant.quiz.model import BLANK, Kind, Question
from assistant.quiz.paper import CHOICES, Paper

MODEL_ID = 1_763_820_417
"""Never changed: notes of one model are updated when a deck is imported again."""
FIELDS = ("编号", "题型", "题干", "选项", "答案", "解析", "依据")
_FRONT = '<div class="kind">{{题型}}</div><div class="stem">{{题干}}</div>{{选项}}'
_BACK = (
    '{{FrontSide}}<hr id="answer"><div class="key">{{答案}}</div>'
    '<div class="why">{{解析}}</div><div class="basis">{{依据}}</div>'
)
_CSS = (
    ".card{font-family:'Noto Serif CJK SC','Songti SC',SimSun,serif;font-size:20px;line-height:1.6;"
    "text-align:left;max-width:40em;margin:0 auto}"
    ".kind{font-size:14px;color:#777}ol{list-style:upper-alpha;padding-left:1.8em}"
    ".key{font-weight:bold}.why{margin-top:.6em}.basis{margin-top:.6em;font-size:15px;color:#777}"
)


def quiz_anki(paper: Paper, at: float) -> bytes:
    """Return the paper as an .apkg file made at `at`, seconds since 1970.

    A card is known by the id of its question, a deck by its title: imported again they are
    updated, with what was learnt of them.
    """
    model = genanki.Model(
        MODEL_ID,
        "知责·试题",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "答题", "qfmt": _FRONT, "afmt": _BACK}],
        css=_CSS,
    )
    name = f"知责::{plain(paper.title).replace('::', '：')}"
    deck = genanki.Deck(_stable(name), name)
    for question in paper.questions:
        deck.add_note(
            genanki.Note(
                model=model,
                fields=list(_fields(question)),
                guid=genanki.guid_for("zhize", question.id),
                tags=_tags(question),
            )
        )
    buffer = io.BytesIO()
    genanki.Package(deck).write_to_file(buffer, timestamp=at)
    return buffer.getvalue()


def _fields(question: Question) -> tuple[str, ...]:
    gap = "______" if question.kind is Kind.BLANK else BLANK
    options = ""
    if question.kind in CHOICES:
        options = "<ol>" + "".join(f"<li>{_safe(o)}</li>" for o in question.options) + "</ol>"
    return (
        question.id,
        question.kind.label,
        _safe(stem_with_gap(question).replace(BLANK, gap)),
        options,
        "<br>".join(map(_safe, key_lines(question))),
        _safe(question.explanation),
        "<br>".join(map(_safe, basis_lines(question))),
    )


def _tags(question: Question) -> list[str]:
    words = (
        question.kind.label,
        question.knowledge.value,
        difficulty_word(question),
        *question.topics,
    )
    return ["知责::" + "".join(w.split()) for w in dict.fromkeys(words)]


def _safe(text: str) -> str:
    return html.escape(plain(text)).replace("\n", "<br>")


def _stable(name: str) -> int:
    """A positive number of 31 bits that depends on the name only."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 1 | 1
