"""题库体检 as escaped HTML: the banks kept, what their columns mean, progress, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from assistant.practice.sets import Insistence
from assistant.quiz.bank.model import BankQuestion, Imported, Mapping, Role, Row, SheetMapping
from assistant.quiz.bank.store import Bank
from assistant.quiz.check import State, Verdict
from assistant.quiz.model import Kind
from assistant.quiz.paper import LETTERS
from assistant.training.insisting import LONGEST, SHORTEST
from assistant.web.html import QUIZ_PATH, day_words, error_box, esc, icon, kind_badge
from assistant.web.quiz_html import citation_chip, do, local_time
from assistant.web.quiz_runs import Result, Run
from kb.catalog import Catalog

REPORT_PATH = "/api/quiz/report"
_LONG = 24
_ROWS_SHOWN, _PROBLEMS_SHOWN, _VERDICTS_SHOWN = 5, 100, 100
_LOOKS = {
    State.CONTRADICTED: "dead",
    State.OUTDATED: "old",
    State.CONSISTENT: "ok",
    State.UNLINKED: "level",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """That practice leaves a question out, unless somebody insists on it.

    `question` is its id in practice, "" for one that cannot be asked by machine anyway.
    """

    question: str
    insisted: Insistence | None = None


LeftOutOf = Callable[[Verdict], LeftOut | None]
"""Tells of a verdict whether practice leaves its question out."""


def bank_href(bank_id: str) -> str:
    """Return the address of a bank, escaped for an attribute."""
    return esc(f"{QUIZ_PATH}?{urlencode({'bank': bank_id})}")


def banks_html(banks: Sequence[tuple[Bank, Result | None]]) -> str:
    """Return the list of the banks kept, the newest first, with what was found in each."""
    if not banks:
        return (
            '<div class="z-banks"><p class="z-none">还没有题库。</p><p>点上面的“选择题库文件”，把旧题库'
            "（Excel、Word、TXT、GIFT 或本程序的 JSON）交给程序：先看它读懂了哪些列，再逐题对照现行规定，"
            "指出答案与现行规定不符的、说法过时的。</p></div>"
        )
    rows = "".join(_bank_row(b, r) for b, r in reversed(banks))
    return f'<div class="z-banks"><h2 class="z-h2">题库</h2><ul class="z-rows">{rows}</ul></div>'


def _bank_row(bank: Bank, result: Result | None) -> str:
    found = "还没有体检" if result is None else "，".join(
        f"{s.label} {n}" for s in State if (n := result.count(s))
    )  # fmt: skip
    gone = do(
        "移除", {"do": "bankremove", "bank": bank.id}, "z-danger",
        f"移除题库“{bank.file}”和它的体检结果？", f"移除：{bank.file}",
    )  # fmt: skip
    return (
        f'<li data-bank="{esc(bank.id)}"><p class="z-name"><a href="{bank_href(bank.id)}">{esc(bank.file)}</a></p>'
        f'<p class="z-facts">{len(bank.imported.questions)} 题，{local_time(bank.at)} 导入，{esc(found)}</p>'
        f'<p class="z-acts"><a class="z-go" href="{bank_href(bank.id)}">打开</a>{gone}</p></li>'
    )


def _head(bank: Bank) -> str:
    return (
        f'<p class="z-back"><a href="{QUIZ_PATH}?view=bank">‹ 全部题库</a></p>'
        f'<h2 class="z-headline">{esc(bank.file)}</h2>'
    )


def mapping_html(
    bank: Bank, rows: Sequence[Row], mapping: Mapping, imported: Imported, error: str = ""
) -> str:
    """Return what the columns are taken for, to correct, and what is read with that."""
    sheets = "".join(_sheet(n, m, rows) for n, m in enumerate(mapping.sheets))
    guide = (
        '<p class="z-hint">每一列上面写着程序把它当作什么；认错了就改选，下面的数会跟着变。</p>'
        if sheets
        else ""
    )
    return (
        f'<div class="z-bank" data-bank="{esc(bank.id)}" data-title="{esc(bank.file)}"'
        f' data-address="{bank_href(bank.id)}">{_head(bank)}{error_box(error) if error else ""}'
        f'<form class="z-mapping" data-bank="{esc(bank.id)}">{_read(imported)}{guide}{sheets}'
        f"{_sample(imported.questions)}{_problems(imported)}"
        '<p class="z-submitline"><button type="submit" class="z-primary">'
        f"开始体检（{len(imported.questions)} 题）</button></p></form></div>"
    )


def _read(imported: Imported) -> str:
    parts = [f"读出 <strong>{len(imported.questions)} 题</strong>"]
    if imported.problems:
        parts.append(f"{len(imported.problems)} 行读不成题")
    if imported.repeats:
        parts.append(f"{len(imported.repeats)} 题重复，只留一份")
    if imported.conflicts:
        parts.append(f"{len(imported.conflicts)} 题题干相同而答案不同")
    return f'<p class="z-read">{"，".join(parts)}。</p>'


def _sheet(place: int, mapping: SheetMapping, rows: Sequence[Row]) -> str:
    own = [r for r in rows if r.sheet == mapping.sheet]
    width = max((len(r.cells) for r in own), default=0)
    roles = [*mapping.roles, *[Role.IGNORED] * (width - len(mapping.roles))]
    heads = "".join(
        f'<th scope="col"><select data-sheet="{place}" data-column="{n}"'
        f' aria-label="第 {n + 1} 列是什么">{_choices(role)}</select></th>'
        for n, role in enumerate(roles)
    )
    first = [r for r in own if r.number >= mapping.first][:_ROWS_SHOWN]
    body = "".join(
        f'<tr><th scope="row">{r.number}</th>'
        + "".join(_cell(c) for c in _filled(r, len(roles)))
        + "</tr>"
        for r in first
    )
    name = (
        f"<caption>工作表“{esc(mapping.sheet)}”，{len(own)} 行</caption>" if mapping.sheet else ""
    )
    return (
        f'<div class="z-sheet" tabindex="0" role="region" aria-label="表格"><table>{name}<thead><tr>'
        f'<th scope="col">行</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _choices(chosen: Role) -> str:
    return "".join(
        f'<option value="{r.value}"{" selected" if r is chosen else ""}>{r.value}</option>'
        for r in Role
    )


def _filled(row: Row, width: int) -> list[str]:
    return [*row.cells, *[""] * (width - len(row.cells))]


def _cell(text: str) -> str:
    long = " class=long" if len(text) > _LONG else ""
    return f"<td{long}>{esc(_cut(text))}</td>"


def _cut(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _sample(questions: Sequence[BankQuestion]) -> str:
    if not questions:
        return ""
    rows = "".join(
        f'<li><span class="z-badge level">{q.kind.label}</span> {esc(_cut(q.stem))}'
        f"<small>答案：{esc(_cut(key_of(q)))}</small></li>"
        for q in questions[:3]
    )
    return f'<div class="z-sampled"><h3>读出来是这样</h3><ul>{rows}</ul></div>'


def key_of(question: BankQuestion) -> str:
    """Return the key of a bank's question as people read it: B　text (plain text)."""
    if question.kind is Kind.JUDGE or not question.options:
        return "；".join(question.answer)
    places = [n for n, o in enumerate(question.options) if o in question.answer]
    letters = "".join(LETTERS[n] for n in places if n < len(LETTERS))
    return f"{letters}　{'；'.join(question.answer)}"


def _problems(imported: Imported) -> str:
    bad = "".join(
        f"<li><b>{_rows_of(p.row, p.through, p.sheet)}</b>{esc(p.reason)}<small>{esc(_cut(p.raw, 120))}</small></li>"
        for p in imported.problems[:_PROBLEMS_SHOWN]
    )
    clash = "".join(
        f"<li><b>{_rows_of(r.row, 0, r.sheet)}</b>与{_rows_of(r.first_row, 0, r.first_sheet)}"
        "题干相同，答案不同；两题都留着，请核对</li>"
        for r in imported.conflicts[:_PROBLEMS_SHOWN]
    )
    more = len(imported.problems) - _PROBLEMS_SHOWN
    rest = f"<p>还有 {more} 行没有列出。</p>" if more > 0 else ""
    if not bad and not clash:
        return ""
    return (
        f'<details class="z-rowproblems" open><summary>请核对的行（{len(imported.problems) + len(imported.conflicts)}）'
        f"</summary><ul>{bad}{clash}</ul>{rest}</details>"
    )


def _rows_of(row: int, through: int, sheet: str) -> str:
    place = f"第 {row}–{through} 行" if through > row else f"第 {row} 行"
    return f"{esc(sheet)} {place}" if sheet else place


def running_html(bank: Bank, run: Run) -> str:
    """Return how far the examination has come."""
    share = 100 * run.done // max(run.total, 1)
    return (
        f'<div class="z-bank" data-bank="{esc(bank.id)}" data-title="{esc(bank.file)}"'
        f' data-address="{bank_href(bank.id)}">{_head(bank)}'
        f'<div class="z-progress" role="status"><p>{_step(run)}</p>'
        f'<div role="progressbar" aria-valuenow="{share}" aria-valuemin="0" aria-valuemax="100"'
        f' aria-label="体检进度"><span style="width:{share}%"></span></div>'
        '<p class="z-hint">可以离开这一页去做别的，过一会儿从“题库体检”再打开。</p></div></div>'
    )


def _step(run: Run) -> str:
    if not run.done:
        return "正在准备对照用的条文，要几秒…"
    return f"正在逐题对照现行规定：{run.done}/{run.total}"


def results_html(
    bank: Bank,
    result: Result,
    chosen: State | None,
    catalog: Catalog,
    left_out: LeftOutOf | None = None,
) -> str:
    """Return the verdicts, those of one state if one is chosen, with the counts as filters.

    With `left_out` it is said what practice leaves out, and can be changed.
    """
    shown = [v for v in result.verdicts if chosen in (None, v.state)]
    ids = count(1)
    state = chosen.value if chosen else "all"
    items = "".join(
        _verdict(v, catalog, ids, _left_out(bank, state, left_out(v) if left_out else None))
        for v in shown[:_VERDICTS_SHOWN]
    )
    more = len(shown) - _VERDICTS_SHOWN
    rest = (
        f'<p class="z-hint">这里列出前 {_VERDICTS_SHOWN} 题，还有 {more} 题；全部在 Excel 报告里。</p>'
        if more > 0
        else ""
    )
    return (
        f'<div class="z-bank z-results" data-bank="{esc(bank.id)}" data-title="{esc(bank.file)}"'
        f' data-address="{bank_href(bank.id)}">{_head(bank)}'
        f'<p class="z-sum">{len(result.verdicts)} 题，{local_time(result.at)} 体检；'
        f"按 {day_words(result.day)}有效的规定。体检只比对条文的字面，不能代替人的判断。</p>"
        f"{_renewed(result)}{_filters(bank, result, chosen)}{_result_tools(bank)}"
        f"{items or _nothing(chosen)}{rest}</div>"
    )


def _renewed(result: Result) -> str:
    if result.current:
        return ""
    return (
        f'<div class="z-banner old" role="note">{icon("warn")}<p><strong>请重新体检</strong>'
        "这次体检之后法规库更新过，结果可能已经不对。</p></div>"
    )


def _filters(bank: Bank, result: Result, chosen: State | None) -> str:
    options: list[tuple[State | None, str, int]] = [
        *((s, s.label, result.count(s)) for s in State),
        (None, "全部", len(result.verdicts)),
    ]
    cards = "".join(
        f'<li class="{_LOOKS[s] if s else "all"}">'
        + do(
            f"<b>{n}</b><span>{label}</span>",
            {"do": "bank", "bank": bank.id, "state": s.value if s else "all"},
            "on" if s is chosen else "",
            aria=f"只看{label}，{n} 题",
        )
        + "</li>"
        for s, label, n in options
    )  # fmt: skip
    return f'<ul class="z-states">{cards}</ul>'


def _result_tools(bank: Bank) -> str:
    query = urlencode({"bank": bank.id})
    return (
        f'<div class="z-files"><a href="{esc(f"{REPORT_PATH}?{query}")}" download>下载 Excel 报告</a>'
        + do("重新体检", {"do": "check", "bank": bank.id})
        + do("看各列的含义", {"do": "map", "bank": bank.id})
        + "</div>"
    )


def _nothing(chosen: State | None) -> str:
    label = chosen.label if chosen else "题"
    return f'<p class="z-none">没有“{label}”的题。点上面的数字看别的。</p>'


def _left_out(bank: Bank, state: str, found: LeftOut | None) -> str:
    """Whether the question is practised, and what changes it; "" where nothing is to be said."""
    if found is None:
        return ""
    if not found.question:
        return '<p class="z-left">没有用于练习：这道题也不能由程序判分。</p>'
    target = {"bank": bank.id, "question": found.question, "state": state}
    held = found.insisted
    if held is not None:
        who = f"{held.name}，" if held.name else ""
        return (
            f'<div class="z-left on"><p>仍用于练习，旁边写明：“{esc(held.words)}”'
            f"<small>{esc(who)}{local_time(held.at.isoformat())}</small></p>"
            + do("撤回，不再用于练习", {"do": "release", **target})
            + "</div>"
        )
    data = "".join(f' data-{k}="{esc(v)}"' for k, v in target.items())
    return (
        f'<details class="z-left"><summary>没有用于练习<span class="z-insisting">仍要用于练习</span>'
        f'</summary><form class="z-insist"{data}><label>为什么仍要用（一句话，练习的人会看到）'
        f'<input name="reason" required minlength="{SHORTEST}" maxlength="{LONGEST}"'
        ' autocomplete="off"></label><button type="submit" class="z-primary">用于练习</button>'
        "</form></details>"
    )


def _verdict(verdict: Verdict, catalog: Catalog, ids: count[int], left_out: str) -> str:
    q = verdict.question
    advice = f"<dt>建议</dt><dd>{esc(verdict.suggestion)}</dd>" if verdict.suggestion else ""
    return (
        f'<article class="z-q z-judged {_LOOKS[verdict.state]}" data-state="{verdict.state.value}">'
        f'<p class="z-facts"><span class="z-badge {_LOOKS[verdict.state]}">{verdict.state.label}</span>'
        f"<span>{_rows_of(q.row, 0, q.sheet)}</span><span>{q.kind.label}</span></p>"
        f'<p class="z-stem"><span>{esc(q.stem)}</span></p>{_keyed(q)}'
        f'<dl><dt>题库答案</dt><dd class="z-key">{esc(key_of(q))}</dd>'
        f"<dt>对照结果</dt><dd>{esc(verdict.reason)}</dd>{advice}{_linked(verdict, catalog, ids)}</dl>"
        f"{left_out}</article>"
    )


def _keyed(question: BankQuestion) -> str:
    if question.kind is Kind.JUDGE or not question.options:
        return ""
    keyed: Collection[str] = question.answer
    rows = "".join(
        f"<li{' class=z-keyed' if o in keyed else ''}><b>{LETTERS[n] if n < len(LETTERS) else n + 1}.</b>"
        f"<span>{esc(o)}</span></li>"
        for n, o in enumerate(question.options)
    )
    return f'<ol class="z-opts">{rows}</ol>'


def _linked(verdict: Verdict, catalog: Catalog, ids: count[int]) -> str:
    link = verdict.link
    if link is None:
        return ""
    n = next(ids)
    chip = citation_chip(link.provision.id, link.quote, catalog, f"z-v{n}", n) or esc(link.citation)
    lead = f'<p class="z-over">{esc(link.lead)}</p>' if link.lead else ""
    return (
        f'<dt>依据</dt><dd class="z-line z-basis"><p><span>{chip}</span>{kind_badge(link.document.text_kind)}</p>'
        f"{lead}<blockquote>{esc(link.quote)}</blockquote></dd>"
    )
