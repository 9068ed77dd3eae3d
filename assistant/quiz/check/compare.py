"""When a difference in wording is a difference in what is said: figures, modal words, negations."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.quiz.check.align import Difference
from assistant.quiz.check.evidence import Candidate
from assistant.quiz.check.wording import MAY, MUST, MUST_NOT, Sort, Token, plain

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
    the statement stands nowhere in the provision.
    """
    found: list[Conflict] = []
    for d in c.alignment.differences:
        pair = _figures(d)
        if pair is None:
            if sum(t.weight for t in d.said) > _LONGEST_ASIDE or _turns(d):
                return None
            continue
        said, held = pair
        if any(t.key == said.key for t in c.passage.tokens) or not _anchored(d):
            return None
        found.append(_conflict(c, said_text, (said,), (held,), "数字"))
    return found[0] if found else None


def _figures(d: Difference) -> tuple[Token, Token] | None:
    said = [t for t in d.said if t.sort is Sort.FIGURE]
    held = [t for t in d.held if t.sort is Sort.FIGURE]
    if len(said) != 1 or len(held) != 1 or said[0].unit != held[0].unit:
        return None
    return (said[0], held[0]) if said[0].key != held[0].key else None


def _anchored(d: Difference) -> bool:
    """True if the words right around the figures agree."""
    return d.left >= 2 and d.right >= 2 and len(d.said) <= 5 and len(d.held) <= 5


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
            found.append(_conflict(c, said_text, d.said, d.held, "要求的性质"))
        elif d.said:
            return None
    return found[0] if found else None


def _opposed(a: Token, b: Token) -> bool:
    return {a.key, b.key} in ({MUST, MAY}, {MUST_NOT, MAY}, {MUST, MUST_NOT})


def softened(c: Candidate) -> bool:
    """True if the statement says 可以 before a sanction that the provision makes a duty."""
    return any(
        [t.key for t in d.said[:1]] == [MAY] and not any(t.key == MAY for t in d.held)
        for d in c.alignment.differences
    )


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
    return _is_edge(before[-1:]) and _is_edge(after[:1])


def _is_edge(c: str) -> bool:
    return c in ("", "\n", "。", ";", "；", ":", "：") or (not c.isalnum() and c not in "、,")


def _conflict(
    c: Candidate, said_text: str, said: tuple[Token, ...], held: tuple[Token, ...], what: str
) -> Conflict:
    text = plain(c.passage.text)
    return Conflict(
        said_text[said[0].start : said[-1].end], text[held[0].start : held[-1].end], what
    )
