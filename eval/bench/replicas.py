"""Libraries of any size made of the real one: a sample of it, or copies of it with noise.

Encoding millions of texts takes days on two cores, so vectors beyond the real ones are real ones
with noise (cosine to the original about 0.9), and the words of texts beyond them (grown.py) are
real ones of which three in ten are dropped and every weight is moved by up to a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.services import Services, Settings
from eval.queries import load_queries
from indexer.unit_table import KINDS
from indexer.units import UnitKind

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NOISE = 0.48
"""Length of the noise added to a unit vector."""
KEPT = 0.7
CHUNK = 65_536
QUESTION_SETS = ("colloquial", "exam", "rough")


@dataclass(frozen=True, slots=True)
class Real:
    """What there really is: vectors of passages and of tune questions."""

    vectors: Floats
    questions: Floats


def real(settings: Settings, most_questions: int) -> Real:
    """Return the passages of the built index and tune questions; raises as Services.open."""
    services = Services.open(settings)
    index = services.index
    rows = np.flatnonzero(index.units.kind != KINDS.index(UnitKind.ASKED))
    texts = [q.text for name in QUESTION_SETS for q in load_queries(name, "tune")]
    texts = texts[:: max(1, len(texts) // most_questions)][:most_questions]
    asked = services.embedder.encode_queries(texts)
    return Real(index.vectors.get(rows), services.embedder.beside_passages(asked))


def replicate_vectors(base: Floats, count: int, path: Path, seed: int = 0) -> Floats:
    """Return float32 unit vectors (count, dimension) in a memory-mapped file at `path`."""
    rng = np.random.default_rng(seed)
    shape = (count, base.shape[1])
    out: Floats = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    if count <= len(base):
        out[:] = base[np.sort(rng.choice(len(base), count, replace=False))]
        return out
    spread = np.float32(NOISE / base.shape[1] ** 0.5)
    for at in range(0, count, CHUNK):
        places = np.arange(at, min(at + CHUNK, count))
        rows = base[places % len(base)]
        new = places >= len(base)
        noise = rng.standard_normal(rows.shape, np.float32) * spread
        rows = rows + noise * new[:, None]
        out[places] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return out
