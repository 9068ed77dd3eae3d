"""A group round for people without an account over HTTP: /join and /api/join/…

Whoever joins gets a profile of his own for that, which is not the one of his practice.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from assistant.accounts.model import ACCOUNT_ROLES, GUEST_PREFIX, Actor
from assistant.errors import BadInputError
from assistant.practice.exam import is_exam
from assistant.practice.exam_desk import ExamDesk
from assistant.training.desk import TrainingDesk
from assistant.training.joining import MEMBERS_ONLY
from assistant.web.join_page import closed_page, join_page, practice_href
from assistant.web.practice_json import played_json, sitting_json, told_json
from assistant.web.practice_person import new_guest, profile_of
from assistant.web.practice_routes import Given, NewAnswer
from assistant.web.training_json import assignment_json
from assistant.web.training_routes import TrainingRoute
from assistant.web.who import ActorOf

COOKIE = "zhize_join"
_Text = Annotated[str, Field(max_length=80)]


class Joined(BaseModel):
    """Who joins in which task; `anew` for another person on the same device."""

    id: _Text
    name: _Text = ""
    anew: bool = False


def make_join_routes(desk: TrainingDesk, actor_of: ActorOf) -> APIRouter:
    """Return the page and its interface; what is not open to guests is refused with a sentence."""
    router = APIRouter(route_class=TrainingRoute)
    _add_page(router, desk, actor_of)
    _add_start(router, desk, actor_of)
    _add_rounds(router, desk)
    _add_exams(router, desk)
    return router


def _guest_of(request: Request) -> str:
    profile = profile_of(request.cookies, COOKIE)
    return f"{GUEST_PREFIX}{profile}" if profile else ""


def _add_page(router: APIRouter, desk: TrainingDesk, actor_of: ActorOf) -> None:
    @router.get("/join")
    def page(request: Request, task: str = "") -> Response:
        if actor_of(request).role in ACCOUNT_ROLES:
            return RedirectResponse(practice_href(task[:80]), 303)
        try:
            given = desk.joining.find(task[:80])
        except BadInputError as e:
            return _page(closed_page("", str(e)), 404)
        if not given.guests:
            return _page(closed_page(given.id, f"{MEMBERS_ONLY}。"))
        return _page(join_page(given.id))


def _page(made: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(made, status, {"cache-control": "no-cache"})


def _add_start(router: APIRouter, desk: TrainingDesk, actor_of: ActorOf) -> None:
    @router.get("/api/join/task")
    def task(request: Request, id: _Text) -> dict[str, Any]:  # noqa: A002 - the name in addresses
        given, guest = desk.joining.open_to_guests(id), _guest_of(request)
        unit = desk.units.find(given.unit)
        begun = desk.joining.begun(given.id, guest) if guest else None
        return {
            **assignment_json(given, desk.practice.now(), desk.practice.zone),
            "unit": unit.name if unit else "",
            "name": desk.joining.name(given.id, guest) if begun else "",
            "round": begun.id if begun else "",
        }

    @router.post("/api/join/begin")
    def begin(request: Request, response: Response, wanted: Joined) -> dict[str, Any]:
        asks = actor_of(request)
        guest = "" if wanted.anew else _guest_of(request)
        if not guest:
            secure = request.url.scheme == "https"
            guest = new_guest(response, secure=secure, cookie=COOKIE)
        made = desk.joining.join(Actor(guest, asks.role, asks.address), wanted.id, wanted.name)
        return {"id": made.id, "exam": is_exam(made)}


def _add_rounds(router: APIRouter, desk: TrainingDesk) -> None:
    practice = desk.practice

    @router.get("/api/join/rounds/{round_id}")
    def played(request: Request, round_id: str) -> dict[str, Any]:
        who = _guest_of(request)
        made = desk.joining.own(who, round_id)
        return played_json(practice, practice.played(who, made.id))

    @router.post("/api/join/answers")
    def answer(request: Request, a: NewAnswer) -> dict[str, Any]:
        who = _guest_of(request)
        made = desk.joining.own(who, a.round)
        told = practice.answer(who, a.id, made.id, a.n, a.given, a.seconds, a.ago)
        return told_json(practice, told)


def _add_exams(router: APIRouter, desk: TrainingDesk) -> None:
    exams = ExamDesk(desk.practice)

    @router.get("/api/join/exams/{round_id}")
    def sitting(request: Request, round_id: str) -> dict[str, Any]:
        who = _guest_of(request)
        made = desk.joining.own(who, round_id)
        return sitting_json(desk.practice, exams.sitting(who, made.id))

    @router.post("/api/join/exams/{round_id}/answers")
    def put_down(request: Request, round_id: str, a: Given) -> dict[str, Any]:
        who = _guest_of(request)
        made = desk.joining.own(who, round_id)
        return {"left": exams.put_down(who, made.id, a.n, a.given, a.seconds, a.ago)}

    @router.post("/api/join/exams/{round_id}/submit")
    def submit(request: Request, round_id: str) -> dict[str, Any]:
        who = _guest_of(request)
        made = desk.joining.own(who, round_id)
        return sitting_json(desk.practice, exams.submit(who, made.id))
