"""Plain text and Markdown, in UTF-8, UTF-16 with a mark, or GB18030 (said, never silent)."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from indexer.errors import RefusedFileError
from indexer.load.quality import quality
from indexer.load.raw import Line, RawText

GB_WARNING = "文件不是 UTF-8 编码，已按 GB18030（GBK）读入；请核对有没有乱码"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=\S)")
_QUOTED = re.compile(r"^\s*(?:>\s?)+")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3})(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|])")


def read_txt(path: Path) -> RawText:
    """Return a text file line by line; RefusedFileError if its encoding cannot be told."""
    text, warnings = decode(path.read_bytes())
    return RawText(_numbered(text.split("\n")), "txt", True, warnings)


def read_md(path: Path) -> RawText:
    """Return a Markdown file without its marks: # ** > and links are dropped, words are not."""
    text, warnings = decode(path.read_bytes())
    body = _FRONT_MATTER.sub("", text)
    if body != text:
        warnings += ("文件开头 --- 之间的内容没有读入",)
    return RawText(_numbered([_plain(line) for line in body.split("\n")]), "md", True, warnings)


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text with \\n line ends, and a warning if the encoding is not certain."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _ends(_strict(data, name)), ()
    warnings: tuple[str, ...] = ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, warnings = _strict(data, "gb18030"), (GB_WARNING,)
    if "\0" in text or quality(text).is_garbage:
        raise RefusedFileError(
            "这个文件读出来不是中文文字（可能编码不对，或不是文本文件）；请用记事本另存为 UTF-8 后再导入"
        )
    return _ends(text), warnings


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise RefusedFileError(
            "看不出这个文本文件用的是什么编码；请用记事本另存为 UTF-8 后再导入"
        ) from None


def _ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _numbered(lines: list[str]) -> tuple[Line, ...]:
    return tuple(Line(text, n) for n, text in enumerate(lines, 1) if text.strip())


def _plain(line: str) -> str:
    if _RULE.match(line):
        return ""
    line = _QUOTED.sub("", line)
    line = _HEADING.sub(r"\1", line)
    line = _BULLET.sub("", line)
    line = _LINK.sub(r"\1", line)
    while (bare := _EMPHASIS.sub(r"\2", line)) != line:
        line = bare
    return _ESCAPED.sub(r"\1", line)
