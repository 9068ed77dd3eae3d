"""Practice over HTTP: /api/practice/… in JSON, and the page /practice."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from assistant.errors import AssistantError, BadInputError
from assistant.export.must_know_docx import must_know_cards
from assistant.practice.desk import SIZE, PracticeDesk
from assistant.practice.exam_desk import ExamDesk
from assistant.practice.model import Mode
from assistant.practice.must_know import RULE, MustKnow, must_know
from assistant.practice.questions import Scope
from assistant.web.practice_json import (
    cards_json,
    choices_json,
    home_json,
    played_json,
    progress_json,
    sitting_json,
    told_json,
    trail_json,
    wrong_json,
)
from assistant.web.practice_page import practice_page
from assistant.web.practice_person import PersonOf, guest_of, new_guest
from assistant.web.quiz_routes import attachment
from kb.errors import KbError
from kb.posts import Post

_Text = Annotated[str, Field(max_length=80)]
_Given = Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=12)]
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NewRound(BaseModel):
    """What a round is to be. `id` is made by the browser, so that asking twice makes one."""

    id: _Text
    mode: Mode = Mode.DAILY
    post: _Text = ""
    topic: _Text = ""
    set: _Text = ""
    size: int = SIZE


class NewExam(BaseModel):
    """What an exam is to be; `minutes` only where it is a saved paper or a bank."""

    id: _Text
    plan: _Text = ""
    post: _Text = ""
    topic: _Text = ""
    set: _Text = ""
    minutes: int = 0


class Given(BaseModel):
    """What is put down; `ago` is how many seconds ago, where it waited for a connection."""

    n: int
    given: _Given
    seconds: float = 0.0
    ago: float = 0.0


class NewAnswer(Given):
    """An answer in a round, with an id made by the browser."""

    id: _Text
    round: _Text


class Pin(BaseModel):
    """A question to be pinned in the wrong book, or let go."""

    question: _Text
    pinned: bool


class _Route(APIRoute):
    """Tells apart what is wrong with a request (400) from what may work later (503).

    A browser sends the latter again and gives up on the former.
    """

    def get_route_handler(self) -> _Handler:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except BadInputError:
                raise
            except AssistantError as e:
                return JSONResponse({"error": str(e)}, status_code=503)

        return handle


def no_tasks(_: Request) -> list[dict[str, Any]]:
    """Return what waits for somebody where nobody gives anything: nothing."""
    return []


def make_practice_routes(
    desk: PracticeDesk,
    person_of: PersonOf = guest_of,
    tasks: Callable[[Request], list[dict[str, Any]]] = no_tasks,
) -> APIRouter:
    """Return the page and its interface; a browser of which nobody is known becomes a guest.

    `tasks` says what a trainer gave whoever asks.
    """
    router = APIRouter(route_class=_Route)
    exams = ExamDesk(desk)

    def person(request: Request, response: Response) -> str:
        secure = request.url.scheme == "https"
        return person_of(request) or new_guest(response, secure=secure)

    known = Depends(person)
    _add_page(router, person_of)
    _add_home(router, desk, exams, known, tasks)
    _add_rounds(router, desk, known)
    _add_exams(router, desk, exams, known)
    _add_reading(router, desk, known)
    return router


def _add_page(router: APIRouter, person_of: PersonOf) -> None:
    @router.get("/practice", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        made = HTMLResponse(practice_page(), headers={"cache-control": "no-cache"})
        if not person_of(request):
            new_guest(made, secure=request.url.scheme == "https")
        return made


def _add_home(
    router: APIRouter,
    desk: PracticeDesk,
    exams: ExamDesk,
    person: Any,
    tasks: Callable[[Request], list[dict[str, Any]]],
) -> None:
    @router.get("/api/practice/home")
    def home(request: Request, who: str = person, post: str = "") -> dict[str, Any]:
        desk.stock(Scope(post))
        exams.close_overdue(who)
        return {**home_json(desk.home(who)), "tasks": tasks(request)}


def _add_rounds(router: APIRouter, desk: PracticeDesk, person: Any) -> None:
    @router.post("/api/practice/rounds")
    def begin(wanted: NewRound, who: str = person) -> dict[str, Any]:
        scope = Scope(wanted.post, wanted.topic)
        made = desk.begin(who, wanted.id, wanted.mode, scope, wanted.set, wanted.size)
        return played_json(desk, made)

    @router.get("/api/practice/rounds/{round_id}")
    def played(round_id: str, who: str = person) -> dict[str, Any]:
        return played_json(desk, desk.played(who, round_id))

    @router.post("/api/practice/answers")
    def answer(a: NewAnswer, who: str = person) -> dict[str, Any]:
        told = desk.answer(who, a.id, a.round, a.n, a.given, a.seconds, a.ago)
        return told_json(desk, told)

    @router.post("/api/practice/pins")
    def pin(wanted: Pin, who: str = person) -> dict[str, Any]:
        desk.pin(who, wanted.question, pinned=wanted.pinned)
        return {"question": wanted.question, "pinned": wanted.pinned}


def _add_exams(router: APIRouter, desk: PracticeDesk, exams: ExamDesk, person: Any) -> None:
    @router.post("/api/practice/exams")
    def begin(wanted: NewExam, who: str = person) -> dict[str, Any]:
        scope = Scope(wanted.post, wanted.topic)
        sat = exams.begin(who, wanted.id, wanted.plan, scope, wanted.set, wanted.minutes)
        return sitting_json(desk, sat)

    @router.get("/api/practice/exams/{round_id}")
    def sitting(round_id: str, who: str = person) -> dict[str, Any]:
        return sitting_json(desk, exams.sitting(who, round_id))

    @router.post("/api/practice/exams/{round_id}/answers")
    def put_down(round_id: str, a: Given, who: str = person) -> dict[str, Any]:
        return {"left": exams.put_down(who, round_id, a.n, a.given, a.seconds, a.ago)}

    @router.post("/api/practice/exams/{round_id}/submit")
    def submit(round_id: str, who: str = person) -> dict[str, Any]:
        return sitting_json(desk, exams.submit(who, round_id))


def _add_reading(router: APIRouter, desk: PracticeDesk, person: Any) -> None:
    @router.get("/api/practice/choices")
    def choices() -> dict[str, Any]:
        return choices_json(desk.shelves.posts, desk.live.current.duties.fields, desk.sets())

    @router.get("/api/practice/wrong")
    def wrong(who: str = person) -> dict[str, Any]:
        return wrong_json(desk, desk.wrong_book(who))

    @router.get("/api/practice/wrong/{question_id}")
    def explained(question_id: str, who: str = person) -> dict[str, Any]:
        trail = desk.chronicle.standing(who).trails.get(question_id)
        question = desk.chronicle.question(trail) if trail else None
        if trail is None or question is None:
            raise BadInputError("没有做过这道题")
        return trail_json(desk, question, trail)

    @router.get("/api/practice/progress")
    def progress(who: str = person) -> dict[str, Any]:
        return progress_json(desk.progress(who))

    @router.get("/api/practice/cards")
    def cards(post: str) -> dict[str, Any]:
        found, items = _must_know(desk, post)
        return {**cards_json(items, desk.now().astimezone(desk.zone)), "post": found.name,
                "rule": RULE}  # fmt: skip

    @router.get("/api/practice/cards/file")
    def cards_file(post: str) -> Response:
        found, items = _must_know(desk, post)
        day = desk.live.current.today()
        return attachment(f"{found.name}应知应会.docx", must_know_cards(found.name, items, day))


def _must_know(desk: PracticeDesk, post: str) -> tuple[Post, tuple[MustKnow, ...]]:
    try:
        found = desk.shelves.posts.get(post)
    except KbError as e:
        raise BadInputError(str(e)) from e
    return found, must_know(found, desk.live.current.duties)
