"""A roster in Excel: columns by name, every bad row by number."""

import io
from typing import Any

import openpyxl
import pytest

from assistant.accounts.model import Person, Role
from assistant.accounts.roster import MOST_BYTES, RosterRow, read_roster
from assistant.accounts.service import OneTime
from assistant.errors import BadInputError
from assistant.export.roster_xlsx import passwords_xlsx, roster_template
from tests.contracts.records import NOW


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_columns_are_found_by_their_names_wherever_they_stand() -> None:
    found = read_roster(
        workbook(
            ("一车间人员名单",),
            ("序号", "岗位（工种）", "单位/班组", "工 号*", "姓名"),
            (1, "焊工", "一车间", 1001.0, " 张　三 "),
            (None, None, None, None, None),
            (2, None, "一车间", "A-02", "李四"),
        )
    )
    assert found.problems == ()
    assert found.rows == (
        RosterRow(3, "张 三", "1001", "一车间", "焊工", ""),
        RosterRow(5, "李四", "A-02", "一车间", "", ""),
    )


def test_every_bad_row_is_told_by_number_and_reason() -> None:
    found = read_roster(
        workbook(
            ("姓名", "账号", "单位", "岗位", "手机号"),
            ("张三", "w1", "一车间", "焊工", "13800000000"),
            ("", "w2", "一车间", "焊工", ""),
            ("李四", "", "", "焊工", "abc"),
            ("王五", "W1", "一车间", "焊工", ""),
        )
    )
    assert [r.n for r in found.rows] == [2, 5]
    assert [(p.n, p.reason) for p in found.problems] == [
        (3, "没有填姓名"),
        (4, "没有填工号或账号"),
        (4, "没有填单位或班组"),
        (4, "手机号“abc”不对"),
        (5, "账号“W1”与第 2 行重复"),
    ]


@pytest.mark.parametrize(("data", "said"), [
    (b"not a workbook", "不是能读的 Excel"),
    (b"", "不是能读的 Excel"),
    (workbook(("姓名", "电话"), ("张三", "1")), "没有这些列：工号、单位、岗位"),
    (b"x" * (MOST_BYTES + 1), "太大"),
    (workbook(("姓名", "工号", "单位", "岗位"), *((f"甲{n}", f"w{n}", "一车间", "") for n in range(2001))),
     "一次最多 2000 人"),
])  # fmt: skip
def test_a_file_that_is_no_roster_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read_roster(data)


def test_the_template_can_be_filled_in_and_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    book.worksheets[0].append(("张三", "007", "一车间", "焊工", ""))
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_roster(buffer.getvalue()).rows == (
        RosterRow(2, "张三", "007", "一车间", "焊工", ""),
    )


def test_the_workbook_of_passwords_has_them_as_texts() -> None:
    person = Person("p1", "=1+1", "张三", Role.WORKER, "u1", "焊工", "", True, False, NOW)
    data = passwords_xlsx([OneTime(person, "k7mw-3xhp-q9")], {"u1": "一车间"})
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [tuple(v or "" for v in row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ("姓名", "工号", "单位", "岗位", "手机号", "初始密码")
    assert rows[1] == ("张三", "=1+1", "一车间", "焊工", "", "k7mw-3xhp-q9")
    assert sheet["B2"].data_type == "s"
    assert "第一次登录" in str(rows[3][0])
