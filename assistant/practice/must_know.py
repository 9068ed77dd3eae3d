"""应知应会: the twenty things that somebody of a post must know, chosen by rule, all verbatim.

The post's own duties come first as duty lists weigh them, then its rights, its deadlines and
figures, its prohibitions, and what to do in an emergency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from assistant.duties import DutyBook, DutyList
from assistant.duties.leads import lead_of
from assistant.duties.model import Duty
from assistant.export.choice import by_weight, own_rights
from indexer.norms import Modality
from kb.catalog import Catalog
from kb.model import Document, ProvisionId
from kb.posts import Post

MOST = 20
RULE = (
    "先选规定直接写给本岗位的职责和权利，再选带期限数字的、禁止做的和应急处置的；"
    "《安全生产法》先于其他文件。都是引文，没有改写。"
)
"""The rule of choice as pages say it."""
_LONGEST = 170
"""Longer sentences are not for learning by heart."""
_EMERGENCY = re.compile(
    "应急|撤离|撤人|疏散|抢救|救援|事故[^，。；]{0,12}报告|报告[^，。；]{0,10}事故|紧急情况"
)
_EVERYONES = ("消防", "职业健康")
"""Trades whose rules concern everybody."""
_ARTICLE_MOST = 8
"""How many items one article may give."""


class Part(str, Enum):
    """The headings under which the items stand, in their order."""

    DUTY = "岗位职责"
    RIGHT = "权利"
    FIGURE = "期限和数字"
    FORBIDDEN = "不得做的"
    EMERGENCY = "应急处置"


_QUOTAS = {
    Part.DUTY: 7, Part.RIGHT: 4, Part.FIGURE: 3, Part.FORBIDDEN: 3, Part.EMERGENCY: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MustKnow:
    """One thing to know: verbatim `text`, and the line `lead` that introduces it, if it is an item.

    `figures` are the deadlines and amounts in the text, to be marked.
    """

    part: Part
    lead: str
    text: str
    document: Document
    provision: ProvisionId
    figures: tuple[str, ...] = ()

    @property
    def citation(self) -> str:
        """《short title》第九条第二款."""
        return f"《{self.document.short}》{self.provision.locator}"


def must_know(post: Post, duties: DutyBook, most: int = MOST) -> tuple[MustKnow, ...]:
    """Return at most `most` things that somebody of the post must know, grouped by part.

    What a part lacks is made up for by further duties, prohibitions and rights, the post's own
    first; where the library holds only an outline of the duties, the outline comes first.
    """
    lists = [duties.list_for(b) for b in post.bearers]
    order = _Order(post, duties)
    chosen: dict[tuple[ProvisionId, str], MustKnow] = {}
    for item in _outlines(lists):
        _add(chosen, item, most)
    for part, quota in _QUOTAS.items():
        room = min(most, len(chosen) + quota)
        for duty in order.of_part(part, lists):
            _add(chosen, _item(part, duty, duties.catalog), room)
    for duty in order.rest(lists):
        _add(chosen, _item(_part_of(duty), duty, duties.catalog), most)
    return _arranged(tuple(chosen.values()))


def _arranged(items: tuple[MustKnow, ...]) -> tuple[MustKnow, ...]:
    """By part; those of one article together, in its order, where the first of them stands."""
    parts = {part: n for n, part in enumerate(Part)}
    first: dict[tuple[Part, ProvisionId], int] = {}
    for n, item in enumerate(items):
        first.setdefault((item.part, item.provision.in_article), n)

    def order(item: MustKnow) -> tuple[int, ...]:
        at = item.provision
        place = first[item.part, at.in_article]
        return parts[item.part], place, at.paragraph or 0, at.item or 0, at.subitem or 0

    return tuple(sorted(items, key=order))


def _add(chosen: dict[tuple[ProvisionId, str], MustKnow], item: MustKnow, most: int) -> None:
    same = sum(p.in_article == item.provision.in_article for p, _ in chosen)
    whole = len(item.text) <= _LONGEST and not item.text.endswith("：")
    if len(chosen) < most and whole and same < _ARTICLE_MOST:
        chosen.setdefault((item.provision, item.text), item)


def _fits(part: Part, duty: Duty) -> bool:
    if part is Part.RIGHT:
        return True
    if part is Part.FIGURE:
        return bool(duty.norm.limits)
    if part is Part.FORBIDDEN:
        return duty.norm.modality is Modality.MUST_NOT
    emergency = bool(_EMERGENCY.search(duty.norm.text))
    return emergency is (part is Part.EMERGENCY) and duty.norm.modality is Modality.MUST


class _Order:
    """Which duties of the lists of a post come before which."""

    def __init__(self, post: Post, duties: DutyBook) -> None:
        self._post, self._fields = post, duties.fields
        self._narrowed = post.words is not None or bool(post.topics)

    def of_part(self, part: Part, lists: Iterable[DutyList]) -> Iterator[Duty]:
        """Yield the post's own duties or rights of a part, without those of another trade."""
        for made in lists:
            lines = own_rights(made) if part is Part.RIGHT else by_weight(made)
            own = [
                d for d in lines if d.inherited_from is None and not d.only and self._concerns(d)
            ]
            yield from (d for d in self._near_first(own) if _fits(part, d))

    def rest(self, lists: Iterable[DutyList]) -> Iterator[Duty]:
        """Yield what fills up: own duties and rights, then those that fall on the post as well."""
        every = [d for made in lists for d in (*by_weight(made), *own_rights(made))]
        near = self._near_first(every)

        def stage(duty: Duty) -> int:
            inherited = duty.inherited_from is not None
            return 4 * (not self._concerns(duty)) + 2 * inherited + bool(duty.only)

        yield from sorted((d for d in near if not (d.inherited_from and d.only)), key=stage)

    def _near_first(self, lines: list[Duty]) -> list[Duty]:
        """Those that use the words or topics of the post before the others, else as they stand."""
        return sorted(lines, key=lambda d: not self._is_near(d)) if self._narrowed else lines

    def _is_near(self, duty: Duty) -> bool:
        words = self._post.words
        if words is not None and words.search(duty.norm.text):
            return True
        return bool(set(self._post.topics) & set(duty.fields))

    def _concerns(self, duty: Duty) -> bool:
        """True unless the document is that of a trade which is not the post's."""
        main = self._fields.find(self._fields.of(duty.quote.document, "")[0])
        return main.general or main.matter or main.name in _EVERYONES or self._is_near(duty)


def _part_of(duty: Duty) -> Part:
    if duty.norm.modality in (Modality.RIGHT, Modality.MAY):
        return Part.RIGHT
    return next(p for p in (Part.FORBIDDEN, Part.EMERGENCY, Part.DUTY) if _fits(p, duty))


def _item(part: Part, duty: Duty, catalog: Catalog) -> MustKnow:
    lead = lead_of(catalog, duty)
    norm = duty.norm
    return MustKnow(
        part, lead.lead if lead else "", norm.text, duty.quote.document, norm.provision, norm.limits
    )


def _outlines(lists: Iterable[DutyList]) -> Iterator[MustKnow]:
    for made in lists:
        for quote in made.outlines:
            yield MustKnow(Part.DUTY, "", quote.provision.text, quote.document, quote.provision.id)
