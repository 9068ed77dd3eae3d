"""`zhize quiz make`: a paper on stdout, as JSON or as files, or one clear sentence."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import openpyxl
import pytest

import assistant.cli as cli
import assistant.files as files
from assistant.services import Services
from tests.assistant.quiz.fakes import FakeGenerator

BLUEPRINT = 'title = "月考"\nseed = 3\n[counts]\nsingle = 4\njudge = 3\nblank = 1\n'


@pytest.fixture(autouse=True)
def _made_up(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command as it is, over the library of the tests and made-up questions."""
    monkeypatch.setattr(cli, "_quiz_source", services.quiz_source)
    monkeypatch.setattr(cli, "_quiz_generator", FakeGenerator)
    monkeypatch.setattr(cli.secrets, "randbelow", lambda most: 5)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = cli.main(("quiz", "make", *args))
    out, err = capsys.readouterr()
    return code, out, err


def test_json_holds_the_contract_and_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "b.toml"
    file.write_text(BLUEPRINT, encoding="utf-8")
    code, out, err = run(capsys, "--blueprint", str(file), "--single", "2", "--json")
    assert (code, err) == (0, "")
    made = json.loads(out)
    assert [q["type"] for q in made["questions"]] == ["single"] * 2 + ["judge"] * 3 + ["blank"]
    assert (made["title"], made["blueprint"]["seed"]) == ("月考", 3)
    assert all(set(q["answer"]) <= set(q["options"]) for q in made["questions"] if q["options"])
    assert made["ms"] > 0
    again = json.loads(run(capsys, "--blueprint", str(file), "--single", "2", "--json")[1])
    assert again["questions"] == made["questions"]


def test_without_a_seed_one_is_drawn_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--judge", "2", "--case", "1")
    assert code == 0
    assert "种子 5" in out
    assert "一、判断题（每题 1 分，共 2 分）" in out
    assert "依据：《" in out


def test_posts_and_topics_and_regions_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    args = ("--single", "3", "--post", "班组长", "--topic", "消防", "--region", "河南", "--json")
    code, out, _ = run(capsys, *args, "--difficulty", "难", "--title", "班组考试")
    assert code == 0
    made = json.loads(out)
    assert made["blueprint"]["posts"] == ["team-leader"]
    assert made["blueprint"]["region"] == "河南省"
    assert made["title"] == "班组考试"
    assert all("消防" in q["topics"] for q in made["questions"])


def test_all_files_are_written_at_once_with_the_key_beside_the_paper(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = ("卷.docx", "卷.xlsx", "卷.gift", "卷.xml", "卷.apkg", "卷.csv", "卷.JSON")
    outs = [x for n in names for x in ("--out", str(tmp_path / n))]
    code, out, err = run(capsys, "--single", "5", "--multi", "2", "--versions", "2", *outs)
    assert (code, err) == (0, "")
    written = sorted(p.name for p in tmp_path.iterdir())
    assert written == sorted([*names, "卷-B卷.docx", "卷-答案.docx"])
    assert all(name in out for name in written)
    assert "（A卷）" in docx.Document(str(tmp_path / "卷.docx")).paragraphs[0].text
    assert "（B卷）" in docx.Document(str(tmp_path / "卷-B卷.docx")).paragraphs[0].text
    assert "参考答案" in docx.Document(str(tmp_path / "卷-答案.docx")).paragraphs[0].text
    assert openpyxl.load_workbook(tmp_path / "卷.xlsx")["试题"].max_row == 8
    stored = json.loads((tmp_path / "卷.JSON").read_text(encoding="utf-8"))
    assert [v["label"] for v in stored["versions"]] == ["B"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "一道题也没有要"),
        (("--single", "0"), "一道题也没有要"),
        (("--single", "-3"), "不能是负数"),
        (("--single", "999999"), "最多 300 题"),
        (("--single", "x"), "应是整数"),
        (("--single", "1", "--topic", "消房"), "没有“消房”这个领域"),
        (("--single", "1", "--post", "主要负责任人"), "最接近的是主要负责人"),
        (("--single", "1", "--difficulty", "很难"), "看不懂"),
        (("--single", "1", "--region", "火星"), "没有“火星”这个省"),
        (("--single", "1", "--seed", "-1"), "种子"),
        (("--single", "1", "--versions", "0"), "--versions 应在 1 到 8 之间"),
        (("--single", "1", "--versions", "99"), "--versions"),
        (("--blueprint", "没有.toml"), "没有.toml 读不出来"),
        (("--short", "200", "--post", "班组长", "--topic", "燃气"), "简答题要 200 道，最多"),
        (("--single", "1", "--out", "a.pdf"), ".docx 或 .xlsx"),
        (("--single", "1", "--out", "没有/a.docx"), "没有文件夹"),
        (("--single", "1", "--out", "夹.docx"), "是一个文件夹"),
        (("--single", "1", "--out", "a.docx", "--json"), "--json"),
        (("--single", "1", "--out", "a.xml", "--out", "./a.xml"), "写两次"),
        (("--single", "1", "--out", "a.docx", "--out", "a-答案.docx"), "写两次"),
        (("--single", "1", "--out", "a.docx", "--out", "没有/b.csv"), "没有文件夹"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "夹.docx").mkdir()
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["夹.docx"]


def test_what_was_typed_is_checked_before_the_library_is_opened(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_quiz_source", lambda region: pytest.fail("opened"))
    assert run(capsys, "--single", "1", "--post", "火星移民")[0] == 2


def test_the_real_command_makes_a_paper(
    capsys: pytest.CaptureFixture[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("ZHIZE_DATA", str(data_dir))
    code, out, err = run(capsys, "--judge", "2", "--seed", "1", "--json")
    assert (code, err) == (0, "")
    questions = json.loads(out)["questions"]
    assert [q["type"] for q in questions] == ["judge", "judge"]
    assert all(q["citations"][0]["doc"] in q["explanation"] for q in questions)


def test_a_sub_command_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(("quiz",)) == 2
    assert "动作" in capsys.readouterr().err


def test_a_full_disk_leaves_the_old_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.docx"
    target.write_text("旧")

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    code, _, err = run(capsys, "--single", "1", "--out", str(target))
    assert code == 2
    assert "磁盘空间" in err
    assert target.read_text() == "旧"
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]
