"""An application with 练习 and 培训 over a real store, where a header or a cookie says who it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles

from assistant.accounts.model import Actor, Person, Role, Unit
from assistant.accounts.service import actor_of
from assistant.practice.desk import PracticeDesk
from assistant.practice.questions import Shelves
from assistant.practice.sets import QuestionSet
from assistant.quiz.model import Kind, Question
from assistant.services import Live, Services
from assistant.store import open_store, people
from assistant.store.store import Store
from assistant.training.desk import TrainingDesk
from assistant.web.api import add_error_handlers
from assistant.web.join_routes import make_join_routes
from assistant.web.practice_routes import make_practice_routes
from assistant.web.shell import STATIC, STATIC_PATH
from assistant.web.slow_lane import SlowLane
from assistant.web.training_routes import make_training_routes, tasks_of
from tests.assistant.practice.fakes import NOON, made_question
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.practice_site import Maker

PEOPLE = (
    ("boss", "王主任", Role.ADMIN, None),
    ("teacher", "李培训", Role.TRAINER, "u1"),
    ("other", "别家的培训员", Role.TRAINER, "u2"),
    ("keeper", "赵资料", Role.KEEPER, "u1"),
    ("w1", "张三", Role.WORKER, "u1"),
    ("w2", "李四", Role.WORKER, "u1"),
    ("w3", "王五", Role.WORKER, "u2"),
)
UNITS = (("u1", "第一车间"), ("u2", "第二车间"))


class TrainingSite:
    """Two units with people, a saved paper of three questions, a clock to move.

    With `filled` the people are in the store already.
    """

    def __init__(
        self, services: Services, maker: Maker, store: Store, *, filled: bool = False
    ) -> None:
        self.store, self.at, self._lane = store, NOON, SlowLane()
        self.questions: tuple[Question, ...] = (
            made_question(1, Kind.SINGLE, topic="消防"),
            made_question(2, Kind.JUDGE, topic="消防"),
            made_question(3, Kind.MULTI, topic="用电"),
        )
        paper = QuestionSet("paper-1", "十一月考试", self.questions, (40.0, 30.0, 30.0))
        shelves = Shelves(lambda _: maker, None, lambda: 0.0, lambda _: None)
        live = Live(services)
        self.practice = PracticeDesk(store.practice, live, shelves, lambda: [paper], self.now)
        self.desk = TrainingDesk(store, self.practice, lambda: 7)
        if not filled:
            self._fill(store)

    @staticmethod
    def _fill(store: Store) -> None:
        with store.database.write() as connection:
            for unit, name in UNITS:
                people.add_unit(connection, Unit(unit, name, None, NOON))
            for person, name, role, unit_of in PEOPLE:
                made = Person(
                    person, f"no-{person}", name, role, unit_of, "电工", "", False, False, NOON
                )
                people.add_person(connection, made, "no password")

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)

    def actor(self, person: str) -> Actor:
        """Who that person is; "" is a guest, "visitor" somebody who is not logged in."""
        with self.store.database.read() as connection:
            found = people.find_person(connection, person)
        if found is not None:
            return actor_of(found)
        return Actor(f"guest:{person}", Role.VISITOR if person == "visitor" else Role.GUEST)

    def who(self, request: Request) -> Actor:
        """Who a request comes from."""
        return self.actor(request.headers.get("x-person", request.cookies.get("person", "")))

    def app(self) -> FastAPI:
        app = FastAPI()
        tasks = tasks_of(self.desk, self.who)
        app.include_router(make_training_routes(self.desk, self.who, self._lane))
        app.include_router(make_join_routes(self.desk, self.who))
        app.include_router(make_practice_routes(self.practice, lambda r: self.who(r).person, tasks))
        app.mount(STATIC_PATH, StaticFiles(directory=STATIC))
        add_error_handlers(app)
        return app

    def close(self) -> None:
        self._lane.close()


@contextmanager
def opened_site(services: Services, folder: Path) -> Iterator[TrainingSite]:
    """A site with made-up questions over a store in a folder, closed at the end."""
    source, store = services.quiz_source(), open_store(folder)
    site = TrainingSite(services, (source, FakeGenerator(source)), store)
    yield site
    site.close()
    store.close()
