"""A figure that the provision on the matter does not have, where its words only say the same.

Digests and exam sentences put a rule in other words, so that they do not run along each other. What
is left to compare is the one figure: the clause nearest to the statement has one of the same unit,
and no provision near the statement has the figure that the statement says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.quiz.check.compare import Conflict
from assistant.quiz.check.evidence import Candidate, Evidence
from assistant.quiz.check.wording import Sort, Token, pairs, plain, tokens

_NEAR, _SURE, _OTHERS = 0.5, 0.9, 0.3
_CLAUSE = re.compile(r"[^。;\n]+")
_ASIDE = re.compile(r"\([^()]*\)")
_LIGHT = frozenset("为是于在的达到了至")
_STEPS = re.compile("情节|逾期|拒不改正|造成|导致|的[,，](?:处|并处|罚)|以上|以下|上述|延长")
"""Words of clauses that set several figures for several cases."""


def lone_figure(evidence: Evidence, said: str) -> tuple[Candidate, Conflict, Token] | None:
    """Return the provision that decides a statement with another figure, the two, and its token.

    None unless the search is sure of the provision and both figures stand in like surroundings.
    """
    figures = [t for t in tokens(said) if t.sort is Sort.FIGURE]
    for c in evidence.narrow:
        if c.rank != 1 or not evidence.is_certain(c) or c.share < _NEAR:
            continue
        if evidence.confidence < _SURE and c.share < 0.7:
            continue
        missing = [t for t in figures if t.key not in {h.key for h in c.passage.tokens}]
        if len(missing) != 1 or _is_elsewhere(missing[0], evidence):
            continue
        found = _counterpart(missing[0], said, plain(c.passage.text))
        if found is not None:
            text, held = found
            stated = said[missing[0].start : missing[0].end]
            return c, Conflict(stated, text[held.start : held.end], "数字"), held
    return None


def _is_elsewhere(figure: Token, evidence: Evidence) -> bool:
    near = (c for c in evidence.candidates if c.share >= _OTHERS)
    return any(t.key == figure.key for c in near for t in c.passage.tokens)


def _counterpart(figure: Token, said: str, text: str) -> tuple[str, Token] | None:
    """The only figure of that unit in the clause nearest to the statement, with the clause."""
    ours = pairs(said)
    clauses = [_ASIDE.sub("", m[0]) for m in _CLAUSE.finditer(text)]
    if not clauses:
        return None
    best = max(clauses, key=lambda x: (len(pairs(x) & ours), -len(x)))
    if len(pairs(best) & ours) < 0.4 * len(ours) or _STEPS.search(best):
        return None
    held = [t for t in tokens(best) if t.sort is Sort.FIGURE and t.unit == figure.unit]
    if len(held) != 1 or not _stand_alike(figure, tokens(said), held[0], tokens(best)):
        return None
    return best, held[0]


def _stand_alike(a: Token, said: Sequence[Token], b: Token, held: Sequence[Token]) -> bool:
    """True if the word before or after the two figures is the same."""
    before = _next(said, said.index(a), -1), _next(held, held.index(b), -1)
    after = _next(said, said.index(a), 1), _next(held, held.index(b), 1)
    return any(x == y != "" for x, y in (before, after))


def _next(items: Sequence[Token], at: int, step: int) -> str:
    at += step
    while 0 <= at < len(items) and items[at].key in _LIGHT:
        at += step
    return items[at].key if 0 <= at < len(items) else ""
