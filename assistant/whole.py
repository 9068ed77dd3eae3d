"""Ranking over the whole national library (scope all), where most laws have no asked-as entries.

The ranker of the safety scope rests on entries and would put every law that has some before the
others. Here a second small ranker reads plainer features: similarities of words and vectors,
those of neighbouring articles and of the whole law, the law's title, and how often people ask
about that law. It is trained by `python -m eval.train_general` and kept in `ranker_all.json` and
`laws_asked_about.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import AssistantError
from assistant.ranking import Candidates
from assistant.signals import SIGNALS
from assistant.understand import Question
from assistant.view import View
from indexer.embed import Embedder, QuestionVectors
from indexer.reader import Index
from indexer.tokens import bigrams
from kb.catalog import Catalog

WHOLE_FILE = Path(__file__).with_name("ranker_all.json")
ASKED_ABOUT_FILE = Path(__file__).with_name("laws_asked_about.json")
PICKED = {"text": 250, "asked": 60, "lexical": 120, "named": 60}
"""How many rows of each kind become candidates: more than in the safety scope."""
MIX = np.array([0.5, 0.5, 0.15, 0.15], np.float32)
"""Weights of own vector, tuned vector, bigrams and words, each in spreads of the candidates."""
SHARED_TOP = 30
_KINDS = re.compile("^中华人民共和国|(?:法|条例|规定|办法|规则|决定|解释)$")
Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


def whole_features(
    question: Question,
    query: QuestionVectors,
    found: Candidates,
    view: View,
    index: Index,
    catalog: Catalog,
    embedder: Embedder,
) -> Candidates:
    """Return the candidates with the features that the ranker of the whole library reads."""
    if not len(found.articles):
        return found
    rows = view.text_rows[0][view.text_rows[1][found.articles]]  # each article's first: the whole
    plain = embedder.before_tuning(index.vectors.get(rows)) @ query.asked[0]
    signals = found.signals.copy()
    signals[:, 4:] /= np.sqrt(len(question.core) + 1.0)
    near = np.concatenate([signals, plain[:, None]], axis=1)
    columns = [9, 1, 5, 7]
    spread = near[:, columns].std(axis=0) + 1e-3
    mix = ((near[:, columns] - near[:, columns].max(axis=0)) / spread) @ MIX
    docs = view.doc_of[found.articles].astype(np.int64)
    own = _about(question, found, view, catalog, docs)
    around = _around(found.articles, docs, _sections(found.articles, view, catalog), mix)
    features = np.concatenate(
        [near, near - near.max(axis=0), mix[:, None], around, own], axis=1
    ).astype(np.float32)
    return replace(found, features=features)


def _around(articles: Rows, docs: Rows, sections: Rows, mix: Floats) -> Floats:
    """Return how close the articles before and after, the section and the whole law come.

    Columns: the better neighbour, the mean of both; the best of the law, the law's share of the
    top; the same of the section; the best of the section's other articles.
    """
    low = mix.min()
    before = np.full(len(mix), low, np.float32)
    after = before.copy()
    next_to = (np.diff(articles) == 1) & (np.diff(docs) == 0)
    before[1:][next_to] = mix[:-1][next_to]
    after[:-1][next_to] = mix[1:][next_to]
    law, law_share, _ = _together(docs, mix)
    section, section_share, others = _together(sections, mix)
    columns = [
        np.maximum(before, after), (before + after) / 2, law, law_share,
        section, section_share, others,
    ]  # fmt: skip
    out: Floats = np.stack(columns, axis=1).astype(np.float32)
    return out


def _together(groups: Rows, mix: Floats) -> tuple[Floats, Floats, Floats]:
    """Return per candidate its group's best below the best of all, its share of the top, and the
    best of the others of its group (the lowest of all if there is none)."""
    order = np.lexsort((-mix, groups))
    first = np.r_[True, np.diff(groups[order]) != 0]
    best = np.zeros(groups.max() + 1, np.float32)
    best[groups[order][first]] = mix[order][first]
    second = np.full(len(best), mix.min(), np.float32)
    after_first = np.flatnonzero(first[:-1] & ~first[1:]) + 1
    second[groups[order][after_first]] = mix[order][after_first]
    leads = np.zeros(len(mix), np.bool_)
    leads[order[first]] = True
    top = np.argsort(-mix, kind="stable")[:SHARED_TOP]
    share = np.bincount(groups[top], minlength=len(best)) / len(top)
    others = np.where(leads, second[groups], best[groups])
    return best[groups] - mix.max(), share[groups].astype(np.float32), others


def _sections(articles: Rows, view: View, catalog: Catalog) -> Rows:
    """Number the sections (编, 章, 节) that the candidates stand in."""
    numbers: dict[tuple[object, ...], int] = {}
    ids = (view.article(int(n)) for n in articles)
    places = ((a.doc_id, a.version, *catalog.article(a).path) for a in ids)
    return np.array([numbers.setdefault(p, len(numbers)) for p in places], np.int64)


def _about(
    question: Question,
    found: Candidates,
    view: View,
    catalog: Catalog,
    docs: Rows,
) -> Floats:
    """Return what the law is: how much of its title is asked, named, in the safety scope, how often asked
    about, …"""
    asked = set(bigrams(question.core))
    numbers = np.unique(docs)
    overlap = np.zeros(len(view.doc_ids), np.float32)
    named = np.zeros(len(view.doc_ids), np.float32)
    inside = np.zeros(len(view.doc_ids), np.float32)
    often = np.zeros(len(view.doc_ids), np.float32)
    for n in numbers:
        doc = catalog.get(view.doc_ids[n])
        title = _title_pairs(doc.title)
        overlap[n] = len(title & asked) / max(len(title), 1)
        named[n] = doc.id in question.doc_ids
        inside[n] = doc.in_scope
        often[n] = times_asked(doc.title)
    own = found.articles
    has_entries = (found.signals[:, 2] > 0).astype(np.float32)
    return np.stack(
        [
            overlap[docs], overlap[docs] - overlap.max(), named[docs], inside[docs], has_entries,
            view.is_policy[own], view.is_lower[own], view.penal(own), np.log1p(often[docs]),
        ],
        axis=1,
    )  # fmt: skip


@lru_cache(maxsize=2048)
def _title_pairs(title: str) -> frozenset[str]:
    return frozenset(bigrams(_KINDS.sub("", _KINDS.sub("", title))))


def times_asked(title: str) -> float:
    """Return how many of the general questions that were learned from this law answers."""
    return _counts(ASKED_ABOUT_FILE).get(title, 0.0)


@lru_cache(maxsize=2)
def _counts(path: Path) -> Mapping[str, float]:
    try:
        return {str(k): float(v) for k, v in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError) as e:
        raise AssistantError(f"{path} 读不出来（{e}）；请重新取得完整的程序文件") from e


WIDTH = 2 * (len(SIGNALS) + 1) + 1 + 7 + 9
"""How many features a candidate has."""


def names() -> Sequence[str]:
    """Return the names of the features, in order."""
    near = (*SIGNALS, "own_vector")
    return (
        *near, *(f"{n}-lag" for n in near), "mix", "neighbour", "neighbours", "law", "law_share",
        "section", "section_share", "section_others", "title", "title-lag", "named", "inside",
        "has_asked", "policy", "lower", "penal", "asked_about",
    )  # fmt: skip
