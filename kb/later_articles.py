"""Articles that are read when they are first wanted: most laws of the package never are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from kb.model import Article


class LaterArticles(Sequence[Article]):
    """A tuple of `count` articles that `read` returns when one is first looked at.

    Safe to share between threads: two that come at once read the same. Whatever `read` raises
    passes through, and the next look reads again.
    """

    __slots__ = ("_count", "_held", "_read")

    def __init__(self, count: int, read: Callable[[], tuple[Article, ...]]) -> None:
        self._count, self._read = count, read
        self._held: tuple[Article, ...] | None = None

    def all(self) -> tuple[Article, ...]:
        """Return the articles, read now if they were not yet."""
        if self._held is None:
            self._held = self._read()
        return self._held

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Article: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Article, ...]: ...
    def __getitem__(self, index: int | slice) -> Article | tuple[Article, ...]:
        return self.all()[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LaterArticles):
            return self.all() == other.all()
        return isinstance(other, tuple) and self.all() == other

    def __hash__(self) -> int:
        return hash(self.all())
