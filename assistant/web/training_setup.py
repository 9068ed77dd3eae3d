"""Puts the view of the trainer into an application: routes, and what waits for a worker."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from assistant.practice.desk import Experience, PracticeDesk
from assistant.quiz.store import utc_now
from assistant.store.store import Store
from assistant.training.desk import TrainingDesk
from assistant.training.experience import Experienced
from assistant.web.join_routes import make_join_routes
from assistant.web.slow_lane import SlowLane
from assistant.web.training_page import NO_STORE, training_page
from assistant.web.training_routes import TasksOf, make_training_routes, tasks_of
from assistant.web.who import ActorOf, actor_of


def add_training(
    app: FastAPI, store: Store, practice: PracticeDesk, who: ActorOf, slow: SlowLane
) -> TasksOf:
    """Add /training and /join to an application; return what tells of the tasks of whoever asks."""
    desk = TrainingDesk(store, practice)
    app.include_router(make_training_routes(desk, who, slow))
    app.include_router(make_join_routes(desk, who))
    return tasks_of(desk, who)


def training_over(store: Store) -> Callable[[FastAPI, PracticeDesk, SlowLane], TasksOf]:
    """Return what adds /training over this store."""

    def add(app: FastAPI, practice: PracticeDesk, slow: SlowLane) -> TasksOf:
        return add_training(app, store, practice, actor_of, slow)

    return add


def add_closed_training(app: FastAPI) -> None:
    """Add a page that says there is no store."""

    @app.get("/training", response_class=HTMLResponse)
    def closed() -> str:
        return training_page(NO_STORE)


def experience_of(store: Store) -> Experience:
    """Return how hard questions proved to be, as the log of this store tells."""
    return Experienced(store.log.read, utc_now)
