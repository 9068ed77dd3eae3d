"""The forms of the page 出题组卷 as escaped HTML: the plan of a paper, one question to edit."""

from __future__ import annotations

import json
from collections.abc import Iterable

from assistant.quiz.blueprint import MOST_QUESTIONS, USUAL_POINTS, Blueprint
from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind, Question
from assistant.quiz.paper import LETTERS
from assistant.web.html import esc
from assistant.web.quiz_plan import COMMON_POSTS, PRESETS, SHORT_NAMES, Preset
from kb.duty_bearers import UNCLEAR, BearerTable
from kb.fields import FieldTable

_MIX = (("easy", "易"), ("medium", "中"), ("hard", "难"))
_ABOUT = {
    Kind.SINGLE: "四选一",
    Kind.MULTI: "两个以上答案",
    Kind.JUDGE: "对或错",
    Kind.BLANK: "填原文的词",
    Kind.SHORT: "列出要点",
    Kind.CASE: "给一个情形，选处理",
}


def plan_html(
    table: BearerTable, fields: FieldTable, regions: Iterable[str], plan: Blueprint | None = None
) -> str:
    """Return the form, filled in with `plan` if there is one; folded then, since its paper shows."""
    common = [table.get(i) for i in COMMON_POSTS]
    chosen = plan.posts if plan else ()
    others = "、".join(table.get(p).name for p in chosen if p not in COMMON_POSTS)
    chips = "".join(_chip("posts", b.name, on=b.id in chosen) for b in common)
    known = "".join(f'<option value="{esc(b.name)}">' for b in table.bearers if b.id != UNCLEAR)
    topics = "".join(
        _chip("topics", f, on=plan is not None and f in plan.topics) for f in fields.order
    )
    return (
        f'<details class="z-planbox"{"" if plan else " open"}><summary>组卷条件</summary>'
        f'<form class="z-plan" autocomplete="off" novalidate>{_presets(table)}'
        '<label class="z-wide">试卷标题<input name="title" maxlength="60"'
        f' value="{esc(plan.title if plan else "")}"'
        ' placeholder="不填就按对象和领域起名"></label>'
        f'<fieldset><legend>考谁（不选就不限）</legend><div class="z-picks">{chips}</div>'
        '<label class="z-wide">其他对象<input name="others" list="z-known" maxlength="200"'
        f' value="{esc(others)}" placeholder="平常的叫法也可以，几个用顿号隔开，例如：矿长、物业"></label>'
        f'<datalist id="z-known">{known}</datalist></fieldset>'
        f'<fieldset><legend>考哪些领域（不选就是全部）</legend><div class="z-picks">{topics}</div></fieldset>'
        f"{_counts(plan)}{_more(plan, regions)}"
        '<p class="z-submitline"><button type="submit" class="z-primary">生成试卷</button>'
        '<button type="reset" class="z-plain">清空</button></p></form></details>'
    )


def _presets(table: BearerTable) -> str:
    buttons = "".join(
        f'<button type="button" class="z-preset" data-plan="{esc(_preset_json(p, table))}">'
        f"{esc(p.name)}<small>{esc(p.about)}</small></button>"
        for p in PRESETS
    )
    return f'<div class="z-presets"><p>常用的卷子（点一下填好，还可以改）</p><div>{buttons}</div></div>'


def _preset_json(preset: Preset, table: BearerTable) -> str:
    boxes: dict[str, object] = {
        "title": preset.title,
        "posts": [table.find(p).name for p in preset.posts],
    }
    for kind in Kind:
        boxes[f"{kind.value}_count"] = str(preset.counts.get(kind, ""))
        boxes[f"{kind.value}_points"] = f"{preset.points.get(kind, USUAL_POINTS[kind]):g}"
    boxes.update({name: share for (name, _), share in zip(_MIX, preset.mix, strict=True)})
    return json.dumps(boxes, ensure_ascii=False)


def _chip(name: str, value: str, *, on: bool) -> str:
    mark = " checked" if on else ""
    return (
        f'<label class="z-pick"><input type="checkbox" name="{name}" value="{esc(value)}"{mark}>'
        f"<span>{esc(value)}</span></label>"
    )


def _counts(plan: Blueprint | None) -> str:
    rows = "".join(_kind_row(k, plan) for k in Kind)
    return (
        '<fieldset><legend>出多少题</legend><table class="z-kinds"><thead><tr><th scope="col">题型</th>'
        '<th scope="col">题数</th><th scope="col">每题分值</th><th scope="col">小计</th></tr></thead>'
        f'<tbody>{rows}</tbody><tfoot><tr><th scope="row">合计</th><td class="z-allcount">0 题</td>'
        '<td></td><td class="z-allpoints">0 分</td></tr></tfoot></table></fieldset>'
    )


def _kind_row(kind: Kind, plan: Blueprint | None) -> str:
    count = plan.count(kind) if plan else 0
    points = plan.points(kind) if plan else USUAL_POINTS[kind]
    name = SHORT_NAMES[kind]
    return (
        f'<tr data-kind="{kind.value}"><th scope="row">{name}<small>{_ABOUT[kind]}</small></th>'
        f'<td><input type="number" inputmode="numeric" min="0" max="{MOST_QUESTIONS}" step="1"'
        f' name="{kind.value}_count" value="{count or ""}" placeholder="0" aria-label="{name}的题数"></td>'
        '<td><input type="number" inputmode="decimal" min="0.5" max="100" step="0.5"'
        f' name="{kind.value}_points" value="{points:g}" aria-label="{name}每题分值"></td>'
        '<td class="z-part">—</td></tr>'
    )


def _more(plan: Blueprint | None, regions: Iterable[str]) -> str:
    shares = plan.difficulty if plan else ()
    mix = "".join(
        f'<label>{label}<input type="number" inputmode="numeric" min="0" max="100" name="{name}"'
        f' value="{_share(shares, n)}" placeholder="—"></label>'
        for n, (name, label) in enumerate(_MIX)
    )
    places = "".join(
        f'<option value="{esc(r)}"{" selected" if plan and plan.region == r else ""}>{esc(r)}</option>'
        for r in regions
    )
    return (
        '<details class="z-moreplan"><summary>更多选项：难度、地方、种子</summary>'
        "<fieldset><legend>难度比例（例如 易 3 中 5 难 2；不填就不限）</legend>"
        f'<div class="z-mix">{mix}</div></fieldset>'
        f'<label class="z-wide">加上这个地方的文件<select name="region">{places}</select></label>'
        '<label class="z-wide">种子<input name="seed" inputmode="numeric" maxlength="10"'
        ' placeholder="不填就每次出不同的题；相同的种子出相同的卷子"></label></details>'
    )


def _share(shares: tuple[float, ...], n: int) -> str:
    return f"{shares[n] * 10:.3g}" if shares else ""


def edit_html(number: int, question: Question) -> str:
    """Return the form in which the question of that number is edited."""
    return (
        f'<form class="z-edit" data-n="{number}" autocomplete="off" novalidate>'
        f'<label class="z-wide">题干<textarea name="stem" rows="3">{esc(question.stem)}</textarea></label>'
        f"{_answer_boxes(question)}"
        '<label class="z-wide">解析<textarea name="explanation" rows="3">'
        f"{esc(question.explanation)}</textarea></label>"
        '<p class="z-hint">改了答案，请把解析一并改对。依据的条文不变；改过的题标“已编辑”。</p>'
        '<p class="z-submitline"><button type="submit" class="z-primary">改好了</button>'
        '<button type="button" class="z-plain z-canceledit">不改了</button></p></form>'
    )


def _answer_boxes(question: Question) -> str:
    if question.kind is Kind.JUDGE:
        return _judged(question)
    if question.kind in (Kind.BLANK, Kind.SHORT):
        hint = (
            f"每行一个空，按题干里“{BLANK}”的顺序"
            if question.kind is Kind.BLANK
            else "每行一个要点"
        )
        answer = "\n".join(question.answer)
        return (
            f'<label class="z-wide">答案（{hint}）<textarea name="answer" rows="3">'
            f"{esc(answer)}</textarea></label>"
        )
    look = "checkbox" if question.kind is Kind.MULTI else "radio"
    texts = [*question.options, *[""] * (len(LETTERS) - len(question.options))]
    shown = min(len(question.options) + 1, len(LETTERS))
    rows = "".join(
        f'<div class="z-optrow"{"" if n < shown else " hidden"}><label class="z-iskey">'
        f'<input type="{look}" name="key" value="{n}"{" checked" if text in question.answer else ""}'
        f' aria-label="选项 {LETTERS[n]} 是答案">{LETTERS[n]}</label>'
        f'<textarea name="option" rows="1" aria-label="选项 {LETTERS[n]}"'
        f' placeholder="{"" if n < len(question.options) else "要加一个选项就写在这里"}">'
        f"{esc(text)}</textarea></div>"
        for n, text in enumerate(texts)
    )
    hint = "可以勾几个" if look == "checkbox" else "只能选一个"
    return f"<fieldset><legend>选项，勾上的是答案（{hint}）；清空的选项会去掉</legend>{rows}</fieldset>"


def _judged(question: Question) -> str:
    choices = "".join(
        f'<label class="z-iskey"><input type="radio" name="answer" value="{word}"'
        f"{' checked' if word in question.answer else ''}>{word}</label>"
        for word in (RIGHT, WRONG)
    )
    return f'<fieldset class="z-verdict"><legend>答案</legend>{choices}</fieldset>'
