"""Plain text and Markdown: encodings are told, never guessed in silence."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from indexer.errors import RefusedFileError
from indexer.load import read
from indexer.load.txt import GB_WARNING

TEXT = "某县安全生产办法\n第一条　为了加强安全生产工作，制定本办法。\n第二条　乡镇人民政府应当定期检查。\n"
LINES = TEXT.splitlines()


def write(tmp_path: Path, data: bytes, name: str = "a.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "crlf", "cr"],
)
def test_certain_encodings_are_read_without_a_word(tmp_path: Path, data: bytes) -> None:
    raw = read(write(tmp_path, data))
    assert [line.text for line in raw.lines] == LINES
    assert raw.warnings == ()
    assert raw.wrapped


def test_gb18030_is_read_with_a_warning(tmp_path: Path) -> None:
    raw = read(write(tmp_path, TEXT.encode("gb18030")))
    assert [line.text for line in raw.lines] == LINES
    assert raw.warnings == (GB_WARNING,)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (TEXT.encode("big5", "ignore") + b"\xff\xff", "编码"),
        (bytes(range(256)) * 4, "编码"),
        (TEXT.encode("utf-16-le") * 3, "编码"),
        (b"Regulations on work safety in the county, article one. " * 4, "不是中文文字"),
        ("é".encode() * 200, "不是中文文字"),
    ],
    ids=["cut", "binary", "utf-16 without mark", "english", "other letters"],
)
def test_what_is_not_chinese_text_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(RefusedFileError, match=says):
        read(write(tmp_path, data))


def test_markdown_loses_its_marks_and_no_word(tmp_path: Path) -> None:
    text = (
        "---\nlayout: page\n---\n# 某县安全生产办法\n\n## 第一章 总则\n\n"
        "**第一条**　为了加强*安全生产*工作，制定[本办法](http://x.invalid/a_b)。\n\n---\n"
        "> 第二条　乡镇人民政府应当：\n- （一）检查；\n- （二）报告。\n3\\. 不是编号\n"
    )
    raw = read(write(tmp_path, text.encode(), "a.md"))
    assert [line.text for line in raw.lines] == [
        "某县安全生产办法",
        "第一章 总则",
        "第一条　为了加强安全生产工作，制定本办法。",
        "第二条　乡镇人民政府应当：",
        "（一）检查；",
        "（二）报告。",
        "3. 不是编号",
    ]
    assert "--- 之间" in raw.warnings[0]
