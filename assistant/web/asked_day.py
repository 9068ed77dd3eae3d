"""A day as people type it."""

from __future__ import annotations

from datetime import date

from assistant.errors import BadInputError


def parse_day(text: str) -> date | None:
    """Return the day in `text`, None if it is blank; BadInputError says how to write one."""
    day = text.strip()
    if not day:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise BadInputError(f"“{day[:20]}”不是日期；请写成 2021-09-01 这样，或者留空") from None
