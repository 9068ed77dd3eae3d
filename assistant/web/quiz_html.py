"""A paper as escaped HTML: its tools, its sections, one block a question; the saved papers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

from assistant.quiz.blueprint import band_of
from assistant.quiz.drafts import Draft
from assistant.quiz.model import Basis, Kind, Question, stale
from assistant.quiz.paper import CHOICES, EDITED, LETTERS, Paper, Section, Slot
from assistant.quiz.store import Saved
from assistant.web.context_html import version_of
from assistant.web.html import QUIZ_PATH, doc_href, error_box, esc, icon
from kb.catalog import Catalog
from kb.errors import KbError
from kb.model import ProvisionId

FILE_PATH = "/api/quiz/file"
FORMS = {
    "paper": "试卷 Word", "key": "答案 Word", "xlsx": "Excel", "gift": "GIFT",
    "xml": "Moodle XML", "apkg": "Anki", "csv": "CSV", "json": "JSON", "all": "全部（一个压缩包）",
}  # fmt: skip
"""The forms in which a paper can be downloaded, and what they are called."""
_VERSIONS = ((1, "只要一份"), (2, "A、B 两卷"), (3, "A、B、C 三卷"), (4, "A、B、C、D 四卷"))
_CHINA = timezone(timedelta(hours=8))
_SHORT = 16
"""Characters of an option of which two fit beside each other on paper."""
_NUMBERS = "一二三四五六"


def draft_href(draft_id: str) -> str:
    """Return the address of a draft, escaped for an attribute."""
    return esc(f"{QUIZ_PATH}?{urlencode({'draft': draft_id})}")


def do(
    label: str, command: Mapping[str, object], look: str = "", ask: str = "", aria: str = ""
) -> str:
    """Return a button that sends a command; with `ask` a question is put first."""
    question = f' data-ask="{esc(ask)}"' if ask else ""
    name = f' aria-label="{esc(aria)}"' if aria else ""
    data = esc(json.dumps(dict(command), ensure_ascii=False))
    return f'<button type="button" class="z-do {look}" data-do="{data}"{question}{name}>{label}</button>'


def paper_html(draft: Draft, catalog: Catalog, *, may_save: bool, focus: int = 0) -> str:
    """Return the preview of a draft. `focus` is the number of the question that just changed."""
    paper = draft.paper
    old = {n: stale(q, catalog) for n, q in enumerate(paper.questions, 1)}
    changed = [n for n, bases in old.items() if bases]
    sections = "".join(
        _section(place, section, old, catalog) for place, section in enumerate(paper.sections)
    )
    return (
        f'<div class="z-paper" data-draft="{draft.id}" data-rev="{draft.revision}" data-focus="{focus}"'
        f' data-title="{esc(paper.title)}" data-address="{draft_href(draft.id)}">'
        f'<header class="z-paperhead"><h2 class="z-headline">{esc(paper.title)}</h2>'
        f'<p class="z-sum">{_sum(paper)}</p>'
        '<p class="z-nameline">单位：<u></u>姓名：<u></u>得分：<u></u></p></header>'
        f"{_notices(paper, changed)}{_tools(draft, may_save=may_save)}{sections}</div>"
    )


def _sum(paper: Paper) -> str:
    counts = "、".join(f"{s.kind.label} {len(s.slots)} 道" for s in paper.sections)
    day = f"{paper.day.year}年{paper.day.month}月{paper.day.day}日"
    rest = f"<span>{esc(counts)}。按 {day}有效的规定出题，种子 {paper.blueprint.seed}。</span>"
    return f"共 {len(paper.slots)} 题，满分 {paper.total:g} 分<span class=z-stop>：</span>{rest}"


def _notices(paper: Paper, changed: Collection[int]) -> str:
    out = "".join(
        f'<div class="z-banner info" role="note">{icon("info")}<p><strong>组卷说明</strong>{esc(n)}。</p></div>'
        for n in paper.notices
    )
    if changed:
        numbers = "、".join(f'<a href="#q{n}">第 {n} 题</a>' for n in changed)
        out += (
            f'<div class="z-banner old" role="note">{icon("warn")}<p><strong>依据已变</strong>{numbers}'
            "引用的条文在出题之后改了或撤了；请换一题，或核对后编辑。</p></div>"
        )
    return f'<div class="z-banners">{out}</div>'


def _tools(draft: Draft, *, may_save: bool) -> str:
    at: dict[str, object] = {"draft": draft.id, "rev": draft.revision}
    locked = sum(s.locked for s in draft.paper.slots)
    kept = f"锁定的 {locked} 题保留，其余" if locked else ""
    buttons = (
        do("全部重出", {"do": "redraw", **at}, ask=f"{kept}全部换成新题？")
        + (do("撤销上一步", {"do": "undo", **at}) if draft.before else "")
        + '<button type="button" class="z-openkeys">展开全部答案</button>'
        + '<button type="button" class="z-print">打印</button>'
        + f'<a class="z-fresh" href="{QUIZ_PATH}?new=1">另组一份</a>'
    )
    return (
        f'<div class="z-papertools"><p class="z-acts">{buttons}</p>'
        f"{_save(draft, may_save=may_save)}{_files(draft)}</div>"
    )


def _save(draft: Draft, *, may_save: bool) -> str:
    if not may_save:
        return (
            '<p class="z-hint">这份试卷暂存着，用这个地址随时能再打开；'
            "起名保存只能在装有本程序的电脑上。</p>"
        )
    state = "已保存" if draft.clean else "还没有保存" if not draft.saved_id else "有改动还没有保存"
    look = "ok" if draft.clean else "wait"
    return (
        f'<form class="z-save" autocomplete="off"><label>名称<input name="name" maxlength="60"'
        f' value="{esc(draft.paper.title)}"></label><button type="submit" class="z-primary">保存</button>'
        f'<span class="z-badge {look} z-savedstate">{state}</span></form>'
    )


def _files(draft: Draft) -> str:
    links = "".join(
        f'<a href="{esc(FILE_PATH)}?{esc(urlencode({"draft": draft.id, "form": form, "versions": 1}))}"'
        f' data-form="{form}" download>{name}</a>'
        for form, name in FORMS.items()
    )
    choices = "".join(f'<option value="{n}">{label}</option>' for n, label in _VERSIONS)
    return (
        '<div class="z-files"><span>下载</span><label class="z-versions-of">卷数'
        f"<select>{choices}</select></label>{links}</div>"
    )


def _section(
    place: int, section: Section, old: dict[int, tuple[Basis, ...]], catalog: Catalog
) -> str:
    kind, size = section.kind, len(section.slots)
    questions = "".join(
        _question(n, slot, old.get(n, ()), catalog)
        for n, slot in enumerate(section.slots, section.first)
    )
    points = (
        f'每题 <input class="z-points" type="number" inputmode="decimal" min="0.5" max="100" step="0.5"'
        f' value="{section.points:g}" data-kind="{kind.value}" aria-label="{kind.label}每题分值">'
        f'<span class="z-printed">{section.points:g}</span> 分'
    )
    return (
        f'<section class="z-papersec"><h3>{_NUMBERS[place]}、{kind.label}'
        f"<small>（共 {size} 题，{points}，共 {section.total:g} 分）</small></h3>{questions}</section>"
    )


def _question(number: int, slot: Slot, old: tuple[Basis, ...], catalog: Catalog) -> str:
    question = slot.question
    looks = "".join((" locked" if slot.locked else "", " stale" if old else ""))
    return (
        f'<article class="z-q{looks}" id="q{number}" data-n="{number}" data-q="{esc(question.id)}">'
        f'<p class="z-stem"><b class="z-no">{number}.</b><span>{esc(question.stem)}</span></p>'
        f"{_options(question)}{_key(number, question, old, catalog)}"
        f'<div class="z-qfoot"><p class="z-qbadges">{_badges(slot, old)}</p>'
        f'<p class="z-acts">{_acts(number, slot)}</p></div></article>'
    )


def _options(question: Question) -> str:
    if question.kind is Kind.JUDGE:
        return '<p class="z-bracket">（　　）</p>'
    if question.kind not in CHOICES:
        return '<p class="z-answerline"></p>' if question.kind is Kind.SHORT else ""
    rows = "".join(
        f"<li><b>{LETTERS[n]}.</b><span>{esc(o)}</span></li>"
        for n, o in enumerate(question.options)
    )
    short = " short" if all(len(o) <= _SHORT for o in question.options) else ""
    return f'<ol class="z-opts{short}">{rows}</ol>'


def _badges(slot: Slot, old: tuple[Basis, ...]) -> str:
    q = slot.question
    marks = [
        ("level", q.knowledge.value),
        ("level", f"难度：{band_of(q.difficulty).value}"),
        *([("wait", "已编辑")] if q.origin == EDITED else []),
        *([("ok", "已锁定")] if slot.locked else []),
        *([("dead", "依据已变")] if old else []),
    ]
    return "".join(f'<span class="z-badge {look}">{esc(text)}</span>' for look, text in marks)


def _acts(number: int, slot: Slot) -> str:
    name = f"第 {number} 题"
    again = (
        "" if slot.locked else do("换一题", {"do": "replace", "n": number}, aria=f"{name}换一题")
    )
    turn = ("解锁", "unlock") if slot.locked else ("锁定", "lock")
    return (
        again
        + do(turn[0], {"do": turn[1], "n": number}, aria=f"{turn[0]}{name}")
        + f'<button type="button" class="z-openedit" data-n="{number}" aria-label="编辑{name}">编辑</button>'
        + do("删除", {"do": "delete", "n": number}, "z-danger", f"删除{name}？", f"删除{name}")
    )


def key_text(question: Question) -> str:
    """Return the key as it is printed: B　text, 正确, or the words of the gaps (plain text)."""
    if question.kind in CHOICES:
        return f"{question.letters}　{'；'.join(question.answer)}"
    return "；".join(question.answer)


def _key(number: int, question: Question, old: tuple[Basis, ...], catalog: Catalog) -> str:
    bases = "".join(_basis(number, n, b, old, catalog) for n, b in enumerate(question.basis, 1))
    why = f"<dt>解析</dt><dd>{esc(question.explanation)}</dd>" if question.explanation else ""
    return (
        '<details class="z-keyfold"><summary>答案、解析、依据</summary><dl>'
        f'<dt>答案</dt><dd class="z-key">{esc(key_text(question))}</dd>{why}'
        f"<dt>依据</dt><dd>{bases or '没有依据'}</dd></dl></details>"
    )


def _basis(number: int, n: int, basis: Basis, old: tuple[Basis, ...], catalog: Catalog) -> str:
    changed = '<span class="z-badge dead">依据已变</span>' if basis in old else ""
    panel = f"z-b{number}-{n}"
    chip = citation_chip(basis.provision, basis.quote, catalog, panel, n)
    return (
        f'<div class="z-line z-basis"><p><span>{chip or esc(basis.citation)}</span>'
        f'<span class="z-badge kind-{_look(basis.text_kind)}">{esc(basis.text_kind)}</span>{changed}</p>'
        f"<blockquote>{esc(basis.quote)}</blockquote></div>"
    )


def _look(text_kind: str) -> str:
    return {"原文": "text", "要点": "digest"}.get(text_kind, "unit")


def citation_chip(pid: ProvisionId, quote: str, catalog: Catalog, panel: str, n: int) -> str:
    """Return the link to a provision that opens in place with `quote` marked; "" if it is gone."""
    try:
        document = catalog.get(pid.doc_id)
        provision = catalog.provision(pid)
        version = document.version(pid.version)
    except KbError:
        return ""
    where = f"《{document.title}》{pid.locator}"
    at = provision.text.find(quote)
    start = provision.start + max(at, 0)
    end = start + (len(quote) if at >= 0 else len(provision.text))
    href = doc_href(pid.doc_id, pid.locator, version_of(document, version))
    return (
        f'{esc(where)}<sup><a class="z-cite" href="{href}" data-n="{n}" data-panel="{esc(panel)}"'
        f' data-mark="{start}-{end}" aria-expanded="false" title="{esc(where)}"'
        f' aria-label="打开出处：{esc(where)}">{n}</a></sup>'
    )


def saved_html(papers: Collection[Saved]) -> str:
    """Return the list of saved papers with what can be done with each."""
    if not papers:
        return (
            '<div class="z-papers"><p class="z-none">还没有保存过试卷。</p>'
            f'<p><a href="{QUIZ_PATH}?new=1">去组一份</a>，在预览里起个名称点“保存”，就会列在这里。</p></div>'
        )
    rows = "".join(map(_saved_row, papers))
    return f'<div class="z-papers"><ul class="z-rows">{rows}</ul></div>'


def _saved_row(saved: Saved) -> str:
    opened = (
        ""
        if saved.problem
        else do("打开", {"do": "open", "id": saved.id}, "z-primary", aria=f"打开：{saved.title}")
    )
    about = f"{saved.size} 题，{saved.total:g} 分，" if not saved.problem else ""
    problem = error_box(saved.problem) if saved.problem else ""
    gone = do(
        "删除", {"do": "remove", "id": saved.id}, "z-danger",
        f"删除“{saved.title}”？删除后找不回来。", f"删除：{saved.title}",
    )  # fmt: skip
    return (
        f'<li data-id="{esc(saved.id)}"><p class="z-name">{esc(saved.title)}</p>'
        f'<p class="z-facts">{about}{local_time(saved.saved_at)} 保存</p>{problem}'
        f'<p class="z-acts">{opened}{gone}</p></li>'
    )


def local_time(stamp: str) -> str:
    """Return 2026-11-22 16:05 in China for 2026-11-22T08:05:00Z; what is no time comes back."""
    try:
        at = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    except ValueError:
        return esc(stamp)
    return f"{at.astimezone(_CHINA):%Y-%m-%d %H:%M}"
