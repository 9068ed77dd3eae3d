"""The view of the trainer as JSON for its page: times in words, provisions with their address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from html import unescape
from typing import Any

from assistant.accounts.model import Assignment, Person, is_guest
from assistant.practice.exam import PASS_SHARE
from assistant.quiz.model import Kind, Question
from assistant.training.attendance import Seat, State
from assistant.training.desk import Followed, Results, TrainingDesk
from assistant.training.items import FEWEST, Item
from assistant.training.results import FEW
from assistant.training.tally import Tally
from assistant.training.tasks import Task
from assistant.web.html import doc_href
from kb.catalog import Catalog
from kb.errors import KbError

GONE = "（账号已删除）"
MOST_ITEMS, MOST_PROVISIONS = 100, 50
"""How many lines the page shows; the workbook has all."""


def moment(at: datetime | None, zone: tzinfo) -> str:
    """Return a time like 2026-11-22 16:00 in that zone; "" for None."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def task_json(task: Task, zone: tzinfo) -> dict[str, Any]:
    """Return a task as the worker sees it."""
    given = task.assignment
    return {
        "id": given.id,
        "title": given.title,
        "exam": given.exam,
        "size": len(given.questions),
        "minutes": given.minutes,
        "due": moment(given.due_at, zone),
        "round": task.round.id if task.round else "",
        "done": task.done,
        "finished": task.finished,
    }


def assignment_json(given: Assignment, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """Return what was given, without its questions; `state` open, over or withdrawn."""
    over = "over" if now >= given.due_at else "open"
    return {
        "id": given.id,
        "unit": given.unit,
        "title": given.title,
        "exam": given.exam,
        "size": len(given.questions),
        "minutes": given.minutes,
        "guests": given.guests,
        "made_at": moment(given.made_at, zone),
        "due": moment(given.due_at, zone),
        "state": "withdrawn" if given.withdrawn_at else over,
    }


def followed_json(followed: Followed, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """Return an assignment with the counts of its progress, without the people.

    `unknown` counts those without an account, who are in none of the other counts.
    """
    found, others = followed.attendance, followed.guests
    return {
        **assignment_json(followed.assignment, now, zone),
        "unknown": {
            "people": len(others.seats),
            "begun": others.count(State.BEGUN),
            "finished": others.count(State.FINISHED),
        },
        "people": len(found.seats),
        "begun": found.count(State.BEGUN),
        "finished": found.count(State.FINISHED),
        "passed": found.passed,
        "mean": found.mean,
        "total": found.total,
    }


def progress_json(followed: Followed, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """Return an assignment with everybody's progress, those without an account apart."""
    seats = [_seat(s, followed.people, zone) for s in followed.attendance.seats]
    others = [_seat(s, followed.people, zone) for s in followed.guests.seats]
    enough = round(followed.attendance.total * PASS_SHARE, 2)
    return {**followed_json(followed, now, zone), "seats": seats, "others": others,
            "enough": enough}  # fmt: skip


def _seat(seat: Seat, people: Mapping[str, Person], zone: tzinfo) -> dict[str, Any]:
    return {
        **_person(seat.person, people),
        "state": seat.state.value,
        "state_words": seat.state.label,
        "answered": seat.answered,
        "right": seat.right,
        "score": seat.score,
        "passed": seat.passed,
        "begun_at": moment(seat.begun_at, zone),
        "finished_at": moment(seat.finished_at, zone),
        "late": seat.late,
        "by_clock": seat.by_clock,
    }


def results_json(desk: TrainingDesk, results: Results) -> dict[str, Any]:
    """Return results by person, topic, provision and question, the weakest first."""
    catalog, zone, found = desk.practice.live.current.catalog, desk.practice.zone, results.report
    asked = {i.question: desk.question(i) for i in found.items[:MOST_ITEMS]}
    return {
        "unit": {"id": results.unit.id, "name": results.unit.name},
        "period": results.period.words if results.period else "",
        "few": FEW,
        "total": {
            **_tally(found.total),
            "active": found.active,
            "people": len(found.people),
            "unknown": sum(is_guest(r.person) for r in found.people),
        },
        "people": [
            {
                **_person(r.person, results.people),
                **_tally(r.tally),
                "days": r.days,
                "last_at": moment(r.last_at, zone),
            }
            for r in found.people
        ],
        "topics": [{"topic": r.topic, **_tally(r.tally), "people": r.people} for r in found.topics],
        "provisions": [
            {**cited(r.provision, catalog), **_tally(r.tally), "people": r.people}
            for r in found.provisions[:MOST_PROVISIONS]
        ],
        "provisions_all": len(found.provisions),
        "items": [
            {**_item(i, asked[i.question]), **cited(i.provision, catalog)}
            for i in found.items[:MOST_ITEMS]
        ],
        "items_all": len(found.items),
    }


def _person(person: str, people: Mapping[str, Person]) -> dict[str, Any]:
    found = people.get(person)
    return {
        "person": person,
        "name": found.name if found else GONE,
        "account": found.account if found else "",
        "post": found.post if found else "",
    }


def _tally(counted: Tally) -> dict[str, Any]:
    return {"answered": counted.answered, "right": counted.right, "wrong": counted.wrong}


def _item(item: Item, question: Question | None) -> dict[str, Any]:
    return {
        "question": item.question,
        "stem": question.stem if question else "（题目已不在）",
        "label": Kind(item.kind).label,
        "answered": item.answered,
        "right": item.right,
        "difficulty": item.difficulty,
        "discrimination": item.discrimination,
        "discrimination_words": discrimination_words(item),
    }


def discrimination_words(item: Item) -> str:
    """Return what the discrimination of an item means, or why there is none."""
    if item.answered < FEWEST:
        return f"不到 {FEWEST} 人答，不算"
    value = item.discrimination
    if value is None:
        return "大家答得一样，算不出"
    if value < 0:
        return "反常：会的人反而错，请检查题目"
    return "好" if value >= 0.3 else "一般" if value >= 0.2 else "差"


def cited(provision: str, catalog: Catalog) -> dict[str, Any]:
    """Return name and address of a provision by its id as the log has it; both "" without one."""
    doc, _, rest = provision.partition("@")
    version, _, locator = rest.partition("/")
    if not locator:
        return {"citation": "", "href": ""}
    try:
        title = catalog.get(doc).title
    except KbError:
        return {"citation": f"（已移出法规库）{locator}", "href": ""}
    return {"citation": f"《{title}》{locator}", "href": unescape(doc_href(doc, locator, version))}


def usual_due(now: datetime, zone: tzinfo) -> str:
    """Return the deadline that the form proposes: in a week at 18:00."""
    day = now.astimezone(zone) + timedelta(days=7)
    return f"{day:%Y-%m-%d}T18:00"
