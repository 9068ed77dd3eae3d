"""What a document says of itself: title, 文号, issuer, level, region, topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.clean import DAY, TITLE_END
from indexer.dates import find_days
from kb.imports import Facts
from kb.model import Level

_NATIONAL = "中华人民共和国"
_ORGAN = (
    "人民代表大会常务委员会|人民代表大会|人民政府办公厅|人民政府办公室|人民政府|安全生产委员会办公室|安全生产委员会|"
    "委员会办公室|委员会|党委|国务院办公厅|国务院|办公厅|办公室|指挥部|管理局|总局|法院|检察院|[厅局部署院会]|"
    "有限公司|公司|集团|厂|矿|学校|医院|中心|协会|街道办事处|办事处"
)
_ORGAN_END = re.compile(f"(?:{_ORGAN})$")
_HEADER = re.compile(r"^(.{2,40}?)(?:文件|令|公告|通告)$")
_BRACKETED = (
    r"[一-鿿]{1,14}[ ]?[〔\[［【（(][ ]?(?:19|20)\d{2}[ ]?[〕\]］】）)][ ]?第?[ ]?\d{1,5}[ ]?号"
)
_NUMBER = r"[\d一二三四五六七八九十百零〇○]{1,7}"
_ORDER = rf"[一-鿿]{{2,30}}(?:令|公告|通告)[（( ]{{0,2}}(?:第[ ]?{_NUMBER}|{_NUMBER})[ ]?号"
_DOC_NUMBER = re.compile(f"{_BRACKETED}|{_ORDER}")
_PROVINCES = (
    "北京市|天津市|上海市|重庆市|河北省|山西省|辽宁省|吉林省|黑龙江省|江苏省|浙江省|安徽省|福建省|江西省|山东省|"
    "河南省|湖北省|湖南省|广东省|海南省|四川省|贵州省|云南省|陕西省|甘肃省|青海省|台湾省|内蒙古自治区|"
    "广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|新疆生产建设兵团|香港特别行政区|澳门特别行政区"
)
_NAME = r"[一-鿿]{1,7}?"
_REGION = re.compile(
    rf"^(?:中共|共青团)?(?P<place>(?:{_PROVINCES})?(?:{_NAME}(?:市|自治州|地区|盟))?"
    rf"(?:{_NAME}(?:县|区|旗|市))?(?:{_NAME}(?:镇|乡|街道))?)"
)
_CITED_NAME = re.compile(r"印发|转发|发布|公布|修订|颁布")
_TOPICS = (
    ("消防|防火", "消防"), ("危险化学品|危化", "危化品"), ("矿", "矿山"),
    ("建筑|建设工程|施工", "建筑施工"), ("特种设备|电梯|锅炉", "特种设备"), ("燃气", "燃气"),
    ("道路交通|道路运输", "道路交通"), ("职业病|职业健康", "职业健康"),
    ("突发事件|应急", "应急"), ("事故", "事故报告"), ("培训", "教育培训"), ("工伤", "工伤"),
    ("烟花", "烟花爆竹"), ("民用爆炸", "民爆"), ("责任制|责任清单|职责", "责任体系"),
    ("处罚|执法", "执法"), ("安全生产|安全", "安全生产"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """The facts, and in Chinese what the keeper should look at."""

    facts: Facts
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def find_facts(
    preface: Sequence[str], articles: Sequence[str], endnotes: Sequence[str], name: str
) -> Understood:
    """Return what the heading block, the articles and the foot say of the document.

    `name` is the name of its file, without ending: the title where the text shows none.
    """
    note, heading = split_note(joined_heading(preface))
    titles = [line for line in heading if _is_title(line)]
    title = _chosen(titles)
    problems = []
    if not title:
        title = re.sub(r"[（(]\d{4}.*?[)）]$", "", name).strip() or name
        problems.append(f"正文开头没有读到标题，暂用文件名“{title}”；请核对或更正")
    number = _doc_number(note, heading)
    issuer = _issuer(note, heading, titles, number, endnotes)
    days = find_days(note, heading, articles, endnotes)
    facts = Facts(
        title=title,
        level=_level(title, issuer, number),
        short=title.removeprefix(_NATIONAL),
        doc_number=number,
        issuer=issuer,
        region=_region(title, issuer),
        topics=tuple(dict.fromkeys(t for words, t in _TOPICS if re.search(words, title)))[:3],
        issued_on=days.issued_on,
        effective_on=days.effective_on,
        repealed_on=days.repealed_on,
        amended=days.amended,
    )
    return Understood(facts, days.warnings, tuple(problems))


def joined_heading(preface: Sequence[str]) -> list[str]:
    """Return the lines above the text with a title or an order that was set on several lines joined.

    Joined are 某县人民政府 / 关于…的通知, a title cut inside 《》, 某省人民政府令 / 第200号.
    """
    out: list[str] = []
    for line in preface:
        last = out[-1] if out else ""
        opened = last.count("《") > last.count("》") or last.count("（") > last.count("）")
        about = line.startswith("关于") and _ORGAN_END.search(last) and len(last) <= 40
        order = re.fullmatch(rf"第 ?{_NUMBER} ?号", line) and re.search("(?:令|公告)$", last)
        about = about and not re.search("[，。：]", last)
        half = last.startswith("关于") or "关于" in last[:30]
        half = half and not TITLE_END.search(last) and len(line) <= 40 and _is_title(last + line)
        if last and (opened or about or order or half):
            out[-1] = last + line.replace(" ", "") if order else last + line
        else:
            out.append(line)
    return out


def split_note(heading: Sequence[str]) -> tuple[str, list[str]]:
    """Return the bracketed note of adoption below the title, and the other lines."""
    note: list[str] = []
    rest: list[str] = []
    for line in heading:
        if re.match(r"[（(]", line) and re.search(rf"{DAY}|通过|公布|发布|令第", line):
            note.append(line.strip("（）() "))
        else:
            rest.append(line)
    return "　".join(note), rest


def _is_title(line: str) -> bool:
    return (
        bool(TITLE_END.search(line))
        and len(line) <= 100
        and not re.search("[，。；：]", re.sub("《[^》]*》", "", line))
        and not _HEADER.match(line)
    )


def _chosen(titles: Sequence[str]) -> str:
    """The title of the text itself: where a notice issues rules, that of the rules below it."""
    if not titles:
        return ""
    if len(titles) > 1 and _CITED_NAME.search(titles[0]) and "通知" in titles[0]:
        return titles[-1].strip("《》")
    return titles[0].strip("《》")


def _doc_number(note: str, heading: Sequence[str]) -> str:
    for line in heading:
        if len(line) <= 40 and not _is_title(line) and (m := _DOC_NUMBER.search(line)):
            return _tidy_number(m[0])
    outside = re.sub("《[^》]*》", "", note)
    found = [m[0] for m in _DOC_NUMBER.finditer(re.sub(DAY, " ", outside))]
    return _tidy_number(found[-1]) if found else ""


def _tidy_number(text: str) -> str:
    bare = re.sub(r"\s", "", text).removeprefix(_NATIONAL)
    bare = re.sub(r"[\[［【（(](\d{4})[\]］】）)]", r"〔\1〕", bare)
    return re.sub(r"(令|公告|通告)[（(]?第?([^）)]+?)号[)）]?$", r"\1第\2号", bare)


def _issuer(
    note: str, heading: Sequence[str], titles: Sequence[str], number: str, endnotes: Sequence[str]
) -> str:
    for line in heading:
        if (m := _HEADER.match(line)) and _ORGAN_END.search(m[1]):
            return m[1].removeprefix(_NATIONAL)
    if m := re.match(r"(.+?)(?:令|公告|通告)第", number):
        return m[1]
    for title in titles[:1]:
        if (m := re.match(r"(.{3,40}?)关于", title)) and _ORGAN_END.search(m[1]):
            return m[1]
    for line in heading[: heading.index(titles[0])] if titles else ():
        if 4 <= len(line) <= 30 and _ORGAN_END.search(line):
            return line.removeprefix(_NATIONAL)
    bare = re.sub(DAY, " ", re.sub("《[^》]*》", "", note))
    if m := re.search(
        rf"([一-鿿]{{2,30}}?(?:{_ORGAN}))(?:第[^ 　，]*?次(?:会议|全体会议|常务会议)|令|公告|公布|发布|印发|通过)",
        bare,
    ):
        return re.sub(r"第[一二三四五六七八九十]+届", "", m[1]).removeprefix(_NATIONAL)
    for line in endnotes:
        if 3 <= len(line) <= 30 and _ORGAN_END.search(re.sub(f"{DAY}.*", "", line).strip()):
            return re.sub(f"{DAY}.*", "", line).strip()
    return ""


def _level(title: str, issuer: str, number: str) -> Level:
    if re.search("全国人民代表大会|全国人大", issuer) or re.fullmatch(f"{_NATIONAL}.*法", title):
        return Level.LAW
    if re.search("最高人民(?:法院|检察院)", issuer + title) and re.search("解释|规定|批复", title):
        return Level.JUDICIAL_INTERPRETATION
    if (
        re.match("中国共产党", title)
        or re.match("中共中央|中央", issuer)
        or re.match("厅字|中[办发]", number)
    ):
        return Level.PARTY_REGULATION
    place = _region(title, issuer)
    if "人民代表大会" in issuer:
        return Level.LOCAL_REGULATION
    if place != "全国" and re.search("条例|实施.*法[》〉]?的?办法$", title[-20:]):
        return Level.LOCAL_REGULATION
    if place == "全国" and (title.endswith("条例") or (issuer == "国务院" and "令" in number)):
        return Level.ADMINISTRATIVE_REGULATION
    if re.search("令第", number) and re.search(
        "(?:部|总局|局|委员会|银行|署|省人民政府|市人民政府|自治区人民政府)$", issuer
    ):
        return Level.RULE
    if re.search("公司|集团|厂$|矿$|学校|医院|酒店|商场", issuer) or (
        not issuer and not number and re.search("(?:制度|操作规程|守则)$", title)
    ):
        return Level.UNIT_RULE
    return Level.NORMATIVE_DOCUMENT


def _region(title: str, issuer: str) -> str:
    for text in (issuer, title):
        m = _REGION.match(text.removeprefix(_NATIONAL))
        if (
            m
            and (place := m["place"])
            and len(place) >= 3
            and not re.search("关于|管理|生产", place)
        ):
            return place
    return "全国"
