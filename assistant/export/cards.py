"""一人一卡: the weightiest duties of a list on cards of 90 × 54 mm, ten to a page, to cut out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.duties.model import Duty, DutyList
from assistant.duties.own import OwnAdditions
from assistant.export.choice import by_weight, own_rights, shortened
from assistant.export.fit import PADDING, SIDE, heights, lines_of
from assistant.export.target import check_target, save
from assistant.export.word import FANGSONG, HEI, KAI, Cell, Look, Page, Paper, Row
from assistant.export.wording import short_name, validity

CARD_MOST = 8
"""How many lines of rules a card has at most."""
CARD_RIGHTS = 2
"""How many of them are kept for the bearer's own rights."""
CARD_SIZE = (90.0, 54.0)
_ROWS = 5
_TITLE = Look(HEI, 9, 12, align="center")
_NAME = Look(KAI, 7.5, 10.5)
_LINE = Look(size=7, line=8.4)
_NOTE = Look(FANGSONG, 6.5, 8)
_GAP = Look(size=1, line=1)
_CUT_AT = 54
_LINES = 2
"""How many lines of print a rule may take; one more where hardly any rule is so short."""
_FEW = 4
_PAGE = Page(margins=(12, 10, 8, 10))
_WIDTH = CARD_SIZE[0] - SIDE


def write_cards(duties: DutyList, path: Path, own: OwnAdditions | None) -> None:
    """Write a page of cards to `path` (.docx), whole or not at all; BadInputError if hindered."""
    check_target(path, (".docx",))
    save(path, cards(duties, own))


def cards(made: DutyList, own: OwnAdditions | None) -> bytes:
    """Return one A4 page with ten equal cards as a Word document.

    Each has up to CARD_MOST short lines with where they stand, and says how many more there are.
    """
    title = f"{short_name(made.bearer)}安全生产职责卡"
    total = len(made.lines) + len(made.outlines)
    head = [(title, _TITLE), ("姓名：　　　　　　　　　岗位：", _NAME)]
    note = (
        f"{validity(made)}；全部 {total} 项见职责清单。“……”处有省略；没写文件名的，文件同上一条。",
        _NOTE,
    )
    room = CARD_SIZE[1] - PADDING - 1 - heights([*head, note], _WIDTH)
    words = [*head, *((t, _LINE) for t in _lines(made, own, room)), note]
    card = Cell(tuple(t for t, _ in words), looks=tuple(look for _, look in words))
    paper = Paper(title, _PAGE)
    paper.table((CARD_SIZE[0],) * 2, [Row((card, card), height=CARD_SIZE[1])] * _ROWS, "dashed")
    paper.write("", _GAP)
    return paper.data()


def _lines(made: DutyList, own: OwnAdditions | None, room: float) -> list[str]:
    """The lines of a card: duties, own rights, and last what the unit added, as far as they fit.

    Room for the latter two is set aside first: the duties would fill every card. What the rules
    lay on some of the kind only is left out: a card has no room to say on whom.
    """
    added = [x for d in own.duties if _short(x := f"本单位补充：{d.text}")][:1] if own else []
    candidates = [*(_rule(d) for d in by_weight(made) if not d.only), *_outlines(made)]
    rules = [r for r in candidates if _short(r.full)]
    if len(rules) < _FEW:
        rules = [r for r in candidates if _short(r.full, _LINES + 1)]
    sentences = {r.text for r in rules[:CARD_MOST]}
    rights = [r for r in map(_rule, own_rights(made)) if r.text not in sentences]
    rights = [r for r in rights if _short(r.full)][:CARD_RIGHTS]
    room -= heights([(t, _LINE) for t in added], _WIDTH)
    shown: list[_Rule] = []
    for rule in rules:
        tried = [*shown, rule]
        if len(tried) + len(rights) <= CARD_MOST and _total([*tried, *rights]) <= room:
            shown = tried
    return [*_numbered([*shown, *rights]), *added]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of a card: words, the document they are from, and where in it."""

    text: str
    document: str
    locator: str
    inherited: bool = False

    @property
    def fit(self) -> str:
        """The words that mark what the rules lay on a larger kind."""
        return "，同样适用" if self.inherited else ""

    @property
    def full(self) -> str:
        """The line with the name of the document."""
        return f"8．{self.text}〔{self.document}{self.locator}{self.fit}〕"


def _numbered(rules: Sequence[_Rule]) -> Iterator[str]:
    """Number the lines; a document is named where it is another one than in the line before."""
    above = ""
    for n, rule in enumerate(rules, 1):
        document = rule.document if rule.document != above else ""
        above = rule.document
        yield f"{n}．{rule.text}〔{document}{rule.locator}{rule.fit}〕"


def _total(rules: Sequence[_Rule]) -> float:
    return heights([(t, _LINE) for t in _numbered(rules)], _WIDTH)


def _rule(duty: Duty) -> _Rule:
    norm = duty.norm
    text = shortened(norm.text, _CUT_AT, norm.action)
    inherited = duty.inherited_from is not None
    return _Rule(text, duty.quote.document.short, norm.provision.locator, inherited)


def _outlines(made: DutyList) -> Iterator[_Rule]:
    for quote in made.outlines:
        text = shortened(quote.provision.text, _CUT_AT)
        yield _Rule(text, quote.document.short, quote.provision.id.locator)


def _short(text: str, most: int = _LINES) -> bool:
    return "\n" not in text and lines_of(text, _WIDTH, _LINE.size) <= most
