"""What stands around a quotation: where it comes from, and what a reader must know of it."""

from __future__ import annotations

from datetime import date

from assistant.search import Hit
from kb.model import EventKind, Level, Status, TextKind


def headline(hits: tuple[Hit, ...]) -> str:
    """Return the line that says where the answer stands: 《安全生产法》第九条第二款."""
    places: dict[str, list[str]] = {}
    for hit in hits:
        if hit.document.is_policy:
            places.setdefault(f"“{hit.document.title}”", [])
        else:
            name = f"《{hit.document.title}》"
            places.setdefault(name, []).append(hit.provision.id.locator)
    return "；".join(name + "、".join(where) for name, where in places.items())


_NATURE = {
    Level.LAW: "有法律条文作依据的制度",
    Level.PARTY_REGULATION: "党内法规和政策的要求，不是法律条文",
    Level.ADMINISTRATIVE_REGULATION: "行政法规规定的制度",
    Level.RULE: "部门规章或规范性文件规定的制度",
    Level.NATIONAL_POLICY: "国家政策措施，不是法律条文",
    Level.LOCAL_PRACTICE: "地方做法，不是法律条文",
    Level.LOCAL_REGULATION: "地方性法规规定的制度",
}


def notices(hits: tuple[Hit, ...], day: date) -> tuple[str, ...]:
    """Return what a reader must know of the quoted documents: status, nature, gaps."""
    out: list[str] = []
    for hit in hits:
        doc = hit.document
        out += _status_notices(hit, day)
        if doc.is_policy:
            out.append(f"“{doc.title}”是{_NATURE[doc.level]}。")
        if doc.text_kind is TextKind.DIGEST:
            out.append("以上是本库用自己的话写的要点，不是文件原文，正式引用请核对原文。")
        if doc.confidence == "outline":
            out.append(f"“{doc.title}”只收录了能够核实的内容，全文请向发文单位索取。")
    return tuple(dict.fromkeys(out))


def _status_notices(hit: Hit, day: date) -> list[str]:
    doc, version = hit.document, hit.version
    name = f"《{doc.title}》"
    if hit.status is Status.REPEALED:
        event = next((e for e in doc.events if e.kind is EventKind.REPEALED), None)
        when = f"自 {event.on.isoformat()} 起" if event and event.on > doc.commenced_on() else ""
        by = f"，由《{event.by}》取代" if event and event.by else ""
        return [f"{name}{when}已废止{by}。"]
    if hit.status is Status.NOT_YET and day >= doc.commenced_on():
        return [
            f"{name}在 {day.isoformat()} 的文本本库没有收录，"
            f"这里是 {version.effective_on.isoformat()} 起施行的文本。"
        ]
    if hit.status is Status.NOT_YET:
        return [f"{name}尚未施行，{version.effective_on.isoformat()} 起施行。"]
    if change := doc.change_of(hit.provision.id.article, day):
        return [
            f"{name}{hit.provision.id.article}已被{change.by}修改（{change.on.isoformat()} 起），"
            "这里是修改前的文字。"
        ]
    if hit.status is Status.SUPERSEDED and version.ended_on:
        return [f"这是{name}的旧文本，{version.ended_on.isoformat()} 起已被修改。"]
    return []
