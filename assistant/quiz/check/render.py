"""The examination of a bank as the JSON of the command-line contract, and as plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.quiz.bank.model import BankQuestion, Imported, Problem, Repeat
from assistant.quiz.check.model import Link, State, Verdict
from assistant.render import day_text


def check_json(verdicts: Sequence[Verdict], imported: Imported, day: date) -> dict[str, Any]:
    """Return the report: `questions` with `state`, `citation` and `reason`, what was not read, sums."""
    return {
        "as_of": day.isoformat(),
        "counts": counts(verdicts),
        "questions": [_verdict_json(v, day) for v in verdicts],
        "problems": [_problem_json(p) for p in imported.problems],
        "repeats": [_repeat_json(r) for r in imported.repeats],
        "conflicts": [_repeat_json(r) for r in imported.conflicts],
    }


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Return how many questions stand how; every state is named."""
    found = Counter(v.state for v in verdicts)
    return {state.value: found[state] for state in State}


def _verdict_json(verdict: Verdict, day: date) -> dict[str, Any]:
    q = verdict.question
    return {
        "sheet": q.sheet,
        "row": q.row,
        "type": q.kind.value,
        "stem": q.stem,
        "options": list(q.options),
        "answer": list(q.answer),
        "state": verdict.state.value,
        "reason": verdict.reason,
        "suggestion": verdict.suggestion,
        "citation": _citation_json(verdict.link, day) if verdict.link else None,
    }


def _citation_json(link: Link, day: date) -> dict[str, Any]:
    version = link.document.version(link.provision.id.version)
    return {
        "doc": link.document.title,
        "doc_id": link.document.id,
        "locator": link.provision.id.locator,
        "quote": link.quote,
        "lead": link.lead,
        "status": link.document.status_on(day, version).value,
        "text_kind": link.document.text_kind.value,
        "effective_on": day_text(version.effective_on),
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "through": problem.through or problem.row,
        "reason": problem.reason,
    }


def _repeat_json(repeat: Repeat) -> dict[str, Any]:
    return {
        "sheet": repeat.sheet,
        "row": repeat.row,
        "first_sheet": repeat.first_sheet,
        "first_row": repeat.first_row,
    }


def check_text(verdicts: Sequence[Verdict], imported: Imported) -> str:
    """Return the sums, then every question to be changed, then what was not read."""
    lines = [count_line(verdicts)]
    for state in (State.CONTRADICTED, State.OUTDATED):
        found = [v for v in verdicts if v.state is state]
        if found:
            lines.append(f"\n{state.label}（{len(found)}）")
        for v in found:
            lines += [f"第 {place(v.question)} 行　{v.question.stem}", f"  {v.reason}"]
            if v.suggestion:
                lines.append(f"  建议：{v.suggestion}")
            if v.link:
                lines.append(f"  {v.link.citation}：{v.link.lead}{v.link.quote}")
    lines += told_lines(imported)
    return "\n".join(lines)


def told_lines(imported: Imported) -> list[str]:
    """Return a line for each row that was not read, repeats or contradicts another one."""
    lines: list[str] = []
    for p in imported.problems:
        rows = f"{p.row}–{p.through}" if p.through > p.row else f"{p.row}"
        lines.append(f"第 {_at(p.sheet, rows)} 行没有读入：{p.reason}")
    for r in imported.repeats:
        first = _at(r.first_sheet, str(r.first_row))
        lines.append(f"第 {_at(r.sheet, str(r.row))} 行与第 {first} 行重复，只查一次")
    for r in imported.conflicts:
        first = _at(r.first_sheet, str(r.first_row))
        lines.append(f"第 {_at(r.sheet, str(r.row))} 行与第 {first} 行题干相同，答案互相矛盾")
    return lines


def count_line(verdicts: Sequence[Verdict]) -> str:
    """Return 共 298 题：与现行规定不符 5，…."""
    found = counts(verdicts)
    return f"共 {len(verdicts)} 题：" + "，".join(f"{s.label} {found[s.value]}" for s in State)


def place(question: BankQuestion) -> str:
    """Return the row of a question, with its sheet where it has one."""
    return _at(question.sheet, str(question.row))


def _at(sheet: str, row: str) -> str:
    return f"{sheet} {row}" if sheet else row
