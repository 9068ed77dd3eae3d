"""norms.jsonl."""

from pathlib import Path

import pytest

from indexer.errors import IndexDamagedError
from indexer.norms.file import read_norms, write_norms
from tests.indexer.norms.reading import read


def test_reads_what_was_written(tmp_path: Path) -> None:
    norms = read("单位应当遵守下列规定：\n（一）每年至少检查一次；\n（二）发生事故的，必须报告。")
    write_norms(tmp_path / "n", norms)
    assert read_norms(tmp_path / "n") == tuple(norms)


@pytest.mark.parametrize("content", ["[1]\n", "{}\n", "x\n", '[["a"],"","","","","","",[],""]\n'])
def test_a_damaged_file_names_the_cure(tmp_path: Path, content: str) -> None:
    (tmp_path / "n").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamagedError, match="zhize build"):
        read_norms(tmp_path / "n")
