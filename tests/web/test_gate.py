"""The gate: every action for every role over HTTP, and nothing else reachable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from assistant.accounts.assigning import Assigning
from assistant.accounts.model import COMMAND_LINE, Role
from assistant.accounts.rights import Action, may
from assistant.services import Services
from assistant.store.errors import StoreError
from assistant.web.access import EVENTS, event_action, rule_of, safe_next
from tests.assistant.practice.fakes import made_question
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.gate_site import PASSWORD, GateSite, events, session

ROLES = (Role.VISITOR, Role.GUEST, Role.WORKER, Role.TRAINER, Role.KEEPER, Role.ADMIN)
REQUESTS: tuple[tuple[Action, str, str, Any], ...] = (
    (Action.LOOK_UP, "GET", "/api/duties?bearer=班组长", None),
    (Action.LOOK_UP, "GET", "/library", None),
    (Action.LOOK_UP, "GET", "/theme.css", None),
    (Action.LOOK_UP, "GET", "/web/zhize.js", None),
    (Action.LOOK_UP, "EVENT", "narrow_1", ["全部", "全部", "", False]),
    (Action.PRACTISE, "GET", "/practice", None),
    (Action.PRACTISE, "POST", "/api/practice/rounds", {"id": "round-0001", "post": "worker"}),
    (Action.SEE_OWN_RECORD, "GET", "/api/practice/progress", None),
    (Action.JOIN_GROUP, "POST", "/api/practice/tasks", {"task": "none", "id": "round-0002"}),
    (Action.JOIN_AS_GUEST, "GET", "/api/join/task?id=none", None),
    (Action.JOIN_AS_GUEST, "GET", "/api/join/rounds/none", None),
    (Action.JOIN_AS_GUEST, "GET", "/api/join/exams/none", None),
    (Action.JOIN_AS_GUEST, "POST", "/api/join/begin", {"id": "none"}),
    (Action.JOIN_AS_GUEST, "POST", "/api/join/answers", {"round": "none"}),
    (Action.JOIN_AS_GUEST, "POST", "/api/join/exams/none/answers", {"n": 1}),
    (Action.JOIN_AS_GUEST, "POST", "/api/join/exams/none/submit", None),
    (Action.TAKE_OVER, "POST", "/take-over", None),
    (Action.MAKE_PAPER, "GET", "/quiz", None),
    (Action.MAKE_PAPER, "GET", "/api/quiz/file?draft=none", None),
    (Action.MAKE_PAPER, "EVENT", "act_1", ['{"do": "undo", "draft": "none"}']),
    (Action.KEEP_PAPER, "EVENT", "act_1", ['{"do": "open", "id": "none"}']),
    (Action.CHECK_BANK, "EVENT", "act_1", ['{"do": "bank", "bank": "none"}']),
    (Action.CHECK_BANK, "EVENT", "act_1", ['{"do": "insist", "bank": "none"}']),
    (Action.CHECK_BANK, "EVENT", "act_1", ['{"do": "release", "question": "none"}']),
    (Action.CHECK_BANK, "GET", "/api/quiz/report?bank=none", None),
    (Action.IMPORT, "EVENT", "_cleared", []),
    (Action.IMPORT, "EVENT", "_act", ["remove:none"]),
    (Action.ANNOTATE, "EVENT", "add", [None, "", ""]),
    (Action.ASSIGN, "POST", "/api/training/tasks", {}),
    (Action.ASSIGN, "POST", "/api/training/tasks/none/withdraw", {}),
    (Action.HOLD_GROUP, "GET", "/training/screen?task=none", None),
    (Action.SEE_RESULTS, "GET", "/training", None),
    (Action.SEE_RESULTS, "GET", "/api/training/start", None),
    (Action.SEE_RESULTS, "GET", "/api/training/results", None),
    (Action.EXPORT_RESULTS, "GET", "/api/training/file?form=xlsx", None),
    (Action.MANAGE_PEOPLE, "GET", "/manage", None),
    (Action.MANAGE_PEOPLE, "POST", "/manage/people/add", None),
    (Action.ERASE_PERSON, "POST", "/manage/people/erase", None),
    (Action.MANAGE_UNITS, "POST", "/manage/units/add", None),
    (Action.SEE_AUDIT, "GET", "/manage/audit", None),
    (Action.CHANGE_SETTINGS, "GET", "/manage/settings", None),
    (Action.BACK_UP, "POST", "/manage/backup", None),
    (Action.RESTORE, "POST", "/manage/restore", None),
    (Action.LOG_IN, "POST", "/login", None),
    (Action.REGISTER, "POST", "/register", None),
    (Action.CHANGE_PASSWORD, "GET", "/password", None),
)
OPEN = {
    "/login",
    "/register",
    "/logout",
    "/healthz",
    "/manifest.json",
    "/favicon.ico",
    "/web/zhize.css",
    "/web/icon.svg",
    "/join",
    "/api/join/task",
    "/api/join/begin",
    "/api/join/rounds/x",
    "/api/join/answers",
    "/api/join/exams/x",
    "/api/join/exams/x/answers",
    "/api/join/exams/x/submit",
}
"""Of those under /join nothing is told but of a task that is open to people without an account."""


@pytest.fixture(scope="module")
def site(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GateSite]:
    source = services.quiz_source()
    made = GateSite(services, (source, FakeGenerator(source)), tmp_path_factory.mktemp("gate"))
    yield made
    made.desk.store.close()


@pytest.fixture(scope="module")
def client(site: GateSite) -> Iterator[TestClient]:
    with TestClient(site.app(), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def numbers(site: GateSite, client: TestClient) -> dict[str, int]:
    return events(client, site.headers(Role.ADMIN))


@pytest.fixture(autouse=True)
def switched_on(site: GateSite, client: TestClient) -> Iterator[None]:
    client.cookies.clear()
    yield
    site.on(True)


def refused(reply: Any) -> bool:
    """Whether nothing was done because of who asked, with a sentence or the way to the log-in."""
    if reply.status_code == 303:
        return str(reply.headers["location"]).startswith("/login?next=")
    if reply.status_code not in (401, 403):
        return False
    html = reply.headers["content-type"].startswith("text/html")
    assert "z-trouble" in reply.text if html else list(reply.json()) == ["error"]
    return True


def asked(client: TestClient, headers: dict[str, str], method: str, path: str, body: Any) -> Any:
    if method == "POST":
        return (
            client.post(path, json=body, headers=headers)
            if body is not None
            else client.post(path, headers=headers)
        )
    return client.get(path, headers=headers)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_nothing_else(
    site: GateSite, client: TestClient, numbers: dict[str, int], role: Role
) -> None:
    site.on(role is not Role.GUEST)
    assert {a for a, *_ in REQUESTS} == set(Action)
    for action, method, path, body in REQUESTS:
        client.cookies.clear()
        if method == "EVENT":
            called = {"fn_index": numbers[path], "data": body, "session_hash": "s"}
            reply = asked(client, site.headers(role), "POST", "/gradio_api/run/predict", called)
        else:
            reply = asked(client, site.headers(role), method, path, body)
        # nothing restores over HTTP; for guests the address stays what it was: unknown
        lets = may(role, action) or (action is Action.RESTORE and reply.status_code in (404, 405))
        failed = action is Action.LOG_IN and reply.status_code == 401  # tried, with no account
        assert refused(reply) is not lets or failed, (role, action, path, reply.status_code)


def test_every_event_of_gradio_is_in_the_table(client: TestClient, numbers: dict[str, int]) -> None:
    app: Any = client.app
    mounted = app.routes[-1]
    functions = {n: (f.page, f.name) for n, f in mounted.app.get_blocks().fns.items()}
    assert set(functions) == set(numbers.values())
    assert set(functions.values()) == set(EVENTS)


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/run/predict", "/gradio_api/api/predict/", "/gradio_api/queue/join",
     "/gradio_api/run/narrow_1", "/gradio_api/call/_act", "/gradio_api/call/v2/_act"],
)  # fmt: skip
def test_no_way_to_an_event_goes_past_the_gate(
    site: GateSite, client: TestClient, numbers: dict[str, int], path: str
) -> None:
    called = {"fn_index": numbers["_act"], "data": ["remove:none"], "session_hash": "s"}
    assert client.post(path, json=called).status_code == 401
    reply = client.post(path, json=called, headers=site.headers(Role.WORKER))
    assert reply.status_code == 403
    assert list(reply.json()) == ["error"]


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{", b'{"fn_index": "12", "data": []}', b'{"fn_index": true, "data": []}',
    b'{"fn_index": 12.0, "data": []}', b'{"data": []}', b'{"fn_index": 999, "data": []}',
    b'{"fn_index": 12, "fn_index": 18, "data": []}', b"[" * 100_000,
])  # fmt: skip
def test_an_event_that_cannot_be_told_is_for_administrators(body: bytes) -> None:
    functions = {12: ("library", "narrow"), 18: ("library", "_act"), 9: ("elsewhere", "act")}
    assert event_action(b'{"fn_index": 12, "data": []}', functions) is Action.LOOK_UP
    assert not may(Role.WORKER, event_action(body, functions))
    assert not may(Role.KEEPER, event_action(b'{"fn_index": 9, "data": []}', functions))


def routes_of(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every method and path that the application answers, Gradio's own among them."""
    for route in routes:
        path = prefix + getattr(route, "path", "")
        for method in getattr(route, "methods", None) or ():
            yield method, path
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        yield from routes_of(getattr(inner, "routes", ()), path)


def test_a_visitor_reaches_no_route_but_the_open_ones(client: TestClient) -> None:
    app: Any = client.app
    found = {(m, re.sub(r"\{[^}]*\}", "x", p)) for m, p in routes_of(app.routes)}
    assert len(found) > 60
    for method, path in sorted(found):
        if path.rstrip("/") in OPEN:
            continue
        reply = client.request(method, path)
        where = reply.headers.get("location", "")
        led = reply.status_code == 303 and where.startswith("/login?next=")
        assert reply.status_code == 401 or led, (method, path, reply.status_code)


@pytest.mark.parametrize("path", [
    "/gradio_api/file=/etc/passwd", "/gradio_api/file/x", "/gradio_api/info", "/monitoring",
    "/gradio_api/upload", "/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/stream/a/b/c/x.ts",
    "/nowhere", "/api/nowhere", "//api/ask?q=x", "/web", "/gradio_api/queue/data?session_hash=s",
])  # fmt: skip
def test_files_and_inner_routes_are_closed_to_workers(
    site: GateSite, client: TestClient, path: str
) -> None:
    assert refused(client.get(f"http://testserver{path}"))
    assert (
        client.get(f"http://testserver{path}", headers=site.headers(Role.WORKER)).status_code == 403
    )


def test_uploads_are_for_those_who_import_or_check(site: GateSite, client: TestClient) -> None:
    def send(role: Role) -> int:
        files = {"files": ("a.txt", "甲".encode())}
        headers = site.headers(role)
        return client.post("/gradio_api/upload", files=files, headers=headers).status_code

    assert [send(r) for r in ROLES if r is not Role.GUEST] == [401, 403, 200, 200, 200]


def test_the_log_in_page_has_what_it_needs(client: TestClient) -> None:
    page = client.get("/login?next=/quiz")
    assert page.status_code == 200
    assert 'name="next" value="/quiz"' in page.text
    assert '<nav aria-label="主导航"></nav>' in page.text
    for asset in re.findall(r'(?:href|src)="(/web/[^"]+)"', page.text):
        assert client.get(asset).status_code == 200
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_visitor_joins_in_a_group_round_and_nothing_else(
    site: GateSite, client: TestClient
) -> None:
    due = site.practice.now() + timedelta(days=1)
    assigning = Assigning(site.store, site.practice.now)
    given = assigning.give(
        COMMAND_LINE,
        site.unit.id,
        "班前一练",
        [made_question(1), made_question(2)],
        due,
        guests=True,
    )
    page = client.get(f"/join?task={given.id}")
    assert page.status_code == 200
    for asset in re.findall(r'(?:href|src)="(/web/[^"]+)"', page.text):
        assert client.get(asset).status_code == 200, asset
    made = client.post("/api/join/begin", json={"id": given.id, "name": "陈师傅"}).json()
    answer = {"id": "answer-0001", "round": made["id"], "n": 1, "given": ["乙"]}
    told = client.post("/api/join/answers", json=answer)
    assert told.json()["right"] is True
    evil = client.post("/api/join/answers", json=answer, headers={"origin": "http://evil.example"})
    assert evil.status_code == 403
    for path in (f"/api/practice/rounds/{made['id']}", "/api/practice/home", "/web/training.js"):
        assert client.get(path).status_code == 401
    worker = client.get(f"/join?task={given.id}", headers=site.headers(Role.WORKER))
    assert worker.headers["location"] == f"/practice?task={given.id}"


def log_in(client: TestClient, account: str, password: str, where: str = "/") -> Any:
    said = {"account": account, "password": password, "next": where}
    return client.post("/login", data=said)


def test_logging_in_gives_a_cookie_that_no_script_reads_and_out_ends_it(
    site: GateSite, client: TestClient
) -> None:
    reply = log_in(client, "worker-1", PASSWORD, "/practice?view=wrong")
    assert (reply.status_code, reply.headers["location"]) == (303, "/practice?view=wrong")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    token = client.cookies["zhize_session"]
    page = client.get("/practice")
    assert "王小明" in page.text
    assert "退出" in page.text
    assert "出题组卷" not in page.text.partition("</nav>")[0]
    assert "王小明" in client.get("/duties").text
    out = client.post("/logout")
    assert out.headers["location"] == "/login"
    assert client.get("/practice", headers=session(token)).status_code == 303
    safe = TestClient(client.app, base_url="https://testserver", follow_redirects=False)
    assert "secure" in log_in(safe, "worker-1", PASSWORD).headers["set-cookie"].lower()


def test_what_a_worker_practises_belongs_to_the_account(site: GateSite, client: TestClient) -> None:
    headers = site.headers(Role.WORKER)
    wanted = {"id": "round-mine", "post": "worker"}
    assert client.post("/api/practice/rounds", json=wanted, headers=headers).status_code == 200
    made = site.practice.store.round("round-mine")
    actor = site.desk.accounts.who(site.tokens[Role.WORKER])
    assert made is not None
    assert actor is not None
    assert made.person == actor.person
    other = client.get("/api/practice/rounds/round-mine", headers=site.headers(Role.TRAINER))
    assert other.status_code == 400


@pytest.mark.parametrize("where", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/practice\r\nset-cookie: a=b", "/ /evil", "", "/login?next=/login", "/logout", "/api/ask?q=x",
    "http:/practice", "/" + "a" * 1500, "/nowhere", "/%0d%0aevil", "/practice/../\\evil", "／practice",
])  # fmt: skip
def test_nobody_is_led_to_another_site(client: TestClient, where: str) -> None:
    assert safe_next(where) == "/"
    assert log_in(client, "worker-1", PASSWORD, where).headers["location"] == "/"


@pytest.mark.parametrize("where", ["/", "/library?doc=work-safety-law&at=%E7%AC%AC", "/practice"])
def test_one_is_led_back_to_the_page_that_was_asked_for(client: TestClient, where: str) -> None:
    assert safe_next(where) == where
    sent = client.get(where).headers["location"]
    client.get(sent)
    assert parse_qs(urlsplit(sent).query)["next"] == [where]


def test_too_many_wrong_passwords_are_told_and_stop(site: GateSite, client: TestClient) -> None:
    site.desk.admin.add(COMMAND_LINE, "careless", "李", Role.WORKER)
    for _ in range(5):
        wrong = log_in(client, "careless", "not-this-one")
        assert wrong.status_code == 401
        assert "账号或密码不对" in wrong.text
    locked = log_in(client, "careless", "not-this-one")
    assert locked.status_code == 429
    assert "15 分钟后再试" in locked.text
    assert 'value="careless"' in locked.text


def test_a_session_ends_by_itself(site: GateSite, client: TestClient) -> None:
    token = site.enter("idle-keeper", Role.KEEPER)
    assert client.get("/library", headers=session(token)).status_code == 200
    before = site.clock.now
    site.clock.pass_by(hours=9)
    try:
        assert client.get("/library", headers=session(token)).status_code == 303
        assert client.get("/api/bearers", headers=session(token)).status_code == 401
    finally:
        site.clock.now = before


def test_nothing_is_open_before_the_first_password_is_changed(
    site: GateSite, client: TestClient, numbers: dict[str, int]
) -> None:
    made = site.desk.admin.add(COMMAND_LINE, "fresh", "新来的", Role.ADMIN)
    reply = log_in(client, "fresh", made.password, "/library")
    assert reply.headers["location"] == "/password?next=%2Flibrary"
    assert client.get("/manage").headers["location"] == "/password?next=%2Fmanage"
    assert client.get("/api/bearers").status_code == 403
    event = {"fn_index": numbers["narrow_1"], "data": [], "session_hash": "s"}
    assert client.post("/gradio_api/run/predict", json=event).status_code == 403
    assert "初始密码" in client.get("/password?next=/library").text
    old = client.cookies["zhize_session"]
    new = {"old": made.password, "new": PASSWORD, "again": "another", "next": "/library"}
    assert "两次输入的密码不一样" in client.post("/password", data=new).text
    wrong = client.post("/password", data={**new, "old": "x", "again": PASSWORD})
    assert wrong.status_code == 401
    assert "原来的密码不对" in wrong.text
    done = client.post("/password", data={**new, "again": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/library")
    assert client.get("/api/bearers").status_code == 200
    assert client.get("/api/bearers", headers=session(old)).status_code == 401


def test_registering_with_the_code_of_a_unit(site: GateSite, client: TestClient) -> None:
    typed = {"code": "wrong", "account": "zhang3", "name": "<b>张三</b>", "password": PASSWORD,
             "again": PASSWORD}  # fmt: skip
    wrong = client.post("/register", data=typed)
    assert wrong.status_code == 400
    assert "单位口令不对" in wrong.text
    assert "&lt;b&gt;" in wrong.text
    assert PASSWORD not in wrong.text
    right = {**typed, "code": str(site.unit.join_code)}
    assert "不一样" in client.post("/register", data={**right, "again": ""}).text
    done = client.post("/register", data=right)
    assert (done.status_code, done.headers["location"]) == (303, "/practice")
    page = client.get("/practice")
    assert page.status_code == 200
    assert "&lt;b&gt;张三" in page.text
    assert client.get("/quiz").status_code == 403


@pytest.mark.parametrize(("headers", "passes"), [
    ({"origin": "https://evil.example"}, False),
    ({"origin": "null"}, False),
    ({"origin": ""}, False),
    ({"sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, False),
    ({"origin": "http://testserver"}, True),
    ({"sec-fetch-site": "same-origin", "origin": "http://proxy"}, True),
    ({}, True),
])  # fmt: skip
def test_only_pages_of_ours_can_change_anything(
    site: GateSite, client: TestClient, headers: dict[str, str], passes: bool
) -> None:
    sent = {**site.headers(Role.WORKER), **headers}
    reply = client.post("/api/practice/pins", json={}, headers=sent)
    assert reply.status_code == (400 if passes else 403)
    assert (client.post("/logout", headers=headers).status_code == 303) is passes


def test_roles_count_wherever_somebody_sits(
    site: GateSite, client: TestClient, numbers: dict[str, int]
) -> None:
    """The test client is not at the machine itself: without accounts it could not import."""
    called = {"fn_index": numbers["_act"], "data": ["remove:none"], "session_hash": "s"}
    keeper = client.post("/gradio_api/run/predict", json=called, headers=site.headers(Role.KEEPER))
    assert "只能在装有本程序的电脑上" not in keeper.text
    site.on(False)
    guest = client.post("/gradio_api/run/predict", json=called)
    assert "只能在装有本程序的电脑上" in guest.text


def test_without_accounts_everything_is_as_it_was(site: GateSite, client: TestClient) -> None:
    site.on(False)
    for path in ("/", "/duties", "/quiz", "/practice", "/library", "/config", "/api/bearers"):
        page = client.get(path)
        assert page.status_code == 200
        assert "退出" not in page.text
    assert 'href="/manage"' not in client.get("/").text
    assert client.get("/nowhere").status_code == 404
    assert client.post("/api/practice/rounds", json={"id": "round-guest"}).status_code == 200
    made = site.practice.store.round("round-guest")
    assert made is not None
    assert made.person == f"guest:{client.cookies['zhize_guest']}"
    assert "现在没有启用账号" in client.get("/login").text


def test_another_process_switches_accounts_on_within_a_second(
    site: GateSite, client: TestClient
) -> None:
    site.on(False)
    assert client.get("/library").status_code == 200
    site.desk.admin.switch(COMMAND_LINE, on=True)
    site.tick += 1.0
    assert client.get("/library").status_code == 303


def test_nothing_passes_while_the_records_are_away(
    site: GateSite, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> bool:
        raise StoreError("记录暂时读不出来")

    monkeypatch.setattr(site.desk.accounts, "are_on", away)
    site.tick += 1.0
    reply = client.get("/library")
    assert reply.status_code == 503
    assert reply.json() == {"error": "记录暂时读不出来"}


def test_rules_know_paths_with_and_without_a_slash_at_the_end() -> None:
    assert rule_of("GET", "/quiz/") == rule_of("GET", "/quiz")
    assert rule_of("POST", "/quiz") is None
    assert rule_of("GET", "/QUIZ") is None
