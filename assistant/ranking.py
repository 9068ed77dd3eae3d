"""Candidates and their features, and the learned mix that orders them.

Every feature is a plain similarity of question and article (dense or lexical, over the text,
its 款 and 项, or its asked-as entries), its distance to the best candidate, or a property of the
question that says which similarity to trust. A small network, trained by
`python -m eval.train_ranker` and kept in `ranker.json`, turns them into one score.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.beside import beside
from assistant.errors import AssistantError
from assistant.signals import ASKED, SIGNALS, Wording, assume_asked, signals_of, slices
from assistant.understand import Kind, Question
from assistant.view import View
from indexer.doc_counts import DocumentCounts
from indexer.embed import QuestionVectors
from indexer.matching import best_rows, match
from indexer.reader import Index
from indexer.tokens import Tokenizer, bigrams
from kb.colloquial import expand

EXPANSION = 0.5
"""Weight of the statutory words that stand for colloquial ones (chosen on tune, 0 turns it off)."""
RANKER_FILE = Path(__file__).with_name("ranker.json")
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_PICKED = {"text": 120, "asked": 100, "lexical": 40, "named": 60}
_EXAM = re.compile(
    r"（\s*）|\(\s*\)|_{2,}|判断|单选|多选|填空|说法|正确的是|错误的是|下列|应当|不得|《|根据|依照|以下"
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Articles worth ranking, as numbers of a view; `signals` is (n, len(SIGNALS)).

    `assumed` marks those whose asked-as signals are not measured (see `assume_asked`);
    `near_asked` are the rows of the asked-as entries nearest to the question, best first.
    """

    articles: Ints
    signals: Floats
    features: Floats
    assumed: npt.NDArray[np.bool_]
    near_asked: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


def by_words(
    question: Question,
    view: View,
    index: Index,
    tokenizer: Tokenizer,
    exclude: Sequence[int] = (),
    counts: Mapping[str, int] | None = None,
) -> Wording:
    """Return what matches by words; needs no vectors, so it can be found beside them."""
    pairs = bigrams(question.core)
    more = expand(question.core) if EXPANSION else ""
    grams = match(index.grams, _weights(pairs, bigrams(more)))
    words = match(index.words, _weights(tokenizer.words(question.core), tokenizer.words(more)))
    masks = (view.text_mask, _without(view.asked_mask, exclude))
    most = (counts or _PICKED)["lexical"]
    best = tuple(found.best(mask, most) for found in (grams, words) for mask in masks)
    return Wording(pairs, grams, words, best)


def _without(mask: npt.NDArray[np.bool_], rows: Sequence[int]) -> npt.NDArray[np.bool_]:
    if not rows:
        return mask
    out = mask.copy()
    out[list(rows)] = False
    return out


def gather(
    question: Question,
    query: QuestionVectors,
    view: View,
    index: Index,
    tokenizer: Tokenizer,
    exclude: Sequence[int] = (),
    counts: Mapping[str, int] | None = None,
    wording: Callable[[], Wording] | None = None,
) -> Candidates:
    """Return the candidates for a question whose vectors are `query`.

    `exclude` lists index rows to act as if they were absent (for training on them); `counts` is
    how many rows of each kind become candidates. `wording` gives what `by_words` finds for the
    same, where that was begun already.
    """
    counts = counts or _PICKED
    asked_mask, owner = _without(view.asked_mask, exclude), view.owner
    other = beside(index.vectors.search, query.asked, counts["asked"], asked_mask)
    _, near_text = index.vectors.search(query.text, counts["text"], view.text_mask)
    _, near_asked = other()
    by = wording() if wording else by_words(question, view, index, tokenizer, exclude, counts)
    picked = [near_text[0], near_asked[0], *by.best]
    named = _named(question, view)
    if named.any():
        own, _ = slices(view.text_rows, np.flatnonzero(named > 0))
        own = np.sort(own)
        close = index.vectors.scores(query.text[0], own)
        picked.append(best_rows(close, own, counts["named"]))
        picked.append(best_rows(by.grams.of(own), own, counts["lexical"], 0.0))
    rows = np.unique(np.concatenate(picked))
    articles = np.unique(owner[rows[rows >= 0]])
    articles = articles[articles >= 0]
    if not len(articles):
        empty = np.zeros((0, len(SIGNALS)), np.float32)
        none = np.zeros(0, np.bool_)
        return Candidates(articles, empty, np.zeros((0, 1), np.float32), none, near_asked[0])
    signals = signals_of(articles, query, view, index, by, asked_mask)
    assumed = assume_asked(signals, view.is_own[articles])
    features = _features(question, by.pairs, articles, signals, named, view, index)
    return Candidates(articles, signals, features, assumed, near_asked[0])


def measured(candidates: Candidates, best: int) -> Floats:
    """Return the signals with assumed ones only for the candidate `best`.

    What is assumed may order articles; that a question can be answered at all must not rest on
    it for more than the article that would answer.
    """
    out = candidates.signals.copy()
    rows = candidates.assumed.copy()
    rows[best] = False
    out[np.ix_(rows, ASKED)] = 0.0
    return out


def _weights(said: Sequence[str], meant: Sequence[str]) -> dict[str, float]:
    """What each term counts for: those of the question once, those that they stand for less."""
    out: dict[str, float] = {}
    for terms, weight in ((said, 1.0), (meant, EXPANSION)):
        for term in terms:
            out[term] = out.get(term, 0.0) + weight
    return out


def _named(question: Question, view: View) -> Floats:
    """1 for articles of documents that the question names, -1 for others if it names any."""
    if not question.doc_ids:
        return np.zeros(len(view), np.float32)
    numbers = [view.number_of[d] for d in question.doc_ids if d in view.number_of]
    if not numbers:
        return np.zeros(len(view), np.float32)
    return np.where(np.isin(view.doc_of, numbers), 1.0, -1.0).astype(np.float32)


def _features(
    question: Question,
    pairs: Sequence[str],
    articles: Ints,
    signals: Floats,
    named: Floats,
    view: View,
    index: Index,
) -> Floats:
    scaled = signals.copy()
    scaled[:, :2] = np.maximum((scaled[:, :2] - 0.2) * 3, -1.0)
    scaled[:, 2:4] = np.maximum((scaled[:, 2:4] - 0.8) * 12, -1.0)
    scaled[:, 4:] /= np.sqrt(len(pairs) + 1.0)
    best = scaled.max(axis=0)
    second = np.sort(scaled, axis=0)[-2] if len(scaled) > 1 else best
    quick = scaled @ _QUICK
    docs = view.doc_of[articles]
    penal = view.penal(articles)
    doc_best = np.full(len(view.doc_ids), -9.0, np.float32)
    np.maximum.at(doc_best, docs, quick)
    route = _routed(pairs, view, index)
    known = np.mean([index.grams.knows(p) for p in pairs]) if pairs else 0.0
    marks = len(_EXAM.findall(question.core))
    penalty = float(question.kind is Kind.PENALTY)
    about = [known, np.log1p(len(pairs)), float(marks > 0), min(marks, 4) / 4, penalty]
    about.append(float(named.any()))
    own = np.stack(
        [
            named[articles],
            doc_best[docs] - quick.max(),
            quick - quick.max(),
            view.is_policy[articles],
            view.is_policy[articles] * np.maximum(named[articles], 0),
            penal * penalty,
            penal * (1 - penalty),
            scaled[:, 2] - scaled[:, 3],
            (signals[:, 2] > 0).astype(np.float32),
            route[docs],
            route[docs] - route.max(),
            view.is_core[articles],
            view.is_lower[articles],
            view.is_overtaken[articles],
            view.is_overtaken[articles] * np.maximum(named[articles], 0),
        ],
        axis=1,
    )
    shared = np.concatenate([best, best - second, about]).astype(np.float32)
    repeated = np.repeat(shared[None], len(articles), axis=0)
    return np.concatenate([scaled, scaled - best, own, repeated], axis=1).astype(np.float32)


def quick_scores(features: Floats) -> Floats:
    """Return the fixed linear mix of the signals, which needs no training, for rows of features."""
    mix: Floats = features[:, : len(_QUICK)] @ _QUICK
    return mix


def _routed(pairs: Sequence[str], view: View, index: Index) -> Floats:
    """Return for every document how much likelier its entries use these bigrams than others do.

    The mean log ratio over the question's bigrams, with the collection as prior; it tells laws
    of one trade (船, 铁路, 食堂) from the general ones when the question names no law.
    """
    width = len(view.doc_ids)
    if index.counts is not None:
        return _routed_by_counts(pairs, view, index, index.counts)
    terms = [t for t in dict.fromkeys(pairs) if index.grams.knows(t)]
    if not terms:
        return np.zeros(width, np.float32)
    found = [view.doc_of_row[index.grams.rows_with(t)] for t in terms]
    docs = np.concatenate(found)
    places = docs + np.repeat(np.arange(len(terms)) * width, [len(x) for x in found])
    counts = np.bincount(places[docs >= 0], minlength=width * len(terms))
    counts = counts.reshape(len(terms), width).astype(np.float32)
    share = (counts.sum(axis=1, keepdims=True) + 1) / (view.rows_in_doc.sum() + 1)
    lift = np.log((counts + _PRIOR * share) / (view.rows_in_doc + _PRIOR) / share)
    mean: Floats = (lift.sum(axis=0) / (len(terms) + 1)).astype(np.float32)
    return mean


def _routed_by_counts(
    pairs: Sequence[str], view: View, index: Index, counts: DocumentCounts
) -> Floats:
    """The same from counts made with the index, looking only at documents that hold a bigram.

    Articles of a document that the view leaves out are counted with the others.
    """
    number = index.grams.vocabulary
    terms = [number[t] for t in dict.fromkeys(pairs) if t in number]
    base = np.log(_PRIOR / (view.rows_in_doc + _PRIOR))  # what a document without the term gets
    out = len(terms) * base
    for term in terms:
        documents, times = counts.of_term(term)
        docs = view.place_of[documents]
        docs, times = docs[docs >= 0], times[docs >= 0]
        share = (times.sum() + 1) / (view.rows_in_doc.sum() + 1)
        lift = np.log((times + _PRIOR * share) / (view.rows_in_doc[docs] + _PRIOR) / share)
        out[docs] += lift - base[docs]
    mean: Floats = (out / (len(terms) + 1)).astype(np.float32)
    return mean


_PRIOR = 30.0
_QUICK = np.array([0.9, 0.0, 1.0, 0.2, 0.25, 0.0, 0.25, 0.1, 0.1], np.float32)


class Ranker:
    """Scores candidates; higher is better. Weights come from `eval.train_ranker`."""

    def __init__(self, layers: list[tuple[Floats, Floats]], mean: Floats, scale: Floats) -> None:
        self._layers, self._mean, self._scale = layers, mean, scale

    def scores(self, candidates: Candidates) -> Floats:
        """Return one score a candidate."""
        x: Floats = (candidates.features - self._mean) / self._scale
        for n, (weight, bias) in enumerate(self._layers):
            x = x @ weight + bias
            if n + 1 < len(self._layers):
                x = np.tanh(x)
        return x[:, 0]


@lru_cache(maxsize=2)
def load_ranker(path: Path = RANKER_FILE) -> Ranker:
    """Return the trained ranker; AssistantError if its file is damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        layers = [(np.array(w, np.float32), np.array(b, np.float32)) for w, b in data["layers"]]
        return Ranker(
            layers, np.array(data["mean"], np.float32), np.array(data["scale"], np.float32)
        )
    except (OSError, ValueError, KeyError) as e:
        raise AssistantError(f"{path} 读不出来（{e}）；请重新取得完整的程序文件") from e
