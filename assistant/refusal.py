"""When a question cannot be answered from the library, and what exactly is missing."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from assistant.errors import AssistantError
from assistant.understand import Question

UNHELD_FILE = Path(__file__).parents[1] / "kb" / "lexicon" / "unheld.toml"
_CODE = re.compile(
    r"(?:GB|AQ|JGJ|TSG|HG|SY|SH|DL|DB|XF|GA|CJJ|NB|YJ)\s*[/／]?\s*T?\s*Z?\s*\d{2,6}(?:[-—.]\d+)*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:[一-鿿]{2,12}(?:省|市|县|区|州|自治区))?[一-鿿]{4,24}?(?:条例|实施办法|管理办法|暂行办法|"
    r"实施细则|暂行规定|判定标准|技术规程|安全规程)"
)
_GENERIC_NAME = re.compile(r"什么|哪|有没有|的|了|按|吗|我|你|怎么|违反|制定|遵守|落实|没有")
_LOCAL_PAPER = re.compile(
    r"(?:我们|咱们?)(?:省|市|县|区|镇|乡|街道|厂|公司|单位)?[^，。？?]{0,8}"
    r"(?:红头文件|文件|通知|实施方案|办法|细则)"
)
_FACTS = (
    (
        r"(?:去年|今年|前年|上个?月|上周|昨天|近几年|\d{4}年).{0,30}"
        r"(?:多少人|多少起|死了几|伤亡|查清|通报|结果|排名|统计|数据)",
        "统计数据和事故通报",
    ),
    (
        r"处理了(?:多少|几|哪些)人|(?:事故|爆炸|火灾)[^，。]{0,8}(?:查清|查明)了?[没吗]"
        r"|调查报告.{0,6}(?:结论|最后)",
        "具体事故的调查结果",
    ),
    (
        r"电话(?:号码)?(?:是)?(?:多少|几号)|联系方式|怎么联系|地址(?:在哪|是)|在哪个?(?:窗口|地方)办",
        "各单位的电话和地址",
    ),
    (
        r"(?:月薪|年薪|薪水|薪资|一个?月(?:的)?(?:工资|收入)).{0,8}(?:多少|高不高|怎么样|几千|几万)",
        "工资行情",
    ),
    (
        r"(?:部长|厅长|局长|县长|市长|镇长|区长|书记|主任)(?:现在)?(?:是谁|叫什么|是哪位|姓)",
        "人事信息",
    ),
    (
        r"(?:帮我|给我|替我|请)(?:写|起草|拟|来|生成|做)(?:一)?(?:份|篇|个)?|模板|范文",
        "文书模板",
    ),
)


def missing_document(question: Question) -> str:
    """Return the name of a document or standard that the question rests on and we lack, or ''."""
    for mention in question.unknown:
        if mention.marked:
            return f"《{mention.name}》"
    if m := _CODE.search(question.text):
        return f"标准 {m[0].strip()}"
    for mention in question.unknown:
        return f"《{mention.name}》"
    if question.doc_ids:
        return ""
    for m in _NAMED.finditer(question.text):
        if not _GENERIC_NAME.search(m[0]):
            return f"《{m[0]}》"
    if m := _LOCAL_PAPER.search(question.text):
        return f"“{m[0]}”"
    return ""


_EMPTY_WORDS = re.compile(
    r"怎么办|怎么弄|咋办|咋整|安全|这个|那个|第[一二三四五两]个|这种|那种|这样|那样|它|他们?|要|会|该|应该|它|违法|多?久|第几|几|可以|能|不能|"
    r"罚款|处罚|罚|负责|责任|法律|法规|规定|标准|情况|问题|事情|事|办法|管理|谁|多少|钱|为什么|怎么样|行|不行|对|不对|然后|还有|"
    r"呢|我|你|给|讲|说|知道|相关|有关|方面|请|好|做|弄|搞|注意"
)  # fmt: skip


def is_vague(question: Question) -> bool:
    """True if nothing but question words and pronouns is left of the question."""
    if question.doc_ids and (question.citations or len(question.mentions) > 1):
        return False
    if any(d.startswith("policy-") for d in question.doc_ids):
        return False
    left = _EMPTY_WORDS.sub("", question.rest)
    return len(left) < 2


@dataclass(frozen=True, slots=True)
class Unheld:
    """A document that the library does not hold, and the words by which a question needs it."""

    title: str
    words: tuple[str, ...]
    kind: str = ""


@lru_cache(maxsize=1)
def read_unheld(path: Path = UNHELD_FILE) -> tuple[Unheld, ...]:
    """Return the curated list; AssistantError if the file is malformed."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["unheld"]
        return tuple(
            Unheld(str(r["title"]), tuple(map(str, r["words"])), str(r["kind"])) for r in rows
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as e:
        raise AssistantError(
            f"{path} 读不出来：{e}；每个 [[unheld]] 要有 title、kind 和 words"
        ) from e


def details_stand_in(question: Question) -> tuple[str, ...]:
    """Return the titles of documents we lack that hold the details of what is asked."""
    return tuple(u.title for u in read_unheld() if any(w in question.text for w in u.words))


def asks_for_facts(question: Question) -> str:
    """Return what kind of fact, which no rule book holds, the question asks for, or ''."""
    return next((what for pattern, what in _FACTS if re.search(pattern, question.text)), "")
