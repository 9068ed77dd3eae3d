"""Puts the view of the trainer into an application: routes, and what waits for a worker."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from assistant.accounts.model import Actor
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.practice.desk import Experience, PracticeDesk
from assistant.quiz.store import utc_now
from assistant.store.store import Store
from assistant.training.desk import TrainingDesk
from assistant.training.experience import Experienced
from assistant.web.slow_lane import SlowLane
from assistant.web.training_page import NO_STORE, training_page
from assistant.web.training_routes import ActorOf, TasksOf, make_training_routes, tasks_of


def add_training(
    app: FastAPI, store: Store, practice: PracticeDesk, actor_of: ActorOf, slow: SlowLane
) -> TasksOf:
    """Add /training to an application; return what tells of the tasks of whoever asks."""
    desk = TrainingDesk(store, practice)
    app.include_router(make_training_routes(desk, actor_of, slow))
    return tasks_of(desk, actor_of)


def training_over(
    store: Store, actor_of: ActorOf | None = None
) -> Callable[[FastAPI, PracticeDesk, SlowLane], TasksOf]:
    """Return what adds /training over this store.

    `actor_of` says who asks; without it nobody is ever logged in.
    """
    accounts = Accounts(store, Passwords())

    def nobody(request: Request) -> Actor:
        return accounts.visitor("", request.client.host if request.client else "")

    def add(app: FastAPI, practice: PracticeDesk, slow: SlowLane) -> TasksOf:
        return add_training(app, store, practice, actor_of or nobody, slow)

    return add


def add_closed_training(app: FastAPI) -> None:
    """Add a page that says there is no store."""

    @app.get("/training", response_class=HTMLResponse)
    def closed() -> str:
        return training_page(NO_STORE)


def experience_of(store: Store) -> Experience:
    """Return how hard questions proved to be, as the log of this store tells."""
    return Experienced(store.log.read, utc_now)
