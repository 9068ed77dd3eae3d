"""DOCX: every paragraph a line, with the numbers that Word prints and does not store."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.errors import RefusedFileError
from indexer.load.numbering import Numbering, W
from indexer.load.raw import Line, RawText

MAX_ENTRIES = 5000
MAX_UNPACKED = 200 * 1024 * 1024
"""What a DOCX may unpack to; more is a zip bomb or a picture book."""
_CLOSED = re.compile(r"[。；：！？”）;:]$")
_WRAP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BLOCKS = {f"{W}{n}" for n in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_DROPPED = {
    f"{W}{n}" for n in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "txbxContent")
}
_DROPPED.add(f"{_WRAP}Fallback")
_ENCRYPTED = 0x1


def read_docx(path: Path) -> RawText:
    """Return the body of a DOCX; RefusedFileError if it is damaged, encrypted or a zip bomb."""
    _check_zip(path)
    import docx  # takes a quarter of a second: only for those who import one
    from docx.opc.constants import RELATIONSHIP_TYPE as RT

    try:
        part = docx.Document(str(path)).part
        found = {r.reltype: r.target_part for r in part.rels.values() if not r.is_external}
        numbering = found[RT.NUMBERING].element if RT.NUMBERING in found else None
        styles = found[RT.STYLES].element if RT.STYLES in found else None
        reader = _Body(Numbering(numbering, styles))
        reader.walk(part.element.body)
    except Exception as e:  # python-docx and lxml raise whatever a damaged file trips over
        raise RefusedFileError("文件已损坏，打不开；请用 Word 或 WPS 另存一份 DOCX 后再导入") from e
    lines = tuple(Line(text, n) for n, text in enumerate(reader.lines, 1) if text.strip())
    return RawText(lines, "docx", looks_wrapped(reader.lines), tuple(reader.warnings()))


def looks_wrapped(lines: list[str]) -> bool:
    """True if the paragraphs seem to be lines of a page: many long ones break off mid-sentence."""
    long = [line for line in lines if len(line) >= 20 and "|" not in line]
    if len(long) < 8:
        return False
    return sum(not _CLOSED.search(line) for line in long) > 0.3 * len(long)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as z:
            entries = z.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as e:
        raise RefusedFileError("文件已损坏，打不开；请用 Word 或 WPS 另存一份 DOCX 后再导入") from e
    if any(e.flag_bits & _ENCRYPTED for e in entries):
        raise RefusedFileError("文件加了密码；请在 Word 或 WPS 里去掉密码后另存，再导入")
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise RefusedFileError(
            f"文件解压后超过 {MAX_UNPACKED // 2**20} MB，不像一份公文，没有打开；"
            "请删去里面的图片和附件后再导入"
        )


class _Body:
    """Collects the lines of a document body in reading order."""

    def __init__(self, numbering: Numbering) -> None:
        self.lines: list[str] = []
        self._numbering = numbering
        self._tables = self._empty = self._notes = self._boxes = 0
        self._revised = False

    def walk(self, container: Any) -> None:
        """Take in every paragraph and table below `container`, content controls included."""
        for node in container:
            if node.tag == f"{W}p":
                self._paragraph(node)
            elif node.tag == f"{W}tbl":
                self._table(node)
            elif node.tag in _BLOCKS:
                self.walk(node)

    def warnings(self) -> Iterator[str]:
        """Yield what the keeper should know of how the file was read."""
        if self._tables:
            yield f"有 {self._tables} 个表格，按行读入，同一行的格子用 | 隔开；请核对"
        if self._revised:
            yield "文件带有修订标记，按接受全部修订后的文字读入"
        if self._boxes:
            yield f"有 {self._boxes} 个文本框，文字读在它所在段落的后面；请核对次序"
        if self._notes:
            yield f"有 {self._notes} 处脚注或尾注，没有读入"
        if self._empty:
            yield f"有 {self._empty} 个只有自动编号、没有文字的段落，没有读入"

    def _paragraph(self, node: Any) -> None:
        text = self._text(node).strip()
        properties = node.find(f"{W}pPr/{W}rPr")
        if not text and properties is not None and properties.find(f"{W}del") is not None:
            self._revised = True
            return
        label = self._numbering.label(node)
        if text:
            first, *rest = text.split("\n")
            self.lines += [label + first.strip(), *(r.strip() for r in rest)]
        elif label:
            self._empty += 1
        for box in _boxes(node):
            self._boxes += 1
            self.walk(box)

    def _text(self, paragraph: Any) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, node: Any) -> Iterator[str]:
        for child in node:
            tag = child.tag
            if tag in (f"{W}del", f"{W}ins", f"{W}moveFrom", f"{W}moveTo"):
                self._revised = True
            if tag in _DROPPED or (tag == f"{W}r" and _is_hidden(child)):
                continue
            if tag == f"{W}t":
                yield child.text or ""
            elif tag in (f"{W}tab", f"{W}ptab"):
                yield "\t"
            elif tag in (f"{W}br", f"{W}cr"):
                yield "\n"
            elif tag == f"{W}noBreakHyphen":
                yield "-"
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self._notes += 1
            elif isinstance(tag, str):
                yield from self._pieces(child)

    def _table(self, table: Any) -> None:
        rows = [list(_cells(row)) for row in _nodes(table, f"{W}tr")]
        if max((len(r) for r in rows), default=0) <= 1:  # a frame around text
            for row in rows:
                for cell in row:
                    self.walk(cell)
            return
        self._tables += 1
        for row in rows:
            texts = [self._cell(cell) for cell in row]
            if any(texts):
                self.lines.append(" | ".join(texts))

    def _cell(self, cell: Any) -> str:
        inner = _Body(self._numbering)
        inner.walk(cell)
        self._revised = self._revised or inner._revised
        self._notes += inner._notes
        return " ".join(inner.lines)


def _nodes(parent: Any, tag: str) -> Iterator[Any]:
    """Yield children of that tag, also those inside content controls."""
    for node in parent:
        if node.tag == tag:
            yield node
        elif node.tag in _BLOCKS:
            yield from _nodes(node, tag)


def _cells(row: Any) -> Iterator[Any]:
    for cell in _nodes(row, f"{W}tc"):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is None or merged.get(f"{W}val") == "restart":
            yield cell


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(f"{W}txbxContent"):
        if not any(a.tag == f"{_WRAP}Fallback" for a in box.iterancestors()):
            yield box


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false", "off")
