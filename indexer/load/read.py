"""`read(path)`: which reader a file needs, and one clear sentence where there is none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from indexer.errors import RefusedFileError
from indexer.load.quality import quality
from indexer.load.raw import MAX_BYTES, RawText
from indexer.load.txt import read_md, read_txt

SUFFIXES = (".txt", ".md", ".docx", ".pdf")
"""The kinds of file that can be imported, as their names end."""
_SAVE_AS = "请先另存为 DOCX 或带文字的 PDF"
_LATER = {
    ".ofd": "OFD 文件以后的版本才支持",
    ".doc": "旧版 Word 的 DOC 文件以后的版本才支持",
    ".wps": "WPS 文字的 WPS 文件以后的版本才支持",
    ".htm": "网页（HTML）文件以后的版本才支持",
    ".html": "网页（HTML）文件以后的版本才支持",
    ".mht": "网页（MHT）文件以后的版本才支持",
    ".rtf": "RTF 文件以后的版本才支持",
    ".odt": "ODT 文件以后的版本才支持",
} | dict.fromkeys(
    (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp"),
    "图片要先识别成文字，以后的版本才支持",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_UTF16 = "utf-16-le"


def read(path: Path) -> RawText:
    """Return the text of a file, told by its contents where these say what it is.

    RefusedFileError is one Chinese sentence: what is wrong with the file and what to do.
    """
    raw = _reader(path, _head(path))(path)
    if not any(line.text.strip() for line in raw.lines):
        raise RefusedFileError("文件里没有文字；请检查是不是选错了文件")
    if quality(raw.text).is_garbage:
        raise RefusedFileError(
            "文件里的文字是乱码（字体没有给出对应的汉字）；请向发文单位要 DOCX，或用文字识别（OCR）后再导入"
        )
    return raw


def _head(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise RefusedFileError("这是一个文件夹；请给出其中的文件")
        if size == 0:
            raise RefusedFileError("文件是空的（0 字节）；请重新下载或另存")
        if size > MAX_BYTES:
            raise RefusedFileError(
                f"文件有 {size / 2**20:.0f} MB，超过上限 {MAX_BYTES // 2**20} MB；"
                "请去掉其中的图片或拆成几个文件"
            )
        with path.open("rb") as f:
            return f.read(2048)
    except FileNotFoundError:
        raise RefusedFileError("找不到这个文件；请检查文件名和路径") from None
    except OSError as e:
        raise RefusedFileError(f"文件读不出来（{e.strerror or e}）；请检查权限") from e


def _reader(path: Path, head: bytes) -> Callable[[Path], RawText]:
    suffix = path.suffix.lower()
    if b"%PDF-" in head[:1024]:
        return _read_pdf
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, suffix)
    if head.startswith(_OLE):
        raise RefusedFileError(_why_not_ole(path, suffix))
    if head.startswith(_IMAGES):
        raise RefusedFileError(f"{_LATER['.png']}；{_SAVE_AS}")
    if suffix in _LATER or head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise RefusedFileError(f"{_LATER.get(suffix, _LATER['.html'])}；{_SAVE_AS}")
    if suffix in (".docx", ".pdf"):
        kind = suffix[1:].upper()
        raise RefusedFileError(f"文件已损坏，不是完整的 {kind}；请重新下载，或用原来的程序另存一份")
    if suffix == ".txt":
        return read_txt
    if suffix in (".md", ".markdown"):
        return read_md
    raise RefusedFileError(f"不认识这种文件（{suffix or '没有扩展名'}）；{_SAVE_AS}")


def _zipped(path: Path, suffix: str) -> Callable[[Path], RawText]:
    try:
        with zipfile.ZipFile(path) as z:
            names = set(z.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        if suffix == ".ofd":
            raise RefusedFileError(f"{_LATER['.ofd']}；{_SAVE_AS}") from None
        raise RefusedFileError("文件已损坏，打不开；请重新下载，或用原来的程序另存一份") from None
    if "word/document.xml" in names:
        return _read_docx
    if "OFD.xml" in names:
        raise RefusedFileError(f"{_LATER['.ofd']}；{_SAVE_AS}")
    if suffix == ".docx":
        raise RefusedFileError("文件已损坏，里面没有正文；请用 Word 或 WPS 另存一份 DOCX")
    if suffix in _LATER:
        raise RefusedFileError(f"{_LATER[suffix]}；{_SAVE_AS}")
    raise RefusedFileError(f"不认识这种文件（{suffix or '没有扩展名'}）；{_SAVE_AS}")


def _why_not_ole(path: Path, suffix: str) -> str:
    data = path.read_bytes()
    if "EncryptedPackage".encode(_UTF16) in data:
        return "文件加了密码；请在 Word 或 WPS 里去掉密码后另存，再导入"
    if suffix == ".wps":
        return f"{_LATER['.wps']}；{_SAVE_AS}"
    if suffix == ".doc" or "WordDocument".encode(_UTF16) in data:
        return f"{_LATER['.doc']}；{_SAVE_AS}"
    return f"不认识这种文件（{suffix or '没有扩展名'}）；{_SAVE_AS}"


def _read_pdf(path: Path) -> RawText:
    from indexer.load.pdf import read_pdf  # its libraries load only for those who need them

    return read_pdf(path)


def _read_docx(path: Path) -> RawText:
    from indexer.load.docx import read_docx

    return read_docx(path)
