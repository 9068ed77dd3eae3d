"""Duty lists as the JSON of the command-line contract, and as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.duties.book import DutyBook
from assistant.duties.model import DocumentGroup, Duty, DutyList, FieldGroup, Sanction
from assistant.render import quote_json, source_line
from indexer.norms import Modality

MODALITIES = {
    Modality.MUST: "应当", Modality.MUST_NOT: "不得", Modality.MAY: "可以", Modality.RIGHT: "有权",
}  # fmt: skip


def duties_json(made: DutyList, ms: float) -> dict[str, Any]:
    """Return a list as the contract names its fields; `duties` are in the order of the groups."""
    return {
        "bearer": made.bearer.name,
        "bearer_id": made.bearer.id,
        "group": made.bearer.group,
        "field": made.field,
        "as_of": made.as_of.isoformat(),
        "region": made.region,
        "counts": {**made.counts, "unclear": made.unclear},
        "duties": [_duty_json(d) for d in made.lines],
        "outlines": [quote_json(q) for q in made.outlines],
        "notices": list(made.notices),
        "notes": _notes(made),
        "ms": round(ms, 1),
    }


def _duty_json(duty: Duty) -> dict[str, Any]:
    norm = duty.norm
    inherited = duty.inherited_from
    return {
        "text": norm.text,
        "modality": norm.modality.value,
        "subject": norm.subject,
        "action": norm.action,
        "trigger": norm.trigger,
        "deadline": duty.deadline,
        "limits": list(norm.limits),
        "exceptions": norm.exceptions,
        "field": duty.fields[0],
        "fields": list(duty.fields),
        "only": duty.only,
        "inherited_from": inherited.name if inherited else None,
        "why": duty.why,
        "citation": quote_json(duty.quote),
        "liability": [_sanction_json(s) for s in duty.sanctions],
    }


def _sanction_json(sanction: Sanction) -> dict[str, Any]:
    return {**quote_json(sanction.quote), "lead": sanction.lead, "note": sanction.basis}


def _notes(made: DutyList) -> list[dict[str, Any]]:
    groups = [d for f in (*made.duties, *made.powers) for d in f.documents if d.notes]
    notes = {d.document.id: (d.document.title, d.notes) for d in groups}
    return [{"doc": title, "doc_id": i, "notes": list(n)} for i, (title, n) in notes.items()]


def bearers_json(book: DutyBook) -> dict[str, Any]:
    """Return all bearers with their names, what they inherit, and how long their lists are."""
    sizes = book.sizes()
    return {
        "bearers": [
            {
                "id": b.id,
                "name": b.name,
                "group": b.group,
                "names": list(b.names),
                "inherits": [
                    {"bearer": book.table.get(i).name, "why": why}
                    for i, why in book.table.falls_on(b.id)
                    if why
                ],
                "own": sizes[b.id][0],
                "total": sizes[b.id][1],
                "note": b.note,
                "missing": b.missing,
            }
            for b in book.table.bearers
        ],
        "fields": list(book.fields.order),
    }


def bearers_text(book: DutyBook) -> str:
    """Return all bearers for a terminal, by group."""
    sizes = book.sizes()
    lines: list[str] = []
    group = ""
    for b in book.table.bearers:
        if b.group != group:
            group = b.group
            lines += ["", f"【{group}】"] if lines else [f"【{group}】"]
        own, total = sizes[b.id]
        more = f"，连同适用的更大范围 {total} 项" if total > own else ""
        lines.append(f"  {b.name}　{own} 项{more}　也叫：{'、'.join(b.names[:5])}")
    return "\n".join(lines)


def duties_text(made: DutyList) -> str:
    """Return a list for a terminal: counts, groups with numbered lines, sanctions, notices."""
    return "\n".join(_text(made))


def _text(made: DutyList) -> Iterator[str]:
    c = made.counts
    about = "，".join(filter(None, (made.field, made.region, f"{made.as_of.isoformat()} 有效")))
    yield f"{made.bearer.name}的职责（{about}）"
    yield (
        f"应当 {c['must']} 项，不得 {c['must_not']} 项；可以 {c['may']} 项，有权 {c['right']} 项。"
        f"其中规定直接写给它的 {c['own']} 项，按更大范围同样适用的 {c['inherited']} 项，"
        f"出自 {c['documents']} 个文件。"
    )
    for title, groups in (
        ("一、必须做和不得做的", made.duties),
        ("二、可以做和有权做的", made.powers),
    ):
        if groups:
            yield from ("", title)
        for group in groups:
            yield from _field_text(group)
    if made.outlines:
        yield from ("", "本库能核实的要点（政策条目，不是文件原文）：")
        for quote in made.outlines:
            yield f"  {quote.provision.text}〔{source_line(quote)}〕"
    if made.unclear:
        yield from ("", f"另有 {made.unclear} 项规定没有写明由谁承担，见 zhize duties 未写明主体。")
    yield from ("", *(f"注意：{n}" for n in made.notices))


def _field_text(group: FieldGroup) -> Iterator[str]:
    yield from ("", f"【{group.field}】{group.size} 项")
    for documents in group.documents:
        yield from _document_text(documents)


def _document_text(group: DocumentGroup) -> Iterator[str]:
    same = "（同样适用）" if group.inherited else ""
    yield f" 《{group.document.title}》{same} {len(group.duties)} 项"
    for note in group.notes:
        yield f"   注：{note}"
    shown = ""
    for duty in group.duties:
        if duty.why != shown:
            shown = duty.why
            name = duty.inherited_from.name if duty.inherited_from else ""
            yield f"   ↳ 写给“{name}”：{shown}"
        yield from _duty_text(duty)


def _duty_text(duty: Duty) -> Iterator[str]:
    norm = duty.norm
    where = norm.provision.locator
    yield f"   {MODALITIES[norm.modality]}　{norm.text.replace(chr(10), ' ')}〔{where}〕"
    facts = [
        f"限于：{duty.only}" if duty.only else "",
        f"何时：{norm.trigger}" if norm.trigger else "",
        f"期限和数量：{duty.deadline}" if duty.deadline else "",
        f"例外：{norm.exceptions}" if norm.exceptions else "",
    ]
    if any(facts):
        yield f"      {'　'.join(filter(None, facts))}"
    if duty.sanctions:
        shown = [f"{s.quote.provision.id.locator}（{s.basis}）" for s in duty.sanctions]
        yield f"      不履行的后果：{'、'.join(shown)}"
