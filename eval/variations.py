"""The ranking with one component left out: what a question's candidates look like without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from assistant import ranking
from assistant.ranking import gather
from assistant.services import Services
from assistant.signals import SIGNALS
from assistant.view import Filters, View
from eval.cases import Case
from eval.queries import Query, canonical, load_queries
from eval.train_data import entry_rows
from eval.voices import SETS
from indexer.embed import MODEL_DIR, QuestionVectors, question_vectors
from indexer.reader import Index
from indexer.towers import TOWERS_FILE, read_towers, unit
from indexer.units import UnitKind
from indexer.vectors import FaissStore
from kb.colloquial import expand, read_renamed, read_terms
from kb.model import ProvisionId

Floats = npt.NDArray[np.float32]
OWN = (
    "named", "doc_lead", "quick_lead", "policy", "policy_named", "penal_asked", "penal_unasked",
    "asked_lead", "has_asked", "route", "route_lead", "core", "lower", "overtaken",
    "overtaken_named",
)  # fmt: skip
ABOUT = ("known", "length", "exam", "marks", "penalty", "names")
FEATURES = (
    *SIGNALS, *(f"{s}-lag" for s in SIGNALS), *OWN,
    *(f"{s}-best" for s in SIGNALS), *(f"{s}-gap" for s in SIGNALS), *ABOUT,
)  # fmt: skip
"""The columns of `assistant.ranking.Candidates.features`, in order."""


@dataclass(frozen=True, slots=True)
class Variation:
    """One component left out: at collecting (`kind`), or in fitting, as columns never read."""

    key: str
    title: str
    kind: str = ""
    columns: tuple[str, ...] = ()


def _of(*signals: str) -> tuple[str, ...]:
    return tuple(f for f in FEATURES if f.split("-")[0] in signals)


FULL = Variation("full", "完整配置")
COLLECTED = (
    Variation("asked", "不用问法条目", "asked"),
    Variation("voices", "不用训练题转成的问法", "voices"),
    Variation("towers", "不用调好的映射（原编码器向量）", "towers"),
    Variation("centring", "映射换成只减去均值", "centring"),
    Variation("lexicon", "不用口语词表", "lexicon"),
    Variation("renamed", "不用新旧机构名对照", "renamed"),
    Variation("parts", "只索引整条，不索引款和项", "parts"),
)
FITTED = (
    Variation("lexical", "排序不看词面相似（BM25）", columns=_of(*SIGNALS[4:])),
    Variation("dense", "排序不看条文向量", columns=_of(*SIGNALS[:2])),
    Variation("route", "排序不看哪部法常用这些词", columns=("route", "route_lead")),
    Variation(
        "named",
        "排序不看题里点名的法和口号",
        columns=("named", "policy_named", "overtaken_named", "names"),
    ),
    Variation(
        "status",
        "排序不看文件的层级和性质",
        columns=("policy", "penal_asked", "penal_unasked", "core", "lower", "overtaken"),
    ),
    Variation(
        "question",
        "排序不看题目的类型",
        columns=(*ABOUT, *(f for f in FEATURES if f.endswith(("-best", "-gap")))),
    ),
)


class Lens:
    """Collects cases as one variation sees them; views and vectors of questions are kept."""

    def __init__(self, services: Services, kind: str, vectors: dict[str, QuestionVectors]) -> None:
        self._services, self._kind, self._vectors = services, kind, vectors
        self._views: dict[Filters, View] = {}
        self._index = _reindexed(services.index, kind)
        self._own = entry_rows(services.index)
        self._mean: Floats = np.zeros(1, np.float32)
        if kind == "centring":
            self._mean = read_towers(MODEL_DIR / TOWERS_FILE).question.mean

    def cases(
        self, group: str, queries: list[Query], by_ref: dict[str, list[ProvisionId]]
    ) -> Iterator[Case]:
        """Yield one case a question; no question finds its own entry."""
        with _expanding(self._kind):
            for q in queries:
                yield self._case(group, q, by_ref)

    def _case(self, group: str, q: Query, by_ref: dict[str, list[ProvisionId]]) -> Case:
        services = self._services
        filters = services.search.filters(text=q.text)
        question = services.search.understand(q.text, filters)
        if question.core not in self._vectors:
            self._vectors[question.core] = question_vectors(services.embedder, question.core)
        view = self._view(filters)
        found = gather(
            question, self._turned(self._vectors[question.core]), view, self._index,
            services.tokenizer, self._own.get(q.text, ()),
        )  # fmt: skip
        refs = canonical(services.catalog, q.gold)
        gold = {a for ref in refs for a in by_ref.get(ref, ())}
        right = np.array([view.article(int(n)) in gold for n in found.articles], np.bool_)
        return Case(group, q.split, found.features, right)

    def _turned(self, query: QuestionVectors) -> QuestionVectors:
        if self._kind == "towers":
            return QuestionVectors(query.asked, query.asked)
        if self._kind == "centring":
            return QuestionVectors(query.asked, unit(query.asked - self._mean))
        return query

    def _view(self, filters: Filters) -> View:
        if filters not in self._views:
            view = View(self._services.index, self._services.catalog, filters)
            units = self._services.index.units
            if self._kind == "asked":
                view.asked_mask = np.zeros_like(view.asked_mask)
            elif self._kind == "voices":
                view.asked_mask = view.asked_mask & ~_from_train_sets(self._services.index)
            elif self._kind == "parts":
                whole = np.array([u.kind is UnitKind.ARTICLE for u in units])
                view.text_mask = view.text_mask & whole
            self._views[filters] = view
        return self._views[filters]


def _from_train_sets(index: Index) -> npt.NDArray[np.bool_]:
    texts = {q.text for name in SETS for q in load_queries(name, "train")}
    return np.array([u.kind is UnitKind.ASKED and u.text in texts for u in index.units])


def _reindexed(index: Index, kind: str) -> Index:
    """Return the index with the texts' vectors as they were before the tuned maps."""
    if kind not in ("towers", "centring"):
        return index
    tower = read_towers(MODEL_DIR / TOWERS_FILE).passage
    vectors = index.vectors.get(np.arange(index.vectors.size))
    texts = np.flatnonzero([u.kind is not UnitKind.ASKED for u in index.units])
    plain = tower.back(vectors[texts])
    vectors[texts] = plain if kind == "towers" else unit(plain - tower.mean)
    return replace(index, vectors=FaissStore.build(vectors))


@contextmanager
def _expanding(kind: str) -> Iterator[None]:
    """Let the ranking expand questions by the word lists that the variation leaves."""
    fewer = {"lexicon": _renamed_only, "renamed": _colloquial_only}
    with patch.object(ranking, "expand", fewer.get(kind, expand)):
        yield


def _renamed_only(text: str) -> str:
    wanted = {r.to for r in read_renamed() for old in r.old if old in text}
    return " ".join(w for w in expand(text).split() if w in wanted)


def _colloquial_only(text: str) -> str:
    wanted = {w for said, means in read_terms().items() if said in text for w in means}
    return " ".join(w for w in expand(text).split() if w in wanted)
