"""How search grows: `python -m eval.bench.scale --sizes 3000 30000 300000 --store exact ivf`.

For every size and store: build time, file size, resident memory of a process that has opened it,
p50 and p95 of one search (k = 120, as the service asks) and recall@10 against a comparison with
every vector in the same run, over all rows and over a filter that allows half of them. Passages
are the built index's own, beyond their number copies with noise (see eval/bench/replicas.py).
Whole questions are measured by `python -m eval.bench.growth`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from assistant.errors import AssistantError
from assistant.services import Settings
from eval.bench.processes import alone, status_mb
from eval.bench.replicas import (
    CHUNK,
    Floats,
    Ints,
    Real,
    real,
    replicate_vectors,
)
from eval.metrics import percentile
from indexer.errors import IndexingError, VectorStoreError
from indexer.vectors import StoreSetting, open_store, write_store
from kb.errors import KbError

Mask = npt.NDArray[np.bool_]
Figures = dict[str, float | str]
_T = TypeVar("_T")
TIE = 1e-5
PLACES, BEST = 120, 10
DOCUMENT = 500
"""Rows that the filter allows or leaves out together."""
EXACT_MOST = 1_000_000
"""Beyond it exact search is not measured: building it needs all vectors in memory."""
EMBEDDED_MOST = 50_000
"""Beyond it the embedded Milvus is not measured: it is for development, a server is for size."""


def half(count: int) -> Mask:
    """Return a filter that allows every other document."""
    allowed: Mask = np.arange(count) // DOCUMENT % 2 == 0
    return allowed


def tenth_best(vectors: Floats, questions: Floats, allowed: Mask) -> Floats:
    """Return the score of the tenth allowed row for each question, comparing all by chunks."""
    best = np.full((len(questions), BEST), -9, np.float32)
    for at in range(0, len(vectors), CHUNK):
        chunk = vectors[at : at + CHUNK]
        close = np.where(allowed[at : at + len(chunk)], questions @ chunk.T, -9)
        best = np.partition(np.concatenate([best, close], axis=1), -BEST, axis=1)[:, -BEST:]
    least: Floats = best.min(axis=1)
    return least


def recall(vectors: Floats, questions: Floats, found: Ints, least: Floats) -> float:
    """Return the mean share of ten places held by rows as near as the tenth best or nearer."""
    hits = 0
    for question, rows, bound in zip(questions, found, least, strict=True):
        held = rows[rows >= 0]
        hits += int(np.count_nonzero(vectors[held] @ question >= bound - TIE))
    return hits / (BEST * len(questions))


def build(store: str, vectors_file: Path, folder: Path) -> Figures:
    """Build and write a store; run in a process of its own. Return seconds and peak memory."""
    vectors = np.load(vectors_file, mmap_mode="r")
    started = time.perf_counter()
    write_store(store, vectors, folder, "bench", None, "")
    return {"build_s": time.perf_counter() - started, "build_peak_mb": status_mb("VmHWM")}


def ask(store: str, folder: Path, questions: Floats) -> tuple[Figures, list[Ints]]:
    """Open a store and search it; run in a process of its own, on one thread.

    Time is that of the thread, as neighbours on a busy machine take the rest; for Milvus, which
    works elsewhere, it is that of the wall. Returns speed and memory, and the first ten rows for
    every question, all and filtered.
    """
    before = status_mb("RssAnon"), status_mb("RssFile")
    stored = open_store(store, folder)
    clock = time.perf_counter if store.startswith("milvus:") else time.thread_time
    figures, found = Figures(), []
    for name, allowed in (("", None), ("half_", half(stored.size))):
        rows, ms = [], []
        for question in np.concatenate([questions[:10], questions]):
            started = clock()
            _, ids = stored.search(question[None], PLACES, allowed)
            ms.append((clock() - started) * 1000)
            rows.append(ids[0, :BEST])
        figures[f"{name}p50_ms"] = percentile(ms[10:], 0.5)
        figures[f"{name}p95_ms"] = percentile(ms[10:], 0.95)
        found.append(np.array(rows[10:]))
    figures["own_mb"] = status_mb("RssAnon") - before[0]
    figures["mapped_mb"] = status_mb("RssFile") - before[1]
    return figures, found


def vector_row(store: str, path: Path, questions: Floats, least: Sequence[Floats]) -> Figures:
    """Return the figures of one store over the vectors in a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = f"milvus:{folder}/v.db" if store == "milvus" else store
        figures = alone(build, store, path, folder)
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        with _one_thread():
            speed, found = alone(ask, store, folder, questions)
    vectors = np.load(path, mmap_mode="r")
    out: Figures = {**figures, "file_mb": size / 2**20, **speed}
    for column, rows, bound in zip(("recall", "half_recall"), found, least, strict=True):
        out[column] = recall(vectors, questions, rows, bound)
    return out


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started inside compute on one thread: a busy machine measures its neighbours."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {n: os.environ.get(n) for n in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


COLUMNS = {
    "passages": "{:,}", "store": "{}", "build_s": "{:.1f}", "build_peak_mb": "{:,.0f}",
    "file_mb": "{:,.0f}", "own_mb": "{:,.0f}", "mapped_mb": "{:,.0f}", "p50_ms": "{:.2f}",
    "p95_ms": "{:.2f}", "recall": "{:.4f}", "half_p50_ms": "{:.2f}", "half_p95_ms": "{:.2f}",
    "half_recall": "{:.4f}",
}  # fmt: skip


def shown(row: Figures) -> str:
    """Return one row of a Markdown table."""
    cells = [form.format(row[name]) if name in row else "" for name, form in COLUMNS.items()]
    return "| " + " | ".join(cells) + " |"


def vector_table(found: Real, sizes: Sequence[int], stores: Sequence[str]) -> list[Figures]:
    """Print and return the rows of the vector stores."""
    out: list[Figures] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vectors.npy"
            _tell(f"{size:,}: vectors")
            vectors = replicate_vectors(found.vectors, size, path)
            least = [
                tenth_best(vectors, found.questions, allowed)
                for allowed in (np.ones(size, np.bool_), half(size))
            ]
            del vectors
            for store in stores:
                most = {"exact": EXACT_MOST, "milvus": EMBEDDED_MOST}.get(store, size)
                if size > most:
                    _tell(f"{size:,}: {store} left out, too large")
                    continue
                _tell(f"{size:,}: {store}")
                row = {
                    "passages": size, "store": store,
                    **vector_row(store, path, found.questions, least),
                }  # fmt: skip
                out.append(row)
                print(shown(row), flush=True)
    return out


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit code 2 for a store or index that cannot be used."""
    parser = argparse.ArgumentParser(description="how search grows")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 30_000, 300_000])
    parser.add_argument("--store", nargs="+", default=["exact", "ivf"])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args(argv)
    try:
        if min(args.sizes) < PLACES:
            raise VectorStoreError(f"--sizes 至少 {PLACES}")
        for store in args.store:
            StoreSetting("" if store == "milvus" else store).chosen(1)
        found = real(Settings(), args.questions)
        _tell(f"{len(found.vectors):,} real passages, {len(found.questions)} questions")
        print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|", flush=True)
        rows = vector_table(found, args.sizes, args.store)
    except (AssistantError, IndexingError, KbError) as e:
        print(str(e), file=sys.stderr)
        return 2
    if args.json:
        args.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
