"""Questions as the learner sees them: candidate features and gold, collected once and kept.

Collecting takes minutes, fitting seconds. A kept file is named after everything that its content
depends on (index, code, questions, day), so that a stale one is never read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from assistant.services import Services

ROOT = Path(__file__).parents[1]
READ = (
    "assistant/ranking.py", "assistant/search.py", "assistant/setting.py",
    "assistant/understand.py", "assistant/view.py", "assistant/whole.py", "indexer/lexical.py", "indexer/tokens.py",
    "eval/cases.py", "eval/train_data.py", "kb/lexicon/*.toml", "eval/queries/*.jsonl",
)  # fmt: skip
"""What features depend on beside the index, as patterns under the project's folder."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question: candidate features (n, width) and which of the n candidates are gold."""

    group: str
    split: str
    features: npt.NDArray[np.float32]
    gold: npt.NDArray[np.bool_]

    @property
    def reachable(self) -> bool:
        """True if a gold article is among the candidates."""
        return bool(self.gold.any())


def fingerprint(services: Services, *parts: object, root: Path = ROOT) -> str:
    """Return 16 hex digits that change with the index, the code, the questions, the day, `parts`."""
    digest = hashlib.sha256()
    manifest = services.index.manifest
    for part in (manifest.build_id, services.today().isoformat(), *parts):
        digest.update(f"{part}\0".encode())
    for pattern in READ:
        for path in sorted(root.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def kept(folder: Path | None, name: str, make: Callable[[], Iterable[Case]]) -> list[Case]:
    """Return the cases of `folder`/`name`.npz; made and written there if it cannot be read.

    With no folder they are made and not kept.
    """
    if folder is None:
        return list(make())
    path = folder / f"{name}.npz"
    try:
        return read_cases(path)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        cases = list(make())
        write_cases(path, cases)
        return cases


def write_cases(path: Path, cases: Sequence[Case]) -> None:
    """Write the cases in their order; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width = max((c.features.shape[1] for c in cases), default=0)
    filled = [c.features for c in cases if len(c.features)]
    aside = path.with_suffix(".part.npz")
    np.savez(
        aside,
        groups=np.array([c.group for c in cases], dtype=np.str_),
        splits=np.array([c.split for c in cases], dtype=np.str_),
        lengths=np.array([len(c.features) for c in cases], dtype=np.int64),
        features=np.concatenate(filled) if filled else np.zeros((0, width), np.float32),
        gold=np.concatenate([c.gold for c in cases]) if cases else np.zeros(0, np.bool_),
    )
    aside.replace(path)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file; raises what `numpy.load` raises if it is none."""
    with path.open("rb") as f, np.load(f) as data:
        groups, splits = data["groups"].tolist(), data["splits"].tolist()
        lengths = data["lengths"]
        features, gold = data["features"], data["gold"]
    if lengths.sum() != len(features):
        raise ValueError(f"{path}: {len(features)} rows, expected {lengths.sum()}")
    ends = np.cumsum(lengths)
    return [
        Case(group, split, features[end - length : end], gold[end - length : end])
        for group, split, length, end in zip(groups, splits, lengths, ends, strict=True)
    ]
