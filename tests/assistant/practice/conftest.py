"""A desk over a store in memory, made-up questions on the real library, and a clock to move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.practice.desk import PracticeDesk
from assistant.practice.exam_desk import ExamDesk
from assistant.practice.questions import Shelves
from assistant.quiz.source import Source
from assistant.services import Live, Services
from tests.assistant.practice.fakes import NOON, MemoryStore
from tests.assistant.quiz.fakes import FakeGenerator


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def maker(services: Services) -> tuple[Source, FakeGenerator]:
    source = services.quiz_source()
    return source, FakeGenerator(source)


@pytest.fixture
def shelves(maker: tuple[Source, FakeGenerator], tmp_path: Path) -> Shelves:
    """Shelves that know no haste: what is wanted is made, however long it takes."""
    return Shelves(lambda _: maker, tmp_path / "shelves", lambda: 0.0, lambda _: None)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def new_desk(
    store: MemoryStore, services: Services, shelves: Shelves, clock: Clock
) -> Callable[[], PracticeDesk]:
    """Makes a desk as another process over the same store would have it."""
    return lambda: PracticeDesk(store, Live(services), shelves, now=clock)


@pytest.fixture
def desk(new_desk: Callable[[], PracticeDesk]) -> PracticeDesk:
    return new_desk()


@pytest.fixture
def exams(desk: PracticeDesk) -> ExamDesk:
    return ExamDesk(desk)
