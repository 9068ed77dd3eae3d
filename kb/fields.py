"""The fields of duties (消防, 燃气, 教育培训 …): which ones a duty belongs to."""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.errors import SourceError, UnknownFieldError
from kb.model import Document

FIELDS_FILE = Path(__file__).parent / "lexicon" / "fields.toml"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `matter` marks what every trade has; `general` takes what fits no other."""

    name: str
    names: tuple[str, ...]
    topics: tuple[str, ...]
    documents: tuple[str, ...]
    words: re.Pattern[str]
    matter: bool = False
    general: bool = False


class FieldTable:
    """All fields in the order in which lists show them."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.fields = fields
        self.order = {f.name: n for n, f in enumerate(fields)}
        self._by_name = {name: f for f in fields for name in (f.name, *f.names)}
        self._by_topic = {topic: f for f in fields for topic in f.topics}
        self._by_document = {doc_id: f for f in fields for doc_id in f.documents}
        self._general = next(f for f in fields if f.general)

    def find(self, name: str) -> Field:
        """Return the field that people call so; UnknownFieldError lists the nearest or all."""
        wanted = "".join(name.split())
        if wanted in self._by_name:
            return self._by_name[wanted]
        near = difflib.get_close_matches(wanted, self._by_name, n=3, cutoff=0.6)
        shown = dict.fromkeys(self._by_name[n].name for n in near) or self.order
        raise UnknownFieldError(f"没有“{name[:40]}”这个领域；可用的是{'、'.join(shown)}")

    def of(self, document: Document, text: str) -> tuple[str, ...]:
        """Return the names of the fields of a duty with these words, the main one first.

        The main one is the document's own field. In a general document it is the matter that
        the words name, else the trade if they name one trade only, else 综合.
        """
        topic = document.topics[0] if document.topics else ""
        own = self._by_document.get(document.id) or self._by_topic.get(topic)
        named = [f for f in self.fields if not f.general and f.words.search(text)]
        if own is None or own.general:
            matters = [f for f in named if f.matter]
            trades = [f for f in named if not f.matter]
            one_trade = trades if len(trades) == 1 else []
            own = next(iter([*matters, *one_trade]), self._general)
        return tuple(dict.fromkeys((own.name, *(f.name for f in named))))


@lru_cache(maxsize=2)
def read_fields(path: Path = FIELDS_FILE) -> FieldTable:
    """Return the table; SourceError says what is malformed or which name means two fields."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["field"]
        fields = tuple(
            Field(
                row["name"],
                tuple(row["names"]),
                tuple(row["topics"]),
                tuple(row.get("documents", ())),
                re.compile("|".join(row.get("words", ())) or r"(?!)"),
                row.get("matter", False),
                row.get("general", False),
            )
            for row in rows
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as e:
        raise SourceError(f"{path}: {e}；每个 [[field]] 要有 name、names 和 topics") from e
    seen: dict[str, str] = {}
    for field in fields:
        for name in dict.fromkeys((field.name, *field.names)):
            if name in seen:
                raise SourceError(f"{path}: “{name}”既指{seen[name]}又指{field.name}")
            seen[name] = field.name
    if sum(f.general for f in fields) != 1:
        raise SourceError(f"{path}: 要有且只有一个 general = true 的领域")
    return FieldTable(fields)
