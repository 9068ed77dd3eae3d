"""What questions are made from, on the day of all tests."""

from __future__ import annotations

import pytest

from assistant.quiz.draw import make_paper
from assistant.quiz.paper import Paper
from assistant.quiz.source import Source
from assistant.services import Services
from tests.assistant.quiz.fakes import FakeGenerator, plan


@pytest.fixture(scope="session")
def source(services: Services) -> Source:
    """The national documents in force."""
    return services.quiz_source()


@pytest.fixture(scope="session")
def generator(source: Source) -> FakeGenerator:
    """Made-up questions over the real library."""
    return FakeGenerator(source)


@pytest.fixture(scope="session")
def paper(source: Source, generator: FakeGenerator) -> Paper:
    """A paper with every kind of question."""
    return make_paper(plan(source), generator, source)
