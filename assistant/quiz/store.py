"""Saved papers: one JSON file each, written whole or not at all. User data, never rebuilt."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, BadInputError
from assistant.files import replace_file
from assistant.quiz.codec import SCHEMA, paper_from_json, paper_json
from assistant.quiz.model import Basis, stale
from assistant.quiz.paper import Paper
from kb.catalog import Catalog

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class PaperStoreError(AssistantError):
    """A saved paper cannot be read, or a paper cannot be saved; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a list of saved papers shows. `problem` says why one cannot be opened, else "".

    `saved_at` is in UTC, like 2026-11-22T08:00:00.000000Z.
    """

    id: str
    title: str
    size: int
    total: float
    saved_at: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A saved paper, and by number from 1 the bases whose text has changed since."""

    paper: Paper
    stale: dict[int, tuple[Basis, ...]]


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(timezone.utc)


class PaperStore:
    """The papers in one folder. Safe to share: every file is replaced by one rename."""

    def __init__(
        self,
        root: Path,
        now: Callable[[], datetime] = utc_now,
        token: Callable[[], str] = lambda: secrets.token_hex(3),
    ) -> None:
        self._root, self._now, self._token = root, now, token

    def save(self, paper: Paper, catalog: Catalog, paper_id: str = "") -> str:
        """Store a paper and return its id; with an id it takes the place of what was there.

        PaperStoreError if it cannot be written; what was there is as it was.
        """
        at = self._now().astimezone(timezone.utc)
        name = paper_id or f"{at:%Y%m%d-%H%M%S}-{self._token()}"
        path = self._path(name)
        row = {**paper_json((paper,), catalog), "saved_at": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"}
        data = json.dumps(row, ensure_ascii=False, indent=1).encode()
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
        except OSError as e:
            raise PaperStoreError(
                f"试卷存不进 {self._root}（{e.strerror or e}）；请清出磁盘空间或检查权限后再试"
            ) from e
        return name

    def open(self, paper_id: str, catalog: Catalog) -> Opened:
        """Return a saved paper; BadInputError if there is none, PaperStoreError if it is damaged."""
        paper, _ = self._read(self._path(paper_id))
        changed = {n: stale(q, catalog) for n, q in enumerate(paper.questions, 1)}
        return Opened(paper, {n: bases for n, bases in changed.items() if bases})

    def list(self) -> tuple[Saved, ...]:
        """Return all saved papers, the newest first; damaged ones with what is wrong."""
        try:
            paths = sorted(p for p in self._root.iterdir() if _ID.fullmatch(p.stem))
        except FileNotFoundError:
            return ()
        except OSError as e:
            raise PaperStoreError(f"{self._root} 读不出来（{e.strerror or e}）；请检查权限") from e
        found = [self._summary(p) for p in paths if p.suffix == ".json"]
        return tuple(sorted(found, key=lambda s: (s.saved_at, s.id), reverse=True))

    def delete(self, paper_id: str) -> None:
        """Remove a saved paper, damaged or not; BadInputError if there is none of that id."""
        path = self._path(paper_id)
        try:
            path.unlink()
        except FileNotFoundError:
            raise _unknown(paper_id) from None
        except OSError as e:
            raise PaperStoreError(f"{path} 删不掉（{e.strerror or e}）；请检查权限") from e

    def _summary(self, path: Path) -> Saved:
        try:
            paper, at = self._read(path)
        except AssistantError as e:
            day, clock = path.stem[:8], path.stem[9:15]
            at = f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"
            return Saved(path.stem, "（打不开的试卷）", 0, 0.0, at, str(e))
        return Saved(path.stem, paper.title, len(paper.slots), paper.total, at)

    def _path(self, paper_id: str) -> Path:
        if not _ID.fullmatch(paper_id):
            raise _unknown(paper_id)
        return self._root / f"{paper_id}.json"

    @staticmethod
    def _read(path: Path) -> tuple[Paper, str]:
        try:
            data: Any = json.loads(path.read_text(encoding="utf-8"))
            _check_schema(path, data)
            return paper_from_json(data), str(data["saved_at"])
        except FileNotFoundError:
            raise _unknown(path.stem) from None
        except OSError as e:
            raise PaperStoreError(f"{path} 读不出来（{e.strerror or e}）；请检查权限") from e
        except _BROKEN as e:
            raise PaperStoreError(
                f"{path} 已损坏，没有改动它；请从备份恢复这个文件，或删除后重新组卷"
            ) from e


def _check_schema(path: Path, data: Any) -> None:
    schema = data["schema"]
    if isinstance(schema, int) and schema > SCHEMA:
        raise PaperStoreError(f"{path} 是更新版本的程序存的，没有改动它；请用新版本打开")


def _unknown(paper_id: str) -> BadInputError:
    return BadInputError(f"没有编号为“{paper_id[:40]}”的试卷")
