"""Moodle GIFT → questions: single and multiple choice, true/false, short answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.quiz.bank.model import BankQuestion, Imported, Problem
from assistant.quiz.bank.repeats import sort_out
from assistant.quiz.model import BLANK, RIGHT, WRONG, Kind

_TITLE = re.compile(r"^::.*?(?<!\\)::")
_FORMAT = re.compile(r"^\s*\[(?:html|moodle|plain|markdown)\]")
_BODY = re.compile(r"(?<!\\)\{(.*?)(?<!\\)\}", re.S)
_CHOICE = re.compile(r"(?<!\\)([=~])((?:\\.|[^\\=~])*)", re.S)
_WEIGHT = re.compile(r"^%(-?\d+(?:\.\d+)?)%")
_FEEDBACK = re.compile(r"(?<!\\)#.*", re.S)


def looks_like_gift(text: str) -> bool:
    """True if the text has GIFT questions in it."""
    return bool(re.search(r"(?<!\\)\{\s*(?:[=~]|T\b|F\b|TRUE|FALSE|#)", text))


def read_gift(text: str) -> Imported:
    """Return the questions; rows are the lines where they begin."""
    questions: list[BankQuestion] = []
    problems: list[Problem] = []
    for number, block in _blocks(text.split("\n")):
        made = _question(number, block)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            questions.append(made)
    return sort_out(questions, problems)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Questions stand apart by empty lines; comments and categories are none."""
    held: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""], 1):
        text = line.strip()
        if text.startswith(("//", "$CATEGORY:")):
            continue
        if text:
            start = start if held else number
            held.append(line)
        elif held and not _open(held):
            yield start, "\n".join(held).strip()
            held = []
    if held:
        yield start, "\n".join(held).strip()


def _open(held: list[str]) -> bool:
    text = re.sub(r"\\.", "", "\n".join(held))
    return text.count("{") > text.count("}")


def _question(number: int, block: str) -> BankQuestion | Problem:
    raw = block.replace("\n", " ")
    text = _FORMAT.sub("", _TITLE.sub("", block, count=1).strip())
    body = _BODY.search(text)
    if body is None:
        return Problem("", number, "没有写在 { } 里的答案", raw)
    after = text[body.end() :].strip()
    gap = BLANK if after else ""
    stem = _plain(f"{text[: body.start()].rstrip()}{gap}{after}")
    if not stem:
        return Problem("", number, "没有题干", raw)
    inside, _, explanation = body[1].partition("####")
    said = _plain(_FEEDBACK.sub("", inside)).upper()
    note = _plain(explanation)
    if said in ("T", "TRUE", "F", "FALSE"):
        answer = RIGHT if said in ("T", "TRUE") else WRONG
        return BankQuestion("", number, Kind.JUDGE, stem, (RIGHT, WRONG), (answer,), raw, note)
    return _choice(number, stem, inside, raw, note)


def _choice(number: int, stem: str, inside: str, raw: str, note: str) -> BankQuestion | Problem:
    options: list[str] = []
    answer: list[str] = []
    wrong = False
    for mark, rest in _CHOICE.findall(inside):
        rest = rest.strip()
        weight = _WEIGHT.match(rest)
        option = _plain(_FEEDBACK.sub("", _WEIGHT.sub("", rest)))
        options.append(option)
        if (mark == "=" and not weight) or (weight and float(weight[1]) > 0):
            answer.append(option)
        else:
            wrong = True
    if not answer or any(not o for o in options):
        return Problem("", number, "看不出正确答案", raw)
    if not wrong and "~" not in re.sub(r"\\.", "", inside):
        return BankQuestion("", number, Kind.BLANK, stem, (), tuple(answer), raw, note)
    if len(set(options)) != len(options):
        return Problem("", number, "有两个选项完全一样", raw)
    kind = Kind.SINGLE if len(answer) == 1 else Kind.MULTI
    return BankQuestion("", number, kind, stem, tuple(options), tuple(answer), raw, note)


def _plain(text: str) -> str:
    text = re.sub(r"<[^<>]{1,40}>", "", text)
    text = text.replace("\\n", "\n")
    return re.sub(r"\\([~=#{}:\\])", r"\1", text).strip()
