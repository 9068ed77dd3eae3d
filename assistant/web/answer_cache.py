"""Answers kept for those who ask the same again: bounded, the longest unasked goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class AnswerCache(Generic[V]):
    """At most `most` values, each by its key. Safe to use from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, V] = OrderedDict()
        self._hits = 0

    def get(self, key: Hashable) -> V | None:
        """Return what is kept under that key; None if nothing is."""
        with self._lock:
            if key not in self._held:
                return None
            self._hits += 1
            self._held.move_to_end(key)
            return self._held[key]

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value; the one unasked for longest makes room."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._held.clear()

    @property
    def hits(self) -> int:
        """How often something was found."""
        return self._hits

    def __len__(self) -> int:
        return len(self._held)
