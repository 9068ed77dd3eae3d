"""Papers that somebody is working on: kept after every change, found by an id nobody guesses.

A reload or a closed window loses nothing. One JSON file each; old ones are cleared away.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, BadInputError
from assistant.files import replace_file
from assistant.quiz.codec import paper_from_json, paper_json
from assistant.quiz.paper import Paper
from kb.catalog import Catalog

MOST_UNDONE = 5
"""How many changes can be taken back."""
MOST_DRAFTS = 300
LONGEST_KEPT = 60 * 24 * 3600
"""Seconds after its last change until a draft may be cleared away."""
_FORMAT, _SCHEMA = "zhize-draft", 1
_ID = re.compile(r"[0-9a-f]{24}")
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
NOT_THERE = "这份没有保存的试卷已经不在了；请重新组卷，或从“已存试卷”里打开"


class DraftError(AssistantError):
    """A draft cannot be kept or read; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper with what it was before its last changes, the newest last.

    `revision` counts the changes. `saved_id` is the saved paper that it came from or became;
    `clean` tells that nothing has changed since.
    """

    id: str
    paper: Paper
    revision: int = 1
    before: tuple[Paper, ...] = ()
    saved_id: str = ""
    clean: bool = False

    def changed(self, paper: Paper) -> Draft:
        """Return the draft with another paper; the one before can be had back."""
        before = (*self.before, self.paper)[-MOST_UNDONE:]
        return replace(self, paper=paper, revision=self.revision + 1, before=before, clean=False)

    def undone(self) -> Draft:
        """Return the draft as it was before the last change; BadInputError if there is none."""
        if not self.before:
            raise BadInputError("没有可以撤销的改动")
        return replace(
            self, paper=self.before[-1], revision=self.revision + 1, before=self.before[:-1],
            clean=False,
        )  # fmt: skip

    def saved(self, paper: Paper, saved_id: str) -> Draft:
        """Return the draft as it is once `paper` is saved under `saved_id`."""
        return replace(self, paper=paper, revision=self.revision + 1, saved_id=saved_id, clean=True)


class DraftStore:
    """The drafts of one folder, or of this process alone if `root` is None."""

    def __init__(
        self,
        root: Path | None,
        now: Callable[[], float] = time.time,
        token: Callable[[], str] = lambda: secrets.token_hex(12),
    ) -> None:
        self._root, self._now, self._token = root, now, token
        self._memory: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def begin(self, paper: Paper, catalog: Catalog, saved_id: str = "") -> Draft:
        """Keep a new draft and return it; with `saved_id` it stands as that saved paper does."""
        draft = Draft(self._token(), paper, saved_id=saved_id, clean=bool(saved_id))
        self._clear_away()
        return self.put(draft, catalog)

    def put(self, draft: Draft, catalog: Catalog) -> Draft:
        """Keep a draft as it is now and return it; DraftError if it cannot be written."""
        row = {
            "format": _FORMAT,
            "schema": _SCHEMA,
            "revision": draft.revision,
            "saved_id": draft.saved_id,
            "clean": draft.clean,
            "paper": paper_json((draft.paper,), catalog),
            "before": [paper_json((p,), catalog) for p in draft.before],
        }
        data = json.dumps(row, ensure_ascii=False).encode()
        path = self._path(draft.id)
        if path is None:
            self._memory[draft.id] = data
            return draft
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
        except OSError as e:
            raise DraftError(
                f"试卷暂存不下（{e.strerror or e}）；请清出磁盘空间或检查权限后再试"
            ) from e
        return draft

    def get(self, draft_id: str) -> Draft:
        """Return a draft; BadInputError if there is none of that id, DraftError if damaged."""
        path = self._path(draft_id)
        try:
            raw = self._memory[draft_id] if path is None else path.read_bytes()
        except (KeyError, FileNotFoundError):
            raise BadInputError(NOT_THERE) from None
        except OSError as e:
            raise DraftError(f"试卷读不出来（{e.strerror or e}）；请检查权限") from e
        try:
            return _decode(draft_id, json.loads(raw))
        except _BROKEN as e:
            raise DraftError("这份没有保存的试卷已损坏；请重新组卷，或从“已存试卷”里打开") from e

    def change(
        self,
        draft_id: str,
        revision: int,
        catalog: Catalog,
        change: Callable[[Draft], Draft],
    ) -> Draft:
        """Keep and return what `change` makes of a draft.

        BadInputError if it has been changed since `revision`, which another window did.
        """
        made = change(self._at(draft_id, revision))  # may take seconds; others need not wait
        with self._lock:
            self._at(draft_id, revision)
            return self.put(made, catalog)

    def _at(self, draft_id: str, revision: int) -> Draft:
        draft = self.get(draft_id)
        if draft.revision != revision:
            raise BadInputError("这份试卷刚在别的窗口里改过；请刷新页面后再改")
        return draft

    def _path(self, draft_id: str) -> Path | None:
        if not _ID.fullmatch(draft_id):
            raise BadInputError(NOT_THERE)
        return None if self._root is None else self._root / f"{draft_id}.json"

    def _clear_away(self) -> None:
        """Delete drafts that nobody touched for long, or that are too many; the oldest first."""
        if self._root is None:
            while len(self._memory) >= MOST_DRAFTS:
                del self._memory[next(iter(self._memory))]
            return
        try:
            kept = sorted(
                (
                    (p.stat().st_mtime, p)
                    for p in self._root.glob("*.json")
                    if _ID.fullmatch(p.stem)
                ),
                key=lambda x: (-x[0], x[1].name),
            )
            for n, (at, path) in enumerate(kept, 1):
                if n >= MOST_DRAFTS or self._now() - at > LONGEST_KEPT:
                    path.unlink(missing_ok=True)
        except OSError:  # what cannot be cleared away now stays until the next time
            return


def _decode(draft_id: str, row: Any) -> Draft:
    if row["format"] != _FORMAT or row["schema"] != _SCHEMA:
        raise ValueError(f"schema {row['schema']!r} is not {_SCHEMA}")
    return Draft(
        draft_id,
        paper_from_json(row["paper"]),
        int(row["revision"]),
        tuple(map(paper_from_json, row["before"])),
        str(row["saved_id"]),
        bool(row["clean"]),
    )
