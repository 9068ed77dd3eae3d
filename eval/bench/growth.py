"""Questions end to end in libraries of any size: `python -m eval.bench.growth --sizes 3000 300000`.

For every size: seconds and peak memory to write it, megabytes of files, seconds of the first view,
memory after the questions, and recall@10, the share of the ten articles found by comparing every
vector and every word. Then every library is asked each question in turn, warm: p50 and p95 of the
wall and of the process's own time (neighbours on a busy machine take the rest), and that of the
encoder alone. See eval/bench/grown.py for the libraries.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import AssistantError
from assistant.services import Services, Settings
from assistant.startup import keep_for_good
from eval.bench.grown import MARK, GrownCatalog, chosen_rows, write_grown
from eval.bench.processes import alone, status_mb
from eval.metrics import mean, percentile
from eval.queries import load_queries
from indexer import matching
from indexer.doc_counts import DocumentCounts
from indexer.errors import IndexingError
from indexer.lexical import Bm25
from indexer.reader import Index
from indexer.unit_table import read_units
from indexer.vectors import StoreSetting, open_store, write_store
from indexer.vectors.places import none_found, ordered
from kb.errors import KbError
from kb.model import ProvisionId

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Figures = dict[str, float]
QUESTION_SETS = ("colloquial", "exam", "rough")
BEST = 10
_CHUNK = 262_144


class EveryVector:
    """A vector store that compares a question with every row of an array on disk."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors

    @property
    def size(self) -> int:
        return len(self._vectors)

    def search(
        self, queries: Floats, k: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Floats, Ints]:
        best = none_found(len(queries), k)
        for at in range(0, self.size, _CHUNK):
            rows = np.arange(at, min(at + _CHUNK, self.size))
            close = np.stack([np.vecdot(self._vectors[rows[0] : rows[-1] + 1], q) for q in queries])
            if allowed is not None:
                rows, close = rows[allowed[rows]], close[:, allowed[rows]]
            ids = np.broadcast_to(rows, close.shape)
            best = ordered(
                np.concatenate([best[0], close], axis=1), np.concatenate([best[1], ids], axis=1), k
            )
        return best

    def get(self, ids: Ints) -> Floats:
        return self._vectors[ids]

    def scores(self, query: Floats, ids: Ints) -> Floats:
        found: Floats = np.vecdot(self._vectors[ids], query)
        return found

    def save(self, path: Path) -> None:
        np.save(path, self._vectors)


def build(count: int, folder: Path) -> Figures:
    """Write a library of about `count` entries; run in a process of its own."""
    services = Services.open(Settings())
    rows = chosen_rows(services.index, services.search.view().owner, count)
    started = time.perf_counter()
    vectors = write_grown(services.index, rows, count, folder)
    arrays = time.perf_counter() - started
    cpu, started = time.process_time(), time.perf_counter()
    write_store(StoreSetting().chosen(len(vectors)), vectors, folder, "bench", None, "")
    return {
        "entries": len(vectors),
        "terms_s": arrays,
        "vectors_s": time.perf_counter() - started,
        "vectors_cpu_s": time.process_time() - cpu,
        "build_peak_mb": status_mb("VmHWM"),
    }


def opened(folder: Path) -> Services:
    """Return services over the library in a folder; raises as Services.open."""
    real = Services.open(Settings())
    units = read_units(folder / "units")
    index = Index(
        real.index.manifest,
        units,
        real.index.keys,
        open_store(StoreSetting().chosen(len(units)), folder),
        Bm25.load(folder / "grams"),
        Bm25.load(folder / "words"),
        DocumentCounts.load(folder / "grams"),
    )
    marks = [d.partition(MARK) for d, _ in units.documents]
    copies = 1 + max(int(n or 0) for _, _, n in marks)
    catalog = GrownCatalog(real.catalog, {d for d, _, _ in marks}, copies)
    library = replace(real.library, catalog=catalog)
    return Services(library, index, real.embedder, real.tokenizer, real.today)


def exhaustive(services: Services, folder: Path) -> Services:
    """Return services over the same library that compare every vector and score every text."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r").view(np.ndarray)
    index = replace(services.index, vectors=EveryVector(vectors), counts=None)
    return Services(services.library, index, services.embedder, services.tokenizer, services.today)


def questions(most: int) -> list[str]:
    """Return tune questions of all kinds, evenly taken."""
    texts = [q.text for name in QUESTION_SETS for q in load_queries(name, "tune")]
    return texts[:: max(1, len(texts) // most)][:most]


def look(folder: Path, most: int, compared: int) -> Figures:
    """Return what memory asking takes, and the recall; run in a process of its own."""
    services, texts = opened(folder), questions(most)
    started = time.perf_counter()
    entries = sum(len(rows) for rows in _grouped(services))
    figures = {"view_s": time.perf_counter() - started, "searched": float(entries)}
    for text in texts:
        services.ask(text)
    figures["own_mb"], figures["mapped_mb"] = status_mb("RssAnon"), status_mb("RssFile")
    few = texts[:: max(1, len(texts) // compared)]
    found = [_articles(services, t) for t in few]
    every = exhaustive(services, folder)
    matching.DENSE_UP_TO = services.index.grams.size  # from here on every text is scored
    wanted = [_articles(every, t) for t in few]
    pairs = zip(found, wanted, strict=True)
    figures["recall"] = mean([len(f & w) / max(1, len(w)) for f, w in pairs])
    return figures


def _grouped(services: Services) -> tuple[Ints, Ints]:
    view = services.search.view()
    return view.text_rows[0], view.asked_rows[0]


def take_turns(folders: Sequence[Path], most: int) -> list[Figures]:
    """Ask every library each question in turn; run in a process of its own.

    Side by side, because on a busy machine one minute is not like the next.
    """
    libraries, texts = [opened(f) for f in folders], questions(most)
    for services in libraries:
        for text in texts:
            services.ask(text)
    keep_for_good()  # as the served application does
    rows = [[_timed(services, text) for services in libraries] for text in texts]
    out = []
    for times in zip(*rows, strict=True):
        figures: Figures = {}
        for name, column in zip(("wall", "cpu", "encoder"), zip(*times, strict=True), strict=True):
            figures[f"{name}_p50_ms"] = percentile(list(column), 0.5)
            figures[f"{name}_p95_ms"] = percentile(list(column), 0.95)
        out.append(figures)
    return out


def _timed(services: Services, text: str) -> tuple[float, float, float]:
    """Milliseconds of the wall, of the process, and of encoding alone."""
    wall, cpu = time.perf_counter(), time.process_time()
    services.ask(text)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    started = time.process_time()
    services.embedder.encode_queries([text])
    return wall * 1000, cpu * 1000, (time.process_time() - started) * 1000


def _articles(services: Services, text: str) -> set[ProvisionId]:
    return {h.provision.id.in_article for h in services.find(text, BEST).hits}


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit code 2 if the index cannot be used."""
    parser = argparse.ArgumentParser(description="questions end to end as the library grows")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 30_000, 300_000])
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--compared", type=int, default=40, help="questions for recall")
    parser.add_argument("--keep", type=Path, help="write libraries here and use those there")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            folders = [(args.keep or Path(temporary)) / str(size) for size in args.sizes]
            rows = [made(n, f) for n, f in zip(args.sizes, folders, strict=True)]
            looks = [alone(look, f, args.questions, args.compared) for f in folders]
            times = alone(take_turns, folders, args.questions)
    except (AssistantError, IndexingError, KbError) as e:
        print(str(e), file=sys.stderr)
        return 2
    out = [{**r, **a, **b} for r, a, b in zip(rows, looks, times, strict=True)]
    for n, row in enumerate(out):
        print(shown(row, header=n == 0))
    if args.json:
        args.json.write_text(json.dumps(out, indent=1), encoding="utf-8")
    return 0


def made(size: int, folder: Path) -> Figures:
    """Return what making a library took; one that is already in the folder is used."""
    note = folder / "made.json"
    if not note.is_file():
        shutil.rmtree(folder, ignore_errors=True)  # what an earlier try has left
        folder.mkdir(parents=True)
        note.write_text(json.dumps(alone(build, size, folder)))
    row: Figures = json.loads(note.read_text())
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "vectors.npy"]
    row["file_mb"] = sum(p.stat().st_size for p in files) / 2**20
    return row


COLUMNS = {
    "entries": "{:,.0f}", "terms_s": "{:.0f}", "vectors_s": "{:.0f}", "build_peak_mb": "{:,.0f}",
    "file_mb": "{:,.0f}", "view_s": "{:.2f}", "cpu_p50_ms": "{:.1f}", "cpu_p95_ms": "{:.1f}",
    "encoder_p50_ms": "{:.1f}", "encoder_p95_ms": "{:.1f}", "wall_p50_ms": "{:.1f}",
    "wall_p95_ms": "{:.1f}", "own_mb": "{:,.0f}", "mapped_mb": "{:,.0f}", "recall": "{:.4f}",
}  # fmt: skip


def shown(row: Figures, header: bool = False) -> str:
    """Return a row of a Markdown table, after its head if `header`."""
    head = "| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|\n"
    cells = [form.format(row[name]) for name, form in COLUMNS.items()]
    return (head if header else "") + "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
