"""The view of the trainer over HTTP: who may what, what is shown, and that the log says the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
import segno
from fastapi.testclient import TestClient

from assistant.export.training_xlsx import ANSWER_COLUMNS, SHEETS
from assistant.quiz.source import Source
from assistant.services import Services
from assistant.store import people
from assistant.store.store import Store
from assistant.training.report import report
from assistant.web import create_app
from assistant.web.training_setup import experience_of, training_over
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.markup import parsed
from tests.web.practice_site import Maker
from tests.web.training_site import TrainingSite

DUE = "2026-11-30T18:00"


on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""For what no database decides; all else is the same on SQLite and on PostgreSQL."""


@pytest.fixture(scope="module")
def maker(services: Services) -> Maker:
    source: Source = services.quiz_source()
    return source, FakeGenerator(source)


@pytest.fixture
def site(services: Services, maker: Maker, records: Store) -> Iterator[TrainingSite]:
    made = TrainingSite(services, maker, records)
    yield made
    made.close()


@pytest.fixture
def client(site: TrainingSite) -> TestClient:
    return TestClient(site.app())


def as_(person: str) -> dict[str, Any]:
    return {"headers": {"x-person": person}}


def ok(reply: Any) -> Any:
    assert reply.status_code == 200, reply.text
    return reply.json()


def give(client: TestClient, who: str = "teacher", **said: Any) -> Any:
    wanted = {"unit": "u1", "due": DUE, "set": "paper-1", **said}
    return ok(client.post("/api/training/tasks", json=wanted, **as_(who)))


def begin(client: TestClient, task: Any, who: str) -> Any:
    return ok(client.post("/api/practice/tasks", json={"id": task["id"]}, **as_(who)))


def play(client: TestClient, site: TrainingSite, task: Any, who: str, right: str) -> None:
    """Answer the questions of a task, "101" the second one wrong; an exam is handed in."""
    made = begin(client, task, who)
    where = f"/api/practice/exams/{made['id']}" if made["exam"] else "/api/practice"
    for n, good in enumerate(right, 1):
        given = list(site.questions[n - 1].answer) if good == "1" else []
        body = {"id": f"{made['id'][-20:]}-{n}", "round": made["id"], "n": n, "given": given}
        ok(client.post(f"{where}/answers", json=body, **as_(who)))
    if made["exam"]:
        ok(client.post(f"{where}/submit", **as_(who)))


EVERY = (
    ("GET", "/api/training/start", None),
    ("GET", "/api/training/tasks?unit=u1", None),
    ("POST", "/api/training/tasks", {"unit": "u1", "due": DUE, "set": "paper-1"}),
    ("GET", "/api/training/tasks/{task}", None),
    ("POST", "/api/training/tasks/{task}/deadline", {"due": "2026-12-01T18:00"}),
    ("POST", "/api/training/tasks/{task}/withdraw", {}),
    ("GET", "/api/training/results?unit=u1", None),
    ("GET", "/api/training/results?task={task}", None),
    ("GET", "/api/training/file?form=xlsx&unit=u1", None),
    ("GET", "/api/training/file?form=docx&task={task}", None),
)


@on_sqlite
@pytest.mark.parametrize(
    ("who", "status"),
    [("visitor", 401), ("guest", 403), ("w1", 403), ("keeper", 403), ("other", 403), ("boss", 200),
     ("teacher", 200)],
)  # fmt: skip
def test_only_who_may_reaches_a_unit(client: TestClient, who: str, status: int) -> None:
    task = give(client)["id"]
    for method, path, body in EVERY:
        if who == "other" and path.endswith("/start"):
            continue  # he has a unit of his own
        reply = client.request(method, path.format(task=task), json=body, **as_(who))
        assert reply.status_code == status, (path, reply.text)
    tasks = ok(client.get("/api/training/tasks?unit=u1", **as_("boss")))["tasks"]
    withdrawn = [t["state"] for t in tasks if t["id"] == task]
    assert withdrawn == ["withdrawn" if status == 200 else "open"]


@on_sqlite
@pytest.mark.parametrize(
    ("who", "says"),
    [("guest", "zhize accounts on"), ("visitor", "登录"), ("w1", "练习"), ("teacher", "正在打开")],
)
def test_the_page_says_in_a_sentence_what_it_needs(client: TestClient, who: str, says: str) -> None:
    page = client.get("/training", **as_(who))
    main = parsed(page.text).css_first("#z-training")
    assert says in main.text()
    assert ("training.js" in page.text) == (who == "teacher")
    assert page.headers["cache-control"] == "no-cache"


@on_sqlite
def test_a_trainer_sees_the_units_he_reaches(client: TestClient) -> None:
    found = ok(client.get("/api/training/start", **as_("teacher")))
    assert [u["name"] for u in found["units"]] == ["第一车间"]
    assert (found["since"], found["until"], found["due"]) == (
        "2026-10-24", "2026-11-22", "2026-11-29T18:00",
    )  # fmt: skip
    assert len(ok(client.get("/api/training/start", **as_("boss")))["units"]) == 2


def test_a_worker_finds_the_task_does_it_once_and_it_is_gone(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client, title="消防月考", exam=True, minutes=30)
    assert (task["exam"], task["size"], task["due"]) == (True, 3, "2026-11-30 18:00")
    (waiting,) = ok(client.get("/api/practice/home", **as_("w1")))["tasks"]
    assert (waiting["title"], waiting["minutes"], waiting["round"]) == ("消防月考", 30, "")
    assert ok(client.get("/api/practice/home", **as_("w3")))["tasks"] == []
    first = begin(client, task, "w1")
    assert begin(client, task, "w1") == first
    home = ok(client.get("/api/practice/home", **as_("w1")))
    assert home["tasks"][0]["round"] == first["id"] == home["open"][0]["id"]
    exam = ok(client.get(f"/api/practice/exams/{first['id']}", **as_("w1")))
    assert exam["left"] == 1800
    play(client, site, task, "w1", "110")
    assert ok(client.get("/api/practice/home", **as_("w1")))["tasks"] == []
    assert client.get(f"/api/practice/exams/{first['id']}", **as_("w2")).status_code == 400


def test_progress_goes_on_while_it_is_watched(client: TestClient, site: TrainingSite) -> None:
    task = give(client, exam=True, minutes=30)

    def states() -> dict[str, Any]:
        found = ok(client.get(f"/api/training/tasks/{task['id']}", **as_("teacher")))
        return {s["name"]: (s["state"], s["score"], s["passed"]) for s in found["seats"]}

    assert states() == {"张三": ("waiting", 0, None), "李四": ("waiting", 0, None)}
    begin(client, task, "w2")
    assert states()["李四"][0] == "begun"
    play(client, site, task, "w1", "110")
    assert states()["张三"] == ("finished", 70.0, False)
    site.move(minutes=31)
    assert states()["李四"] == ("finished", 0.0, False), "the clock hands in what nobody hands in"
    found = ok(client.get("/api/training/tasks?unit=u1", **as_("teacher")))["tasks"][0]
    assert (found["finished"], found["passed"], found["mean"], found["total"]) == (2, 0, 35.0, 100)


def test_progress_is_read_again_only_when_something_was_answered(
    client: TestClient, site: TrainingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, reads = give(client), []
    real = site.store.log.for_assignment

    def read(*args: Any) -> Any:
        reads.append(args)
        return real(*args)

    monkeypatch.setattr(site.store.log, "for_assignment", read)
    for finished, reads_then in ((0, 1), (0, 1), (1, 2), (1, 2)):
        if finished and len(reads) == 1:
            play(client, site, task, "w1", "111")
        found = ok(client.get(f"/api/training/tasks/{task['id']}", **as_("teacher")))
        assert (found["finished"], len(reads)) == (finished, reads_then)


def test_an_exam_ends_with_the_deadline_and_nobody_begins_after_it(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client, exam=True, minutes=600, due="2026-11-22T12:30")
    first = begin(client, task, "w1")
    assert ok(client.get(f"/api/practice/exams/{first['id']}", **as_("w1")))["left"] == 1800
    site.move(minutes=30)
    reply = client.post("/api/practice/tasks", json={"id": task["id"]}, **as_("w2"))
    assert (reply.status_code, "截止" in reply.json()["error"]) == (400, True)
    ok(client.post(f"/api/training/tasks/{task['id']}/deadline", json={"due": DUE}, **as_("boss")))
    begin(client, task, "w2")


def test_what_is_withdrawn_waits_for_nobody_and_its_answers_stay(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client)
    play(client, site, task, "w1", "111")
    done = ok(client.post(f"/api/training/tasks/{task['id']}/withdraw", json={}, **as_("teacher")))
    assert done["state"] == "withdrawn"
    assert ok(client.get("/api/practice/home", **as_("w2")))["tasks"] == []
    reply = client.post("/api/practice/tasks", json={"id": task["id"]}, **as_("w2"))
    assert "撤回" in reply.json()["error"]
    found = ok(client.get(f"/api/training/results?task={task['id']}", **as_("teacher")))
    assert found["total"]["right"] == 3


@on_sqlite
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"due": "2026-11-22T11:00"}, "以后"),
        ({"due": "明天"}, "截止时间写得不对"),
        ({"set": "paper-9"}, "没有这份试卷"),
        ({"exam": True, "minutes": 0}, "1 到 600 分钟"),
        ({"set": "", "size": 0}, "1 到 50 题"),
        ({"set": "", "topic": "没有的专项"}, "没有"),
        ({"unit": "u9"}, "没有这个单位"),
    ],
)
def test_what_cannot_be_given_is_refused_in_a_sentence(
    client: TestClient, said: dict[str, Any], why: str
) -> None:
    wanted = {"unit": "u1", "due": DUE, "set": "paper-1", **said}
    reply = client.post("/api/training/tasks", json=wanted, **as_("boss"))
    assert reply.status_code == 400
    assert why in reply.json()["error"]
    assert ok(client.get("/api/training/tasks?unit=u1", **as_("boss")))["tasks"] == []


@on_sqlite
def test_a_round_for_a_post_has_the_same_questions_for_everybody(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client, set="", post="worker", size=5)
    assert task["title"].startswith("单位任务 · ")
    rounds = [
        ok(client.get(f"/api/practice/rounds/{begin(client, task, w)['id']}", **as_(w)))
        for w in ("w1", "w2")
    ]
    assert rounds[0]["questions"] == rounds[1]["questions"]
    assert len(rounds[0]["questions"]) == 5


def test_what_is_shown_equals_what_the_log_says(client: TestClient, site: TrainingSite) -> None:
    task = give(client)
    play(client, site, task, "w1", "110")
    site.move(days=1)
    play(client, site, task, "w2", "010")
    play(client, site, give(client, "boss", unit="u2"), "w3", "111")
    shown = ok(client.get("/api/training/results?unit=u1", **as_("teacher")))
    _, log = site.store.log.read()
    mine = report([a for a in log if a.person in ("w1", "w2")], ("w1", "w2"))
    assert shown["total"] == {
        "answered": 6, "right": 3, "wrong": 3, "active": 2, "people": 2, "unknown": 0,
    }  # fmt: skip
    assert [(p["person"], p["answered"], p["right"]) for p in shown["people"]] == [
        (p.person, p.tally.answered, p.tally.right) for p in mine.people
    ]
    assert [(i["question"], i["difficulty"], i["answered"]) for i in shown["items"]] == [
        (i.question, i.difficulty, i.answered) for i in mine.items
    ]
    assert shown["items"][0]["stem"] == site.questions[2].stem
    assert shown["items"][0]["discrimination_words"] == "不到 5 人答，不算"
    assert [(t["topic"], t["wrong"], t["answered"]) for t in shown["topics"]] == [
        ("消防", 1, 4), ("用电", 2, 2),
    ]  # fmt: skip
    today = ok(client.get("/api/training/results?unit=u1&since=2026-11-23", **as_("teacher")))
    assert [(p["name"], p["answered"]) for p in today["people"]] == [("李四", 3), ("张三", 0)]


@on_sqlite
def test_a_provision_opens_in_the_library(client: TestClient, site: TrainingSite) -> None:
    task = give(client, set="", post="worker", size=5)
    made = begin(client, task, "w1")
    body = {"id": "answer-001", "round": made["id"], "n": 1, "given": []}
    ok(client.post("/api/practice/answers", json=body, **as_("w1")))
    found = ok(client.get(f"/api/training/results?task={task['id']}", **as_("teacher")))
    basis = site.practice.own("w1", made["id"]).questions[0].basis[0]
    (weak,) = found["provisions"]
    assert weak["citation"] == basis.citation
    assert weak["href"].startswith(f"/library?doc={basis.provision.doc_id}&v=")
    assert (weak["wrong"], weak["answered"]) == (1, 1)


def test_the_workbook_reads_back_as_the_log(client: TestClient, site: TrainingSite) -> None:
    task = give(client, exam=True, minutes=30, title="=1+1 月考")
    play(client, site, task, "w1", "110")
    play(client, site, task, "w2", "011")
    reply = client.get(f"/api/training/file?form=xlsx&task={task['id']}", **as_("teacher"))
    assert unquote(reply.headers["content-disposition"]).endswith("第一车间培训成绩.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    assert tuple(book.sheetnames) == SHEETS
    heads, *rows = book["答题明细"].iter_rows(values_only=True)
    assert heads == tuple(name for name, _ in ANSWER_COLUMNS)
    lines = [dict(zip(heads, row, strict=True)) for row in rows]
    _, log = site.store.log.read()
    assert [(x["序号"], x["答案编号"], x["对错"] == "对", x["得分"], x["满分"]) for x in lines] == [
        (a.seq, a.id, a.right, a.score, a.points) for a in log
    ]
    assert [x["作答"] or "" for x in lines] == ["；".join(a.response.given) for a in log]
    assert {x["时间"] for x in lines} == {"2026-11-22 12:00:00"}
    people = list(book["人员"].iter_rows(min_row=2, values_only=True))
    assert [(p[0], p[3], p[6], p[8]) for p in people] == [
        ("张三", "已完成", 70, "否"), ("李四", "已完成", 60, "否"),
    ]  # fmt: skip
    assert sum(r[3] for r in book["题目"].iter_rows(min_row=2, values_only=True)) == len(log)
    assert sum(r[1] for r in book["条文"].iter_rows(min_row=2, values_only=True)) == len(log)
    words = [c for row in book["总览"].iter_rows(values_only=True) for c in row if c]
    assert "=1+1 月考" in words
    assert any("完成 2 人" in str(w) and "平均 65 分（满 100 分）" in str(w) for w in words)
    assert site.store.audit.lines(action="results.export")[0].subject == task["id"]


@on_sqlite
def test_the_workbook_of_a_period_has_everybody(client: TestClient, site: TrainingSite) -> None:
    play(client, site, give(client), "w1", "110")
    reply = client.get("/api/training/file?form=xlsx&unit=u1", **as_("teacher"))
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    people = list(book["人员"].iter_rows(min_row=2, values_only=True))
    assert [(p[0], p[3], p[4], p[6]) for p in people] == [
        ("张三", 3, 2, 0.6667),
        ("李四", 0, 0, None),
    ]


@on_sqlite
def test_the_record_has_a_line_to_sign_for_everybody(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client, exam=True, minutes=30, title="消防月考")
    play(client, site, task, "w1", "111")
    reply = client.get(f"/api/training/file?form=docx&task={task['id']}", **as_("teacher"))
    paper = docx.Document(io.BytesIO(reply.content))
    facts, people = paper.tables
    words = " ".join(c.text for row in facts.rows for c in row.cells)
    for said in (
        "第一车间",
        "消防月考",
        "2026年11月22日至2026年11月30日",
        "学时",
        "线上考试，30 分钟",
    ):
        assert said in words
    rows = [[c.text for c in row.cells] for row in people.rows]
    assert rows == [
        ["序号", "姓名", "岗位", "成绩", "签名"],
        ["1", "张三", "电工", "100 分，合格", ""],
        ["2", "李四", "电工", "未参加", ""],
    ]
    assert any("培训负责人（签名）" in p.text for p in paper.paragraphs)


@on_sqlite
def test_the_large_screen_leads_to_the_task(client: TestClient) -> None:
    task = give(client, title="<b>消防</b>月考", exam=True, minutes=30)
    where = f"/training/screen?task={task['id']}"
    for who, status in (("guest", 403), ("visitor", 401), ("w1", 403), ("w3", 403), ("other", 403)):
        assert client.get(where, **as_(who)).status_code == status
    page = client.get(where, **as_("teacher"))
    assert page.status_code == 200
    shown = parsed(page.text).css_first("#z-training")
    assert "<b>消防</b>月考" in shown.text()
    join = f"http://testserver/join?task={task['id']}"
    assert join in shown.text()
    code = segno.make(join, error="m", micro=False).svg_inline(omitsize=True, border=4)
    assert code in page.text
    assert "只有本机能打开" not in shown.text()
    local = client.get(f"http://127.0.0.1:7860{where}", **as_("teacher"))
    assert "只有本机能打开" in local.text


@on_sqlite
def test_an_empty_unit_makes_files_too(client: TestClient) -> None:
    for form in ("xlsx", "docx"):
        reply = client.get(f"/api/training/file?form={form}&unit=u2", **as_("boss"))
        assert reply.status_code == 200
    reply = client.get("/api/training/file?form=pdf&unit=u2", **as_("boss"))
    assert (reply.status_code, "pdf" in reply.json()["error"]) == (400, True)


def test_answers_of_somebody_who_moved_stay_with_the_task(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client)
    play(client, site, task, "w1", "110")
    with site.store.database.write() as connection:
        people.change_person(connection, "w1", unit="u2")
    found = ok(client.get(f"/api/training/tasks/{task['id']}", **as_("teacher")))
    assert {s["name"]: s["state"] for s in found["seats"]} == {
        "张三": "finished",
        "李四": "waiting",
    }
    assert (
        ok(client.get("/api/training/results?unit=u1", **as_("teacher")))["total"]["answered"] == 0
    )


@on_sqlite
def test_what_the_log_measured_reaches_practice(client: TestClient, site: TrainingSite) -> None:
    task = give(client)
    play(client, site, task, "w1", "110")
    play(client, site, task, "w2", "010")
    tell = experience_of(site.store)
    assert tell(["q001", "q002", "q003", "q004"]) == {
        "q001": (1, 1), "q002": (2, 0), "q003": (0, 2),
    }  # fmt: skip


@on_sqlite
def test_the_application_asks_a_guest_to_switch_accounts_on(
    services: Services, maker: Maker, site: TrainingSite
) -> None:
    app = create_app(
        services, practice=lambda *_: site.practice, training=training_over(site.store)
    )
    client = TestClient(app)
    assert "zhize accounts on" in client.get("/training").text
    assert client.get("/api/training/start").status_code == 403
    assert client.get("/api/practice/home").json()["tasks"] == []


def test_without_a_store_the_page_says_that_it_is_closed(services: Services) -> None:
    page = TestClient(create_app(services)).get("/training").text
    assert "没有数据文件夹" in page
    assert "training.js" not in page
