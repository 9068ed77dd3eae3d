"""Questions made from the library at run time, and the library as the examiner reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.check import Verdict, check_question
from assistant.quiz.check.evidence import Library
from assistant.quiz.model import RIGHT, WRONG, Kind
from assistant.services import Services
from kb.citation import parse_locator

Ask = Callable[[BankQuestion], Verdict]


@pytest.fixture(scope="session")
def examiner(services: Services) -> Library:
    """Made once; it takes some seconds."""
    return Library(services)


@pytest.fixture
def ask(examiner: Library) -> Ask:
    """The verdict on one question."""
    return lambda question: check_question(question, examiner)


@pytest.fixture
def text(examiner: Library) -> Callable[[str, str], str]:
    """The words of a provision in force."""

    def read(short: str, locator: str) -> str:
        [document] = examiner.catalog.by_name(short)
        found = examiner.catalog.resolve(document, parse_locator(locator), examiner.day)
        return found.text

    return read


def judge(stem: str, right: bool = True, row: int = 1) -> BankQuestion:
    return BankQuestion(
        "", row, Kind.JUDGE, stem, (RIGHT, WRONG), (RIGHT if right else WRONG,), stem
    )


def single(stem: str, keyed: str, *others: str) -> BankQuestion:
    return BankQuestion("", 1, Kind.SINGLE, stem, (keyed, *others), (keyed,), stem)


def multi(stem: str, keyed: tuple[str, ...], *others: str) -> BankQuestion:
    return BankQuestion("", 1, Kind.MULTI, stem, (*keyed, *others), keyed, stem)
