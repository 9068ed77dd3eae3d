"""Who may impose what a sanction adds: 由公安机关责令改正，可以并处罚款."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.norms.bearer_phrase import bearer_at_start
from indexer.norms.cases import Span
from indexer.norms.text import BLANK, Clause, Sentence

_IMPOSED = re.compile(
    "(?:依法)?(?:并处|处(?!理|置)|罚款|罚[0-9一二三四五六七八九十]|责令|吊销|没收|暂扣|降低资质|撤销|给予(?:警告|处[分罚])|予以(?:警告|取缔))"
)
_IMPOSES = re.compile(
    "(?:按照[^，]{0,16}|依照[^，]{0,24}|根据[^，]{0,16}|依法|对[^，]{1,30}?)?"
    "(?:责令|给予|处|没收|吊销|予以|收缴|扣留|追缴|取缔|撤销|暂扣)"
)


def is_imposed(action: str) -> bool:
    """True for an action that is a sanction."""
    return bool(_IMPOSED.match(action))


def punisher(sentences: Sequence[Sentence], n: int, clause: int) -> Span | None:
    """Return who imposes the sanction that clause `clause` of sentence `n` adds to those before it.

    What stands before a full stop belongs to another case, for which another may be competent.
    """
    before = list(sentences[n].clauses[:clause])
    while True:
        for earlier in reversed(before):
            found = _imposer(earlier)
            if found is not None:
                return found
        n -= 1
        if n < 0 or sentences[n].mark != "；":
            return None
        before = list(sentences[n].clauses)


def _imposer(clause: Clause) -> Span | None:
    for m in re.finditer("(?:^|由)", clause.text):
        rest = clause.text[m.end() :]
        phrase = bearer_at_start(rest)
        if phrase is not None and _IMPOSES.match(rest[phrase.end :].lstrip(BLANK)):
            return Span(clause.start + m.end(), clause.start + m.end() + phrase.end)
    return None
