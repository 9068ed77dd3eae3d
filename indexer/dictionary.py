"""jieba's dictionary as a trie on disk: 5 MB that processes share instead of 80 MB for each.

It is made from the `dict.txt` of the installed jieba when it is first needed, and left beside the
cache that jieba itself would write. Words come out exactly as from jieba's own table.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
import numpy.typing as npt

from indexer.mapped import mapped

_TRIE, _COUNTS = "words.marisa", "counts.npy"


class Frequencies:
    """How often a word occurs, 0 for the mere beginning of one: what jieba looks up.

    Words that are added belong to this object alone; the dictionary below is shared.
    """

    def __init__(self, trie: Any, counts: npt.NDArray[np.int64]) -> None:
        """`counts` are by number in the trie; the last one is their total."""
        self._number, self._counts = trie.get, memoryview(counts.data)
        self._added: dict[str, int] = {}
        self.total = int(counts[-1])

    def get(self, word: str, default: int | None = None) -> int | None:
        """Return the frequency, `default` for what is no word and no beginning of one."""
        added = self._added.get(word)
        if added is not None:
            return added
        number = self._number(word)
        return default if number is None else self._counts[number]

    def __contains__(self, word: str) -> bool:
        return word in self._added or self._number(word) is not None

    def __getitem__(self, word: str) -> int:
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found

    def __setitem__(self, word: str, count: int) -> None:
        self._added[word] = count


def frequencies(folder: Path | None = None) -> Frequencies:
    """Return jieba's dictionary, kept in `folder` (the system's for temporary files if None)."""
    return Frequencies(*_dictionary(folder or Path(tempfile.gettempdir())))


@lru_cache(maxsize=2)
def _dictionary(folder: Path) -> tuple[Any, npt.NDArray[np.int64]]:
    source = _source()
    own = folder / f"zhize-words-{_key(source)}"
    try:
        return _read(own)
    except (OSError, EOFError, ValueError, RuntimeError):  # not there, or not whole
        trie, counts = _make()
    _keep(trie, counts, own)
    return trie, counts


def _source() -> Path:
    import jieba

    return Path(jieba.__file__).with_name("dict.txt")


def _key(source: Path) -> str:
    """Names the dictionary that a trie was made from, its maker's version and whose it is."""
    stat = source.stat()
    made_by = version("marisa-trie")
    told = f"{source} {stat.st_size} {stat.st_mtime_ns} {made_by} {_user()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _read(folder: Path) -> tuple[Any, npt.NDArray[np.int64]]:
    if hasattr(os, "getuid") and folder.stat().st_uid != _user():
        raise ValueError(f"{folder} belongs to somebody else")
    trie, counts = marisa_trie.Trie(), mapped(folder / _COUNTS)
    trie.mmap(str(folder / _TRIE))
    if len(counts) != len(trie) + 1 or counts.dtype != np.int64:
        raise ValueError(f"{len(trie)} words, {len(counts)} counts")
    return trie, counts


def _make() -> tuple[Any, npt.NDArray[np.int64]]:
    import jieba

    table, total = jieba.Tokenizer.gen_pfdict(jieba.Tokenizer().get_dict_file())
    trie = marisa_trie.Trie(table)
    counts = np.empty(len(trie) + 1, np.int64)
    for word, count in table.items():
        counts[trie[word]] = count
    counts[-1] = total
    return trie, counts


def _keep(trie: Any, counts: npt.NDArray[np.int64], folder: Path) -> None:
    """Write whole or not at all; without room it is made anew the next time."""
    with suppress(OSError, RuntimeError):
        made = Path(tempfile.mkdtemp(prefix="zhize-words-", dir=folder.parent))
        try:
            trie.save(str(made / _TRIE))
            np.save(made / _COUNTS, counts)
            if folder.exists():  # one that could not be read
                shutil.rmtree(folder)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
