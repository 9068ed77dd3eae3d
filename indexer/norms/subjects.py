"""Who a modal word speaks of: its own clause, the clauses before it, or what carries over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.norms.actors import actor_end
from indexer.norms.bearer_phrase import NOUN_LIKE, PREPOSITION, Phrase, bearer_at_start, is_bearer
from indexer.norms.cases import CONDITION_END, JOIN, Span, alone, opened, rest_trigger, trigger_of
from indexer.norms.modals import Hit
from indexer.norms.text import BLANK, Clause, Sentence, words
from kb.model import ProvisionId


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject phrase and where it stands; `text` is "" where the rule names a thing or nobody."""

    text: str
    at: ProvisionId


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands before a modal word.

    `subject` is None where nothing is said and the subject of the words before carries over;
    `unclear` is true where the words name a thing. `begin` is where the norm begins.
    """

    subject: Span | None
    unclear: bool
    trigger: Span | None
    begin: int


_LEADING = re.compile(
    r".{2,60}?(?:(?<![临同及按平小])时|(?<![善背幕最])后|(?<![提目])前|期间|规定|要求|需要|的|过程中|中|内|下)(?=.)"
)
_BY_AFTER = re.compile(
    r"(?:依法|统一|及时|立即|分别|共同|按照[^，]{0,20}?规定|依照[^，]{0,20}?规定|在[^，]{1,20}?内|经[^，]{1,20}?后)*(?:，)?由"
)
_ANYBODY = re.compile(
    r"任何(?:单位|组织|机构|个人|人)(?:(?:和|或者|或|、|与|及)(?:其他)?(?:单位|组织|机构|个人))*"
)
_SANCTION = re.compile(
    "(?:依法)?(?:责令|给予[^，]{0,8}处[分罚]|给予警告|处以|处[^，]*罚款|并处|罚款|罚[0-9一二三四五六七八九十]|吊销|没收|追究|暂扣|撤销|扣押|查封|予以[^，]{0,6}处[分罚])"
)
_ORGAN = re.compile(
    "(?:部门|机关|政府|机构|委员会|管委会|街道办|办事处|指挥部|[局厅署]|法院|检察院|警察|民警|执法人员)$"
)
"""Who may revoke and seize; of anybody else it is what happens to him."""


def read_before(sentence: Sentence, hits: list[Hit], i: int, governed: bool = False) -> Reading:
    """Return what stands before hit `i` of the sentence.

    `governed` says that the sentence goes on from the head of a list, so that its first words
    belong to the first hit only where they are a condition or a subject.
    """
    hit = hits[i]
    previous = hits[i - 1] if i else None
    clause = sentence.clauses[hit.clause]
    same = previous is not None and previous.clause == hit.clause
    left = previous.action if previous and same else clause.start
    own = clause.text[left - clause.start : hit.start - clause.start]
    contexts = [] if same else _contexts(sentence, hit, previous, governed)
    begin = hit.start if same else min([clause.start, *(c.start for c in contexts)])
    trigger = trigger_of(contexts)
    named = _after(sentence, hit)
    if named is not None:
        return Reading(named, False, trigger, begin)
    if same:
        return Reading(None, False, trigger, _trim_join(own, left, hit.start))
    joined = _joined(contexts, own, left)
    if joined is not None:
        return Reading(joined, False, None, begin)
    found, unclear, lead = _in_own(own, left)
    if lead is not None and trigger is None:
        trigger = lead
    if unclear and previous is not None and _MEASURE.search(own):
        # 驾驶人员应当…，驾驶时间不得超过…: still a rule for the driver
        unclear = not _MEASURED.match(clause.text[hit.action - clause.start :])
    if found is not None or unclear:
        return Reading(found, unclear, trigger, begin)
    if clause.text[hit.start - clause.start :].startswith("方可"):
        return Reading(None, True, trigger, begin)
    return _from_contexts(contexts, clause.text[hit.action - clause.start :], begin)


def _from_contexts(contexts: list[Clause], action: str, begin: int) -> Reading:
    """Read the subject of an action off the clauses before its own, the nearest first."""
    trigger, thing = trigger_of(contexts), False
    for k, context in reversed(list(enumerate(contexts))):
        if k and JOIN.match(context.text) and not alone(context):
            continue
        span, names_thing = _in_context(context)
        of_it = names_thing and context.text.startswith("其")
        if of_it or (span is not None and k and _is_object(contexts[k - 1], context)):
            return Reading(None, True, trigger, begin)
        if span is not None and not (thing and not _opens_topic(context, span)):
            said = context.text[: span.end - context.start]
            if _SANCTION.match(action) and not _ORGAN.search(said):
                return Reading(None, True, trigger, begin)
            rest = rest_trigger(contexts, k, span.end)
            return Reading(_with_neighbours(contexts, k, span), False, rest or trigger, begin)
        thing = thing or (names_thing and not _goes_on(contexts, k))
    return Reading(None, thing, trigger, begin)


_MEASURE = re.compile("(?:时间|时长|人数|次数|间隔|的)$")
_MEASURED = re.compile("超过|少于|低于|多于|高于|长于|短于")


def _is_object(before: Clause, clause: Clause) -> bool:
    """True for 对遵守…，在一年内无…的人: the preposition before governs the phrase after."""
    opens = re.match("对(?!方)|对于", before.text) and not CONDITION_END.search(before.text)
    return bool(opens) and bool(PREPOSITION.match(clause.text))


def _with_neighbours(contexts: list[Clause], k: int, span: Span) -> Span:
    """A bearer that stands alone between commas, with those that stand alone beside it."""
    start, end = span.start, span.end
    if alone(contexts[k]):
        for before in reversed(contexts[:k]):
            if not alone(before):
                break
            start = before.start
    return Span(start, end)


def _goes_on(contexts: list[Clause], k: int) -> bool:
    """True if the clause opens a case that the next one ends: 运输…，需要停车的."""
    verb = words(contexts[k].text)[0].flag.startswith("v")
    return verb and k + 1 < len(contexts) and bool(CONDITION_END.search(contexts[k + 1].text))


def _opens_topic(context: Clause, span: Span) -> bool:
    """True if the clause goes on as 工会对…, so that the things after it belong to its topic."""
    rest = context.text[span.end - context.start :]
    return bool(PREPOSITION.match(rest) or _FOUND.match(rest)) or not rest.strip(BLANK)


def _joined(contexts: list[Clause], own: str, left: int) -> Span | None:
    """X，以及Y应当: one subject over a comma."""
    if not contexts or not own.startswith(("以及", "和", "及")):
        return None
    before = bearer_at_start(contexts[-1].text)
    m = re.match("以及|和|及", own)
    after = m and bearer_at_start(own[m.end() :])
    if m is None or before is None or after is None or before.end < len(contexts[-1].text):
        return None
    return Span(contexts[-1].start, left + m.end() + after.end)


def _contexts(sentence: Sentence, hit: Hit, previous: Hit | None, governed: bool) -> list[Clause]:
    """The clauses before the hit that belong to it, in reading order."""
    if previous is None and not governed:
        return list(sentence.clauses[: hit.clause])
    first = previous.clause + 1 if previous else 0
    out: list[Clause] = []
    for clause in reversed(sentence.clauses[first : hit.clause]):
        text = opened(clause.text)[0]
        phrase = None if PREPOSITION.match(text) else bearer_at_start(text)
        opens_case = bool(out) and _is_thought(text, phrase) and CONDITION_END.search(out[0].text)
        topic = governed and clause is sentence.clauses[0] and _TOPIC.fullmatch(text)
        bearer = phrase is not None and _bare_or_prep(text, phrase.end)
        if not (CONDITION_END.search(text) or bearer or topic or opens_case):
            break
        out.insert(0, clause)
    return out


def _is_thought(text: str, phrase: Phrase | None) -> bool:
    """True for 工会认为…, which opens what the next clause ends: …，要求研究时，."""
    return phrase is not None and bool(re.match("认为|发现", text[phrase.end :]))


_TOPIC = re.compile("对(?!方)[^，]*的[^的，]{2,10}")


def _bare_or_prep(text: str, end: int) -> bool:
    rest = text[end:].strip(BLANK)
    return not rest or bool(PREPOSITION.match(rest))


def _after(sentence: Sentence, hit: Hit) -> Span | None:
    """由X after the modal word, and 禁止任何单位和个人…."""
    clause = sentence.clauses[hit.clause]
    if hit.assigned:
        if clause.text[hit.start - clause.start] == "由" and hit.action > hit.start:
            return Span(hit.start + 1, hit.action)
        return None
    rest = clause.text[hit.action - clause.start :]
    by = _BY_AFTER.match(rest)
    at = by.end() if by else 0
    if by is None:
        m = _ANYBODY.match(rest)
        if m:
            return Span(hit.action, hit.action + m.end())
        return _forbidden(clause.text[hit.start - clause.start :], rest, hit.action)
    phrase = bearer_at_start(rest[at:])
    if phrase is None:
        return None
    return Span(hit.action + at + phrase.start, hit.action + at + phrase.end)


def _forbidden(modal: str, rest: str, at: int) -> Span | None:
    """Whom 禁止 and 严禁 speak of: 禁止分包单位将工程再分包."""
    if not modal.startswith(("禁止", "严禁")):
        return None
    first = words(rest)[0] if rest else None
    if first is None or (first.flag.startswith("v") and not NOUN_LIKE.fullmatch(first.text)):
        return None
    phrase = bearer_at_start(rest)
    if phrase is None or PREPOSITION.match(rest) or not rest[phrase.end :].strip(BLANK):
        return None
    if rest.endswith("等措施") or rest[: phrase.end].endswith("国家"):
        return None  # 禁止人员进入等措施: one measure of several
    return Span(at + phrase.start, at + phrase.end)


def _in_own(own: str, left: int) -> tuple[Span | None, bool, Span | None]:
    """Return (subject, names a thing, condition) of the words between clause start and modal."""
    text, skipped = opened(own)
    at = left + skipped
    if either := _EITHER.match(text):
        return Span(at + either.start("who"), at + either.end("who")), False, None
    phrase = bearer_at_start(text)
    if phrase is not None:
        if _thing_of(text[phrase.end :]) or _MANY.match(text[phrase.end :]):
            return None, True, None
        return Span(at + phrase.start, at + phrase.end), False, None
    acting = _acting(text)
    if acting:
        return Span(at, at + acting), False, None
    for m in _LEADING.finditer(text):
        rest = text[m.end() :]
        inner = bearer_at_start(rest)
        if inner is not None and not _thing_of(rest[inner.end :]) and _free(text, m.end()):
            return (
                Span(at + m.end() + inner.start, at + m.end() + inner.end), False, Span(at, at + m.end()),
            )  # fmt: skip
    end = actor_end(text, own=True)
    if end:
        return Span(at, at + end), False, None
    return None, _names_thing(text, own=True), None


_EITHER = re.compile("(?:不论|无论)(?P<who>单位(?:还是|或者)个人)(?:，|都|均|$)")
_ACTING = re.compile(
    "(?P<who>[^，的]{2,30})(?:施工|作业|生产|经营|运输|储存|检查|监管|执法|办案|上路|出行)"
)
"""安装单位|施工 应当…: who does it, not the work, where no 的 stands between."""


def _acting(text: str) -> int:
    """Where the bearer ends who does what the words name; 0 if they name nothing of the kind."""
    m = _ACTING.fullmatch(text)
    if m is None or not is_bearer(m["who"]) or bearer_at_start(m["who"]) is None:
        return 0
    return m.end("who")


def _free(text: str, end: int) -> bool:
    """True if the phrase after `end` is not the object of the preposition that opens the text."""
    head = text[:end]
    return not head.endswith("的") and not re.match("(?:对|对于|向|与|将|把|给)", text)


_CIRCUMSTANCE = re.compile("对|将|把|因|按|根据|依照|就|除|经|为了|为其|在[^，]*[时后前中内下]$")
_OF_THING = re.compile(r"^(?:[^，]*)的(?P<noun>[^的，]{1,24})$")


def _thing_of(rest: str) -> bool:
    """True if what follows the bearer makes it the owner of a thing: …采购、租赁的机具."""
    bare = rest.rstrip(BLANK)
    m = _OF_THING.match(bare)
    if not m or _CIRCUMSTANCE.match(bare) or is_bearer(bare):
        return False
    if PREPOSITION.match(bare) and not re.match("为|向|在|依法", bare):
        return False
    head = bare[: m.start("noun")]
    return not re.search("[时后前]|未|不", head) and not re.search("[时后前中内下]$", bare)


def _thing_made(rest: str) -> bool:
    """Like `_thing_of`, but only where verbs alone stand before 的, or a 设施 at the end.

    制定有关安全生产的规章制度， is what the bearer does, 采购、租赁的机具， is what he has.
    """
    if not _thing_of(rest):
        return False
    head = rest[: rest.index("的")]
    if re.search("(?:设施|设备|装置|费用)$", rest.rstrip(BLANK)) and len(head) > 6:
        return True
    if head.endswith("约定"):
        return True
    return all(t.flag.startswith(("v", "d", "x", "c")) or t.text == "、" for t in words(head))


def _names_thing(text: str, own: bool = False) -> bool:
    bare = text.strip(BLANK)
    if not bare or PREPOSITION.match(bare) or _OFTEN.fullmatch(bare) or _FOUND.match(bare):
        return False
    tokens = words(bare)
    if all(
        t.flag.startswith(("d", "p", "c", "m", "t", "u", "q")) or _ADVERBIAL.fullmatch(t.text)
        for t in tokens
    ):
        return False
    if bare.endswith(("时", "后", "前", "的", "内", "期间")):
        return False
    if own and all(t.flag.startswith("v") or t.text in "、和或及" for t in tokens):
        return True
    if own and tokens[-1].flag.startswith("n") and len(tokens) <= _SHORT_NAME:
        return True
    opens_predicate = tokens[0].flag in ("v", "d", "p")
    return not opens_predicate or bool(re.search("的[^的]+$", bare))


_SHORT_NAME = 4
_OFTEN = re.compile("(?:一般|原则上)?每.{1,2}")
_FOUND = re.compile("发现|接到|收到|遇")
_ADVERBIAL = re.compile("定期|及时|立即|依法|严格|认真|统一|必要|同时|首先|全面|随时|不定期|至少")


_HEADCOUNT = re.compile(
    "(?:总数|数量)?(?:在|超过|不足|不满|达到?|少于|为)*[0-9一二三四五六七八九十百千]+[名人]"
)
_MANY = re.compile("(?:比?较|众)(?:多|少|为?集中|为?密集)的")
"""职工较多的…: a feature of what follows."""
_VEHICLE = re.compile(
    "[^，的]*(?:的)?(?:船舶|机动车|车辆|航空器|列车)(?=通过|进入|进出|行经|行驶|停泊|航行|遇|发生)"
)
"""What moves is a thing: who steers it is not said."""


def _in_context(clause: Clause) -> tuple[Span | None, bool]:
    text, skipped = opened(clause.text)
    at = clause.start + skipped
    if either := _EITHER.match(text):
        return Span(at + either.start("who"), at + either.end("who")), False
    phrase = bearer_at_start(text)
    if phrase is not None:
        rest = text[phrase.end :]
        if _HEADCOUNT.match(rest):
            return None, False
        if _MANY.match(rest):
            return None, True
        if _thing_made(rest) and not CONDITION_END.search(text):
            return None, True
        return Span(at + phrase.start, at + phrase.end), False
    for m in _LEADING.finditer(text):
        inner = bearer_at_start(text[m.end() :])
        if inner is not None and _free(text, m.end()) and not text[m.end() + inner.end :]:
            return Span(at + m.end() + inner.start, at + m.end() + inner.end), False
    acting = _acting(text) or actor_end(text, own=False)
    if acting:
        return Span(at, at + acting), False
    if CONDITION_END.search(text):
        return None, bool(_VEHICLE.match(text))
    return None, _names_thing(text)


def _trim_join(own: str, left: int, start: int) -> int:
    m = re.search(r"(?:，|并且|并|且|但是|但|而|或者|也|又|亦|还|同时|均|都|依法)+$", own)
    return left + m.start() if m else start
