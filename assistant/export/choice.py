"""Which duties of a long list stand on one page or a card, and where their words are cut."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.duties.model import Duty, DutyList
from assistant.liability import CURATED, EXPLICIT
from assistant.view import CORE_LAW
from indexer.norms import Modality
from kb.model import TextKind

CUT = "……"
RULE = (
    "规定直接写给本主体的先于同样适用的（隔一层的再后），写给全体的先于只限一部分的，应当先于不得，"
    "《安全生产法》先于其他文件，原文先于要点，罚则由条文写明或经人工核对的先于其余，再按清单的次序"
)
"""The order of `by_weight` in words."""
_BORDER = re.compile(r"[，；。：！？]”?")
_MARK = re.compile(r"^（[一二三四五六七八九十]+）|^\d+[.．、]")
_HEAD_ONLY = re.compile(r"(?:下列|以下)[^，。；：]*[：；。]?$")
"""Words that only introduce a list say nothing where the list does not follow."""
_SURE = (EXPLICIT, CURATED)


def by_weight(made: DutyList) -> tuple[Duty, ...]:
    """Return the duties (must, must not), the weightiest first by RULE; each sentence once.

    Without those whose words only introduce a list.
    """
    return _sorted(made, Modality.MUST, Modality.MUST_NOT)


def sentence_of(duty: Duty) -> tuple[object, str]:
    """Return what duties that stand in one sentence of a provision have in common."""
    return duty.norm.provision, duty.norm.text


def own_rights(made: DutyList) -> tuple[Duty, ...]:
    """Return the bearer's own rights (有权), weightiest first; each sentence once."""
    return tuple(d for d in _sorted(made, Modality.RIGHT) if not d.inherited_from)


def shortened(text: str, most: int, action: str = "") -> str:
    """Return the words without their item mark, cut only where clauses end; a cut is marked ……

    Holds as many whole clauses as `most` characters do. What it must hold whole is the clause in
    which `action` begins (else the first): where the clauses before it leave it no room, they go.
    """
    body = _MARK.sub("", text.strip()).replace("\n", "")
    if len(body) <= most:
        return body
    ends = [m.end() for m in _BORDER.finditer(body)]
    if not ends or ends[-1] < len(body):
        ends.append(len(body))
    starts = [0, *ends[:-1]]
    at = max(body.find(action), 0) if action else 0
    needed = next(n for n, end in enumerate(ends) if at < end)
    first = 0 if ends[needed] <= most else needed
    last = needed
    while last + 1 < len(ends) and ends[last + 1] - starts[first] <= most:
        last += 1
    front, back = CUT if first else "", CUT if ends[last] < len(body) else ""
    return f"{front}{body[starts[first] : ends[last]]}{back}"


def _sorted(made: DutyList, *modalities: Modality) -> tuple[Duty, ...]:
    near = {i.bearer for i in made.bearer.inherits}
    lines = [d for d in made.lines if d.norm.modality in modalities]
    chosen: dict[tuple[object, str], Duty] = {}
    for duty in sorted(lines, key=lambda d: _weight(d, near)):
        if not _HEAD_ONLY.search(duty.norm.text.strip()):
            chosen.setdefault(sentence_of(duty), duty)
    return tuple(chosen.values())


def _weight(duty: Duty, near: Collection[str]) -> tuple[int, ...]:
    """The place of a duty in RULE; sorting is stable, so that the list's own order breaks ties."""
    source = duty.inherited_from
    document = duty.quote.document
    return (
        0 if source is None else 1 if source.id in near else 2,
        bool(duty.only),
        duty.norm.modality is not Modality.MUST,
        document.id != CORE_LAW,
        document.text_kind is TextKind.DIGEST,
        not any(s.basis in _SURE for s in duty.sanctions),
    )
