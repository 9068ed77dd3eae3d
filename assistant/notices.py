"""What stands around a quotation: where it comes from, and what a reader must know of it."""

from __future__ import annotations

from datetime import date

from assistant.search import Hit
from assistant.setting import Setting
from assistant.view import NATIONAL, Filters
from kb.colloquial import old_names
from kb.model import Document, EventKind, Level, Status, TextKind


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
    Level.JUDICIAL_INTERPRETATION: "司法解释的规定",
    Level.RULE: "部门规章或规范性文件规定的制度",
    Level.NORMATIVE_DOCUMENT: "规范性文件规定的制度，不是法律条文",
    Level.NATIONAL_POLICY: "国家政策措施，不是法律条文",
    Level.LOCAL_PRACTICE: "地方做法，不是法律条文",
    Level.LOCAL_REGULATION: "地方性法规规定的制度",
}


def notices(hits: tuple[Hit, ...], day: date, *, is_today: bool = True) -> tuple[str, ...]:
    """Return what a reader must know of the quoted documents: status, nature, gaps."""
    out: list[str] = []
    for hit in hits:
        doc = hit.document
        out += _status_notices(hit, day)
        if doc.is_policy:
            out.append(f"“{doc.title}”是{_NATURE[doc.level]}。")
            if not is_today:
                out.append(
                    f"“{doc.title}”按现在的规定写成，{day.isoformat()} 的规定可能不同，"
                    "本库没有当时的文本。"
                )
        if doc.region != NATIONAL and not doc.is_policy:
            out.append(f"《{doc.title}》是{doc.region}的{doc.level.value}，只在{doc.region}适用。")
        out += precedence_notices(doc, day)
        out += _old_names(hit, day)
        if doc.text_kind is TextKind.DIGEST:
            out.append("以上是本库用自己的话写的要点，不是文件原文，正式引用请核对原文。")
        if doc.confidence == "outline":
            out.append(f"“{doc.title}”只收录了能够核实的内容，全文请向发文单位索取。")
    return tuple(dict.fromkeys(out))


def _old_names(hit: Hit, day: date) -> list[str]:
    """Say what agencies that the quotation calls by an earlier name are called on `day`."""
    if hit.document.is_policy:
        return []
    shown = [
        f"{name}（现为{r.to}）"
        for name, r in old_names(hit.provision.text, day)
        if r.since > hit.version.effective_on
    ]
    if not shown:
        return []
    title = hit.document.title
    return [f"《{title}》里的机关名称是当时的叫法：{'、'.join(shown)}。"]


def precedence_notices(doc: Document, day: date) -> list[str]:
    """Say which document prevails over this one, and since when."""
    return [
        f"《{doc.title}》（{doc.level.value}）与《{p.over}》（{p.since.isoformat()} 起施行）不一致的，"
        f"以《{p.over}》为准。{p.note}"
        for p in doc.yields_to
        if day >= p.since
    ]


def setting_notices(setting: Setting, hits: tuple[Hit, ...], filters: Filters) -> tuple[str, ...]:
    """Say which day a question's own words were taken to mean, and what changed in that year."""
    out: list[str] = []
    day = filters.day
    if setting.day == day:
        out.append(f"按问题里的“{setting.words}”，以下是 {day.isoformat()} 有效的规定。")
        if setting.year_only:
            changed = {
                (h.document.title, h.version.effective_on)
                for h in hits
                if h.version.effective_on.year == day.year
            }
            out += [
                f"《{title}》的这个文本 {since.isoformat()} 起施行；要问当年更早的日子，请写明年月日。"
                for title, since in sorted(changed)
            ]
    if (
        setting.region
        and setting.region == filters.region
        and any(_is_of(h, filters) for h in hits)
    ):
        out.append(f"问题里提到{setting.region}，以下先列全国的规定，再列{setting.region}的规定。")
    return tuple(out)


def _is_of(hit: Hit, filters: Filters) -> bool:
    return hit.document.region == filters.region


def status_sentence(doc: Document, status: Status, day: date) -> str:
    """Return the sentence that says since when a document is gone or not yet there."""
    if status is Status.NOT_YET:
        return f"《{doc.title}》在 {day.isoformat()} 尚未施行，{doc.commenced_on().isoformat()} 起施行。"
    event = next(
        (e for e in doc.events if e.kind in (EventKind.REPEALED, EventKind.REPLACED)), None
    )
    when = f"自 {event.on.isoformat()} 起" if event and event.on > doc.commenced_on() else ""
    by = f"，由《{event.by}》取代" if event and event.by else ""
    return f"《{doc.title}》{when}已废止{by}。"


def _status_notices(hit: Hit, day: date) -> list[str]:
    doc, version = hit.document, hit.version
    name = f"《{doc.title}》"
    if hit.status is Status.REPEALED:
        return [status_sentence(doc, hit.status, day)]
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
