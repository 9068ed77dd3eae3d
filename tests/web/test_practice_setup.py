"""Practice put together for an application: shelves on disk, saved papers, examined banks."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.practice.desk import PracticeDesk
from assistant.practice.exam_desk import ExamDesk
from assistant.practice.model import Mode
from assistant.practice.questions import Scope
from assistant.quiz.draw import make_paper
from assistant.quiz.source import Source
from assistant.quiz.store import PaperStore
from assistant.services import Live, Services, Settings
from assistant.web import create_app
from assistant.web.practice_setup import make_ready, open_practice
from assistant.web.quiz_desk import Makers
from tests.assistant.practice.fakes import MemoryStore
from tests.assistant.quiz.fakes import FakeGenerator, plan

ME = "guest:me"


@pytest.fixture(scope="module")
def makers() -> Makers:
    return Makers(FakeGenerator)


@pytest.fixture
def desk(services: Services, makers: Makers, tmp_path: Path) -> PracticeDesk:
    return open_practice(MemoryStore(), Live(services), Settings(data=tmp_path), makers)


def saved(services: Services, makers: Makers, root: Path) -> str:
    source, generator = makers.of(services)
    assert isinstance(source, Source)
    paper = make_paper(plan(source), generator, source)
    return PaperStore(root).save(paper, services.catalog)


def test_a_saved_paper_can_be_practised(
    desk: PracticeDesk, services: Services, makers: Makers, tmp_path: Path
) -> None:
    assert desk.sets() == ()
    name = saved(services, makers, tmp_path / "papers")
    (found,) = desk.sets()
    assert (found.id, found.name, len(found.questions)) == (f"paper-{name}", "月度考试", 33)
    made = desk.begin(ME, "round-001", Mode.TOPIC, set_id=found.id, size=5).round
    assert set(made.questions) <= set(found.questions)


def test_a_damaged_paper_does_not_stand_in_the_way(
    desk: PracticeDesk, services: Services, makers: Makers, tmp_path: Path
) -> None:
    name = saved(services, makers, tmp_path / "papers")
    (tmp_path / "papers" / f"{name}.json").write_text("{", encoding="utf-8")
    assert desk.sets() == ()


def test_what_is_made_is_kept_as_derived_data(desk: PracticeDesk, tmp_path: Path) -> None:
    work = desk.shelves.stock(desk.live.current, Scope("worker"), lambda f: len(f) >= 20)
    assert work is not None
    work.join()
    assert list((tmp_path / "derived" / "practice").glob("*.json"))


def test_every_post_is_made_ready_for_a_short_exam(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.shelves, "_pause", lambda _: None)
    make_ready(desk).join()
    monkeypatch.setattr(desk.shelves, "_maker_of", None)  # nothing more has to be made
    monkeypatch.setattr(desk, "stock", lambda _: None)
    for post in ("", "electrician"):
        sitting = ExamDesk(desk).begin(ME, f"exam-{post or 'any'}-1", "short", Scope(post))
        assert len(sitting.round.questions) == 22


def test_the_application_opens_practice_where_it_is_given_one(
    services: Services, desk: PracticeDesk
) -> None:
    client = TestClient(create_app(services, practice=lambda live, makers, banks: desk))
    assert 'id="z-practice"' in client.get("/practice").text
    assert client.get("/api/practice/home").json()["answered"] == 0


def test_without_a_store_the_page_says_that_it_is_closed(services: Services) -> None:
    client = TestClient(create_app(services))
    page = client.get("/practice").text
    assert "没有数据文件夹" in page
    assert "practice.js" not in page
    assert "练习" in page
