"""A question → the provisions that answer it, best first, with how sure the program is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from assistant.beside import beside
from assistant.confidence import Confidence
from assistant.errors import BadInputError
from assistant.locating import locate
from assistant.ranking import Candidates, Ranker, by_words, gather
from assistant.setting import read_setting, without_region
from assistant.signals import Wording
from assistant.understand import Question, understand
from assistant.view import NATIONAL, SCOPES, Filters, Rows, View, applies_in
from assistant.whole import PICKED, whole_features
from indexer.embed import Embedder, QuestionVectors, question_vectors
from indexer.reader import Index
from indexer.tokens import Tokenizer
from kb.catalog import Catalog
from kb.errors import UnknownProvisionError
from kb.model import Article, Document, Level, Provision, ProvisionId, Status, Version

Floats = npt.NDArray[np.float32]
MAX_HITS = 100
_CACHED_VIEWS = 8
_LOWER_RANK = 0.5
"""What a national regulation must be better by (in scores of the ranker) to stand before a law
that fits too; set on tune. Questions that name it and documents of a province are left alone."""
_SIMILAR = 40
"""So many of the nearest asked-as entries are looked at for questions to suggest."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One provision found. `score` is the share of the ranking's belief that it got (0–1)."""

    rank: int
    provision: Provision
    document: Document
    version: Version
    status: Status
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search. `cited` are provisions the question itself named, whole.

    `missing` says in Chinese which cited provisions do not exist. `confidence` (0–1) is the
    chance that the first hit answers the question.
    """

    question: Question
    filters: Filters
    hits: tuple[Hit, ...]
    confidence: float
    cited: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    vector: QuestionVectors | None = field(default=None, repr=False, compare=False)
    """The question's vectors."""
    near_asked: Rows = field(
        default_factory=lambda: np.zeros(0, np.int64), repr=False, compare=False
    )
    """Rows of the nearest asked-as entries, best first."""


class Searcher:
    """Searches one opened index. Safe to share between threads."""

    def __init__(
        self,
        catalog: Catalog,
        index: Index,
        embedder: Embedder,
        tokenizer: Tokenizer,
        rankers: tuple[Ranker, Ranker],
        confidence: Confidence,
        today: Callable[[], date],
    ) -> None:
        """`rankers` are those of the safety scope and of the whole library."""
        self._catalog, self._index = catalog, index
        self._embedder, self._tokenizer = embedder, tokenizer
        self._ranker, self._whole_ranker = rankers
        self._confidence, self._today = confidence, today
        self._regional = [d for d in catalog if d.region != NATIONAL and not d.is_policy]
        self._views: OrderedDict[Filters, View] = OrderedDict()
        self._lock = threading.Lock()

    def filters(
        self,
        scope: str = "safety",
        as_of: date | None = None,
        region: str = "",
        level: str = "",
        text: str = "",
    ) -> Filters:
        """Return the filters for these options; BadInputError for an unknown scope or level.

        Where no day or region is given, those that the question `text` names are taken.
        """
        if scope not in SCOPES:
            raise BadInputError(f"范围 {scope!r} 不认识；应为 {' 或 '.join(SCOPES)}")
        levels = [x.value for x in Level]
        if level and level not in levels:
            raise BadInputError(f"层级 {level!r} 不认识；应为 {'、'.join(levels)} 之一")
        today = self._today()
        setting = read_setting(text, today)
        return Filters(as_of or setting.day or today, scope, region or setting.region, level)

    def view(self, filters: Filters | None = None) -> View:
        """Return the view for these filters; the last few are kept."""
        wanted = filters or self.filters()
        if not self.holds_region(wanted.region):  # the same rows as without a region
            wanted = replace(wanted, region=NATIONAL if wanted.region else "")
        with self._lock:
            if wanted in self._views:
                self._views.move_to_end(wanted)
                return self._views[wanted]
        view = View(self._index, self._catalog, wanted)
        with self._lock:
            self._views[wanted] = view
            while len(self._views) > _CACHED_VIEWS:
                self._views.popitem(last=False)
        return view

    def understand(self, text: str, filters: Filters) -> Question:
        """Return what `text` asks; a place without documents of its own is not searched for."""
        question = understand(text, self._catalog, self._today())
        if self.holds_region(filters.region):
            return question
        return replace(question, core=without_region(question.core) or question.core)

    def holds_region(self, region: str) -> bool:
        """True if the library has a document of that province's own."""
        if region in ("", NATIONAL):
            return False
        return any(applies_in(d, region) for d in self._regional)

    def search(self, text: str, k: int = 10, filters: Filters | None = None) -> Found:
        """Return up to `k` provisions, at most one per article, best first.

        BadInputError if the text is empty, too long or without words, or `k` is not 1–100.
        """
        if not 1 <= k <= MAX_HITS:
            raise BadInputError(f"条数应在 1 到 {MAX_HITS} 之间，收到 {k}")
        filters = filters or self.filters()
        question = self.understand(text, filters)
        view = self.view(filters)
        wording = beside(self._by_words, question, view)
        query = question_vectors(self._embedder, question.core)
        candidates = self.candidates(question, query, view, wording=wording)
        near = candidates.near_asked
        cited, missing = self._cited(question, filters)
        if not len(candidates.articles):
            sure = 1.0 if cited else 0.0
            return Found(question, filters, cited[:k], sure, cited, missing, query, near)
        scores = self._scores(candidates, question, view)
        order = _each_named_first(np.argsort(-scores, kind="stable"), candidates, question, view)
        belief = np.exp(scores - scores.max())
        belief /= belief.sum()
        sure = self._confidence.of(question, query, candidates, scores)
        hits = list(cited)
        seen = {h.provision.id.in_article for h in cited}
        chosen = [
            n
            for n in order[: k + len(seen)]
            if view.article(int(candidates.articles[n])) not in seen
        ][: max(0, k - len(hits))]
        numbers = [int(candidates.articles[n]) for n in chosen]
        places = locate(numbers, query, question, view, self._index) if numbers else []
        for n, pid in zip(chosen, places, strict=True):
            hits.append(self._hit(len(hits) + 1, pid, filters, float(belief[n])))
        sure = 1.0 if cited else sure
        return Found(question, filters, tuple(hits[:k]), sure, cited, missing, query, near)

    def candidates(
        self,
        question: Question,
        query: QuestionVectors,
        view: View,
        exclude: Sequence[int] = (),
        wording: Callable[[], Wording] | None = None,
    ) -> Candidates:
        """Return what may answer, with the features that the ranker of the view's scope reads.

        `exclude` lists index rows to act as if they were absent; `wording` as in `gather`.
        """
        index, tokenizer, counts = self._index, self._tokenizer, _counts(view)
        found = gather(question, query, view, index, tokenizer, exclude, counts, wording)
        if view.filters.scope == "safety":
            return found
        return whole_features(question, query, found, view, index, self._catalog, self._embedder)

    def _by_words(self, question: Question, view: View) -> Wording:
        return by_words(question, view, self._index, self._tokenizer, counts=_counts(view))

    def _scores(self, candidates: Candidates, question: Question, view: View) -> Floats:
        if view.filters.scope != "safety":
            return self._whole_ranker.scores(candidates)
        below = _lower_unnamed(candidates, question, view)
        return self._ranker.scores(candidates) - np.float32(_LOWER_RANK) * below

    def similar_questions(self, found: Found, count: int) -> tuple[str, ...]:
        """Return asked-as questions close to this one that lead to other articles."""
        if found.vector is None:
            return ()
        if found.cited:
            return self._questions_about(found, count)
        out: list[str] = []
        seen = {found.hits[0].provision.id.in_article} if found.hits else set()
        for row in found.near_asked[:_SIMILAR]:
            unit = self._index.units[int(row)] if row >= 0 else None
            if unit is None or unit.target.in_article in seen or len(out) >= count:
                continue
            if unit.text in (*out, found.question.text):
                continue  # one question may be answered by several provisions
            seen.add(unit.target.in_article)
            out.append(unit.text)
        return tuple(out)

    def nearest_in(self, doc_id: str, found: Found) -> Article | None:
        """Return the article of one document that is closest to the question, None if it has none."""
        view = self.view(found.filters)
        rows = view.rows_of(doc_id)
        if found.vector is None or not len(rows):
            return None
        near = self._index.vectors.scores(found.vector.text[0], rows)
        return self._catalog.article(self._index.units.target(int(rows[int(np.argmax(near))])))

    def _questions_about(self, found: Found, count: int) -> tuple[str, ...]:
        """Asked-as questions that the cited articles answer."""
        cited = {h.provision.id.in_article for h in found.cited}
        view = self.view(found.filters)
        rows, starts = view.asked_rows
        numbers = [
            n
            for doc_id in sorted({a.doc_id for a in cited})
            for n in view.articles_of(doc_id)
            if view.article(n) in cited
        ]
        own = [r for i in numbers for r in rows[starts[i] : starts[i + 1]]]
        return tuple(dict.fromkeys(self._index.units.text(int(r)) for r in own))[:count]

    def _cited(
        self, question: Question, filters: Filters
    ) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        hits: list[Hit] = []
        missing: list[str] = []
        for citation in question.citations:
            if citation.mention is None:
                continue
            for doc_id in citation.mention.doc_ids:
                doc = self._catalog.get(doc_id)
                if doc.is_policy:
                    label = citation.locator.label
                    missing.append(
                        f"本库只有《{doc.title}》的要点，没有收录全文，查不到它的{label}"
                    )
                    continue
                try:
                    provision = self._catalog.resolve(doc, citation.locator, filters.day)
                except UnknownProvisionError as e:
                    missing.append(str(e))
                    continue
                if all(h.provision.id != provision.id for h in hits):
                    hits.append(self._hit(len(hits) + 1, provision.id, filters, 1.0))
        return tuple(hits), tuple(missing)

    def _hit(self, rank: int, pid: ProvisionId, filters: Filters, score: float) -> Hit:
        doc = self._catalog.get(pid.doc_id)
        version = doc.version(pid.version)
        status = doc.status_on(filters.day, version)
        if status is Status.IN_FORCE and doc.change_of(pid.article, filters.day):
            status = Status.SUPERSEDED
        return Hit(rank, self._catalog.provision(pid), doc, version, status, score)


def _counts(view: View) -> Mapping[str, int] | None:
    """How many rows of each kind become candidates, None for what is usual."""
    return None if view.filters.scope == "safety" else PICKED


def _each_named_first(
    order: npt.NDArray[np.intp], candidates: Candidates, question: Question, view: View
) -> npt.NDArray[np.intp]:
    """Return the order with the best of every document first, where a question names several."""
    named = [view.number_of[d] for d in question.doc_ids if d in view.number_of]
    if len(named) < 2:
        return order
    docs = view.doc_of[candidates.articles[order]]
    firsts = sorted(int(np.argmax(docs == n)) for n in set(named) if (docs == n).any())
    return np.concatenate([order[firsts], np.delete(order, firsts)])


def _lower_unnamed(candidates: Candidates, question: Question, view: View) -> Floats:
    """1 for articles of national digests below the laws that the question does not name."""
    named = np.zeros(len(view.doc_ids), np.bool_)
    named[[view.number_of[d] for d in question.doc_ids if d in view.number_of]] = True
    own = candidates.articles
    below = view.is_lower[own] * (1 - view.is_policy[own]) * (1 - view.is_regional[own])
    out: Floats = (below * ~named[view.doc_of[own]]).astype(np.float32)
    return out
