"""The words of every entry, kept beside the index so that a rebuild cuts only new texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

_FILE, _WORDS = "terms.npz", "terms.json"


def save_terms(folder: Path, texts: Sequence[Sequence[str]]) -> None:
    """Write the term lists into `folder`."""
    vocabulary: dict[str, int] = {}
    ids = [vocabulary.setdefault(t, len(vocabulary)) for terms in texts for t in terms]
    ends = np.cumsum([0, *(len(terms) for terms in texts)])
    np.savez(folder / _FILE, ids=np.array(ids, np.int32), ends=ends.astype(np.int64))
    (folder / _WORDS).write_text(json.dumps(list(vocabulary), ensure_ascii=False), "utf-8")


def load_terms(folder: Path) -> list[list[str]] | None:
    """Return the term lists in the order they were saved in; None if they cannot be read."""
    try:
        words: list[str] = json.loads((folder / _WORDS).read_text("utf-8"))
        with np.load(folder / _FILE) as stored:
            ids, ends = stored["ids"].tolist(), stored["ends"].tolist()
        return [[words[i] for i in ids[a:b]] for a, b in pairwise(ends)]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
