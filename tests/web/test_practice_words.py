from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant.practice.progress import Mastery
from assistant.practice.schedule import Recall, reviewed
from assistant.practice.standing import Day
from assistant.web.practice_svg import days_svg, topics_svg
from assistant.web.practice_words import due_words
from tests.assistant.practice.fakes import DAY, NOON
from tests.web.markup import parsed

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (0 * MINUTE, "10 分钟后"),
        (2 * MINUTE, "8 分钟后"),
        (9.9 * MINUTE, "1 分钟后"),
        (10 * MINUTE, "现在"),
        (5 * DAY, "现在"),
    ],
)
def test_what_was_missed_is_due_in_minutes(later: timedelta, words: str) -> None:
    assert due_words(reviewed(None, Recall.MISSED, NOON), NOON + later) == words


@pytest.mark.parametrize(
    ("reviews", "later", "words"),
    [
        (1, 0 * DAY, "2 天后"),
        (1, 1 * DAY, "明天"),
        (1, 2 * DAY - 6 * 60 * MINUTE, "现在"),
        (2, 0 * DAY, "11 天后"),
        (4, 0 * DAY, "2027年7月2日"),
    ],
)
def test_what_is_known_is_due_in_days(reviews: int, later: timedelta, words: str) -> None:
    memory, at = None, NOON
    for _ in range(reviews):
        memory = reviewed(memory, Recall.KNOWN, at)
        at, last = memory.due, at
    assert memory is not None
    assert due_words(memory, last + later) == words


def test_days_stand_in_weeks_and_say_what_they_count() -> None:
    monday = date(2026, 11, 16)
    days = [(monday + n * DAY, Day(n * 5, n)) for n in range(8)]
    drawing = parsed(days_svg(days))
    titles = [t.text() for t in drawing.css("title")]
    assert titles[:2] == ["11月16日：0 题", "11月17日：5 题，对 1 题"]
    rows = {r.attributes["y"] for r in drawing.css("rect")}
    assert len(rows) == 2
    looks = [g.attributes["class"] for g in drawing.css("g")]
    assert looks == ["z-d0", "z-d1", "z-d2", "z-d2", "z-d3", "z-d3", "z-d3", "z-d3"]


def test_bars_are_as_long_as_what_they_count() -> None:
    drawing = parsed(topics_svg([Mastery("消防<b>", 4, 3, 1), Mastery("燃气", 1, 0, 0)]))
    widths = {
        name: [float(r.attributes["width"]) for r in drawing.css(f"rect.z-{name}")]
        for name in ("b0", "b1", "b2")
    }
    assert widths == {"b0": [340, 340], "b1": [255, 0], "b2": [85, 0]}
    assert drawing.css("b") == []


def test_nothing_is_drawn_of_nothing() -> None:
    assert days_svg(()) == topics_svg(()) == ""
