"""A group round for those without an account: who may join, what is kept, how it is shown apart."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient

from assistant.accounts.administration import Administration
from assistant.accounts.model import COMMAND_LINE
from assistant.accounts.passwords import Passwords
from assistant.export.training_xlsx import GUESTS
from assistant.services import Services
from assistant.store import open_store
from assistant.training import joining
from assistant.web.join_routes import COOKIE
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.markup import parsed
from tests.web.practice_site import Maker
from tests.web.quiz_samples import SCRIPT
from tests.web.test_training_routes import as_, give, ok, play
from tests.web.training_site import TrainingSite


@pytest.fixture(scope="module")
def maker(services: Services) -> Maker:
    source = services.quiz_source()
    return source, FakeGenerator(source)


@pytest.fixture
def site(services: Services, maker: Maker, tmp_path: Path) -> Iterator[TrainingSite]:
    store = open_store(tmp_path)
    made = TrainingSite(services, maker, store)
    yield made
    made.close()
    store.close()


@pytest.fixture
def client(site: TrainingSite) -> TestClient:
    return TestClient(site.app(), follow_redirects=False)


class Phone:
    """The browser of somebody who is not logged in."""

    def __init__(self, site: TrainingSite, who: str = "visitor") -> None:
        self.client, self.site, self.who = TestClient(site.app(), follow_redirects=False), site, who

    def get(self, path: str, **said: Any) -> Any:
        return self.client.get(path, **said, **as_(self.who))

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/api/join/{path}", json=body, **as_(self.who))

    def play(self, task: Any, name: str, right: str, **said: Any) -> str:
        """Join, answer "101" the second one wrong, hand in an exam; return the id of the round."""
        made = ok(self.post("begin", id=task["id"], name=name, **said))
        where = f"exams/{made['id']}/" if made["exam"] else ""
        for n, good in enumerate(right, 1):
            given = list(self.site.questions[n - 1].answer) if good == "1" else []
            body = {"id": f"{made['id'][-20:]}-{n}", "round": made["id"], "n": n, "given": given}
            ok(self.post(f"{where}answers", **body))
        if made["exam"]:
            ok(self.post(f"{where}submit"))
        return str(made["id"])


def book(client: TestClient, task: Any) -> Any:
    data = client.get(f"/api/training/file?form=xlsx&task={task['id']}", **as_("teacher")).content
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("who", ["visitor", "guest"])
@pytest.mark.parametrize("exam", [False, True])
def test_a_guest_answers_under_the_name_he_types_and_is_shown_apart(
    client: TestClient, site: TrainingSite, who: str, exam: bool
) -> None:
    task = give(client, guests=True, exam=exam, minutes=30 if exam else 0, title="班前一练")
    assert task["guests"]
    phone = Phone(site, who)
    assert phone.get(f"/join?task={task['id']}").status_code == 200
    told = ok(phone.get("/api/join/task", params={"id": task["id"]}))
    assert (told["unit"], told["title"], told["round"]) == ("第一车间", "班前一练", "")
    made = phone.play(task, " 陈 师傅 ", "110")
    play(client, site, task, "w1", "111")

    found = ok(client.get(f"/api/training/tasks/{task['id']}", **as_("teacher")))
    assert (found["people"], found["finished"]) == (2, 1)
    assert found["unknown"] == {"people": 1, "begun": 0, "finished": 1}
    assert [s["name"] for s in found["seats"]] == ["张三", "李四"]
    (other,) = found["others"]
    assert (other["name"], other["account"], other["right"]) == ("陈 师傅", "未登录", 2)
    results = ok(client.get(f"/api/training/results?task={task['id']}", **as_("teacher")))
    assert (results["total"]["answered"], results["total"]["unknown"]) == (6, 1)
    unit = ok(client.get("/api/training/results?unit=u1", **as_("teacher")))
    assert unit["total"]["answered"] == 3, "a guest is no member of the unit"

    person = f"guest:{phone.client.cookies[COOKIE]}"
    kept = site.store.practice.answers(person)
    assert [(a.round, a.n, a.assignment) for a in kept] == [
        (made, n, task["id"]) for n in (1, 2, 3)
    ]
    (line,) = site.store.audit.lines(action="assignment.join")
    assert (line.actor, line.subject, dict(line.detail)) == (person, task["id"], {})


def test_the_files_list_guests_apart(client: TestClient, site: TrainingSite) -> None:
    task = give(client, guests=True)
    Phone(site).play(task, "陈师傅", "110")
    Phone(site).play(task, f"=1+1{SCRIPT}"[:40], "1")
    play(client, site, task, "w1", "111")
    made = book(client, task)
    assert [r[0] for r in made["人员"].iter_rows(min_row=2, values_only=True)] == ["张三", "李四"]
    rows = list(made[GUESTS].iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[1], r[3]) for r in rows] == [
        ("陈师傅", "已完成", 2), (f"=1+1{SCRIPT}"[:40], "进行中", 1),
    ]  # fmt: skip
    assert all(str(r[-1]).startswith("guest:") for r in rows)
    log = list(made["答题明细"].iter_rows(min_row=2, values_only=True))
    assert sorted((r[2], r[3]) for r in log if r[3] == "未登录") == sorted(
        [("陈师傅", "未登录")] * 3 + [(f"=1+1{SCRIPT}"[:40], "未登录")]
    )
    form = f"/api/training/file?form=docx&task={task['id']}"
    record = docx.Document(io.BytesIO(client.get(form, **as_("teacher")).content))
    signed, others = record.tables[1:3]
    assert [r.cells[1].text for r in signed.rows[1:]] == ["张三", "李四"]
    assert "陈师傅" in [r.cells[1].text for r in others.rows[1:]]
    text = "\n".join(p.text for p in record.paragraphs)
    assert "没有核对" in text
    assert "另有未登录参加 2 人，完成 1 人" in record.tables[0].rows[5].cells[1].text

    closed = give(client)
    assert GUESTS not in book(client, closed).sheetnames


def test_a_task_that_is_not_for_guests_asks_to_log_in(
    client: TestClient, site: TrainingSite
) -> None:
    task, phone = give(client), Phone(site)
    page = phone.get(f"/join?task={task['id']}")
    main = parsed(page.text).css_first("#z-practice")
    assert "要登录才能参加" in main.text()
    assert "十一月考试" not in page.text
    link = main.css_first("a.z-primary").attributes["href"]
    assert link == f"/login?next=%2Fpractice%3Ftask%3D{task['id']}"
    for reply in (
        phone.get("/api/join/task", params={"id": task["id"]}),
        phone.post("begin", id=task["id"], name="陈师傅"),
    ):
        assert reply.status_code == 400
        assert "要登录才能参加" in reply.json()["error"]
    assert site.store.log.begun(task["id"]) == ()


@pytest.mark.parametrize("who", ["w1", "w3", "teacher", "keeper", "boss"])
def test_who_is_logged_in_goes_on_to_his_own_practice(
    client: TestClient, site: TrainingSite, who: str
) -> None:
    task, phone = give(client, guests=True), Phone(site, who)
    reply = phone.get(f"/join?task={task['id']}")
    assert reply.status_code == 303
    assert reply.headers["location"] == f"/practice?task={task['id']}"
    assert phone.post("begin", id=task["id"], name="陈师傅").status_code == 403
    assert site.store.log.begun(task["id"]) == ()


@pytest.mark.parametrize(
    ("name", "says"), [("", "没有填姓名"), (" \u200b\n ", "没有填姓名"), ("长" * 41, "姓名太长")]
)
def test_without_a_proper_name_nobody_joins(
    client: TestClient, site: TrainingSite, name: str, says: str
) -> None:
    task = give(client, guests=True)
    reply = Phone(site).post("begin", id=task["id"], name=name)
    assert (reply.status_code, says in reply.json()["error"]) == (400, True)
    assert site.store.audit.lines(action="assignment.join") == ()


def test_what_is_not_there_over_or_withdrawn_cannot_be_joined(
    client: TestClient, site: TrainingSite
) -> None:
    phone = Phone(site)
    for task in ("", "nothing", "a" * 200):
        page = phone.get("/join", params={"task": task})
        assert (page.status_code, "没有这个任务" in page.text) == (404, True)
    assert phone.post("begin", id="nothing", name="陈").status_code == 400
    over, withdrawn = give(client, guests=True), give(client, guests=True)
    made = phone.play(over, "陈师傅", "1")
    ok(client.post(f"/api/training/tasks/{withdrawn['id']}/withdraw", json={}, **as_("teacher")))
    site.move(days=30)
    assert "截止" in Phone(site).post("begin", id=over["id"], name="王").json()["error"]
    assert "撤回" in Phone(site).post("begin", id=withdrawn["id"], name="王").json()["error"]
    again = ok(phone.post("begin", id=over["id"]))
    assert again["id"] == made, "what was begun can be finished late, as by everybody"


def test_a_reload_goes_on_and_another_person_on_the_same_phone_begins_anew(
    client: TestClient, site: TrainingSite
) -> None:
    task, phone = give(client, guests=True), Phone(site)
    made = phone.play(task, "陈师傅", "1")
    assert ok(phone.post("begin", id=task["id"], name="别的名字"))["id"] == made
    told = ok(phone.get("/api/join/task", params={"id": task["id"]}))
    assert (told["name"], told["round"]) == ("陈师傅", made)
    assert list(ok(phone.get(f"/api/join/rounds/{made}"))["told"]) == ["1"]
    second = phone.play(task, "刘师傅", "1", anew=True)
    assert second != made
    assert phone.get(f"/api/join/rounds/{made}").status_code == 400
    found = ok(client.get(f"/api/training/tasks/{task['id']}", **as_("teacher")))
    assert sorted(s["name"] for s in found["others"]) == ["刘师傅", "陈师傅"]


def test_nothing_but_ones_own_round_in_such_a_task_is_reachable(
    client: TestClient, site: TrainingSite
) -> None:
    task, phone, other = give(client, guests=True), Phone(site), Phone(site)
    mine = phone.play(task, "陈师傅", "1")
    play(client, site, task, "w1", "1")
    of_w1 = site.store.practice.rounds("w1")[0].id
    practice = TestClient(site.app())
    alone = ok(practice.post("/api/practice/rounds", json={"id": "round-own-1"}, **as_("abcdefgh")))
    for who, round_id in ((other, mine), (phone, of_w1), (phone, alone["id"]), (phone, "none")):
        body = {"id": "answer-0001", "round": round_id, "n": 2, "given": []}
        for reply in (
            who.get(f"/api/join/rounds/{round_id}"), who.post("answers", **body),
            who.get(f"/api/join/exams/{round_id}"), who.post(f"exams/{round_id}/answers", **body),
            who.post(f"exams/{round_id}/submit"),
        ):  # fmt: skip
            assert reply.status_code == 400, (round_id, reply.text)
    assert len(site.store.log.read()[1]) == 2
    # a profile of practice without an account opens nothing here, even sent as that of a guest
    profile = "p" * 22
    kept = ok(practice.post("/api/practice/rounds", json={"id": "round-own-2"}, **as_(profile)))
    thief = Phone(site)
    thief.client.cookies.set(COOKIE, profile)
    reply = thief.get(f"/api/join/rounds/{kept['id']}")
    assert (reply.status_code, "要登录" in reply.json()["error"]) == (400, True)


def test_there_is_an_end_to_how_many_join(
    client: TestClient, site: TrainingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MOST_GUESTS", 2)
    task = give(client, guests=True)
    for n in range(2):
        ok(Phone(site).post("begin", id=task["id"], name=f"甲{n}"))
    reply = Phone(site).post("begin", id=task["id"], name="甲3")
    assert (reply.status_code, "不能再加" in reply.json()["error"]) == (400, True)
    assert len(site.store.log.begun(task["id"])) == 2


def test_a_guest_is_erased_with_his_name(client: TestClient, site: TrainingSite) -> None:
    task, phone = give(client, guests=True), Phone(site)
    phone.play(task, "陈师傅", "11")
    admin = Administration(site.store, Passwords(1, 8), site.now)
    assert admin.erase(COMMAND_LINE, f"guest:{phone.client.cookies[COOKIE]}") == 2
    found = ok(client.get(f"/api/training/tasks/{task['id']}", **as_("teacher")))
    assert found["others"] == []
    assert "陈师傅" not in str(list(book(client, task)[GUESTS].values))


def test_the_screen_leads_to_the_page_and_says_who_can_join(
    client: TestClient, site: TrainingSite
) -> None:
    for guests, says in ((True, "没有账号的写上姓名"), (False, "登录后就开始")):
        task = give(client, guests=guests)
        page = client.get(f"/training/screen?task={task['id']}", **as_("teacher")).text
        assert f"/join?task={task['id']}" in parsed(page).css_first("strong").text()
        assert says in page


def test_the_page_is_all_ours_and_brings_what_it_needs(
    client: TestClient, site: TrainingSite
) -> None:
    task = give(client, guests=True, title=SCRIPT)
    page = Phone(site).get(f"/join?task={task['id']}").text
    assert SCRIPT not in page
    main = parsed(page).css_first("#z-practice").attributes
    assert (main["data-task"], main["data-api"]) == (task["id"], "/api/join/")
    scripts = [s.attributes["src"] for s in parsed(page).css("script")]
    assert [s.partition("?")[0] for s in scripts] == [
        "/web/practice_base.js", "/web/practice.js", "/web/practice_more.js", "/web/join.js",
    ]  # fmt: skip
