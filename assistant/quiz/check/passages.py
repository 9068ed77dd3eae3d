"""The provisions as stretches of text that a statement may repeat, and finding those near it.

An item stands with the line above it twice over, because exam sentences put act, case and sanction
in another order than the law.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.quiz.check.model import Link
from assistant.quiz.check.wording import Pair, Token, pairs, plain, tokens
from assistant.quiz.source import Held
from kb.model import Article, Document, Level, Provision, ProvisionId, TextKind

_LONGEST = 1500
_SHORTLIST = 30
_CLAUSE = re.compile(r"[。;\n:]")
_NUMBER = re.compile(r"^\([一二三四五六七八九十]+\)")
_SHORT_CLAUSE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A stretch of a document: the provision that a reader is sent to, and the text.

    `overtaken` is set where a higher rule prevails over the document.
    """

    provision: Provision
    document: Document
    text: str
    overtaken: bool
    has_items: bool = False

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens that a statement is compared with."""
        return tokens(plain(self.text))

    @property
    def effective_on(self) -> date:
        """Since when this wording binds."""
        return self.document.version(self.provision.id.version).effective_on

    @property
    def is_narrow(self) -> bool:
        """True unless it is a list as a whole, whose items may say different things."""
        return self.provision.id.item is not None or not self.has_items

    @property
    def link(self) -> Link:
        """The provision as a reader is shown it."""
        above = self.text.split("\n", 1)[0] if self.provision.id.item is not None else ""
        return Link(self.provision, self.document, above)

    @property
    def is_text(self) -> bool:
        """True if the words are those of the rule itself."""
        return self.document.text_kind is not TextKind.DIGEST

    @property
    def is_certain(self) -> bool:
        """True if it may be held against a key: all of it was checked, and nothing prevails."""
        return self.is_checked and not self.overtaken

    @property
    def is_checked(self) -> bool:
        """True if every sentence of the document was compared with its source."""
        return self.document.confidence == "verified"


class PassageIndex:
    """All passages, found by the pairs of tokens that they share with a statement."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.passages = tuple(p for h in held for p in _passages(h))
        self._grams = {p: pairs(plain(p.text)) for p in self.passages}
        count = Counter(g for grams in self._grams.values() for g in grams)
        total = len(self.passages)
        self._weight = {g: math.log(1 + total / n) for g, n in count.items()}
        self._rare = math.log(1 + total)
        self._where: dict[Pair, list[int]] = defaultdict(list)
        self._by_article: dict[ProvisionId, list[Passage]] = defaultdict(list)
        for n, passage in enumerate(self.passages):
            for gram in self._grams[passage]:
                self._where[gram].append(n)
            self._by_article[passage.provision.id.in_article].append(passage)

    def near(
        self, said: str, k: int, docs: frozenset[str] = frozenset()
    ) -> list[tuple[float, Passage]]:
        """Return the `k` passages that have most of the statement: share (0–1) and passage.

        Among equals the shorter stands first; `docs` limits the documents.
        """
        scores: dict[int, float] = defaultdict(float)
        for gram in sorted(pairs(said)):
            weight = self._weight.get(gram, 0.0)
            for n in self._where.get(gram, ()):
                scores[n] += weight
        if docs:
            scores = {n: s for n, s in scores.items() if self.passages[n].document.id in docs}
        first = heapq.nlargest(_SHORTLIST + k, scores, key=lambda n: (scores[n], -n))
        found = [(self.share(said, self.passages[n]), n) for n in first]
        best = sorted(found, key=lambda f: (-self._rank(*f), f[1]))[:k]
        return [(share, self.passages[n]) for share, n in best]

    def share(self, said: str, passage: Passage) -> float:
        """Return how much of the statement the passage has (0–1), by the rarity of its pairs."""
        grams = pairs(said)
        total = sum(self._weight.get(g, self._rare) for g in grams)
        shared = grams & self._grams[passage]
        return sum(self._weight[g] for g in shared) / total if total else 0.0

    def contained(self, said: str, passage: Passage) -> float:
        """Return how much of one clause of the passage stands in the statement (0–1), at best.

        It tells a statement that says a rule and more besides, where `share` is low. Clauses of
        few words are in many statements and do not count.
        """
        grams = pairs(said)
        best = 0.0
        for clause in _CLAUSE.split(plain(passage.text)):
            own = pairs(_NUMBER.sub("", clause))
            if len(own) < _SHORT_CLAUSE:
                continue
            total = sum(self._weight.get(g, self._rare) for g in own)
            best = max(best, sum(self._weight.get(g, self._rare) for g in own & grams) / total)
        return best

    def of_article(self, article: ProvisionId) -> tuple[Passage, ...]:
        """Return the passages of one article."""
        return tuple(self._by_article.get(article.in_article, ()))

    def _rank(self, share: float, n: int) -> float:
        passage = self.passages[n]
        rank = share - 0.012 * math.log(1 + len(passage.provision.text))
        rank -= 0.04 * passage.overtaken
        rank += 0.02 * (passage.document.level is Level.LAW) + 0.01 * passage.is_text
        return rank


def _passages(held: Held) -> Iterator[Passage]:
    article, document = held.article, held.document
    overtaken = bool(document.yields_to)
    seen: set[str] = set()
    for provision, text in _stretches(article):
        if text in seen or not text:
            continue
        seen.add(text)
        items = provision.id.item is None and any(
            p.id.item is not None and provision.id.paragraph in (None, p.id.paragraph)
            for p in article.parts
        )
        yield Passage(provision, document, text, overtaken, items)


def _stretches(article: Article) -> Iterator[tuple[Provision, str]]:
    whole = article.whole
    if len(whole.text) <= _LONGEST:
        yield whole, whole.text
    lead = whole
    for part in article.parts:
        if part.id.subitem is not None:
            continue
        if part.id.item is None:
            lead = part
            if len(part.text) <= _LONGEST:
                yield part, part.text
        else:
            above = lead if lead.id.paragraph == part.id.paragraph else whole
            yield part, "\n".join((above.lead, part.text) * 2)
