"""What every reader returns: lines with their place in the file, and what to tell the keeper."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 50 * 1024 * 1024
"""The largest file that is read; the longest statute as a PDF has about one hundredth of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed. `page` and `paragraph` count from 1; `page` is 0 where there are none."""

    text: str
    paragraph: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class RawText:
    """A file as text.

    `wrapped` is True where the lines may have been cut by the width of a page, False where each
    is a whole paragraph. `warnings` are worth knowing; `problems` must be looked at before
    anybody relies on the text. Both are in Chinese, for the keeper.
    """

    lines: tuple[Line, ...]
    format: str
    wrapped: bool = True
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    pages: int = 0

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(line.text for line in self.lines)
