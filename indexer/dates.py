"""Days in the text of a document: adopted, issued, amended, in force from, valid until."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.clean import DAY
from kb.numerals import to_int

_PARTS = re.compile(
    r"([\d〇○零一二三四五六七八九]{4})年([\d一二三四五六七八九十]+)月([\d一二三四五六七八九十]+)日"
)
_OWN = r"本[^，。；：《》“”]{0,12}"
_FORCE = r"(?:正式)?(?:施行|实施|执行|生效)"
_FROM_DAY = re.compile(rf"(?:{_OWN}|^|[，。；（ 　])(?:于|从|自)?({DAY})(?:零时)?起?{_FORCE}")
_FROM_ISSUE = re.compile(
    rf"自(?:发布|公布|印发|下发|颁布|发文|通过)之日起(?:(?P<n>[\d一二三四五六七八九十]+)(?P<unit>日|天|个月)后?)?{_FORCE}"
)
_UNTIL = re.compile(rf"有效期(?:限)?(?:截至|截止到|至|到)({DAY})")
_YEARS = re.compile(
    r"本(?:通知|办法|规定|意见|方案|细则|规则|制度|标准|清单|措施|文件)[^。]{0,40}有效期(?:限)?(?:为)?"
    r"([\d一二三四五六七八九十两]+)年"
)
_ISSUED = re.compile("公布|发布|印发|颁布|令")


@dataclass(frozen=True, slots=True)
class Days:
    """What a document says of its own life; None and empty where it says nothing."""

    issued_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    amended: tuple[tuple[date, str], ...] = ()
    warnings: tuple[str, ...] = ()


def read_day(text: str) -> date | None:
    """Return the first day in `text`, written with digits or in Chinese; None if there is none."""
    for m in _PARTS.finditer(text):
        try:
            year, month, day = (to_int(g.replace("○", "〇")) for g in m.groups())
            return date(year, month, day)
        except ValueError:
            continue
    return None


def find_days(note: str, heading: Sequence[str], body: Sequence[str], foot: Sequence[str]) -> Days:
    """Return the days of a document.

    `note` is what stands in brackets below the title, `heading` the other lines above the text,
    `body` the articles, `foot` signature and date.
    """
    note, *_ = _tight([note])
    heading, body, foot = _tight(heading), _tight(body), _tight(foot)
    adopted, issued, amended = _history(note)
    signed = next((d for line in foot if (d := _lone_day(line))), None)
    above = next((d for line in heading if (d := _lone_day(line))), None)
    first = issued or adopted or above or signed
    base = first if not amended else max(on for on, _ in amended)
    above_text = [line for line in heading if "施行" in line or "执行" in line]
    effective, said = _effective([note, *above_text, *body], base)
    until = _valid_until([*body, *foot], effective or first)
    warnings = [said] if said else []
    if until:
        warnings.append(f"按有效期条款，本文件到 {until - timedelta(days=1)} 为止有效；请核对")
    if effective and amended and effective < base_of(amended):
        warnings.append(
            f"正文里的施行日期 {effective} 早于最后一次修改（{base_of(amended)}），现行文字按后者起算；"
            "修改决定另有施行日期的，请更正"
        )
    return Days(first, effective, until, amended, tuple(warnings))


def _tight(texts: Sequence[str]) -> list[str]:
    """Without the spaces that some files have around the numbers of a day (2010年 9月1日)."""
    return [re.sub(r"(?<=[年月\d]) +(?=[\d年月日])", "", t) for t in texts]


def base_of(amended: Sequence[tuple[date, str]]) -> date:
    """The day of the last amendment."""
    return max(on for on, _ in amended)


def _history(note: str) -> tuple[date | None, date | None, tuple[tuple[date, str], ...]]:
    """Return the days of adoption and issue and the amendments that the bracketed note names."""
    found = list(re.finditer(DAY, note))
    adopted = issued = None
    amended: list[tuple[date, str]] = []
    for n, m in enumerate(found, 1):
        on = read_day(m[0])
        tail = note[m.end() : found[n].start() if n < len(found) else len(note)]
        if on is None or re.match(rf"(?:零时)?起?{_FORCE}", tail):
            continue
        if re.search("修正|修订|修改", tail) and (adopted or issued or "根据" in note[: m.start()]):
            words = re.sub(r"(?:根据|自|，|；|\s|　)+$", "", m[0] + tail).strip("（） 　；。")
            amended.append((on, words[:120]))
        elif _ISSUED.search(re.sub("《[^》]*》", "", tail)):
            issued = issued or on
        elif "通过" in tail or "批准" in tail:
            adopted = adopted or on
        elif issued is None and adopted is None:
            issued = on
    return adopted, issued, tuple(amended)


def _lone_day(line: str) -> date | None:
    """The day of a line that holds little else: 2026年3月1日, 某某局2026年3月1日印发."""
    m = re.search(DAY, line)
    return read_day(line) if m and len(line) - len(m[0]) <= 24 and "，" not in line else None


def _effective(texts: Sequence[str], issued: date | None) -> tuple[date | None, str]:
    """Return the day of commencement that the last text states, and what is doubtful about it."""
    for text in reversed(texts):
        if m := _FROM_DAY.search(text):
            return read_day(m[1]), ""
        if m := _FROM_ISSUE.search(text):
            return _after_issue(m, issued)
    return None, "没有读到施行日期；知道的话请补上，否则按“施行日期未收录”收入"


def _after_issue(m: re.Match[str], issued: date | None) -> tuple[date | None, str]:
    if issued is None:
        return None, f"正文写“{m[0]}”，但没有读到公布日期；请补上施行日期"
    if m["n"] is None:
        return issued, ""
    if m["unit"] == "个月":
        return None, f"正文写“{m[0]}”；请补上施行日期"
    return issued + timedelta(days=to_int(m["n"])), f"施行日期按“{m[0]}”推算；请核对"


def _valid_until(texts: Sequence[str], start: date | None) -> date | None:
    """Return the first day on which the document no longer binds."""
    for text in reversed(texts):
        if (m := _UNTIL.search(text)) and (last := read_day(m[1])):
            return last + timedelta(days=1)
        if start and (m := _YEARS.search(text)):
            years = to_int(m[1])
            try:
                return start.replace(year=start.year + years)
            except ValueError:  # the 29th of February
                return start.replace(year=start.year + years, day=28)
    return None
