"""The first seconds of a server: it answers at once, and the pages come by themselves."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.services import Live, Services, Settings
from assistant.store.errors import StoreError
from assistant.web import serving
from assistant.web.lanes import Lanes, open_lanes
from assistant.web.opening import Opening, make_early_app
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.gate_site import GateSite


@pytest.fixture
def lanes(services: Services) -> Any:
    made = open_lanes(Live(services))
    yield made
    made.close()


def whole(told: list[str]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        told.append("begun")
        yield
        told.append("ended")

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    def page() -> str:
        return "the whole page"

    return app


def test_questions_are_answered_and_pages_wait(services: Services, lanes: Lanes) -> None:
    early = Opening(make_early_app(Live(services), lanes, None))
    with TestClient(early) as client:
        answer = client.get("/api/ask", params={"q": "安全生产法第九条"}).json()
        assert answer["outcome"] == "answer"
        assert client.get("/api/ask", params={"q": ""}).status_code == 400
        for path in ("/", "/practice", "/api/practice/home", "/login"):
            waiting = client.get(path)
            assert waiting.status_code == 503
            assert waiting.headers["retry-after"] == "1"
            assert "正在打开" in waiting.text
            assert re.search(r'http-equiv="refresh" content="\d"', waiting.text)


def test_the_whole_application_takes_over_and_ends_with_the_server(
    services: Services, lanes: Lanes
) -> None:
    told: list[str] = []
    opening = Opening(make_early_app(Live(services), lanes, None))
    with TestClient(opening) as client:
        assert client.get("/").status_code == 503
        assert client.portal is not None
        client.portal.call(opening.become, whole(told))
        assert told == ["begun"]
        assert client.get("/").text == '"the whole page"'
    assert told == ["begun", "ended"]


def test_the_gate_is_shut_from_the_first_second(
    services: Services, tmp_path: Path, lanes: Lanes
) -> None:
    source = services.quiz_source()
    site = GateSite(services, (source, FakeGenerator(source)), tmp_path)
    early = make_early_app(Live(services), lanes, site.desk)
    with TestClient(Opening(early), follow_redirects=False) as client:
        refused = client.get("/api/ask", params={"q": "安全生产法第九条"})
        assert refused.status_code == 401
        assert client.get("/").headers["location"].startswith("/login")
        site.on(False)
        assert client.get("/api/ask", params={"q": "安全生产法第九条"}).status_code == 200
    site.store.close()


def test_a_server_whose_pages_cannot_be_opened_ends_with_the_reason(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> FastAPI:
        raise StoreError("题库读不出来；请恢复备份")

    monkeypatch.setattr(serving, "make_app", broken)
    monkeypatch.setattr(Services, "open_or_build", lambda *_: services)
    with pytest.raises(StoreError, match="请恢复备份"):
        serving.serve(Settings(data=tmp_path), "127.0.0.1", 0, False, lambda *_: None)
