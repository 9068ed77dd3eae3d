"""A provision → sentences → clauses, with offsets; what stands in brackets is blanked out.

Bracketed asides and quoted names hold modal words that lay nothing on anybody (以下统称…,
《…应当…的通知》), so all reading is done on a copy of equal length in which they are blanks.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

BLANK = "■"
_ASIDE = re.compile(r"（[^（）]*）|《[^《》]*》|“[^“”]*”|〔[^〔〕]*〕")
_SENTENCE = re.compile(r"(?:[^。；：！？\n]|：(?=[^\n]))+")
_CLAUSE = re.compile(r"[^，]+")


_WORDS = ("共有人", "经办人", "投资方")
"""Bearers that the tagger would take apart (共|有人)."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its offsets in the line and jieba's part of speech."""

    text: str
    flag: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two commas; `text` is blanked, offsets are those of the line."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What stands between two full stops or semicolons; `mark` is the sign that ends it."""

    clauses: tuple[Clause, ...]
    start: int
    end: int
    mark: str


def blanked(text: str) -> str:
    """Return the text, equally long, with brackets, quotations and titles as blanks."""
    while True:
        out = _ASIDE.sub(lambda m: BLANK * len(m[0]), text)
        if out == text:
            return out
        text = out


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of one line with their clauses in reading order."""
    bare = blanked(text)
    out = []
    for m in _SENTENCE.finditer(bare):
        clauses = [
            Clause(
                c[0], m.start() + c.start(), m.start() + c.end(), _tag(c[0], m.start() + c.start())
            )
            for c in _CLAUSE.finditer(m[0])
        ]
        mark = bare[m.end() : m.end() + 1]
        out.append(Sentence(tuple(clauses), m.start(), m.end(), mark))
    return out


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[Token, ...]:
    """Return the words of a blanked text, offsets counted from its start."""
    return _tag(text, 0)


def _tag(text: str, start: int) -> tuple[Token, ...]:
    out, at = [], start
    for word, flag in _tagger().cut(text, HMM=False):
        out.append(Token(word, flag, at, at + len(word)))
        at += len(word)
    return tuple(out)


@lru_cache(maxsize=1)
def _tagger() -> Any:
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in _WORDS:
        tokenizer.add_word(word, tag="n")
    return jieba.posseg.POSTokenizer(tokenizer)
