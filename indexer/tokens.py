"""Text → terms for the lexical indexes: jieba words, and character bigrams.

Citations are taken out first, because every segmenter cuts 第一百一十四条 apart; each becomes one
term. The tokenizer carries a fingerprint of its dictionary, which the index manifest records.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from indexer.dictionary import frequencies
from indexer.errors import IndexingError
from kb.citation import find_locators

WORDS_FILE = Path(__file__).parents[1] / "kb" / "lexicon" / "words.toml"
_HAN_RUN = re.compile(r"[一-鿿]+|[A-Za-z0-9]+(?:\.[0-9]+)?")
_STOP = frozenset("的了和与或及在是我你他吗呢吧啊呀么这那就都也还又很个")


class Tokenizer:
    """jieba with our user words. Not shared with other users of jieba in the process."""

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        self._words = tuple(sorted(set(user_words)))
        self._jieba = _with_dictionary(jieba)
        for word in self._words:
            self._jieba.add_word(word)
        digest = hashlib.sha256("\n".join((jieba.__version__, *self._words)).encode())
        self.fingerprint = digest.hexdigest()[:16]

    def cut(self, text: str) -> list[str]:
        """Return all words and signs of the text in order (precise mode)."""
        return list(self._jieba.cut(text))

    def words(self, text: str) -> list[str]:
        """Return jieba's search-mode words without particles and signs; citations stay whole."""
        rest, out = take_out_citations(text)
        for word in self._jieba.cut_for_search(rest):
            if word not in _STOP and _HAN_RUN.fullmatch(word):
                out.append(word.lower())
        return out


def _with_dictionary(jieba: Any) -> Any:
    """A tokenizer of jieba's over its dictionary as a trie, which is read at once and shared."""
    found = jieba.Tokenizer()
    words = frequencies()
    found.FREQ, found.total, found.initialized = words, words.total, True
    return found


def bigrams(text: str) -> list[str]:
    """Return overlapping pairs of Han characters; Latin words and numbers stay whole."""
    rest, out = take_out_citations(text)
    for run in _HAN_RUN.findall(rest):
        if run[0] >= "一":
            out += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        else:
            out.append(run.lower())
    return out


def take_out_citations(text: str) -> tuple[str, list[str]]:
    """Return the text without its locators, and the locators as whole terms (第九条)."""
    found = find_locators(text)
    if not found:
        return text, []
    rest, at = [], 0
    for loc in found:
        rest.append(text[at : loc.start])
        at = max(at, loc.end)
    return " ".join([*rest, text[at:]]), [loc.label for loc in found]


@lru_cache(maxsize=1)
def default_tokenizer() -> Tokenizer:
    """Return the tokenizer with the words of `kb/lexicon/words.toml`; loads once (~0.7 s)."""
    return Tokenizer(read_user_words())


def read_user_words(path: Path = WORDS_FILE) -> list[str]:
    """Return the curated words; IndexingError if the file is malformed."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return [str(w) for group in data["words"].values() for w in group]
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as e:
        raise IndexingError(f"{path}: 读不出用户词（{e}）；应为 [words] 下若干组词") from e
