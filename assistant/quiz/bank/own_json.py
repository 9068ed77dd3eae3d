"""Our own JSON (`zhize quiz make --json`) → questions."""

from __future__ import annotations

import json
from typing import Any

from assistant.errors import BadInputError
from assistant.quiz.bank.model import BankQuestion, Imported, Problem
from assistant.quiz.bank.repeats import sort_out
from assistant.quiz.model import RIGHT, WRONG, Kind

_NOT_OURS = '这个 JSON 不是题库；应是 zhize quiz make --json 的输出，形如 {"questions": [...]}'


def read_json(text: str) -> Imported:
    """Return the questions, rows counted from 1; BadInputError if it is no bank at all."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInputError(_NOT_OURS) from None
    rows = data.get("questions") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise BadInputError(_NOT_OURS)
    questions: list[BankQuestion] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 1):
        raw = json.dumps(row, ensure_ascii=False)
        try:
            questions.append(_question(number, row, raw))
        except (KeyError, TypeError, ValueError) as e:
            problems.append(Problem("", number, _reason(e), raw))
    return sort_out(questions, problems)


def _reason(e: Exception) -> str:
    if isinstance(e, KeyError):
        return f"缺少 {e.args[0]}"
    return str(e) if isinstance(e, BadInputError) else "各项的类型不对"


def _question(number: int, row: Any, raw: str) -> BankQuestion:
    if not isinstance(row, dict):
        raise BadInputError("应是一个 {…}")
    name = row.get("type", row.get("kind"))
    if name not in {k.value for k in Kind}:
        raise BadInputError(f"题型 {name!r} 不认识；应为 {'、'.join(k.value for k in Kind)} 之一")
    kind, stem = Kind(name), str(row["stem"]).strip()
    options, answer = _texts(row.get("options", [])), _texts(row["answer"])
    if not stem or not answer:
        raise BadInputError("没有题干" if not stem else "没有答案")
    if kind is Kind.JUDGE:
        options = (RIGHT, WRONG)
    if options and not set(answer) <= set(options):
        raise BadInputError("答案不在选项里")
    return BankQuestion(
        "", number, kind, stem, options, answer, raw, str(row.get("explanation", ""))
    )


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise BadInputError("options 和 answer 应是文字的列表")
    return tuple(v.strip() for v in value)
