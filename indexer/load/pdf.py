"""PDF with a text layer: pypdf reads it, pdfium where pypdf's reading is poor."""

from __future__ import annotations

import contextlib
import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from indexer.errors import RefusedFileError
from indexer.load.pdf_lines import Paragraphs, Printed, paragraphs
from indexer.load.quality import Quality, quality
from indexer.load.raw import RawText

MAX_PAGES = 1000
_SCAN = "这份 PDF 没有文字层（多半是扫描件），以后的版本才支持文字识别；请向发文单位要 DOCX 或带文字的 PDF"
_LOCKED = "文件加了密码；请用密码打开后另存一份不加密的 PDF，再导入"
_DAMAGED = "文件已损坏，打不开；请重新下载这份 PDF"
_GARBAGE = (
    "PDF 里的文字是乱码（字体没有给出对应的汉字）；请向发文单位要 DOCX，或用文字识别（OCR）后再导入"
)
_ENOUGH = 15
"""Characters below which a page counts as having no text."""
_SAMPLE = 3
"""Pages that decide whether pypdf's reading will do."""


def read_pdf(path: Path) -> RawText:
    """Return the paragraphs of a PDF with the page each begins on.

    RefusedFileError for a scan, an encrypted or damaged file, and a text layer of garbage.
    """
    pages, look_alikes = _best_reading(path)
    filled = [p for p in pages if len(_plain(p)) >= _ENOUGH]
    if not filled:
        raise RefusedFileError(_SCAN)
    found = paragraphs([line for page in pages for line in page])
    text = "\n".join(line.text for line in found.lines)
    if quality(text).is_garbage:
        raise RefusedFileError(_GARBAGE)
    return RawText(
        found.lines, "pdf", False, tuple(_warnings(found, look_alikes)),
        tuple(_problems(pages)), len(pages),
    )  # fmt: skip


def _warnings(found: Paragraphs, look_alikes: bool) -> Iterator[str]:
    if look_alikes:
        yield "PDF 里有形似汉字的部首字符（如 ⽣、⼈），已换成对应的汉字；请核对"
    if found.dropped:
        shown = "、".join(f"“{d[:20]}”" for d in found.dropped[:3])
        yield f"每页重复的页眉页脚没有读入：{shown}"


def _problems(pages: Sequence[Sequence[Printed]]) -> Iterator[str]:
    empty = [str(n) for n, p in enumerate(pages, 1) if len(_plain(p)) < _ENOUGH]
    if empty:
        more = f"等 {len(empty)} 页" if len(empty) > 8 else "页"
        yield f"第 {'、'.join(empty[:8])} {more}没有文字（可能是扫描页或空白页），内容没有读入"


def _plain(page: Sequence[Printed]) -> str:
    return re.sub(r"\s", "", "".join(p.text for p in page))


def _best_reading(path: Path) -> tuple[list[list[Printed]], bool]:
    """Return the lines of every page, and whether look-alikes had to be replaced."""
    with _quiet():
        first, problem = _with_pypdf(path)
    seen = _quality_of(first)
    if first and not problem and not seen.look_alikes and not seen.is_garbage:
        return first, False
    second = _with_pdfium(path)
    if second is None:
        if problem:
            raise RefusedFileError(problem)
        return first, seen.look_alikes > 0
    other = _quality_of(second)
    if not first or other.score >= seen.score or other.characters > 1.5 * seen.characters:
        return second, other.look_alikes > 0
    return first, seen.look_alikes > 0


def _quality_of(pages: Sequence[Sequence[Printed]]) -> Quality:
    return quality("".join(_plain(p) for p in pages))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf from reporting every oddity of a file."""
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _with_pypdf(path: Path) -> tuple[list[list[Printed]], str]:
    """Return the lines of the pages, or why pypdf cannot read them.

    Stops after a few pages if they show that its reading will not do: pdfium is then asked.
    """
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return [], _LOCKED
        if len(reader.pages) > MAX_PAGES:
            raise RefusedFileError(
                f"PDF 有 {len(reader.pages)} 页，超过上限 {MAX_PAGES} 页；请只导入文件正文"
            )
        out: list[list[Printed]] = []
        for n, page in enumerate(reader.pages, 1):
            out.append(_pypdf_page(page, n))
            if n == _SAMPLE and _quality_of(out).look_alikes:
                return out, ""
    except RefusedFileError:
        raise
    except DependencyError:  # an encryption that needs a further package: pdfium has it
        return [], _LOCKED
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, AssertionError, NotImplementedError, ZeroDivisionError):  # fmt: skip
        return [], _DAMAGED  # what it trips over in a damaged file
    return out, ""


def _pypdf_page(page: Any, number: int) -> list[Printed]:
    spans: list[tuple[float, float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if not text.strip("\n") or text.isspace():
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1.0
        spans.append((x, y, abs(size) * scale or 12.0, text.replace("\n", "")))

    page.extract_text(visitor_text=visit)
    out: list[Printed] = []
    for x, y, size, text in spans:
        left = x + _width(text[: len(text) - len(text.lstrip())]) * size
        right = x + _width(text.rstrip()) * size
        last = out[-1] if out else None
        if last and abs(last.y - y) < 0.5 * size and left >= last.right - 1.5 * size:
            gap = " " if left - last.right > 0.4 * size else ""
            out[-1] = Printed(
                last.text + gap + text, number, last.left, right, last.y, max(last.size, size)
            )
        else:
            out.append(Printed(text, number, left, right, y, size))
    return out


def _width(text: str) -> float:
    """The width of a text in ems, as Chinese fonts set it."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def _with_pdfium(path: Path) -> list[list[Printed]] | None:
    """Return the lines of every page as pdfium reads them; None if it cannot, or is not there."""
    try:
        import pypdfium2 as pdfium
    except ImportError:
        return None
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return None
    try:
        return [_pdfium_page(document[n], n + 1) for n in range(min(len(document), MAX_PAGES))]
    except pdfium.PdfiumError:
        return None
    finally:
        document.close()


def _pdfium_page(page: Any, number: int) -> list[Printed]:
    found = page.get_textpage()
    count = found.count_chars()
    text = found.get_text_range() if count else ""
    exact = len(text) == count
    out: list[Printed] = []
    at = 0
    for line in text.split("\n"):
        shown = line.rstrip("\r").replace("\ufffe", "").replace("\x02", "")
        if shown.strip():
            first = at + len(line) - len(line.lstrip())
            last = at + len(line.rstrip()) - 1
            a = found.get_charbox(first, loose=True) if exact else (0.0, 0.0, 0.0, 12.0)
            b = found.get_charbox(last, loose=True) if exact else (0.0, 0.0, 600.0, 12.0)
            inner = range(first, min(first + 5, last)) if exact else ()
            boxes = [a, *(found.get_charbox(i, loose=True) for i in inner), b]
            size = max(*(box[3] - box[1] for box in boxes), 1.0)  # of look-alikes it is the shape's
            out.append(Printed(shown, number, a[0], max(b[2], a[2]), a[1], size))
        at += len(line) + 1
    found.close()
    page.close()
    return out
