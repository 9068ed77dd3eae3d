"""The Word document read back: everything is there, verbatim, in Chinese fonts."""

from __future__ import annotations

import io
from collections import defaultdict
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from assistant.duties import DutyBook, DutyList
from assistant.duties.own import OwnAdditions
from assistant.export.duties_docx import COLUMNS, duties_docx, write_duties_docx
from assistant.export.wording import OWN_CAPTION, OWN_TITLE, modality, sanction_label


def read(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def cells(row: Any) -> list[str]:
    """The words of each cell; python-docx is slow on tables of hundreds of rows."""
    return [
        "\n".join(
            "".join("\n" if x.tag == qn("w:br") else x.text or "" for x in p.iter(qn("w:t"), qn("w:br")))
            for p in cell.iter(qn("w:p"))
        )
        for cell in row.iter(qn("w:tc"))
    ]  # fmt: skip


def rows(document: Any) -> list[list[str]]:
    return [cells(r) for r in document.element.body.iter(qn("w:tr"))]


@pytest.mark.parametrize("name", ["乡镇人民政府", "主要负责人", "从业人员"])
def test_every_duty_stands_there_with_basis_and_sanctions(duty_book: DutyBook, name: str) -> None:
    made = duty_book.list_for(name)
    found = [r for r in rows(read(duties_docx(made, None))) if len(r) == len(COLUMNS)]
    shown: dict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    for r in found:
        shown[r[0].split("\n")[-1], r[1], r[3].replace("（要点）", "")].append(r)
    counted = 0
    for duty in made.lines:
        basis = f"《{duty.quote.document.short}》{duty.norm.provision.locator}"
        of_sentence = shown[modality(duty), duty.norm.text, basis]
        parts = [duty.only, duty.norm.trigger, *duty.norm.limits, duty.norm.exceptions]
        said = [(s.quote.provision.id.locator, s.basis) for s in duty.sanctions]
        assert any(
            all(p in r[2] for p in parts) and all(a in r[4] and b in r[4] for a, b in said)
            for r in of_sentence
        )
        counted += 1
    assert counted == sum(made.counts[m] for m in ("must", "must_not", "may", "right")) > 20


def test_the_numbers_of_the_rows_cover_every_duty_once(duty_book: DutyBook) -> None:
    made = duty_book.list_for("从业人员")
    numbers: list[int] = []
    for row in rows(read(duties_docx(made, None))):
        if len(row) == len(COLUMNS) and row[0] != COLUMNS[0]:
            first, _, last = row[0].split("\n")[0].partition("–")
            numbers += range(int(first), int(last or first) + 1)
    assert numbers == list(range(1, len(made.lines) + 1))


def test_each_sanction_is_quoted_whole_in_each_table_that_needs_it(duty_book: DutyBook) -> None:
    made = duty_book.list_for("主要负责人")
    document = read(duties_docx(made, None))
    tables = [
        "\n".join(words for row in table.iter(qn("w:tr")) for words in cells(row))
        for table in document.element.body.iter(qn("w:tbl"))
    ]
    checked = 0
    for duty in made.lines:
        texts = [t for t in tables if duty.norm.text in t]
        for sanction in duty.sanctions:
            assert any(sanction.quote.provision.text in t and sanction.lead in t for t in texts)
            assert any(sanction_label(sanction) in t for t in texts)
            checked += 1
    assert checked > 10


def test_tables_repeat_their_header_and_rows_stay_whole(duty_book: DutyBook) -> None:
    document = read(duties_docx(duty_book.list_for("主要负责人"), None))
    for table in document.element.body.iter(qn("w:tbl")):
        first = next(table.iter(qn("w:tr")))
        assert first.find(f".//{qn('w:tblHeader')}") is not None
        assert cells(first) == list(COLUMNS)
        for row in table.iter(qn("w:tr")):
            whole = row.find(f".//{qn('w:cantSplit')}") is not None
            assert whole or max(map(len, cells(row))) > 100


def test_every_run_has_a_chinese_font(duty_book: DutyBook, own: OwnAdditions) -> None:
    document = read(duties_docx(duty_book.list_for("主要负责人"), own))
    fonts = [f.get(qn("w:eastAsia")) for f in document.element.body.iter(qn("w:rFonts"))]
    assert set(fonts) == {"方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"}
    assert len(fonts) == sum(1 for _ in document.element.body.iter(qn("w:r")))
    table = next(p for p in document.part.package.parts if p.partname == "/word/fontTable.xml")
    assert '<w:altName w:val="宋体"/>' in table.blob.decode()


def test_title_scope_and_counts_head_the_paper(duty_book: DutyBook) -> None:
    made = duty_book.list_for("主要负责人")
    document = read(duties_docx(made, None))
    title, scope, counts = (p.text for p in document.paragraphs[:3])
    assert title == "主要负责人安全生产职责清单"
    assert (
        scope
        == "责任主体：主要负责人　领域：全部　地区：全国　效力：截至 2026-11-22 本库现行有效的规定"
    )
    c = made.counts
    assert f"应当 {c['must']} 项，不得 {c['must_not']} 项" in counts
    section = document.sections[0]
    assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
    assert section.footer.paragraphs[0].text == "— 1 —"
    assert "2026-11-22" in section.header.paragraphs[0].text


def test_inherited_duties_stand_apart_with_their_reason(duty_book: DutyBook) -> None:
    made = duty_book.list_for("乡镇人民政府")
    words = [p.text for p in read(duties_docx(made, None)).paragraphs]
    heads = [w for w in words if w[1:2] == "、"]
    assert "直接写给本主体" in heads[0]
    assert "同样适用" in heads[1]
    reasons = {r[0] for r in rows(read(duties_docx(made, None))) if len(r) == 1}
    for duty in made.lines:
        if duty.inherited_from:
            assert any(duty.why in r and duty.inherited_from.name in r for r in reasons)


def test_what_the_unit_added_comes_last_and_says_that_it_is_no_rule(
    duty_book: DutyBook, own: OwnAdditions
) -> None:
    made = duty_book.list_for("主要负责人")
    document = read(duties_docx(made, own))
    words = [p.text for p in document.paragraphs]
    heads = [w for w in words if w[1:2] == "、"]
    assert OWN_TITLE in heads[-2]
    assert "说明" in heads[-1]
    assert OWN_CAPTION in words
    last = rows(document)[-6:]
    assert ["1", "每周一组织安全例会，\n形成纪要。", "公司制度第三条", "2026-11-20"] in last
    assert ["《安全生产法》第五条", "已写进责任书。", "2026-11-20"] in last
    assert any("第九百条（不在这份清单中）" in r[0] for r in last)
    without = read(duties_docx(made, OwnAdditions("principal")))
    assert not any(OWN_TITLE in p.text for p in without.paragraphs)


def test_outlines_and_documents_that_are_missing_are_told(duty_book: DutyBook) -> None:
    made = duty_book.list_for("党委主要负责人")
    words = "\n".join(p.text for p in read(duties_docx(made, None)).paragraphs)
    assert made.bearer.missing in words
    assert all(q.provision.text in words for q in made.outlines)
    digested = duty_book.list_for("主要负责人")
    words = "\n".join(p.text for p in read(duties_docx(digested, None)).paragraphs)
    for group in digested.duties:
        for document in group.documents:
            assert all(note in words for note in document.notes)


def test_an_empty_list_is_still_a_document(duty_book: DutyBook) -> None:
    made = duty_book.list_for("党委主要负责人", "消防")
    assert not made.lines
    assert "党委主要负责人" in read(duties_docx(made, None)).paragraphs[0].text


def test_the_file_is_the_document(made: DutyList, tmp_path: Path) -> None:
    write_duties_docx(made, tmp_path / "清单.DOCX", None)
    assert docx.Document(str(tmp_path / "清单.DOCX")).paragraphs[0].text.startswith("主要负责人")
    assert [p.name for p in tmp_path.iterdir()] == ["清单.DOCX"]


@pytest.fixture
def made(duty_book: DutyBook) -> DutyList:
    return duty_book.list_for("主要负责人")
