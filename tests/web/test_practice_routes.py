"""Practice over HTTP: idempotent, without keys before the answer, one sentence for what is wrong."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import docx
import pytest
from fastapi.testclient import TestClient

from assistant.errors import AssistantError
from assistant.practice.model import Answer, Mode, Round
from assistant.practice.sets import QuestionSet
from assistant.quiz.source import Source
from assistant.services import Services
from assistant.web.practice_person import COOKIE
from tests.assistant.practice.fakes import NOON, made_question
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.markup import parsed
from tests.web.practice_site import Site


@pytest.fixture(scope="module")
def maker(services: Services) -> tuple[Source, FakeGenerator]:
    source = services.quiz_source()
    return source, FakeGenerator(source)


@pytest.fixture
def site(services: Services, maker: tuple[Source, FakeGenerator]) -> Site:
    return Site(services, maker)


@pytest.fixture
def client(site: Site) -> TestClient:
    """A browser that has opened the page."""
    browser = TestClient(site.app())
    browser.get("/practice")
    return browser


def ok(reply: Any) -> Any:
    assert reply.status_code == 200, reply.text
    return reply.json()


def begin(client: TestClient, **said: Any) -> Any:
    wanted = {"id": "round-0001", "post": "worker", **said}
    return ok(client.post("/api/practice/rounds", json=wanted))


def answer(client: TestClient, made: Any, n: int, given: list[str], **said: Any) -> Any:
    body = {"id": f"{made['id']}-a{n}", "round": made["id"], "n": n, "given": given, **said}
    return ok(client.post("/api/practice/answers", json=body))


def key_of(site: Site, made: Any, n: int) -> list[str]:
    kept = site.store.round(made["id"])
    assert kept is not None
    return list(kept.questions[n - 1].answer)


def test_the_page_gives_a_browser_its_own_profile(site: Site) -> None:
    client = TestClient(site.app())
    first = client.get("/practice")
    cookie = first.headers["set-cookie"]
    assert COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "set-cookie" not in client.get("/practice").headers
    other = TestClient(site.app())
    begin(client)
    assert other.get("/api/practice/rounds/round-0001").status_code == 400


def test_a_made_up_profile_is_not_taken_over(site: Site) -> None:
    client = TestClient(site.app(), cookies={COOKIE: "admin"})
    assert COOKIE in client.get("/practice").headers["set-cookie"]


def test_accounts_may_say_who_it_is(site: Site) -> None:
    client = TestClient(site.app(lambda request: request.headers.get("x-user", "")))
    page = client.get("/practice", headers={"x-user": "u7"})
    assert "set-cookie" not in page.headers
    ok(client.post("/api/practice/rounds", json={"id": "round-0001"}, headers={"x-user": "u7"}))
    assert site.store.rounds("u7")


def test_no_key_is_sent_before_the_answer(client: TestClient, site: Site) -> None:
    made = begin(client)
    assert len(made["questions"]) == 10
    sent = json.dumps(made, ensure_ascii=False)
    for word in ('"answer"', "explanation", "应选", "citations"):
        assert word not in sent
    assert made["told"] == {}


def test_an_answer_tells_everything_and_sent_again_the_same(client: TestClient, site: Site) -> None:
    made = begin(client)
    right = answer(client, made, 1, key_of(site, made, 1))
    wrong = answer(client, made, 2, [])
    assert (right["right"], wrong["right"]) == (True, False)
    assert right["due_words"] == "2 天后"
    assert wrong["due_words"] == "10 分钟后"
    assert right["wrong_book"] is None
    assert wrong["wrong_book"] == {
        "left": 2, "left_words": "还要在 2 个不同的日子答对", "pinned": False,
    }  # fmt: skip
    assert wrong["answer"] == key_of(site, made, 2)
    basis = wrong["citations"][0]
    marked = parsed(basis["html"]).css("mark")
    assert marked
    assert "".join(m.text() for m in marked) in basis["quote"].replace("\n", "")
    assert basis["href"].startswith("/library?doc=")
    assert answer(client, made, 2, key_of(site, made, 2)) == wrong
    assert len(site.store.log) == 2
    again = ok(client.get("/api/practice/rounds/round-0001"))
    assert again["told"]["2"] == wrong


def test_begun_twice_is_one_round(client: TestClient, site: Site) -> None:
    assert begin(client) == begin(client)
    assert ok(client.get("/api/practice/home"))["open"] == []
    answer(client, begin(client), 1, [])
    (left,) = ok(client.get("/api/practice/home"))["open"]
    assert (left["id"], left["done"], left["size"]) == ("round-0001", 1, 10)


def test_the_wrong_book_has_no_keys_and_gives_them_when_asked(
    client: TestClient, site: Site
) -> None:
    made = begin(client)
    answer(client, made, 1, [])
    (entry,) = ok(client.get("/api/practice/wrong"))["entries"]
    assert entry["id"] == made["questions"][0]["id"]
    assert "answer" not in entry
    assert (entry["misses"], entry["left"], entry["pinned"]) == (1, 2, False)
    told = ok(client.get(f"/api/practice/wrong/{entry['id']}"))
    assert told["answer"] == key_of(site, made, 1)
    ok(client.post("/api/practice/pins", json={"question": entry["id"], "pinned": True}))
    assert ok(client.get("/api/practice/wrong"))["entries"][0]["pinned"]


def test_due_times_follow_the_clock(client: TestClient, site: Site) -> None:
    answer(client, begin(client), 1, [])
    site.move(minutes=10)
    assert ok(client.get("/api/practice/wrong"))["entries"][0]["due_words"] == "现在"
    assert ok(client.get("/api/practice/home"))["due"] == 1
    assert (
        begin(client, id="round-0002")["questions"][0]["id"]
        == (begin(client)["questions"][0]["id"])
    )


def test_progress_equals_the_log(client: TestClient, site: Site) -> None:
    made = begin(client)
    for n in range(1, 11):
        answer(client, made, n, key_of(site, made, n) if n % 2 else [])
    shown = ok(client.get("/api/practice/progress"))
    log = site.store.log
    assert shown["answered"] == len(log) == 10
    assert shown["right"] == sum(a.right for a in log) == 5
    assert shown["wrong"] == len({a.question for a in log if not a.right})
    assert sum(t["asked"] for t in shown["topics"]) == 10
    assert (shown["streak"], len(shown["days"])) == (1, 28)
    drawing = parsed(shown["days_svg"]).css_first("svg")
    assert "有 1 天练习过，共答 10 题" in drawing.attributes["aria-label"]
    bars = parsed(shown["topics_svg"])
    assert shown["topics"][0]["topic"] in bars.css_first("svg").attributes["aria-label"]
    assert len(bars.css("rect.z-b2")) == len(shown["topics"])


def test_an_exam_tells_nothing_until_it_is_handed_in_once(client: TestClient, site: Site) -> None:
    wanted = {"id": "exam-0001", "plan": "short", "post": "worker"}
    exam = ok(client.post("/api/practice/exams", json=wanted))
    assert (exam["left"], exam["total"], exam["result"]) == (1200, 100, None)
    for n in range(1, 23):
        body = {"n": n, "given": key_of(site, exam, n)}
        reply = ok(client.post("/api/practice/exams/exam-0001/answers", json=body))
        assert reply == {"left": 1200}
    open_still = ok(client.get("/api/practice/exams/exam-0001"))
    assert open_still["result"] is None
    assert len(open_still["given"]) == 22
    assert '"answer"' not in json.dumps(open_still)
    done = ok(client.post("/api/practice/exams/exam-0001/submit"))
    assert (done["result"]["score"], done["result"]["passed"]) == (100, True)
    assert done["result"]["told"]["22"]["right"]
    assert ok(client.post("/api/practice/exams/exam-0001/submit")) == done
    assert len(site.store.log) == 22


def test_late_answers_to_an_exam_are_refused(client: TestClient, site: Site) -> None:
    ok(client.post("/api/practice/exams", json={"id": "exam-0001", "plan": "short"}))
    site.move(minutes=20)
    late = client.post("/api/practice/exams/exam-0001/answers", json={"n": 1, "given": []})
    assert late.status_code == 400
    assert "时间到了" in late.json()["error"]
    closed = ok(client.get("/api/practice/exams/exam-0001"))
    assert closed["by_clock"]
    assert closed["result"]["score"] == 0


def test_choices_name_posts_topics_plans_and_sets(client: TestClient, site: Site) -> None:
    paper = QuestionSet("paper-1", "月度考试", (made_question(),), (2.0,), 1, "1 道简答题")
    site.sets.append(paper)
    shown = ok(client.get("/api/practice/choices"))
    assert {"id": "electrician", "name": "电工", "group": "特种作业人员"} in shown["posts"]
    assert "消防" in shown["topics"]
    assert [p["id"] for p in shown["plans"]] == ["short", "full"]
    assert shown["sets"] == [
        {"id": "paper-1", "name": "月度考试", "size": 1, "paper": True, "left_out": 1,
         "why": "1 道简答题"}
    ]  # fmt: skip


def test_what_everybody_must_know_is_shown_and_printed(client: TestClient) -> None:
    shown = ok(client.get("/api/practice/cards", params={"post": "worker"}))
    assert len(shown["items"]) == 20
    assert shown["items"][0]["href"].startswith("/library?doc=")
    file = client.get("/api/practice/cards/file", params={"post": "worker"})
    assert "filename*=UTF-8''" in file.headers["content-disposition"]
    words = [
        c.text for t in docx.Document(io.BytesIO(file.content)).tables for r in t.rows
        for c in r.cells
    ]  # fmt: skip
    assert shown["items"][0]["text"] in words[0]


def test_what_was_changed_is_said(client: TestClient, site: Site) -> None:
    who = f"guest:{client.cookies[COOKIE]}"
    gone = replace(made_question(1), explanation="应选乙。")
    site.store.add_round(Round("old-round", who, Mode.DAILY, "旧", (gone,), NOON))
    told = ok(
        client.post(
            "/api/practice/answers",
            json={"id": "answer-01", "round": "old-round", "n": 1, "given": ["甲"]},
        )
    )
    assert told["changed"]
    assert told["citations"][0]["html"] == ""
    assert ok(client.get("/api/practice/wrong"))["entries"][0]["changed"]


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("GET", "rounds/nothing-here", None, "没有这一组"),
        ("GET", "exams/nothing-here", None, "没有这一组"),
        ("GET", "cards?post=nobody", None, "岗位"),
        ("GET", "cards/file?post=nobody", None, "岗位"),
        ("GET", "home?post=nobody", None, "岗位"),
        ("GET", "wrong/q404", None, "没有做过"),
        ("POST", "rounds", {"id": "x"}, "编号"),
        ("POST", "rounds", {}, "id"),
        ("POST", "rounds", {"id": "round-0009", "mode": "party"}, "mode"),
        ("POST", "rounds", {"id": "round-0009", "mode": "wrong"}, "错题本里没有"),
        ("POST", "rounds", {"id": "round-0009", "mode": "topic", "set": "no"}, "没有这份"),
        ("POST", "rounds", {"id": "round-0009", "topic": "量子"}, "领域"),
        ("POST", "exams", {"id": "exam-0009", "plan": "huge"}, "没有这种考试"),
        ("POST", "answers", {"id": "answer-01", "round": "no", "n": 1, "given": []}, "没有这一组"),
        ("POST", "answers", {"id": "answer-01", "round": "no", "n": 1, "given": "甲"}, "given"),
        ("POST", "answers", {"id": "a" * 99, "round": "no", "n": 1, "given": []}, "id"),
        ("POST", "pins", {"question": "q404", "pinned": True}, "没有做过"),
        ("POST", "exams/no-exam/submit", {}, "没有这一组"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    client: TestClient, method: str, path: str, body: Any, says: str
) -> None:
    reply = client.request(method, f"/api/practice/{path}", json=body)
    assert reply.status_code == 400
    assert says in reply.json()["error"]
    assert "\n" not in reply.json()["error"]


def test_a_store_that_cannot_write_asks_to_try_again(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begin(client)

    def full(_: Answer) -> bool:
        raise AssistantError("磁盘已满，没有存下；请清出空间后再试")

    with monkeypatch.context() as broken:
        broken.setattr(site.store, "add_answer", full)
        body = {"id": "answer-01", "round": made["id"], "n": 1, "given": []}
        reply = client.post("/api/practice/answers", json=body)
    assert reply.status_code == 503
    assert "磁盘已满" in reply.json()["error"]
    assert answer(client, made, 1, [])["n"] == 1
