"""Documents no longer in force that the library does not hold, and what took their place."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.errors import SourceError

SUPERSEDED_FILE = Path(__file__).parent / "lexicon" / "superseded.toml"


@dataclass(frozen=True, slots=True)
class Superseded:
    """A document that is gone: since `on`, in favour of `by`; `footing` cites the repeal."""

    title: str
    aliases: tuple[str, ...]
    by: str
    on: date
    footing: str


@lru_cache(maxsize=2)
def read_superseded(path: Path = SUPERSEDED_FILE) -> tuple[Superseded, ...]:
    """Return the curated list; SourceError if an entry is malformed."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["superseded"]
        return tuple(
            Superseded(r["title"], tuple(r["aliases"]), r["by"], r["on"], r["footing"])
            for r in rows
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as e:
        raise SourceError(
            f"{path}: {e}；每个 [[superseded]] 要有 title、aliases、by、on、footing"
        ) from e


def find_superseded(text: str, path: Path = SUPERSEDED_FILE) -> Superseded | None:
    """Return the document of the list that `text` names in full or by an alias, if any."""
    for entry in read_superseded(path):
        bare = re.sub(r"（[^（）]*）", "", entry.title)
        names = (entry.title, *entry.aliases) if bare != entry.title else (bare, *entry.aliases)
        if any(name in text for name in names):
            return entry
    return None
