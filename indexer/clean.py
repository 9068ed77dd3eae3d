"""Text that came out of a PDF, a web page or a DOCX → one line per heading, 条, 款, 项 or 目.

Every fix is a function of its own, named in `FIXES` and applied until nothing changes, so
`clean(clean(t).text) == clean(t)` in text. NFKC is never run over the text: it would turn
，（）： into their ASCII look-alikes. What opens a line of structure is decided here too
(`article_head`, `heading`, `begins_unit`), because joining broken lines depends on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from kb.numerals import NUMERAL, to_int

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
CLOSED = "。；：！？”）;:!?)"
"""A line that ends with one of these is complete."""
WIDE = "\u3000"
_MARKS = "，。；：、！？（）《》〈〉「」『』【】〔〕“”‘’"
_N = f"[{NUMERAL}]{{1,9}}"
_CN = "[一二三四五六七八九十百]+"

_ARTICLE = re.compile(rf"第({_N})条(?:之({_CN}))?([ \u3000]*)(.*)", re.S)
_HEADING = re.compile(rf"(第({_N})(分编|编|章|节))([ \u3000]*)([^。；：，;:,]{{0,40}})")
_UNNUMBERED = re.compile("总则|分则|附则|序言|前言")
_LABEL = re.compile(
    rf"第 ?([{NUMERAL} ]{{1,12}}?) ?(条|分编|编|章|节)(?: ?之 ?({_CN}))?(?: (\S.*)|$)"
)
_CITED = re.compile(
    r"规定[的、，；]|所[列称述]|[的、，,。；]|中的|之外|"
    rf"第[（(]?{_N}[)）]?[款项目条章节编]|[（(]{_N}[)）]项"
)
"""What follows 第X条 where the line is the rest of a sentence that cites the article."""
_CONJOINED = re.compile("规定|[或和与及至]|以及")
"""The same where no space stands between the two."""
_CITING = re.compile(
    r"(?:[，、《（“‘—]|第|依照|按照|根据|违反|适用|[本该](?:法|条例|办法|规定|细则|章|节|条)|"
    r"以及|或者|和|或|及|与|至)$"
)
"""How a line ends whose sentence goes on with a citation."""
NUMBERED = {
    "一、": re.compile(f"({_CN})、(?!{_CN}[、级类期线])"),
    "（一）": re.compile(rf"[（(]({_CN})[)）](?![、和至或项])"),
    "1.": re.compile(r"(\d{1,2})[.．、](?!\d)"),
}
"""The labels of numbered lines, highest first."""
_OTHER_ITEM = re.compile(r"[（(]\d{1,2}[)）]|\d{1,2}[)）]|[①-⑳]")
CONTENTS = re.compile("目 ?[录次]")
"""The line above a table of contents."""
ATTACHED = re.compile(
    rf"附(?:件|录|表|图)[{NUMERAL}]{{0,3}}"
    rf"(?:$|[:： \u3000《（]|(?<=[{NUMERAL}])[^，。；、的规所中和与及或列][^，。；]{{0,30}}$)|"
    "抄送[:： ]|[（(]此件"
)
"""How a line begins that opens an attachment (附件一, 附录) or the foot of a notice."""
_YEAR = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})年"
DAY = rf"{_YEAR}[\d一二三四五六七八九十]{{1,3}}月[\d一二三四五六七八九十]{{1,3}}日"
_NOTE = re.compile(rf"[（(]{_YEAR}")  # of adoption
TITLE_END = re.compile(
    "(?:法|条例|规定|办法|细则|决定|通知|意见|规程|制度|规则|方案|预案|解释|指引|标准|纲要|措施|"
    "公告|通告|批复|规范|准则|守则|清单|计划|章程|要点|须知|手册|书)(?:[（(][^（）()]{1,20}[)）])?$"
)
_COMPLETE = re.compile("(?:[号令日]|文件|政府|委员会|办公室|[厅局部])$")
LEADER = re.compile(r"(?:…|\.{3}|·{3}|_{3})[ .…·_]*\d*$")
_TABLE = re.compile(r"\||-{5}")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－─―·•]+\s*\d{1,4}\s*[-—–－─―·•]+|(?i:page)\s*\d{1,4}(?:\s*of\s*\d{1,4})?|"
    rf"第\s*{_N}\s*页(?:\s*[/／,，|]?\s*共\s*{_N}\s*页)?)\s*"
)
_BARE_PAGE_NUMBER = re.compile(r"\s*\d{1,4}(?:\s*[/／]\s*\d{1,4})?\s*")
_LINE_WIDTH = 30  # characters; the widest line a page of A4 in 三号 type holds


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The cleaned text and the names of the fixes that changed something, in order of `FIXES`."""

    text: str
    fixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """A line that opens with 第X条; `spaced` if a space, or nothing at all, follows that."""

    number: int
    suffix: int | None
    body: str
    spaced: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line; `level` is 编, 分编, 章, 节, or empty for an unnumbered 附则."""

    level: str
    number: int
    label: str
    title: str


def clean(text: str, *, wrapped: bool = True) -> Cleaned:
    """Return the text with every fix applied until none changes anything.

    With `wrapped=False` each line is known to be a whole paragraph: lines are then joined only
    where a label stands alone on one (`lone_labels` instead of `soft_breaks`).
    """
    fixes = FIXES if wrapped else _OF_PARAGRAPHS
    changed: set[str] = set()
    before = None
    while text != before:
        before = text
        for name, fix in fixes.items():
            fixed = fix(text)
            if fixed != text:
                changed.add(name)
            text = fixed
    return Cleaned(text, tuple(name for name in fixes if name in changed))


def article_head(line: str, before: str = "") -> ArticleHead | None:
    """Read `line` as the first line of an article; None if it is not, or merely a citation.

    `before` is the line above. Whether the number fits is for the caller to decide.
    """
    m = _ARTICLE.match(line)
    if m is None or (_CITING.search(before) and heading(before) is None):
        return None
    if _CITED.match(m[4]) or (not m[3] and _CONJOINED.match(m[4])):
        return None
    number, suffix = _number(m[1]), _number(m[2]) if m[2] else None
    if number is None or (m[2] and suffix is None):
        return None
    return ArticleHead(number, suffix, m[4].strip(), bool(m[3]) or not m[4])


def heading(line: str) -> Heading | None:
    """Read `line` as a heading of a 编, 分编, 章 or 节 or a bare 附则; None if it is not one."""
    if _UNNUMBERED.fullmatch(line):
        return Heading("", 0, line, "")
    m = _HEADING.fullmatch(line)
    if m is None or (number := _number(m[2])) is None:
        return None
    if _CITED.match(m[5]) or (not m[4] and _CONJOINED.match(m[5])):
        return None
    return Heading(m[3], number, m[1], m[5].strip())


def numbered(line: str) -> tuple[str, int, str] | None:
    """Return kind, number and label of a line that opens with 一、 or （一） or 1.; else None."""
    for kind, pattern in NUMBERED.items():
        m = pattern.match(line)
        if m and (number := _number(m[1])) is not None:
            return kind, number, m[0]
    return None


def begins_unit(line: str, before: str = "") -> bool:
    """True if `line` opens a heading, 条, 项, 目, table of contents, attachment or a note."""
    if article_head(line, before) or CONTENTS.fullmatch(line) or ATTACHED.match(line):
        return True
    if re.fullmatch(DAY, line) or (_NOTE.match(line) and not _CITING.search(before)):
        return True
    if before.endswith("第"):
        return False
    if heading(line):
        return not _CITING.search(before) or heading(before) is not None
    return numbered(line) is not None or _OTHER_ITEM.match(line) is not None


def _number(text: str) -> int | None:
    try:
        number = to_int(text)
    except ValueError:
        return None
    return number if number <= 9999 else None


def line_endings(text: str) -> str:
    """Every kind of line end becomes \\n; a form feed stays, it marks the end of a page."""
    return re.sub("\r\n|[\r\v\x85\u2028\u2029]", "\n", text)


def invisible(text: str) -> str:
    """BOM, zero-width, control and direction characters are dropped."""
    dropped = ("Cc", "Cf", "Cs")
    return "".join(c for c in text if c in "\n\t\f" or unicodedata.category(c) not in dropped)


def page_numbers(text: str) -> str:
    """Lines such as — 3 — and 第3页 共9页 are dropped.

    A bare 3 or 3/9 counts only as the first or last line of a page (between form feeds):
    elsewhere it may be a cell of a table.
    """
    pages = text.split("\f")
    return "\f".join(_without_page_number(page, len(pages) > 1) for page in pages)


def is_page_number(line: str, at_edge: bool = False) -> bool:
    """True for — 3 — and 第3页; at the edge of a page also for a bare 3 or 3/9."""
    if _PAGE_NUMBER.fullmatch(line):
        return True
    return at_edge and _BARE_PAGE_NUMBER.fullmatch(line) is not None


def _without_page_number(page: str, bare: bool) -> str:
    lines = [line for line in page.split("\n") if not is_page_number(line)]
    filled = [i for i, line in enumerate(lines) if line.strip()]
    edges = {filled[0], filled[-1]} if filled and bare else set()
    drop = {i for i in edges if is_page_number(lines[i], at_edge=True)}
    return "\n".join(line for i, line in enumerate(lines) if i not in drop)


def page_breaks(text: str) -> str:
    """A form feed becomes a line end."""
    return text.replace("\f", "\n")


_SUPPLEMENT = (  # Unicode's EquivalentUnifiedIdeograph.txt, where NFKC has no mapping
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄"
    "⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲"
)
_SUPPLEMENT_AS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西"
    "见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
)
_COMPATIBLE = (range(0x2E80, 0x2FD6), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
RADICALS: dict[int, int | str] = {
    n: unicodedata.normalize("NFKC", chr(n)) for block in _COMPATIBLE for n in block
} | str.maketrans(_SUPPLEMENT, _SUPPLEMENT_AS)
"""Look-alike → the ordinary character: both radical blocks and the compatibility ideographs."""
_FULLWIDTH = {n + 0xFEE0: n for n in range(0x30, 0x7B) if chr(n).isalnum()}


def radicals(text: str) -> str:
    """Look-alikes that PDF fonts put in place of characters (⽣⼈⺠⻚⻛) become 生人民页风."""
    return text.translate(RADICALS)


def fullwidth(text: str) -> str:
    """Full-width digits and letters become ASCII; full-width punctuation stays."""
    return text.translate(_FULLWIDTH)


def spaces(text: str) -> str:
    """Runs of any space become one; lines are stripped; one U+3000 follows 第X条, 第X章.

    Spaces inside such a label are dropped (第 一 条).
    """
    return "\n".join(_spaced(line) for line in text.split("\n"))


def _spaced(line: str) -> str:
    line = re.sub(r"\s+", " ", line).strip()
    m = _LABEL.match(line)
    if m is None or (m[4] and _CITED.match(m[4])):
        return line
    label = f"第{m[1].replace(' ', '')}{m[2]}" + (f"之{m[3]}" if m[3] else "")
    return f"{label}{WIDE}{m[4]}" if m[4] else label


def blank_lines(text: str) -> str:
    """Empty lines are dropped, also at the end."""
    return "\n".join(line for line in text.split("\n") if line.strip())


def han_spaces(text: str) -> str:
    """A space between two Han characters, or beside full-width punctuation, is dropped."""
    side = f"[{HAN}{_MARKS}]"
    return re.sub(rf"(?<={side}) +(?={side})", "", text)


def soft_breaks(text: str) -> str:
    """Lines that a page's width cut in the middle of a sentence are joined again.

    A line goes on if it does not end with 。；：！？”） and the next does not open a unit. Left
    alone are short headings, lines of the title, dot leaders and tables behind 附件.
    """
    lines = text.split("\n")
    full = 0.85 * min(_LINE_WIDTH, max(map(len, lines)))
    of_articles = any(article_head(b, a) for a, b in zip(["", *lines], lines, strict=False))
    region = "preface"
    out: list[str] = []
    for line in lines:
        joined = _joined(out[-1], line, region, full, of_articles) if out else None
        if joined is not None:
            out[-1] = joined
            continue
        region = _region(region, line, out[-1] if out else "")
        out.append(line)
    return "\n".join(out)


def lone_labels(text: str) -> str:
    """第一章, 第一条 or 一、 alone on a line is joined with what it labels on the next one."""
    out: list[str] = []
    for line in text.split("\n"):
        lone = bool(out and out[-1] and line) and _label_rest(out[-1]) == ""
        joined = _with_label(out[-1], line) if lone else None
        if joined is None:
            out.append(line)
        else:
            out[-1] = joined
    return "\n".join(out)


def _region(region: str, line: str, before: str) -> str:
    if region == "body" and ATTACHED.match(line):
        return "attachment"
    if article_head(line, before) or heading(line):
        return "body"
    prose = numbered(line) or line.endswith("。")
    return "body" if prose and region == "preface" else region


def _joined(line: str, following: str, region: str, full: float, articles: bool) -> str | None:
    """Return the two lines as one, or None if they are two."""
    if not line or not following:
        return None
    if _label_rest(line) == "":
        return _with_label(line, following)
    if following[0] in "，。；、）》”’！？":
        return line + following
    if line[-1] in CLOSED or LEADER.search(line) or _TABLE.search(line + following):
        return None
    if begins_unit(following, line) and not (region == "body" and _cites(following, line)):
        return None
    if CONTENTS.fullmatch(line) or re.fullmatch(DAY, line) or (heading(line) and len(line) < full):
        return None
    opener = numbered(line)
    if opener and len(line) < full and (opener[0] == "一、" or not articles):
        return None
    if region == "attachment" and len(line) < 0.85 * _LINE_WIDTH:
        return None
    if region == "preface" and _is_complete(line, following, full):
        return None
    gap = " " if re.match(r"[A-Za-z]\w|\w[A-Za-z]", line[-1] + following[0], re.A) else ""
    return line + gap + following


def _label_rest(line: str) -> str | None:
    """Return what stands behind the label of 条, 章 or 一、; None for other lines."""
    if head := article_head(line):
        return head.body
    if (found := heading(line)) and found.level:
        return found.title
    return line[len(opener[2]) :] if (opener := numbered(line)) else None


def _with_label(line: str, following: str) -> str | None:
    """Join a label that stands alone on its line with the text below, if there is any."""
    if heading(line) and _UNNUMBERED.fullmatch(following):
        return line + WIDE + following
    if article_head(following) or heading(following) or ATTACHED.match(following):
        return None
    if _CITED.match(following):
        return line + following
    if opener := numbered(line):
        below = numbered(following)
        return None if below and below[0] == opener[0] else line + following
    long = len(following) > _LINE_WIDTH or re.search("[，。；：]", following)
    if heading(line) and (long or begins_unit(following)):
        return None
    return line + WIDE + following


def _cites(line: str, before: str) -> bool:
    """True if 第X条 without a space goes on with the unfinished sentence of the line above."""
    head = article_head(line, before)
    return head is not None and not head.spaced and not heading(before)


def _is_complete(line: str, following: str, full: float) -> bool:
    """True for a title, an issuer or a doc number, and for a short line above a sentence."""
    if re.search("[，。；]", line):
        return False
    if len(line) < full and re.search("[，。；]", following):
        return True
    issuer = following.startswith("关于") and not line.endswith(("号", "文件", "日"))
    return bool(TITLE_END.search(line) or (_COMPLETE.search(line) and not issuer))


def punctuation(text: str) -> str:
    """Half-width , ; : ( ) between Han characters become full-width, 8:00 and (a) do not."""
    side = f"{HAN}{_MARKS}"
    while (wide := re.sub(r"\(([^()\n]*)\)", lambda m: _wide_pair(m, side), text)) != text:
        text = wide
    for half, full in zip(",;:", "，；：", strict=True):
        text = re.sub(rf"(?<=[{side}]) ?{half} ?(?=[{side}]|$)", full, text, flags=re.M)
    return text


def _wide_pair(m: re.Match[str], side: str) -> str:
    beside = m.string[max(m.start() - 1, 0) : m.start()], m.string[m.end() : m.end() + 1]
    if re.search(f"[{HAN}]", m[1]) or all(b and re.match(f"[{side}]", b) for b in beside):
        return f"（{m[1]}）"
    return m[0]


def inline_items(text: str) -> str:
    """Items that a web page ran together (：（一）…；（二）…。) get a line each."""
    return "\n".join(_split_items(line) for line in text.split("\n"))


def _split_items(line: str) -> str:
    cuts, last = [0], 0
    for m in re.finditer(rf"(?<=[：；。])（({_CN})）(?![、和至或项])", line):
        if (number := _number(m[1])) in (1, last + 1):
            cuts.append(m.start())
            last = number or 0
    if last < 2:
        return line
    return "\n".join(line[a:b] for a, b in zip(cuts, [*cuts[1:], None], strict=True))


_IN_ORDER: tuple[Callable[[str], str], ...] = (
    line_endings, invisible, page_numbers, page_breaks, radicals, fullwidth,
    spaces, blank_lines, han_spaces, soft_breaks, punctuation, inline_items,
)  # fmt: skip
FIXES = {fix.__name__: fix for fix in _IN_ORDER}
"""Every fix by name, in the order in which they are applied."""
_OF_PARAGRAPHS = {
    name: fix for f in _IN_ORDER for fix in [lone_labels if f is soft_breaks else f]
    for name in [fix.__name__]
}  # fmt: skip
