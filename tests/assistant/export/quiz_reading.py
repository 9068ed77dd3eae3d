"""An independent reader of GIFT, written from its description, for what the exporter writes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ESCAPED = re.compile(r"\\(.)")


@dataclass
class Gift:
    """One question: answers as (fraction in percent, text), True/False, or none for an essay."""

    category: str
    name: str
    stem: str
    kind: str
    answers: list[tuple[float, str]] = field(default_factory=list)
    right: bool | None = None
    feedback: str = ""


def split(text: str, marks: str) -> list[str]:
    """Cut before each of the marks that is not escaped; the marks stay."""
    out, at = [""], 0
    while at < len(text):
        if text[at] == "\\":
            out[-1] += text[at : at + 2]
            at += 2
            continue
        if text[at] in marks:
            out.append("")
        out[-1] += text[at]
        at += 1
    return out


def find(text: str, mark: str, start: int = 0) -> int:
    """Where a mark first stands unescaped; -1 if nowhere."""
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(mark, at):
            return at
        else:
            at += 1
    return -1


def plain(text: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m[1] == "n" else m[1], text).strip()


def read_gift(data: bytes) -> list[Gift]:
    """Return the questions of a GIFT file; AssertionError where it breaks the format."""
    category, out = "", []
    for block in re.split(r"\n\s*\n", data.decode("utf-8")):
        lines = [x for x in block.split("\n") if x.strip() and not x.startswith("//")]
        if not lines:
            continue
        body = "\n".join(lines)
        if body.startswith("$CATEGORY:"):
            category = body.split(":", 1)[1].strip()
            continue
        out.append(_question(category, body))
    return out


def _question(category: str, body: str) -> Gift:
    assert body.startswith("::")
    end = find(body, "::", 2)
    assert end > 0
    name, rest = plain(body[2:end]), body[end + 2 :]
    left = find(rest, "{")
    right = find(rest, "}", left)
    assert 0 < left < right
    assert not rest[right + 1 :].strip()
    assert find(rest, "{", left + 1) == -1
    stem, inside = rest[:left], rest[left + 1 : right]
    assert stem.startswith("[plain]")
    stem = plain(stem.removeprefix("[plain]"))
    cut = find(inside, "####")
    feedback = plain(inside[cut + 4 :]) if cut >= 0 else ""
    answers = inside[:cut] if cut >= 0 else inside
    return _with_answers(Gift(category, name, stem, "essay", feedback=feedback), answers.strip())


def _with_answers(made: Gift, text: str) -> Gift:
    if not text:
        return made
    if text in ("TRUE", "FALSE", "T", "F"):
        made.kind, made.right = "truefalse", text.startswith("T")
        return made
    head, *parts = split(text, "=~")
    assert not head.strip()
    for part in parts:
        weight = 100.0 if part[0] == "=" else 0.0
        words = part[1:].strip()
        if m := re.match(r"%(-?[\d.]+)%", words):
            weight, words = float(m[1]), words[m.end() :]
        assert find(words, "#") == -1
        made.answers.append((weight, plain(words)))
    made.kind = "multichoice" if any(p[0] == "~" for p in parts) else "shortanswer"
    return made
