"""A paper: its questions in sections, its versions, and single questions locked or edited.

Everything here is pure: a change returns another paper. What draws questions is in `draw`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.errors import BadInputError
from assistant.quiz.blueprint import MOST_VERSIONS, Blueprint, checked_points
from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind, Knowledge, Question
from kb.numerals import NUMERAL, to_int

EDITED = "edited"
CHOICES = (Kind.SINGLE, Kind.MULTI, Kind.CASE)
"""The kinds whose options are printed and may be shuffled."""
_ONE_KEY = (Kind.SINGLE, Kind.CASE, Kind.JUDGE)
LETTERS = "ABCDEFGH"
_FIGURE = re.compile(rf"[{NUMERAL}]+")
_LARGE = {"万": 10_000, "亿": 100_000_000}
_LONGEST = {"题干": 1000, "选项": 300, "答案": 1000, "解析": 3000}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a paper. A locked question stays when the others are drawn anew."""

    question: Question
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one kind; `first` is the number of the first one in the paper."""

    kind: Kind
    points: float
    first: int
    slots: tuple[Slot, ...]

    @property
    def total(self) -> float:
        """The points of the section."""
        return self.points * len(self.slots)

    def numbered(self) -> Iterator[tuple[int, Question]]:
        """Yield number in the paper and question."""
        for n, slot in enumerate(self.slots, self.first):
            yield n, slot.question


@dataclass(frozen=True, slots=True)
class Paper:
    """Questions in the order of print. `day` is the day whose law they ask about.

    `slots` are grouped by kind, in the order of `Kind`. `seen` are ids that were replaced and do
    not come back; `notices` say where the plan could not be kept; `label` is A, B, … of a
    version, "" for the paper itself.
    """

    blueprint: Blueprint
    slots: tuple[Slot, ...]
    day: date
    seen: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    label: str = ""

    @property
    def title(self) -> str:
        """The title of the plan."""
        return self.blueprint.title

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order of print."""
        return tuple(s.question for s in self.slots)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The kinds that have questions, in the order of print."""
        out: list[Section] = []
        first = 1
        for kind in Kind:
            slots = tuple(s for s in self.slots if s.question.kind is kind)
            if slots:
                out.append(Section(kind, self.blueprint.points(kind), first, slots))
                first += len(slots)
        return tuple(out)

    @property
    def total(self) -> float:
        """The points of the whole paper."""
        return sum(s.total for s in self.sections)

    def slot(self, number: int) -> Slot:
        """Return what stands at a number from 1; BadInputError if there is no such number."""
        if not 1 <= number <= len(self.slots):
            raise BadInputError(f"没有第 {number} 题；这份试卷有 {len(self.slots)} 题")
        return self.slots[number - 1]

    def with_slot(self, number: int, slot: Slot) -> Paper:
        """Return the paper with another slot at that number, of the same kind."""
        self.slot(number)
        slots = (*self.slots[: number - 1], slot, *self.slots[number:])
        return replace(self, slots=slots)


def lock(paper: Paper, number: int, *, locked: bool = True) -> Paper:
    """Return the paper with the question of that number locked or not."""
    return paper.with_slot(number, replace(paper.slot(number), locked=locked))


def set_points(paper: Paper, kind: Kind, points: float) -> Paper:
    """Return the paper with other points for a kind; BadInputError if they cannot be given."""
    checked = checked_points(kind, points)
    parts = tuple(
        replace(p, points=checked) if p.kind is kind else p for p in paper.blueprint.parts
    )
    return replace(paper, blueprint=replace(paper.blueprint, parts=parts))


def edit_question(
    paper: Paper,
    number: int,
    *,
    stem: str | None = None,
    options: Sequence[str] | None = None,
    answer: Sequence[str] | None = None,
    explanation: str | None = None,
) -> Paper:
    """Return the paper with other words at a question, which is then locked and marked edited.

    None leaves what is there; its basis stays. BadInputError says what would make the question
    unusable; it names the question by its number.
    """
    slot = paper.slot(number)
    old = slot.question
    made = replace(
        old,
        stem=old.stem if stem is None else stem.strip(),
        options=old.options if options is None else tuple(o.strip() for o in options),
        answer=old.answer if answer is None else tuple(a.strip() for a in answer),
        explanation=old.explanation if explanation is None else explanation.strip(),
        origin=EDITED,
    )
    if problem := wrong_with(made):
        raise BadInputError(f"第 {number} 题没有改：{problem}")
    if made.stem in {s.question.stem for n, s in enumerate(paper.slots, 1) if n != number}:
        raise BadInputError(f"第 {number} 题没有改：卷子里已有题干相同的题")
    return paper.with_slot(number, Slot(made, locked=True))


def wrong_with(question: Question) -> str:
    """Return in Chinese what makes a question unusable, "" if nothing does."""
    texts = (
        ("题干", (question.stem,)), ("选项", question.options), ("答案", question.answer),
        ("解析", (question.explanation,)),
    )  # fmt: skip
    for name, values in texts:
        if any(not v for v in values) and name != "解析":
            return f"{name}不能是空的"
        if any(len(v) > _LONGEST[name] for v in values):
            return f"{name}太长，最多 {_LONGEST[name]} 个字"
    if not question.answer:
        return "没有答案"
    if question.kind in (Kind.BLANK, Kind.SHORT):
        return _wrong_words(question)
    return _wrong_choice(question)


def _wrong_words(question: Question) -> str:
    if question.options:
        return f"{question.kind.label}没有选项"
    gaps = question.stem.count(BLANK)
    if question.kind is Kind.BLANK and gaps != len(question.answer):
        return f"题干里有 {gaps} 个空“{BLANK}”，答案有 {len(question.answer)} 个，应当一样多"
    return ""


def _wrong_choice(question: Question) -> str:
    options, answer = question.options, question.answer
    if question.kind is Kind.JUDGE and options != (RIGHT, WRONG):
        return f"判断题的选项只能是“{RIGHT}”和“{WRONG}”"
    if not 2 <= len(options) <= len(LETTERS):
        return f"选项应有 2 到 {len(LETTERS)} 个，现在是 {len(options)} 个"
    if len(set(options)) < len(options):
        return "有两个选项相同"
    if missing := [a for a in answer if a not in options]:
        return f"答案“{missing[0][:30]}”不在选项里；答案要写选项的文字"
    if len(set(answer)) < len(answer):
        return "答案里有重复"
    if question.kind in _ONE_KEY and len(answer) != 1:
        return f"{question.kind.label}只能有一个答案，现在是 {len(answer)} 个"
    if question.kind is Kind.MULTI and len(answer) < 2:
        return "多项选择题至少要有两个答案"
    return ""


def versions(paper: Paper, count: int) -> tuple[Paper, ...]:
    """Return `count` versions A, B, …: A as it is, the others shuffled inside their sections.

    Options are shuffled too, and the key with them; figures stay in order, rising or falling.
    The same paper gives the same versions.
    """
    if not 1 <= count <= MOST_VERSIONS:
        raise BadInputError(f"一次可以出 1 到 {MOST_VERSIONS} 个版本，收到 {count}")
    if count == 1:
        return (paper,)
    return tuple(_version(paper, n) for n in range(count))


def _version(paper: Paper, n: int) -> Paper:
    label = LETTERS[n]
    if not n:
        return replace(paper, label=label)
    rng = random.Random(f"{paper.blueprint.seed}|{label}")  # noqa: S311
    slots: list[Slot] = []
    for section in paper.sections:
        order = moved(len(section.slots), rng)
        for at in order:
            slot = section.slots[at]
            slots.append(replace(slot, question=shuffled(slot.question, rng, turn=n % 2 == 1)))
    return replace(paper, slots=tuple(slots), label=label)


def moved(size: int, rng: random.Random) -> tuple[int, ...]:
    """Return an order of `size` things that is not the one they stand in, where there is one."""
    order = list(range(size))
    while size > 1 and order == sorted(order):
        rng.shuffle(order)
    return tuple(order)


def shuffled(question: Question, rng: random.Random, *, turn: bool = False) -> Question:
    """Return the question with its options in another order, except that figures stay in order.

    With `turn` figures are put the other way round. True/false keeps 正确 before 错误.
    """
    if question.kind not in CHOICES or len(question.options) < 2:
        return question
    size = len(question.options)
    if _in_order(question):
        return question.shuffled(tuple(reversed(range(size)))) if turn else question
    return question.shuffled(moved(size, rng))


def _in_order(question: Question) -> bool:
    """True if the options are one figure each, rising or falling."""
    values = [_value(o) for o in question.options]
    known = [v for v in values if v is not None]
    if len(known) < len(values):
        return question.knowledge is Knowledge.FIGURE
    return known in (sorted(known), sorted(known, reverse=True)) and len(known) > 2


def _value(option: str) -> int | None:
    """What a short option that holds figures begins with, in whole numbers; else None."""
    m = _FIGURE.search(option)
    if m is None or len(option) > 20:
        return None
    try:
        return to_int(m[0]) * _LARGE.get(option[m.end() : m.end() + 1], 1)
    except ValueError:
        return None
