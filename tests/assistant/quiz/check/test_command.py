"""`zhize quiz check` as other programs and people meet it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from assistant.errors import BadInputError
from assistant.quiz.check.command import add_check_options, run_check
from assistant.services import Services

Run = Callable[..., int]


@pytest.fixture
def run(services: Services) -> Run:
    def go(*args: object) -> int:
        parser = argparse.ArgumentParser()
        add_check_options(parser)
        return run_check(parser.parse_args([str(a) for a in args]), lambda: services, _quiet)

    return go


def _quiet(phase: str, done: int, total: int) -> None:
    assert phase
    assert done <= total


def bank(folder: Path, *lines: str) -> Path:
    path = folder / "题库.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


BAD = "1.从业人员超过三百人的，应当设置安全生产管理机构或者配备专职安全生产管理人员。（√）"
ODD = "2.摇表的转速约为每分钟一百二十转。（√）"
BROKEN = "3.下列正确的是（Z）。"
OLD = "4.企业应当每年向安全生产监督管理部门报送焊接车间的用电台账。（√）"


def test_json_is_one_document_of_the_contract(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(bank(tmp_path, BAD, ODD, BROKEN, OLD), "--json") == 1
    out, _ = capsys.readouterr()
    made = json.loads(out)
    assert [(q["row"], q["state"]) for q in made["questions"]] == [
        (1, "contradicted"), (2, "unlinked"), (4, "outdated"),
    ]  # fmt: skip
    assert made["counts"] == {"contradicted": 1, "outdated": 1, "consistent": 0, "unlinked": 1}
    first = made["questions"][0]
    assert first["citation"]["doc"] == "中华人民共和国安全生产法"
    assert first["citation"]["locator"].startswith("第二十四条")
    assert first["suggestion"] == "错误"
    assert made["questions"][1]["citation"] is None
    assert [(p["row"], p["through"]) for p in made["problems"]] == [(3, 3)]


def test_plain_text_shows_what_to_change_with_the_article(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(bank(tmp_path, BAD, BROKEN)) == 1
    out, _ = capsys.readouterr()
    assert "共 1 题：与现行规定不符 1" in out
    assert "三百人" in out
    assert "第二十四条" in out
    assert "第 3 行没有读入" in out or "第 2 行没有读入" in out


def test_a_bank_without_fault_is_answered_with_zero(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(bank(tmp_path, ODD)) == 0
    assert "没有找到依据 1" in capsys.readouterr().out


def test_the_workbook_has_a_row_a_question_the_gravest_first(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "报告.xlsx"
    assert run(bank(tmp_path, ODD, BAD, BROKEN), "--out", out) == 1
    assert "已存为" in capsys.readouterr().out
    book = openpyxl.load_workbook(out)
    rows = list(book["体检结果"].iter_rows(min_row=4, values_only=True))
    assert [r[2] for r in rows] == ["与现行规定不符", "没有找到依据"]
    assert rows[0][9].startswith("第二十四条")
    assert "一百人" in rows[0][10]
    assert "没有读入" in book["没有读入的行"]["A1"].value


@pytest.mark.parametrize(("name", "content", "says"), [
    ("a.xlsx", b"PK\x03\x04", "损坏"), ("a.txt", b"", "空的"), ("a.xls", b"x", "另存为 .xlsx"),
    ("a.json", b"{}", "不是题库"), ("a.csv", "甲,乙\n丙,丁\n".encode(), "没有一道能读入的题"),
])  # fmt: skip
def test_what_is_no_bank_is_refused_before_anything_is_opened(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    parser = argparse.ArgumentParser()
    add_check_options(parser)

    def never() -> Services:
        raise AssertionError("the index was opened")

    with pytest.raises(BadInputError, match=says):
        run_check(parser.parse_args([str(path)]), never, _quiet)


def test_a_report_cannot_take_the_place_of_the_bank(run: Run, tmp_path: Path) -> None:
    path = bank(tmp_path, ODD)
    with pytest.raises(BadInputError, match="后缀"):
        run(path, "--out", tmp_path / "a.pdf")
    same = tmp_path / "a.xlsx"
    same.write_bytes(b"x")
    with pytest.raises(BadInputError, match="同一个文件"):
        run(same, "--out", same)
    assert same.read_bytes() == b"x"


def test_help_says_what_the_exit_code_means() -> None:
    parser = argparse.ArgumentParser()
    add_check_options(parser)
    assert "退出码是 1" in parser.format_help()
