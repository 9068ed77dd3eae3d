"""An Answer as escaped HTML: quotations with citations that open in place, or a calm refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from assistant.answers import Answer, Outcome, Quote, Statement
from assistant.duties import DutyList
from assistant.liability import INFERRED
from assistant.render import answer_text
from assistant.search import Hit
from assistant.web.context_html import context_html, version_of
from assistant.web.duties_html import answered_html, remarks_html
from assistant.web.html import (
    Mark,
    ask_link,
    banner,
    day_words,
    doc_href,
    duties_href,
    effective_words,
    esc,
    icon,
    kind_badge,
    line_class,
    name_of,
    notice_look,
    region_badge,
    status_badge,
)
from kb.catalog import Catalog
from kb.model import Article, Document, Status, Version

EXAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "乡镇干部",
        (
            "乡镇政府在安全生产上必须做什么？",
            "企业拒不停产怎么办？",
            "四个一律是什么？",
            "举报安全隐患有没有奖励？",
        ),
    ),
    (
        "培训老师",
        (
            "企业主要负责人有哪些安全生产职责？",
            "特种作业人员没证上岗怎么处罚？",
            "三管三必须是什么意思？",
            "安全生产法第二十一条",
        ),
    ),
    (
        "一线员工",
        (
            "领导违章指挥，我能不能拒绝？",
            "单位不发劳动防护用品怎么办？",
            "发现事故隐患应该怎么做？",
            "新员工上岗前要不要培训？",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the question, and the day and place it was asked for, if given."""

    question: str
    as_of: date | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class _Around:
    """What every part of an answer needs: citations by number, the library, and if a day was set."""

    quotes: dict[int, Quote]
    catalog: Catalog
    dated: bool

    def status(self, quote: Quote) -> str:
        """The status label; a past day's 现行有效 must not read as today's."""
        if self.dated and quote.status is Status.IN_FORCE:
            return '<span class="z-badge ok">当日有效</span>'
        return status_badge(quote.status)


def welcome_html() -> str:
    """Return the empty page: example questions for each of the three readers."""
    cards = "".join(
        f'<section class="z-card"><h2>{esc(who)}常问</h2><ul>'
        + "".join(f"<li>{ask_link(q)}</li>" for q in questions)
        + "</ul></section>"
        for who, questions in EXAMPLES
    )
    return f'<div class="z-examples">{cards}</div>'


def answer_html(
    asked: Asked, answer: Answer, catalog: Catalog, made: DutyList | None = None
) -> str:
    """Return the answer or refusal with everything that belongs to it.

    `made` is the list that the answer is made from, where `answer.listed` names one.
    """
    refused = answer.outcome == Outcome.REFUSAL
    body = _refusal(answer) if refused else _answer(answer, catalog, made) + _tools(asked, answer)
    return (
        f'<article class="z-answer {answer.outcome}" data-q="{esc(asked.question)}"'
        f' data-as-of="{asked.as_of.isoformat() if asked.as_of else ""}"'
        f' data-region="{esc(asked.region)}">'
        f"{_question_line(asked)}{body}{_related(answer)}</article>"
    )


def plain_text(asked: Asked, answer: Answer) -> str:
    """Return what the copy button copies: question, quotations, sources."""
    day = f"（按 {day_words(asked.as_of)} 有效的规定）" if asked.as_of else ""
    return f"问：{asked.question}{day}\n\n{answer_text(answer)}"


def _question_line(asked: Asked) -> str:
    extra = []
    if asked.as_of:
        extra.append(f"按 {day_words(asked.as_of)} 有效的规定")
    if asked.region:
        extra.append(f"加上{asked.region}的文件")
    more = f'<span class="z-asof">（{esc("，".join(extra))}）</span>' if extra else ""
    return f'<p class="z-asked"><span>您问</span>{esc(asked.question)}{more}</p>'


def _answer(answer: Answer, catalog: Catalog, made: DutyList | None) -> str:
    around = _Around({q.n: q for q in answer.citations}, catalog, answer.as_of is not None)
    said = _notes_below(made) if made else frozenset()
    below = [n for n in answer.notices if notice_look(n)[0] == "digest"]
    above = [n for n in answer.notices if n not in below and n not in said]
    groups = _listed(answer, around, made) if made else _groups(answer.statements, around, "a")
    label = "职责清单" if made else "依据"
    sanctioned = _first_sanctions(answer, around.quotes, made) if made else answer
    return (
        f'<h2 class="z-headline"><span>{label}</span>{esc(answer.headline)}</h2>'
        f"{remarks_html(above) if made else _banners(above)}{groups}"
        f"{_banners(below)}"
        f"{_liability(sanctioned, around)}{_sources(answer, around)}"
    )


def _banners(notices: Sequence[str]) -> str:
    return f'<div class="z-banners">{"".join(map(banner, notices))}</div>'


def _notes_below(made: DutyList) -> frozenset[str]:
    """The notices that stand at the documents of the list."""
    return frozenset(
        f"《{g.document.title}》：{n}" for f in made.duties for g in f.documents for n in g.notes
    )


def _listed(answer: Answer, around: _Around, made: DutyList) -> str:
    """The article that answers first as a quotation, the rest of the list folded by group."""
    first = _first_statements(answer)
    main = around.quotes[first[0].citation].provision.id.in_article if first else None
    numbers = {q.provision.id: q.n for q in answer.citations}
    rest = answered_html(made, around.catalog, lambda q: numbers[q.provision.id], main)
    href = duties_href(made.bearer.name, made.field, answer.as_of, answer.region)
    return (
        f"{_groups(first, around, 'a')}{rest}"
        f'<p class="z-whole"><a href="{href}">打开{esc(made.bearer.name)}的职责清单</a>'
        "，可以换领域、看可以做和有权做的、打印</p>"
    )


def _first_statements(answer: Answer) -> tuple[Statement, ...]:
    parts = answer.listed.parts if answer.listed else ()
    return answer.statements[: sum(p.statements for p in parts[:1] if p.main)]


def _first_sanctions(answer: Answer, quotes: dict[int, Quote], made: DutyList) -> Answer:
    """The answer with the sanctions of its first article only; the others stand at their lines."""
    main = {quotes[s.citation].provision.id.in_article for s in _first_statements(answer)}
    lines = (d for d in made.lines if d.quote.provision.id.in_article in main)
    shown = {s.quote.provision.id.in_article for d in lines for s in d.sanctions}
    kept = [s for s in answer.liability if quotes[s.citation].provision.id.in_article in shown]
    return replace(answer, liability=tuple(kept))


def _liability(answer: Answer, around: _Around) -> str:
    if not answer.liability:
        return ""
    groups = _groups(answer.liability, around, "l")
    return f'<section class="z-liability"><h3>不履行的后果</h3>{groups}</section>'


def _groups(statements: Sequence[Statement], around: _Around, prefix: str) -> str:
    """Return one quotation block for each run of statements from one article and kind."""

    def key(s: Statement) -> tuple[object, str]:
        return around.quotes[s.citation].provision.id.in_article, s.note

    runs = [list(run) for _, run in groupby(statements, key)]
    return "".join(_group(f"{prefix}{i}", run, around) for i, run in enumerate(runs, 1))


def _group(name: str, run: list[Statement], around: _Around) -> str:
    quotes = around.quotes
    first = quotes[run[0].citation]
    article = around.catalog.article(first.provision.id)
    lines = [(_line(s, quotes[s.citation], article), s) for s in run]
    blocks = [
        _block("".join(s.text for _, s in same), quotes[n], article, name)
        for (n, _), same in groupby(lines, lambda x: (x[1].citation, x[0]))
    ]
    note = run[0].note
    sure = "inferred" if note == INFERRED else "ok"
    label = f'<span class="z-badge {sure}">{esc(note)}</span>' if note else ""
    return (
        f'<section class="z-quote"><blockquote>{"".join(blocks)}</blockquote>'
        f'<p class="z-source">{_source_link(first, article, around)}{label}</p>'
        f"{_context(name, run, quotes, first, article)}</section>"
    )


def _line(statement: Statement, quote: Quote, article: Article) -> int:
    """Return which line of the article a statement stands on, so that lines stay apart."""
    mark = _mark(statement, quote, article)
    return article.text.count("\n", 0, mark.start) if mark else -1


def _block(text: str, quote: Quote, article: Article, panel: str) -> str:
    """Return the lines of one quotation, the citation after the last character."""
    part = quote.provision if quote.provision.id != article.id else None
    *above, last = text.split("\n")
    lines = [f'<p class="{line_class(line, None)}">{esc(line)}</p>' for line in above]
    return "".join(lines) + (
        f'<p class="{line_class(last, None if above else part)}">{esc(last[:-1])}'
        f'<span class="z-tail">{esc(last[-1:])}{_chip(quote, panel)}</span></p>'
    )


def _chip(quote: Quote, panel: str) -> str:
    where = f"{name_of(quote.document)}{quote.provision.id.locator}"
    href = doc_href(
        quote.document.id, quote.provision.id.locator, version_of(quote.document, quote.version)
    )
    return (
        f'<sup><a class="z-cite" href="{href}" data-n="{quote.n}" data-panel="z-{panel}"'
        f' aria-expanded="false" aria-controls="z-{panel}" title="{esc(where)}"'
        f' aria-label="出处{quote.n}：{esc(where)}">{quote.n}</a></sup>'
    )


def _source_link(quote: Quote, article: Article, around: _Around) -> str:
    doc, version = quote.document, quote.version
    href = doc_href(doc.id, article.id.article, version_of(quote.document, quote.version))
    return (
        f'<a href="{href}">{esc(name_of(doc))}{esc(article.id.article)}</a>'
        f"{kind_badge(doc.text_kind)}{region_badge(doc)}{around.status(quote)}"
        f'<span class="z-day">{effective_words(version.effective_on)}</span>'
    )


def _context(
    name: str, run: list[Statement], quotes: dict[int, Quote], first: Quote, article: Article
) -> str:
    """Return the article around the quotations, closed until a citation is clicked."""
    marks = [m for s in run if (m := _mark(s, quotes[s.citation], article))]
    return context_html(f"z-{name}", first.document, first.version, article, first.provision, marks)


def _mark(statement: Statement, quote: Quote, article: Article) -> Mark | None:
    start = article.text.find(statement.text, quote.provision.start)
    if start < 0:
        return None
    return Mark(start, start + len(statement.text), statement.citation)


def _sources(answer: Answer, around: _Around) -> str:
    rows = "".join(
        f'<li><span class="z-n">{q.n}</span><div><a href='
        f'"{doc_href(q.document.id, q.provision.id.locator, version_of(q.document, q.version))}">'
        f"{esc(name_of(q.document))}{esc(q.provision.id.locator)}</a> "
        f"{kind_badge(q.document.text_kind)}{around.status(q)}"
        f'<span class="z-day">{_issue(q.document, q.version)}</span></div></li>'
        for q in answer.citations
    )
    count = len(answer.citations)
    return f'<details class="z-sources"><summary>全部出处（{count} 处）</summary><ol>{rows}</ol></details>'


def _issue(document: Document, version: Version) -> str:
    facts = [document.doc_number, effective_words(version.effective_on)]
    return esc("，".join(f for f in facts if f))


def _tools(asked: Asked, answer: Answer) -> str:
    return (
        f'<pre class="z-plain" hidden>{esc(plain_text(asked, answer))}</pre>'
        '<p class="z-tools"><button type="button" class="z-copy">复制回答和出处</button>'
        '<button type="button" class="z-print">打印</button>'
        '<span class="z-said" role="status"></span></p>'
    )


def _refusal(answer: Answer) -> str:
    nearest = "".join(map(_near, answer.nearest))
    block = (
        '<section class="z-nearest"><h3>最接近的条文（不是答案）</h3>'
        "<p>下面只是字面或意思最接近的条文，供您判断要不要换个问法。</p>"
        f"<ul>{nearest}</ul></section>"
        if nearest
        else ""
    )
    return (
        f'<div class="z-refusal">{icon("warn")}<div><h2>这个问题现在不能回答</h2>'
        f"<p>{esc(answer.headline)}</p></div></div>{block}"
    )


def _near(hit: Hit) -> str:
    lead = hit.provision.lead
    short = lead if len(lead) <= 70 else lead[:69] + "…"
    href = doc_href(
        hit.document.id, hit.provision.id.locator, version_of(hit.document, hit.version)
    )
    status = "" if hit.status is Status.IN_FORCE else status_badge(hit.status)
    return (
        f'<li><a href="{href}">{esc(name_of(hit.document))}{esc(hit.provision.id.locator)}</a>'
        f"{kind_badge(hit.document.text_kind)}{status}<span>{esc(short)}</span></li>"
    )


def _related(answer: Answer) -> str:
    if not answer.related:
        return ""
    links = "".join(f"<li>{ask_link(q)}</li>" for q in answer.related)
    return (
        f'<nav class="z-related" aria-label="可以接着问"><h3>可以接着问</h3><ul>{links}</ul></nav>'
    )
