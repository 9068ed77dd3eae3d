"""Half of the work on a question on the other core, while the first one does the rest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="beside")
P = ParamSpec("P")
T = TypeVar("T")


def beside(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> Callable[[], T]:
    """Begin `work` on another thread; return what waits for it and gives its result.

    What `work` raises is raised there. It must not call `beside` itself: with every worker waiting
    for another one, nothing would go on.
    """
    return _WORKERS.submit(work, *args, **named).result
