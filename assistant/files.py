"""Files that are there whole or not at all: written aside, moved in by one rename."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def replace_file(path: Path, data: bytes) -> None:
    """Make `data` the content of `path`; on OSError the file is as it was, and nothing lies aside.

    A link is followed, so that what it points to is replaced, not the link; a file that was there
    keeps its mode.
    """
    target = path.resolve()
    aside = target.with_name(f".{target.name[:40]}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with aside.open("xb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        with contextlib.suppress(FileNotFoundError):
            aside.chmod(stat.S_IMODE(target.stat().st_mode))
        aside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file; waits while another process has it. A dead process holds nothing."""
    with path.open("a+b") as f:
        if sys.platform == "win32":  # pragma: no cover
            import msvcrt

            f.seek(0)
            msvcrt.locking(f.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(f, fcntl.LOCK_EX)
        yield


class InUse:
    """A sign that something is in use, which many may hold at once, or one alone.

    The system takes it back when the process ends, however it ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def share(self) -> bool:
        """Hold the sign with others; False if somebody holds it alone."""
        return self._take(alone=False)

    def take(self) -> bool:
        """Hold the sign alone; False if anybody else holds it."""
        return self._take(alone=True)

    def let_go(self) -> None:
        """Hold it no longer."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self, *, alone: bool) -> bool:
        f = self._path.open("a+b")
        if sys.platform != "win32":  # there a file that is open cannot be renamed anyway
            import fcntl

            try:
                fcntl.flock(f, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BlockingIOError:
                f.close()
                return False
        self._file = f
        return True
