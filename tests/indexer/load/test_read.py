"""Which reader a file gets, and the one sentence for those that none can read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from indexer.errors import RefusedFileError
from indexer.load import raw, read
from indexer.load import read as read_file
from indexer.load.quality import quality

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PAGE = "<!DOCTYPE html><html><body>第一条 安全生产</body></html>".encode()


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(100)


def zipped(tmp_path: Path, name: str) -> bytes:
    path = tmp_path / "z"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr(name, "<x/>")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "空的"),
        ("a.txt", b"  \n\n ", "没有文字"),
        ("a.doc", ole("WordDocument"), "DOC 文件以后的版本才支持；请先另存为 DOCX"),
        ("a.wps", ole("WordDocument"), "WPS 文件以后的版本才支持"),
        ("a.docx", ole("WordDocument"), "DOC 文件以后的版本才支持"),
        ("a.html", PAGE, "HTML"),
        ("page", PAGE, "HTML"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "图片要先识别成文字"),
        ("a.txt", b"\xff\xd8\xff\xe0" + bytes(50), "图片要先识别成文字"),
        ("a.rtf", b"{\\rtf1 }", "RTF 文件以后的版本才支持"),
        ("a.pdf", b"not a pdf at all", "已损坏，不是完整的 PDF"),
        ("a.docx", b"not a zip at all", "已损坏，不是完整的 DOCX"),
        ("a.exe", b"MZ" + bytes(50), "不认识这种文件（.exe）"),
        ("noending", b"MZ" + bytes(50), "没有扩展名"),
    ],
)
def test_refusals_are_one_sentence(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RefusedFileError) as e:
        read(path)
    assert says in str(e.value)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize(
    ("name", "inside", "says"),
    [
        ("a.ofd", "OFD.xml", "OFD 文件以后的版本才支持；请先另存为 DOCX 或带文字的 PDF"),
        ("a.docx", "OFD.xml", "OFD 文件以后的版本才支持"),
        ("a.docx", "other.xml", "里面没有正文"),
        ("a.odt", "content.xml", "ODT"),
        ("a.xlsx", "xl/workbook.xml", "不认识这种文件（.xlsx）"),
    ],
)
def test_other_archives_are_refused(tmp_path: Path, name: str, inside: str, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(zipped(tmp_path, inside))
    with pytest.raises(RefusedFileError) as e:
        read(path)
    assert says in str(e.value)


def test_what_is_not_there_and_what_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="找不到"):
        read(tmp_path / "none.docx")
    with pytest.raises(RefusedFileError, match="文件夹"):
        read(tmp_path)


def test_a_file_over_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as f:
        f.truncate(raw.MAX_BYTES + 1)
    with pytest.raises(RefusedFileError, match="超过上限 50 MB"):
        read_file(path)


def test_contents_decide_over_the_name(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("第一条　为了加强安全生产工作，制定本办法。")
    path = tmp_path / "named.pdf"
    document.save(str(path))
    assert read(path).format == "docx"


def test_quality_tells_prose_from_garbage() -> None:
    good = quality("县级以上人民政府应当加强对安全生产工作的领导，建立健全责任制。")
    assert not good.is_garbage
    assert quality("犐犆犛犌犕犜犛狉狉犻狀犵狏狓狔狕猒猔猘猙猚猟猠猣").is_garbage
    assert quality("锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷").is_garbage
    assert quality("/G21/G22/G23/G24/G25/G26/G27").is_garbage
    assert good.score > quality("县级以上⼈⺠政府应当加强对安全⽣产⼯作的领导。").score
