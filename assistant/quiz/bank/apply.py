"""Rows and a mapping → questions, and a reason for every row that is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.quiz.bank.detect import sheet_kind
from assistant.quiz.bank.marks import (
    LETTERS,
    bare_option,
    has_gap,
    key_text,
    kind_of,
    letters_of,
    names_key,
    option_lead,
    split_options,
    take_key,
    verdict_of,
    without_number,
)
from assistant.quiz.bank.model import (
    BankQuestion,
    Imported,
    Mapping,
    Problem,
    Role,
    Row,
    SheetMapping,
)
from assistant.quiz.bank.repeats import sort_out
from assistant.quiz.model import RIGHT, WRONG, Kind


class _MalformedError(Exception):
    """Carries the reason why a row is no question."""


@dataclass(frozen=True, slots=True)
class _Parts:
    kind: Kind | None
    stem: str
    options: tuple[str, ...]
    key: str
    explanation: str


def apply(rows: Sequence[Row], mapping: Mapping) -> Imported:
    """Return the questions of the rows as the mapping reads them; no row is silently dropped."""
    questions: list[BankQuestion] = []
    problems: list[Problem] = []
    for sheet, group in groupby(rows, lambda r: r.sheet):
        held = tuple(group)
        found = mapping.of(sheet)
        if found is None or not found.usable:
            reason = f"工作表“{sheet}”里没有找到题干列和答案列，没有读取"
            problems.append(Problem(sheet, held[0].number, reason, held[0].raw, held[-1].number))
            continue
        for made in _read_sheet(held, found):
            if isinstance(made, Problem):
                problems.append(made)
            else:
                questions.append(made)
    return sort_out(questions, problems)


def _read_sheet(rows: Sequence[Row], mapping: SheetMapping) -> Iterator[BankQuestion | Problem]:
    kind = mapping.kind
    for row in rows:
        if row.number < mapping.first:
            continue
        heading = _heading(row)
        if heading is not None:
            kind = heading
            continue
        try:
            yield _question(row, mapping, kind)
        except _MalformedError as e:
            yield Problem(row.sheet, row.number, str(e), row.raw)


def _heading(row: Row) -> Kind | None:
    """The kind that a row announces for those below it: its only text is 二、判断题."""
    texts = {c for c in row.cells if c}
    return sheet_kind(texts.pop()) if len(texts) == 1 else None


def _question(row: Row, mapping: SheetMapping, above: Kind | None) -> BankQuestion:
    parts = _parts(row, mapping)
    said = parts.kind or above
    stem, key = parts.stem, parts.key
    if not key:
        stem, key = take_key(stem)
    if not stem:
        raise _MalformedError("没有题干")
    if not key:
        raise _MalformedError("没有答案")
    kind, options, answer = _keyed(said, stem, parts.options, key)
    return BankQuestion(
        row.sheet, row.number, kind, stem, options, answer, row.raw, parts.explanation
    )


def _parts(row: Row, mapping: SheetMapping) -> _Parts:
    def cells(role: Role) -> list[str]:
        return [c for c, r in zip(row.cells, mapping.roles, strict=False) if r is role and c]

    key = "".join(cells(Role.ANSWER)[:1])
    loose = [c for c in row.cells if names_key(c)]
    if not key and loose:
        key = loose[-1]  # the key has slipped into another column
    single = [c for c in cells(Role.OPTION) if c not in loose]
    if Role.OPTIONS in mapping.roles:
        options, wrong = split_options(c[0]) if (c := cells(Role.OPTIONS)) else ((), "")
    else:
        options, wrong = _single_options(single)
    if wrong:
        raise _MalformedError(wrong)
    return _Parts(
        kind_of("".join(cells(Role.KIND)[:1])),
        without_number("".join(cells(Role.STEM)[:1])),
        options,
        key,
        "".join(cells(Role.EXPLANATION)[:1]),
    )


def _single_options(cells: Sequence[str]) -> tuple[tuple[str, ...], str]:
    leads = [option_lead(c) for c in cells]
    if not any(leads):
        return tuple(cells), ""
    if leads != list(LETTERS[: len(cells)]):
        return (), "选项字母不连续：" + "、".join(x or "（无）" for x in leads)
    return tuple(bare_option(c) for c in cells), ""


def _keyed(
    said: Kind | None, stem: str, options: tuple[str, ...], key: str
) -> tuple[Kind, tuple[str, ...], tuple[str, ...]]:
    """Return kind, options and answer texts; _MalformedError where they do not fit each other."""
    judged = tuple(verdict_of(o) for o in options)
    if (
        said is Kind.JUDGE
        or (options and set(judged) == {RIGHT, WRONG})
        or _is_judged(said, options, key)
    ):
        return Kind.JUDGE, (RIGHT, WRONG), (_judged(judged, key),)
    if not options:
        return _open(said, stem, key)
    answer = _chosen(options, key)
    if len(set(options)) != len(options):
        raise _MalformedError("有两个选项完全一样")
    kind = said if said in (Kind.SINGLE, Kind.MULTI, Kind.CASE) else None
    kind = kind or (Kind.SINGLE if len(answer) == 1 else Kind.MULTI)
    if kind is not Kind.MULTI and len(answer) > 1:
        raise _MalformedError(f"标为{kind.label}，答案却有 {len(answer)} 个")
    return kind, options, answer


def _is_judged(said: Kind | None, options: tuple[str, ...], key: str) -> bool:
    return said is None and not options and bool(verdict_of(key))


def _judged(options: tuple[str, ...], key: str) -> str:
    """Return 正确 or 错误 for the key of a true/false question."""
    letters = letters_of(key)
    if len(letters) == 1 and letters != "F":
        place = LETTERS.index(letters)
        if not options:
            raise _MalformedError(f"判断题的答案是字母 {letters}，但没有选项说明它是对还是错")
        if place >= len(options) or not options[place]:
            raise _MalformedError(f"判断题的答案 {letters} 对不上选项")
        return options[place]
    verdict = verdict_of(key)
    if not verdict:
        raise _MalformedError(f"判断题的答案“{key[:20]}”看不出是对还是错")
    return verdict


def _open(said: Kind | None, stem: str, key: str) -> tuple[Kind, tuple[str, ...], tuple[str, ...]]:
    if letters_of(key) and said is not Kind.BLANK:
        raise _MalformedError(f"答案是 {key_text(key)}，但没有选项")
    if said in (Kind.SINGLE, Kind.MULTI, Kind.CASE):
        raise _MalformedError(f"标为{said.label}，但没有选项")
    kind = said or (Kind.BLANK if has_gap(stem) else Kind.SHORT)
    text = key.strip()
    for mark in ("答案：", "答案:", "参考答案：", "参考答案:"):
        text = text.removeprefix(mark)
    separators = ("；", ";", "|", "\n") if kind is Kind.BLANK else ("\n",)
    for mark in separators[1:]:
        text = text.replace(mark, separators[0])
    return kind, (), tuple(p.strip() for p in text.split(separators[0]) if p.strip())


def _chosen(options: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return the texts of the keyed options, in the order in which they stand."""
    same = [o for o in options if o == key.strip()]
    if same:
        return (same[0],)
    letters = letters_of(key)
    if not letters:
        raise _MalformedError(f"答案“{key[:20]}”既不是选项字母，也不是一个选项")
    if len(set(letters)) != len(letters):
        raise _MalformedError(f"答案 {letters} 里有重复的字母")
    beyond = [x for x in letters if LETTERS.index(x) >= len(options)]
    if beyond:
        raise _MalformedError(f"答案 {letters} 里的 {'、'.join(beyond)} 没有对应的选项")
    return tuple(options[LETTERS.index(x)] for x in sorted(letters))
