"""`zhize users` and `zhize accounts` as the command line of the machine runs them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from assistant.accounts import command
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.cli import main
from assistant.errors import BadInputError
from assistant.store import open_store
from tests.assistant.accounts.test_roster import workbook

HEADS = ("姓名", "工号", "单位", "岗位", "手机号")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIZE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHIZE_DATABASE", "")
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["users", "list", "--json"]) == 0
    return [p["account"] for p in json.loads(capsys.readouterr().out)["people"]]


def test_switching_on_makes_an_administrator_whose_password_is_shown_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accounts", "on"]) == 0
    said = capsys.readouterr().out
    password = re.search(r"一次性密码：(\S+?)（", said)
    assert password
    store = open_store(folder / "data")
    assert Accounts(store, Passwords()).log_in("admin", password[1], "")[1].must_change
    store.close()
    assert main(["accounts", "on"]) == 0
    assert "密码" not in capsys.readouterr().out
    assert main(["accounts", "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"on": True, "people": 1, "units": []}
    assert main(["accounts", "off"]) == 0
    assert main(["accounts", "status"]) == 0
    assert "没有启用，共 1 个账号" in capsys.readouterr().out


def test_the_rules_of_logging_in_are_listed_and_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accounts", "set"]) == 0
    said = capsys.readouterr().out
    assert "账号输错次数=5\t" in said
    assert "自己注册=开\t" in said
    assert main(["accounts", "set", "锁定分钟=30", "staff_hours=12", "自己注册=关"]) == 0
    assert "锁定分钟=30\t" in capsys.readouterr().out
    assert main(["accounts", "set", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "account_tries": 5, "address_tries": 60, "lock_minutes": 30, "worker_hours": 168,
        "staff_hours": 12, "registration": False,
    }  # fmt: skip


def test_an_account_lives_from_adding_to_deleting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "list"]) == 0
    assert "还没有账号" in capsys.readouterr().out
    add = ["users", "add", "w1", "--name", "张三", "--unit", "一车间"]
    assert main(add) == 2
    assert "--new-units" in capsys.readouterr().err
    assert main([*add, "--new-units", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["account"], made["role"], len(made["password"])) == ("w1", "worker", 12)
    for action, said in (
        (["role", "w1", "trainer"], "现在是培训员"), (["disable", "w1"], "已停用"),
        (["enable", "w1"], "可以登录"), (["reset", "W1"], "一次性密码"), (["list"], "张三\t培训员\t一车间"),
    ):  # fmt: skip
        assert main(["users", *action]) == 0
        assert said in capsys.readouterr().out
    assert main(["users", "delete", "w1"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert listed(capsys) == ["w1"]
    assert main(["users", "delete", "w1", "--yes"]) == 0
    assert listed(capsys) == []


def test_a_roster_becomes_accounts_with_passwords_in_a_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster, out = folder / "roster.xlsx", folder / "passwords.xlsx"
    roster.write_bytes(
        workbook(HEADS, ("张三", "w1", "一车间", "焊工", ""), ("李四", "w2", "一车间", "", ""))
    )
    command = ["users", "add", "--roster", str(roster), "--out", str(out)]
    assert main(command) == 2
    assert "第 2 行：没有单位“一车间”" in capsys.readouterr().err
    assert not out.exists()
    assert main([*command, "--new-units"]) == 0
    assert listed(capsys) == ["w1", "w2"]
    rows = list(openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:3]] == ["w1", "w2"]
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{2}", str(row[5])) for row in rows[1:3])


def test_passwords_that_cannot_be_written_leave_no_accounts(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise BadInputError(f"{path} 写不进去（{len(data)}）")

    monkeypatch.setattr(command, "save", full)
    roster = folder / "roster.xlsx"
    roster.write_bytes(workbook(HEADS, ("张三", "w1", "一车间", "焊工", "")))
    out = str(folder / "passwords.xlsx")
    assert main(["users", "add", "--roster", str(roster), "--out", out, "--new-units"]) == 2
    assert listed(capsys) == []


@pytest.mark.parametrize(("args", "said"), [
    (["users", "add"], "二选一"),
    (["users", "add", "w1"], "--name"),
    (["users", "add", "--roster", "x.xlsx"], "--out"),
    (["users", "add", "--roster", "x.xlsx", "--out", "y.txt"], "后缀"),
    (["users", "reset", "nobody"], "没有账号"),
    (["users", "role", "nobody", "boss"], "没有 'boss'"),
    (["users"], "缺少"),
    (["accounts", "maybe"], "没有 'maybe'"),
    (["accounts", "set", "锁定分钟"], "名称=值"),
    (["accounts", "set", "锁定分钟=0"], "1 到 1440"),
    (["accounts", "set", "锁定分钟=9", "锁定分钟=8"], "写了两次"),
    (["accounts", "set", "密码=1"], "没有“密码”这项设置"),
])  # fmt: skip
def test_what_cannot_be_done_is_told_in_one_line(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    caught = capsys.readouterr()
    assert said in caught.err
    assert caught.err.count("\n") == 1
    assert caught.out == ""


def test_a_database_that_cannot_be_reached_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIZE_DATABASE", "postgresql://zhize:secret@127.0.0.1:1/zhize")
    assert main(["accounts", "status"]) == 2
    said = capsys.readouterr().err
    assert "连不上数据库服务器" in said
    assert "secret" not in said
    assert said.count("\n") == 1


def test_commands_without_records_do_not_load_the_database() -> None:
    code = "import sys, assistant.cli\nassert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
