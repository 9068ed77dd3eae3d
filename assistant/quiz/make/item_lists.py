"""The lists of the rules: a line that introduces items, and what the items are to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from assistant.quiz.source import Held
from kb.model import Provision

_COLON = re.compile(r"[：:]\s*$")
_SENTENCE_END = re.compile(r"[。；]")
_NUMBER = re.compile(r"^（[一二三四五六七八九十百]+）|^\d+[.、．]")
_TAIL = re.compile(r"(?:[；，、](?:以及|和|或者))?[；。，、]*$")
_REST = re.compile(
    r"(?:有关)?(?:法律|行政法规|法规|规章|国务院|国家|地方性法规|省|章程|上级|依法|依照法律|双方|公司章程)[^。；]{0,44}?"
    r"(?:规定|约定|授权|交办|要求|确定|批准|认为|需要)[^，。；、]{0,10}的?(?:其他[^，。；]{0,20}"
    r"|(?:条件|情形|职责|事项|要求|内容|材料|行为|义务|权利|措施|职权|资料))"
    r"|[^，。、；和及或与]{0,26}其他[^，。、；]{0,24}"
)
"""The whole of an item that names nothing; 现场检查以及其他措施 names something, and stays."""
_LISTED = re.compile(r"(?:下列|以下)(?:各项|任一|任何|不同|几种|各类)?")
_FORBIDS = re.compile(r"不得|禁止|严禁|不准|不应")
_SANCTION = re.compile(
    r"罚款|责令|警告|处分|拘留|吊销|有期徒刑|追究|从重处罚|记过|开除|降级|情节|依照.*?处罚|给予"
)
_CASE = re.compile(r"(?:下列|以下)[^，。]*?(?:情形|情况|行为|条件(?:之一|的))[^，。]*?，.")
_SORTED = re.compile(r"下列不同情况|下列(?:标准|方式)")
_DUTY = re.compile(r"(?:职责|义务|责任|工作|任务)$")
_POWER = re.compile(r"(?:职权|权利|权力)$")
_STEPS = re.compile(r"(?:措施)$")
_CONDITION = re.compile(r"(?:条件|要求)$")
_CONTENT = re.compile(
    r"(?:内容|材料|文件|条款|事项|资料|信息|因素|证明、凭证|证明|凭证|费用|制度|设施)$"
)
_LISTED_NOUN = re.compile(r"(?:下列|以下)([^，。应须]{1,12})(?:，[^，。]+)*$")


class ListKind(str, Enum):
    """What the items of a list are."""

    DUTY = "职责"
    POWER = "职权"
    STEPS = "措施"
    CONDITION = "条件"
    CONTENT = "内容"
    CASE = "情形"
    FORBIDDEN = "禁止"
    SANCTION = "处罚"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Item:
    """One 项: `text` is its words without number and closing mark, a substring of it.

    `rest` marks the clause that leaves the list open (法律、行政法规规定的其他…).
    """

    provision: Provision
    text: str
    rest: bool


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list: the provision that holds it, the sentence that introduces it, its items."""

    held: Held
    head: Provision
    lead: str
    items: tuple[Item, ...]
    kind: ListKind
    whose: str = ""
    """Whom it falls on, where that is known from elsewhere."""

    @property
    def named(self) -> tuple[Item, ...]:
        """The items that name something."""
        return tuple(i for i in self.items if not i.rest)

    @property
    def stands_alone(self) -> bool:
        """True if the line that introduces the list says nothing before its last sentence.

        What stands before it often tells of what the list speaks (压力容器的设计单位… 设计单位要具备：).
        """
        line = _COLON.sub("", self.head.lead.strip())
        return not _SENTENCE_END.search(line)

    @property
    def subject(self) -> str:
        """Whom the norms of the list fall on; "" if the rule does not say."""
        if self.whose:
            return self.whose
        for norm in self.held.norms:
            same = norm.provision.paragraph == self.head.id.paragraph
            if same and norm.subject and (norm.provision.item is None or norm.subject in self.lead):
                return norm.subject
        return ""


def lists_of(held: Held) -> Iterator[ItemList]:
    """Yield the lists of one article that have at least two plain items."""
    parts = held.article.parts
    heads = [p for p in parts if p.id.item is None and p.id.paragraph is not None]
    for head in heads or [held.article.whole]:
        under = [p for p in parts if p.id.paragraph == head.id.paragraph and p.id.item is not None]
        lead = lead_of(head)
        if len([p for p in under if p.id.subitem is None]) < 2 or not lead:
            continue
        if any(p.id.subitem is not None for p in under):
            continue
        kind = kind_of(lead)
        yield ItemList(held, head, lead, tuple(_item(p, kind) for p in under), kind)


def is_rest(text: str) -> bool:
    """True for the words of an item that leave a list open and name nothing."""
    return bool(_REST.fullmatch(text))


def lead_of(head: Provision) -> str:
    """Return the last sentence of the introducing line without its colon; "" if it has none."""
    line = head.lead.strip()
    if not _COLON.search(line):
        return ""
    return _SENTENCE_END.split(_COLON.sub("", line))[-1].strip()


def kind_of(lead: str) -> ListKind:
    """Return what the items under that sentence are."""
    if _FORBIDS.search(lead) and not _CASE.search(lead):
        return ListKind.FORBIDDEN
    if _SORTED.search(lead):
        return ListKind.OTHER
    if _SANCTION.search(lead):
        return ListKind.SANCTION
    if _CASE.search(lead):
        return ListKind.CASE
    if not _LISTED.search(lead):
        return next((kind for end, kind in _OPEN if lead.endswith(end)), ListKind.OTHER)
    listed = _LISTED_NOUN.search(lead)
    noun = listed[1] if listed else ""
    return next((kind for pattern, kind in _ENDINGS if pattern.search(noun)), ListKind.OTHER)


_ENDINGS = (
    (_DUTY, ListKind.DUTY),
    (_POWER, ListKind.POWER),
    (_STEPS, ListKind.STEPS),
    (_CONDITION, ListKind.CONDITION),
    (_CONTENT, ListKind.CONTENT),
)


_OPEN = (
    ("职责", ListKind.DUTY),
    ("职责是", ListKind.DUTY),
    ("应当", ListKind.DUTY),
    ("负责", ListKind.DUTY),
    ("应当做到", ListKind.DUTY),
    ("有权", ListKind.POWER),
    ("具备", ListKind.CONDITION),
    ("包括", ListKind.CONTENT),
    ("写明", ListKind.CONTENT),
    ("载明", ListKind.CONTENT),
    ("提交", ListKind.CONTENT),
    ("并交", ListKind.CONTENT),
)
"""How a sentence without 下列 ends, and what the items then are."""


def _item(provision: Provision, kind: ListKind) -> Item:
    text = _NUMBER.sub("", provision.text.strip()).strip()
    text = _TAIL.sub("", text).strip()
    if kind in (ListKind.CASE, ListKind.SANCTION):
        text = text.removesuffix("的")
    return Item(provision, text, is_rest(text))
