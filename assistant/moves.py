"""Several renames that happen all or none, whatever ends the program between them.

What is to be moved is written down first; whoever opens the folder next finishes what was begun.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from assistant.files import replace_file

JOURNAL = ".moving.json"
Moves = Sequence[tuple[Path, Path]]


class Moving:
    """Renames within a folder, kept when the block ends well and taken back when it raises."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._journal = folder, folder / JOURNAL
        self._done: Moves = ()

    def __enter__(self) -> Moving:
        return self

    def do(self, moves: Moves) -> None:
        """Do the moves in order; OSError if one cannot be done. Nothing may be at their targets."""
        rows = [[_inside(self._folder, a), _inside(self._folder, b)] for a, b in moves]
        replace_file(self._journal, json.dumps(rows).encode())
        self._done = moves
        for source, target in moves:
            if target.exists():
                raise FileExistsError(17, "已有同名的文件", str(target))
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            _do_rest([(b, a) for a, b in reversed(self._done)])
        self._journal.unlink(missing_ok=True)


def finish_moves(folder: Path) -> bool:
    """Finish moves that a program began and did not end; False if there were none.

    OSError if they cannot be finished now; they are tried again the next time.
    """
    journal = folder / JOURNAL
    try:
        rows = json.loads(journal.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return False
    _do_rest([(folder / a, folder / b) for a, b in rows])
    journal.unlink()
    return True


def _inside(folder: Path, path: Path) -> str:
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path.absolute())


def _do_rest(moves: Moves) -> None:
    """Do the moves that are not done yet: what is at its target was moved already."""
    for source, target in moves:
        if source.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
