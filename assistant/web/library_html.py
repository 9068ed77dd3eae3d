"""The 法规库 page as escaped HTML: the list of documents by level, and one document to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from assistant.notices import precedence_notices
from assistant.web.gaps_html import GAPS_PATH
from assistant.web.html import (
    LIBRARY_PATH,
    Mark,
    article_body,
    article_title,
    banner,
    day_words,
    doc_href,
    effective_words,
    error_box,
    esc,
    kind_badge,
    name_of,
    status_badge,
)
from assistant.web.locate import basis_target
from kb.catalog import Catalog
from kb.model import (
    Article,
    Document,
    Event,
    EventKind,
    Level,
    Provision,
    Status,
    TextKind,
    Version,
)

_LEVEL_NOTE = {
    Level.PARTY_REGULATION: "党内法规和党的政策要求，不是国家法律",
    Level.NATIONAL_POLICY: "国家层面的政策措施，不是法律条文",
    Level.LOCAL_PRACTICE: "个别地方的做法，不是法律条文，不在全国适用",
    Level.UNIT_RULE: "单位自己的制度，只在本单位适用",
}
_EVENTS = {
    EventKind.ISSUED: "公布",
    EventKind.EFFECTIVE: "施行",
    EventKind.AMENDED: "修改",
    EventKind.REPEALED: "废止",
    EventKind.REPLACED: "被取代",
    EventKind.MENTIONED: "见于文件或报道",
}

_CURRENT = ' aria-current="true"'


@dataclass(frozen=True, slots=True)
class Browse:
    """How the list is narrowed; empty fields do not narrow it."""

    level: str = ""
    topic: str = ""
    name: str = ""
    everything: bool = False

    @property
    def address(self) -> str:
        """The address that shows this list again."""
        fields = {
            "level": self.level,
            "topic": self.topic,
            "name": self.name.strip(),
            "all": "1" if self.everything else "",
        }
        query = urlencode({k: v for k, v in fields.items() if v})
        return f"{LIBRARY_PATH}?{query}" if query else LIBRARY_PATH


def chosen(catalog: Catalog, browse: Browse) -> list[Document]:
    """Return the documents that `browse` lets through, by level, then title."""
    name = browse.name.strip()
    docs = [
        d
        for d in catalog
        if (d.in_scope or browse.everything)
        and browse.level in ("", d.level.value)
        and (not browse.topic or browse.topic in d.topics)
        and (not name or any(name in n for n in (d.title, d.short, *d.aliases)))
    ]
    order = {level: n for n, level in enumerate(Level)}
    return sorted(docs, key=lambda d: (order[d.level], d.is_policy))  # then as in the catalog


def list_html(docs: Sequence[Document], today: date, browse: Browse) -> str:
    """Return the documents under a heading for each level."""
    by_level = [(lv, [d for d in docs if d.level is lv]) for lv in Level]
    groups = "".join(_shelf(level, own, today) for level, own in by_level if own)
    body = groups or error_box("没有符合条件的文件；请换个名称，或把层级、主题改回“全部”。")
    return (
        f'<div class="z-list" data-address="{esc(browse.address)}">'
        f'<p class="z-count" role="status">共 {len(docs)} 个文件　'
        f'<a href="{GAPS_PATH}">本库没有什么</a></p>{body}</div>'
    )


def _shelf(level: Level, docs: Sequence[Document], today: date) -> str:
    """One level: documents as lines, measures as cards that say what they are."""
    lines = "".join(_entry(d, today) for d in docs if not d.is_policy)
    cards = "".join(_card(d) for d in docs if d.is_policy)
    documents = f"<ul>{lines}</ul>" if lines else ""
    measures = f'<ul class="z-slogans">{cards}</ul>' if cards else ""
    return (
        f'<section class="z-level"><h2>{esc(level.value)}<small>{len(docs)} 个</small></h2>'
        f"{_level_note(level)}{documents}{measures}</section>"
    )


def _card(doc: Document) -> str:
    about = doc.latest().article("是什么") or doc.latest().articles[0]
    first = about.text.split("。", 1)[0]
    short = first if len(first) <= 70 else first[:69] + "…"
    outline = (
        '<span class="z-badge warn">只收要点提纲</span>' if doc.confidence == "outline" else ""
    )
    region = "" if doc.region == "全国" else f"<span>{esc(doc.region)}</span>"
    return (
        f'<li class="z-slogan"><a href="{doc_href(doc.id)}">{esc(doc.title)}</a>'
        f"<p>{esc(short)}。</p>"
        f'<p class="z-facts">{kind_badge(doc.text_kind)}{outline}{region}</p></li>'
    )


def _level_note(level: Level) -> str:
    note = _LEVEL_NOTE.get(level)
    return f'<p class="z-note">{note}</p>' if note else ""


def _entry(doc: Document, today: date) -> str:
    status = doc.status_on(today)
    version = _opened_version(doc, today)
    unit = "节" if doc.is_policy else "条"
    region = "" if doc.region == "全国" else f"<span>{esc(doc.region)}</span>"
    versions = f"<span>{len(doc.versions)} 个版本</span>" if len(doc.versions) > 1 else ""
    return (
        f'<li><a href="{doc_href(doc.id)}">{esc(doc.title)}</a>'
        f'<p class="z-facts">{kind_badge(doc.text_kind)}'
        f"{status_badge(doc.status_on(today, version) if version else status)}"
        f"<span>{effective_words(version.effective_on)}</span>"
        f"<span>{len(version.articles)} {unit}</span>{region}{versions}</p></li>"
    )


def _opened_version(doc: Document, today: date) -> Version:
    return Catalog.version_for(doc, today)


def document_html(
    catalog: Catalog,
    doc: Document,
    version: Version,
    today: date,
    target: Provision | None = None,
    missing: str = "",
) -> str:
    """Return a document to read, opened at `target`; `missing` says that a place is not in it."""
    at = target.id.locator if target else ""
    notices = [error_box(missing)] if missing else []
    notices += [banner(n) for n in _notices(doc, version, today)]
    toc = _contents(version)
    return (
        f'<article class="z-doc" data-at="{esc(at)}" data-doc="{esc(doc.id)}"'
        f' data-version="{esc(version.id)}" data-title="{esc(doc.title)}">'
        f'<p class="z-back"><a href="{LIBRARY_PATH}">‹ 返回法规库目录</a></p>'
        f'<header><h2 class="z-title">{esc(doc.title)}</h2>'
        f'<p class="z-facts">{_level_badge(doc)}{kind_badge(doc.text_kind)}'
        f"{status_badge(doc.status_on(today, version))}"
        f"<span>{effective_words(version.effective_on)}</span></p></header>"
        f'<div class="z-banners">{"".join(notices)}</div>'
        f"{_versions(doc, version, today)}{_facts(catalog, doc, version)}"
        f'<div class="z-columns"><aside class="z-side">{_jump(doc, version)}{toc}</aside>'
        f'<div class="z-text">{_articles(doc, version, today, target)}</div></div></article>'
    )


def _level_badge(doc: Document) -> str:
    return f'<span class="z-badge level">{esc(doc.level.value)}</span>'


def _notices(doc: Document, version: Version, today: date) -> list[str]:
    out = []
    status = doc.status_on(today, version)
    if status is Status.REPEALED:
        out.append(f"{name_of(doc)}已废止，只供查阅历史规定。")
    elif status is Status.NOT_YET:
        out.append(f"{name_of(doc)}尚未施行，{day_words(version.effective_on)}起施行。")
    elif status is Status.SUPERSEDED and version.ended_on:
        out.append(f"这是旧文本，{day_words(version.ended_on)}起已被修改。")
    if doc.is_policy and (note := _LEVEL_NOTE.get(doc.level)):
        out.append(f"{doc.level.value}：{note}。")
    if doc.text_kind is TextKind.DIGEST:
        out.append("以下是本库用自己的话写的要点，不是文件原文，正式引用请核对原文。")
    if doc.text_kind is TextKind.UNIT:
        out.append("本单位导入的文件，文字以原件为准。")
    if doc.confidence == "outline":
        out.append("只收录了能够核实的内容，全文请向发文单位索取。")
    if doc.partial:
        out.append(doc.partial)
    if doc.region != "全国" and not doc.is_policy:
        out.append(f"只在{doc.region}适用。")
    out += precedence_notices(doc, today)
    return out


def _versions(doc: Document, current: Version, today: date) -> str:
    if len(doc.versions) < 2:
        return ""
    links = "".join(
        f'<a href="{doc_href(doc.id, version=v.id)}"'
        f"{_CURRENT if v.id == current.id else ''}>"
        f"{esc(effective_words(v.effective_on))}{status_badge(doc.status_on(today, v))}</a>"
        for v in doc.versions
    )
    return f'<nav class="z-versions" aria-label="版本"><span>版本</span>{links}</nav>'


def _facts(catalog: Catalog, doc: Document, version: Version) -> str:
    rows: list[tuple[str, str]] = [
        ("发布机关", esc(doc.issuer)),
        ("文号", esc(doc.doc_number)),
        ("适用地区", esc(doc.region)),
        ("约束对象", esc("、".join(doc.binds))),
        ("主题", esc("、".join(doc.topics))),
        ("别称", esc("、".join(doc.aliases)) if doc.is_policy else ""),
        ("经过", "<br>".join(_event(e) for e in sorted(doc.events, key=lambda e: e.on))),
        ("版本说明", esc(version.note)),
        ("法律依据", "".join(f"<li>{basis_link(catalog, b)}</li>" for b in doc.basis)),
        ("核对来源", "<br>".join(esc(v) for v in doc.verified)),
    ]
    shown = "".join(
        f"<dt>{name}</dt><dd>{f'<ul>{value}</ul>' if name == '法律依据' else value}</dd>"
        for name, value in rows
        if value
    )
    opened = " open" if doc.is_policy else ""
    return (
        f'<details class="z-about"{opened}><summary>文件信息</summary><dl>{shown}</dl></details>'
        if shown
        else ""
    )


def _event(event: Event) -> str:
    by = f"（{event.by}）" if event.by else ""
    note = f"：{event.note}" if event.note else ""
    return esc(f"{day_words(event.on)} {_EVENTS[event.kind]}{by}{note}")


def basis_link(catalog: Catalog, basis: str) -> str:
    """Return 安全生产法第九十条 as a link to that provision, or as text if it is not held."""
    found = basis_target(catalog, basis)
    if found is None:
        return esc(basis)
    return f'<a href="{doc_href(found.doc_id, found.locator)}">{esc(basis)}</a>'


def _jump(doc: Document, version: Version) -> str:
    if doc.is_policy or len(version.articles) < 10:
        return ""
    return (
        f'<form class="z-jump" action="{LIBRARY_PATH}" method="get">'
        f'<input type="hidden" name="doc" value="{esc(doc.id)}">'
        f'<input type="hidden" name="v" value="{esc(version.id)}">'
        '<label for="z-jump-to">跳到第几条</label>'
        '<input id="z-jump-to" name="at" autocomplete="off" placeholder="9 或 第九条">'
        '<button type="submit">跳转</button></form>'
    )


def _contents(version: Version) -> str:
    """Return the table of contents: headings with the range of their articles, or all entries."""
    headings: list[tuple[int, str, str]] = []
    above: tuple[str, ...] = ()
    for article in version.articles:
        same = _common(above, article.path)
        headings += [
            (depth, heading, article.id.article)
            for depth, heading in enumerate(article.path)
            if depth >= same
        ]
        above = article.path
    if not headings:
        if version.articles[0].heading == "":
            return ""
        headings = [(0, article_title(a), a.id.article) for a in version.articles]
    rows = "".join(
        f'<li class="d{min(depth, 2)}"><a href="#{esc(label)}">{esc(heading)}</a></li>'
        for depth, heading, label in headings
    )
    return (
        f'<details class="z-toc"><summary>目录</summary><ol>{rows}</ol></details>{_listed(version)}'
    )


def _listed(version: Version) -> str:
    """Return the articles that stand in the contents by their heading only."""
    if not version.listed:
        return ""
    rows = "".join(f"<li>{esc(x.label)} {esc(x.heading)}</li>" for x in version.listed)
    return (
        f'<details class="z-toc"><summary>只列标题的 {len(version.listed)} 条</summary>'
        f"<p>这些条文不规定义务、期限、数额、程序或处罚，本库只列标题。</p><ul>{rows}</ul></details>"
    )


def _articles(doc: Document, version: Version, today: date, target: Provision | None) -> str:
    out: list[str] = []
    above: tuple[str, ...] = ()
    for article in version.articles:
        same = _common(above, article.path)
        out += [
            f'<h3 class="z-heading d{min(depth, 2)}">{esc(heading)}</h3>'
            for depth, heading in enumerate(article.path)
            if depth >= same
        ]
        above = article.path
        out.append(_article(doc, article, today, target))
    return "".join(out)


def _article(doc: Document, article: Article, today: date, target: Provision | None) -> str:
    here = target is not None and target.id.in_article == article.id
    marks = [Mark(target.start, target.end)] if target and here and target.id != article.id else []
    change = doc.change_of(article.id.article, today)
    notice = (
        banner(f"本条已被{change.by}修改（{day_words(change.on)}起），这里是修改前的文字。")
        if change
        else ""
    )
    name = esc(article.id.article)
    return (
        f'<section class="z-article{" target" if here else ""}" id="{name}">'
        f'<h4><a href="#{name}" title="本条的链接">{esc(article_title(article))}</a></h4>'
        f"{notice}{article_body(article, marks, with_ids=True)}</section>"
    )


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n
