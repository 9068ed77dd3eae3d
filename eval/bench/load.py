"""Many askers at once: `python -m eval.bench.load [--askers 200] [--seconds 120] [--json]`.

Starts the real server in its own process over the current data folder, and asks it from this one.
Every asker thinks, asks a question and reads the answer, again and again. The time to think is
drawn from an exponential distribution with a mean of 20 s (`--think`): somebody who reads an answer
and types the next question. `--think 0` asks again at once, which measures how many questions the
machine answers in a second; no bound is held against it.
Half of the askers use the page and half the HTTP interface (`--page`). No question comes twice
before all have been asked, so that kept answers help little: real visitors repeat themselves more.

Exit code 1 if the 95th percentile is over the bound (1 s), or anybody got an error or was told to
come back later; 2 if there is no server to ask.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from random import Random

import httpx

from assistant.services import Settings
from eval.bench.askers import ANSWERED, API, BUSY, ERROR, PAGE, Crowd, Reply, Tally, ask_all
from eval.bench.server_process import Server, cpu_seconds, resident_mb, running
from eval.metrics import percentile
from eval.queries import available, load_queries

BOUND_MS = 1000.0
WARM_UP = Crowd(askers=8, seconds=4.0, think=0, page_share=0.5)
_EVERY = 5.0
Figures = dict[str, float | int | str | list[float] | dict[str, int]]


def shuffled_questions(rng: Random) -> list[str]:
    """Return every question once: those of the test and tune sets first, then the others.

    Questions without a word, which are refused as bad input, are left out.
    """
    sets = [[q for q in load_queries(n) if re.search(r"\w", q.text)] for n in available()]
    held = [q.text for found in sets for q in found if q.split != "train"]
    other = [q.text for found in sets for q in found if q.split == "train"]
    rng.shuffle(held)
    rng.shuffle(other)
    return list(dict.fromkeys([*held, *other]))


async def measured(
    server: Server, crowd: Crowd, questions: Sequence[str], rng: Random
) -> tuple[Tally, Figures, float]:
    """Return replies to a crowd after warming up, what the server used for them, the seconds."""
    await ask_all(server.address, WARM_UP, cycle(questions[::-1]), rng, Tally())
    tally, before = Tally(), await _desk(server)
    watch = asyncio.create_task(_watch(tally, crowd))
    memory, load = resident_mb(server.pid), os.getloadavg()[0]
    cpu, own, began = cpu_seconds(server.pid), time.process_time(), time.perf_counter()
    await ask_all(server.address, crowd, cycle(questions), rng, tally)
    took = time.perf_counter() - began
    watch.cancel()
    after = await _desk(server)
    used: Figures = {
        "server_cores": (cpu_seconds(server.pid) - cpu) / took,
        "asking_cores": (time.process_time() - own) / took,
        "resident_start_mb": memory,
        "resident_end_mb": resident_mb(server.pid),
        "resident_peak_mb": resident_mb(server.pid, "VmHWM"),
        "load_average": [round(load, 2), round(os.getloadavg()[0], 2)],
        "from_cache": after["from_cache"] - before["from_cache"],
        "shared": after["shared"] - before["shared"],
    }
    return tally, used, took


async def _desk(server: Server) -> dict[str, int]:
    async with httpx.AsyncClient(base_url=server.address, timeout=30) as client:
        desk: dict[str, int] = (await client.get("/healthz")).json()["asking"]
        return desk


async def _watch(tally: Tally, crowd: Crowd) -> None:
    """Tell on stderr every few seconds how far it is."""
    began = time.perf_counter()
    while True:
        await asyncio.sleep(_EVERY)
        passed = time.perf_counter() - began
        ms = [r.ms for r in tally.replies if r.outcome == ANSWERED]
        print(
            f"{passed:5.0f}/{crowd.seconds:g} s  {len(tally.replies)} asked, "
            f"p95 {percentile(ms, 0.95):.0f} ms, {tally.count(BUSY)} busy, "
            f"{tally.count(ERROR)} errors",
            file=sys.stderr, flush=True,
        )  # fmt: skip


def summary(replies: Sequence[Reply], seconds: float) -> Figures:
    """Return counts, percentiles of the answered in milliseconds, and answers a second."""
    answered = [r for r in replies if r.outcome == ANSWERED]
    ms = [r.ms for r in answered]
    out: Figures = {
        "requests": len(replies),
        "answered": len(answered),
        "busy": sum(r.outcome == BUSY for r in replies),
        "errors": sum(r.outcome == ERROR for r in replies),
        "answers_per_s": len(answered) / seconds if seconds else 0.0,
    }
    for share in (0.5, 0.95, 0.99):
        out[f"p{share * 100:.0f}_ms"] = percentile(ms, share)
    out["max_ms"] = max(ms, default=0.0)
    for by in (PAGE, API):
        out[f"{by}_p95_ms"] = percentile([r.ms for r in answered if r.by == by], 0.95)
    why = Counter(r.why for r in replies if r.outcome == ERROR)
    out["error_kinds"] = dict(sorted(why.items(), key=lambda kv: (-kv[1], kv[0])))
    return out


def missed(found: Figures, bound_ms: float, *, capacity: bool) -> list[str]:
    """Return what is not as it should be, in words; a run without thinking time may be busy."""
    out = []
    if not found["answered"]:
        out.append("nothing was answered")
    if found["errors"]:
        out.append(f"{found['errors']} errors")
    if capacity:
        return out
    if found["busy"]:
        out.append(f"{found['busy']} were told to come back later")
    if float(str(found["p95_ms"])) > bound_ms:
        out.append(f"p95 over {bound_ms:g} ms")
    return out


def run(data: Path, crowd: Crowd, bound_ms: float, seed: int) -> Figures:
    """Return all figures of one run; RuntimeError if the server does not start."""
    rng = Random(seed)
    questions = shuffled_questions(rng)
    with running(data) as server:
        print(f"asking {server.address}; warming up first", file=sys.stderr, flush=True)
        tally, used, took = asyncio.run(measured(server, crowd, questions, rng))
    asked: Figures = {
        "askers": crowd.askers, "seconds": crowd.seconds, "think_s": crowd.think,
        "page_share": crowd.page_share,
    }  # fmt: skip
    found = {**asked, **summary(tally.replies, took), **used}
    return {**found, "missed": "; ".join(missed(found, bound_ms, capacity=not crowd.think))}


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(description="many askers at once")
    parser.add_argument("--askers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think", type=float, default=20, help="mean seconds; 0: none (capacity)")
    parser.add_argument("--page", type=float, default=0.5, help="share that uses the page, 0 to 1")
    parser.add_argument("--bound", type=float, default=BOUND_MS, help="p95 in milliseconds")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if args.askers < 1 or args.seconds <= 0 or args.think < 0 or not 0 <= args.page <= 1:
        parser.error("--askers from 1, --seconds over 0, --think from 0, --page from 0 to 1")
    crowd = Crowd(args.askers, args.seconds, args.think, args.page)
    try:
        found = run(Settings().data, crowd, args.bound, args.seed)
    except (RuntimeError, httpx.HTTPError) as e:
        print(str(e) or type(e).__name__, file=sys.stderr)
        return 2
    shown = {k: round(v, 1) if isinstance(v, float) else v for k, v in found.items()}
    if args.json:
        print(json.dumps(shown, ensure_ascii=False))
    else:
        print("\n".join(f"{name:<20}{value}" for name, value in shown.items()))
    return 1 if found["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
