"""Which provisions may decide a statement: found by search and by shared wording together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.errors import BadInputError
from assistant.quiz.check.align import Alignment, align
from assistant.quiz.check.model import Link
from assistant.quiz.check.passages import Passage, PassageIndex
from assistant.quiz.check.wording import Sort, plain, tokens
from assistant.quiz.make.accidents import read_grades
from assistant.search import Found
from assistant.services import Services
from assistant.view import NATIONAL
from kb.catalog import Catalog
from kb.model import Level, ProvisionId

_FINE = re.compile("罚款|罚[0-9一二三四五六七八九十]")
_QUERY = 240
"""So many characters of a question are searched for."""
_HITS, _NEAR = 4, 10
_SURE, _FAIRLY_SURE = 0.95, 0.89
_CONTAINED = 0.65
_SHORTEST = 5
"""Statements of fewer tokens say nothing that could be found."""
_ALIKE = 0.01
"""Items of one list that fit a statement equally well within this are told apart by nothing."""


@dataclass(frozen=True)
class Candidate:
    """A passage with what it shares with the statement: `share` of its rare pairs (0–1).

    `rank` is the place of its article among the search hits, 0 if it is none.
    """

    passage: Passage
    share: float
    alignment: Alignment
    rank: int
    own: Alignment | None = None
    """The statement along the item alone, for an item."""
    contained: float = 0.0
    """How much of one clause of the passage the statement has (0–1), for search hits."""

    @property
    def coverage(self) -> float:
        """The share of the statement that the passage has in the same order."""
        said = self.alignment.said
        return sum(said[n].weight for n in self._matched) / sum(t.weight for t in said)

    @property
    def wording(self) -> float:
        """The same without the figures, which may be what has changed."""
        words = [n for n, t in enumerate(self.alignment.said) if t.sort is not Sort.FIGURE]
        return sum(n in self._matched for n in words) / max(len(words), 1)

    @property
    def _matched(self) -> frozenset[int]:
        return self.alignment.matched | (self.own.matched if self.own else frozenset())


@dataclass(frozen=True)
class Evidence:
    """The candidates for one statement, best first, and how sure the search is of its first hit."""

    candidates: tuple[Candidate, ...]
    confidence: float
    binding: frozenset[str] = frozenset()
    """The documents that the question names and those that prevail over them; empty for any."""

    @property
    def linked(self) -> Candidate | None:
        """The passage that decides the statement, None if none is near enough.

        Wording alone must be shared to the most part; where the search agrees, less will do.
        """
        return next((c for c in self.candidates if self._binds(c) and self._near(c)), None)

    @property
    def elsewhere(self) -> tuple[Candidate, ...]:
        """What the search is sure of in documents that the question does not name, best first."""
        if self.confidence < _FAIRLY_SURE:
            return ()
        found = [c for c in self.candidates if 0 < c.rank <= 3 and not self._binds(c)]
        return tuple(sorted(found, key=lambda c: (c.rank, -c.share, str(c.passage.provision.id))))

    @property
    def nearest(self) -> Link | None:
        """Where nothing is linked: the passage on the same matter that the search is sure of."""
        if self.confidence < _SURE:
            return None
        first = (c for c in self.candidates if c.rank == 1 and c.share >= 0.1)
        return next((c.passage.link for c in first if self._binds(c)), None)

    def is_certain(self, c: Candidate) -> bool:
        """True if a candidate may be held against a key.

        Where a higher rule prevails over its document, only what that rule does not speak of
        and no amount of a fine, because it is there that the two differ.
        """
        passage = c.passage
        if not passage.is_checked or not passage.overtaken:
            return passage.is_checked
        if _FINE.search(passage.text) or c.share < 0.5:
            return False
        over = {p.over for p in passage.document.yields_to}
        return not any(
            o.passage.document.title in over and o.share >= min(0.3, 0.6 * c.share)
            for o in self.candidates
        )

    def may_judge(self, c: Candidate) -> bool:
        """True if it is certain and either the rule itself or the digest that the search names."""
        return (c.passage.is_text or c.rank == 1) and self.is_certain(c)

    def _binds(self, c: Candidate) -> bool:
        return not self.binding or c.passage.document.id in self.binding

    def _near(self, c: Candidate) -> bool:
        if c.share >= 0.7 and c.coverage >= 0.6:
            return True
        if 0 < c.rank <= 2 and c.contained >= _CONTAINED:
            return True
        if c.rank == 1 and self.confidence >= _SURE:
            return c.share >= 0.27 and c.coverage >= 0.33
        if c.rank == 1 and self.confidence >= _FAIRLY_SURE:
            return c.share >= 0.34 and c.coverage >= 0.48
        if c.rank and c.passage.document.id in self.binding:
            return c.share >= 0.2 and c.coverage >= 0.3
        return 0 < c.rank <= 3 and c.share >= 0.42 and c.coverage >= 0.5

    @property
    def narrow(self) -> tuple[Candidate, ...]:
        """The candidates that say one thing; of the items of a list only the one that is meant."""
        best: dict[ProvisionId, list[tuple[float, Candidate]]] = {}
        out: list[Candidate] = []
        for c in self.candidates:
            if not c.passage.is_narrow or not self._binds(c):
                continue
            if c.passage.provision.id.item is None:
                out.append(c)
            else:
                key = c.passage.provision.id.in_article
                best.setdefault(key, []).append((c.share, c))
        for items in best.values():
            ranked = sorted(items, key=lambda x: (-x[0], str(x[1].passage.provision.id)))
            if len(ranked) == 1 or ranked[0][0] - ranked[1][0] > _ALIKE:
                out.append(ranked[0][1])
        return tuple(sorted(out, key=lambda c: (-c.share, str(c.passage.provision.id))))


class Library:
    """Finds evidence in everything national that is in force on a day."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.day: date = services.today()
        self.catalog = services.catalog
        source = services.quiz_source()
        self.bearers = source.bearers
        self.grades = read_grades(source)
        self._in_use: dict[tuple[str, date], bool] = {}
        self.index = PassageIndex(
            h
            for h in source.everything
            if h.document.region == NATIONAL and h.document.level is not Level.LOCAL_PRACTICE
        )

    def search(self, text: str) -> Found | None:
        """Return what the search finds for a question; None if it has no words to search for."""
        try:
            return self._services.find(text[:_QUERY], _HITS, as_of=self.day, region=NATIONAL)
        except BadInputError:
            return None

    def in_use(self, name: str, since: date) -> bool:
        """True if a law in a wording from `since` or later calls an agency by that name."""
        key = (name, since)
        if key not in self._in_use:
            self._in_use[key] = any(
                name in p.provision.text and p.effective_on >= since
                for p in self.index.passages
                if p.document.level is Level.LAW
            )
        return self._in_use[key]

    def evidence(
        self, said: str, found: Found | None, docs: frozenset[str] = frozenset()
    ) -> Evidence:
        """Return the evidence for a statement; `docs` are those that the question names."""
        words = tokens(said)
        if len(words) < _SHORTEST:
            return Evidence((), 0.0)
        passages = {p: share for share, p in self.index.near(said, _NEAR)}
        for share, passage in self.index.near(said, 3, docs) if docs else ():
            passages[passage] = share
        ranks: dict[ProvisionId, int] = {}
        for hit in found.hits if found else ():
            article = hit.provision.id.in_article
            ranks.setdefault(article, hit.rank)
        articles = {p.provision.id.in_article for p in list(passages)[:4]} | set(ranks)
        for article in sorted(articles):
            for passage in self.index.of_article(article):
                passages.setdefault(passage, self.index.share(said, passage))
        made = [
            self._candidate(p, share, said, ranks.get(p.provision.id.in_article, 0))
            for p, share in _best(passages, ranks)
        ]
        made.sort(key=lambda c: (-_rank(c, docs), str(c.passage.provision.id)))
        return Evidence(
            tuple(made), found.confidence if found else 0.0, prevailing(docs, self.catalog)
        )

    def _candidate(self, p: Passage, share: float, said: str, rank: int) -> Candidate:
        words = tokens(said)
        own = None
        if p.provision.id.item is not None:
            own = align(words, tokens(plain(p.provision.text)))
        contained = self.index.contained(said, p) if rank else 0.0
        return Candidate(p, share, align(words, p.tokens), rank, own, contained)


def prevailing(docs: frozenset[str], catalog: Catalog) -> frozenset[str]:
    """Return these documents with those that prevail over one of them."""
    over = {p.over for d in docs for p in catalog.get(d).yields_to}
    return docs | {d.id for title in over for d in catalog.by_name(title)}


def _best(
    passages: dict[Passage, float], ranks: dict[ProvisionId, int]
) -> Sequence[tuple[Passage, float]]:
    """The passages worth comparing word by word."""
    near = [(p, s) for p, s in passages.items() if s >= 0.2 or p.provision.id.in_article in ranks]
    return sorted(near, key=lambda x: (-x[1], str(x[0].provision.id)))[:16]


def _rank(c: Candidate, docs: frozenset[str]) -> float:
    size = len(c.passage.provision.text)
    return (
        c.share
        + 0.3 * c.coverage
        + (0.08 if c.rank == 1 else 0.03 if c.rank else 0.0)
        + 0.08 * (c.passage.document.id in docs)
        - 0.05 * c.passage.overtaken
        - 0.00008 * size
        + 0.02 * c.passage.is_text
    )
