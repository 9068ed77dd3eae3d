"""Running text (.txt, paragraphs of .docx) → rows of 题型, 题干, 选项, 答案, 解析."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.quiz.bank.detect import sheet_kind
from assistant.quiz.bank.marks import has_number, names_key, option_lead, split_options
from assistant.quiz.bank.model import Row

HEADER = ("题型", "题干", "选项", "答案", "解析")
_EXPLANATION = re.compile(r"^[【\[]?(?:答案)?(?:解析|说明|依据)[】\]]?\s*[:：]?\s*")
_KEYS_BELOW = re.compile(r"^\s*(?:参考|标准|正确)?答案\s*(?:表|如下|汇总)?\s*[:：]?\s*$")
_KEY_LIST = re.compile(r"(\d{1,4})\s*[.．、:：\-—]?\s*([A-Ha-h]{1,8}|[√×对错])(?=[\s,，;；]|\d|$)")
_NUMBER = re.compile(r"^\s*(?:第\s*)?[(（]?(\d{1,4})")


@dataclass(slots=True)
class _Block:
    """One question while its lines are collected."""

    number: int
    kind: str
    stem: list[str]
    options: list[str] = field(default_factory=list)
    key: str = ""
    explanation: list[str] = field(default_factory=list)

    def row(self, sheet: str) -> Row:
        stem, options = _cut(" ".join(self.stem), "\n".join(self.options))
        cells = (self.kind, stem, options, self.key, "\n".join(self.explanation))
        return Row(sheet, self.number, cells)


def read_running(lines: Iterable[tuple[int, str]], sheet: str = "") -> tuple[Row, ...]:
    """Return one row a question under a header row; numbers are those of the lines.

    A question begins with its number, or after the key of the one before it. A key list at the
    end (1.A 2.B …) fills the keys that are missing.
    """
    blocks: list[_Block] = []
    keys: dict[tuple[str, int], str] = {}
    kind, in_keys = "", False
    for number, text in lines:
        line = text.strip(" \t\r\n　\xa0")
        if not line:
            continue
        if _KEYS_BELOW.match(line) and any(not b.key for b in blocks) and not _open_key(blocks):
            in_keys = True
        elif in_keys:
            keys |= {(kind, int(m[1])): m[2] for m in _KEY_LIST.finditer(line)}
            kind = line if sheet_kind(line) else kind
        elif sheet_kind(line) is not None:
            kind = line
        else:
            _take(blocks, number, kind, line)
    for block in blocks:
        m = _NUMBER.match(block.stem[0])
        if not block.key and m:
            block.key = keys.get((block.kind, int(m[1])), keys.get((kind, int(m[1])), "")) or ""
    return (Row(sheet, 0, HEADER), *(b.row(sheet) for b in blocks)) if blocks else ()


def _open_key(blocks: list[_Block]) -> bool:
    """True if the last question alone lacks its key, so that 答案: belongs to it."""
    return (
        bool(blocks) and not blocks[-1].key and all(b.key for b in blocks[:-1]) and len(blocks) > 1
    )


def _take(blocks: list[_Block], number: int, kind: str, line: str) -> None:
    last = blocks[-1] if blocks else None
    done = last is not None and bool(last.key)
    if names_key(line) and last is not None:
        last.key = line
    elif _EXPLANATION.match(line) and last is not None:
        last.explanation.append(_EXPLANATION.sub("", line))
    elif last is not None and not done and (option_lead(line) or line.startswith("**")):
        last.options.append(line)
    elif last is None or has_number(line) or (done and not last.explanation):
        stem, key = _inline_key(line)
        blocks.append(_Block(number, kind, [stem], key=key))
    elif last.explanation:
        last.explanation.append(line)
    elif last.options:
        last.options[-1] += line
    else:
        last.stem.append(line)


def _inline_key(line: str) -> tuple[str, str]:
    """Return a line without the key at its end (…。答案：B), and that key."""
    m = re.search(r"[【\[(（]?(?:正确|参考|标准)?答案[】\]]?\s*[:：;；]\s*\S{1,12}\s*[)）]?$", line)
    return (line[: m.start()], m[0].strip("()（）")) if m and m.start() else (line, "")


def _cut(stem: str, options: str) -> tuple[str, str]:
    """Return stem and options where the options follow on the line of the stem."""
    if options:
        return stem, options
    m = re.search(r"(?<![A-Za-z0-9])\*{0,2}A\s*[.．、:：)）]", stem)
    if m and m.start() and len(split_options(stem[m.start() :])[0]) >= 2:
        return stem[: m.start()].strip(), stem[m.start() :]
    return stem, options
