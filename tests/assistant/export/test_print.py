"""One page and cards: they fit, they quote, they say what they leave out."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from assistant.duties import DutyBook, DutyList
from assistant.duties.own import OwnAdditions, OwnDuty
from assistant.errors import BadInputError
from assistant.export.cards import CARD_MOST, cards
from assistant.export.choice import CUT, by_weight
from assistant.export.duties_docx import duties_docx
from assistant.export.duties_print import one_page, write_cards, write_one_page
from tests.assistant.export.test_duties_docx import cells, read, rows

NAMES = (
    "乡镇人民政府",
    "主要负责人",
    "从业人员",
    "班组长",
    "党委主要负责人",
    "煤矿企业",
    "公安派出所",
)
SOFFICE = shutil.which("soffice")


def words(data: bytes) -> list[str]:
    return [p.text for p in read(data).paragraphs]


def quoted(made: DutyList) -> str:
    texts = [d.norm.text for d in made.lines] + [q.provision.text for q in made.outlines]
    return "\n".join(t.replace("\n", "") for t in texts)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_page_is_verbatim_and_has_its_place(
    duty_book: DutyBook, name: str
) -> None:
    made = duty_book.list_for(name)
    source = quoted(made)
    places = {d.norm.provision.locator for d in made.lines}
    places |= {q.provision.id.locator for q in made.outlines}
    body = rows(read(one_page(made, None)))[1:]
    assert len(body) >= 4
    for row in body:
        text = row[1].split("\n")[0]
        assert text.removeprefix(CUT).removesuffix(CUT) in source
        assert any(row[2].endswith(p) for p in places)


def test_the_page_says_how_many_more_there_are(duty_book: DutyBook) -> None:
    made = duty_book.list_for("主要负责人")
    data = one_page(made, None)
    note = next(w for w in words(data) if "没有列出" in w)
    total, sentences, listed, left = map(
        int, re.findall(r"共 (\d+) 项，这里选列 (\d+) 句、含 (\d+) 项，另有 (\d+) 项", note)[0]
    )
    assert total == made.counts["must"] + made.counts["must_not"]
    assert sentences == len(rows(read(data))) - 1
    assert listed + left == total
    assert "zhize duties" in note
    assert "先于" in note


def test_a_sentence_names_the_sanctions_of_all_its_duties(duty_book: DutyBook) -> None:
    made = duty_book.list_for("从业人员")
    first = by_weight(made)[0]
    other = next(d for d in made.lines if d.sanctions)
    twin = replace(first, sanctions=other.sanctions[:1])
    groups = made.duties[0].documents[0]
    more = replace(groups, duties=(*groups.duties, twin))
    field = replace(made.duties[0], documents=(more, *made.duties[0].documents[1:]))
    assert not first.sanctions
    row = rows(read(one_page(replace(made, duties=(field, *made.duties[1:])), None)))[1]
    assert other.sanctions[0].quote.provision.id.locator in row[3]
    assert other.sanctions[0].basis in row[3]


def test_no_more_than_asked_for(duty_book: DutyBook) -> None:
    made = duty_book.list_for("乡镇人民政府")
    assert len(rows(read(one_page(made, None, 3)))) == 4


def test_inherited_duties_are_marked_on_page_and_card(duty_book: DutyBook) -> None:
    made = duty_book.list_for("班组长")
    inherited = {d.norm.text for d in made.lines if d.inherited_from}
    body = rows(read(one_page(made, None)))[1:]
    marked = [r for r in body if "同样适用" in r[1]]
    assert marked
    assert all(r in marked for r in body if r[1].split("\n")[0] in inherited)
    assert "同样适用" in rows(read(cards(made, None)))[0][0]


def test_additions_of_the_unit_are_apart_and_a_long_one_is_counted(duty_book: DutyBook) -> None:
    made = duty_book.list_for("主要负责人")
    long = OwnDuty("own-2", "补" * 2000, "", "")
    own = OwnAdditions("principal", (OwnDuty("own-1", "每周开会。", "制度", ""), long))
    said = words(one_page(made, own))
    assert "本单位补充（不属于法规内容）" in said
    assert "1．每周开会。〔制度〕" in said
    assert any("本单位补充另有 1 项没有列出" in w for w in said)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_has_few_short_verbatim_lines(duty_book: DutyBook, name: str) -> None:
    made = duty_book.list_for(name)
    source = quoted(made)
    document = read(cards(made, None))
    grid = rows(document)
    assert len(grid) == 5
    assert len({c for r in grid for c in r}) == 1
    lines = [x for x in grid[0][0].split("\n") if re.match(r"\d．", x)]
    assert 2 <= len(lines) <= CARD_MOST
    for line in lines:
        text = re.fullmatch(r"\d．(.+)〔.+〕", line)
        assert text
        assert text[1].removeprefix(CUT).removesuffix(CUT) in source
    assert f"全部 {len(made.lines) + len(made.outlines)} 项" in grid[0][0]


def test_a_card_has_the_size_of_a_card(duty_book: DutyBook) -> None:
    document = read(cards(duty_book.list_for("从业人员"), None))
    body = document.element.body
    heights = {(h.get(qn("w:val")), h.get(qn("w:hRule"))) for h in body.iter(qn("w:trHeight"))}
    widths = {w.get(qn("w:w")) for w in body.iter(qn("w:gridCol"))}
    millimetre = 1440 / 25.4
    assert heights == {(f"{54 * millimetre:.0f}", "exact")}
    assert widths == {f"{90 * millimetre:.0f}"}


def test_a_workers_card_has_rights_too_and_what_the_unit_added(
    duty_book: DutyBook, own: OwnAdditions
) -> None:
    card = rows(read(cards(duty_book.list_for("从业人员"), own)))[0][0]
    assert "有权拒绝违章指挥和强令冒险作业" in card
    assert "本单位补充：=1+1" in card


def test_files_are_written_under_their_ending_only(duty_book: DutyBook, tmp_path: Path) -> None:
    made = duty_book.list_for("从业人员")
    write_one_page(made, tmp_path / "a.docx", None, most=2)
    write_cards(made, tmp_path / "b.docx", None)
    assert len(docx.Document(str(tmp_path / "a.docx")).tables[0].rows) == 3
    with pytest.raises(BadInputError, match=r"\.docx"):
        write_one_page(made, tmp_path / "a.xlsx", None)
    with pytest.raises(BadInputError, match=r"\.docx"):
        write_cards(made, tmp_path / "a.pdf", None)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.docx", "b.docx"]


def pages(folder: Path) -> dict[str, int]:
    """How many pages each Word file of the folder has, and that is: in LibreOffice."""
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), *map(str, sorted(folder.glob("*.docx")))],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    counted: dict[str, int] = {}
    for path in folder.glob("*.pdf"):
        pdf: Any = pypdfium2.PdfDocument(path)
        counted[path.stem] = len(pdf)
        pdf.close()
    return counted


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_page_and_cards_fit_one_a4_page(
    duty_book: DutyBook, own: OwnAdditions, tmp_path: Path
) -> None:
    much = replace(
        own,
        duties=tuple(
            OwnDuty(f"own-{n}", "本单位再补充一句话。" * 6, "制度", "") for n in range(30)
        ),
    )
    for name in NAMES:
        made = duty_book.list_for(name)
        (tmp_path / f"单-{name}.docx").write_bytes(one_page(made, None))
        (tmp_path / f"卡-{name}.docx").write_bytes(cards(made, own))
        (tmp_path / f"满-{name}.docx").write_bytes(one_page(made, much))
    (tmp_path / "全.docx").write_bytes(duties_docx(duty_book.list_for("主要负责人"), own))
    counted = pages(tmp_path)
    assert len(counted) == 3 * len(NAMES) + 1
    assert counted.pop("全") > 5
    assert set(counted.values()) == {1}, counted


def test_rows_are_read_as_they_stand() -> None:
    """The reader of these tests keeps line breaks and paragraphs."""
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "甲\n乙"
    cell.add_paragraph("丙")
    buffer = io.BytesIO()
    document.save(buffer)
    assert cells(next(read(buffer.getvalue()).element.body.iter(qn("w:tr")))) == ["甲\n乙\n丙"]
