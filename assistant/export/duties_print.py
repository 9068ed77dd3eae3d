"""一岗一单: the weightiest duties of a list on one A4 page (and, from `cards`, 一人一卡).

Neither is complete, and both say so: how many more there are and where the whole list is. Nothing
is rephrased; words are cut where clauses end, and a cut is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.duties.model import DUTIES, Duty, DutyList
from assistant.duties.own import OwnAdditions
from assistant.export.cards import write_cards
from assistant.export.choice import RULE, by_weight, sentence_of, shortened
from assistant.export.fit import PADDING, SIDE, height_of, heights
from assistant.export.target import check_target, save
from assistant.export.word import (
    FANGSONG,
    HEAD_CELL,
    HEI,
    KAI,
    XIAOBIAOSONG,
    Cell,
    Look,
    Page,
    Paper,
    Row,
)
from assistant.export.wording import (
    OWN_TITLE,
    document_name,
    fit_of,
    modality,
    scope_line,
)

__all__ = ["one_page", "write_cards", "write_one_page"]

ONE_PAGE_MOST = 30
"""How many duties one page shows at most, even if they are short."""
_PAGE = Page(margins=(16, 16, 13, 16))
_WIDTHS = (11.0, 87.0, 38.0, 42.0)
_RESERVE = 8.0
"""Left free at the foot of the page, in millimetres."""
_HEADER = 7.5
_CUT_AT = 110
_OWN_SHARE = 0.25
_TITLE = Look(XIAOBIAOSONG, 20, 28, align="center", after=2, level=1)
_META = Look(KAI, 10.5, 15, align="center", after=4)
_ROW = Look(line=13.5)
_NUMBER = Look(size=9, line=13.5, align="center")
_FIT = Look(KAI, line=13.5)
_OWN = Look(HEI, 10.5, 15, before=5)
_NOTE = Look(FANGSONG, 9, 12, before=4)
_SIGN = Look(FANGSONG, 12, 18, before=8)
_NAMES = ("序号", "职责（引文，“……”处有省略）", "依据", "罚则")


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the one page: number and kind, words, where they stand, where the sanctions do."""

    kind: str
    text: str
    basis: str
    sanctions: str = ""
    covers: int = 1
    """How many duties its sentence states."""
    fit: str = ""
    """How it comes to the bearer, where the rule does not simply name it."""

    @property
    def height(self) -> float:
        """How high the row is at most, in millimetres."""
        words = f"{self.text}\n{self.fit}" if self.fit else self.text
        cells = zip(("1\n当", words, self.basis, self.sanctions), _WIDTHS, strict=True)
        looks = _ROW.size, _ROW.line
        return max(height_of((t,), w - SIDE, *looks) for t, w in cells) + PADDING


def write_one_page(
    duties: DutyList, path: Path, own: OwnAdditions | None, most: int = ONE_PAGE_MOST
) -> None:
    """Write the one page to `path` (.docx), whole or not at all; BadInputError says what hinders.

    At most `most` duties; fewer where the page is full.
    """
    check_target(path, (".docx",))
    save(path, one_page(duties, own, most))


def one_page(made: DutyList, own: OwnAdditions | None, most: int = ONE_PAGE_MOST) -> bytes:
    """Return one A4 page with the weightiest duties, as a Word document."""
    title = f"{made.bearer.name}安全生产一岗一单"
    scope = scope_line(made).partition("　")[2]
    head = [(title, _TITLE), (scope, _META)]
    candidates = [*_duty_lines(made), *_outline_lines(made)]
    room = (
        _PAGE.height - _PAGE.margins[0] - _PAGE.margins[2] - _RESERVE - heights(head, _PAGE.inner)
    )
    room -= heights([(_closing(made, [], 0, 999), _NOTE), ("签", _SIGN)], _PAGE.inner)
    added = _own_texts(own, room * _OWN_SHARE)
    room -= heights([(OWN_TITLE, _OWN), *((t, _ROW) for t in added)], _PAGE.inner) if added else 0
    shown = _fitting(candidates, room - _HEADER, most)
    paper = Paper(title, _PAGE)
    for text, look in head:
        paper.write(text, look)
    paper.table(_WIDTHS, _table_rows(shown))
    if added:
        paper.write(OWN_TITLE, _OWN)
        for text in added:
            paper.write(text, _ROW)
    paper.write(_closing(made, shown, len(own.duties) if own else 0, len(added)), _NOTE)
    paper.write("责任人（签字）：＿＿＿＿＿＿＿＿　　　　日期：＿＿＿＿年＿＿月＿＿日", _SIGN)
    return paper.data()


def _duty_lines(made: DutyList) -> list[_Line]:
    sentences: dict[tuple[object, str], list[Duty]] = {}
    for duty in _duties(made):
        sentences.setdefault(sentence_of(duty), []).append(duty)
    return [_duty_line(d, sentences[sentence_of(d)]) for d in by_weight(made)]


def _duties(made: DutyList) -> list[Duty]:
    return [d for d in made.lines if d.norm.modality in DUTIES]


def _duty_line(duty: Duty, sentence: Sequence[Duty]) -> _Line:
    """The row of a sentence; `sentence` are all duties that it states, each with its sanctions."""
    sanctions = [s for d in (duty, *sentence) for s in d.sanctions]
    places = list(dict.fromkeys(s.quote.provision.id.locator for s in sanctions))
    labels = "、".join(dict.fromkeys(s.basis for s in sanctions))
    more = f"等 {len(places)} 处" if len(places) > 2 else ""
    place = f"{document_name(duty.quote.document)}{duty.norm.provision.locator}"
    return _Line(
        modality(duty),
        shortened(duty.norm.text, _CUT_AT, duty.norm.action),
        place,
        f"{'、'.join(places[:2])}{more}（{labels}）" if places else "",
        len(sentence),
        "；".join(fit_of(duty)),
    )


def _outline_lines(made: DutyList) -> list[_Line]:
    return [
        _Line(
            "要点",
            shortened(q.provision.text, _CUT_AT),
            f"{document_name(q.document)}{q.provision.id.locator}",
        )
        for q in made.outlines
    ]


def _table_rows(lines: Sequence[_Line]) -> list[Row]:
    head = Row(tuple(Cell((n,), HEAD_CELL, fill="D9E2EC") for n in _NAMES), header=True)
    return [
        head,
        *(
            Row(
                (
                    Cell((str(n), x.kind), _NUMBER),
                    Cell((x.text, x.fit), looks=(_ROW, _FIT)) if x.fit else Cell((x.text,), _ROW),
                    Cell((x.basis,), _ROW),
                    Cell((x.sanctions,), _ROW),
                )
            )
            for n, x in enumerate(lines, 1)
        ),
    ]


def _fitting(lines: Sequence[_Line], room: float, most: int) -> list[_Line]:
    """The first lines that the room holds; one that is too high is passed over."""
    shown: list[_Line] = []
    for line in lines:
        if len(shown) < most and line.height <= room:
            shown.append(line)
            room -= line.height
    return shown


def _own_texts(own: OwnAdditions | None, room: float) -> list[str]:
    """The unit's additions that the room holds, whole ones only."""
    texts: list[str] = []
    for duty in own.duties if own else ():
        basis = f"〔{duty.basis}〕" if duty.basis else ""
        text = f"{len(texts) + 1}．{duty.text}{basis}".replace("\n", " ")
        room -= heights([(text, _ROW)], _PAGE.inner)
        if room < 0:
            break
        texts.append(text)
    return texts


def _closing(made: DutyList, shown: Sequence[_Line], units: int, added: int) -> str:
    """What is not on the page and where it is, and by which rule the page was filled."""
    total = len(_duties(made)) + len(made.outlines)
    listed = sum(line.covers for line in shown)
    powers = len(made.lines) - len(_duties(made))
    said = [
        f"必须做和不得做的共 {total} 项，这里选列 {len(shown)} 句、含 {listed} 项，"
        f"另有 {total - listed} 项没有列出"
        if listed < total
        else f"必须做和不得做的 {total} 项都已列出",
        f"可以做和有权做的 {powers} 项没有列出" if powers else "",
        f"本单位补充另有 {units - added} 项没有列出" if units > added else "",
    ]
    return (
        f"{'；'.join(filter(None, said))}。全部原文和罚则见完整的职责清单"
        f"（知责网页“职责清单”，或命令 zhize duties）。选列的次序：{RULE}；只列放得下的。"
    )
