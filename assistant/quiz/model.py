"""What a question is. Makers produce it, papers arrange it, exports and pages only render it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import Enum

from kb.catalog import Catalog
from kb.errors import KbError
from kb.model import Provision, ProvisionId

RIGHT, WRONG = "正确", "错误"
"""The two options of a true/false question, in this order."""
BLANK = "（　　）"
"""How a gap is printed in a stem; the full-width spaces keep it one width in every export."""


class Kind(str, Enum):
    """The form of a question, in the order in which a paper prints its sections."""

    SINGLE = "single"
    MULTI = "multi"
    JUDGE = "judge"
    BLANK = "blank"
    SHORT = "short"
    CASE = "case"
    """A scenario, then a choice with one right option."""

    @property
    def label(self) -> str:
        """The section heading of a Chinese paper."""
        return _LABELS[self]


_LABELS = {
    Kind.SINGLE: "单项选择题",
    Kind.MULTI: "多项选择题",
    Kind.JUDGE: "判断题",
    Kind.BLANK: "填空题",
    Kind.SHORT: "简答题",
    Kind.CASE: "情景题",
}


class Knowledge(str, Enum):
    """What a question tests."""

    FIGURE = "数字期限"
    BEARER = "责任主体"
    DUTY = "职责内容"
    FORBIDDEN = "禁止事项"
    LIST = "列举事项"
    SEQUENCE = "先后顺序"
    DEFINITION = "定义"
    SANCTION = "法律责任"
    MEASURE = "政策要点"


@dataclass(frozen=True, slots=True)
class Basis:
    """The provision that decides a question, as it read when the question was made.

    `quote` is the verbatim span that carries the answer, `tested` the words in it that are asked
    for; `text_hash` is `hash_of` the whole provision.
    """

    provision: ProvisionId
    doc: str
    text_kind: str
    quote: str
    tested: tuple[str, ...]
    text_hash: str

    @property
    def citation(self) -> str:
        """《title》第九条第二款."""
        return f"《{self.doc}》{self.provision.locator}"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its key.

    `answer` holds option texts in the order of the options (SINGLE, MULTI, CASE), 正确 or 错误
    (JUDGE), the words of the gaps in order (BLANK) or the points that must be named (SHORT); never
    letters. `options` is empty for BLANK and SHORT. `posts` are ids of `kb.duty_bearers`, `topics`
    names of `kb.fields`. `difficulty` runs from 0 (easy) to 1. `id` depends on what is asked, not on the order made.
    """

    id: str
    kind: Kind
    knowledge: Knowledge
    stem: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    explanation: str
    basis: tuple[Basis, ...]
    topics: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    difficulty: float = 0.5
    origin: str = "generated"
    """generated, edited or the name of an imported bank."""

    def __post_init__(self) -> None:
        if len(self.answer) > 1 and self.options:
            places = {option: n for n, option in enumerate(self.options)}
            order = sorted(self.answer, key=lambda a: places.get(a, len(places)))
            object.__setattr__(self, "answer", tuple(order))

    @property
    def letters(self) -> str:
        """The key as letters of the options as they stand: "B", "ABD"; "" without options."""
        places = (self.options.index(a) for a in self.answer if a in self.options)
        return "".join(chr(ord("A") + n) for n in sorted(places))

    def shuffled(self, order: tuple[int, ...]) -> Question:
        """Return the question with its options in that order; the key stays right."""
        return replace(self, options=tuple(self.options[n] for n in order))


def hash_of(provision: Provision) -> str:
    """Return what tells whether the text of a provision has changed; 16 hexadecimal digits."""
    return hashlib.sha256(provision.text.encode()).hexdigest()[:16]


def question_id(kind: Kind, provision: ProvisionId, tested: str) -> str:
    """Return the id of the question that asks for `tested` in that provision."""
    key = f"{kind.value}|{provision}|{tested}"
    return "q" + hashlib.sha256(key.encode()).hexdigest()[:12]


def stale(question: Question, catalog: Catalog) -> tuple[Basis, ...]:
    """Return the bases whose text is gone or reads differently now; empty if none."""
    return tuple(b for b in question.basis if _changed(b, catalog))


def _changed(basis: Basis, catalog: Catalog) -> bool:
    try:
        return hash_of(catalog.provision(basis.provision)) != basis.text_hash
    except KbError:
        return True
