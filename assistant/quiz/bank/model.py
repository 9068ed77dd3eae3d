"""What a question bank is once it is read: rows, what their columns mean, questions, problems."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from assistant.errors import BadInputError
from assistant.quiz.model import Kind


class Role(str, Enum):
    """What a column holds."""

    KIND = "题型"
    STEM = "题干"
    OPTIONS = "全部选项"
    """All options in one cell."""
    OPTION = "一个选项"
    ANSWER = "答案"
    EXPLANATION = "解析"
    IGNORED = "不用"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, or one question of a running text at the line where it begins.

    `number` counts from 1 as the file shows it; `cells` are stripped texts without empty tail.
    """

    sheet: str
    number: int
    cells: tuple[str, ...]

    @property
    def raw(self) -> str:
        """The row as one line, for reports."""
        return " | ".join(c.replace("\n", " ") for c in self.cells if c)


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """What the columns of one sheet mean. `first` is the number of the first row with a question.

    A sheet without a stem or answer column holds no questions. `kind` is what the name of the
    sheet says all its questions are, if it says so.
    """

    sheet: str
    roles: tuple[Role, ...]
    first: int = 1
    kind: Kind | None = None

    @property
    def usable(self) -> bool:
        """True if questions can be read with it."""
        return Role.STEM in self.roles and Role.ANSWER in self.roles


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of every sheet mean; a person may correct it and apply it again."""

    sheets: tuple[SheetMapping, ...]

    def of(self, sheet: str) -> SheetMapping | None:
        """Return what is known of that sheet."""
        return next((m for m in self.sheets if m.sheet == sheet), None)

    def with_role(self, sheet: str, column: int, role: Role) -> Mapping:
        """Return the mapping with one column (counted from 0) of one sheet corrected.

        BadInputError if there is no such sheet, or `column` is negative.
        """
        old = self.of(sheet)
        if old is None or column < 0:
            raise BadInputError(f"没有工作表“{sheet}”的第 {column + 1} 列；请重新选择")
        roles = [*old.roles, *[Role.IGNORED] * (column + 1 - len(old.roles))]
        roles[column] = role
        new = replace(old, roles=tuple(roles))
        return Mapping(tuple(new if m is old else m for m in self.sheets))


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """One question of a bank. `answer` holds option texts (正确/错误 for JUDGE), never letters."""

    sheet: str
    row: int
    kind: Kind
    stem: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    raw: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is no well-formed question, and why; `through` is the last row of a range."""

    sheet: str
    row: int
    reason: str
    raw: str
    through: int = 0


@dataclass(frozen=True, slots=True)
class Repeat:
    """Row `row` asks what `first_row` of `first_sheet` asked already."""

    sheet: str
    row: int
    first_sheet: str
    first_row: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bank holds. Every row with content is a question, a problem or a repeat.

    `repeats` are left out of `questions`; `conflicts` are both in, with keys that contradict
    each other.
    """

    questions: tuple[BankQuestion, ...]
    problems: tuple[Problem, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    conflicts: tuple[Repeat, ...] = ()
