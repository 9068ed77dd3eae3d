"""Work that a rule assigns without a modal word: X负责…, X主管…, 由X组织…."""

from __future__ import annotations

import re

from indexer.norms.bearer_phrase import PREPOSITION, bearer_at_start, is_bearer
from indexer.norms.cases import Span
from indexer.norms.modals import Hit
from indexer.norms.model import Modality
from indexer.norms.text import BLANK, Clause, Sentence, words

_VERB = (
    "负责|主管|统一领导|领导|组织(?!者|机构|单位|人)|协助|指导|协调|监督|管理|实施|履行|承担|配合|参与|参加|行使|统筹|综合监管|监管|"
    "统一指挥|指挥|分管|各管(?!理)|督促|受理|支持|开展|加强|接受(?![^，]*委托)|维护|制定|拟订|编制|建立|设立|设置|研究|部署|确定|公布|发布|提出|统筹提出|"
    "缴纳|缴|交纳|支付|补足|负担|检查|调查|查处|监测|推动|引导|派出|汇总|综合协调|组建"
)
_STANDING = re.compile("负责|主管|领导|统一|协助|协调|全面|监督|监管")
"""Predicates that say what somebody is there for; others may be the occasion of what follows."""
_ADVERBS = (
    r"(?:依法|依照[^，]{0,24}?(?:规定|法律|法规|章程|职责|本法|分工)|按照[^，]{0,24}?(?:规定|职责|分工|要求|权限)|根据[^，]{0,20}?(?:规定|需要|授权)|"
    r"在[^，]{1,24}?(?:内|下|中)|以[^，]{1,20}?为[^，]{1,8}?|统一|具体|共同|分别|及时|全面|综合|各自|对[^，]{1,60}?|为[^，]{1,30}?|与[^，]{1,20}?|会同[^，]{1,40}?|定期|均|都|也|还|，)*"
)
_ASSIGNS = re.compile(
    rf"{_ADVERBS}(?P<verb>{_VERB}|(?:进行|实施|实行)[^，]{{0,12}}(?:监督|管理|检查|监管|监察|指导|领导|审验|审查)|全面负责|提供[^，]{{1,20}}服务)"
)
_BY = re.compile(r"(?:^|[^自理事缘原])由")
_BY_VERB_OF_PENALTY = re.compile(rf"{_ADVERBS}(?:决定|裁决|负责|实施|组织)")
_PENAL = re.compile(
    r"处[^理置，]*(?:罚款|拘留)|责令|给予[^，]*(?:处[分罚]|警告)|没收|吊销|暂扣|追究|处罚|罚款|罚[0-9一二三四五六七八九十]|予以(?:取缔|警告)|处分|^协商一致"
)
_FORMAL = re.compile(
    r"(?:办法|标准|细则|目录|范围|程序|条件|期限|规程|规则|样|格式|规范|具体)[^；]*由[^，]*(?:制定|制订)(?:并公布|、公布|并发布)?$|由[^，]*规定$"
)
"""A rule that somebody makes: no duty, unless he makes a plan or a scheme."""
_ORGAN = re.compile(
    "(?:政府|国务院|部门|机关|机构|委员会|常委会|法院|检察院|指挥部|公安|海关|管委会|安委会|办公室|办事处|[局厅署]|工会|协会)$"
)
_STATES = re.compile(
    "是|为|有|属于|包括|坚持|实行|实施|鼓励|倡导|享受|享有|具有|存在|违反|认为|发现|接到|收到|适用|参照|视为|需要|免|不|未|没有|"
    "统称|合称|设在|位于|简称|以下|属|可|应|得|处|罚|构成|造成|发生|取得|超过|达到"
)
"""Verbs that describe a state, a case or a policy; they assign nothing."""
_VERBS = re.compile("规定|牵头|落实|报|扣留|综合|移交|转交|发|办")
"""What the tagger takes for nouns at the beginning of a predicate."""
_NOT_DONE = re.compile(
    "适用|参照|从其|依照[^，]*(?:执行|办理|处理)$|按照[^，]*执行$|不予|免予|除外|具体办法|另行制定|另有规定|处罚|处分|罚款|吊销|没收|追究|责令|拘留|为准|有效|无效|不变|刑事"
)
_RULE_FIRST = re.compile("依照|按照|根据")
_LEADS = re.compile("依照|按照|依法|根据|在|是|对")
_FINDS = re.compile("发现|认为|接到|收到")
_OF_PERSONS = re.compile("(?!对|为|在|按|组织)[^，的]{1,12}的[^，]{0,12}(?:人员|组织|单位)")
_ANOTHER = re.compile("方可|即可|应当|作为|办法|为限|要(?!求)|负责人|合格|结果|[^，]{2,4}后")
"""Words of a sentence that speaks of something else than the one before its semicolon."""
_MADE_BY = re.compile("所[^，的]{1,6}的")
_DOES = re.compile(
    rf"(?:依法|及时|统一)(?:{_VERB}|[一-鿿]{{2}})|(?:{_VERB}|落实|给予|采取|进行|作出)[^，的]*$"
)
_LIABLE = re.compile(
    "(?P<what>(?:依法|按照[^，]{1,20}?)?(?:承担|分担)(?![^，]*(?:刑事|法律))[^，]*责任)"
)
_ANSWERS = re.compile("(?:并|且|但)+(?P<what>(?:依法)?对[^，]{2,30}(?:承担[^，]*责任|负责))")
_CASE = re.compile("的$")
_TOPIC = re.compile("对(?!方)|对于|发现|接到|收到")
_OBJECT = re.compile(
    "(?:支持|督促|配备|公开|组织|接受|委托|采取|加强|建立|设置|指定|聘请|聘用|协助|配合|通知|告知|要求|监督|指导|安排|确定|明确|教育|保障|保护|报告|提供|"
    "提高|宣传|引导|鼓励|推动|促进|发挥|选派|培养|培训)(?!管理|检查|单位|部门|机构|机关|者|方|行政|主管|员|站|厅|局)"
)
"""How a clause opens that goes on with what a bearer named before does."""
_NO_DUTY = re.compile(r"的(?:除外)?$|时$|后$|前$|期间$|是指|所称|之一$")


def find_assigned(sentence: Sentence, modals: list[Hit], penal: bool) -> list[Hit]:
    """Return the clauses of the sentence that assign work to a bearer, in a penal article only
    those that say who decides.

    `modals` are the modal words of the sentence; what they govern is theirs.
    """
    out: list[Hit] = []
    taken = frozenset(h.clause for h in modals)
    chosen = {h.clause for h in modals if h.modality is not Modality.MUST}
    for k, clause in enumerate(sentence.clauses):
        if out and clause.start < out[-1].action:
            continue
        if k in taken or _NO_DUTY.search(clause.text):
            continue
        hit = _by(sentence, k, clause, penal)
        if hit is None and not penal:
            hit = _answers_for(sentence, k, k - 1 in chosen)
        if hit is None and not penal:
            hit = _said_of_bearer(sentence, k, clause, taken)
        if hit and hit not in out:
            out.append(hit)
    return out


def _answers_for(sentence: Sentence, k: int, chosen: bool) -> Hit | None:
    """…可以委托，并对后果承担责任, and X有过错的，承担责任: liability, which needs no modal word.

    `chosen` says that the clause before is a permission or a prohibition.
    """
    clause = sentence.clauses[k]
    m = _ANSWERS.fullmatch(clause.text) if chosen else None
    case = sentence.clauses[k - 1].text if k else ""
    if m is None and _CASE.search(case) and bearer_at_start(case) is not None:
        m = _LIABLE.fullmatch(clause.text)
    if m is None:
        return None
    at = clause.start + m.start("what")
    return Hit(k, at, at, Modality.MUST, True)


def find_continued(sentence: Sentence) -> Hit | None:
    """Return what a sentence without a modal word adds to the duties of the one before it.

    …的，报经有关负责人签字: a case and a predicate, whose bearer carries over.
    """
    if "方可" in sentence.clauses[-1].text:
        return None
    for k, clause in enumerate(sentence.clauses[1:], 1):
        before = sentence.clauses[k - 1].text
        if _NO_DUTY.search(clause.text) or not (_CASE.search(before) or _TOPIC.match(before)):
            continue
        if _starts_with_verb(clause.text) and not _NOT_DONE.search(clause.text):
            return Hit(k, clause.start, clause.start, Modality.MUST, True)
    return None


def goes_on(sentence: Sentence) -> bool:
    """True if the sentence is a predicate that belongs to the bearer and the modal word before."""
    if any(_NO_DUTY.search(c.text) or _NOT_DONE.search(c.text) for c in sentence.clauses):
        return False
    opening = sentence.clauses[0].text
    if any(_ANOTHER.search(c.text) for c in sentence.clauses) or bearer_at_start(opening):
        return False
    return not re.match("对|报告", opening) and _starts_with_verb(opening)


def titled_bearer(sentence: Sentence) -> Span | None:
    """Return the bearer that stands before a colon as the title of what is said: 责任人：…."""
    first = sentence.clauses[0]
    title, colon, _ = first.text.partition("：")
    return Span(first.start, first.start + len(title)) if colon and is_bearer(title) else None


def answers(sentence: Sentence) -> bool:
    """True for 全面负责…, what a bearer named before is there for."""
    return bool(re.match("(?:全面|具体)?负责(?!人)|对[^，]*负责$", sentence.clauses[0].text))


def find_permitted(sentence: Sentence) -> Hit | None:
    """…合格的，方可使用: what a sentence of its own permits after what comes before it."""
    clause = sentence.clauses[-1]
    m = re.search("方可", clause.text)
    if m is None:
        return None
    at = clause.start + m.start()
    return Hit(len(sentence.clauses) - 1, at, at + 2, Modality.MAY)


def _starts_with_verb(text: str) -> bool:
    m = re.match(_ADVERBS, text)
    tokens = words(text[m.end() if m else 0 :])
    if not tokens or not (tokens[0].flag.startswith("v") or _VERBS.match(tokens[0].text)):
        return False
    return not _STATES.match(tokens[0].text)


def _said_of_bearer(
    sentence: Sentence, k: int, clause: Clause, taken: frozenset[int]
) -> Hit | None:
    subject = bearer_at_start(clause.text)
    if subject is None or clause.text[: subject.end].endswith("国家"):
        return None
    if k and _OBJECT.match(clause.text):
        return None
    rest = clause.text[subject.end :]
    if _MADE_BY.search(rest) or _FINDS.search(rest):
        return None
    organ = bool(_ORGAN.search(clause.text[: subject.end]))
    if _assigns(rest, organ):
        if _is_occasion(sentence, k, taken) and not _STANDING.search(rest):
            return None
        return Hit(k, clause.start + subject.end, clause.start + subject.end, Modality.MUST, True)
    following, end = sentence.clauses[k + 1 : k + 3], clause.start + subject.end
    if not rest.strip(BLANK) or _LEADS.match(rest.lstrip(BLANK)):
        for n, later in enumerate(following, k + 1):
            if n in taken:
                return None
            if _NO_DUTY.search(later.text):
                continue
            if _assigns(later.text, organ):
                first, at = (k, end) if _RULE_FIRST.match(rest) else (n, later.start)
                return Hit(first, at, at, Modality.MUST, True)
    return None


def _is_occasion(sentence: Sentence, k: int, taken: frozenset[int]) -> bool:
    """True if what clause `k` says is when the modal word after it applies: X办理…，应当…."""
    for n in range(k + 1, len(sentence.clauses)):
        if n in taken:
            return True
        text = sentence.clauses[n].text
        if not (PREPOSITION.match(text) or _NO_DUTY.search(text)):
            return False
    return False


def _assigns(rest: str, organ: bool) -> bool:
    """True if the words after a bearer say what he is there for; of an organ any verb does."""
    m = _ASSIGNS.match(rest)
    if m and rest.strip(BLANK):
        return not re.match("的|[、和][^，、]{1,6}的", rest[m.end() :])
    if not organ or not rest or _NOT_DONE.search(rest) or _OF_PERSONS.match(rest):
        return False
    if PREPOSITION.match(rest) and not re.search("[时内下中后前的]$", rest):
        return bool(_DOES.search(rest))
    return _starts_with_verb(rest) and not re.match(r"[^，的]{1,3}的[^，]{1,12}$", rest)


def by_agent(sentence: Sentence, hit: Hit) -> bool:
    """True if X is brought in by 由, before or after the modal word."""
    clause = sentence.clauses[hit.clause]
    at = (hit.start if hit.assigned else hit.action) - clause.start
    return clause.text[at : at + 1] == "由"


def _by(sentence: Sentence, k: int, clause: Clause, penal: bool) -> Hit | None:
    """由X负责…: X bears it, whatever he does, unless it is a sanction."""
    for m in _BY.finditer(clause.text):
        rest = clause.text[m.end() :]
        subject = bearer_at_start(rest)
        if subject is None:
            continue
        end = joint_end(sentence, k, m.end() + subject.end)
        after = clause.text[end:] if end <= len(clause.text) else ""
        if _PENAL.search(after) or _FORMAL.search(_until(sentence, k)):
            return None
        if penal and not _BY_VERB_OF_PENALTY.match(after):
            return None
        joint = end > len(clause.text)
        if joint or (after.strip(BLANK) and not re.match("的|[^，的]{1,6}的", after)):
            start = clause.start + m.end() - 1
            return Hit(k, start, clause.start + end, Modality.MUST, True)
    return None


def _until(sentence: Sentence, k: int) -> str:
    return "，".join(c.text for c in sentence.clauses[: k + 1])


def joint_end(sentence: Sentence, k: int, end: int) -> int:
    """Where a bearer phrase that ends clause `k` at `end` of it ends with what 或者… adds to it.

    X，或者Y，组织…: the offset, from the start of clause `k`, of the end of Y.
    """
    clause = sentence.clauses[k]
    if clause.text[end:].strip(BLANK) or k + 2 >= len(sentence.clauses):
        return end
    later = sentence.clauses[k + 1]
    m = re.match("或者|或|以及|和|及", later.text)
    phrase = bearer_at_start(later.text[m.end() :]) if m else None
    if m is None or phrase is None or later.text[m.end() + phrase.end :].strip(BLANK):
        return end
    return later.end - clause.start
