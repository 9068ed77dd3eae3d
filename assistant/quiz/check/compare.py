"""When a difference in wording is a difference in what is said: figures, modal words, negations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.quiz.check.align import Alignment, Difference
from assistant.quiz.check.evidence import Candidate
from assistant.quiz.check.wording import MAY, MUST, MUST_NOT, Sort, Token, plain

_TURNED = re.compile(r"[不未无非没否]|禁止|严禁|除|可以|如果")
_LONGEST_ASIDE = 8
"""More tokens than that without counterpart make a statement another one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places that cannot both be true: the words of the statement and of the provision."""

    said: str
    held: str
    what: str
    """数字, 要求的性质 or 主管机关."""


def figure_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return the one figure in which a statement that runs along a provision departs from it.

    None unless everything else of weight agrees, both figures have one unit, and the figure of
    the statement stands nowhere in the provision. An item that states a case with its sanction
    is also compared alone, because the line above it may stand anywhere in the statement.
    """
    found = _departing_figure(c, c.alignment, c.alignment.matched)
    if found is None and c.own is not None:
        found = _departing_figure(c, c.own, c.alignment.matched | c.own.matched)
    if found is None:
        return None
    return conflict_at(c, said_text, found[:1], found[1:], "数字")


def _departing_figure(
    c: Candidate, alignment: Alignment, matched: frozenset[int]
) -> tuple[Token, Token] | None:
    found: list[tuple[Token, Token]] = []
    for d in alignment.differences:
        pair = _figures(d)
        loose = [t for n, t in enumerate(alignment.said) if t in d.said and n not in matched]
        if pair is None:
            if sum(t.weight for t in loose) > _LONGEST_ASIDE or _turns(d):
                return None
            continue
        said, held = pair
        if any(t.key == said.key for t in c.passage.tokens):
            return None
        if len(loose) > 5 or len(d.held) > 5 or not _anchored(alignment, said, held):
            return None
        found.append(pair)
    return found[0] if found else None


def _figures(d: Difference) -> tuple[Token, Token] | None:
    said = [t for t in d.said if t.sort is Sort.FIGURE]
    held = [t for t in d.held if t.sort is Sort.FIGURE]
    if len(said) != 1 or len(held) != 1 or said[0].unit != held[0].unit:
        return None
    return (said[0], held[0]) if said[0].key != held[0].key else None


def _anchored(alignment: Alignment, said: Token, held: Token) -> bool:
    """True if the words right around the two figures agree."""
    a, b = alignment.said.index(said), alignment.held.index(held)
    keys_a, keys_b = [t.key for t in alignment.said], [t.key for t in alignment.held]
    left = _common(keys_a[:a][::-1], keys_b[:b][::-1])
    right = _common(keys_a[a + 1 :], keys_b[b + 1 :])
    if a == len(keys_a) - 1:
        return left >= 4
    return left >= 1 and right >= 1 and left + right >= 4


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def _turns(d: Difference) -> bool:
    """True if a difference turns the sense by a negation."""
    return _negative(d.said) != _negative(d.held) and bool(d.said)


def _negative(items: tuple[Token, ...]) -> bool:
    return any(t.sort is Sort.NEGATION or t.key == MUST_NOT for t in items)


def modal_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return the modal word in which a statement departs from a provision that it else repeats."""
    found: list[Conflict] = []
    for d in c.alignment.differences:
        said = [t for t in d.said if t.sort is Sort.MODAL]
        held = [t for t in d.held if t.sort is Sort.MODAL]
        if (
            len(d.said) == len(said) == 1
            and len(d.held) == len(held) == 1
            and _opposed(said[0], held[0])
        ):
            if d.left < 3 or d.right < 3:
                return None
            found.append(conflict_at(c, said_text, d.said, d.held, "要求的性质"))
        elif d.said:
            return None
    return found[0] if found else None


def _opposed(a: Token, b: Token) -> bool:
    return {a.key, b.key} in ({MUST, MAY}, {MUST_NOT, MAY}, {MUST, MUST_NOT})


def softened_conflict(c: Candidate, said_text: str) -> Conflict | None:
    """Return 可以处 against 处 where a statement else repeats a sanction that is no option any more."""
    found: list[Conflict] = []
    for d in c.alignment.differences:
        if [t.key for t in d.said] == [MAY] and not d.held and _next_key(c.alignment, d) == "处":
            at = d.said[0]
            found.append(Conflict(said_text[at.start : at.end + 1], "处", "要求的性质"))
        elif d.said:
            return None
    return found[0] if found else None


def _next_key(alignment: Alignment, d: Difference) -> str:
    after = alignment.said.index(d.said[-1]) + 1
    return alignment.said[after].key if after < len(alignment.said) else ""


def repeats(c: Candidate) -> bool:
    """True if the statement is a clause or more of the provision, word for word and whole."""
    blocks = c.alignment.blocks
    if not blocks or len(blocks) != 1 or blocks[0][2] != len(c.alignment.said):
        return False
    _, start, size = blocks[0]
    if size < 12:
        return False
    text = plain(c.passage.text)
    first, last = c.passage.tokens[start], c.passage.tokens[start + size - 1]
    before, after = text[: first.start].rstrip(" "), text[last.end :].lstrip(" ")
    whole = _is_edge(before[-1:]) or (size >= 20 and not _TURNED.search(before[-8:]))
    return whole and _is_edge(after[:1])


def _is_edge(c: str) -> bool:
    return c in ("", "\n", "。", ";", "；", ":", "：") or (not c.isalnum() and c not in "、,")


def conflict_at(
    c: Candidate, said_text: str, said: tuple[Token, ...], held: tuple[Token, ...], what: str
) -> Conflict:
    """Return the conflict between these words of the statement and those of the provision."""
    text = plain(c.passage.text)
    return Conflict(
        said_text[said[0].start : said[-1].end], text[held[0].start : held[-1].end], what
    )
