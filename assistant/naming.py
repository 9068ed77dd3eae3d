"""Which measure a question is about: one that it names, or one that it describes.

Names come first (`assistant.measures`). Words that laws use as well (安全生产标准化) mean the
measure only if the question asks whether it is law, whose it is or what it consists of. A
question that describes a practice and asks what it is called means the nearest entry.
"""

from __future__ import annotations

import re

from assistant.measures import MeasureNames
from assistant.search import Found
from assistant.understand import Kind
from assistant.view import is_penal
from kb.catalog import Catalog
from kb.citation import Mention
from kb.model import Document

_NEAR = 3
"""An entry among so many first hits is meant by a question about a saying."""
_NEAR_CALLED = 10
"""The same for a question that asks what something is called."""
_CLEARLY = 0.5
"""A first hit with this share of the belief answers a question about a penalty itself."""
_NATURE = re.compile(
    r"是(?:不是)?(?:法条|法律|法定|国家|政策|地方|强制|自愿)|法定的|(?:写|列|放)进.{0,8}(?:法|条例)|法里.{0,3}有"
    r"|法律.{0,10}还是|还是.{0,6}(?:政策|法律|地方|提法|自愿|强制|部署)|强制的?吗|必须.{0,6}还是"
    r"|谁(?:提|发|定|搞)(?:的|出|起)?|哪(?:里|儿|年|个文件|级).{0,3}(?:来|提|发|起|定)|由来|出处|出自|起源|文号|什么文件"
    r"|从哪(?:里|儿)?来|从什么时候|什么时候(?:开始|提|有)|哪年"
)
_CONTENT = re.compile(
    r"有哪(?:些|几)|哪几[个项条样类种]|分(?:几|哪)|包括(?:哪|什么|啥)|几(?:个|项|级|类)|怎么回事|是(?:个)?(?:什么|啥)|什么要求"
    r"|什么意思|啥意思|指(?:的是)?(?:什么|哪|啥)|怎么(?:分工|划分|界定|区分)|界限"
)
_CALLED = re.compile(
    r"(?:叫|称)(?:做|作|个)?(?:什么|啥)(?!罪)|怎么(?:叫|称呼)|[统简合俗]称(?:是)?(?:什么|啥)|(?:什么|啥)(?:叫法|说法|名堂|名词|名目)"
    r"|叫法是|有(?:个|没有)(?:专门的?)?(?:叫法|说法|提法)"
)
_OF_A_NAME = re.compile(
    r"(?:叫法|提法|说法|口号|这话|这词|所谓).{0,12}(?:意思|法律|政策|哪|啥|什么)|啥意思|什么意思|法律还是|还是(?:政策|法律|地方|提法)"
    r"|是法条|是不是法律|全国统一|哪里(?:的|搞)|[“\"][^”\"]{2,12}[”\"].{0,8}(?:是|指|包括|叫)"
)


_MEANING = re.compile(r"[”\"』」]?(?:是|到底|究竟|又|该)?(?:个|的)?(?:啥|什么)意思|怎么(?:理解|讲)")


def _asks_meaning(question: str, end: int) -> bool:
    """True if the words right after a name ask what it means."""
    return _MEANING.match(question, end) is not None


class EntryFinder:
    """Finds the policy entry that a question wants. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names = MeasureNames(catalog)

    def asked_for(self, found: Found) -> Document | None:
        """Return the entry to answer from; None where the ranking should decide."""
        question = found.question
        subject = self._names.subject(question.core)
        if any(not d.startswith("policy-") for d in question.doc_ids):
            return (subject or self.named(found)) if _NATURE.search(question.core) else None
        if subject is not None:
            return None if self._law_punishes(found) else subject
        return self._by_name_alone(found) or self._by_intent(found) or self._described(found)

    def _law_punishes(self, found: Found) -> bool:
        """True if a penalty is asked for and an article of a law that sets it stands first."""
        if found.question.kind is not Kind.PENALTY or not found.hits:
            return False
        first = found.hits[0]
        return (
            not first.document.is_policy
            and first.score >= _CLEARLY
            and is_penal(self._catalog, first.provision.id.in_article)
        )

    def named(self, found: Found) -> Document | None:
        """Return the entry whose name stands in the question, whatever it asks."""
        mention = self._last(found)
        return self._catalog.get(mention.doc_ids[0]) if mention else None

    def _last(self, found: Found) -> Mention | None:
        mentions = self._names.find(found.question.core)
        return mentions[-1] if mentions else None

    def _by_name_alone(self, found: Found) -> Document | None:
        ids = {d for d in found.question.doc_ids if len(found.question.rest) <= 1}
        return self._catalog.get(ids.pop()) if len(ids) == 1 else None

    def _by_intent(self, found: Found) -> Document | None:
        mention = self._last(found)
        if mention is None:
            return None
        entry = self._catalog.get(mention.doc_ids[0])
        if _NATURE.search(found.question.core):
            return entry
        if _asks_meaning(found.question.core, mention.end):
            return entry
        near = {h.document.id for h in found.hits[:_NEAR]}
        return entry if _CONTENT.search(found.question.core) and entry.id in near else None

    @staticmethod
    def _described(found: Found) -> Document | None:
        """Return the entry found for a question that asks what a practice is called or means."""
        if found.question.doc_ids:
            return None
        if _CALLED.search(found.question.core):
            depth = _NEAR_CALLED
        elif _OF_A_NAME.search(found.question.core):
            depth = _NEAR
        else:
            return None
        entries = [h for h in found.hits[:depth] if h.document.is_policy]
        return entries[0].document if entries else None
