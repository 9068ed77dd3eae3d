"""Streak, mastery by topic and counts, computed from where a person stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from assistant.practice.schedule import BEIJING, is_due
from assistant.practice.standing import Day, Standing, Trail
from assistant.practice.wrong_book import DAYS, put_right, wrong

MASTERED = f"在不同的 {DAYS} 天都答对，中间没有再错，算掌握"
"""What mastery means, as pages say it."""


@dataclass(frozen=True, slots=True)
class Mastery:
    """How many questions of a topic were asked, answered rightly last time, and mastered."""

    topic: str
    asked: int
    right: int
    mastered: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page 进步 shows.

    `streak` counts the days in a row with an answer, up to today or yesterday; `days` are the
    last ones with today at the end; `questions` are different ones; `due` those due now.
    """

    streak: int
    longest: int
    days: tuple[tuple[date, Day], ...]
    answered: int
    right: int
    questions: int
    mastered: int
    wrong: int
    due: int
    topics: tuple[Mastery, ...]


def progress(
    standing: Standing, now: datetime, zone: tzinfo = BEIJING, shown: int = 28
) -> Progress:
    """Return the progress at `now`; the last `shown` days are listed."""
    today = now.astimezone(zone).date()
    trails = standing.trails.values()
    span = [today - timedelta(days=n) for n in reversed(range(shown))]
    return Progress(
        streak(frozenset(standing.days), today),
        longest(frozenset(standing.days)),
        tuple((day, standing.days.get(day, Day())) for day in span),
        standing.answered,
        standing.right,
        len(standing.trails),
        sum(put_right(t) for t in trails),
        sum(wrong(t) for t in trails),
        sum(is_due(t.memory, now, zone) for t in trails),
        mastery(standing),
    )


def mastery(standing: Standing) -> tuple[Mastery, ...]:
    """Return the topics, the one with most questions first; a question counts for its main one."""
    by_topic: dict[str, list[Trail]] = defaultdict(list)
    for trail in standing.trails.values():
        by_topic[trail.topics[0] if trail.topics else "其他"].append(trail)
    made = (
        Mastery(
            topic, len(trails), sum(t.last_right for t in trails), sum(put_right(t) for t in trails)
        )
        for topic, trails in by_topic.items()
    )
    return tuple(sorted(made, key=lambda m: (-m.asked, m.topic)))


def streak(days: frozenset[date], today: date) -> int:
    """Return how many days in a row end today, or yesterday if today has none yet."""
    day = today if today in days else today - timedelta(days=1)
    count = 0
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count


def longest(days: frozenset[date]) -> int:
    """Return the most days in a row."""
    best = run = 0
    before: date | None = None
    for day in sorted(days):
        run = run + 1 if before is not None and day - before == timedelta(days=1) else 1
        best, before = max(best, run), day
    return best
