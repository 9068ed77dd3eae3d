"""norms.jsonl: the norms of a build, one a line, in document order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from indexer.errors import IndexDamagedError
from indexer.norms.model import Modality, Norm
from kb.model import ProvisionId

NORMS_FILE = "norms.jsonl"


def write_norms(path: Path, norms: Iterable[Norm]) -> None:
    """Write one line a norm; what `read_norms` returns equals what was written."""
    with path.open("w", encoding="utf-8") as f:
        for norm in norms:
            f.write(json.dumps(_row(norm), ensure_ascii=False) + "\n")


def read_norms(path: Path) -> tuple[Norm, ...]:
    """Return the norms of the file; IndexDamagedError names the command that mends it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(_norm(json.loads(line)) for line in lines)
    except (OSError, ValueError, TypeError, KeyError) as e:
        raise IndexDamagedError(
            f"{path} 里的义务清单读不出（{e}）；请运行 zhize build 重建索引"
        ) from e


def _row(norm: Norm) -> list[Any]:
    return [
        _place(norm.provision),
        norm.subject,
        None if norm.subject_at == norm.provision else _place(norm.subject_at),
        norm.modality.value,
        norm.text,
        norm.action,
        norm.trigger,
        norm.limits,
        norm.exceptions,
    ]


def _norm(row: list[Any]) -> Norm:
    place, subject, subject_place, modality, text, action, trigger, limits, exceptions = row
    provision = ProvisionId(*place)
    subject_at = provision if subject_place is None else ProvisionId(*subject_place)
    return Norm(
        provision, subject, subject_at, Modality(modality), text, action, trigger,
        tuple(limits), exceptions,
    )  # fmt: skip


def _place(pid: ProvisionId) -> list[Any]:
    return [pid.doc_id, pid.version, pid.article, pid.paragraph, pid.item, pid.subitem]
