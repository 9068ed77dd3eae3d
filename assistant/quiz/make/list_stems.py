"""How a question on a list is worded: the introducing sentence with 下列 made into 下列哪项."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.quiz.make.item_lists import ItemList, ListKind
from assistant.quiz.model import BLANK

_ASIDE = re.compile(r"（(?:以下|下同|下称|统称|简称)[^）]*）")
_FRAME = re.compile(
    r"^(?P<before>.*?)(?:下列|以下)(?P<each>一项或者多项|各项|任一|几种)?"
    r"(?P<noun>[^，。]*?)(?P<after>，.*)?$"
)
_ONE_OF = re.compile(r"^(?P<noun>.*?)(?:之一)?(?P<end>的|时|下)?$")
_POINTS_BACK = re.compile(r"该|其|此|前款|上述|但是|本[条款]")
_HOLDS = re.compile(r"(?:应当|要)?(?:包括|有)$")
_DUTIES = re.compile(r"(?:职责|任务|权利|义务)(?:是|有)?$")


@dataclass(frozen=True, slots=True)
class Stems:
    """The wordings for one list, "" where one would not read well.

    `one` asks for the only right option, `some` for all right ones, `out` for the one that does
    not belong, `name` asks to name the items.
    """

    one: str
    some: str
    out: str
    name: str


def stems_of(found: ItemList) -> Stems:
    """Return the wordings, without the words that name the document."""
    lead = _ASIDE.sub("", found.lead)
    if _POINTS_BACK.match(lead):
        return Stems("", "", "", "")
    frame = _FRAME.match(lead)
    if frame is None:
        return _plain(lead)
    before, noun, after = frame["before"], frame["noun"], frame["after"] or ""
    if found.kind is ListKind.CASE:
        return _case(before, noun, after)
    one = f"{before}下列哪项{noun}{after}？"
    name = f"{before}哪些{noun}{after}？"
    if after:
        return Stems(one, f"{before}下列哪些{noun}{after}？", "", name)
    if _HOLDS.search(before):
        whose = _HOLDS.sub("", before)
        out = f"下列各项中，不属于{whose}{noun}的是{BLANK}。" if whose else ""
        return Stems(one, f"{before}下列哪些{noun}？", out, name)
    some = f"{before}的{noun}有{BLANK}。"
    return Stems(one, some, f"{before}的{noun}不包括{BLANK}。", name)


def _case(before: str, noun: str, after: str) -> Stems:
    m = _ONE_OF.match(noun)
    if m is None or not after:
        return Stems("", "", "", "")
    what, end = m["noun"], m["end"] or "的"
    return Stems(
        f"{before}下列哪种{what}{end}{after}？",
        f"{before}下列哪些{what}之一{end}{after}？",
        "",
        f"{before}哪些{what}之一{end}{after}？",
    )


def _plain(lead: str) -> Stems:
    if _DUTIES.search(lead):
        whose = re.sub("(?:是|有)$", "", lead)
        return Stems(
            f"下列各项中，属于{whose}的是{BLANK}。",
            f"{whose}包括{BLANK}。",
            f"{whose}不包括{BLANK}。",
            f"{whose}有哪些？",
        )
    return Stems(f"{lead}{BLANK}。", f"{lead}{BLANK}。", "", f"{lead}什么？请逐项列出。")
