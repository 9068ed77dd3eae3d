"""Library → index directory: incremental, written aside and swapped in by one rename.

Layout under the index root:
    CURRENT                the id of the build that is in use
    <build id>/manifest.json, norms.jsonl, keys.npy, vectors.faiss, units/, grams/, words/
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.doc_counts import DocumentCounts
from indexer.embed import Embedder, Vectors
from indexer.errors import BuildError, IndexingError, VectorStoreError
from indexer.known_vectors import KnownVectors, shipped_vectors, vector_key
from indexer.lexical import Bm25
from indexer.matching import DENSE_UP_TO
from indexer.norms import Norm, norms_of
from indexer.norms import extract as norm_reading
from indexer.norms.file import NORMS_FILE, write_norms
from indexer.reader import (
    CURRENT,
    FORMAT,
    MANIFEST,
    UNITS,
    Manifest,
    folder_in_use,
    open_index,
    read_manifest,
)
from indexer.terms import load_terms, save_terms
from indexer.tokens import Tokenizer, bigrams
from indexer.unit_table import unit_table, write_units
from indexer.units import Unit, UnitKind, asked_units, units_of
from indexer.vectors import (
    AUTOMATIC,
    StoreSetting,
    check_reachable,
    in_half_precision,
    retire_store,
    write_store,
)
from kb.library import Library

Report = Callable[[str, int, int], None]
"""Called with (phase, done, total); phases: 读取法规 编码 提取义务 词法索引 写入."""


def silent(phase: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did. `unchanged` means the current index was already up to date."""

    build_id: str
    units: int
    encoded: int
    reused: int
    seconds: float
    unchanged: bool = False


def build_index(
    library: Library,
    embedder: Embedder,
    tokenizer: Tokenizer,
    root: Path,
    *,
    whole_library: bool = True,
    known: KnownVectors | None = None,
    store: StoreSetting = AUTOMATIC,
    report: Report = silent,
) -> BuildResult:
    """Bring the index under `root` up to date and return what was done.

    Only texts without a known vector are encoded. On any failure the previous index stays in
    use and BuildError (VectorStoreError for the store of the vectors) says what to do; a killed
    build leaves nothing that is read later.
    """
    started = time.perf_counter()
    units = units_of(library.catalog, whole_library) + asked_units(library.asked)
    chosen = store.chosen(len(units))
    check_reachable(chosen, store.token)
    manifest = _manifest(library, embedder, tokenizer, units, whole_library, chosen)
    previous = _previous(root)
    if previous == manifest and _usable(root, store.token):
        return BuildResult(
            manifest.build_id, len(units), 0, len(units), time.perf_counter() - started, True
        )
    keys = [vector_key(embedder.model_id, role_of(u), u.text) for u in units]
    known = known or shipped_vectors()
    _add_previous(known, root, store.token)
    vectors, encoded = _vectors(units, keys, embedder, known, report)
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        aside = root / f".building-{os.getpid()}"
        cut = _cut_before(root, tokenizer, store.token)
        report("提取义务", 0, 1)
        norms = norms_of(library.catalog)
        report("提取义务", 1, 1)
        _start(aside)
        in_use = folder_in_use(root)
        write_store(chosen, vectors, aside, manifest.build_id, in_use, store.token)
        _write(aside, units, keys, tokenizer, manifest, norms, cut, report)
        _swap(root, aside, manifest.build_id, store.token)
    except VectorStoreError:
        shutil.rmtree(root / f".building-{os.getpid()}", ignore_errors=True)
        raise
    except OSError as e:
        shutil.rmtree(root / f".building-{os.getpid()}", ignore_errors=True)
        raise BuildError(
            f"索引写不进 {root}（{e.strerror or e}）；请清出磁盘空间或检查权限后再运行 zhize build，"
            "原有索引没有改动"
        ) from e
    seconds = time.perf_counter() - started
    return BuildResult(manifest.build_id, len(units), encoded, len(units) - encoded, seconds)


def role_of(unit: Unit) -> str:
    """Asked-as entries are encoded as queries, because they are compared with queries."""
    return "query" if unit.kind is UnitKind.ASKED else "passage"


def _manifest(
    library: Library,
    embedder: Embedder,
    tokenizer: Tokenizer,
    units: Sequence[Unit],
    whole_library: bool,
    vectors: str,
) -> Manifest:
    parts: dict[str, Any] = {
        "format": FORMAT,
        "library": library.fingerprint,
        "model_id": embedder.model_id,
        "dimension": embedder.dimension,
        "dictionary": tokenizer.fingerprint,
        "whole_library": whole_library,
        "units": len(units),
        "content": _content(units),
        "norm_rules": norm_rules(),
        "vectors": vectors,
    }
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return Manifest(build_id=digest[:16], **parts)


def _content(units: Sequence[Unit]) -> str:
    digest = hashlib.sha256()
    for unit in units:
        digest.update(f"{unit.kind.value}\0{unit.text}\0{unit.target}\n".encode())
    return digest.hexdigest()[:16]


def norm_rules() -> str:
    """Return the fingerprint of the code that reads norms: another reading makes another build."""
    digest = hashlib.sha256()
    for source in sorted(Path(norm_reading.__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _previous(root: Path) -> Manifest | None:
    try:
        return read_manifest(root)
    except IndexingError:
        return None


def _usable(root: Path, token: str) -> bool:
    try:
        open_index(root, token)
    except IndexingError:
        return False
    return True


def _add_previous(known: KnownVectors, root: Path, token: str) -> None:
    """Take over the vectors of the current build that are not known; none if it is damaged.

    Known ones go before, because an approximate store keeps them in half precision.
    """
    try:
        index = open_index(root, token)
        keys = [k.tobytes() for k in index.keys]
        rows = [i for i, key in enumerate(keys) if known.get(key) is None]
        known.add([keys[i] for i in rows], index.vectors.get(np.array(rows, np.int64)))
    except IndexingError:
        return


def _cut_before(root: Path, tokenizer: Tokenizer, token: str) -> dict[bytes, list[str]]:
    """The words of the entries of the current build by key, if the same dictionary cut them."""
    try:
        index = open_index(root, token)
    except IndexingError:
        return {}
    if index.manifest.dictionary != tokenizer.fingerprint:
        return {}
    terms = load_terms(root / index.manifest.build_id / "words") or []
    keys = [k.tobytes() for k in index.keys]
    return dict(zip(keys, terms, strict=True)) if len(terms) == len(keys) else {}


def _vectors(
    units: Sequence[Unit],
    keys: Sequence[bytes],
    embedder: Embedder,
    known: KnownVectors,
    report: Report,
) -> tuple[Vectors, int]:
    """The vectors of the units, in half precision, and how many texts were encoded."""
    out = np.empty((len(units), embedder.dimension), np.float32)
    missing: dict[bytes, list[int]] = {}
    for i, key in enumerate(keys):
        found = known.get(key)
        if found is None:
            missing.setdefault(key, []).append(i)
        else:
            out[i] = found
    rows = list(missing.values())
    for n, places in enumerate(rows):
        unit = units[places[0]]
        encode = embedder.encode_queries if role_of(unit) == "query" else embedder.encode_passages
        out[places] = encode([unit.text])[0]
        report("编码", n + 1, len(rows))
    return in_half_precision(out), len(rows)


def _start(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _write(
    folder: Path,
    units: Sequence[Unit],
    keys: Sequence[bytes],
    tokenizer: Tokenizer,
    manifest: Manifest,
    norms: Sequence[Norm],
    cut_before: dict[bytes, list[str]],
    report: Report,
) -> None:
    table = unit_table(units)
    write_units(folder / UNITS, table)
    write_norms(folder / NORMS_FILE, norms)
    np.save(folder / "keys.npy", np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), 16))
    for name, cut in (("grams", bigrams), ("words", tokenizer.words)):
        terms = []
        for i, unit in enumerate(units):
            known = cut_before.get(keys[i]) if name == "words" else None
            terms.append(cut(unit.text) if known is None else known)
            if i % 500 == 499 or i + 1 == len(units):
                report(f"词法索引 {name}", i + 1, len(units))
        (folder / name).mkdir()
        index = Bm25.build(terms)
        index.save(folder / name)
        if name == "grams" and len(units) > DENSE_UP_TO:
            DocumentCounts.of(index.postings, table.document[table.article]).save(folder / name)
        if name == "words":
            save_terms(folder / name, terms)
    sizes = {str(p.relative_to(folder)): p.stat().st_size for p in folder.rglob("*") if p.is_file()}
    payload = {**asdict(manifest), "files": sizes}
    (folder / MANIFEST).write_text(json.dumps(payload, ensure_ascii=False, indent=1), "utf-8")


def _swap(root: Path, aside: Path, build_id: str, token: str) -> None:
    final = root / build_id
    shutil.rmtree(final, ignore_errors=True)
    aside.rename(final)
    pointer = root / f".{CURRENT}-{os.getpid()}"
    pointer.write_text(build_id, encoding="utf-8")
    pointer.replace(root / CURRENT)
    for old in root.iterdir():
        if old.is_dir() and old != final and not old.name.startswith("."):
            retire_store(old, token)
            shutil.rmtree(old, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove what builds that were killed have left."""
    for path in root.glob(".building-*"):
        pid = path.name.rsplit("-", 1)[-1]
        if not pid.isdigit() or not _alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return pid != os.getpid()
