"""Answers and hits as the JSON of the command-line contract, and as plain text."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.answers import Answer, Listed, Outcome, Quote, Statement
from assistant.search import Hit


def day_text(day: date) -> str | None:
    """Return the ISO date, or None where the library does not hold it."""
    return None if day == date.min else day.isoformat()


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as the contract names its fields."""
    return {
        "rank": hit.rank,
        "doc": hit.document.title,
        "doc_id": hit.document.id,
        "locator": hit.provision.id.locator,
        "text": hit.provision.text,
        "score": round(hit.score, 4),
        "status": hit.status.value,
        "text_kind": hit.document.text_kind.value,
    }


def quote_json(quote: Quote) -> dict[str, Any]:
    """Return a citation as the contract names its fields."""
    return {
        "n": quote.n,
        "doc": quote.document.title,
        "doc_id": quote.document.id,
        "locator": quote.provision.id.locator,
        "quote": quote.provision.text,
        "status": quote.status.value,
        "text_kind": quote.document.text_kind.value,
        "effective_on": day_text(quote.version.effective_on),
    }


def answer_json(answer: Answer, ms: float) -> dict[str, Any]:
    """Return an answer as the contract names its fields."""
    return {
        "outcome": answer.outcome,
        "kind": answer.kind,
        "headline": answer.headline,
        "statements": [_statement_json(s) for s in answer.statements],
        "citations": [quote_json(q) for q in answer.citations],
        "liability": [_statement_json(s) for s in answer.liability],
        "notices": list(answer.notices),
        "nearest": [hit_json(h) for h in answer.nearest],
        "related": list(answer.related),
        "bearers": list(answer.bearers),
        "confidence": round(answer.confidence, 4),
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "region": answer.region,
        "duty_list": _listed_json(answer.listed) if answer.listed else None,
        "ms": round(ms, 1),
    }


def _listed_json(listed: Listed) -> dict[str, Any]:
    return {
        "bearer": listed.bearer,
        "field": listed.field,
        "own": listed.own,
        "inherited": listed.inherited,
        "powers": listed.powers,
        "groups": [
            {"title": p.title, "duties": p.duties, "statements": p.statements} for p in listed.parts
        ],
    }


def _statement_json(s: Statement) -> dict[str, Any]:
    out: dict[str, Any] = {"text": s.text, "citation": s.citation}
    if s.note:
        out["note"] = s.note
    return out


def answer_text(answer: Answer) -> str:
    """Return an answer for a terminal: headline, numbered quotations, sources, notices."""
    lines = [answer.headline, ""]
    lines += _statement_lines(answer)
    if answer.liability:
        lines += ["", "不履行的后果："]
        lines += [
            f"  {s.text} [{s.citation}]" + (f"（{s.note}）" if s.note else "")
            for s in answer.liability
        ]
    if answer.citations:
        lines += ["", "出处："]
        lines += [f"  [{q.n}] {source_line(q)}" for q in answer.citations]
    if answer.notices:
        lines += ["", *(f"注意：{n}" for n in answer.notices)]
    if answer.outcome == Outcome.REFUSAL and answer.nearest:
        lines += ["", "下面只是库中字面或意思最接近的条文，不是答案："]
        lines += [f"  {hit_line(h)}" for h in answer.nearest]
    if answer.related:
        lines += ["", "可以接着问：", *(f"  {q}" for q in answer.related)]
    return "\n".join(lines)


def _statement_lines(answer: Answer) -> list[str]:
    shown = [f"  {s.text} [{s.citation}]" for s in answer.statements]
    out: list[str] = []
    for part in answer.listed.parts if answer.listed else ():
        out += [f"【{part.title}】{part.duties} 项", *shown[: part.statements]]
        shown = shown[part.statements :]
    return out + shown


def source_line(quote: Quote) -> str:
    """Return 《…》第九条第二款（原文，现行有效，2021-09-01 起施行）."""
    facts = [quote.document.text_kind.value, quote.status.value]
    if day := day_text(quote.version.effective_on):
        facts.append(f"{day} 起施行")
    return f"《{quote.document.title}》{quote.provision.id.locator}（{'，'.join(facts)}）"


def hit_line(hit: Hit) -> str:
    """Return one line for a hit: where, status if not in force, and how it begins."""
    first = hit.provision.lead
    short = first if len(first) <= 60 else first[:59] + "…"
    status = "" if hit.status.value == "现行有效" else f"〔{hit.status.value}〕"
    return f"《{hit.document.title}》{hit.provision.id.locator}{status} {short}"
