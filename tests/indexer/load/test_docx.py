"""DOCX bodies: tables, content controls, revisions, notes; and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from indexer.errors import RefusedFileError
from indexer.load import docx as module
from indexer.load import read
from indexer.load.raw import RawText

BODY = "第一条　为了加强安全生产工作，制定本办法。"


def opened(tmp_path: Path, document: Any) -> RawText:
    path = tmp_path / "a.docx"
    document.save(str(path))
    return read(path)


def add_xml(document: Any, xml: str) -> None:
    body = document.element.body
    body.insert(
        len(body) - 1, parse_xml(xml.replace("<w:", "<w:", 1).replace(">", f" {nsdecls('w')}>", 1))
    )


def test_each_paragraph_is_a_line_and_a_line_break_two(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    paragraph = document.add_paragraph("应当做到：")
    paragraph.runs[0].add_break()
    paragraph.add_run("（一）检查；")
    raw = opened(tmp_path, document)
    assert [line.text for line in raw.lines] == [BODY, "应当做到：", "（一）检查；"]
    assert (raw.wrapped, raw.warnings) == (False, ())


def test_a_table_is_read_row_by_row_with_a_warning(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    table = document.add_table(2, 3)
    for n, cell in enumerate(c for row in table.rows for c in row.cells):
        cell.text = f"职责{n}"
    table.cell(0, 0).merge(table.cell(0, 1))
    raw = opened(tmp_path, document)
    assert [line.text for line in raw.lines[1:]] == ["职责0 职责1 | 职责2", "职责3 | 职责4 | 职责5"]
    assert "1 个表格" in raw.warnings[0]


def test_a_frame_of_one_cell_is_no_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "某县人民政府文件"
    document.add_paragraph(BODY)
    raw = opened(tmp_path, document)
    assert [line.text for line in raw.lines] == ["某县人民政府文件", BODY]
    assert raw.warnings == ()


def test_content_controls_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    add_xml(
        document,
        f"<w:sdt><w:sdtContent><w:p><w:r><w:t>{BODY}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    assert [line.text for line in opened(tmp_path, document).lines] == [BODY]


def test_revisions_are_read_as_accepted(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    add_xml(
        document,
        "<w:p><w:r><w:t>第二条　罚款</w:t></w:r>"
        '<w:del w:id="1" w:author="a"><w:r><w:delText>一</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>二</w:t></w:r></w:ins><w:r><w:t>万元。</w:t></w:r></w:p>',
    )
    raw = opened(tmp_path, document)
    assert raw.lines[-1].text == "第二条　罚款二万元。"
    assert "修订标记" in raw.warnings[0]


def test_hidden_text_is_not_read(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph(BODY)
    paragraph.add_run("（内部批注）").font.hidden = True
    assert opened(tmp_path, document).lines[0].text == BODY


def test_lines_of_a_page_are_noticed(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    for _ in range(12):
        document.add_paragraph("乡镇人民政府应当按照职责对本行政区域生产经营单位安全生产状况进行")
        document.add_paragraph("监督检查。")
    assert opened(tmp_path, document).wrapped


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph(BODY)
    document.save(str(path))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(RefusedFileError, match="已损坏"):
        read(path)


def test_damaged_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("word/document.xml", "<w:document")
    with pytest.raises(RefusedFileError, match="已损坏"):
        read(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("word/document.xml", b"\0" * 2_000_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(RefusedFileError, match="解压后超过"):
        read(path)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(ole)
    with pytest.raises(RefusedFileError, match="加了密码"):
        read(path)
