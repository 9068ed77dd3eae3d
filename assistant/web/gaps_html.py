"""The page 本库没有什么 as escaped HTML."""

from __future__ import annotations

from itertools import groupby

from assistant.gaps import Gaps
from assistant.web.html import LIBRARY_PATH, day_words, doc_href, esc
from kb.model import Document

GAPS_PATH = f"{LIBRARY_PATH}?view=gaps"


def gaps_html(gaps: Gaps) -> str:
    """Return what the library does not hold, by kind, and how to fill a gap."""
    sections = [
        _section("全文没有收录的文件", _unheld(gaps), "问到它们时，本库会说明缺哪一份，不会猜。"),
        _section(
            "只收了能核实的内容", _links(gaps.outlines), "这些条目只写有把握的部分，全文没有收。"
        ),
        _section("有些条只列了标题", _headings(gaps), "立法目的、施行日期这类条文只列标题。"),
        _section("还没有当地文件的省份", _provinces(gaps), "问到这些地方时，先按全国的规定回答。"),
        _section("后来的修改没有并入", _changed(gaps), "读到这些条时会有提示。"),
        _section(
            "旧文本没有收录", _earlier(gaps), "问这些日子以前的规定时，本库会说没有当时的文本。"
        ),
        _section(
            "已经废止、原文没有收录", _superseded(gaps), "问到它们时，本库会说由哪个文件取代。"
        ),
    ]
    return (
        '<article class="z-doc z-gaps"><p class="z-back">'
        f'<a href="{LIBRARY_PATH}">‹ 返回法规库目录</a></p>'
        '<header><h2 class="z-title">本库没有什么</h2></header>'
        '<p class="z-note">手里有这些文件的原件（带文字的 PDF、DOCX、TXT、MD），可以在法规库页导入；'
        "命令行用 zhize import 文件。导入后再问，就会引用它。</p>"
        f"{''.join(sections)}</article>"
    )


def _section(title: str, items: list[str], note: str) -> str:
    if not items:
        return ""
    rows = "".join(f"<li>{item}</li>" for item in items)
    return (
        f'<section class="z-level"><h2>{esc(title)}<small>{len(items)} 项</small></h2>'
        f'<p class="z-note">{esc(note)}</p><ul class="z-plainlist">{rows}</ul></section>'
    )


def _unheld(gaps: Gaps) -> list[str]:
    ordered = sorted(gaps.unheld, key=lambda u: u.kind)
    return [
        f"<strong>{esc(kind)}</strong>：" + "、".join(f"《{esc(u.title)}》" for u in group)
        for kind, group in groupby(ordered, key=lambda u: u.kind)
    ]


def _link(doc: Document) -> str:
    return f'<a href="{doc_href(doc.id)}">{esc(doc.title)}</a>'


def _links(docs: tuple[Document, ...]) -> list[str]:
    return [_link(d) for d in docs]


def _headings(gaps: Gaps) -> list[str]:
    return [f"{_link(d)}：{n} 条" for d, n in gaps.headings]


def _provinces(gaps: Gaps) -> list[str]:
    return ["、".join(esc(p) for p in gaps.provinces)] if gaps.provinces else []


def _changed(gaps: Gaps) -> list[str]:
    return [
        f"{_link(d)}：{esc('、'.join(c.article for c in d.changes))}"
        f"（{esc(d.changes[0].by)}，{day_words(d.changes[0].on)}起）"
        for d in gaps.changed
    ]


def _earlier(gaps: Gaps) -> list[str]:
    return [f"{_link(d)}：{day_words(d.versions[0].effective_on)}以前" for d in gaps.earlier]


def _superseded(gaps: Gaps) -> list[str]:
    return [
        f"《{esc(s.title)}》：{day_words(s.on)}起由《{esc(s.by)}》取代" for s in gaps.superseded
    ]
