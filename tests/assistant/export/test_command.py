"""`zhize duties … --out`, `--one-page`, `--card`: files or one clear sentence."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

import assistant.files as files
from assistant.cli import main
from assistant.duties.own import OwnStore
from assistant.services import Settings
from kb.duty_bearers import read_bearer_table


@pytest.fixture(autouse=True)
def _data(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIZE_DATA", str(data_dir))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(("duties", *args))
    out, err = capsys.readouterr()
    return code, out, err


def test_all_files_are_written_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    word, page, card = (tmp_path / f"{n}.docx" for n in ("清单", "单", "卡"))
    sheet = tmp_path / "清单.xlsx"
    args = ("老板", "--out", str(word), "--one-page", str(page), "--card", str(card))
    code, out, err = run(capsys, *args)
    assert (code, err) == (0, "")
    assert all(str(p) in out for p in (word, page, card))
    assert "职责清单" in docx.Document(str(word)).paragraphs[0].text
    assert "一岗一单" in docx.Document(str(page)).paragraphs[0].text
    assert "职责卡" in docx.Document(str(card)).tables[0].cell(0, 0).text
    assert run(capsys, "老板", "--field", "应急", "--out", str(sheet))[0] == 0
    assert openpyxl.load_workbook(sheet).sheetnames[0] == "职责清单"
    assert len(list(tmp_path.iterdir())) == 4


def test_what_the_unit_added_is_exported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = Settings().own_root
    assert root.name == "own"
    store = OwnStore(root)
    added = store.add(_principal(), "每周开会一次。")
    try:
        assert run(capsys, "主要负责人", "--out", str(tmp_path / "a.docx"))[0] == 0
    finally:
        store.remove(_principal(), added.id)
    tables = docx.Document(str(tmp_path / "a.docx")).tables
    assert tables[-1].cell(1, 1).text == "每周开会一次。"


def _principal() -> str:
    return read_bearer_table().find("主要负责人").id


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--out", "a.pdf"), ".docx 或 .xlsx"),
        (("--out", "a"), ".docx 或 .xlsx"),
        (("--one-page", "a.xlsx"), ".docx"),
        (("--card", "a.xlsx"), ".docx"),
        (("--out", "没有/a.docx"), "没有文件夹"),
        (("--out", "夹.docx"), "是一个文件夹"),
        (("--out", "普通/a.docx"), "没有文件夹"),
        (("--out", f"{'长' * 200}.docx"), "写不进去"),
        (("--out", "a.docx", "--card", "./a.docx"), "同一个文件"),
        (("--out", "a.docx", "--card", "没有/b.docx"), "没有文件夹"),
        (("--out", "a.docx", "--json"), "--json"),
        (("--out",), "后面要带一个值"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_sentence_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "夹.docx").mkdir()
    (tmp_path / "普通").write_text("")
    code, out, err = run(capsys, "老板", *args)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["夹.docx", "普通"]


def test_mentions_are_not_exported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "--mentions", "乡镇", "--out", str(tmp_path / "a.docx"))
    assert code == 2
    assert "--mentions" in err


def test_an_empty_list_is_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    code, out, _ = run(capsys, "党委书记", "--field", "消防", "--out", str(target))
    assert code == 1
    assert "没有生成文件" in out
    assert not target.exists()


def test_a_full_disk_leaves_the_old_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.docx"
    target.write_text("旧")

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    code, _, err = run(capsys, "老板", "--out", str(target))
    assert code == 2
    assert "磁盘空间" in err
    assert target.read_text() == "旧"
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]


def test_a_file_that_is_replaced_keeps_its_mode_and_links_stay_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("旧")
    real.chmod(0o640)
    link.symlink_to(real)
    files.replace_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640
