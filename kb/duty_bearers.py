"""Who bears the duties of the rules: the curated table, its names and its inheritance."""

from __future__ import annotations

import difflib
import sys
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.bearer_phrases import Denoted, Phrases, compile_phrases
from kb.errors import SourceError, UnknownBearerError

DUTY_BEARERS_FILE = Path(__file__).parent / "lexicon" / "duty_bearers.toml"
_KEYS = {
    "id", "name", "group", "names", "subject", "plain", "not_after", "rest", "outline", "missing", "note",
}  # fmt: skip
_NEAREST = 3
UNCLEAR = "unclear"
"""The bearer of what a rule lays on nobody that it names; no phrase denotes it."""


@dataclass(frozen=True, slots=True)
class Inherit:
    """Another bearer whose duties also fall on this one; `why` names the rule of reading."""

    bearer: str
    why: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody whom the rules give duties. `note` is what a reader of the list must know.

    `outline` are provisions of policy entries (“entry locator”) that say what is certain of the
    duties of people whose own document, `missing`, the library does not hold.
    """

    id: str
    name: str
    group: str
    names: tuple[str, ...]
    inherits: tuple[Inherit, ...]
    note: str = ""
    outline: tuple[str, ...] = ()
    missing: str = ""


class BearerTable:
    """All bearers in the order of the file. Immutable; what a phrase denotes is remembered."""

    def __init__(self, bearers: tuple[Bearer, ...], phrases: Phrases) -> None:
        self.bearers = bearers
        self._by_id = {b.id: b for b in bearers}
        self._by_name = {name: b for b in bearers for name in (b.id, b.name, *b.names)}
        self._phrases = phrases
        self._denoted: dict[str, tuple[Denoted, ...]] = {}

    def get(self, bearer_id: str) -> Bearer:
        """Return the bearer of that id; UnknownBearerError if there is none."""
        try:
            return self._by_id[bearer_id]
        except KeyError:
            raise UnknownBearerError(self._unknown(bearer_id)) from None

    def find(self, name: str) -> Bearer:
        """Return the bearer that people call so; UnknownBearerError lists the nearest names."""
        wanted = "".join(name.split())
        try:
            return self._by_name[wanted]
        except KeyError:
            raise UnknownBearerError(self._unknown(wanted)) from None

    def of_subject(self, subject: str) -> tuple[str, ...]:
        """Return the ids of the bearers that the subject phrase of a rule denotes, in its order."""
        return tuple(dict.fromkeys(d.bearer for d in self.denoted(subject)))

    def denoted(self, subject: str) -> tuple[Denoted, ...]:
        """Return every bearer that the phrase denotes, and whether it narrows it down."""
        found = self._denoted.get(subject)
        if found is None:
            found = self._denoted[subject] = self._phrases.denoted(subject)
        return found

    def falls_on(self, bearer_id: str) -> tuple[tuple[str, str], ...]:
        """Return (bearer id, why) for everybody whose duties this bearer has, itself ("") first.

        What an inherited bearer inherits falls on it too; the reasons along the way are joined.
        """
        out = {self.get(bearer_id).id: ""}
        waiting = deque([bearer_id])
        while waiting:
            current = waiting.popleft()
            for step in self._by_id[current].inherits:
                if step.bearer not in out:
                    out[step.bearer] = "；".join(filter(None, (out[current], step.why)))
                    waiting.append(step.bearer)
        return tuple(out.items())

    def nearest(self, name: str) -> tuple[str, ...]:
        """Return up to three official names that look most like `name`, best first."""
        wanted = "".join(name.split())
        within = sorted(
            (n for n in self._by_name if len(wanted) > 1 and (wanted in n or n in wanted)),
            key=lambda n: (abs(len(n) - len(wanted)), n),
        )
        alike = difflib.get_close_matches(wanted, self._by_name, n=8, cutoff=0.5)
        names = dict.fromkeys(self._by_name[n].name for n in (*within, *alike))
        return tuple(names)[:_NEAREST]

    def _unknown(self, name: str) -> str:
        near = self.nearest(name)
        meant = f"；最接近的是{'、'.join(near)}" if near else ""
        return f"没有“{name[:40]}”这个责任主体{meant}；全部主体见 zhize bearers"


@lru_cache(maxsize=2)
def read_bearer_table(path: Path = DUTY_BEARERS_FILE) -> BearerTable:
    """Return the table; SourceError names the entry that is malformed or a name that means two."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rows: list[dict[str, Any]] = data["bearer"]
        inherits = _inherits(path, rows, data.get("inherit", []))
        bearers = tuple(_bearer(path, row, inherits) for row in rows)
        phrases = compile_phrases(path, rows)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as e:
        raise SourceError(
            f"{path}: {e}；每个 [[bearer]] 要有 id、name、group、names 和 subject，"
            "每个 [[inherit]] 要有 from、by 和 why"
        ) from e
    _check_names(path, bearers)
    return BearerTable(bearers, phrases)


def _bearer(path: Path, row: dict[str, Any], inherits: dict[str, list[Inherit]]) -> Bearer:
    if strange := set(row) - _KEYS:
        raise SourceError(f"{path}: {row['id']} 里不认识 {'、'.join(sorted(strange))}")
    return Bearer(
        row["id"],
        row["name"],
        row["group"],
        tuple(row["names"]),
        tuple(inherits.get(row["id"], ())),
        row.get("note", ""),
        tuple(row.get("outline", ())),
        row.get("missing", ""),
    )


def _inherits(
    path: Path, rows: list[dict[str, Any]], tables: list[dict[str, Any]]
) -> dict[str, list[Inherit]]:
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(f"*{row['group']}", []).append(row["id"])
    ids = {row["id"] for row in rows}
    out: dict[str, list[Inherit]] = {}
    for table in tables:
        source, why = table["from"], table["why"]
        for by in (x for name in table["by"] for x in groups.get(name, [name])):
            if by not in ids or source not in ids:
                raise SourceError(f"{path}: [[inherit]] 里没有 {by if by not in ids else source}")
            if by != source:
                out.setdefault(by, []).append(Inherit(source, why))
    return out


def _check_names(path: Path, bearers: tuple[Bearer, ...]) -> None:
    owner: dict[str, str] = {}
    for bearer in bearers:
        for name in dict.fromkeys((bearer.id, bearer.name, *bearer.names)):
            if name in owner:
                raise SourceError(f"{path}: “{name}”既指 {owner[name]} 又指 {bearer.id}")
            owner[name] = bearer.id
