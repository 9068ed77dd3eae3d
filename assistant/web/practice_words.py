"""Times and amounts of practice in the words of the page."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from assistant.practice.schedule import BEIJING, Memory, is_due


def due_words(memory: Memory, now: datetime, zone: tzinfo = BEIJING) -> str:
    """Return when a question comes again: 现在, 8 分钟后, 今天 15:04, 明天, 3 天后, 2027年1月5日."""
    if is_due(memory, now, zone):
        return "现在"
    at, today = memory.due.astimezone(zone), now.astimezone(zone)
    if not memory.settled and memory.due - now < timedelta(hours=1):
        minutes = max(round((memory.due - now).total_seconds() / 60), 1)
        return f"{minutes} 分钟后"
    days = (at.date() - today.date()).days
    if days == 0:
        return f"今天 {at:%H:%M}"
    if days == 1:
        return "明天"
    return f"{days} 天后" if days <= 60 else f"{at.year}年{at.month}月{at.day}日"


def left_words(days: int) -> str:
    """Return what is missing until a question leaves the wrong book."""
    return f"还要在 {days} 个不同的日子答对" if days else "已经答对，因为钉住而留着"
