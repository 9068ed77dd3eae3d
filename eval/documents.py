"""Statutes written out as the files that offices hand round: DOCX with automatic numbers, PDF.

For trying the import on texts whose every 条 is known. The PDF is written by hand: a font that
is named and not embedded, and a table that says which character each code stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.citation import parse_locator
from kb.numerals import to_int

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 595, 842, 90, 90, 760, 110
SIZE, LEADING, TITLE_SIZE = 16, 28, 22
_NO_START = "，。；：、！？）》〉”’"
_NO_END = "（《〈“‘"
_CHAPTER = re.compile(r"第([一二三四五六七八九十百]+)(编|章|节)[ \u3000]*(.*)")


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """One 条 to write out: label, text with a line for each 款 and 项, headings above it."""

    label: str
    text: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A statute to write out; `note` stands in brackets below the title."""

    title: str
    articles: tuple[WrittenArticle, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: `kind` is title, heading or text."""

    kind: str
    text: str


def blocks(law: Written, *, labels: bool = True) -> Iterator[Block]:
    """Yield the paragraphs of a statute in order; without `labels` 第X条 is left to the reader."""
    yield Block("title", law.title)
    if law.note:
        yield Block("note", f"（{law.note}）")
    above: tuple[str, ...] = ()
    for article in law.articles:
        for depth, heading in enumerate(article.path, 1):
            if article.path[:depth] != above[:depth]:
                yield Block("heading", heading)
        above = article.path
        first, *rest = article.text.split("\n")
        yield Block("article", f"{article.label}\u3000{first}" if labels else first)
        yield from (Block("text", line) for line in rest)


def write_docx(path: Path, law: Written) -> None:
    """Write a DOCX in which 第X章 and 第X条 are Word's automatic numbers, not text.

    Headings and articles whose number the counting does not give (第三条之一, a gap) are typed.
    """
    import docx

    document = docx.Document()
    lists = _Counted(NumberingPart(document))
    articles = iter(law.articles)
    above: tuple[str, ...] = ()
    for block in blocks(law, labels=False):
        paragraph = document.add_paragraph(block.text)
        if block.kind == "article":
            article = next(articles)
            above = article.path
            found = parse_locator(article.label)
            if found.suffix is not None or not lists.number(paragraph, ("条",), found.article):
                paragraph.runs[0].text = f"{article.label}\u3000{block.text}"
        elif block.kind == "heading" and (m := _CHAPTER.match(block.text)):
            key = (m[2], *(h for h in above if m[2] == "节" and "章" in h[:8]))
            if lists.number(paragraph, key, to_int(m[1])):
                paragraph.runs[0].text = m[3]
    document.save(str(path))


class _Counted:
    """One automatic list for each kind of label, and how far each has counted."""

    def __init__(self, part: NumberingPart) -> None:
        self._part = part
        self._nums: dict[tuple[str, ...], str] = {}
        self._counts: dict[tuple[str, ...], int] = {}

    def number(self, paragraph: Any, key: tuple[str, ...], expected: int) -> bool:
        """Number the paragraph automatically, if counting on gives the number it should have."""
        if self._counts.get(key, 0) + 1 != expected:
            return False
        self._counts[key] = expected
        if key not in self._nums:
            self._nums[key] = self._part.add([(0, "chineseCountingThousand", f"第%1{key[0]}")])
        self._part.apply(paragraph, self._nums[key])
        return True


class NumberingPart:
    """The automatic lists of a DOCX under construction."""

    def __init__(self, document: Any) -> None:
        self._root = document.part.numbering_part.element
        for child in list(self._root):
            self._root.remove(child)
        self._count = 0

    def add(
        self,
        levels: Sequence[tuple[int, str, str]],
        extra: Mapping[int, str] | None = None,
        start: int = 1,
    ) -> str:
        """Define a list of (level, format, pattern) and return its numId.

        `extra` is further XML for a level, such as <w:lvlRestart w:val="0"/>.
        """
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._count += 1
        body = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
            f'{(extra or {}).get(n, "")}<w:lvlText w:val="{pattern}"/></w:lvl>'
            for n, form, pattern in levels
        )
        n = self._count
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{n}">{body}</w:abstractNum>'
        )
        self._root.insert(n - 1, abstract)
        self.add_num(str(n), str(n))
        return str(n)

    def add_num(self, num: str, abstract: str, overrides: str = "") -> str:
        """Add a numId for an abstract list, with XML for its lvlOverride, and return it."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{num}">'
                f'<w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'
            )
        )
        return num

    @staticmethod
    def apply(paragraph: Any, num: str, level: int = 0) -> None:
        """Make a paragraph a member of a list."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = int(num)


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of text at a place of a page, in points."""

    x: float
    y: float
    size: float
    text: str


def write_pdf(
    path: Path, law: Written, *, header: str = "", substitute: Mapping[str, str] | None = None
) -> None:
    """Write a PDF as word processors do: indented paragraphs, cut at the margin, page numbers.

    `substitute` says what the font claims a character to be, such as {"生": "⽣"}.
    """
    pages: list[list[Placed]] = [[]]
    y = float(TOP)
    for block in blocks(law):
        size = TITLE_SIZE if block.kind == "title" else SIZE
        centred = block.kind in ("title", "heading", "note")
        for x, line in _set(block.text, size, centred):
            if y < BOTTOM:
                pages.append([])
                y = float(TOP)
            pages[-1].append(Placed(x, y, size, line))
            y -= LEADING if size == SIZE else 1.6 * LEADING
    for n, page in enumerate(pages, 1):
        if header:
            page.insert(0, Placed(LEFT, HEIGHT - 50, 10, f"{header} {n}"))
        page.append(Placed(WIDTH / 2 - 24, 60, 12, f"— {n} —"))
    write_pages(path, pages, substitute or {})


def _set(text: str, size: float, centred: bool) -> Iterator[tuple[float, str]]:
    """Cut a paragraph into lines; no line begins with a closing mark or ends with an opening one."""
    room = WIDTH - LEFT - RIGHT
    indent = 0.0 if centred else 2 * size
    while text:
        line, used = "", indent
        while text and used + _em(text[0]) * size <= room + 0.5:
            line, used, text = line + text[0], used + _em(text[0]) * size, text[1:]
        while text and line[1:] and (text[0] in _NO_START or line[-1] in _NO_END):
            line, text = line[:-1], line[-1] + text
        used = sum(_em(c) for c in line) * size + indent
        yield LEFT + (max(room - used, 0) / 2 if centred else indent), line
        indent = 0.0


def _em(c: str) -> float:
    return 0.5 if c.isascii() else 1.0


def write_pages(
    path: Path, pages: Sequence[Sequence[Placed]], substitute: Mapping[str, str]
) -> None:
    """Write a PDF of placed texts; a page without any becomes a grey picture, like a scan."""
    characters = sorted({c for page in pages for p in page for c in p.text})
    codes = {c: n for n, c in enumerate(characters, 1)}
    objects: list[bytes] = [b"", b""]  # 1 catalog, 2 pages: filled in last
    font, picture = _add_font(objects, codes, substitute), _add_picture(objects)
    kids = []
    for page in pages:
        body = "".join(_shown(p, codes) for p in page) or "q 400 0 0 600 90 120 cm /Im1 Do Q\n"
        content = _stream(objects, body.encode())
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {content} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> /XObject << /Im1 {picture} 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    path.write_bytes(_file(objects))


def _shown(p: Placed, codes: Mapping[str, int]) -> str:
    shown = "".join(f"{codes[c]:04X}" for c in p.text)
    return f"BT /F1 {p.size} Tf 1 0 0 1 {p.x:.2f} {p.y:.2f} Tm <{shown}> Tj ET\n"


def _add_font(objects: list[bytes], codes: Mapping[str, int], substitute: Mapping[str, str]) -> int:
    rows = [
        f"<{n:04X}> <{substitute.get(c, c).encode('utf-16-be').hex().upper()}>"
        for c, n in codes.items()
    ]
    parts = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    table = "".join(f"{len(p)} beginbfchar\n" + "\n".join(p) + "\nendbfchar\n" for p in parts)
    unicode = _stream(
        objects,
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CMapName /Own def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{table}endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode(),
    )
    half = " ".join(f"{n} [500]" for c, n in codes.items() if c.isascii())
    objects.append(
        b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900]"
        b" /ItalicAngle 0 /Ascent 860 /Descent -140 /CapHeight 700 /StemV 80 >>"
    )
    descriptor = len(objects)
    objects.append(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /W [{half}]"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /CIDToGIDMap /Identity /FontDescriptor {descriptor} 0 R >>".encode()
    )
    descendant = len(objects)
    objects.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H"
        f" /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>".encode()
    )
    return len(objects)


def _add_picture(objects: list[bytes]) -> int:
    head = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    objects.append(head + b" /Length 1 >>\nstream\n\xcc\nendstream")
    return len(objects)


def _stream(objects: list[bytes], data: bytes) -> int:
    objects.append(f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")
    return len(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe4\xb8\xad\n")
    offsets = []
    for n, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{n} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{o:010d} 00000 n \n".encode() for o in offsets)
    out += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)
