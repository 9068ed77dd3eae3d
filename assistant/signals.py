"""How close an article comes to a question: its text, its 款 and 项, and its asked-as entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.beside import beside
from assistant.view import View
from indexer.embed import QuestionVectors
from indexer.matching import Match
from indexer.reader import Index

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

SIGNALS = (
    "text_dense",
    "article_dense",
    "asked_dense",
    "asked_dense_second",
    "text_grams",
    "article_grams",
    "asked_grams",
    "text_words",
    "asked_words",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What matches a question by its words: both matches, and the rows that they put first."""

    pairs: Sequence[str]
    """The bigrams of the question."""
    grams: Match
    words: Match
    best: tuple[Ints, ...]


def assume_asked(signals: Floats, own: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Give imported articles that nobody wrote asked-as entries for the signals of an average one.

    Without that every statute, asked about in a dozen ways, would go before them. Changes
    `signals` in place and returns which rows were changed. The relation to the text's own
    similarity is that of statutes, made steeper where it was tried on imported regulations.
    """
    assumed: npt.NDArray[np.bool_] = own & (signals[:, 2] == 0)
    text = signals[assumed, 0]
    signals[assumed, 2] = _ASSUMED_DENSE + _ASSUMED_SLOPE * (text - _USUAL_TEXT)
    signals[assumed, 3] = signals[assumed, 2] - _ASSUMED_SECOND
    for asked, lexical in ((6, 4), (8, 7)):
        signals[assumed, asked] = _ASSUMED_LEXICAL * signals[assumed, lexical]
    return assumed


_USUAL_TEXT, _ASSUMED_DENSE, _ASSUMED_SLOPE = 0.44, 0.938, 0.15
_ASSUMED_SECOND, _ASSUMED_LEXICAL = 0.018, 1.8
ASKED = np.array([2, 3, 6, 8])
"""The columns of `SIGNALS` that rest on asked-as entries."""


def signals_of(
    articles: Ints,
    query: QuestionVectors,
    view: View,
    index: Index,
    by: Wording,
    asked_mask: npt.NDArray[np.bool_],
) -> Floats:
    """Return (len(articles), len(SIGNALS)): how close each article comes, in every way."""
    out = np.zeros((len(articles), len(SIGNALS)), np.float32)
    entries = beside(_asked_signals, articles, query, view, index, by, asked_mask)
    text, first_text = slices(view.text_rows, articles)
    dense = index.vectors.scores(query.text[0], text)
    out[:, 0] = np.maximum.reduceat(dense, first_text)
    out[:, 1] = dense[first_text]
    of_text = by.grams.of(text)
    out[:, 4] = np.maximum.reduceat(of_text, first_text)
    out[:, 5] = of_text[first_text]
    out[:, 7] = np.maximum.reduceat(by.words.of(text), first_text)
    out[:, ASKED] = entries()
    return out


def _asked_signals(
    articles: Ints,
    query: QuestionVectors,
    view: View,
    index: Index,
    by: Wording,
    asked_mask: npt.NDArray[np.bool_],
) -> Floats:
    """Return what rests on the asked-as entries, the columns `ASKED` of the signals."""
    out = np.zeros((len(articles), len(ASKED)), np.float32)
    asked, first_asked = slices(view.asked_rows, articles)
    kept = asked_mask[asked]
    lengths = np.diff(np.append(first_asked, len(asked)))
    if not kept.any():
        return out
    held = np.flatnonzero(np.add.reduceat(kept, first_asked[lengths > 0]) > 0)
    held = np.flatnonzero(lengths > 0)[held]  # the articles with entries that count
    close = np.where(kept, index.vectors.scores(query.asked[0], asked), 0.0)
    owner = np.repeat(np.arange(len(articles)), lengths)
    order = np.lexsort((-close, owner))
    first = first_asked[held]
    out[held, 0] = close[order[first]]
    two = held[lengths[held] > 1]
    out[two, 1] = close[order[first_asked[two] + 1]]
    for column, found in ((2, by.grams), (3, by.words)):
        own = np.where(kept, found.of(asked), 0.0)[order]
        out[held, column] = _most(own, first_asked, lengths)[held]
    return out


def _most(values: Floats, starts: Ints, lengths: Ints) -> Floats:
    """The highest value of each stretch, 0 for an empty one."""
    out = np.zeros(len(starts), np.float32)
    filled = lengths > 0
    out[filled] = np.maximum.reduceat(values, starts[filled])
    return out


def slices(grouped: tuple[Ints, Ints], articles: Ints) -> tuple[Ints, Ints]:
    """Return the rows of these articles one after the other, and where each one's begin."""
    rows, starts = grouped
    lengths = starts[articles + 1] - starts[articles]
    ends = np.cumsum(lengths)
    first = ends - lengths
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[articles] - first, lengths)
    return rows[places], first
