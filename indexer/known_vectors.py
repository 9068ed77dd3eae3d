"""Vectors that need no encoding: the shipped ones and those of the previous build.

Keyed by model id, role and text, so a changed text or model never meets an old vector.
Shipped files hold 8-bit codes with one scale a vector (cosine to the original > 0.9999).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.embed import Vectors
from indexer.errors import ModelError

SHIPPED = Path(__file__).parent / "precomputed"
Codes = npt.NDArray[np.int8]


def vector_key(model_id: str, role: str, text: str) -> bytes:
    """Return the 16-byte key of a text's vector; role is "passage" or "query"."""
    return hashlib.sha256(f"{model_id}\0{role}\0{text}".encode()).digest()[:16]


class KnownVectors:
    """A lookup from key to vector; later additions win."""

    def __init__(self) -> None:
        self._rows: dict[bytes, tuple[Codes, float] | Vectors] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, keys: Iterable[bytes], vectors: Vectors) -> None:
        """Remember float vectors, one row a key."""
        self._rows.update(zip(keys, vectors, strict=True))

    def add_file(self, path: Path) -> None:
        """Remember the vectors of a shipped file; ModelError if it cannot be read."""
        try:
            with np.load(path) as data:
                keys, codes, scales = data["keys"], data["codes"], data["scales"]
        except (OSError, ValueError, KeyError) as e:
            raise ModelError(f"{path} 读不出来：{e}；请重新取得完整的程序文件") from e
        for key, row, scale in zip(keys, codes, scales, strict=True):
            self._rows[key.tobytes()] = (row, float(scale))

    def get(self, key: bytes) -> Vectors | None:
        """Return the unit vector of `key`, or None."""
        found = self._rows.get(key)
        if isinstance(found, tuple):
            vector: Vectors = found[0].astype(np.float32) * np.float32(found[1])
            unit: Vectors = vector / np.linalg.norm(vector)
            return unit
        return found


def shipped_vectors(folder: Path = SHIPPED) -> KnownVectors:
    """Return every shipped vector; empty if the folder has none."""
    known = KnownVectors()
    for path in sorted(folder.glob("*.npz")):
        known.add_file(path)
    return known


def keys_of(path: Path) -> set[bytes]:
    """Return the keys a shipped file holds; none if there is no such file."""
    if not path.is_file():
        return set()
    with np.load(path) as data:
        return {key.tobytes() for key in data["keys"]}


def write_file(path: Path, keys: Sequence[bytes], vectors: Vectors) -> None:
    """Write vectors as 8-bit codes for shipping."""
    scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
    codes = np.round(vectors / scales).astype(np.int8)
    table = np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), 16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, keys=table, codes=codes, scales=scales[:, 0].astype(np.float32))
