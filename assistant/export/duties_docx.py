"""A complete duty list as a Word document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from assistant.duties.model import DocumentGroup, Duty, DutyList, FieldGroup
from assistant.duties.own import OwnAdditions
from assistant.export.target import check_target, save
from assistant.export.word import (
    BODY,
    HEAD_CELL,
    HEADING,
    LANDSCAPE,
    META,
    REMARK,
    SUBHEADING,
    TITLE,
    Cell,
    Look,
    Paper,
    Piece,
    Row,
)
from assistant.export.wording import (
    OWN_CAPTION,
    OWN_TITLE,
    conditions,
    count_line,
    document_name,
    full_name,
    list_title,
    modality,
    noted_place,
    remarks,
    sanction_label,
    sanction_text,
    scope_line,
    validity,
)
from assistant.render import source_line
from kb.numerals import to_chinese

COLUMNS = ("序号", "职责（引文）", "触发条件、时限", "依据", "不履行的后果（引文）")
_WIDTHS = (14.0, 82.0, 38.0, 42.0, 85.0)
_WIDTHS_WITHOUT = (14.0, 113.0, 46.0, 46.0, 42.0)
"""Of a table in which no line has a sanction."""
_SHADE, _HEAD_SHADE = "EFEFEF", "D9E2EC"
_NUMBER = Look(line=14.5, align="center")
_LONG = 150
"""A row with more characters than this in one cell may run over a page end."""
_REASON = Look("楷体", 10.5, 14.5)


def write_duties_docx(duties: DutyList, path: Path, own: OwnAdditions | None) -> None:
    """Write the list to `path` (.docx), whole or not at all; BadInputError says what hinders."""
    check_target(path, (".docx",))
    save(path, duties_docx(duties, own))


def duties_docx(made: DutyList, own: OwnAdditions | None) -> bytes:
    """Return the list as a Word document: own duties, inherited ones, powers, what the unit added.

    Every text of a rule is verbatim and uncut.
    """
    paper = Paper(list_title(made), LANDSCAPE, running=f"{list_title(made)}　{validity(made)}")
    paper.write(list_title(made), TITLE)
    paper.write(scope_line(made), META)
    paper.write(count_line(made), META)
    parts = _Parts(paper)
    for title, groups in _sections(made):
        parts.section(title, groups)
    if made.outlines:
        parts.heading("本库能核实的要点（政策条目，不是文件原文）")
        for quote in made.outlines:
            paper.write(f"{quote.provision.text}〔{source_line(quote)}〕")
    if own:
        _write_own(parts, made, own)
    parts.heading("说明")
    for n, remark in enumerate(remarks(made), 1):
        paper.write(f"{n}．{remark}", REMARK)
    return paper.data()


def _sections(made: DutyList) -> Iterator[tuple[str, tuple[FieldGroup, ...]]]:
    """Own duties, inherited duties, own powers, inherited powers: those that are there."""
    for groups, own, inherited in (
        (made.duties, "必须做和不得做的（规定直接写给本主体）", "同样适用的职责（规定写给范围更大的主体）"),
        (made.powers, "可以做和有权做的（规定直接写给本主体）", "同样适用的权利和权力（规定写给范围更大的主体）"),
    ):  # fmt: skip
        for title, kind in ((own, False), (inherited, True)):
            chosen = tuple(_only(groups, inherited=kind))
            if chosen:
                yield title, chosen


def _only(groups: tuple[FieldGroup, ...], *, inherited: bool) -> Iterator[FieldGroup]:
    for group in groups:
        documents = tuple(d for d in group.documents if d.inherited is inherited)
        if documents:
            yield FieldGroup(group.field, documents)


class _Parts:
    """Writes numbered sections with one table a field."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._sections = self._lines = 0

    def heading(self, title: str) -> None:
        self._sections += 1
        self.paper.write(f"{to_chinese(self._sections)}、{title}", HEADING)

    def section(self, title: str, groups: tuple[FieldGroup, ...]) -> None:
        self.heading(f"{title}　{sum(g.size for g in groups)} 项")
        for n, group in enumerate(groups, 1):
            self.paper.write(f"（{to_chinese(n)}）{group.field}　{group.size} 项", SUBHEADING)
            sanctioned = any(d.sanctions for g in group.documents for d in g.duties)
            self.paper.table(_WIDTHS if sanctioned else _WIDTHS_WITHOUT, self._rows(group))

    def _rows(self, group: FieldGroup) -> Iterator[Row]:
        yield _header(COLUMNS)
        shown: dict[int, int] = {}
        for document in group.documents:
            yield _document_row(document)
            why = ""
            for _, same in groupby(document.duties, key=_sentence):
                duties = tuple(same)
                if duties[0].inherited_from and duties[0].why != why:
                    why = duties[0].why
                    yield _reason_row(duties[0])
                yield self._duty_row(duties, shown)

    def _duty_row(self, duties: tuple[Duty, ...], shown: dict[int, int]) -> Row:
        """One row for what one sentence requires, which may be several things, each counted."""
        first = self._lines + 1
        self._lines += len(duties)
        number = str(first) if len(duties) == 1 else f"{first}–{self._lines}"
        duty = duties[0]
        basis = f"{document_name(duty.quote.document)}{duty.norm.provision.locator}"
        sanctions = tuple(_sanctions(duty, first, shown))
        longest = max(len(duty.norm.text), sum(len(p.text) for s in sanctions for p in s))
        return Row(
            (
                Cell((number, modality(duty)), _NUMBER),
                Cell((duty.norm.text,)),
                Cell(tuple(dict.fromkeys(c for d in duties for c in conditions(d)))),
                Cell((basis,)),
                Cell(sanctions),
            ),
            splits=longest > _LONG,
        )


def _sentence(duty: Duty) -> tuple[object, ...]:
    """What duties of one row have in common: sentence, how they are borne, what they lead to."""
    norm = duty.norm
    sanctions = tuple((s.quote.n, s.basis) for s in duty.sanctions)
    return norm.provision, norm.text, norm.modality, duty.only, duty.why, sanctions


def _sanctions(duty: Duty, number: int, shown: dict[int, int]) -> Iterator[tuple[Piece, Piece]]:
    """Quote each sanction where a table first has it; after that point back to that line."""
    back: dict[tuple[int, str], list[str]] = {}
    for sanction in duty.sanctions:
        first = shown.setdefault(sanction.quote.n, number)
        if first == number:
            label = sanction_label(sanction)
            yield Piece(label, bold=True), Piece(sanction_text(sanction).removeprefix(label))
        else:
            back.setdefault((first, sanction.basis), []).append(sanction.quote.provision.id.locator)
    for (first, basis), places in back.items():
        yield Piece(f"{'、'.join(places)}（{basis}）", bold=True), Piece(f"：引文见第 {first} 项")


def _header(names: tuple[str, ...]) -> Row:
    return Row(tuple(Cell((n,), HEAD_CELL, fill=_HEAD_SHADE) for n in names), header=True)


def _document_row(group: DocumentGroup) -> Row:
    text = (Piece(full_name(group.document), bold=True), Piece(f"　{len(group.duties)} 项"))
    return Row((Cell((text,), span=len(COLUMNS), fill=_SHADE),), keep=True)


def _reason_row(duty: Duty) -> Row:
    name = duty.inherited_from.name if duty.inherited_from else ""
    text = f"以下写给“{name}”，同样适用：{duty.why}"
    return Row((Cell((text,), _REASON, span=len(COLUMNS)),), keep=True)


def _write_own(parts: _Parts, made: DutyList, own: OwnAdditions) -> None:
    parts.heading(OWN_TITLE)
    parts.paper.write(OWN_CAPTION)
    if own.duties:
        rows = [
            Row((Cell((str(n),), _NUMBER), Cell((d.text,)), Cell((d.basis,)), Cell((d.at[:10],), _NUMBER)))
            for n, d in enumerate(own.duties, 1)
        ]  # fmt: skip
        head = _header(("序号", "本单位补充的职责", "本单位写明的依据", "填写日期"))
        parts.paper.table((14.0, 147.0, 70.0, 30.0), [head, *rows])
    if own.notes:
        parts.paper.write("对条款的批注：", BODY)
        rows = [
            Row((Cell((noted_place(made, n),)), Cell((n.text,)), Cell((n.at[:10],), _NUMBER)))
            for n in own.notes
        ]
        head = _header(("条款", "本单位的批注", "填写日期"))
        parts.paper.table((70.0, 161.0, 30.0), [head, *rows])
