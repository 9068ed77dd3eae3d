"""Opening quickly: what is read at the start stays, so the collector need not look at it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector, and leave out of its later rounds what was made meanwhile.

    Loading makes a million objects that all stay; looking at them again and again takes a third
    of the loading time, and later tens of milliseconds in the midst of an answer.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
