"""What may stand beside the items of a list as a wrong option: items of other lists, duties of others.

An option is wrong only if nothing in the whole library says it of the list asked about, or says
something alike of the same bearer. Whatever is doubtful is left out.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quiz.make.gate import MAX_OPTION
from assistant.quiz.make.item_lists import ItemList, ListKind
from assistant.quiz.make.likeness import Likeness, Match, Said
from assistant.quiz.source import Source
from indexer.norms import Norm
from indexer.norms.model import Modality
from kb.model import Provision

_GROUPS = (
    (ListKind.DUTY, ListKind.STEPS),
    (ListKind.POWER, ListKind.STEPS),
    (ListKind.CONDITION,),
    (ListKind.CONTENT,),
    (ListKind.CASE,),
)
_GENERIC = frozenset(
    {"anyone", "any-unit", "dept-concerned", "gov-concerned", "admin-organ", "unclear", "gov-all"}
)
_NEAR_ITEM, _NEAR_HEAD, _NEAR_WORDS, _NEAR_UNKNOWN = 0.22, 0.5, 0.42, 0.6
_BINDING = frozenset({ListKind.DUTY, ListKind.POWER, ListKind.STEPS})
_SAME_HEAD, _OF_ITS_LIST = 0.85, 0.12
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百]+(?:名|人|年|万|个|台|辆|周岁)")
_SHORT_CONDITION = 9
_TRIED, _COMMON = 64, 3
_ELSEWHERE = re.compile(
    r"第[一二三四五六七八九十百零]+[条款项]|前款|前述|本条|依据《|上述|规定的其他"
)
_MID = re.compile(r"^(?:其|该|并|且|还|但|也|使|此|对其|由其|仍|或者|以及|的|不得|禁止)")
_INSIDE = (
    ({"企业", "特定场所与行业", "技术服务与其他"}, {"企业岗位", "从业人员"}),
    ({"党委政府", "基层"}, {"部门"}),
)
"""Groups of bearers of whom the second belong to the first, so that a duty may fall on both."""
_IS_HAZARD = re.compile("重大(?:事故)?隐患|重大危险源")
"""What lists of these hold is also held by standards that the library does not have."""
_EVERYBODYS = re.compile("忠于职守|秉公|职责范围内|各管|遵守|服从|配合|保守|诚信|依法履行职责|忠实")
"""Virtues, which are asked of everybody."""
MIN_TEXT = 5


@dataclass(frozen=True, slots=True)
class Stranger:
    """A wrong option and where it really belongs; `lead` says to what."""

    text: str
    provision: Provision | None
    lead: str
    same_document: bool
    bearers: frozenset[str] = frozenset()


class Strangers:
    """Finds wrong options for the lists of a source."""

    def __init__(self, source: Source, likeness: Likeness) -> None:
        self._source, self._like = source, likeness
        asked = {h.article.id for h in source.asked}
        self._lists: dict[ListKind, list[ItemList]] = defaultdict(list)
        for found in likeness.lists:
            if found.held.article.id in asked and not _IS_HAZARD.search(found.lead):
                self._lists[found.kind].append(found)
        self._duties: dict[str, list[Norm]] = defaultdict(list)
        for held in source.asked:
            self._duties[held.document.id] += [n for n in held.norms if _plain_duty(n)]

    def for_list(self, asked: ItemList, rng: random.Random, wanted: int) -> list[Stranger]:
        """Return up to `wanted` options that are certainly wrong, the most tempting first.

        Tempting is what belongs to people of the same kind and speaks of similar matters.
        """
        pool = [*self._items(asked), *self._norms(asked)]
        about = asked.lead + "".join(i.text for i in asked.items)
        groups = self._groups(self._like.bearers(asked.subject))
        scored = [
            (self._tempting(stranger, about, groups) + 0.1 * rng.random(), n, stranger)
            for n, stranger in enumerate(pool)
        ]
        scored.sort(key=lambda s: (-s[0], s[1]))
        out: list[Stranger] = []
        for _, _, stranger in scored[:_TRIED]:
            if asked.kind in _BINDING and not groups & self._groups(stranger.bearers):
                continue
            alike = any(self._like.alike(stranger.text, o.text) >= _NEAR_WORDS for o in out)
            if not alike and self.is_wrong(asked, stranger):
                out.append(stranger)
                if len(out) == wanted:
                    break
        return out

    def _tempting(self, stranger: Stranger, about: str, groups: frozenset[str]) -> float:
        kin = bool(groups & self._groups(stranger.bearers)) or not groups
        near = min(self._like.alike(stranger.text, about), 0.6)
        return near + 0.3 * kin + 0.2 * stranger.same_document

    def _groups(self, bearers: frozenset[str]) -> frozenset[str]:
        table = self._source.bearers
        return frozenset(table.get(b).group for b in bearers - _GENERIC)

    def is_wrong(self, asked: ItemList, stranger: Stranger) -> bool:
        """True if nothing in the library makes that option right for the list."""
        if any(self._like.alike(stranger.text, i.text) >= _NEAR_ITEM for i in asked.items):
            return False
        whose = self._like.bearers(asked.subject)
        bound = asked.kind in _BINDING and bool(whose)
        for match in self._like.matches(stranger.text):
            said = match.said
            if bound and self._on_same(match, asked, whose):
                return False
            if not bound and not _own(said, stranger) and self._is_near(match, asked):
                return False
        return bound or not self._is_common(stranger)

    def _on_same(self, match: Match, asked: ItemList, whose: frozenset[str]) -> bool:
        said = match.said
        if said.within is not None and said.within.kind not in _BINDING:
            return False
        subject = said.norm.subject if said.norm else said.within.subject if said.within else ""
        found = self._like.bearers(subject)
        if found:
            return bool(found & whose)
        if said.within and self._like.alike(said.within.lead, asked.lead) >= _NEAR_HEAD:
            return True
        return said.doc_id == asked.held.document.id or match.share >= _NEAR_UNKNOWN

    def _is_near(self, match: Match, asked: ItemList) -> bool:
        """True if the statement found may be about the same thing as the list."""
        said = match.said
        if said.doc_id == asked.held.document.id:
            return True
        return (
            said.within is not None and self._like.alike(said.within.lead, asked.lead) >= _NEAR_HEAD
        )

    def _is_common(self, stranger: Stranger) -> bool:
        """True for what several documents say: it may well hold of the list too."""
        found = self._like.matches(stranger.text, _NEAR_UNKNOWN)
        return len({m.said.doc_id for m in found if not _own(m.said, stranger)}) >= _COMMON

    def _items(self, asked: ItemList) -> Iterator[Stranger]:
        kinds = {k for group in _GROUPS if asked.kind in group for k in group} or {asked.kind}
        for kind in sorted(kinds):
            for other in self._lists[kind]:
                if other.head.id == asked.head.id:
                    continue
                if other.held.document.id != asked.held.document.id:
                    continue  # what another law lists speaks of other things, and shows it
                if not self._apart(asked, other):
                    continue
                whose = self._like.bearers(other.subject)
                if asked.kind in _BINDING and self._belong_together(asked, whose):
                    continue
                for item in other.named:
                    if is_plain(item.text) and self._is_telling(item.text, other):
                        yield Stranger(
                            item.text, item.provision, other.lead, same_document=True, bearers=whose
                        )

    def _is_telling(self, text: str, own: ItemList) -> bool:
        """True if an item is bound up with its own list, so that it does not hold of any other.

        A condition must speak of what its list is about, or give a figure.
        """
        if own.kind is ListKind.CONDITION:
            near = self._like.alike(text, own.lead) >= _OF_ITS_LIST
            return len(text) >= _SHORT_CONDITION and (near or bool(_FIGURE.search(text)))
        return True

    def _norms(self, asked: ItemList) -> Iterator[Stranger]:
        if asked.kind is not ListKind.DUTY:
            return
        whose = self._like.bearers(asked.subject) - _GENERIC
        for norm in self._duties[asked.held.document.id]:
            others = self._like.bearers(norm.subject)
            if norm.provision.in_article == asked.held.article.id or not others:
                continue
            if not others - _GENERIC or self._belong_together(asked, others):
                continue
            if not others & whose:
                yield Stranger(norm.action, None, norm.subject, same_document=True, bearers=others)

    def _belong_together(self, asked: ItemList, others: frozenset[str]) -> bool:
        """True if one side are units or governments and the other their people or offices."""
        own, theirs = self._groups(self._like.bearers(asked.subject)), self._groups(others)
        return any(bool(own & a and theirs & b) or bool(own & b and theirs & a) for a, b in _INSIDE)

    def _apart(self, asked: ItemList, other: ItemList) -> bool:
        """True if the two lists are about different things or fall on different people."""
        if asked.kind in _BINDING:
            mine, theirs = self._like.bearers(asked.subject), self._like.bearers(other.subject)
            if mine and theirs:
                return not (mine - _GENERIC) & theirs
        same = asked.held.document.id == other.held.document.id
        most = _SAME_HEAD if same and asked.kind is ListKind.CONTENT else _NEAR_HEAD
        return self._like.alike(_purpose(asked), _purpose(other)) < most


def is_plain(text: str) -> bool:
    """True if an item or action can stand as an option by itself."""
    return (
        MIN_TEXT <= len(text) <= MAX_OPTION
        and not _ELSEWHERE.search(text)
        and not _MID.match(text)
        and not set("\n：") & set(text)
    )


def similar_length(one: str, other: str) -> bool:
    """True if neither of two options stands out by its length."""
    short, long = sorted((len(one), len(other)))
    return long <= 1.7 * short + 4


def _purpose(found: ItemList) -> str:
    """What a list is about: for cases what follows from them, else the whole sentence."""
    if found.kind is ListKind.CASE and "，" in found.lead:
        return found.lead.split("，", 1)[1]
    return re.sub("应当|下列|以下|具备|条件|提交|材料|内容|包括|可以|采取|措施", "", found.lead)


def _plain_duty(norm: Norm) -> bool:
    words = norm.text.rstrip("。；")
    return (
        norm.modality is Modality.MUST
        and bool(norm.subject)
        and not norm.trigger
        and not norm.exceptions
        and norm.subject_at == norm.provision
        and is_plain(norm.action)
        and len(norm.action) >= 10
        and not _EVERYBODYS.search(norm.action)
        and words.endswith(norm.action)
        and words.startswith(norm.subject)
        and len(words) <= len(norm.subject) + len(norm.action) + 3
    )


def _own(said: Said, stranger: Stranger) -> bool:
    """True if the statement found is the option itself, where it belongs."""
    place = said.norm.provision if said.norm else None
    if stranger.provision is None:
        return False
    if place is not None:
        return place == stranger.provision.id
    return said.within is not None and any(
        i.provision.id == stranger.provision.id for i in said.within.items
    )
