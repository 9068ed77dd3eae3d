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
_POINTS_BACK = re.compile(r"该|其|此|前款|上述|但是|本[条款]")
_GOES_ON = re.compile("，(?:并|经|同时|方可)")
"""What else has to be done; a question does not go on after what it asks."""
_ACTIVITY = re.compile("^(?!从事|申请|进行|开展).*(?:经营|培训)$")
_HOLDS = re.compile(r"(?:应当|要)?包括$")


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
    lead = re.sub(r"^本(?:法|条例|办法|规定)所称", "", _ASIDE.sub("", found.lead))
    if _POINTS_BACK.match(lead):
        return Stems("", "", "", "")
    frame = _FRAME.match(lead)
    if frame is None:
        return _plain(lead)
    before, noun, after = frame["before"], frame["noun"], frame["after"] or ""
    if found.kind is ListKind.CASE:
        return _case(before, noun, after)
    if _GOES_ON.match(after):
        after = ""
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
    """Word a list of cases; conditions that must be met together are never asked for singly."""
    if not after or after.startswith(("，是", "，为")):
        return Stems("", "", "", "")
    what = noun.replace("之一", "", 1)
    if noun.endswith("之一"):
        what, noun = f"{what}的", f"{noun}的"
    together = "条件" in noun and what == noun
    name = f"{before}哪些{what}{after}？"
    if before == "有" and what.removesuffix("的") in ("情形", "情况"):
        name = f"在哪些{what.removesuffix('的')}下{after}？"
    return Stems(
        "" if together else f"{before}下列哪种{what}{after}？",
        f"{before}下列哪些{noun}{after}？",
        "",
        name,
    )


def _plain(lead: str) -> Stems:
    """Word a sentence without 下列, by how it ends."""
    for end, phrase, named in _ENDINGS:
        if lead.endswith(end):
            whose = lead.removesuffix(end)
            if "具备" in end and _ACTIVITY.match(re.sub("[应当要还]+$", "", whose)):
                whose, lead = f"从事{whose}", f"从事{lead}"
            if whose.endswith("，"):
                break
            what = phrase.format(whose=whose, lead=lead)
            return Stems(
                f"下列各项中，{what}是{BLANK}。",
                f"下列各项中，{what}有{BLANK}。",
                f"下列各项中，不{what}是{BLANK}。" if what.startswith("属于") else "",
                f"{named.format(whose=whose, lead=lead)}？",
            )
    return Stems("", "", "", "")


_ENDINGS = (
    ("职责是", "属于{whose}职责的", "{whose}职责有哪些"),
    ("职责", "属于{lead}的", "{lead}有哪些"),
    ("应当做到", "属于{lead}的事项的", "{lead}哪些事项"),
    ("应当", "属于{lead}做到的", "{lead}做到哪些方面"),
    ("负责", "属于{lead}的事项的", "{lead}哪些事项"),
    ("要具备", "属于{whose}应当具备的条件的", "{whose}应当具备哪些条件"),
    ("应当具备", "属于{lead}的条件的", "{lead}哪些条件"),
    ("具备", "属于{lead}的条件的", "{lead}哪些条件"),
    ("内容包括", "属于{whose}内容的", "{lead}哪些"),
    ("应当包括", "属于{lead}的内容的", "{lead}哪些内容"),
    ("包括", "属于{whose}的", "{lead}哪些"),
    ("写明", "{lead}的", "{lead}哪些内容"),
    ("载明", "{lead}的", "{lead}哪些内容"),
)
"""How a sentence ends, how a choice words what belongs to it, and how one asks to name it."""
