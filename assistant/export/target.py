"""Where an export goes: checked before anything is made, written whole or not at all."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from assistant.errors import BadInputError
from assistant.files import replace_file


def check_target(path: Path, endings: Collection[str]) -> None:
    """BadInputError says what is wrong with `path` as a file to write; `endings` like .docx."""
    if path.suffix.lower() not in endings:
        raise BadInputError(f"{path} 的后缀不对；请用 {' 或 '.join(endings)} 结尾的文件名")
    try:
        if path.is_dir():
            raise BadInputError(f"{path} 是一个文件夹；请给出文件名")
        folder = path.parent
        if not folder.is_dir():
            raise BadInputError(f"没有文件夹 {folder}；请先建好，或换一个地方")
    except OSError as e:
        raise _unwritable(path, e) from e


def save(path: Path, data: bytes) -> None:
    """Make `data` the file at `path`; BadInputError if that cannot be done, nothing is changed."""
    try:
        replace_file(path, data)
    except OSError as e:
        raise _unwritable(path, e) from e


def _unwritable(path: Path, e: OSError) -> BadInputError:
    return BadInputError(
        f"{path} 写不进去（{e.strerror or e}）；请关掉打开着它的程序，检查权限和磁盘空间，或换一个地方"
    )
