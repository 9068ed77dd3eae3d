"""应知应会 as cards of 90 × 54 mm to cut out, ten to a page: one thing to know on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.export.cards import CARD_SIZE
from assistant.export.choice import shortened
from assistant.export.fit import PADDING, SIDE, heights
from assistant.export.word import HEI, KAI, Cell, Look, Page, Paper, Row
from assistant.practice.must_know import MustKnow
from kb.model import TextKind

_HEAD = Look(HEI, 9, 13, align="center", after=4)
_LEAD = Look(KAI, 9.5, 13)
_BASIS = Look(KAI, 9, 12, before=4)
_SIZES = ((16, 22.0), (14, 19.0), (12, 16.5), (10.5, 14.5), (9.0, 12.0), (7.5, 10.0))
"""Size and line height of the words, the largest that fits."""
_PAGE = Page(margins=(12, 10, 8, 10))
_GAP = Look(size=1, line=1)
_WIDTH = CARD_SIZE[0] - SIDE
_ROOM = CARD_SIZE[1] - PADDING - 1
_CUT_AT = 230


def must_know_cards(post: str, items: Sequence[MustKnow], day: date) -> bytes:
    """Return the cards of a post as a Word document, as the rules stand on `day`.

    Words are cut only where even the smallest print does not hold them; a cut is marked ……
    """
    title = f"{post}安全生产应知应会"
    cells = [_card(n, post, item, day) for n, item in enumerate(items, 1)]
    if len(cells) % 2:
        cells.append(Cell(("",)))
    pairs = zip(cells[::2], cells[1::2], strict=True)
    paper = Paper(title, _PAGE)
    rows = [Row(pair, height=CARD_SIZE[1]) for pair in pairs]
    paper.table((CARD_SIZE[0],) * 2, rows, "dashed")
    paper.write("", _GAP)
    return paper.data()


def _card(n: int, post: str, item: MustKnow, day: date) -> Cell:
    digest = "（要点，非原文）" if item.document.text_kind is TextKind.DIGEST else ""
    head = f"{post}应知应会 {n} · {item.part.value}"
    basis = f"依据：{item.citation}{digest}，截至 {day.isoformat()} 有效"
    lead = [(shortened(item.lead, 90), _LEAD)] if item.lead else []
    for size, line in _SIZES:
        words = [(head, _HEAD), *lead, (item.text, Look(size=size, line=line)), (basis, _BASIS)]
        if heights(words, _WIDTH) <= _ROOM:
            break
    else:
        words[-2] = (shortened(item.text, _CUT_AT), words[-2][1])
    return Cell(tuple(t for t, _ in words), looks=tuple(look for _, look in words))
