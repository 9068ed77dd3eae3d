"""Texts → unit vectors, behind one protocol.

`OnnxEmbedder` is the default: multilingual-e5-small in 8 bits, shipped in `indexer/model/`,
no torch and no download. `SentenceTransformerEmbedder` takes
any sentence-transformers model by name or folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.errors import ModelError
from indexer.towers import TOWERS_FILE, read_towers

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

MODEL_DIR = Path(__file__).parent / "model"
DEFAULT_MODEL = "builtin"
MAX_TOKENS = 512
_BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class QuestionVectors:
    """One question, (1, dimension) each: as other questions and as provisions are compared."""

    asked: Vectors
    text: Vectors


class Embedder(Protocol):
    """What the index needs of a model. Vectors have unit length; one row a text."""

    @property
    def model_id(self) -> str:
        """Names weights and engine; vectors of two ids are never mixed."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dimension) for questions."""
        ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return float32 (len(texts), dimension) for provisions; `progress(done, total)`."""
        ...

    def beside_passages(self, queries: Vectors) -> Vectors:
        """Return vectors of `encode_queries` as they are compared with provisions."""
        ...

    def before_tuning(self, passages: Vectors) -> Vectors:
        """Return vectors of `encode_passages` as they are compared with `encode_queries`."""
        ...


def question_vectors(embedder: Embedder, text: str) -> QuestionVectors:
    """Return both vectors of one question."""
    asked = embedder.encode_queries([text])
    return QuestionVectors(asked, embedder.beside_passages(asked))


class OnnxEmbedder:
    """The shipped encoder on onnxruntime; loads in about half a second.

    With `towers` (where the folder holds them) provisions and questions meet in the tuned space.
    """

    def __init__(self, folder: Path = MODEL_DIR, threads: int = 2, *, towers: bool = True) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        needed = ("encoder.onnx", "tokens.npy", "positions.npy", "tokenizer.json")
        if missing := [n for n in needed if not (folder / n).is_file()]:
            raise ModelError(f"{folder} 缺少 {'、'.join(missing)}；请重新取得完整的程序文件")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._rows = np.load(folder / "tokens.npy", mmap_mode="r")
            self._positions = np.load(folder / "positions.npy").astype(np.float32)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as e:  # the three libraries raise their own, unrelated types
            raise ModelError(f"{folder} 里的模型文件读不出来：{e}") from e
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._model_id = f"multilingual-e5-small-q8/{_fingerprint(folder)}"
        self._towers = None
        if towers and (folder / TOWERS_FILE).is_file():
            self._towers = read_towers(folder / TOWERS_FILE)
            self._model_id += f"/{self._towers.fingerprint}"

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimension(self) -> int:
        return int(self._positions.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.concatenate([self._run([f"query: {t}"]) for t in texts] or [self._none()])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One at a time: no padding, and a text has the same vector in every build."""
        out = np.empty((len(texts), self.dimension), np.float32)
        for i, text in enumerate(texts):
            out[i] = self._run([f"passage: {text}"])[0]
            if progress:
                progress(i + 1, len(texts))
        return self._towers.passage(out) if self._towers else out

    def beside_passages(self, queries: Vectors) -> Vectors:
        return self._towers.question(queries) if self._towers else queries

    def before_tuning(self, passages: Vectors) -> Vectors:
        return self._towers.passage.back(passages) if self._towers else passages

    def _none(self) -> Vectors:
        return np.empty((0, self.dimension), np.float32)

    def _run(self, texts: list[str]) -> Vectors:
        ids = np.array([e.ids for e in self._tokenizer.encode_batch(texts)])
        rows = decode_rows(self._rows[ids])
        rows += self._positions[: ids.shape[1]]
        mask = np.ones(ids.shape, np.float32)
        out: Vectors = self._session.run(None, {"embeddings": rows, "mask": mask})[0]
        return out


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by hub name or local folder."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as e:
            raise ModelError(
                "没有安装 sentence-transformers（--light 安装不含它）；请运行 python3 run.py setup"
            ) from e
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as e:
            raise ModelError(f"模型 {name} 打不开：{e}") from e
        prompts = self._model.prompts or {}
        passage = prompts.get("document") or prompts.get("passage") or ""
        query = prompts.get("query") or ""
        self._prompts = {"query": query, "passage": passage}
        digest = hashlib.sha256(repr(sorted(self._prompts.items())).encode()).hexdigest()[:8]
        self._model_id = f"sentence-transformers/{Path(name).name}/{digest}"

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimension(self) -> int:
        size = self._model.get_embedding_dimension()
        if size is None:
            raise ModelError("模型没有说明向量维数")
        return int(size)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, "query", None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._encode(texts, "passage", progress)

    def beside_passages(self, queries: Vectors) -> Vectors:
        return queries

    def before_tuning(self, passages: Vectors) -> Vectors:
        return passages

    def _encode(self, texts: Sequence[str], kind: str, progress: Progress | None) -> Vectors:
        out = np.empty((len(texts), self.dimension), np.float32)
        for at in range(0, len(texts), 32):
            batch = [self._prompts[kind] + t for t in texts[at : at + 32]]
            found: Any = self._model.encode(
                batch, prompt="", normalize_embeddings=True, show_progress_bar=False
            )
            out[at : at + 32] = found
            if progress:
                progress(min(at + 32, len(texts)), len(texts))
        return out


def open_embedder(model: str = DEFAULT_MODEL, threads: int = 2) -> Embedder:
    """Return the embedder for a model name, a folder, or "builtin"; ModelError says why not."""
    if model == DEFAULT_MODEL:
        return OnnxEmbedder(threads=threads)
    return SentenceTransformerEmbedder(model)


def decode_rows(blocks: npt.NDArray[np.uint8]) -> Vectors:
    """Return float32 (..., dimension) of 4-bit rows (..., dimension // 32, 18 bytes)."""
    scale = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    nibbles = blocks[..., 2:]
    low = (nibbles & 0x0F).astype(np.float32) - 8
    high = (nibbles >> 4).astype(np.float32) - 8
    out: Vectors = np.concatenate([low, high], axis=-1) * scale
    return out.reshape(*blocks.shape[:-2], -1)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in ("encoder.onnx", "tokens.npy", "tokenizer.json"):
        size = (folder / name).stat().st_size
        digest.update(f"{name}:{size};".encode())
        with (folder / name).open("rb") as f:
            digest.update(f.read(65536))
            f.seek(max(0, size - 65536))
            digest.update(f.read())
    return digest.hexdigest()[:12]
