"""Files that are there whole or not at all: written aside, moved in by one rename."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path


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
