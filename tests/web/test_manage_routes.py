"""管理 over HTTP: every act of an administrator, and what happens with bad input."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import assistant
from assistant.accounts.administration import Administration
from assistant.accounts.model import COMMAND_LINE, Person, Role
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.accounts.units import Units
from assistant.backup.schedule import read_schedule
from assistant.services import Settings
from assistant.store import open_store
from assistant.web.account_desk import AccountDesk
from assistant.web.api import add_error_handlers
from assistant.web.gate import Gate, Switch
from assistant.web.login_routes import make_login_routes
from assistant.web.manage_log_html import ACTIONS
from assistant.web.manage_routes import make_manage_routes
from tests.assistant.accounts.conftest import Clock
from tests.web.gate_site import PASSWORD, session

POSTS = (
    "people/add", "people/reset", "people/role", "people/unit", "people/disable", "people/erase",
    "units/add", "units/rename", "units/renew", "units/close", "units/delete",
    "settings/accounts", "settings/backup", "settings/policy", "backup",
)  # fmt: skip
SOURCES = Path(assistant.__file__).parent
SIGN = b"\x28\xb5\x2f\xfd"
"""How a file packed with zstandard begins."""


class Office:
    """The pages of accounts alone, with an administrator who is logged in."""

    def __init__(self, folder: Path) -> None:
        store, passwords, clock = open_store(folder), Passwords(1, 8), Clock()
        accounts = Accounts(store, passwords, clock)
        self.desk = AccountDesk(
            accounts, Administration(store, passwords, clock), Units(store, clock),
            Switch(accounts, lambda: 0.0),
        )  # fmt: skip
        first = accounts.first_admin()
        assert first is not None
        self.desk.admin.switch(COMMAND_LINE, on=True)
        self.boss = first.person
        token, _ = accounts.log_in("admin", first.password, "")
        actor = accounts.who(token)
        assert actor is not None
        token = accounts.change_password(actor, first.password, PASSWORD)
        app = FastAPI()
        app.include_router(make_login_routes(self.desk))
        app.include_router(make_manage_routes(self.desk, Settings(data=folder, database="")))
        add_error_handlers(app)
        app.add_middleware(Gate, accounts=accounts, switch=self.desk.switch, functions={})
        self.app = app
        self.client = TestClient(app, headers=session(token), follow_redirects=False)

    def do(self, what: str, **said: str) -> str:
        """Post to a part of the page and return what is said after it."""
        reply = self.client.post(f"/manage/{what}", data=said)
        if reply.status_code == 303:
            reply = self.client.get(reply.headers["location"])
        return reply.text

    def people(self) -> dict[str, Person]:
        return {p.account: p for p in self.desk.admin.people(COMMAND_LINE)}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.desk.store.close()


def test_a_person_from_the_first_password_to_the_erasure(office: Office) -> None:
    unit = office.desk.units.add(COMMAND_LINE, "电工班")
    added = office.do("people/add", account="w1", name="<i>孙</i>", role="worker", unit=unit.id)
    assert "只显示这一次" in added
    assert "<i>孙" not in added
    person = office.people()["w1"]
    assert (person.unit, person.must_change) == (unit.id, True)
    password = added.partition("<code>")[2].partition("</code>")[0]
    token, _ = office.desk.accounts.log_in("w1", password, "")
    assert "角色已改" in office.do("people/role", person=person.id, role="trainer")
    assert office.desk.accounts.who(token) is None
    assert "单位已改" in office.do("people/unit", person=person.id, unit="")
    assert "已停用" in office.do("people/disable", person=person.id, disabled="1")
    assert office.people()["w1"].disabled
    assert "已恢复" in office.do("people/disable", person=person.id, disabled="")
    again = office.do("people/reset", person=person.id)
    assert password not in again
    assert "&lt;i&gt;孙" in again
    assert "没有删除" in office.do("people/erase", person=person.id, sure="w2")
    assert "w1" in office.people()
    assert "已删除" in office.do("people/erase", person=person.id, sure="w1")
    assert "w1" not in office.people()


@pytest.mark.parametrize(("what", "said", "says"), [
    ("people/add", {"account": "a b", "name": "孙"}, "不能用"),
    ("people/add", {"account": "w1", "name": "孙", "role": "guest"}, "账号只能是"),
    ("people/add", {"account": "w1", "name": "孙", "role": "king"}, "账号只能是"),
    ("people/add", {"account": "w1", "name": "孙", "unit": "none"}, "没有这个单位"),
    ("people/role", {"person": "none", "role": "worker"}, "已不在"),
    ("people/reset", {"person": ""}, "已不在"),
    ("people/erase", {"person": "guest:x", "sure": ""}, "没有删除"),
    ("units/add", {"name": " "}, "没有填单位"),
    ("units/delete", {"unit": "none"}, "已不在"),
    ("settings/backup", {"at": "25:00", "keep": "7"}, "不是时间"),
    ("settings/backup", {"at": "02:00", "keep": "七"}, "请填整数"),
    ("settings/backup", {"at": "02:00", "keep": "0"}, "保留份数"),
])  # fmt: skip
def test_bad_input_is_one_sentence_on_the_page(
    office: Office, what: str, said: dict[str, str], says: str
) -> None:
    reply = office.client.post(f"/manage/{what}", data=said)
    assert reply.status_code == 400
    assert says in reply.text.partition('role="alert">')[2].partition("</p>")[0]


def test_the_last_administrator_stays(office: Office) -> None:
    for what, more in (("role", {"role": "worker"}), ("disable", {"disabled": "1"}),
                       ("erase", {"sure": "admin"})):  # fmt: skip
        assert "最后一个" in office.do(f"people/{what}", person=office.boss.id, **more)
    assert office.people()["admin"].role is Role.ADMIN


def test_a_roster_gives_a_file_of_first_passwords(office: Office) -> None:
    template = openpyxl.load_workbook(io.BytesIO(office.client.get("/manage/roster").content))
    sheet = template.active
    assert sheet is not None
    sheet.append(["李一", "r1", "焊工班", "焊工", ""])
    sheet.append(["李二", "r2", "焊工班", "焊工", ""])
    buffer = io.BytesIO()
    template.save(buffer)

    def send(**said: str):  # type: ignore[no-untyped-def]
        files = {"file": ("名单.xlsx", buffer.getvalue())}
        return office.client.post("/manage/people/roster", files=files, data=said)

    refused = send()
    assert refused.status_code == 400
    assert "第 2 行：没有单位“焊工班”" in refused.text
    assert set(office.people()) == {"admin"}
    made = send(new_units="1")
    assert made.headers["cache-control"] == "no-store"
    rows = list(openpyxl.load_workbook(io.BytesIO(made.content)).worksheets[0].values)
    told = {r[1]: str(r[5]) for r in rows[1:] if r[1]}
    assert set(told) == {"r1", "r2"}
    assert office.desk.accounts.log_in("r2", told["r2"], "")[1].must_change
    broken = office.client.post("/manage/people/roster", files={"file": ("a.xlsx", b"x")})
    assert "不是能读的 Excel" in broken.text


def test_units_are_made_renamed_closed_and_deleted(office: Office) -> None:
    assert "已新建" in office.do("units/add", name="一班")
    (unit,) = office.desk.units.list(COMMAND_LINE)
    assert str(unit.join_code) in office.client.get("/manage/units").text
    assert "已改名" in office.do("units/rename", unit=unit.id, name="二班")
    assert "已换" in office.do("units/renew", unit=unit.id)
    (renewed,) = office.desk.units.list(COMMAND_LINE)
    assert (renewed.name, renewed.join_code == unit.join_code) == ("二班", False)
    assert "已关闭注册" in office.do("units/close", unit=unit.id)
    assert "已删除" in office.do("units/delete", unit=unit.id)
    assert office.desk.units.list(COMMAND_LINE) == ()


def test_people_are_found_by_name_and_unit(office: Office) -> None:
    unit = office.desk.units.add(COMMAND_LINE, "三班")
    for n in range(105):
        of = unit.id if n == 7 else None
        office.desk.admin.add(COMMAND_LINE, f"n{n:03}", f"某{n}", Role.WORKER, of)
    everybody = office.client.get("/manage").text
    assert "106 个账号" in everybody
    assert "还有 6 人没有列出" in everybody
    one = office.client.get("/manage", params={"q": "N007"}).text
    assert "1 个账号" in one
    assert "某7" in one
    assert "1 个账号" in office.client.get("/manage", params={"unit": unit.id}).text
    assert "没有符合的人" in office.client.get("/manage", params={"q": "<b>"}).text


def test_the_audit_log_is_told_in_words_and_filtered(office: Office) -> None:
    office.do("units/add", name="四班")
    page = office.client.get("/manage/audit").text
    assert "新建单位</b> 管理员（admin）" in page
    assert "名称：四班" in page
    assert "启用账号</b> 命令行" in page
    assert "z-log" in page

    def found(**asked: str) -> str:
        text = office.client.get("/manage/audit", params=asked).text
        return text.partition('<ol class="z-log">')[2].partition("</ol>")[0]

    assert "启用账号" not in found(who="admin")
    assert found(action="unit.add").count("<li>") == 1
    assert found(since="2001-01-01", until="2001-01-02") == ""
    assert found(since="2001-01-01").count("<li>") >= 3
    for bad in ({"who": "nobody"}, {"since": "yesterday"}, {"until": "9999-12-31x"}):
        assert office.client.get("/manage/audit", params=bad).status_code == 400
    for n in range(60):
        office.do("units/add", name=f"班{n}")
    first = office.client.get("/manage/audit").text
    assert first.count("<li>") == 50
    more = first.rpartition('href="/manage/audit?')[2].partition('"')[0]
    assert office.client.get(f"/manage/audit?{more}").text.count("<li>") >= 10


def test_every_action_that_is_recorded_has_a_name_on_the_page() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES.rglob("*.py"))
    recorded = set(re.findall(r"record\([^)]*?\"([a-z]+\.[a-z_]+)\"", code))
    recorded |= set(re.findall(r"audit\.add\([^\"]*\"([a-z]+\.[a-z_]+)\"", code))
    assert len(recorded) > 20
    assert recorded <= set(ACTIONS)


def test_settings_switch_accounts_at_once_and_set_the_daily_backup(office: Office) -> None:
    assert "以后不登录就能用" in office.do("settings/accounts", on="")
    assert not office.desk.accounts.are_on()
    visitor = TestClient(office.app, follow_redirects=False)
    assert visitor.get("/manage").status_code == 403
    assert "以后要登录才能用" in office.do("settings/accounts", on="1")
    assert visitor.get("/manage").status_code == 303
    assert "自动备份已保存" in office.do("settings/backup", at="02:30", keep="5")
    schedule = read_schedule(office.desk.store)
    assert schedule is not None
    assert (f"{schedule.at:%H:%M}", schedule.keep) == ("02:30", 5)
    office.do("settings/backup", at="", keep="")
    assert read_schedule(office.desk.store) is None


def test_the_rules_of_logging_in_are_set_and_count_at_once(office: Office) -> None:
    page = office.client.get("/manage/settings").text
    assert 'name="account_tries" type="number" value="5"' in page
    assert 'min="3" max="20"' in page
    typed = {"account_tries": "4", "address_tries": "80", "lock_minutes": "30",
             "worker_hours": "24", "staff_hours": "12", "registration": "off"}  # fmt: skip
    assert "马上有效" in office.do("settings/policy", **typed)
    page = office.client.get("/manage/settings").text
    assert 'name="lock_minutes" type="number" value="30"' in page
    visitor = TestClient(office.app, follow_redirects=False)
    assert "/register" not in visitor.get("/login").text
    closed = visitor.get("/register")
    assert (closed.status_code, "不能自己注册" in closed.text) == (403, True)
    said = {"code": "x", "account": "a1", "name": "甲", "password": PASSWORD, "again": PASSWORD}
    assert "不能自己注册" in visitor.post("/register", data=said).text
    log = office.client.get("/manage/audit", params={"action": "settings.change"}).text
    assert "设置：锁定分钟，原来：15，改为：30" in log
    assert "设置：自己注册，原来：开，改为：关" in log

    for bad in ({"staff_hours": "73"}, {"staff_hours": ""}, {"registration": "x"}):
        refused = office.client.post("/manage/settings/policy", data={**typed, **bad})
        assert refused.status_code == 400
        assert "请填" in refused.text
    assert office.desk.accounts.policy().staff_hours == 12


def test_a_backup_is_downloaded_and_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    before = {p.name for p in tmp_path.iterdir()}
    reply = office.client.post("/manage/backup")
    assert reply.status_code == 200
    assert reply.content.startswith(SIGN)
    assert ".tar.zst" in reply.headers["content-disposition"]
    assert {p.name for p in tmp_path.iterdir()} == before
    assert "备份" in office.client.get("/manage/audit", params={"action": "backup.make"}).text


def test_nobody_but_an_administrator_gets_in(office: Office) -> None:
    made = office.desk.admin.add(COMMAND_LINE, "t1", "周", Role.TRAINER)
    token, _ = office.desk.accounts.log_in("t1", made.password, "")
    actor = office.desk.accounts.who(token)
    assert actor is not None
    token = office.desk.accounts.change_password(actor, made.password, PASSWORD)
    trainer = TestClient(office.app, headers=session(token), follow_redirects=False)
    for part in ("", "/units", "/audit", "/settings", "/roster"):
        assert trainer.get(f"/manage{part}").status_code == 403
    for post in POSTS:
        assert trainer.post(f"/manage/{post}", data={"person": office.boss.id}).status_code == 403
    assert len(office.people()) == 2
