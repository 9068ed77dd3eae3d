"""The file of a backup: a tar packed with Zstandard, with a manifest of hashes as its last entry."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import zstandard

from assistant.backup.errors import BackupError
from assistant.errors import BadInputError

FORMAT, SCHEMA = "zhize-backup", 1
MANIFEST = "manifest.json"
ENDING = ".tar.zst"
_CHUNK = 1 << 20
_LEVEL = 6
_BROKEN = (
    tarfile.TarError, zstandard.ZstdError, EOFError, ValueError, KeyError, TypeError,
    AttributeError,
)  # fmt: skip
DAMAGED = "已损坏或没有下载完整，没有改动任何数据；请换一份备份"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: `kind` is sqlite (a database file) or rows (JSON lines).

    `revision` is that of the tables, `counts` the rows of each table, `files` the hash of each
    entry. `made_at` is in UTC.
    """

    made_at: str
    program: str
    kind: str
    revision: str
    counts: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)


def pack(target: Path, entries: Iterable[tuple[str, Path]], manifest: Manifest) -> Manifest:
    """Write a backup to `target`, whole or not at all; returns its manifest with the hashes.

    OSError if it cannot be written. An entry that has gone meanwhile is left out.
    """
    aside = target.with_name(f".{target.name[:40]}-{os.getpid()}-{secrets.token_hex(4)}")
    hashes: dict[str, str] = {}
    try:
        with aside.open("xb") as raw:
            os.chmod(aside, 0o600)  # noqa: PTH101
            packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
            with (
                packer.stream_writer(raw, closefd=False) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                for name, path in entries:
                    with contextlib.suppress(FileNotFoundError), path.open("rb") as f:
                        hashes[name] = _add(tar, name, f)
                full = Manifest(**{**asdict(manifest), "files": hashes})
                row = {"format": FORMAT, "schema": SCHEMA, **asdict(full)}
                data = json.dumps(row, ensure_ascii=False, indent=1).encode()
                _add(tar, MANIFEST, io.BytesIO(data))
            raw.flush()
            os.fsync(raw.fileno())
        aside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    return full


def _add(tar: tarfile.TarFile, name: str, f: BinaryIO) -> str:
    """Add an entry and return its hash; a file that grows meanwhile is cut where it ended."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = f.seek(0, io.SEEK_END), 0o600
    f.seek(0)
    hashed = _Hashing(f)
    tar.addfile(info, hashed)
    return hashed.hexdigest()


class _Hashing:
    """Reads on, and hashes what was read."""

    def __init__(self, f: BinaryIO) -> None:
        self._f, self._hash = f, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._f.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def unpack(source: Path, folder: Path) -> Manifest:
    """Write the entries of a backup below `folder`, checked against their hashes.

    BadInputError if it cannot be read; BackupError if it is no backup, damaged, or made by a newer
    program. OSError if `folder` cannot be written.
    """
    try:
        with source.open("rb") as raw:
            hashes, data = _unpack(raw, folder)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as e:
        raise BadInputError(f"{source} 读不出来（{e.strerror}）；请给出备份文件") from e
    except _BROKEN as e:
        raise BackupError(f"{source} 不是知责的备份，或{DAMAGED}") from e
    return _checked(source, data, hashes)


def _unpack(raw: BinaryIO, folder: Path) -> tuple[dict[str, str], bytes]:
    hashes: dict[str, str] = {}
    manifest = b""
    with (
        zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as packed,
        tarfile.open(fileobj=packed, mode="r|") as tar,
    ):
        for info in tar:
            f = tar.extractfile(info) if info.isreg() else None
            if f is None:
                raise ValueError(f"{info.name} is not a file")
            if info.name == MANIFEST:
                manifest = f.read()
                continue
            if info.name in hashes:
                raise ValueError(f"{info.name} is there twice")
            hashes[info.name] = _write(f, _place(folder, info.name))  # type: ignore[arg-type]
    return hashes, manifest


def _place(folder: Path, name: str) -> Path:
    """Where an entry goes, which is below `folder` whatever its name says."""
    parts = PurePosixPath(name).parts
    if not parts or any(p in ("..", "/") or ":" in p or "\\" in p for p in parts):
        raise ValueError(f"{name} leads elsewhere")
    return folder.joinpath(*parts)


def _write(f: BinaryIO, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    hashed = hashlib.sha256()
    with path.open("xb") as out:
        while chunk := f.read(_CHUNK):
            hashed.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return hashed.hexdigest()


def _checked(source: Path, data: bytes, hashes: dict[str, str]) -> Manifest:
    try:
        row: Any = json.loads(data)
        if row.pop("format") != FORMAT:
            raise ValueError("format")
        if row.pop("schema") > SCHEMA:
            raise BackupError(f"{source} 是更新版本的程序做的备份；请用新版本恢复")
        manifest = Manifest(**row)
    except _BROKEN as e:
        raise BackupError(f"{source} 不是知责的备份，或{DAMAGED}") from e
    if manifest.files != hashes:
        raise BackupError(f"{source} 里的文件与清单不符，{DAMAGED}")
    return manifest
