"""Many workers at once: `python -m eval.bench.practice_load [--workers 200] [--accounts] [--json]`.

Starts the real server in its own process over a copy of the data folder, without its records, in a
temporary folder: nothing is written into the data folder, nor into a database that ZHIZE_DATABASE
names. The records are in SQLite. The workers practise from this process through the HTTP interface
as the page on a phone does: front, round, answer after answer, next round, and now and then a mock
exam that is handed in. Between reading a question and answering it they think; the time is drawn
from an exponential distribution with a mean of 8 s (`--think`). A few answers are sent twice, as a
phone does that has lost its connection.

The server is one that has been in use: before anybody arrives, it is waited for until it has the
questions of an exam for every post. It keeps them in the data folder, so this takes minutes only
where it has not been started for long (`--cold`: they arrive at once).

With `--accounts` accounts are on, and everybody logs in. All arrive evenly within the first 30 s
(`--warm-up`); times are counted after that, except those of the log-in.

Every answer that the server has acknowledged is remembered. Afterwards the records are opened:
each must be in the log once, and every statistic must say what the workers counted.

Exit code 1 if the 95th percentile of a kind of request reaches the bound (1 s), anybody got an
error, an answer is lost or double, statistics differ, or resident memory grows by more than 5 %
from the second quarter to the end; 2 if there is no server to practise with.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import mean

import httpx

from assistant.services import Settings
from eval.bench.askers import ANSWERED, ERROR, Reply, Tally
from eval.bench.practice_records import Found, compare, make_accounts
from eval.bench.server_process import Server, cpu_seconds, resident_mb, running
from eval.bench.workers import (
    ANSWER,
    LOGIN,
    PAGE,
    PUT_DOWN,
    Book,
    Login,
    Shift,
    practise_all,
    prepared,
)
from eval.metrics import percentile

BOUND_MS = 1000.0
MOST_GROWTH = 0.05
_EVERY = 1.0
"""Seconds between two looks at the memory."""
_TOLD_EVERY = 10
_PATIENCE = 900.0
"""Seconds in which a server should have made its first questions."""
_LEFT_BEHIND = ("zhize.db*", ".zhize.db*", "backups")
"""Records of people and their backups: they are not needed, and are nobody else's business."""
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is done, besides the shift; see the module."""

    accounts: bool = False
    cold: bool = False
    bound_ms: float = BOUND_MS
    seed: int = 7


@dataclass(slots=True)
class Watch:
    """Resident memory in MB by seconds since the warm-up; processor time in seconds meanwhile.

    `prepared` are the seconds until the server had questions.
    """

    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: float = 0.0
    own: float = 0.0
    took: float = 0.0
    prepared: float = 0.0

    def at(self, second: float) -> float:
        """Return the memory looked at last before that second; NaN if there was no look."""
        return next((mb for at, mb in reversed(self.memory) if at <= second), float("nan"))

    def within(self, since: float, until: float) -> float:
        """Return the mean memory between these seconds; NaN if there was no look."""
        found = [mb for at, mb in self.memory if since <= at <= until]
        return mean(found) if found else float("nan")


@contextmanager
def copied(data: Path) -> Iterator[Path]:
    """A copy of a data folder without its records, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="zhize-practice-") as folder:
        copy = Path(folder) / "data"
        if data.is_dir():
            shutil.copytree(data, copy, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
        yield copy


async def practised(
    server: Server, shift: Shift, logins: Sequence[Login], rng: Random, tally: Tally, *, cold: bool
) -> tuple[list[Book], Watch]:
    """Return what the workers were told, and what the server used for it after the warm-up."""
    watch = Watch()
    if not cold:
        print(f"waiting until {server.address} has questions", file=sys.stderr, flush=True)
        watch.prepared = await prepared(server.address, logins[-1] if logins else None, _PATIENCE)
    print(f"practising at {server.address}; warming up", file=sys.stderr, flush=True)
    watching = asyncio.create_task(_watch(server, shift, tally, watch))
    books = await practise_all(server.address, shift, logins, rng, tally)
    watching.cancel()
    return books, watch


async def _watch(server: Server, shift: Shift, tally: Tally, watch: Watch) -> None:
    begun = time.perf_counter()
    await asyncio.sleep(shift.warm_up)
    cpu, own = cpu_seconds(server.pid), time.process_time()
    for n in range(int(shift.seconds / _EVERY) + 1):
        await asyncio.sleep(max(0.0, begun + shift.warm_up + n * _EVERY - time.perf_counter()))
        watch.took = time.perf_counter() - begun - shift.warm_up
        watch.memory.append((watch.took, resident_mb(server.pid)))
        watch.cpu, watch.own = cpu_seconds(server.pid) - cpu, time.process_time() - own
        if n % _TOLD_EVERY == 0:
            ms = [r.ms for r in tally.replies if r.outcome == ANSWERED]
            print(
                f"{watch.took:5.0f}/{shift.seconds:g} s  {len(tally.replies)} requests, "
                f"p95 {percentile(ms, 0.95):.0f} ms, {tally.count(ERROR)} errors, "
                f"{watch.memory[-1][1]:.0f} MB",
                file=sys.stderr, flush=True,
            )  # fmt: skip


def times(replies: Sequence[Reply], warm_up: float) -> dict[str, dict[str, float]]:
    """Return count, p50, p95, p99 and the longest in milliseconds, by kind of request and of all.

    What was begun in the warm-up counts only for pages and log-ins, which are all in it.
    """
    counted = [r for r in replies if r.outcome == ANSWERED]
    later = [r for r in counted if r.at >= warm_up]
    kinds = sorted({r.by for r in counted} - {PAGE, LOGIN})
    groups = {"all": later, **{k: [r for r in later if r.by == k] for k in kinds}}
    groups |= {k: [r for r in counted if r.by == k] for k in (PAGE, LOGIN)}
    return {
        kind: {
            "count": len(found),
            **{f"p{s * 100:.0f}_ms": percentile([r.ms for r in found], s) for s in (0.5, 0.95, 0.99)},
            "max_ms": max(r.ms for r in found),
        }
        for kind, found in groups.items()
        if found
    }  # fmt: skip


def memory_figures(watch: Watch, shift: Shift, replies: Sequence[Reply]) -> Figures:
    """Return memory at the start, in the second quarter, half-way and at the end, and its growth.

    Growth is from the mean of the second quarter to the mean of the last tenth: as a share, and in
    MB for 1,000 answers given in between.
    """
    whole = shift.seconds
    quarter, end = watch.within(whole / 4, whole / 2), watch.within(0.9 * whole, whole + _EVERY)
    since, until = (shift.warm_up + part * whole for part in (0.375, 0.95))
    answers = sum(
        r.by in (ANSWER, PUT_DOWN) and r.outcome == ANSWERED and since <= r.at < until
        for r in replies
    )
    return {
        "resident_start_mb": watch.at(_EVERY),
        "resident_quarter_mb": quarter,
        "resident_half_mb": watch.at(whole / 2),
        "resident_end_mb": end,
        "growth_share": end / quarter - 1,
        "growth_mb_per_1000_answers": (end - quarter) * 1000 / answers if answers else 0.0,
    }


def missed(
    by_kind: dict[str, dict[str, float]], errors: int, found: Found, growth: float, bound_ms: float
) -> list[str]:
    """Return what is not as it should be, in words."""
    out = [
        f"{kind}: p95 {of['p95_ms']:.0f} ms"
        for kind, of in by_kind.items()
        if of["p95_ms"] >= bound_ms
    ]
    if ANSWER not in by_kind:
        out.append("nothing was answered")
    if errors:
        out.append(f"{errors} errors")
    out += found.missed()
    if growth > MOST_GROWTH:
        out.append(f"memory grew by {growth:.1%}")
    return out


def run(data: Path, shift: Shift, options: Options) -> Figures:
    """Return all figures of one run; RuntimeError if the server does not start."""
    rng, tally = Random(options.seed), Tally()
    with copied(data) as folder:
        logins = make_accounts(folder, shift.workers + 1, rng) if options.accounts else ()
        with running(folder, ZHIZE_DATABASE="") as server:
            load = os.getloadavg()[0]
            made = practised(server, shift, logins, rng, tally, cold=options.cold)
            books, watch = asyncio.run(made)
            loads = [round(load, 2), round(os.getloadavg()[0], 2)]
        found = compare(folder, books)
    by_kind = times(tally.replies, shift.warm_up)
    memory = memory_figures(watch, shift, tally.replies)
    why = Counter(r.why for r in tally.replies if r.outcome == ERROR)
    growth = float(str(memory["growth_share"]))
    wrong = missed(by_kind, tally.count(ERROR), found, growth, options.bound_ms)
    return {
        "workers": shift.workers, "seconds": shift.seconds, "think_s": shift.think,
        "accounts": options.accounts, "prepared_s": watch.prepared, "requests": len(tally.replies),
        "requests_per_s": by_kind.get("all", {"count": 0})["count"] / shift.seconds,
        "errors": tally.count(ERROR),
        "error_kinds": dict(sorted(why.items(), key=lambda kv: (-kv[1], kv[0]))),
        "times": by_kind, **found.figures(), **memory,
        "server_cores": watch.cpu / watch.took if watch.took else 0.0,
        "practising_cores": watch.own / watch.took if watch.took else 0.0,
        "load_average": loads, "missed": "; ".join(wrong),
    }  # fmt: skip


def rounded(value: object) -> object:
    """Return a figure, or figures by name, with three digits at most behind the point."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(value, 3) if isinstance(value, float) else value


def shown(figures: Figures) -> str:
    """Return the figures as lines for people."""
    lines = []
    for name, value in figures.items():
        if name != "times" or not isinstance(value, dict):
            lines.append(f"{name:<28}{rounded(value)}")
            continue
        for kind, of in value.items():
            said = "  ".join(f"{k[:-3]} {v:.0f}" for k, v in of.items() if k != "count")
            lines.append(f"{kind + ', ms':<28}{said}  ({of['count']:.0f} requests)")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(description="many workers practise at once")
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--warm-up", type=float, default=30, help="seconds in which they arrive")
    parser.add_argument("--think", type=float, default=8, help="mean seconds for a question")
    parser.add_argument("--exams", type=float, default=0.15, help="share of rounds, 0 to 1")
    parser.add_argument("--accounts", action="store_true", help="with accounts; everybody logs in")
    parser.add_argument("--cold", action="store_true", help="do not wait for the first questions")
    parser.add_argument("--bound", type=float, default=BOUND_MS, help="p95 in milliseconds")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if (
        args.workers < 1
        or min(args.seconds, args.warm_up, args.think) <= 0
        or not 0 <= args.exams <= 1
    ):
        parser.error("--workers from 1; --seconds, --warm-up, --think over 0; --exams from 0 to 1")
    shift = Shift(args.workers, args.seconds, args.warm_up, args.think, args.exams)
    try:
        options = Options(args.accounts, args.cold, args.bound, args.seed)
        figures = run(Settings().data, shift, options)
    except (RuntimeError, httpx.HTTPError) as e:
        print(str(e) or type(e).__name__, file=sys.stderr)
        return 2
    print(json.dumps(rounded(figures), ensure_ascii=False) if args.json else shown(figures))
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
