"""The provisions as stretches of text that a statement may repeat, and finding those near it.

An item stands with the line above it on both sides, because exam sentences put the sanction
after the act and the law puts it before.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.quiz.check.model import Link
from assistant.quiz.check.wording import Token, bigrams, plain, tokens
from assistant.quiz.source import Held
from kb.model import Article, Document, Level, Provision, ProvisionId, TextKind

_LONGEST = 1500


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A stretch of a document: the provision that a reader is sent to, and the tokens compared.

    `overtaken` is set where a higher rule prevails over the document.
    """

    provision: Provision
    document: Document
    text: str
    tokens: tuple[Token, ...]
    overtaken: bool
    has_items: bool = False

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


class PassageIndex:
    """All passages, found by the pairs of tokens that they share with a statement."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.passages = tuple(p for h in held for p in _passages(h))
        grams = [bigrams(p.tokens) for p in self.passages]
        count = Counter(g for s in grams for g in s)
        total = len(self.passages)
        self._weight = {g: math.log(1 + total / n) for g, n in count.items()}
        self._rare = math.log(1 + total)
        self._where: dict[tuple[str, str], list[int]] = defaultdict(list)
        for n, found in enumerate(grams):
            for gram in found:
                self._where[gram].append(n)
        self._by_article: dict[ProvisionId, list[int]] = defaultdict(list)
        for n, passage in enumerate(self.passages):
            self._by_article[passage.provision.id.in_article].append(n)

    def near(
        self, said: tuple[Token, ...], k: int, docs: frozenset[str] = frozenset()
    ) -> list[tuple[float, Passage]]:
        """Return the `k` passages that have most of the statement: share (0–1) and passage.

        Among equals the shorter stands first; `docs` limits the documents.
        """
        grams = bigrams(said)
        total = sum(self._weight.get(g, self._rare) for g in grams)
        scores: dict[int, float] = defaultdict(float)
        for gram in sorted(grams):
            weight = self._weight.get(gram, 0.0)
            for n in self._where.get(gram, ()):
                scores[n] += weight
        found = [
            (score / total, n)
            for n, score in scores.items()
            if not docs or self.passages[n].document.id in docs
        ]
        best = sorted(found, key=lambda f: (-self._rank(*f), f[1]))[:k]
        return [(share, self.passages[n]) for share, n in best]

    def share(self, said: tuple[Token, ...], passage: Passage) -> float:
        """Return how much of the statement the passage has (0–1), by the rarity of its pairs."""
        grams = bigrams(said)
        total = sum(self._weight.get(g, self._rare) for g in grams)
        shared = grams & bigrams(passage.tokens)
        return sum(self._weight[g] for g in shared) / total if total else 0.0

    def of_article(self, article: ProvisionId) -> tuple[Passage, ...]:
        """Return the passages of one article."""
        return tuple(self.passages[n] for n in self._by_article.get(article.in_article, ()))

    def _rank(self, share: float, n: int) -> float:
        passage = self.passages[n]
        rank = share - 0.012 * math.log(1 + len(passage.tokens))
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
        yield Passage(provision, document, text, tokens(plain(text)), overtaken, items)


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
            yield part, f"{above.lead}\n{part.text}\n{above.lead}"
