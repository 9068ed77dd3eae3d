"""A question as typed → what is asked: cited provisions, named documents, kind, words left over."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from assistant.errors import BadInputError
from assistant.setting import Setting, read_setting
from kb.bearers import find_bearers
from kb.catalog import Catalog
from kb.citation import Citation, Mention, find_citations

MAX_CHARACTERS = 2000
_TAG = re.compile(r"<[^<>]{0,200}>")
_SPACE = re.compile(r"\s+")
_MEANING = re.compile(r"[一-鿿A-Za-z0-9]")


class Kind(str, Enum):
    """What a question wants to know."""

    TEXT = "原文"
    DEFINITION = "定义"
    PENALTY = "罚则"
    FIGURE = "期限数字"
    DUTY = "职责"
    PERMISSION = "能否"
    REQUIREMENT = "要求"


_KINDS = (
    (
        Kind.PENALTY,
        r"罚|处分|处理|判|坐牢|吊销|拘留|什么后果|啥后果|追究|法律责任|承担.{0,4}责任|刑",
    ),
    (
        Kind.FIGURE,
        r"多久|多长|几(?:天|个?小时|个?月|年|次|个|日|万|人|米)|多少|期限|时限|什么时候|啥时候",
    ),
    (
        Kind.DEFINITION,
        r"什么叫|啥叫|叫什么|什么意思|啥意思|的定义|指(?:的是)?(?:什么|哪|啥)|是指",
    ),
    (
        Kind.DUTY,
        r"职责|管什么|管啥|干什么|干啥|干些|干哪些|做什么|做啥|做哪些|该管|要管|负责什么"
        r"|谁管|谁来管|归谁|谁负责|哪个部门",
    ),
    (
        Kind.PERMISSION,
        r"能不能|可不可以|可以.{0,12}吗|能.{0,14}吗|行不行|行吗|要不要|用不用|需不需要"
        r"|是否|有没有权|算不算|吗[?？]?$",
    ),
)
_LIST = re.compile(
    r"哪些|哪几|几项|几条|有什么|干啥|干什么|做什么|管什么|管啥|都要|分别|什么要求|职责"
)
_FILLER = re.compile(
    r"请问|麻烦|你好|您好|老师|领导|一下|帮我|想问|问下|查查|查一下|说说|讲讲|介绍|解释|解读|告诉我|我想知道|到底|究竟|具体|主要|分别|"
    r"是什么意思|什么意思|啥意思|是什么|是啥|什么是|什么叫|啥叫|指的是|指的|是指|指|包括|包含|有哪些|哪些|哪几个|哪几项|哪几条|哪四个|哪三个|"
    r"哪[一二三四五六七八九十两]?[个项条样种]?|[一二三四五六七八九十两几]个?内容|内容|含义|意思|原则|制度|要求|规定|讲什么|讲啥|讲的|说的|写的|怎么说|怎么讲|"
    r"怎么回事|原文|全文|条文|一共|总共|都|的|了|是|有|在|里|里面|中|呢|吗|嘛|啊|吧|呀|哦|个|项|条|什么|啥|怎么|如何|理解|所谓|我们|咱们|安全生产|工作|"
    r"里的|上|这个|那个|和|与|及|、|，|,|。|？|\?|!|！|“|”|\"|'|《|》|：|:|；|;|\s"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood. `rest` is what is left without names, citations and filler words."""

    text: str
    kind: Kind
    citations: tuple[Citation, ...]
    mentions: tuple[Mention, ...]
    rest: str
    bearers: tuple[str, ...] = ()
    """Who the question speaks of, under the names of `kb/lexicon/bearers.toml`."""
    setting: Setting = field(default_factory=Setting)
    """The day and province that the question asks about."""
    core: str = ""
    """The words to search for: the text without what only sets the day or the place."""

    @property
    def doc_ids(self) -> tuple[str, ...]:
        """The documents named anywhere in the question, without repeats."""
        return tuple(dict.fromkeys(d for m in self.mentions for d in m.doc_ids))

    @property
    def wants_list(self) -> bool:
        """True if the question asks for all of something (哪些, 干啥), not for one point."""
        return bool(_LIST.search(self.text))

    @property
    def unknown(self) -> tuple[Mention, ...]:
        """Documents that the question names and the library does not hold."""
        return tuple(m for m in self.mentions if not m.doc_ids)


def tidy_question(raw: str) -> str:
    """Return the question without control characters, markup and doubled blanks.

    BadInputError says in one sentence what to type if nothing usable is left.
    """
    text = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in raw)
    text = _SPACE.sub(" ", _TAG.sub(" ", text)).strip()
    if not text:
        raise BadInputError(
            "问题是空的；请用一句话写下想问的事，例如：乡镇政府在安全生产上要做什么？"
        )
    if len(text) > MAX_CHARACTERS:
        raise BadInputError(
            f"问题有 {len(text)} 个字，太长了；请把要问的事缩到 {MAX_CHARACTERS} 字以内"
        )
    if not _MEANING.search(text):
        raise BadInputError("没有看到文字；请用一句话写下想问的事，例如：消防通道被堵了归谁管？")
    return text


def understand(raw: str, catalog: Catalog, today: date | None = None) -> Question:
    """Return what `raw` asks. Raises BadInputError for empty, overlong or wordless input.

    Days are read only if `today` is given.
    """
    text = tidy_question(raw)
    setting = read_setting(text, today) if today else Setting(rest=text)
    core = setting.rest
    mentions = catalog.find_mentions(core)
    citations = find_citations(core, lambda _: mentions)
    kind = Kind.TEXT if any(c.mention for c in citations) else question_kind(core)
    rest = _rest(core, mentions, citations)
    found = find_bearers(core)
    return Question(text, kind, tuple(citations), tuple(mentions), rest, found, setting, core)


def question_kind(text: str) -> Kind:
    """Return the kind of a question that cites nothing; 要求 when no other fits."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, text)), Kind.REQUIREMENT)


def _rest(text: str, mentions: list[Mention], citations: list[Citation]) -> str:
    spans = [(m.start, m.end) for m in mentions] + [
        (c.locator.start, c.locator.end) for c in citations
    ]
    left = list(text)
    for start, end in spans:
        left[start:end] = "\0" * (end - start)
    return _FILLER.sub("", "".join(left).replace("\0", ""))
