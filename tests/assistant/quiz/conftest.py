"""What questions are made from, on the day of all tests."""

from __future__ import annotations

import pytest

from assistant.quiz.source import Source
from assistant.services import Services


@pytest.fixture(scope="session")
def source(services: Services) -> Source:
    """The national documents in force."""
    return services.quiz_source()
