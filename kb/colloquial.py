"""Curated words: what people say → what rules say, and old agency names → today's."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.errors import SourceError

LEXICON = Path(__file__).parent / "lexicon"
TERMS_FILE = LEXICON / "colloquial.toml"
RENAMED_FILE = LEXICON / "renamed.toml"


@dataclass(frozen=True, slots=True)
class Renamed:
    """An agency's earlier names, what it is called since, and why."""

    old: tuple[str, ...]
    to: str
    since: date
    note: str


@lru_cache(maxsize=4)
def read_terms(path: Path = TERMS_FILE) -> dict[str, tuple[str, ...]]:
    """Return colloquial word → statutory words; SourceError if the file is malformed."""
    table = _read(path).get("terms")
    if not isinstance(table, dict):
        raise SourceError(f"{path}: 缺少 [terms]")
    for said, means in table.items():
        if not isinstance(means, list) or not means or not all(isinstance(m, str) for m in means):
            raise SourceError(f"{path}: “{said}”后面应是一个或几个法规用词")
    return {said: tuple(means) for said, means in table.items()}


@lru_cache(maxsize=4)
def read_renamed(path: Path = RENAMED_FILE) -> tuple[Renamed, ...]:
    """Return the renamed agencies in file order; SourceError if one old name stands twice."""
    out: list[Renamed] = []
    seen: set[str] = set()
    for row in _read(path).get("renamed", ()):
        try:
            entry = Renamed(tuple(row["old"]), row["to"], row["since"], row["note"])
        except (KeyError, TypeError) as e:
            raise SourceError(f"{path}: {e}；每个 [[renamed]] 要有 old、to、since、note") from None
        if twice := seen & set(entry.old):
            raise SourceError(f"{path}: “{'、'.join(sorted(twice))}”出现了两次")
        seen |= set(entry.old)
        out.append(entry)
    return tuple(out)


def expand(text: str) -> str:
    """Return the statutory words for what `text` says colloquially or by an old name, '' if none.

    Words that `text` already uses are left out.
    """
    terms = _expansions()
    found: list[str] = []
    for m in _pattern(tuple(terms)).finditer(text):
        found += [w for w in terms[m[0]] if w not in text]
    return " ".join(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _expansions() -> dict[str, tuple[str, ...]]:
    renamed = {old: (r.to,) for r in read_renamed() for old in r.old if r.to}
    return {**renamed, **read_terms()}


@lru_cache(maxsize=2)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, longest_first)))


def old_names(text: str, day: date) -> tuple[tuple[str, Renamed], ...]:
    """Return the names in `text` that were replaced by `day`, in reading order, without repeats."""
    by_name = {old: r for r in read_renamed() for old in r.old if r.since <= day}
    if not by_name:
        return ()
    found = dict.fromkeys(_pattern(tuple(by_name)).findall(text))
    return tuple((name, by_name[name]) for name in found)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise SourceError(f"{path}: {e}") from e
