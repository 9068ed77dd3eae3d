"""`zhize import` and its kin, each command in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from assistant.services import Settings
from eval.documents import NumberingPart, write_pages
from tests.assistant.importing import files
from tests.assistant.test_cli import zhize


@pytest.fixture
def data(data_dir: Path, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own with an index of the safety scope."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir, folder)
    yield folder
    shutil.rmtree(folder)


def as_json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def state_of(folder: Path) -> list[str]:
    root = Settings(data=folder).imports_root
    return sorted(str(p.relative_to(root)) for p in root.rglob("*")) if root.exists() else []


def test_from_a_word_file_to_an_answer_and_out_again(data: Path, tmp_path: Path) -> None:
    document = docx.Document()
    for line in (f"{files.ISSUER}文件", "某政发〔2026〕1号", files.TITLE):
        document.add_paragraph(line)
    part = NumberingPart(document)
    num = part.add([(0, "chineseCountingThousand", "第%1条")])
    for text in files.ARTICLES:
        part.apply(document.add_paragraph(text), num)
    path = tmp_path / "办法.docx"
    document.save(str(path))

    done = zhize(data, "import", str(path), "--json")
    assert done.returncode == 0
    shown = as_json(done)
    (one,) = shown["imports"]
    assert (one["state"], one["title"], one["articles"]) == ("confirmed", files.TITLE, 4)
    assert (one["doc_number"], one["region"]) == ("某政发〔2026〕1号", "某省某县")
    assert shown["index"]["encoded"] == 4
    assert "编码 4/4" in done.stderr

    answer = as_json(zhize(data, "ask", "《某县安全生产网格管理办法》第二条", "--json"))
    assert answer["outcome"] == "answer"
    (citation,) = answer["citations"]
    assert (citation["doc"], citation["locator"]) == (files.TITLE, "第二条")
    assert (citation["text_kind"], citation["quote"]) == ("本单位文件", files.ARTICLES[1])
    assert citation["effective_on"] == "2026-02-01"

    hits = as_json(zhize(data, "search", "网格员巡查烧烤店", "-k", "2", "--json"))["hits"]
    assert {h["doc"] for h in hits} == {files.TITLE}

    again = as_json(zhize(data, "import", str(path), "--json"))
    assert (again["imports"][0]["state"], again["index"]) == ("unchanged", None)

    listed = as_json(zhize(data, "sources", "list", "--json"))
    assert one["doc_id"] in {s["doc_id"] for s in listed["sources"]}
    removed = as_json(zhize(data, "sources", "remove", files.TITLE, "--json"))
    assert removed["removed"] == one["doc_id"]
    assert Path(removed["kept_in"]).is_dir()
    gone = zhize(data, "ask", "《某县安全生产网格管理办法》第二条", "--json")
    assert gone.returncode == 1
    actions = [e["action"] for e in as_json(zhize(data, "sources", "history", "--json"))["history"]]
    assert actions == ["import", "remove"]


def test_a_preview_changes_nothing(data: Path, tmp_path: Path) -> None:
    path = files.write(tmp_path, files.text())
    done = zhize(data, "import", str(path), "--dry-run")
    assert done.returncode == 0
    assert files.TITLE in done.stdout
    assert "文号：某政发〔2026〕1号" in done.stdout
    assert "没有改动任何东西" in done.stdout
    assert not Settings(data=data).imports_root.exists()


def test_a_gap_waits_until_it_is_confirmed(data: Path, tmp_path: Path) -> None:
    path = files.write(tmp_path, files.text(skip=3))
    waiting = zhize(data, "import", str(path))
    assert waiting.returncode == 1
    assert "待确认：缺第三条：第二条之后是第四条" in waiting.stdout
    assert "加 --confirm 再导入一次" in waiting.stdout
    question = ("ask", "某县安全生产网格管理办法第二条", "--json")
    assert as_json(zhize(data, *question))["outcome"] == "refusal"
    listed = as_json(zhize(data, "sources", "list", "--json"))
    assert [p["doc"] for p in listed["pending"]] == [files.TITLE]
    confirmed = zhize(data, "import", str(path), "--confirm", "--json")
    assert confirmed.returncode == 0
    assert as_json(confirmed)["imports"][0]["state"] == "confirmed"
    assert as_json(zhize(data, *question))["outcome"] == "answer"


def test_one_refused_file_stops_the_whole_batch(data: Path, tmp_path: Path) -> None:
    good = files.write(tmp_path, files.text())
    scan = tmp_path / "scan.pdf"
    write_pages(scan, [[]], {})
    done = zhize(data, "import", str(good), str(scan))
    assert (done.returncode, done.stdout) == (2, "")
    assert "scan.pdf：这份 PDF 没有文字层" in done.stderr
    assert "一个也没有导入" in done.stderr
    assert state_of(data) == []


def test_a_refusal_is_one_line(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.ofd"
    path.write_bytes(b"PK\x03\x04")
    done = zhize(data, "import", str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "a.ofd：OFD 文件以后的版本才支持；请先另存为 DOCX 或带文字的 PDF"


def test_facts_from_a_file(data: Path, tmp_path: Path) -> None:
    path = files.write(tmp_path, files.text())
    meta = tmp_path / "m.toml"
    meta.write_text('title = "某县新办法"\nregion = "某省"\n', encoding="utf-8")
    done = zhize(data, "import", str(path), "--meta", str(meta), "--dry-run", "--json")
    (one,) = as_json(done)["imports"]
    assert (one["title"], one["region"], one["issuer"]) == ("某县新办法", "某省", files.ISSUER)
    both = zhize(data, "import", str(path), str(path), "--meta", str(meta))
    assert both.returncode == 2
    assert "一次只能配一个文件" in both.stderr


def test_a_damaged_import_is_said_and_the_rest_answers(data: Path, tmp_path: Path) -> None:
    path = files.write(tmp_path, files.text())
    one = as_json(zhize(data, "import", str(path), "--json"))["imports"][0]
    stored = Settings(data=data).imports_root / one["doc_id"] / "0001" / "document.json"
    stored.write_bytes(stored.read_bytes()[:-30])
    assert zhize(data, "ask", "安全生产法第五条").returncode == 2  # the index must follow
    built = zhize(data, "build")
    assert built.returncode == 0
    done = zhize(data, "ask", "安全生产法第五条")
    assert done.returncode == 0
    assert f"{one['doc_id']}/0001/document.json 已损坏" in done.stderr
    assert "请重新导入原件" in done.stderr
    assert zhize(data, "import", str(path)).returncode == 0
    assert zhize(data, "ask", "安全生产法第五条").stderr == ""


def test_what_was_never_imported_cannot_be_removed(data: Path) -> None:
    for wanted in ("work-safety-law", "unit-0000000000", "没有的办法"):
        done = zhize(data, "sources", "remove", wanted)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
