"""Does a question ask for all that somebody must do, and for nothing narrower?

“乡镇政府必须做什么” does, and is answered from the list; “乡镇发现重大隐患怎么办” asks for one
point and stays with the search. The rule is strict: apart from the words that ask, one bearer,
one field and words that say nothing, no character of the question may be left over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.duty_bearers import UNCLEAR, Bearer, BearerTable
from kb.errors import UnknownFieldError
from kb.fields import FieldTable

_NOISE = re.compile(r"[\s，。？！、；：,.?!;:~…“”\"'（）()《》]|的")
_MUST = r"(?:必须|应当|应该|应|需要|需|要|该|得|都|具体|主要|分别|到底|究竟|平时|平常|日常|一般|依法|又)*"
_WHAT = r"(?:什么|啥|哪些|哪几[项条件样个]|些啥|些什么)"
_THINGS = r"(?:样)?(?:事情|事儿|事|工作|活|内容)?"
_KINDS = r"(?:工作|主要|法定|具体|监管|管理|监督|岗位)*"
_DUTIES = r"(?:(?:职责|义务|责任|任务)(?:(?:和|与|及)?(?:职责|义务|责任|任务))?)"
_VERB = r"(?:做好|做到|做|干|管|抓|负责|履行|承担|尽|落实)(?:了|到|好)?"
_LONGEST = 60
"""Longer questions always tell more than who and which field."""
_CONSEQUENCE = re.compile(r"(?:法律|刑事|行政|民事|赔偿)责任|承担.{0,6}责任|追究|罚|后果")
"""责任 is a duty or what follows from its breach; these ask for the latter."""
_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        # 必须做什么, 要管哪些事
        rf"(?P<head>.*?){_MUST}{_VERB}{_WHAT}{_THINGS}(?P<mid>)",
        # 应当履行哪些消防义务, 有哪些职责
        rf"(?P<head>.*?){_MUST}(?:{_VERB}|负有|担负|有)?{_WHAT}(?P<mid>.{{0,8}}?){_KINDS}{_DUTIES}",
        # 职责是什么, 义务包括哪些, 职责清单
        rf"(?P<head>.*?){_KINDS}(?:职责|义务)(?:清单|任务)?(?:(?:都|主要|具体)*(?:有|包括|是)?{_WHAT})?(?P<mid>)",
    )
)
_SAYS_NOTHING = (
    r"您好|你好|请问|麻烦|老师|想问|想知道|想了解|了解|问|查查|查|说说|讲讲|介绍|列出|列|告诉|帮|给|一下|我们|咱们"
    r"|我|咱|俺|是|作为|身为|一个|一名|一家|这个|根据|按照|按|法律|法定|规定|依法|安全生产|生产安全|安全|工作|领域|方面"
    r"|上面|上|里面|里|中|对于|对|关于|针对|在|本单位|本企业|本地区|本辖区|本行业|本|都|到底|究竟|具体|主要|平时|日常"
    r"|分别|全部|所有|完整|一份|呢|吗|啊|呀|吧|嘛|哦|了|那"
)
_FILLER_BEFORE = re.compile(rf"^(?:{_SAYS_NOTHING})+")
_FILLER_AFTER = re.compile(rf"(?:{_SAYS_NOTHING})+$")
_OF_A_UNIT = re.compile(r"(?:生产经营单位|企业|公司|单位|厂里|工厂)$")
_POSTS = ("企业岗位", "从业人员")
_TOO_WIDE = frozenset({
    "单位", "有关单位", "部门", "各部门", "用户", "个人", "干部", "部队", "国家", "其他单位", "其他部门",
    "其他人员", "政府部门", "专家", "网站", "居民", "当事人",
})  # fmt: skip
"""Names that say too little in a question: an unnamed one of many may be meant."""


@dataclass(frozen=True, slots=True)
class AskedDuties:
    """The list that a question asks for; `field` is "" for all, `name` what the question says."""

    bearer: Bearer
    field: str
    name: str


def read_asked(text: str, table: BearerTable, fields: FieldTable) -> AskedDuties | None:
    """Return the list that `text` asks for; None if it asks for something else or narrower."""
    plain = _FILLER_AFTER.sub("", _NOISE.sub("", text))
    if len(plain) > _LONGEST or _CONSEQUENCE.search(plain):
        return None
    for pattern in _ASKS:
        asks = pattern.fullmatch(plain)
        found = asks and _bearer_and_field(asks["head"], asks["mid"], table, fields)
        if found:
            return found
    return None


def _bearer_and_field(
    head: str, mid: str, table: BearerTable, fields: FieldTable
) -> AskedDuties | None:
    named = _longest_name(head, table)
    if named is None:
        return None
    name, bearer = named
    if name in _TOO_WIDE or bearer.id == UNCLEAR:
        return None
    before, _, after = head.partition(name)
    if bearer.group in _POSTS:
        before = _OF_A_UNIT.sub("", before)
    rest = [left for part in (before, after, mid) if (left := _without_filler(part))]
    if not rest:
        return AskedDuties(bearer, "", name)
    if len(rest) > 1:
        return None
    try:
        return AskedDuties(bearer, fields.find(rest[0]).name, name)
    except UnknownFieldError:
        return None


def _longest_name(text: str, table: BearerTable) -> tuple[str, Bearer] | None:
    """The longest name of a bearer in `text`, the first of several; None without one."""
    names = [(n, b) for b in table.bearers for n in (b.name, *b.names) if n in text]
    return max(names, key=lambda found: len(found[0]), default=None)


def _without_filler(text: str) -> str:
    return _FILLER_AFTER.sub("", _FILLER_BEFORE.sub("", text))
