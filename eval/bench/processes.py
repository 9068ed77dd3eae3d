"""Work in a process of its own, so that memory can be told apart."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")


def alone(call: Callable[..., _T], *args: object) -> _T:
    """Return what `call` returns in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(call, *args).result()


def status_mb(name: str) -> float:
    """Return a memory figure of this process (VmHWM, RssAnon, …); not a number where unknown."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    line = next((x for x in status.read_text().splitlines() if x.startswith(name)), "x nan kB")
    return float(line.split()[1]) / 1024
