"""Progress as drawings: days with practice, and mastery by topic. Each says in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.practice.progress import Mastery
from assistant.practice.standing import Day
from assistant.web.html import esc

_BOX, _GAP, _HEAD = 40, 6, 26
_WEEK = "一二三四五六日"
_STEPS = (("z-d0", 0), ("z-d1", 1), ("z-d2", 10), ("z-d3", 20))
"""The look of a day by how many questions were answered, from so many on."""
_ROW, _BAR, _WIDE = 58, 18, 340
_TOPICS_MOST = 12


def days_svg(days: Sequence[tuple[date, Day]]) -> str:
    """Return the days as a calendar, a week a row from Monday; every box has its count in it."""
    if not days:
        return ""
    first = days[0][0].weekday()
    rows = (first + len(days) + 6) // 7
    width, height = 7 * (_BOX + _GAP) - _GAP, _HEAD + rows * (_BOX + _GAP)
    heads = "".join(
        f'<text class="z-dayname" x="{n * (_BOX + _GAP) + _BOX / 2:g}" y="16">{name}</text>'
        for n, name in enumerate(_WEEK)
    )
    boxes = "".join(_day_box(first + n, d, x) for n, (d, x) in enumerate(days))
    active = sum(x.answered > 0 for _, x in days)
    said = f"最近 {len(days)} 天里有 {active} 天练习过，共答 {sum(x.answered for _, x in days)} 题"
    return _svg("z-days", width, height, said, heads + boxes)


def _day_box(place: int, day: date, done: Day) -> str:
    x, y = place % 7 * (_BOX + _GAP), _HEAD + place // 7 * (_BOX + _GAP)
    look = next(name for name, least in reversed(_STEPS) if done.answered >= least)
    said = f"{day.month}月{day.day}日：{done.answered} 题" + (
        f"，对 {done.right} 题" if done.answered else ""
    )
    shown = done.answered or "·"
    return (
        f'<g class="{look}"><title>{said}</title><rect x="{x}" y="{y}" width="{_BOX}" '
        f'height="{_BOX}" rx="6"/><text x="{x + _BOX / 2:g}" y="{y + 26}">{shown}</text></g>'
    )


def topics_svg(topics: Sequence[Mastery]) -> str:
    """Return a bar for each of the first topics: mastered, right last time, asked."""
    shown = topics[:_TOPICS_MOST]
    if not shown:
        return ""
    bars = "".join(_bar(n, m) for n, m in enumerate(shown))
    said = "；".join(
        f"{m.topic}：做过 {m.asked} 题，上次答对 {m.right} 题，掌握 {m.mastered} 题" for m in shown
    )
    return _svg("z-topics", _WIDE, len(shown) * _ROW, f"各专项掌握情况。{said}", bars)


def _bar(n: int, m: Mastery) -> str:
    y = n * _ROW
    right, mastered = (round(_WIDE * part / m.asked) for part in (m.right, m.mastered))
    figures = f"掌握 {m.mastered} / {m.asked}"
    return (
        f'<text class="z-topicname" x="0" y="{y + 20}">{esc(m.topic)}</text>'
        f'<text class="z-topicfig" x="{_WIDE}" y="{y + 20}">{figures}</text>'
        f'<rect class="z-b0" x="0" y="{y + 28}" width="{_WIDE}" height="{_BAR}" rx="4"/>'
        f'<rect class="z-b1" x="0" y="{y + 28}" width="{right}" height="{_BAR}" rx="4"/>'
        f'<rect class="z-b2" x="0" y="{y + 28}" width="{mastered}" height="{_BAR}" rx="4"/>'
    )


def _svg(name: str, width: int, height: int, said: str, body: str) -> str:
    return (
        f'<svg class="{name}" viewBox="0 0 {width} {height}" role="img" aria-label="{esc(said)}">'
        f"{body}</svg>"
    )
