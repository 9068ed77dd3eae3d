"""What keeps a badly worded question out: everything that can be told from the question alone.

Whether the key is right and the other options are wrong is not told here; see
`assistant.quiz.validate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind, Knowledge, Question
from indexer.tokens import Tokenizer, bigrams

MAX_STEM, MIN_STEM, MAX_OPTION = 170, 10, 64
_HAN = re.compile("[一-鿿]+")
_WORDED = frozenset(
    {Knowledge.DUTY, Knowledge.LIST, Knowledge.DEFINITION, Knowledge.MEASURE, Knowledge.FORBIDDEN}
)
"""What has options of running words; the words of a sanction or an office are the rule's own."""
_CHOICE = (Kind.SINGLE, Kind.MULTI, Kind.CASE)
_ELSEWHERE = re.compile(
    r"[前上下](?:一|两|二|三|四)?[款条项](?!件)|本[条款项章节](?!件|例|款项|目)|上述|前述|如下|这[些类种个项次里份一]|上列|前列|所列|以下简称|以下统称|以下称|下称|下同|"
    r"(?:本法|本条例|本办法|本规定|本细则|本解释)第[一二三四五六七八九十百零]+[条章节款项]|"
    r"(?<!》)第[一二三四五六七八九十百零]+[条款项章节](?!件)|第（[一二三四五六七八九十]+）项"
)
_DANGLING = re.compile(
    r"^(?:其(?![它中余])|其中|该|此|前者|后者|对其|由其|并(?!联)|但|同时|逾期|情节|有前|而|或者|以及|造成|构成|处|违法所得|拒不)"
)
_OPENING = re.compile(r"^(?:(?:根据|按照|依据|依照|关于)(?:《[^》]+》|“[^”]+”)[^，]{0,12}，)")
_TRIVIAL = re.compile(
    r"自\d*[一二三四五六七八九十〇零年月日\d]*起施行|制定本|适用本法|为了加强[^，]*，"
)
_OPEN_LIST = re.compile(
    r"(?:(?:下列|以下)(?!规定|要求|标准|办法)[^，。：”]{1,8}|职责是|享受)：|“(?:法律、[^”]*)?其他[^”]*”(?:情形|行为)"
)
"""One part of a list told as if it were the whole, or the clause that leaves it open told as a case."""
_VIEWS = "下列说法中"
"""How a stem asks which statements are right; it has no matter of its own to repeat."""
_EXPLAINED = re.compile("对“([^”]+)”的解释")
_SCOPES = tuple(
    re.compile(words)
    for words in (
        "本单位|本企业|本公司|本机构",
        "本行政区域|全国|辖区|制定国家|国家标准|行业标准|会同|指导",
        "监督检查|监督管理|执法|督促|公布|公告|许可",
    )
)
"""Words by which one tells a unit's duty from an office's without knowing either."""
_FRAME_WORDS = frozenset(
    {
        "下列", "各项", "属于", "应当", "履行", "职责", "负责", "事项", "规定",
        "根据", "按照", "依照", "依法", "国家", "有关", "进行", "单位", "部门",
        "机构", "人员", "安全", "生产", "管理", "工作", "内容", "包括", "具备",
        "符合", "条件", "以及", "或者", "其他", "相关", "情形", "行为", "采取",
        "措施", "是指", "本法", "要求", "组织", "人民政府", "政府", "主管", "主管部门",
        "国务院", "县级", "以上", "地方", "法律", "责任", "承担", "可以", "不得",
        "必须", "没有", "以下", "一个", "之一",
    }
)  # fmt: skip
"""Words that stand in every other stem or option and tell nothing."""
_CHOSEN_DUTY = re.compile(
    "可以[^，。；因]{0,30}(?:承担|履行|接下)[^，。；]{0,24}(?:义务|责任(?![制书区人保])|职责)"
)
"""A duty told as a choice, which contradicts itself."""
_ALL_OF = re.compile(r"以上(?:都|全|均|皆|各项)|都(?:对|正确|不对)|均(?:对|正确)$")
_PAIRS = (("（", "）"), ("《", "》"), ("“", "”"), ("〔", "〕"))
_CLUMSY = re.compile(
    r"[，。；：、]{2,}|。[」]|[，、：；]$|^[，。；、）]|\n|[,;]|\s{1}(?!　)[一-鿿]|的的|，的"
)
_LOST = re.compile(
    r"应当(?:至少)?(?:每[^，。；]{1,5}?|（　　）|甲)(?:至少)?(?:检查|检测|检验|巡查|演练|维护)(?:一次|1次)"
    r"|(?:^|，)[^，。；]{2,16}(?:予以|准予)(?:许可|批准|核准|登记)的，"
    r"|^(?:根据《[^》]+》，)?[^，。；]{2,24}(?:应当|要|应)(?:自|从)受理之日起[^，。；]{1,12}内(?:作出)?(?:决定|答复|审查|审批)(?=[，。；]|$)"
    r"|^(?:根据《[^》]+》，)?(?:运到|送达|收到|到期|受理)后，"
)
"""Rules cut off from the sentence that says what is inspected, permitted, decided or delivered."""
_GRADE = re.compile(r"(?:特别重大|重大|较大|一般)[一-鿿]{0,4}")
"""Grades, one of whose names holds another's."""
_LETTERS = re.compile(r"(?:选|答案|选项|应为|故)[是为：]?\s?[A-E]")
_FIGURE = re.compile(
    r"(?:不[少多低高大小]于|不[得]?超过|超过|至少|每|满|不满|不足)?"
    r"[零〇一二两三四五六七八九十百千万亿半几\d.至以上下之内外倍%分日天年月个周岁小时钟工作元人名户次"
    r"季度米千公里吨斤克平方立海伏瓦层和、以级学课厘毫升兆帕摄氏]+"
)


def problems(question: Question) -> tuple[str, ...]:
    """Return what is wrong with the wording of a question; empty if nothing is."""
    return (*_stem(question), *_options(question), *_answer(question), *_evidence(question))


def _stem(q: Question) -> Iterator[str]:
    text = q.stem
    if not MIN_STEM <= len(text) <= MAX_STEM + (60 if q.kind is Kind.CASE else 0):
        yield f"stem has {len(text)} characters"
    bare = text.replace(BLANK, "甲")
    if m := _ELSEWHERE.search(_OPENING.sub("", bare)):
        yield f"stem points elsewhere: {m[0]}"
    if m := _DANGLING.match(_OPENING.sub("", bare)):
        yield f"stem begins in mid-thought: {m[0]}"
    if unnamed := _unnamed(_OPENING.sub("", bare)):
        yield f"stem speaks of what it has not named: {unnamed}"
    if m := _TRIVIAL.search(text):
        yield f"stem asks something trivial: {m[0]}"
    if not text.endswith(("。", "？", BLANK)):
        yield "stem does not end as a sentence"
    if len(re.findall("：", bare)) > 1:
        yield "stem has two colons"
    if m := _OPEN_LIST.search(bare):
        yield f"stem breaks a list off: {m[0]}"
    yield from (f"stem {p}" for p in _wording(bare))
    if q.kind is Kind.JUDGE and BLANK in text:
        yield "a true/false statement has a gap"
    if q.kind is Kind.BLANK and text.count(BLANK) != len(q.answer):
        yield "the number of gaps and of answers differ"


def _unnamed(text: str) -> str:
    """Return a 该… whose noun does not stand before it; "" if every one is named."""
    for m in re.finditer("(?<!应)该(?!当|由|如)([一-鿿]{2,5})", text):
        noun, before = m[1], text[: m.start()]
        if not any(noun[n : n + 2] in before for n in range(len(noun) - 1)):
            return m[0]
    return ""


def _options(q: Question) -> Iterator[str]:
    if q.kind is Kind.JUDGE:
        if q.options != (RIGHT, WRONG):
            yield "a true/false question has the options 正确 and 错误"
        return
    if q.kind not in _CHOICE:
        if q.options:
            yield "options in a question without choice"
        return
    if not 3 <= len(q.options) <= 6:
        yield f"{len(q.options)} options"
    for option in q.options:
        if not 1 <= len(option) <= MAX_OPTION:
            yield f"option of {len(option)} characters"
        if _ALL_OF.search(option):
            yield "an option refers to the others"
        if m := _ELSEWHERE.search(option):
            yield f"option points elsewhere: {m[0]}"
        yield from (f"option {p}" for p in _wording(option))
    plain = [_normal(o) for o in q.options]
    if len(set(plain)) < len(plain):
        yield "two options are equal"
    elif not all(is_figure(o) or _GRADE.fullmatch(o) for o in q.options) and any(
        a in b for a in plain for b in plain if a is not b
    ):
        yield "one option contains another"
    yield from _giveaways(q)


def is_figure(text: str) -> bool:
    """True for an option that is a number with its unit and bounds, and nothing else."""
    return bool(_FIGURE.fullmatch(text))


def _giveaways(q: Question) -> Iterator[str]:
    right = [o for o in q.options if o in q.answer]
    wrong = [o for o in q.options if o not in q.answer]
    if not right or not wrong or all(map(is_figure, q.options)):
        return
    mean = sum(map(len, wrong)) / len(wrong)
    longest, shortest = max(map(len, wrong)), min(map(len, wrong))
    own = sum(map(len, right)) / len(right)
    if own > longest + 3 and own > 1.35 * mean:
        yield "the right option is the longest by much"
    if own < shortest - 3 and own < 0.65 * mean:
        yield "the right option is the shortest by much"
    stem = frozenset(bigrams(_OPENING.sub("", q.stem)))
    shares = [_shared(o, stem) for o in wrong]
    if min(_shared(o, stem) for o in right) > max(shares) + 0.25:
        yield "the right option alone repeats words of the stem"
    yield from _telling(q, right, wrong)
    ends = {o[-1] in "的者" for o in wrong}
    if len(q.options) > 3 and len(ends) == 1 and all((o[-1] in "的者") not in ends for o in right):
        yield "the right option differs in form"


def _telling(q: Question, right: list[str], wrong: list[str]) -> Iterator[str]:
    """Yield a word of the stem that the right options have and no wrong one; a scope likewise."""
    if q.knowledge not in _WORDED or _VIEWS in q.stem:
        return
    for scope in _SCOPES if q.knowledge in (Knowledge.DUTY, Knowledge.LIST) else ():
        one, other = any(map(scope.search, right)), any(map(scope.search, wrong))
        if one != other and (all(map(scope.search, wrong)) or all(map(scope.search, right))):
            yield "the right options are told by their scope"
        elif other and not one and scope is not _SCOPES[2]:
            yield "a wrong option is told by its scope"
    if (name := _EXPLAINED.search(q.stem)) and any(
        all(pair in o for o in right) and not any(pair in o for o in wrong)
        for pair in bigrams(name[1])
    ):
        yield "the right option alone repeats the name that it explains"
    stem = _content(_OPENING.sub("", q.stem))
    told = [frozenset(w for w in stem if w in o) for o in right]
    elsewhere = "|".join(wrong)
    if all(any(w not in elsewhere for w in words) for words in told):
        yield "the right options alone have a word of the stem"


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    """Return the words of two and more characters that tell something."""
    words = _tokenizer().cut(text)
    return frozenset(w for w in words if len(w) > 1 and _HAN.fullmatch(w) and w not in _FRAME_WORDS)


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    return Tokenizer()


def _shared(option: str, stem: frozenset[str]) -> float:
    pairs = set(bigrams(option))
    return len(pairs & stem) / len(pairs) if pairs else 0.0


def _answer(q: Question) -> Iterator[str]:
    if not q.answer or not all(q.answer):
        yield "no answer"
    if q.kind in (Kind.SINGLE, Kind.JUDGE, Kind.CASE) and len(q.answer) != 1:
        yield f"{len(q.answer)} answers"
    if q.kind is Kind.MULTI and not 2 <= len(set(q.answer)) <= len(q.options):
        yield f"{len(q.answer)} right options"
    if q.options and not set(q.answer) <= set(q.options):
        yield "the answer is not among the options"
    if q.kind not in (Kind.JUDGE, Kind.SHORT):
        stem = _normal(q.stem)
        for answer in q.answer:
            if len(_normal(answer)) > 1 and _normal(answer) in stem:
                yield f"stem holds the answer: {answer}"


def _evidence(q: Question) -> Iterator[str]:
    if not q.basis:
        yield "no basis"
    for basis in q.basis:
        if not basis.quote or any(t not in basis.quote for t in basis.tested):
            yield "the tested words are not in the quotation"
    if m := _LETTERS.search(q.explanation):
        yield f"explanation names a letter: {m[0]}"
    if not q.explanation.strip():
        yield "no explanation"


def _wording(text: str) -> Iterator[str]:
    if m := _CLUMSY.search(text):
        yield f"is clumsy: {m[0]!r}"
    if m := _CHOSEN_DUTY.search(text):
        yield f"tells a duty as a choice: {m[0]}"
    if m := _LOST.search(text):
        yield f"has lost what it speaks of: {m[0]!r}"
    for left, right in _PAIRS:
        if text.count(left) != text.count(right):
            yield f"has an open {left}{right}"


def _normal(text: str) -> str:
    return re.sub(r"[\s，。；：、“”（）《》　]", "", text)
