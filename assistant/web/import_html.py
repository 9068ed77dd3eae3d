"""The import area as escaped HTML: preview of a document, progress, the list of imports."""

from __future__ import annotations

from assistant.importing.desk import Job
from assistant.importing.proposal import SAME, Proposal, tree
from assistant.web.html import doc_href, error_box, esc, icon
from kb.imports import Imported, Imports, ImportState

_KINDS = {"import": "原来导入的文本（原件仍保留）", "digest": "本库的要点"}


def preview_html(proposal: Proposal) -> str:
    """Return what was understood of a file and what importing it would do."""
    count = len(proposal.source.draft.articles)
    unit = "个编号段落" if proposal.source.draft.outline else "条"
    replaces = [f"取代{_KINDS[r.kind]}：{r.title}（{r.why}）" for r in proposal.replaces]
    if proposal.action == SAME:
        waits = proposal.existing is not None and proposal.existing.state is ImportState.PENDING
        replaces = ["这份文件已经在库中，" + ("还没有确认" if waits else "不用再导入")]
    return (
        f'<div class="z-preview" data-title="{esc(proposal.facts.title)}">'
        f'<p class="z-read">读到 <strong>{count} {unit}</strong>（{esc(proposal.source.name)}）。'
        "请核对下面的内容，读错的可以直接改。</p>"
        f"{_box('old', '入库前请确认', proposal.problems)}"
        f"{_box('info', '入库以后', tuple(replaces))}"
        f"{_box('info', '请留意', proposal.warnings)}"
        f"{_outline(proposal)}</div>"
    )


def _box(look: str, label: str, lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    rows = "".join(f"<li>{esc(line)}</li>" for line in lines)
    name = "warn" if look == "old" else "info"
    return (
        f'<div class="z-banner {look}" role="note">{icon(name)}'
        f"<div><strong>{label}</strong><ul>{rows}</ul></div></div>"
    )


def _outline(proposal: Proposal) -> str:
    rows = []
    for node in tree(proposal):
        labels = node["locators"]
        span = f"{labels[0]} 至 {labels[-1]}" if len(labels) > 1 else "".join(labels)
        heading = esc(node["heading"] or "（没有标题）")
        rows.append(
            f'<li class="d{min(int(node["depth"]), 2)}">{heading}<small>{esc(span)}</small></li>'
        )
    articles = "".join(
        f"<li><strong>{esc(a.label)}</strong> {esc(a.text[:60])}{'…' if len(a.text) > 60 else ''}</li>"
        for a in proposal.source.draft.articles
    )
    return (
        f'<details class="z-tree" open><summary>目录</summary><ol>{"".join(rows)}</ol></details>'
        f'<details class="z-tree"><summary>逐条查看开头</summary><ol>{articles}</ol></details>'
    )


def job_html(job: Job | None) -> str:
    """Return how far a job has come, or how it ended."""
    if job is None:
        return ""
    if job.error:
        return error_box(job.error)
    if job.finished:
        link = f' <a href="{doc_href(job.doc_id)}">打开查看</a>' if job.doc_id else ""
        waits = "待确认" in job.note
        opened = "" if waits else link
        return f'<div class="z-banner done" role="status">{icon("info")}<p>{esc(job.note)}{opened}</p></div>'
    share = 100 * job.done // job.total if job.total else 0
    count = f"{job.done}/{job.total}" if job.total else ""
    return (
        f'<div class="z-progress" role="status"><p>正在处理“{esc(job.title)}”：{esc(job.phase)} {count}</p>'
        f'<div role="progressbar" aria-valuenow="{share}" aria-valuemin="0" aria-valuemax="100"'
        f' aria-label="导入进度"><span style="width:{share}%"></span></div></div>'
    )


def imports_html(imports: Imports) -> str:
    """Return the imported documents with what can be done with each."""
    waiting = {i.id for i in imports.pending}
    held = {i.id for i in imports.confirmed}
    rows = [_row(i, replaces=i.id in held) for i in imports.pending]
    rows += [_row(i, newer=i.id in waiting) for i in imports.confirmed]
    warnings = "".join(error_box(w) for w in imports.warnings)
    if not rows:
        return warnings + '<p class="z-none">还没有导入过文件。</p>'
    return f'{warnings}<ul class="z-imports">{"".join(rows)}</ul>'


def _row(imported: Imported, *, replaces: bool = False, newer: bool = False) -> str:
    f = imported.facts
    pending = imported.state is ImportState.PENDING
    name = esc(f.title)
    title = name if pending else f'<a href="{doc_href(imported.id)}">{name}</a>'
    badge = (
        '<span class="z-badge old">待确认</span>'
        if pending
        else '<span class="z-badge ok">已入库</span>'
    )
    about = [f.doc_number, f"{len(imported.articles)} 条", f"{imported.imported_at[:10]} 导入"]
    facts = "".join(f"<span>{esc(a)}</span>" for a in about if a)
    problems = "".join(f"<li>{esc(p)}</li>" for p in imported.problems) if pending else ""
    note = ""
    if replaces:
        note = '<p class="z-hint">确认前仍按原来的文本回答。</p>'
    elif newer:
        note = '<p class="z-hint">有一份新文本待确认。</p>'
    buttons = (
        _button("confirm", imported, "确认入库", f"已核对《{f.title}》的问题，确认入库并据以回答？")
        + _button(
            "discard" if replaces else "remove",
            imported,
            "移出",
            f"移出待确认的《{f.title}》？原件会保留。",
        )
        if pending
        else _button(
            "remove", imported, "移出", f"移出《{f.title}》？原件会保留，需要时可重新导入。"
        )
    )
    return (
        f'<li data-doc="{esc(imported.id)}"><p class="z-name">{title}</p>'
        f'<p class="z-facts">{badge}{facts}</p>{note}'
        f"{f'<ul class=z-problems>{problems}</ul>' if problems else ''}"
        f'<p class="z-acts">{buttons}</p></li>'
    )


def _button(action: str, imported: Imported, label: str, question: str) -> str:
    return (
        f'<button type="button" class="z-act" data-act="{action}:{esc(imported.id)}"'
        f' data-ask="{esc(question)}" aria-label="{label}：{esc(imported.facts.title)}">{label}</button>'
    )
