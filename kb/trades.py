"""The trades (行业): which documents are those of one trade, and who is at home in it."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.duty_bearers import read_bearer_table
from kb.errors import KbError, SourceError
from kb.fields import read_fields

TRADES_FILE = Path(__file__).parent / "lexicon" / "trades.toml"


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade: names of its fields, ids of the bearers at home in it."""

    name: str
    fields: tuple[str, ...]
    posts: frozenset[str]


class TradeTable:
    """All trades; `groups` are the groups of bearers that belong to a trade at all."""

    def __init__(self, trades: tuple[Trade, ...], groups: frozenset[str]) -> None:
        self.trades, self.groups = trades, groups
        self._by_field = {field: trade for trade in trades for field in trade.fields}

    def of_field(self, field: str) -> Trade | None:
        """Return the trade of the documents of a field; None if they concern everybody."""
        return self._by_field.get(field)

    def is_foreign(
        self, field: str, posts: Collection[str], groups: Collection[str], topics: Collection[str]
    ) -> bool:
        """True if documents of the field are those of a trade that nobody asked for.

        `posts` are ids of bearers, `groups` the groups they are in, `topics` names of fields. Who
        is in a group that belongs to no trade is at home everywhere, and so is everybody if no
        post is named.
        """
        trade = self._by_field.get(field)
        if trade is None or not posts or not self.groups.issuperset(groups):
            return False
        return not trade.posts.intersection(posts) and not set(trade.fields).intersection(topics)


@lru_cache(maxsize=2)
def read_trades(path: Path = TRADES_FILE) -> TradeTable:
    """Return the table; SourceError says what is malformed, unknown or named twice."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        trades = tuple(
            Trade(row["name"], tuple(row["fields"]), frozenset(row["posts"]))
            for row in rows["trade"]
        )
        table = TradeTable(trades, frozenset(rows["groups"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceError(f"{path}: {error!r}; see the comment at its head") from error
    _check(table, path)
    return table


def _check(table: TradeTable, path: Path) -> None:
    bearers, fields = read_bearer_table(), read_fields()
    named = [f for t in table.trades for f in t.fields]
    if twice := sorted({f for f in named if named.count(f) > 1}):
        raise SourceError(f"{path}: {twice[0]} stands in two trades")
    if unknown := table.groups - {b.group for b in bearers.bearers}:
        raise SourceError(f"{path}: no bearer is in the group {sorted(unknown)[0]}")
    try:
        for field in named:
            fields.find(field)
        for post in sorted(p for t in table.trades for p in t.posts):
            bearers.get(post)
    except KbError as error:
        raise SourceError(f"{path}: {error}") from error
