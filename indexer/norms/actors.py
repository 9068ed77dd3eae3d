"""Who acts where the words after a bearer read like the rest of a name: 托运人|托运货物，应当….

The tagger takes 检查, 生产 and 运输 for nouns, and a name such as 生产单位 is made of them; what tells
the act from the name is that no further organ or person follows and that something is acted upon.
"""

from __future__ import annotations

import re

from indexer.norms.bearer_phrase import NOUN_LIKE, PREPOSITION, is_bearer, may_open
from indexer.norms.text import BLANK, Token, words

_ABSTRACT = re.compile(
    "(?:计划|制度|方案|场所|记录|费用|资金|设备|设施|装置|工具|时间|条件|人员|活动|情况|措施|预案|档案|资料|文件|"
    "项目|工程|标准|规程|规范|规划|合同|协议|程序|方式|方法|范围|区域|距离|期限|数量|人数|能力|水平|质量|"
    "工作|业务|管理|责任|权|证|书|率|额|量|费|表|单|点|地|线|室|房|库|事项|资质|总额|工资|待遇|技能|知识|名称|标志|标识|建议|意见|结果)$"
)
"""What ends a thing's name: 煤矿生产计划, 值班人员值勤时间."""
_ACTS_TOO = re.compile(
    "违法(?!行为|所得|犯罪)|当场|托运(?!人|单位)|拖车|供气|供电|用电|乘车|连续|统筹|启动|采访|改动|招用|转产|整体或者|合法权益受|执行公务|审查(?!人|机关|机构|部门|意见)|查明"
)
"""Acts and their manner that the tagger does not take for verbs."""
_CASE_END = re.compile("(?:的|时|后|前|期间)$")
_NO_NAME = re.compile(
    "与|和|或|及|并|报|到|利用|有|无|其|旅客运|[^，]{0,12}(?<![具享拥负持])有(?!关|权|限)"
)
"""How no name begins, and 同一建筑物有两个单位, which says what there is."""
_WORK = re.compile("调查|检查|监察|采访|执勤|办案")
_PLACES = ("国家", "煤矿")
"""What may be where something is done as well as who does it."""
_NOMINAL = ("n", "vn", "b", "a", "x", "c", "j", "l", "f")


def actor_end(text: str, own: bool) -> int:
    """Return where the bearer ends that the text opens with and that does what follows; 0 if none.

    `own` says that the modal word follows at once, so that the words before it may name a thing.
    """
    if not text or PREPOSITION.match(text) or _NO_NAME.match(text):
        return 0
    tokens = words(text)
    for i, token in enumerate(tokens[:-1]):
        prefix = text[: token.end]
        if prefix.endswith(_PLACES) or not (is_bearer(prefix) and may_open(prefix, tokens)):
            continue
        if _name_goes_on(text, tokens, i):
            continue
        return token.end if _acts(text, tokens, i + 1, own) else 0
    return 0


def _name_goes_on(text: str, tokens: tuple[Token, ...], i: int) -> bool:
    """True if nothing but nouns stands between token `i` and a later organ or person."""
    for token in tokens[i + 1 :]:
        nominal = token.flag.startswith(_NOMINAL) or NOUN_LIKE.fullmatch(token.text)
        if not nominal or _ACTS_TOO.match(token.text) or token.text == BLANK:
            return False
        if is_bearer(text[: token.end]):
            return True
    return False


def _acts(text: str, tokens: tuple[Token, ...], i: int, own: bool) -> bool:
    first, rest = tokens[i], text[tokens[i].start :].rstrip(BLANK)
    named_act = NOUN_LIKE.fullmatch(first.text) and not own
    if not (first.flag.startswith("v") or named_act or _ACTS_TOO.match(rest)):
        return False
    if _CASE_END.search(rest):
        return not own and len(tokens) > i + 1
    if "的" in rest:
        return bool(re.search("(?:违反|不履行|拒不|未)", rest)) and not own
    noun_like = bool(NOUN_LIKE.fullmatch(first.text)) or first.flag != "v"
    noun_like = noun_like and not _ACTS_TOO.match(rest)
    thing = bool(_ABSTRACT.search(rest))
    alone = len(tokens) == i + 1
    if own:
        return not thing and (
            bool(_WORK.fullmatch(rest) or _ACTS_TOO.fullmatch(rest)) if alone else not noun_like
        )
    if alone and noun_like:
        return False
    return not thing or not noun_like or "、" in rest[:4]
