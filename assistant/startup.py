"""Opening quickly: what is read at the start stays, so the collector need not look at it."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector.

    Loading makes a million objects that all stay; looking at them again and again takes a third
    of the loading time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def keep_for_good() -> None:
    """Leave all that was made until now out of the collector's later rounds.

    For a process that serves until it ends: a round over the library takes a quarter of a second,
    in the midst of somebody's answer.
    """
    gc.freeze()


def thrifty_heaps() -> bool:
    """Let the threads share two heaps instead of taking up to eight for each core.

    Memory that one thread gave back then serves the others; large pieces, as those of a page that
    is being made, go back to the system instead of leaving holes. Returns False where the C library
    is not glibc, or refuses; nothing depends on it.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):
        return False
    return all(mallopt(option, value) for option, value in _HEAPS)


_MEGABYTE = 1 << 20
_HEAPS = ((-8, 2), (-3, _MEGABYTE), (-1, 32 * _MEGABYTE))
"""M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h. Without the second, glibc raises
it with every large piece that is given back, up to 32 MB, and keeps what it got."""
