"""From when until when: days of China as people write them, times in UTC as the log has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from assistant.errors import BadInputError
from assistant.practice.schedule import BEIJING

DAYS = 30
"""How many days a period has if nobody says."""
MOST_DAYS = 732


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of the day `first` to the end of the day `last`."""

    first: date
    last: date
    zone: tzinfo = BEIJING

    @property
    def since(self) -> datetime:
        """When it begins, in UTC."""
        return datetime.combine(self.first, time(), self.zone).astimezone(timezone.utc)

    @property
    def until(self) -> datetime:
        """When it is over, in UTC."""
        after = self.last + timedelta(days=1)
        return datetime.combine(after, time(), self.zone).astimezone(timezone.utc)

    @property
    def words(self) -> str:
        """2026年11月1日至2026年11月30日, or one day."""
        first, last = (f"{d.year}年{d.month}月{d.day}日" for d in (self.first, self.last))
        return first if self.first == self.last else f"{first}至{last}"


def period(first: str, last: str, now: datetime, zone: tzinfo = BEIJING) -> Period:
    """Return the period of two days like 2026-11-01, each may be ""; BadInputError if it is none.

    Without a last day it ends today, without a first one it has DAYS days.
    """
    end = _day(last) if last else now.astimezone(zone).date()
    begin = _day(first) if first else end - timedelta(days=DAYS - 1)
    if begin > end:
        raise BadInputError("开始的日子在结束的日子后面；请换过来")
    if (end - begin).days >= MOST_DAYS:
        raise BadInputError("一次最多看两年；请选短一点")
    return Period(begin, end, zone)


def _day(text: str) -> date:
    try:
        made = date.fromisoformat(text)
    except ValueError:
        made = date.min
    if not 2000 <= made.year <= 9000:
        raise BadInputError(f"“{text[:20]}”不是日期；请写成 2026-11-01")
    return made


def deadline(text: str, zone: tzinfo = BEIJING) -> datetime:
    """Return a time like 2026-11-30T18:00 in UTC; BadInputError if it is none."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        made = datetime.min
    if not 2000 <= made.year <= 9000:
        raise BadInputError("截止时间写得不对；请写成 2026-11-30T18:00")
    return (made if made.tzinfo else made.replace(tzinfo=zone)).astimezone(timezone.utc)
