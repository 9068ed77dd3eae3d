"""The write side of `<data>/imports/`: whatever happens, the old state or the new one is there.

A wording is written aside and moved in by one rename; nothing is ever deleted. `kb.imports`
says how the folder is laid out and reads it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from assistant.errors import AssistantError, BadInputError
from kb.imports import DOCUMENT, Imported, Imports, ImportState, encode, load_imports

HISTORY = "history.jsonl"
REMOVED = "removed"
_LOCK = ".lock"
_ASIDE = ".incoming-"


class ImportingError(AssistantError):
    """The store cannot be written, or somebody else is writing it; says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `action` is import, replace, pending, confirm, remove or discard."""

    at: str
    action: str
    id: str
    version: int
    title: str
    file: str
    sha256: str


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(timezone.utc)


class ImportStore:
    """The imports under one folder. One writer at a time, across threads and processes."""

    def __init__(self, root: Path, now: Callable[[], datetime] = utc_now) -> None:
        self.root, self._now = root, now

    def read(self) -> Imports:
        """Return what is stored."""
        return load_imports(self.root)

    def stamp(self) -> str:
        """The current time in UTC, as it is stored."""
        return self._now().astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for writing; ImportingError if another import is going on.

        A writer that was killed holds nothing; what it left aside is swept.
        """
        with _guarded(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            with _locked(self.root / _LOCK):
                for left in self.root.glob(f"{_ASIDE}*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield

    def put(self, imported: Imported, source: Path) -> Imported:
        """Store a wording with its original as the newest of its document, and return it.

        Call it while `writing`. The wordings before it stay where they are.
        """
        held = self.read()
        known = held.known.get(imported.id, ())
        stored = replace(imported, generation=max(known, default=0) + 1)
        aside = self.root / f"{_ASIDE}{os.getpid()}"
        aside.mkdir()
        _copy(source, aside / stored.original.file)
        if _hash(aside / stored.original.file) != stored.original.sha256:
            raise ImportingError("文件在读过以后又变了，没有导入；请重新选择文件再试")
        _write(aside / DOCUMENT, encode(stored))
        _sync(aside)
        folder = self.root / stored.id
        folder.mkdir(exist_ok=True)
        _sync(self.root)
        _move(aside, folder / f"{stored.generation:04d}")
        action = "replace" if any(i.id == stored.id for i in held.confirmed) else "import"
        self._record("pending" if stored.state is ImportState.PENDING else action, stored)
        return stored

    def confirm(self, doc_id: str) -> Imported:
        """Make the wording that waits the one that is answered from; BadInputError if none does."""
        waiting = next((i for i in self.read().pending if i.id == doc_id), None)
        if waiting is None:
            raise BadInputError(f"没有编号为 {doc_id} 的待确认文件")
        confirmed = replace(waiting, state=ImportState.CONFIRMED)
        folder = self.root / doc_id / f"{waiting.generation:04d}"
        aside = folder / f".{DOCUMENT}-{os.getpid()}"
        _write(aside, encode(confirmed))
        _move(aside, folder / DOCUMENT)
        self._record("confirm", confirmed)
        return confirmed

    def remove(self, doc_id: str, *, pending_only: bool = False) -> Path:
        """Move a document (or only its wording that waits) to removed/ and return where it is now.

        BadInputError if there is none of that id. Importing the original again undoes it.
        """
        found = self.read()
        numbers = found.known.get(doc_id)
        waiting = next((i for i in found.pending if i.id == doc_id), None)
        if not numbers or (pending_only and waiting is None):
            raise BadInputError(
                f"没有导入过编号为 {doc_id} 的文件；全部导入见 zhize sources history"
            )
        removed = self.root / REMOVED
        removed.mkdir(exist_ok=True)
        part = f"{doc_id}-{waiting.generation:04d}" if pending_only and waiting else doc_id
        target = _free(removed / f"{part}-{self._now().astimezone(timezone.utc):%Y%m%dT%H%M%SZ}")
        held = next((i for i in (*found.confirmed, *found.pending) if i.id == doc_id), None)
        if pending_only and waiting:
            held = waiting
            _move(self.root / doc_id / f"{waiting.generation:04d}", target)
        else:
            _move(self.root / doc_id, target)
        self._record("discard" if pending_only else "remove", held, doc_id, numbers[0])
        return target

    def history(self) -> tuple[Entry, ...]:
        """Return what happened, oldest first; a line that was cut short is passed over."""
        try:
            lines = (self.root / HISTORY).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return ()
        except OSError as e:
            raise ImportingError(f"{self.root / HISTORY} 读不出来（{e.strerror}）") from e
        out: list[Entry] = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):
                out.append(Entry(**json.loads(line)))
        return tuple(out)

    def _record(
        self, action: str, imported: Imported | None, doc_id: str = "", version: int = 0
    ) -> None:
        i = imported
        entry = Entry(
            self.stamp(),
            action,
            i.id if i else doc_id,
            i.generation if i else version,
            i.facts.title if i else "",
            i.original.name if i else "",
            i.original.sha256 if i else "",
        )
        _append(self.root / HISTORY, json.dumps(asdict(entry), ensure_ascii=False))


def original_of(root: Path, imported: Imported) -> Path:
    """Return where the original of a stored wording lies."""
    return root / imported.id / f"{imported.generation:04d}" / imported.original.file


@contextlib.contextmanager
def _guarded(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        raise ImportingError(
            f"写不进 {root}（{e.strerror or e}）；请清出磁盘空间或检查权限后再试，原有文件没有改动"
        ) from e


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system gives back when this process ends, however it ends."""
    busy = ImportingError("另一个导入正在进行；请等它结束后再试")
    with path.open("a+b") as f:
        try:
            if sys.platform == "win32":  # pragma: no cover
                import msvcrt

                f.seek(0)
                msvcrt.locking(f.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise busy from None
        yield


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as old, target.open("wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


def _move(aside: Path, target: Path) -> None:
    """The one step that changes what is stored."""
    aside.replace(target)
    _sync(target.parent)


def _append(path: Path, line: str) -> None:
    """Add a line, on a line of its own even if the one before it was cut short."""
    with path.open("a+b") as f:
        if f.tell():
            f.seek(-1, os.SEEK_END)
            line = line if f.read(1) == b"\n" else f"\n{line}"
        f.write(f"{line}\n".encode())
        f.flush()
        os.fsync(f.fileno())


def _sync(folder: Path) -> None:
    if sys.platform == "win32":  # pragma: no cover (folders cannot be opened there)
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free(path: Path) -> Path:
    """Return `path`, or with a number behind it where something of that name is already there."""
    n = 1
    free = path
    while free.exists():
        n += 1
        free = path.with_name(f"{path.name}-{n}")
    return free
