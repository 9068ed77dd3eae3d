"""What the items of a list are to the line that introduces them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from indexer.norms.bearer_phrase import bearer_at_start, is_bearer
from indexer.norms.modals import Hit
from indexer.norms.text import Sentence


class Items(str, Enum):
    """COMPLETE: every item completes the head and is a norm of its own.

    CONDITIONS, SUBJECTS: the items say when, or on whom or what; the head alone is the norm.
    OWN: the head lays down nothing; every item speaks for itself.
    """

    COMPLETE = "complete"
    CONDITIONS = "conditions"
    SUBJECTS = "subjects"
    OWN = "own"


_LISTED = re.compile("下列|以下|如下")
_CASES = re.compile(
    r"(?:下列|以下)[^，]*?(?:情形|情况|条件|行为|事项|问题|单位|人员|证据|因素|之一)[^，]*?(?:的|之一|时)$"
)
_DUTIES = re.compile(
    r"(?:履行|承担|行使|负责|承担|享有|负有|有)?[^，]{0,8}(?:下列|以下)[^，]*(?:职责|义务|责任|工作|职权|权利|措施|任务)$|"
    r"(?:主要|基本|具体|的)?(?:职责|任务)(?:是|为|包括)?$"
)
_CASE_END = re.compile(r"的(?:除外)?[；。，]?(?:以及|和|或者)?$")
_POWERS = re.compile("职权|权利")


def kind_of_list(head: Sentence, hits: list[Hit], items: Sequence[str], before: str = "") -> Items:
    """Return what the items under the last sentence of a head are to it.

    `before` is the text of the head before that sentence, which may be what introduces them.
    """
    last = head.clauses[-1]
    earlier = head.clauses[:-1]
    if hits and not last.text[max(0, hits[-1].action - last.start) :]:
        return Items.COMPLETE
    own = "".join(c.text for c in head.clauses)
    if _LISTED.search(before) and not _LISTED.search(own):
        return Items.CONDITIONS
    if len(items) > 1 and all(_CASE_END.search(item) for item in items):
        return Items.CONDITIONS
    if any(_CASES.search(c.text) for c in earlier):
        return Items.CONDITIONS
    if not hits:
        return Items.OWN
    hit = hits[-1]
    governing = head.clauses[hit.clause]
    before = governing.text[: hit.start - governing.start]
    if _LISTED.search(before) or any(_LISTED.search(c.text) for c in earlier[: hit.clause]):
        listed_later = _LISTED.search(last.text[max(0, hit.action - last.start) :])
        if not listed_later:
            return Items.SUBJECTS if _is_listed_noun(before) else Items.CONDITIONS
    if _CASES.search(last.text):
        return Items.CONDITIONS
    return Items.COMPLETE


def assigns_list(sentence: Sentence) -> tuple[int, bool] | None:
    """Return (offset of the predicate, whether it gives powers) of a head without a modal word.

    X履行下列职责：, X的职责：, X行使下列职权：, said of a bearer; None for any other head.
    """
    last = sentence.clauses[-1]
    m = _DUTIES.search(last.text)
    if not m:
        return None
    opening = sentence.clauses[0].text
    if bearer_at_start(opening) is None and not is_bearer(opening.split("的")[0]):
        return None
    return last.start + m.start(), bool(_POWERS.search(m[0]))


def _is_listed_noun(before: str) -> bool:
    return bool(re.search(r"(?:下列|以下)[^，]*$", before)) and not before.endswith("的")
