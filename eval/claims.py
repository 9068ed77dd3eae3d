"""What a sentence on rules claims: figures with unit and bound, time words, modality, subjects.

Two wordings of the same rule yield the same claims, so a restatement can be compared with
its source: 二万元以上 and 2万元以上 are one figure, 2万元以下 is another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.numerals import to_int

_CN = "零〇一二两三四五六七八九十百千半"
_N = rf"(?:\d+(?:\.\d+)?|[{_CN}]+)"
_UNITS = (
    "个工作日|工作日|个自然日|小时|分钟|个月|平方米|立方米|平方公里|公里|千米|海里|毫米|厘米|米|千克|公斤|吨|升|兆帕|周岁"
    "|岁|倍|%|％|人次|人|名|次|层|元|年|月|日|天|周|季度"
)
_FIGURE = re.compile(
    rf"(?P<before>不少于|不低于|不超过|不得超过|不得少于|不得低于|超过|不足|不满|至少|年满|满|逾)?"
    rf"(?<![第统唯同任逐{_CN}\d.])(?P<low>{_N})(?:(?P<scale1>[万亿])?(?P<u1>元)?(?:至|到|—|-|~|～)(?P<high>{_N}))?"
    rf"(?:余|多)?(?P<scale>[万亿])?(?:名|户)?(?P<unit>{_UNITS})"
    rf"(?P<after>\(?（?含本数\)?）?)?(?P<bound>以上|以下|以内|之内|以前|之前|以后|之后|内|前|后)?"
)
_SHARE = re.compile(rf"(百|千|万|[{_CN}]+)分之({_N}|点)(以上|以下|以内)?")
_BOUNDS = {"之内": "内", "以内": "内", "以前": "前", "之前": "前", "以后": "后", "之后": "后"}
_UNIT_NAMES = {
    "％": "%",
    "个工作日": "工作日",
    "个月": "月",
    "公斤": "千克",
    "千米": "公里",
    "天": "日",
    "名": "人",
}
_NOT_FIGURES = re.compile(
    r"一次性|一年一度|十年树木|一日生活|三同时|百年大计|一人一档|一人一卡|一日一|千人计划|一企一|一岗双责|双人双锁"
)
TIME_WORDS = (
    "立即", "及时", "定期", "不定期", "每年", "每月",
    "每季度", "每半年", "每日", "每两年", "每三年", "当日", "当场", "当天", "连续",
)  # fmt: skip
_MUST = re.compile(
    r"应当|至少|应该|必须|(?<![合相适供对响回反呼感])应(?![急用力聘邀诉变激答])|须(?!知)|(?<![主重需只次纪摘概必紧扼首])要(?![求件点素害领闻么约犯目道职])|负责|责令|由|予以|给予|处|依法|需要|为|是|属于"
)
_NOT = re.compile(
    r"不得|禁止|严禁|不准|不予|不能|不许|无权|不再|不应|不可以|不必|不需要|无需|不适用|不受|不另|不|未|无|非"
)
_STRICT_NOT = re.compile(r"不得|禁止|严禁|不准|不许|不可(?!抗|撤|逆|分)")
_MAY = re.compile(
    r"可以|有权|可(?!能|靠|行|燃|疑|视|溶|持|操|移|抗|逆|用|比|控|信|追)|允许|准许|不必|有权利|自愿|自行决定|鼓励"
)
_STRICT_MAY = re.compile(r"可以(?!采取的措施|(?:证明|说明))")
_STRICT_MUST = re.compile(r"应当|至少|必须")
_SUFFIX = (
    "部门|机关|机构|人民政府|政府|单位|企业|人员|负责人|法院|检察院|公司|委员会|协会|学校|办事处|街道办|承办者|管理者|经营者|业主"
    "|使用人|所有人|产权人|职工|工人|驾驶人|驾驶员|矿长|所长|局长|省长|市长|县长|乡长|镇长|检察官|消防队|消防站|救护队|救援队伍|救援队|工会|主席"
    "|站|场|厂|矿|社区|领导干部|国务院|调查组|指挥部|专家|监护人|当事人|公民|个人|用户|用人单位|法人|组织|托运人|承运人|燃放人|作业人|责任人|管理人|师"
)


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A number with its unit, and the bound that stands with it (以上, 以下, 内, 不少于, …)."""

    value: float
    unit: str
    bound: str = ""

    def __str__(self) -> str:
        shown = int(self.value) if self.value == int(self.value) else self.value
        return f"{shown}{self.unit}{self.bound}"


def figures(text: str) -> list[Figure]:
    """Return every figure of `text` in reading order; ordinals and set phrases are none."""
    text = _NOT_FIGURES.sub("", text.translate(_WIDE))
    out = list(_shares(text))
    text = _SHARE.sub(lambda m: "　" * len(m[0]), text)
    for m in _FIGURE.finditer(text):
        out += [(m.start(), f) for f in _matched(m)]
    return [f for _, f in sorted(out, key=lambda p: p[0])]


def _shares(text: str) -> Iterator[tuple[int, Figure]]:
    for m in _SHARE.finditer(text):
        whole = {"百": 100, "千": 1000, "万": 10000}.get(m[1]) or _number(m[1])
        part = _number(m[2])
        if whole == 100 and part is not None:
            yield m.start(), Figure(part, "%", m[3] or "")
        elif whole and part is not None:
            yield m.start(), Figure(round(part / whole, 6), "分之", m[3] or "")


def _matched(m: re.Match[str]) -> Iterator[Figure]:
    bound = (m["before"] or "").replace("不得", "不").replace("年满", "满")
    after = m["bound"] or ""
    if m["unit"] in ("年", "月") and after in ("前", "后"):
        after = ""
    bound += _BOUNDS.get(after, after)
    unit = _UNIT_NAMES.get(m["unit"], m["unit"])
    for number, scale in ((m["low"], m["scale1"] or m["scale"]), (m["high"], m["scale"])):
        value = _number(number) if number else None
        if value is not None:
            yield Figure(value * {"万": 1e4, "亿": 1e8}.get(scale or "", 1), unit, bound)


_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def _number(text: str) -> float | None:
    if text == "半":
        return 0.5
    try:
        return float(text) if text[0].isdigit() else float(to_int(text))
    except ValueError:
        return None


def time_words(text: str) -> set[str]:
    """Return the words of promptness and frequency that `text` uses."""
    return {w for w in TIME_WORDS if w in text}


def lost_or_added_modality(said: str, source: str) -> list[str]:
    """Return how the modality of a restatement departs from its source, [] if it does not.

    A prohibition or permission must be in both or in neither; an obligation in the
    restatement needs some word of obligation or attribution in the source.
    """
    out = []
    if _STRICT_NOT.search(said) and not _NOT.search(source):
        out.append("原条没有禁止")
    if _STRICT_NOT.search(source) and not _NOT.search(said):
        out.append("漏了禁止")
    if _STRICT_MAY.search(said) and not _MAY.search(source):
        out.append("原条没有“可以”")
    if _STRICT_MAY.search(source) and not _MAY.search(said):
        out.append("漏了“可以”")
    if _STRICT_MUST.search(said) and not (_MUST.search(source) or _STRICT_NOT.search(source)):
        out.append("原条没有“应当”")
    if _STRICT_MUST.search(source) and not (_MUST.search(said) or _STRICT_NOT.search(said)):
        out.append("漏了“应当”")
    return out


def plain(text: str) -> str:
    """Return `text` with the usual shortenings of subjects carried out."""
    for long, short in _SHORTER:
        text = text.replace(long, short)
    return text


_SHORTER = (
    ("人民政府", "政府"),
    ("街道办事处", "街道办"),
    ("地方各级", "地方"),
    ("各级", ""),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
    ("国家机关工作人员", "机关工作人员"),
    ("直接负责的主管人员", "直接主管人员"),
    ("其他直接责任人员", "直接责任人员"),
)  # fmt: skip


class Subjects:
    """The names of bearers, learned from the wording of many statutes, and where they stand."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._longest = max(map(len, self._names), default=0)

    @classmethod
    def of(cls, texts: Iterable[str], least: int = 3) -> Subjects:
        """Learn every noun phrase that ends as bearers do and stands free on its left."""
        pattern = re.compile(
            rf"(?:^|(?<={_ONE_LEFT}))(?:[由向对经给本该]|其他|有关)?([一-鿿]{{0,12}}?(?:{_SUFFIX}))"
        )
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(m[1] for m in pattern.finditer(plain(text)))
        return cls(
            n for n, c in counts.items() if c >= least and len(n) > 1 and not _NO_NAME.search(n)
        )

    def __len__(self) -> int:
        return len(self._names)

    def find(self, text: str) -> set[str]:
        """Return the names in `text`, at each place the longest that ends there."""
        text = plain(text)
        spans: list[tuple[int, int]] = []
        for m in re.finditer(_SUFFIX, text):
            for start in range(max(0, m.end() - self._longest), m.start() + 1):
                if text[start : m.end()] in self._names:
                    spans.append((start, m.end()))
                    break
        return {
            text[a:b]
            for a, b in spans
            if not any(c < b and a < d and d - c > b - a for c, d in spans)
        }


_ONE_LEFT = "[，。；：、（）“”\\s由向和或与及对经报给是为的将把有本该]"
_NO_NAME = re.compile(
    r"的|应当|不得|或者|以及|并|未|不|可以|依法|按照|根据|对|其|下列|自|由|向|等|因|在|从|将|被|时|后|[一二三四五六七八九十\d]名"
    r"|^(?:者|给|与|告|报|听取|省|区|上|下|各|保证|保护|是指|运送|必须|封锁|协助|鼓励|经|督促|管理矿|制定|落实|通知|协调|确定|维护|责成|强令|立即|组织"
    r"|会同|配合|提请|告知|移送|报告|支持|指导|监督|检查|责令|给予|造成|发现|要求|委托|聘请|雇用|违章|需要|属于|涉及|进入|赶赴"
    r"|参加|接受|负责|建立|设置|配备|加强|开展|以及|其他|没有|发生|经过|取得|符合|适用|超过|履行|尚|不|撤|派|调|如|使|处|按|同)"
)


def longest_common_run(a: str, b: str) -> int:
    """Return the length of the longest run of characters that `a` and `b` share."""
    best, row = 0, [0] * (len(b) + 1)
    for x in a:
        new = [0] * (len(b) + 1)
        for j, y in enumerate(b, 1):
            if x == y:
                new[j] = row[j - 1] + 1
                best = max(best, new[j])
        row = new
    return best
