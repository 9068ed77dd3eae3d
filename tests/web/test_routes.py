"""The application over real services: HTTP interface, pages, deep links, errors."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.services import Services, Settings
from assistant.web import create_app, serve
from assistant.web.ask_page import TROUBLE, reply
from assistant.web.library_html import Browse
from assistant.web.library_page import listing, read_browse, reading
from assistant.web.server import _SESSIONS
from assistant.web.serving import _listen, for_many


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), follow_redirects=False) as client:
        yield client


def test_ask_answers_with_quotations_of_the_cited_provisions(
    client: TestClient, services: Services
) -> None:
    reply = client.get("/api/ask", params={"q": "安全生产法第九条第二款"})
    assert reply.status_code == 200
    answer = reply.json()
    assert answer["outcome"] == "answer"
    quotes = {c["n"]: c["quote"] for c in answer["citations"]}
    assert answer["statements"]
    for statement in answer["statements"]:
        assert statement["text"] in quotes[statement["citation"]]


def test_search_returns_as_many_hits_as_asked_for(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "消防通道被堵", "k": 3}).json()
    assert [h["rank"] for h in found["hits"]] == [1, 2, 3]
    assert found["query"] == "消防通道被堵"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/api/ask", "参数 q"),
        ("/api/ask?q=", "问题是空的"),
        ("/api/ask?q=消防&as_of=2021-13-01", "2021-09-01"),
        ("/api/search?q=消防&k=0", "1 到 100"),
        ("/api/search?q=消防&k=many", "参数 k"),
        ("/api/search?q=消防&scope=moon", "范围"),
    ],
)
def test_bad_input_is_one_sentence(client: TestClient, path: str, says: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 400
    assert list(reply.json()) == ["error"]
    assert says in reply.json()["error"]
    assert "\n" not in reply.json()["error"]


def test_healthz_is_ok(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "问答"),
        ("/duties", "职责清单"),
        ("/quiz", "出题组卷"),
        ("/practice", "练习"),
        ("/library", "法规库"),
    ],
)
def test_pages_are_chinese_from_the_first_byte(client: TestClient, path: str, title: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert '<html lang="zh-CN"' in page.text
    assert f"<title>{title} · 知责</title>" in page.text
    nav = re.search(r'<nav aria-label="主导航">(.*?)</nav>', page.text)
    assert nav is not None
    assert re.findall(r">([^<]+)</a>", nav[1]) == ["问答", "职责清单", "出题组卷", "练习", "法规库"]


def test_pages_load_nothing_from_outside(client: TestClient) -> None:
    for path in ("/", "/duties", "/quiz", "/practice", "/library"):
        head = client.get(path).text
        loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', head)
        assert loaded
        assert not [url for url in loaded if "//" in url.replace("http://testserver", "")]
        assert "og:image" not in head


def test_own_style_and_script_are_served(client: TestClient) -> None:
    head = client.get("/quiz").text
    for url in re.findall(r'(?:src|href)="(/web/[^"]+)"', head):
        assert client.get(url).status_code == 200


def test_a_document_link_to_the_front_page_opens_the_library(client: TestClient) -> None:
    moved = client.get("/", params={"doc": "work-safety-law", "at": "第九条"})
    assert moved.status_code == 307
    assert moved.headers["location"] == (
        "/library?doc=work-safety-law&at=%E7%AC%AC%E4%B9%9D%E6%9D%A1"
    )


def test_developers_pages_are_off(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", client.get("/").text, re.S)
    assert found is not None
    config = json.loads(found[1])
    assert config["footer_links"] == []
    assert config["analytics_enabled"] is False


def test_a_failure_becomes_a_sentence_not_a_traceback(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(services, "ask", broken)
    page = reply(services, "乡镇政府管什么？", "", "")
    assert TROUBLE in page
    assert "secret detail" not in page
    assert "secret detail" in caplog.text


@pytest.mark.parametrize(
    ("text", "day", "says"),
    [("", "", "问题是空的"), ("？！", "", "没有看到文字"), ("消防", "昨天", "不是日期")],
)
def test_unusable_questions_are_told_what_to_type(
    services: Services, text: str, day: str, says: str
) -> None:
    page = reply(services, text, day, "全国")
    assert says in page
    assert "z-answer" not in page


def test_reading_opens_documents_by_id_or_name(services: Services) -> None:
    for name in ("work-safety-law", "安全生产法"):
        page = reading(services, name, "第九条第二款", "")
        assert 'data-doc="work-safety-law" data-version' in page
        assert '<p class="z-par" id="第九条第二款"><mark>' in page


@pytest.mark.parametrize(
    ("doc", "at", "version", "says"),
    [
        ("no-such-law", "", "", "本库没有"),
        ("<script>", "", "", "本库没有"),
        ("work-safety-law", "第九百条", "", "没有第九百条"),
        ("work-safety-law", "", "1900-01-01", "没有版本"),
    ],
)
def test_what_is_not_in_the_library_is_said_so(
    services: Services, doc: str, at: str, version: str, says: str
) -> None:
    page = reading(services, doc, at, version)
    assert says in page
    assert "<script>" not in page


def test_every_document_can_be_read(services: Services) -> None:
    for doc in services.catalog:
        if doc.in_scope:
            for version in doc.versions:
                page = reading(services, doc.id, "", version.id)
                assert page.count('<section class="z-article') == len(version.articles)


def test_the_list_of_the_safety_scope_names_each_document_once(services: Services) -> None:
    page = listing(services, Browse())
    held = [d for d in services.catalog if d.in_scope]
    assert page.count("<li><a ") + page.count('<li class="z-slogan"><a ') == len(held)
    assert f"共 {len(held)} 个文件" in page


def test_an_address_with_unknown_filters_still_lists() -> None:
    browse = read_browse({"level": "圣旨", "topic": "消防", "all": "1"}, ["法律"], ["消防"])
    assert browse == Browse("", "消防", "", True)
    assert browse.address == "/library?topic=%E6%B6%88%E9%98%B2&all=1"


def test_a_port_in_use_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = serve(Settings(), "127.0.0.1", port, False, lambda *_: None)
    assert code == 2
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port} 已被占用" in said
    assert said.count("\n") == 1


def test_events_cannot_be_called_by_name(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {}


def test_replies_are_sent_without_waiting_for_the_last_one_to_be_acknowledged() -> None:
    with _listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # what asyncio looks at


@pytest.mark.parametrize(("set_to", "threads"), [("", 1), ("4", 4)])
def test_a_question_of_many_takes_one_thread_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, set_to: str, threads: int
) -> None:
    monkeypatch.setenv("ZHIZE_THREADS", set_to)
    assert for_many(Settings()).threads == threads


def test_opened_pages_are_forgotten_before_they_fill_the_memory(client: TestClient) -> None:
    inner = [getattr(route, "app", None) for route in client.app.routes]  # type: ignore[attr-defined]
    holder = next(app.state_holder for app in inner if hasattr(app, "state_holder"))
    assert holder.capacity == _SESSIONS
