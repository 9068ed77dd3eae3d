"""The view of the trainer over HTTP: /training and /api/training, and tasks for /practice."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from assistant.accounts.errors import LockedOutError, LoginError, NotAllowedError
from assistant.accounts.model import Actor, Role
from assistant.accounts.rights import Action, may, require
from assistant.errors import AssistantError, BadInputError, BusyError
from assistant.export.training_docx import training_record
from assistant.export.training_xlsx import training_xlsx
from assistant.practice.desk import SIZE
from assistant.practice.exam import is_exam
from assistant.practice.questions import Scope
from assistant.store import StoreError
from assistant.training.desk import Results, TrainingDesk
from assistant.training.giving import Wish
from assistant.training.period import deadline, period
from assistant.web.quiz_routes import attachment
from assistant.web.slow_lane import SlowLane
from assistant.web.training_json import (
    assignment_json,
    cited,
    followed_json,
    moment,
    progress_json,
    results_json,
    task_json,
    usual_due,
)
from assistant.web.training_page import screen_page, training_page
from assistant.web.who import ActorOf

TasksOf = Callable[[Request], list[dict[str, Any]]]
NEEDS_ACCOUNTS = "培训管理要用账号：请管理员在这台机器上运行 zhize accounts on，然后登录。"
_Text = Annotated[str, Field(max_length=80)]
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_FILES = {
    "xlsx": ("培训成绩.xlsx", training_xlsx),
    "docx": ("培训记录.docx", training_record),
}


class NewTask(BaseModel):
    """What is to be given to a unit; `due` like 2026-11-30T18:00 in the time of China."""

    unit: _Text
    due: _Text
    title: _Text = ""
    set: _Text = ""
    post: _Text = ""
    topic: _Text = ""
    size: int = SIZE
    exam: bool = False
    minutes: int = 0
    guests: bool = False


class NewDeadline(BaseModel):
    """Another deadline."""

    due: _Text


class BegunTask(BaseModel):
    """A task to begin, or to go on with."""

    id: _Text


class TrainingRoute(APIRoute):
    """Tells apart who must log in (401), who may not (403), and what may work later (503)."""

    def get_route_handler(self) -> _Handler:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except (BadInputError, BusyError):
                raise
            except AssistantError as e:
                return JSONResponse({"error": str(e)}, status_code=_status(e))

        return handle


def _status(error: AssistantError) -> int:
    for kind, status in (
        (LockedOutError, 429), (LoginError, 401), (NotAllowedError, 403), (StoreError, 503),
    ):  # fmt: skip
        if isinstance(error, kind):
            return status
    return 400


def make_training_routes(desk: TrainingDesk, actor_of: ActorOf, slow: SlowLane) -> APIRouter:
    """Return the page and its interface; results and files are made in the slow lane."""
    router = APIRouter(route_class=TrainingRoute)
    _add_page(router, desk, actor_of)
    _add_tasks(router, desk, actor_of)
    _add_results(router, desk, actor_of, slow)
    _add_own(router, desk, actor_of)
    return router


def tasks_of(desk: TrainingDesk, actor_of: ActorOf) -> TasksOf:
    """Return what tells the page 练习 which tasks wait for whoever asks."""

    def tasks(request: Request) -> list[dict[str, Any]]:
        found = desk.tasks.waiting(actor_of(request))
        return [task_json(t, desk.practice.zone) for t in found if not t.finished]

    return tasks


def closed_to(actor: Actor) -> str:
    """Return why the page is closed to somebody, in a sentence; "" if it is open."""
    if actor.role is Role.GUEST:
        return NEEDS_ACCOUNTS
    if actor.role is Role.VISITOR:
        return "请先登录。这一页给培训员和管理员用。"
    if not may(actor.role, Action.SEE_RESULTS):
        return "这一页给培训员和管理员用。要做单位布置的任务，请打开“练习”。"
    return "请先把初始密码改成自己的密码。" if actor.must_change else ""


def _add_page(router: APIRouter, desk: TrainingDesk, actor_of: ActorOf) -> None:
    @router.get("/training", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        why = closed_to(actor_of(request))
        return HTMLResponse(training_page(why), headers={"cache-control": "no-cache"})

    @router.get("/training/screen", response_class=HTMLResponse)
    def screen(request: Request, task: str) -> HTMLResponse:
        actor = actor_of(request)
        given = desk.assigning.find(actor, task)
        unit = desk.unit(actor, Action.HOLD_GROUP, given.unit)
        join = f"{request.base_url}join?task={given.id}"
        page = screen_page(given, unit.name, join, moment(given.due_at, desk.practice.zone))
        return HTMLResponse(page, headers={"cache-control": "no-cache"})

    @router.get("/api/training/start")
    def start(request: Request) -> dict[str, Any]:
        actor = actor_of(request)
        require(actor, Action.SEE_RESULTS)
        now, zone = desk.practice.now(), desk.practice.zone
        usual = period("", "", now, zone)
        return {
            "units": [{"id": u.id, "name": u.name} for u in desk.units.list(actor)],
            "since": usual.first.isoformat(),
            "until": usual.last.isoformat(),
            "due": usual_due(now, zone),
        }


def _add_tasks(router: APIRouter, desk: TrainingDesk, actor_of: ActorOf) -> None:
    zone = desk.practice.zone

    @router.get("/api/training/tasks")
    def given(request: Request, unit: str) -> dict[str, Any]:
        found = desk.given(actor_of(request), unit)
        return {"tasks": [followed_json(f, desk.practice.now(), zone) for f in found]}

    @router.post("/api/training/tasks")
    def give(request: Request, wanted: NewTask) -> dict[str, Any]:
        wish = Wish(
            wanted.set, Scope(wanted.post, wanted.topic), wanted.size, wanted.exam, wanted.minutes,
            wanted.title,
        )  # fmt: skip
        due = deadline(wanted.due, zone)
        made = desk.give(actor_of(request), wanted.unit, wish, due, guests=wanted.guests)
        return assignment_json(made, desk.practice.now(), zone)

    @router.get("/api/training/tasks/{task}")
    def progress(request: Request, task: str) -> dict[str, Any]:
        return progress_json(desk.follow(actor_of(request), task), desk.practice.now(), zone)

    @router.post("/api/training/tasks/{task}/deadline")
    def put_off(request: Request, task: str, wanted: NewDeadline) -> dict[str, Any]:
        actor = actor_of(request)
        desk.assigning.put_off(actor, task, deadline(wanted.due, zone))
        return assignment_json(desk.assigning.find(actor, task), desk.practice.now(), zone)

    @router.post("/api/training/tasks/{task}/withdraw")
    def withdraw(request: Request, task: str) -> dict[str, Any]:
        actor = actor_of(request)
        desk.assigning.withdraw(actor, task)
        return assignment_json(desk.assigning.find(actor, task), desk.practice.now(), zone)


def _add_results(router: APIRouter, desk: TrainingDesk, actor_of: ActorOf, slow: SlowLane) -> None:
    def found(actor: Actor, unit: str, since: str, until: str, task: str) -> Results:
        if task:
            return desk.of_task(actor, task)
        chosen = period(since, until, desk.practice.now(), desk.practice.zone)
        return desk.of_unit(actor, unit or actor.unit or "", chosen)

    @router.get("/api/training/results")
    async def results(
        request: Request, unit: str = "", since: str = "", until: str = "", task: str = ""
    ) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            return results_json(desk, found(actor_of(request), unit, since, until, task))

        return await slow.run(work)

    @router.get("/api/training/file")
    async def file(
        request: Request,
        form: str,
        unit: str = "",
        since: str = "",
        until: str = "",
        task: str = "",
    ) -> Response:
        if form not in _FILES:
            raise BadInputError(f"没有“{form[:20]}”这种文件；可以是 {'、'.join(_FILES)}")
        name, write = _FILES[form]

        def work() -> tuple[str, bytes]:
            actor = actor_of(request)
            made = found(actor, unit, since, until, task)
            desk.exported(actor, made, form)
            catalog = desk.practice.live.current.catalog
            data = write(
                made,
                desk.question,
                lambda p: str(cited(p, catalog)["citation"]),
                desk.practice.now(),
                desk.practice.zone,
            )
            return f"{made.unit.name}{name}", data

        return attachment(*await slow.run(work))


def _add_own(router: APIRouter, desk: TrainingDesk, actor_of: ActorOf) -> None:
    @router.post("/api/practice/tasks")
    def begin(request: Request, wanted: BegunTask) -> dict[str, Any]:
        made = desk.tasks.begin(actor_of(request), wanted.id)
        return {"id": made.id, "exam": is_exam(made)}
