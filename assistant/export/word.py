"""Word documents in the style of Chinese official papers: fonts, pages, paragraphs, tables.

Elements are written as WordprocessingML: a list has hundreds of rows, and building them cell by
cell takes minutes. Line heights are exact, so that a page holds as much with one font as with
another.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from assistant.export.wording import plain

SONG, HEI, FANGSONG, KAI = "宋体", "黑体", "仿宋", "楷体"
XIAOBIAOSONG = "方正小标宋简体"
LATIN = "Times New Roman"
_ELSE = {XIAOBIAOSONG: SONG, FANGSONG: "仿宋_GB2312", KAI: "楷体_GB2312"}
"""What stands in for a font where it is not installed."""
_TWIPS = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Look:
    """How words look: font, size and line height in points, alignment, spacing around.

    `level` puts a heading into the navigation pane; `indent` is in characters.
    """

    font: str = SONG
    size: float = 10.5
    line: float = 15
    bold: bool = False
    align: str = "left"
    before: float = 0
    after: float = 0
    indent: int = 0
    level: int = 0
    keep: bool = False
    """Stay on one page with what comes next."""
    color: str = ""
    left: float = 0
    """Millimetres from the margin; the first line begins `hang` millimetres before that."""
    hang: float = 0
    tabs: tuple[float, ...] = ()
    """Where tabs go, in millimetres from the margin."""
    ruled: bool = False
    """With a line below it, to write on."""


TITLE = Look(XIAOBIAOSONG, 22, 32, align="center", after=10, level=1)
META = Look(FANGSONG, 12, 20, align="center")
HEADING = Look(HEI, 16, 28, before=10, after=4, level=2, keep=True)
SUBHEADING = Look(KAI, 14, 22, before=6, after=3, level=3, keep=True)
BODY = Look(FANGSONG, 16, 28, align="both", indent=2)
REMARK = Look(FANGSONG, 12, 20, align="both", indent=2)
CELL = Look(line=14.5)
HEAD_CELL = Look(HEI, 10.5, 14.5, align="center")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one look inside a paragraph."""

    text: str
    bold: bool = False
    color: str = ""


Text = str | Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its paragraphs and their look; `span` columns wide, `fill` a colour or "".

    `looks`, where given, has a look for each paragraph.
    """

    paragraphs: tuple[Text, ...]
    look: Look = CELL
    span: int = 1
    fill: str = ""
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `splits` lets it run over a page end; `keep` holds it to the next row."""

    cells: tuple[Cell, ...]
    header: bool = False
    splits: bool = False
    keep: bool = False
    height: float = 0
    """Exact height in millimetres; 0 fits the words."""


@dataclass(frozen=True, slots=True)
class Page:
    """Paper and margins in millimetres (top, right, bottom, left)."""

    width: float = A4[0]
    height: float = A4[1]
    margins: tuple[float, float, float, float] = (30, 22, 28, 24)

    @property
    def inner(self) -> float:
        """How wide the words may be."""
        return self.width - self.margins[1] - self.margins[3]


PORTRAIT = Page()
LANDSCAPE = Page(A4[1], A4[0], (20, 18, 19, 18))


class Paper:
    """A Word document that is being written from top to bottom.

    With `running` words, every page has them at its top and its number below: — 1 —, or with
    `counted` 第 1 页　共 5 页.
    """

    def __init__(self, title: str, page: Page, running: str = "", *, counted: bool = False) -> None:
        self._document: Any = docx.Document()
        self.page = page
        _base_fonts(self._document)
        _facts(self._document, title)
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        if page.width > page.height:
            section.orientation = docx.enum.section.WD_ORIENT.LANDSCAPE
        top, right, bottom, left = page.margins
        section.top_margin, section.right_margin = Mm(top), Mm(right)
        section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
        section.header_distance, section.footer_distance = Mm(min(10, top)), Mm(min(9, bottom))
        if running:
            _run_along(section, running, counted=counted)

    def write(self, text: Text, look: Look = BODY) -> None:
        """Add a paragraph."""
        self._add(paragraph(text, look))

    def table(self, widths: Sequence[float], rows: Iterable[Row], line: str = "single") -> None:
        """Add a table with columns of these widths in millimetres; `line` single or dashed."""
        self._add(_table(widths, rows, line))

    def data(self) -> bytes:
        """Return the document as the bytes of a .docx file."""
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _add(self, xml: str) -> None:
        body = self._document.element.body
        body.insert(len(body) - 1, _parsed(xml))


def paragraph(text: Text, look: Look) -> str:
    """Return a paragraph; a line break in the text stays one."""
    pieces = (Piece(text),) if isinstance(text, str) else text
    props = [
        "<w:keepNext/>" if look.keep else "",
        '<w:widowControl w:val="0"/>',
        _RULES if look.ruled else "",
        _tabs(look.tabs),
        f'<w:spacing w:before="{look.before * 20:.0f}" w:after="{look.after * 20:.0f}" '
        f'w:line="{look.line * 20:.0f}" w:lineRule="exact"/>',
        _indent(look),
        f'<w:jc w:val="{look.align}"/>',
        f'<w:outlineLvl w:val="{look.level - 1}"/>' if look.level else "",
    ]
    runs = "".join(_run(p, look) for p in pieces if p.text)
    return f"<w:p><w:pPr>{''.join(props)}</w:pPr>{runs}</w:p>"


_RULES = (
    "<w:pBdr>"
    + "".join(f'<w:{x} w:val="single" w:sz="4" w:space="1"/>' for x in ("bottom", "between"))
    + "</w:pBdr>"
)


def _tabs(places: tuple[float, ...]) -> str:
    marks = "".join(f'<w:tab w:val="left" w:pos="{x * _TWIPS:.0f}"/>' for x in places)
    return f"<w:tabs>{marks}</w:tabs>" if marks else ""


def _indent(look: Look) -> str:
    if look.left or look.hang:
        left, hang = look.left * _TWIPS, look.hang * _TWIPS
        return f'<w:ind w:left="{left:.0f}" w:hanging="{hang:.0f}"/>'
    if look.indent:
        first = look.indent * look.size * 20
        return f'<w:ind w:firstLineChars="{look.indent * 100}" w:firstLine="{first:.0f}"/>'
    return ""


def _run(piece: Piece, look: Look) -> str:
    color = piece.color or look.color
    lines = plain(piece.text).split("\n")
    words = "<w:br/>".join("<w:tab/>".join(map(_words, x.split("\t"))) for x in lines)
    bold = "<w:b/>" if piece.bold or look.bold else ""
    tint = f'<w:color w:val="{color}"/>' if color else ""
    return (
        f"<w:r><w:rPr>{_fonts(look.font)}{bold}{tint}"
        f'<w:sz w:val="{look.size * 2:.0f}"/><w:szCs w:val="{look.size * 2:.0f}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>{words}</w:r>'
    )


def _words(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""


def _fonts(name: str) -> str:
    east = quoteattr(name)
    return (
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia={east} '
        'w:hint="eastAsia"/>'
    )


def _table(widths: Sequence[float], rows: Iterable[Row], line: str) -> str:
    sizes = [round(w * _TWIPS) for w in widths]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{s} w:val="{line}" w:sz="4" w:space="0" w:color="000000"/>' for s in sides)
    columns = "".join(f'<w:gridCol w:w="{s}"/>' for s in sizes)
    body = "".join(_row(row, sizes) for row in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:top w:w="40" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>"
    )


def _row(row: Row, sizes: list[int]) -> str:
    props = [
        "" if row.splits else "<w:cantSplit/>",
        f'<w:trHeight w:val="{row.height * _TWIPS:.0f}" w:hRule="exact"/>' if row.height else "",
        "<w:tblHeader/>" if row.header else "",
    ]
    cells: list[str] = []
    at = 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(sizes[at : at + cell.span]), keep=row.keep or row.header))
        at += cell.span
    return f"<w:tr><w:trPr>{''.join(props)}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, *, keep: bool) -> str:
    texts = cell.paragraphs or ("",)
    looks = cell.looks or (cell.look,) * len(texts)
    words = "".join(
        paragraph(text, replace(look, keep=keep or look.keep))
        for text, look in zip(texts, looks, strict=True)
    )
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    middle = '<w:vAlign w:val="center"/>' if cell.look.align == "center" else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}{middle}</w:tcPr>{words}</w:tc>'


def _run_along(section: Any, words: str, *, counted: bool) -> None:
    """Put the words above every page and its number below."""
    style = f'<w:rPr>{_fonts(SONG)}<w:sz w:val="{18 if counted else 28}"/></w:rPr>'
    parts = (
        ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页") if counted else ("— ", "PAGE", " —")
    )  # fmt: skip
    runs = [x for p in parts for x in (_field(p) if p.isupper() else (_words(p),))]
    body = "".join(f"<w:r>{style}{x}</w:r>" for x in runs)
    props = '<w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr>'
    _fill(section.footer, f"<w:p>{props}{body}</w:p>")
    _fill(section.header, paragraph(words, Look(size=9, line=12, align="right", color="595959")))


def _field(name: str) -> tuple[str, ...]:
    """What prints a figure that the word processor knows, 1 until it has counted."""
    begin, part, end = (f'<w:fldChar w:fldCharType="{x}"/>' for x in ("begin", "separate", "end"))
    asked = f'<w:instrText xml:space="preserve"> {name} </w:instrText>'
    return begin, asked, part, "<w:t>1</w:t>", end


def _fill(place: Any, xml: str) -> None:
    """Make the paragraph all that stands in a header or footer."""
    place.is_linked_to_previous = False
    old = place.paragraphs[0]._p
    old.getparent().replace(old, _parsed(xml))


def _parsed(xml: str) -> Any:
    return parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1))


def _base_fonts(document: Any) -> None:
    """Make the default font Chinese, and name what stands in for fonts that may be missing."""
    defaults = document.styles.element.find(f".//{docx.oxml.ns.qn('w:rPrDefault')}")
    made = (
        f'<w:rPrDefault {nsdecls("w")}><w:rPr>{_fonts(SONG)}<w:sz w:val="21"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    )
    defaults.getparent().replace(defaults, parse_xml(made))
    normal = document.styles["Normal"]
    normal.font.name = LATIN
    fonts = normal.element.rPr.rFonts
    fonts.set(docx.oxml.ns.qn("w:eastAsia"), SONG)
    for rel in document.part.rels.values():
        if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            rel.target_part._blob = _font_table().encode()


def _font_table() -> str:
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in _ELSE.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:fonts {nsdecls('w')}>{rows}</w:fonts>"


def _facts(document: Any, title: str) -> None:
    """State title and maker, and drop the template's own thumbnail."""
    facts = document.core_properties
    facts.title, facts.author, facts.comments = plain(title)[:200], "知责", ""
    facts.created = facts.modified = datetime.now(timezone.utc)
    facts.language = "zh-CN"
    rels = document.part.package.rels
    for key in [k for k, r in rels.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        rels.pop(key)
