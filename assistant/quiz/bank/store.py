"""Where imported banks are kept: the original file with its hash, and the questions read from it.

Every bank is one folder, written aside and moved in by one rename; removed banks go to removed/.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, BadInputError
from assistant.files import held
from assistant.quiz.bank.model import (
    BankQuestion,
    Imported,
    Mapping,
    Problem,
    Repeat,
    Role,
    SheetMapping,
)
from assistant.quiz.bank.read import parse_bank
from assistant.quiz.model import Kind

_RECORD = "bank.json"
_FORMAT = 1
_ASIDE = ".incoming-"
_REMOVED = "removed"


class BankStoreError(AssistantError):
    """The banks cannot be written or read; says what to do."""


@dataclass(frozen=True, slots=True)
class Bank:
    """One kept bank. `file` is the name it came with, `at` the time of import in UTC."""

    id: str
    file: str
    sha256: str
    at: str
    imported: Imported
    mapping: Mapping


class BankStore:
    """The banks under one folder (data/banks). One writer at a time."""

    def __init__(self, root: Path, now: Callable[[], datetime]) -> None:
        self.root, self._now = root, now

    def add(self, path: Path, mapping: Mapping | None = None) -> tuple[Bank, bool]:
        """Keep the file with its questions; returns the bank and False if it was there already.

        The same bytes are the same bank; with a corrected `mapping` they are read anew and take
        its place. BadInputError if the file is no bank: then nothing is written.
        """
        try:
            data = path.read_bytes()
        except OSError as e:
            raise BadInputError(f"{path} 读不出来（{e.strerror or e}）") from e
        digest = hashlib.sha256(data).hexdigest()
        found = parse_bank(data, path.name)
        wanted = mapping or found.mapping
        with self._writing():
            before = next((b for b in self.list() if b.sha256 == digest), None)
            if before is not None and (mapping is None or mapping == before.mapping):
                return before, False
            bank = Bank(
                before.id if before else f"b{digest[:12]}", path.name, digest, self._stamp(),
                found.imported(wanted), wanted,
            )  # fmt: skip
            self._put(bank, data, replaces=before is not None)
            return bank, True

    def list(self) -> tuple[Bank, ...]:
        """Return all banks, oldest first; one whose record cannot be read is told by an error."""
        if not self.root.is_dir():
            return ()
        folders = [p for p in self.root.iterdir() if (p / _RECORD).is_file()]
        banks = [_decode(p / _RECORD) for p in folders if not p.name.startswith(".")]
        return tuple(sorted(banks, key=lambda b: (b.at, b.id)))

    def get(self, bank_id: str) -> Bank:
        """Return one bank; BadInputError if there is none of that id."""
        found = next((b for b in self.list() if b.id == bank_id), None)
        if found is None:
            raise BadInputError(f"没有编号为 {bank_id} 的题库")
        return found

    def original(self, bank: Bank) -> Path:
        """Return where the file lies that the bank was read from."""
        return self.root / bank.id / f"original{Path(bank.file).suffix.lower()}"

    def remove(self, bank_id: str) -> Path:
        """Move a bank to removed/ and return where it is now; BadInputError if there is none."""
        with self._writing():
            self.get(bank_id)
            target = self.root / _REMOVED / f"{bank_id}-{self._now():%Y%m%dT%H%M%S%f}"
            target.parent.mkdir(exist_ok=True)
            (self.root / bank_id).replace(target)
            return target

    def _stamp(self) -> str:
        return self._now().astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _put(self, bank: Bank, data: bytes, *, replaces: bool) -> None:
        aside = self.root / f"{_ASIDE}{os.getpid()}"
        aside.mkdir()
        try:
            (aside / self.original(bank).name).write_bytes(data)
            (aside / _RECORD).write_text(_encode(bank), encoding="utf-8")
            if replaces:
                old = self.root / _REMOVED / f"{bank.id}-{self._now():%Y%m%dT%H%M%S%f}"
                old.parent.mkdir(exist_ok=True)
                (self.root / bank.id).replace(old)
            aside.replace(self.root / bank.id)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with held(self.root / ".lock"):
                for left in self.root.glob(f"{_ASIDE}*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield
        except OSError as e:
            raise BankStoreError(
                f"写不进 {self.root}（{e.strerror or e}）；请清出磁盘空间或检查权限后再试"
            ) from e


def _encode(bank: Bank) -> str:
    return json.dumps({"format": _FORMAT, **asdict(bank)}, ensure_ascii=False, indent=1)


def _decode(path: Path) -> Bank:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("format") != _FORMAT:
            raise ValueError("format")
        return Bank(
            data["id"], data["file"], data["sha256"], data["at"],
            _imported(data["imported"]), _mapping(data["mapping"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise BankStoreError(
            f"{path} 已损坏，读不出来；请从备份恢复，或移走 {path.parent} 后重新导入"
        ) from e


def _imported(data: dict[str, Any]) -> Imported:
    questions = tuple(
        BankQuestion(**{
            **q, "kind": Kind(q["kind"]), "options": tuple(q["options"]), "answer": tuple(q["answer"]),
        })
        for q in data["questions"]
    )  # fmt: skip
    problems = tuple(Problem(**p) for p in data["problems"])
    return Imported(
        questions,
        problems,
        tuple(Repeat(**r) for r in data["repeats"]),
        tuple(Repeat(**r) for r in data["conflicts"]),
    )


def _mapping(data: dict[str, Any]) -> Mapping:
    return Mapping(
        tuple(
            SheetMapping(
                m["sheet"], tuple(Role(r) for r in m["roles"]), m["first"],
                Kind(m["kind"]) if m["kind"] else None,
            )
            for m in data["sheets"]
        )
    )  # fmt: skip
