"""The tuned space in which questions meet the words of the rules.

People do not speak as rules do. Two linear maps, one for questions and one for provisions, carry
the encoder's vectors into a space where a question lies near the provision that answers it. They
were fitted on the asked-as entries (`python -m eval.train_towers`) and stand beside the model.
Questions among themselves are compared with the encoder's own vectors.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from indexer.errors import ModelError

Vectors = npt.NDArray[np.float32]
TOWERS_FILE = "towers.npz"


@dataclass(frozen=True, slots=True)
class Tower:
    """One map: centre, turn, and back to unit length."""

    mean: Vectors
    matrix: Vectors

    def __call__(self, vectors: Vectors) -> Vectors:
        """Return unit vectors (n, dimension) for unit vectors (n, dimension)."""
        turned: Vectors = unit(vectors - self.mean) @ self.matrix
        return unit(turned)

    def back(self, turned: Vectors) -> Vectors:
        """Return the unit vectors that the map turned into these.

        It keeps everything but length, and length is one before and after.
        """
        direction = unit(turned @ np.linalg.inv(self.matrix))
        along = direction @ self.mean
        rest = 1.0 - float(self.mean @ self.mean)
        length = -along + np.sqrt(np.maximum(along * along + rest, 0.0))
        out: Vectors = (self.mean + length[:, None] * direction).astype(np.float32)
        return out


@dataclass(frozen=True, slots=True)
class Towers:
    """The maps for questions and for provisions; `fingerprint` changes with either."""

    question: Tower
    passage: Tower
    fingerprint: str


def unit(vectors: Vectors) -> Vectors:
    """Return the vectors at length one; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    out: Vectors = vectors / np.maximum(length, 1e-9)
    return out


def read_towers(path: Path) -> Towers:
    """Return the maps of a file; ModelError if it cannot be read."""
    names = ("question_mean", "question_matrix", "passage_mean", "passage_matrix")
    try:
        data = path.read_bytes()
        with np.load(BytesIO(data)) as arrays:
            qm, qw, pm, pw = (arrays[n].astype(np.float32) for n in names)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as e:
        raise ModelError(f"{path} 读不出来：{e}；请重新取得完整的程序文件") from e
    return Towers(Tower(qm, qw), Tower(pm, pw), hashlib.sha256(data).hexdigest()[:12])


def write_towers(path: Path, question: Tower, passage: Tower) -> None:
    """Write the maps in half precision."""
    np.savez(
        path,
        question_mean=question.mean.astype(np.float16),
        question_matrix=question.matrix.astype(np.float16),
        passage_mean=passage.mean.astype(np.float16),
        passage_matrix=passage.matrix.astype(np.float16),
    )
