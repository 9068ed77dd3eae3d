"""An application with the page 练习 only: made-up questions, a store in memory, a clock to move."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.practice.desk import PracticeDesk
from assistant.practice.questions import Shelves
from assistant.practice.sets import QuestionSet
from assistant.quiz.pool import Makes
from assistant.quiz.source import Source
from assistant.services import Live, Services
from assistant.web.api import add_error_handlers
from assistant.web.practice_person import PersonOf, guest_of
from assistant.web.practice_routes import make_practice_routes
from assistant.web.shell import STATIC, STATIC_PATH
from tests.assistant.practice.fakes import NOON, MemoryStore

Maker = tuple[Source, Makes]


class Site:
    """What the tests of one site share: the store outlives every application over it."""

    def __init__(self, services: Services, maker: Maker) -> None:
        self.services, self.maker = services, maker
        self.store = MemoryStore()
        self.at = NOON
        self.sets: list[QuestionSet] = []

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)

    def desk(self) -> PracticeDesk:
        """A desk as a program started anew has it."""
        shelves = Shelves(lambda _: self.maker, None, lambda: 0.0, lambda _: None)
        live = Live(self.services)
        return PracticeDesk(self.store, live, shelves, lambda: self.sets, self.now)

    def app(self, person_of: PersonOf = guest_of) -> FastAPI:
        """An application as a program started anew has it."""
        app = FastAPI()
        app.include_router(make_practice_routes(self.desk(), person_of))
        app.mount(STATIC_PATH, StaticFiles(directory=STATIC))
        add_error_handlers(app)
        return app
