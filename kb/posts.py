"""The posts (岗位) that somebody may practise for: whose rules, and which of them first."""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

from kb.duty_bearers import read_bearer_table
from kb.errors import SourceError, UnknownPostError
from kb.fields import read_fields

POSTS_FILE = Path(__file__).parent / "lexicon" / "practice_posts.toml"
_KEYS = {"id", "name", "group", "names", "bearers", "topics", "words"}


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `bearers` are ids of the bearer table, `topics` names of fields.

    `words` finds rules that concern the post's own work; None if nothing is narrowed by words.
    """

    id: str
    name: str
    group: str
    names: tuple[str, ...]
    bearers: tuple[str, ...]
    topics: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None


class PostTable:
    """All posts in the order of the file."""

    def __init__(self, posts: tuple[Post, ...]) -> None:
        self.posts = posts
        self._by_id = {p.id: p for p in posts}
        self._by_name = {name: p for p in posts for name in (p.id, p.name, *p.names)}

    def get(self, post_id: str) -> Post:
        """Return the post of that id; UnknownPostError if there is none."""
        try:
            return self._by_id[post_id]
        except KeyError:
            raise UnknownPostError(self._unknown(post_id)) from None

    def find(self, name: str) -> Post:
        """Return the post that people call so; UnknownPostError lists the nearest names or all."""
        wanted = "".join(name.split())
        try:
            return self._by_name[wanted]
        except KeyError:
            raise UnknownPostError(self._unknown(wanted)) from None

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._by_name, n=3, cutoff=0.5)
        shown = dict.fromkeys(self._by_name[n].name for n in near) or [p.name for p in self.posts]
        return f"没有“{name[:40]}”这个岗位；可以选{'、'.join(shown)}"


@lru_cache(maxsize=2)
def read_posts(path: Path = POSTS_FILE) -> PostTable:
    """Return the table; SourceError says what is malformed, unknown or named twice."""
    try:
        rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["post"]
        posts = tuple(_post(path, row) for row in rows)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as e:
        raise SourceError(
            f"{path}: {e}；每个 [[post]] 要有 id、name、group、names 和 bearers"
        ) from e
    _check(path, posts)
    return PostTable(posts)


def _post(path: Path, row: dict[str, Any]) -> Post:
    if strange := set(row) - _KEYS:
        raise SourceError(f"{path}: {row['id']} 里不认识 {'、'.join(sorted(strange))}")
    words = row.get("words", ())
    return Post(
        row["id"],
        row["name"],
        row["group"],
        tuple(row["names"]),
        tuple(row["bearers"]),
        tuple(row.get("topics", ())),
        re.compile("|".join(words)) if words else None,
    )


def _check(path: Path, posts: tuple[Post, ...]) -> None:
    bearers = {b.id for b in read_bearer_table().bearers}
    fields = set(read_fields().order)
    owner: dict[str, str] = {}
    for post in posts:
        if not post.bearers:
            raise SourceError(f"{path}: {post.id} 的 bearers 是空的")
        if unknown := set(post.bearers) - bearers:
            raise SourceError(f"{path}: 没有 {'、'.join(sorted(unknown))}（{post.id} 的 bearers）")
        if unknown := set(post.topics) - fields:
            raise SourceError(f"{path}: 没有 {'、'.join(sorted(unknown))}（{post.id} 的 topics）")
        for name in dict.fromkeys((post.id, post.name, *post.names)):
            if name in owner:
                raise SourceError(f"{path}: “{name}”既指 {owner[name]} 又指 {post.id}")
            owner[name] = post.id
