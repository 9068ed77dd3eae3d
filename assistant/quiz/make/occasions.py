"""Scenarios of an occasion: something comes up for somebody; what must be done then.

The occasion is the trigger of a norm, told of one such person or unit. Wrong options are what the
same document demands of others and nothing in the library demands of these.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.quiz.make.base import Cited, Draft, finish, mixed, provision_of
from assistant.quiz.make.doubt import is_doubtful
from assistant.quiz.make.item_lists import Item, ItemList, ListKind
from assistant.quiz.make.likeness import likeness_of
from assistant.quiz.make.strangers import Strangers, is_plain, similar_length
from assistant.quiz.model import BLANK, Kind, Knowledge, Question
from assistant.quiz.source import Held, Source
from indexer.norms import Norm
from indexer.norms.model import Modality

_BEGINS = re.compile(
    r"^(?:发现|接到|收到|发生|遇到|遇有|拟|停用|停止|转让|转产|改变|委托|变更|新建|改建|扩建|采用|使用|进行|从事|"
    r"出租|发包|举办|拆除|生产|经营|储存|运输|安装|提供|设置|组织|开展|对外|编制|履行|调查)"
)
_ENDS = re.compile(r"(?:的|时|后|之后|以后|的时候)$")
_STATIC = re.compile(
    r"下列|前款|本法|本条|上述|规定|情节|逾期|范围内|过程中|期间|前$|同时|依法|在.{0,10}下$|发现存在问题"
)
_SUBJECT = re.compile(
    r"^[一-鿿]{2,14}(?:单位|企业|机构|经营者|承办者|人员|负责人|船长|驾驶人|公司|部门|机关|政府|医院|学校)$"
)
_MANY = re.compile(r"有关|其他|各级|任何|全体|相关|以上|国务院|国家|及其|下列")
_WHILE = re.compile(r"^在(?=编制|履行|调查|进行)")
_MATTERS = tuple(
    re.compile(words)
    for words in (
        "报告|上报|通报|告知|通知|备案|公告|公布|报送|汇报|移送",
        "救|应急|处置|控制|停止|撤|封存|查封",
        "隐患|整改|消除|排除|改正|修复|制止",
        "培训|教育|演练|宣传",
        "检查|巡查|检测|监测|检验|监督",
        "协议|合同|约定|申请|许可|审批|批准|登记",
        "证件|出示|持证",
    )
)
"""Kinds of doing: who must do one of a kind may well have to do another of the same kind."""
_MIN_ACTION, _MIN_TRIGGER, _MAX_TRIGGER = 8, 6, 50


class OccasionMaker:
    """Makes one scenario of every norm whose trigger can be told as a story."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._strangers = Strangers(source, likeness_of(source))

    def make(self, held: Held, rng: random.Random) -> Iterator[Question]:
        if held.document.is_policy or is_doubtful(held, self._source.day):
            return
        for norm in held.norms:
            if _can_be_told(norm) and self._source.bearers.of_subject(norm.subject):
                wrong = self._wrong(held, norm, rng)
                if len(wrong) == 3:
                    yield finish(self._source, held, _draft(held, norm, wrong, rng))

    def _wrong(self, held: Held, norm: Norm, rng: random.Random) -> list[str]:
        where = provision_of(held, norm.provision)
        asked = ItemList(
            held,
            where,
            f"{norm.subject}{norm.trigger}",
            (Item(where, norm.action, rest=False),),
            ListKind.DUTY,
            norm.subject,
        )
        own = _matters(norm.trigger + norm.action)
        found = self._strangers.for_list(asked, rng, 24)
        return [
            s.text
            for s in found
            if similar_length(norm.action, s.text) and not own & _matters(s.text)
        ][:3]


def _matters(text: str) -> frozenset[int]:
    return frozenset(n for n, words in enumerate(_MATTERS) if words.search(text))


def _occasion(norm: Norm) -> str:
    """Return the trigger as what happened to the subject."""
    return _ENDS.sub("", _WHILE.sub("", norm.trigger))


def _can_be_told(norm: Norm) -> bool:
    occasion = _occasion(norm)
    return (
        norm.modality is Modality.MUST
        and norm.subject_at == norm.provision
        and not norm.exceptions
        and bool(_SUBJECT.match(norm.subject))
        and not _MANY.search(norm.subject)
        and bool(_BEGINS.match(occasion) and _ENDS.search(norm.trigger))
        and not _STATIC.search(occasion)
        and _MIN_TRIGGER <= len(occasion) <= _MAX_TRIGGER
        and norm.subject not in occasion
        and len(norm.action) >= _MIN_ACTION
        and is_plain(norm.action)
        and norm.action in norm.text
        and re.sub("[，\\s]", "", norm.text).startswith(
            (norm.subject + norm.trigger, norm.trigger + norm.subject)
        )
    )


def _draft(held: Held, norm: Norm, wrong: list[str], rng: random.Random) -> Draft:
    occasion = _occasion(norm)
    stem = (
        f"某{norm.subject}{occasion}。根据《{held.document.short}》，"
        f"此时{_again(norm.subject)}应当{BLANK}。"
    )
    return Draft(
        Kind.CASE, Knowledge.DUTY, stem, mixed([norm.action, *wrong], rng), (norm.action,),
        f"在这种情况下，应当“{norm.action}”；其余各项是对别的单位或者人员的要求。",
        (Cited(provision_of(held, norm.provision), norm.text, (norm.action,)),), 0.6,
        about=f"occasion|{norm.trigger}|{norm.action}",
    )  # fmt: skip


def _again(subject: str) -> str:
    """How the story goes on about the same somebody."""
    for end in ("单位", "企业", "机构", "部门", "机关", "人员", "学校", "公司"):
        if subject.endswith(end):
            return f"该{end}"
    return (
        f"该{subject[-3:]}" if subject.endswith(("经营者", "承办者", "驾驶人", "负责人")) else "其"
    )
