"""Which 款 or 项 of an article that was found fits the question best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.signals import slices
from assistant.understand import Question
from assistant.view import View
from indexer.embed import QuestionVectors
from indexer.reader import Index
from indexer.tokens import bigrams
from kb.model import ProvisionId

_LOCATE = (0.2, 1.5, 0.01)
"""Weights of text vector, asked-as vector and bigrams in choosing 款 or 项 (set on tune)."""
_NO_ENTRY = 0.87
"""The similarity a provision without asked-as entries is taken to have."""
_NARROWER = 0.02
"""How much better a 款 or 项 must fit than the article as a whole."""
_ONE_OF_LIST = 0.08
"""The same for an item when the question asks for all of them, on top."""
_TIE = 0.01
"""Two 款 closer than this are both shown, as the article: a wrong one alone would mislead."""
_NONE = -1
_WHOLE = (_NONE, _NONE)
Part = tuple[int, int]
"""Numbers of 款 and 项 in an article, -1 for none."""
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Fits:
    """How well each part of one article fits, in the order of its rows."""

    parts: list[Part]
    text: Floats
    grams: Floats
    asked: dict[Part, float]


def locate(
    numbers: Sequence[int], query: QuestionVectors, question: Question, view: View, index: Index
) -> list[ProvisionId]:
    """Return for every article of the view the 款 or 项 that fits best, or the article itself."""
    articles = np.array(numbers, np.int64)
    text, first = slices(view.text_rows, articles)
    ends = [*first[1:], len(text)]
    dense = index.vectors.scores(query.text[0], text)
    grams = index.grams.scores_of(Counter(bigrams(question.core)), text)
    entries, at = slices(view.asked_rows, articles)
    close = index.vectors.scores(query.asked[0], entries) if len(entries) else np.zeros(0)
    parts, of_entries = _parts(index, text), _parts(index, entries)
    out = []
    for n, (start, end) in enumerate(zip(first, ends, strict=True)):
        own = slice(start, end)
        asked: dict[Part, float] = {}
        for i in range(at[n], at[n + 1] if n + 1 < len(at) else len(entries)):
            part = of_entries[i]
            asked[part] = max(asked.get(part, _NO_ENTRY), float(close[i]))
        best = _best(_Fits(parts[own], dense[own], grams[own], asked), question)
        whole = view.article(numbers[n])
        out.append(whole if best == _WHOLE else _within(whole, best))
    return out


def _parts(index: Index, rows: npt.NDArray[np.int64]) -> list[Part]:
    paragraphs, items = index.units.paragraph[rows].tolist(), index.units.item[rows].tolist()
    return list(zip(paragraphs, items, strict=True))


def _within(whole: ProvisionId, part: Part) -> ProvisionId:
    paragraph, item = (None if n == _NONE else n for n in part)
    return ProvisionId(whole.doc_id, whole.version, whole.article, paragraph, item)


def _best(fits: _Fits, question: Question) -> Part:
    """The part that fits best; the article where two of its 款 do."""
    if len(fits.parts) == 1:
        return _WHOLE
    a, b, c = _LOCATE
    length = np.sqrt(len(question.core))
    scores: dict[Part, float] = {}
    for part, text, grams in zip(fits.parts, fits.text, fits.grams, strict=True):
        score = a * text + b * fits.asked.get(part, _NO_ENTRY) + c * grams / length
        if part != _WHOLE:
            score -= _NARROWER
        if part[1] != _NONE and question.wants_list:
            score -= _ONE_OF_LIST
        scores[part] = float(score)
    best = max(scores, key=lambda p: scores[p])
    if best[0] != _NONE and best[1] == _NONE:
        others = [s for p, s in scores.items() if p[1] == _NONE and p[0] not in (_NONE, best[0])]
        if others and scores[best] - max(others) < _TIE:
            return _WHOLE
    return best
