"""A duty list as escaped HTML: counted groups that fold, lines with tags and citations."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from urllib.parse import urlencode

from assistant.answers import Quote
from assistant.duties.leads import above
from assistant.duties.model import DocumentGroup, Duty, DutyList, FieldGroup, Sanction
from assistant.duties.own import OwnAdditions, locator_key
from assistant.duties.render import MODALITIES
from assistant.duties.sections import Section, sections_of
from assistant.liability import INFERRED
from assistant.web.context_html import version_of
from assistant.web.html import (
    banner,
    day_words,
    doc_href,
    duties_href,
    esc,
    kind_badge,
    name_of,
    notice_look,
    region_badge,
)
from indexer.norms import Modality
from kb.catalog import Catalog
from kb.duty_bearers import UNCLEAR
from kb.model import Provision, ProvisionId

FILE_PATH = "/api/duties/file"
FORMS = {
    "docx": "Word", "xlsx": "Excel", "one-page": "一岗一单（一页 A4）", "card": "一人一卡",
}  # fmt: skip
"""The forms in which a list can be downloaded, and what they are called."""
_FEW = 40
"""So many lines are shown unfolded."""
_LOOKS = {
    Modality.MUST: "must", Modality.MUST_NOT: "not", Modality.MAY: "may", Modality.RIGHT: "may",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lines:
    """Writes the lines of one page: its library, the numbers of its citations, ids not used yet."""

    catalog: Catalog
    number: Callable[[Quote], int] = lambda quote: quote.n
    own: OwnAdditions | None = None
    ids: count[int] = field(default_factory=lambda: count(1))

    def fields(self, groups: Collection[FieldGroup], *, unfolded: bool) -> str:
        """Return fields as blocks that fold, the documents in them with their lines."""
        return "".join(
            f'<details class="z-field"{" open" if unfolded else ""}>'
            f'<summary><span class="z-fname">{esc(g.field)}</span> <small>{g.size} 项</small></summary>'
            f"{''.join(map(self.document, g.documents))}</details>"
            for g in groups
        )

    def document(self, group: DocumentGroup) -> str:
        """Return the lines from one document under its name."""
        doc = group.document
        href = doc_href(doc.id, version=version_of(doc, group.version))
        notes = "".join(f'<p class="z-note">{esc(n)}</p>' for n in group.notes)
        lines: list[str] = []
        lead: ProvisionId | None = None
        for duty in group.duties:
            over = above(self.catalog, duty.norm.provision)
            if over is not None and over.id != lead:
                lines.append(f'<li class="z-over">{esc(over.lead)}</li>')
            lead = over.id if over else None
            lines.append(self.line(duty, repeated=_repeated(duty, group), led=over is not None))
        return (
            f'<div class="z-docgroup"><h4><a href="{href}">{esc(name_of(doc))}</a>'
            f"{kind_badge(doc.text_kind)}{region_badge(doc)}<small>{len(group.duties)} 项</small></h4>"
            f'{notes}<ul class="z-lines">{"".join(lines)}</ul></div>'
        )

    def line(self, duty: Duty, *, repeated: bool, led: bool) -> str:
        """Return one duty: modality, verbatim text, citation, tags, consequence."""
        norm = duty.norm
        look = _LOOKS[norm.modality]
        text = _emphasised(norm.text, norm.action) if repeated else esc(norm.text)
        chip = self.chip(duty.quote, duty.quote.provision, norm.text)
        return (
            f'<li class="z-duty z-line"><p class="z-dt"><span class="z-mod {look}">'
            f"{MODALITIES[norm.modality]}</span>{text}{chip}</p>"
            f"{_tags(duty, led=led)}{self._consequence(duty)}{self._note(duty)}</li>"
        )

    def _note(self, duty: Duty) -> str:
        note = self.own.note_on(locator_key(duty)) if self.own else ""
        return f'<p class="z-ownnote"><b>本单位批注</b>{esc(note)}</p>' if note else ""

    def chip(self, quote: Quote, provision: Provision, text: str) -> str:
        """Return the citation of `text` in `provision`; its panel is fetched when it is opened."""
        where = f"{name_of(quote.document)}{provision.id.locator}"
        href = doc_href(
            quote.document.id, provision.id.locator, version_of(quote.document, quote.version)
        )
        start = provision.start + max(provision.text.find(text), 0)
        panel = f"z-d{next(self.ids)}"
        n = self.number(quote)
        return (
            f'<span class="z-where">{esc(provision.id.locator)}</span>'
            f'<sup><a class="z-cite" href="{href}" data-n="{n}" data-panel="{panel}"'
            f' data-mark="{start}-{start + len(text)}" aria-expanded="false"'
            f' title="{esc(where)}" aria-label="出处{n}：{esc(where)}">{n}</a></sup>'
        )

    def _consequence(self, duty: Duty) -> str:
        if not duty.sanctions:
            return ""
        places = "、".join(
            f"{esc(s.quote.provision.id.locator)}（{esc(s.basis)}）" for s in duty.sanctions
        )
        body = "".join(map(self._sanction, duty.sanctions))
        return (
            f'<details class="z-conseq"><summary>不履行的后果：{places}</summary>{body}</details>'
        )

    def _sanction(self, sanction: Sanction) -> str:
        quote = sanction.quote
        sure = "inferred" if sanction.basis == INFERRED else "ok"
        lead = f'<p class="z-over">{esc(sanction.lead)}</p>' if sanction.lead else ""
        chip = self.chip(quote, quote.provision, quote.provision.text)
        return (
            f'<div class="z-sanction z-line">{lead}<p>{esc(quote.provision.text)}{chip}'
            f'<span class="z-badge {sure}">{esc(sanction.basis)}</span></p></div>'
        )

    def inherited(self, sections: Collection[Section]) -> str:
        """Return what falls on the bearer as part of larger kinds, each with its reason."""
        return "".join(
            f'<details class="z-larger"><summary>写给“{esc(s.source.name)}”的'
            f' <small>{s.size} 项</small></summary><p class="z-why">为什么也适用：{esc(s.why)}。</p>'
            f"{self.fields(s.fields, unfolded=s.size <= _FEW)}</details>"
            for s in sections
            if s.source
        )


def duties_html(
    made: DutyList,
    catalog: Catalog,
    own: OwnAdditions | None = None,
    *,
    dated: bool = False,
    arriving: bool = False,
    changeable: bool = False,
) -> str:
    """Return a whole list, what the unit added for the bearer (`own`) apart at its end.

    `dated` says that its day was chosen; `arriving`, that an address asked for it; `changeable`,
    that the reader may remove additions.
    """
    lines = Lines(catalog, own=own)
    duties, powers = (sections_of(g) for g in (made.duties, made.powers))
    day = made.as_of if dated else None
    address = duties_href(made.bearer.name, made.field, day, made.region)
    return (
        f'<article class="z-duties" data-address="{address}"'
        f' data-title="{esc(made.bearer.name)}的职责清单"{" data-arrived" if arriving else ""}>'
        f"{_head(made, duties, powers, day)}"
        f"{remarks_html(made.notices)}{_duties(duties, lines)}{_powers(powers, lines)}"
        f"{_outlines(made, lines)}{own_html(own, changeable=changeable)}{_unclear(made, day)}"
        "</article>"
    )


def remarks_html(notices: Collection[str]) -> str:
    """Return warnings as strips, and what only explains the list as one short block."""
    plain = [n for n in notices if notice_look(n)[0] == "info"]
    strips = "".join(banner(n) for n in notices if n not in plain)
    block = "".join(f"<li>{esc(n)}</li>" for n in plain)
    remarks = f'<ul class="z-remarks">{block}</ul>' if plain else ""
    return f'<div class="z-banners">{strips}{remarks}</div>'


def _head(
    made: DutyList, duties: Collection[Section], powers: Collection[Section], day: date | None
) -> str:
    own = sum(s.size for s in duties if s.source is None)
    larger = sum(s.size for s in duties if s.source)
    more = sum(s.size for s in powers)
    about = [
        made.field or "全部领域",
        made.region or "全国的规定",
        f"{day_words(made.as_of)}有效",
        f"出自 {made.counts['documents']} 个文件",
    ]
    about = [part for part in about if made.lines or "出自" not in part]
    if not made.lines:
        return (
            f'<h2 class="z-headline"><span>职责清单</span>{esc(made.bearer.name)}</h2>'
            f'<p class="z-sum">{esc("　".join(about))}</p><p class="z-none">{_nothing(made, day)}</p>'
        )
    counts = "".join(
        f'<li><a href="#{target}"><b>{n}</b> 项<span>{name}</span></a></li>'
        for target, n, name in (
            ("own", own, "本身的职责"),
            ("larger", larger, "因隶属或范围更大、同样适用"),
            ("powers", more, "可以做、有权做"),
        )
        if n
    )
    return (
        f'<h2 class="z-headline"><span>职责清单</span>{esc(made.bearer.name)}</h2>'
        f'<p class="z-sum">{esc("　".join(about))}</p><ul class="z-counts">{counts}</ul>'
        '<p class="z-tools"><button type="button" class="z-unfold">全部展开</button>'
        '<button type="button" class="z-fold">全部收起</button>'
        '<button type="button" class="z-print">打印</button>'
        '<span class="z-hint">只打印展开的部分</span></p>'
        f"{_files(made, day)}"
    )


def _files(made: DutyList, day: date | None) -> str:
    links = "".join(
        f'<a href="{file_href(form, made, day)}" download>{label}</a>'
        for form, label in FORMS.items()
    )
    return f'<p class="z-files"><span>下载</span>{links}</p>'


def file_href(form: str, made: DutyList, day: date | None) -> str:
    """Return the address of the list as a file of that form, escaped for an attribute."""
    query = {
        "form": form, "bearer": made.bearer.name, "field": made.field,
        "as_of": day.isoformat() if day else "", "region": made.region,
    }  # fmt: skip
    return esc(f"{FILE_PATH}?{urlencode({k: v for k, v in query.items() if v})}")


def own_html(own: OwnAdditions | None, *, changeable: bool) -> str:
    """Return what the unit added for the bearer, said to be no rule; "" if there is nothing."""
    if own is None or not own.duties:
        return ""
    rows = "".join(
        f'<li class="z-owned"><div>{esc(d.text)}'
        + (f"<small>依据：{esc(d.basis)}</small>" if d.basis else "")
        + f"<small>{esc(d.at[:10])} 补充</small></div>"
        + (
            f'<button type="button" class="z-act" data-act="remove:{esc(d.id)}"'
            f' data-ask="移除这条本单位补充？移除后不能恢复。">移除</button>'
            if changeable
            else ""
        )
        + "</li>"
        for d in own.duties
    )
    return (
        f'<section class="z-sec z-ownbox" id="unit"><h3>本单位补充 <small>{len(own.duties)} 项，'
        f"不属于法规内容</small></h3><ul>{rows}</ul></section>"
    )


def _nothing(made: DutyList, day: date | None) -> str:
    if made.field:
        whole = duties_href(made.bearer.name, "", day, made.region)
        return (
            f"在“{esc(made.field)}”领域，本库没有写给它的规定。"
            f'<a href="{whole}">看它在全部领域的职责</a>，或者换一个领域。'
        )
    if made.outlines:
        return "法律、法规没有逐条写给它的职责；下面是本库能核实的要点。"
    where = f'<a href="{doc_href("")}">法规库</a>'
    return f"本库没有写给它的规定；请换一个主体或日子，或者在{where}导入规定它职责的文件后再看。"


def _duties(sections: Collection[Section], lines: Lines) -> str:
    own = [s for s in sections if s.source is None]
    larger = [s for s in sections if s.source]
    out = "".join(
        f'<section class="z-sec" id="own"><h3>本身的职责 <small>{s.size} 项，规定直接写给它</small>'
        f"</h3>{_own_fields(s, lines)}</section>"
        for s in own
    )
    if larger:
        size = sum(s.size for s in larger)
        if not own:
            out = '<p class="z-none">没有直接写给它的义务；下面是写给范围更大的主体、它同样要做的。</p>'
        out += (
            f'<section class="z-sec" id="larger"><h3>同样适用的职责 <small>{size} 项，规定写给范围更大的主体'
            f"</small></h3>{lines.inherited(larger)}</section>"
        )
    return out


def _own_fields(section: Section, lines: Lines) -> str:
    first = section.fields[:1] if section.size > _FEW else section.fields
    rest = section.fields[len(first) :]
    return lines.fields(first, unfolded=True) + lines.fields(rest, unfolded=False)


def _powers(sections: Collection[Section], lines: Lines) -> str:
    if not sections:
        return ""
    size = sum(s.size for s in sections)
    own = "".join(lines.fields(s.fields, unfolded=False) for s in sections if s.source is None)
    return (
        f'<section class="z-sec" id="powers"><h3>可以做、有权做的 <small>{size} 项，不是义务</small></h3>'
        f"{own}{lines.inherited(sections)}</section>"
    )


def _outlines(made: DutyList, lines: Lines) -> str:
    if not made.outlines:
        return ""
    rows = "".join(
        f'<li class="z-duty z-line"><p class="z-dt">{esc(q.provision.text)}'
        f"{lines.chip(q, q.provision, q.provision.text)}</p></li>"
        for q in made.outlines
    )
    return (
        '<section class="z-sec" id="outlines"><h3>能核实的要点 '
        "<small>政策条目，不是文件原文</small></h3>"
        f'<ul class="z-lines">{rows}</ul></section>'
    )


def _unclear(made: DutyList, day: date | None) -> str:
    if not made.unclear or made.bearer.id == UNCLEAR:
        return ""
    href = duties_href("规定没有写明的主体", made.field, day, made.region)
    return (
        f'<p class="z-unclear">另有 {made.unclear} 项规定没有写明由谁承担，没有列在任何人的清单里：'
        f'<a href="{href}">查看</a></p>'
    )


def answered_html(
    made: DutyList, catalog: Catalog, number: Callable[[Quote], int], main: ProvisionId | None
) -> str:
    """Return the duties of a list without those of the article `main`, all folded, for an answer."""
    lines = Lines(catalog, number)
    sections = [s for s in (_without(s, main) for s in sections_of(made.duties)) if s.fields]
    own = [s for s in sections if s.source is None]
    larger = [s for s in sections if s.source]
    out = "".join(
        f"<h3>本身的其他职责 <small>{s.size} 项</small></h3>{lines.fields(s.fields, unfolded=False)}"
        for s in own
    )
    if larger:
        size = sum(s.size for s in larger)
        out += f"<h3>同样适用的职责 <small>{size} 项，规定写给范围更大的主体</small></h3>"
    return f'<div class="z-duties z-sec">{out}{lines.inherited(larger)}</div>'


def _without(section: Section, main: ProvisionId | None) -> Section:
    fields = []
    for group in section.fields:
        documents = []
        for d in group.documents:
            kept = tuple(x for x in d.duties if x.quote.provision.id.in_article != main)
            if kept:
                documents.append(DocumentGroup(d.document, d.version, d.inherited, d.notes, kept))
        if documents:
            fields.append(FieldGroup(group.field, tuple(documents)))
    return Section(section.source, section.why, tuple(fields))


def _tags(duty: Duty, *, led: bool) -> str:
    norm = duty.norm
    elsewhere = not led and norm.subject and norm.subject not in norm.text
    tags = (
        ("限于", duty.only, "only"),
        ("写给", norm.subject if elsewhere and norm.subject != duty.only else "", "who"),
        ("何时", norm.trigger, "when"),
        ("期限、数量", duty.deadline, "limit"),
        ("例外", norm.exceptions, "but"),
    )
    shown = "".join(
        f'<li class="{look}"><b>{name}</b>{esc(value)}</li>' for name, value, look in tags if value
    )
    return f'<ul class="z-tags">{shown}</ul>' if shown else ""


def _repeated(duty: Duty, group: DocumentGroup) -> bool:
    """True if the same words stand in the group for another duty, too."""
    same = (d for d in group.duties if d.norm.provision == duty.norm.provision)
    return sum(d.norm.text == duty.norm.text for d in same) > 1


def _emphasised(text: str, action: str) -> str:
    """Return `text` with the words of this duty set off from those of the others in it."""
    start = text.find(action) if action else -1
    if start < 0:
        return esc(text)
    end = start + len(action)
    return f"{esc(text[:start])}<em>{esc(text[start:end])}</em>{esc(text[end:])}"
