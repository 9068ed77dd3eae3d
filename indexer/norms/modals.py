"""Modal words in main position: those that govern a clause, not those inside a modifier.

应当报告而未报告的, 依法应当报废的车辆 and 不得从事…的人员 describe a case or a thing; they lay
nothing on anybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.norms.bearer_phrase import bearer_at_start, is_bearer
from indexer.norms.model import Modality
from indexer.norms.text import Clause, Sentence, Token, words


@dataclass(frozen=True, slots=True)
class Hit:
    """A modal word (or a predicate that assigns work) at offsets of its line.

    `clause` is its place in the sentence; the action begins at `action`.
    """

    clause: int
    start: int
    action: int
    modality: Modality
    assigned: bool = False


_NOT = Modality.MUST_NOT
_WORDS: tuple[tuple[str, Modality], ...] = (
    ("不应当", _NOT), ("不可以", _NOT), ("不得(?!不|已)", _NOT), ("不准", _NOT), ("严禁", _NOT),
    ("(?<![明令被])禁止(?!性|令|标志|标识|区|的|或者|、|和)", _NOT), ("应当", Modality.MUST),
    ("必须(?!的)", Modality.MUST),
    ("可以", Modality.MAY), ("(?<![负没])有(?:义务|责任)(?=[^，的])", Modality.MUST),
    ("(?<![所拥占国享具持没])有权(?!机关|部门|单位|益|的|属)", Modality.RIGHT),
)  # fmt: skip
_MODAL = re.compile("|".join(f"(?P<m{i}>{w})" for i, (w, _) in enumerate(_WORDS)))
_SHORT = {"应": Modality.MUST, "须": Modality.MUST, "要": Modality.MUST, "可": Modality.MAY}
_SPLIT = re.compile("应[试报按到由在经设建]")
_NOT_SHORT_AFTER = re.compile(r"[缴收付得有受运交供行操追用容买查持再见]")
_SHORT_BEFORE = re.compile(r"(?:[方才即尚无不必仍所相对][^，]{0,0}|需)$")
_OWED = re.compile(
    r"(?P<verb>负有|享有|(?<!没)有(?![关效利害毒限序])|承担)(?P<what>[^，]{0,60}?)(?P<noun>权利|权益|义务|职责|责任|权)$"
)
_ADVERB = re.compile(
    r"(?:依法|依规|及时|立即|均|都|也|还|并且|并|而且|且|但是|但|而|又|亦|同时|统一|首先|一般|必要时|至少|不再|仍然|仍|则|就|只|只有|"
    r"一律|自觉|严格|认真|随时|定期|不定期|按规定|一并|分别|共同|有序|或者|此外|另外|因此|原则上|■+)$"
)
_EMBEDS = re.compile(
    r"(?:表示|认为|告知|说明|注明|提出|明确|确定|要求|载明|责令|知道|保证|确保|证明|使|具备|列明|决定|建议|提示|督促|教育|"
    r"监督|报告|公布|属于|是否|(?<![场出究务易处])所|符合|违反|遵守|履行|采取|承诺|约定|同意|允许|其中|包括|具有|存在|发现|从事|使用|除了|除|对|对于|将|把|被|"
    r"向|为|是|有|按|按照|依照|因|根据|或者|或|和|与|及|以及|及其|、)$"
)
_RULED = re.compile(r"(?:规定|标准|要求|约定)$")
_OPENS_WITH = re.compile(r"^(?:按照|依照|根据|按|依据|除|违反|未按照|经)")
_JOINS = re.compile(r"(?:并且|并|而且|且|但是|但|也|又|亦|还|同时|或者|而|均|都)$")
_ATTRIBUTIVE = re.compile(r"^[^的]*的[^的]{1,14}$")
_CONDITION_END = re.compile(r"(?:的|的除外|除外)$")
_NOUN_TOO = re.compile(
    "(?:报告|决定|建议|监督|教育|使用|约定|监督检查|公布|承诺|安排|采取|证明|说明)$"
)
"""Words that name a thing as well as an act: …报告应当公布 governs, 报告应当公布的… does not."""
_LEFT_UNDONE = re.compile("[^，]{1,30}而(?:尚)?[未没不]")
_POLICY = re.compile("(?:工作|国家)(?:实行|坚持|遵循|贯彻)|、管[^，]{1,6}$")
"""实行管行业必须管安全: a principle, though it has a modal word in it."""
_VERB_THING = re.compile(r"(?P<verb>[^的]{1,4})的")
_DEFINES = re.compile(r"所称|是指|指的是")


def find_modals(sentence: Sentence) -> list[Hit]:
    """Return the modal words in main position, in reading order."""
    out: list[Hit] = []
    for k, clause in enumerate(sentence.clauses):
        if _is_condition(sentence, k) or _DEFINES.search(clause.text):
            continue
        found = _in_clause(sentence, k, clause)
        out += found or _owed(k, clause)
    return out


def _is_condition(sentence: Sentence, k: int) -> bool:
    """True if the clause ends in 的; the clauses of one condition before it are told apart later."""
    return bool(_CONDITION_END.search(sentence.clauses[k].text))


def _in_clause(sentence: Sentence, k: int, clause: Clause) -> list[Hit]:
    out: list[Hit] = []
    following = sentence.clauses[k + 1].text if k + 1 < len(sentence.clauses) else ""
    for start, end, modality in _candidates(clause):
        before, after = clause.text[:start], clause.text[end:]
        if clause.text[start:end] == "要" and _MODAL.match(following):
            continue  # X要终止经营，应当…: what he wants to do
        if out:
            between = clause.text[out[-1].action - clause.start : start]
            if not _JOINS.search(_without_adverbs(between, joins=False)) or "的" in between[-3:]:
                continue
        elif not _governs(sentence, k, before, after):
            continue
        out.append(Hit(k, clause.start + start, clause.start + end, modality))
    return out


def _candidates(clause: Clause) -> list[tuple[int, int, Modality]]:
    out = [
        (m.start(), m.end(), _WORDS[int(str(m.lastgroup)[1:])][1])
        for m in _MODAL.finditer(clause.text)
    ]
    taken = {i for a, b, _ in out for i in range(a, b)}
    for token in map(_last_sign, clause.tokens):
        a, b = token.start - clause.start, token.end - clause.start
        if _SPLIT.match(token.text) and _is_bearers(clause.text[:a]):
            out.append((a, a + 1, Modality.MUST))  # 单位应试运行: two words, not one
        elif token.text == "应对" and not a and clause.text.endswith("负责"):
            out.append((a, a + 1, Modality.MUST))  # 负责人，应对安全全面负责
        if token.text not in _SHORT or a in taken:
            continue
        if _SHORT_BEFORE.search(clause.text[:a]):
            continue
        if token.text == "要":
            if not (_is_bearers(clause.text[:a]) or _goes_on(clause.text[:a], clause.text[b:])):
                continue
        elif _NOT_SHORT_AFTER.match(clause.text[b:]):
            continue
        negated = clause.text[:a].endswith("不")
        out.append((a, b, _NOT if negated else _SHORT[token.text]))
    return sorted(out, key=lambda x: x[0])


def _last_sign(token: Token) -> Token:
    """The 要 of 还要 and 也要, which are words to the tagger; any other word as it is."""
    if token.text not in _WITH_ADVERB:
        return token
    return Token("要", token.flag, token.end - 1, token.end)


_WITH_ADVERB = frozenset({"还要", "也要", "都要", "均要"})


def _is_bearers(before: str) -> bool:
    """True if a bearer and adverbs, or a thing of a few words, is all that stands before 要."""
    phrase = bearer_at_start(before)
    if phrase is None:
        tokens = words(before)
        return bool(tokens) and tokens[-1].flag.startswith(("n", "vn")) and len(before) <= _BRIEF
    return not _without_adverbs(before[phrase.end :])


_BRIEF = 8


def _goes_on(before: str, after: str) -> bool:
    """True for 还要监督… and 要配…, said of whom or what the words before the comma name."""
    tokens = words(after)
    return not _without_adverbs(before) and bool(tokens) and tokens[0].flag.startswith("v")


def _governs(sentence: Sentence, k: int, before: str, after: str) -> bool:
    bare = _without_adverbs(before)
    if bare.endswith("的"):
        return "的" not in after or after.rstrip("■").count("，") > 0 or len(bare) > 4
    if _EMBEDS.search(bare) and not is_bearer(bare) and not _is_subject(bare, after):
        return False
    if _LEFT_UNDONE.match(after):
        return False
    if _POLICY.search(before):
        return False
    if _OPENS_WITH.match(before) and re.match("由[^，的]*的[^，的]{1,8}$", after):
        return False
    if re.search("(?:其他|所有|各种)$", bare) and "的" in after:
        return False
    if _RULED.search(bare) and not _OPENS_WITH.match(bare) and "的" in after:
        return False
    if _VERB_THING.match(after) and _is_verb(after):
        return False
    no_subject = not bare and bearer_at_start(before) is None
    if no_subject and k + 1 < len(sentence.clauses) and _ATTRIBUTIVE.match(after):
        later = "，".join(c.text for c in sentence.clauses[k + 1 :])
        if k == 0 and _MODAL.search(later) and before.endswith("依法"):
            return False
    return True


def _is_subject(bare: str, after: str) -> bool:
    """True if the words before the modal end in a noun that could be a verb: 调查报告应当…."""
    m = _NOUN_TOO.search(bare)
    if not m or not bare[: m.start()]:
        return False
    return bare[: m.start()].endswith("的") or not re.search("的[^的，]{1,10}$", after)


def _is_verb(after: str) -> bool:
    """True if one verb alone stands before the first 的: 应当具备的…, not 应当有必要的…."""
    first, *rest = words(after)
    return first.flag.startswith("v") and bool(rest) and rest[0].text == "的"


def _without_adverbs(text: str, joins: bool = True) -> str:
    while True:
        m = _ADVERB.search(text)
        if not m or (not joins and _JOINS.search(text)):
            return text
        text = text[: m.start()]


def _owed(k: int, clause: Clause) -> list[Hit]:
    """有…的义务, 负有…职责, 享有…权利, said of a bearer."""
    m = _OWED.search(clause.text)
    if not m:
        return []
    subject = bearer_at_start(clause.text[: m.start()])
    if subject is None and clause.text[: m.start()].strip("均都也依法并"):
        return []
    if m["verb"] == "有" and m["noun"] == "权":
        return []
    if m["verb"] == "承担" and m["noun"] not in ("义务", "职责"):
        return []
    right = m["noun"] in ("权利", "权益", "权")
    modality = Modality.RIGHT if right else Modality.MUST
    return [Hit(k, clause.start + m.start(), clause.start + m.end("verb"), modality)]
