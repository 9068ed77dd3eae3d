"""The workbook read back with another library."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from assistant.duties import DutyBook
from assistant.duties.own import OwnAdditions
from assistant.errors import BadInputError
from assistant.export.duties_xlsx import (
    COLUMNS,
    LIST_SHEET,
    OWN_SHEET,
    REMARKS_SHEET,
    duties_xlsx,
    write_duties_xlsx,
)

HEAD = 4
NAMES = [name for name, _ in COLUMNS]


def table(sheet: Worksheet) -> list[dict[str, str]]:
    found = sheet.iter_rows(min_row=HEAD + 1, values_only=True)
    return [{n: "" if v is None else str(v) for n, v in zip(NAMES, r, strict=True)} for r in found]


@pytest.mark.parametrize("name", ["乡镇人民政府", "主要负责人", "从业人员"])
def test_each_duty_has_one_row_in_the_order_of_the_list(duty_book: DutyBook, name: str) -> None:
    made = duty_book.list_for(name)
    book = openpyxl.load_workbook(io.BytesIO(duties_xlsx(made, None)))
    assert book.sheetnames == [LIST_SHEET, REMARKS_SHEET]
    sheet = book[LIST_SHEET]
    assert [c.value for c in sheet[HEAD]] == NAMES
    found = table(sheet)
    assert len(found) == len(made.lines)
    for n, (row, duty) in enumerate(zip(found, made.lines, strict=True), 1):
        assert row["序号"] == str(n)
        assert row["职责（引文）"] == duty.norm.text
        assert row["触发条件"] == duty.norm.trigger
        assert row["期限和数量"] == duty.deadline
        assert row["依据：文件"] == f"《{duty.quote.document.title}》"
        assert row["依据：条款"] == duty.norm.provision.locator
        assert duty.why in row["对本主体"]
        for sanction in duty.sanctions:
            assert sanction.quote.provision.text in row["不履行的后果（罚则引文）"]
            assert sanction.basis in row["不履行的后果（罚则引文）"]


def test_the_sheet_can_be_filtered_and_printed(duty_book: DutyBook) -> None:
    made = duty_book.list_for("主要负责人")
    sheet = openpyxl.load_workbook(io.BytesIO(duties_xlsx(made, None)))[LIST_SHEET]
    assert sheet.freeze_panes == f"E{HEAD + 1}"
    assert sheet.auto_filter.ref == f"A{HEAD}:M{HEAD + len(made.lines)}"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
    assert sheet[f"D{HEAD + 1}"].alignment.wrap_text
    assert sheet.column_dimensions["D"].width > 40
    assert "2026-11-22" in sheet["A2"].value


def test_words_of_the_unit_stand_on_their_own_sheet_and_are_never_formulas(
    duty_book: DutyBook, own: OwnAdditions
) -> None:
    made = duty_book.list_for("主要负责人")
    book = openpyxl.load_workbook(io.BytesIO(duties_xlsx(made, own)))
    sheet = book[OWN_SHEET]
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=1+1", "s")
    assert sheet["B4"].value == "每周一组织安全例会，\n形成纪要。"
    words = [v for r in sheet.iter_rows(values_only=True) for v in r]
    assert {"已写进责任书。", "《安全生产法》第五条"} <= set(words)
    listed = [v for r in book[LIST_SHEET].iter_rows(values_only=True) for v in r]
    assert "=1+1" not in listed


def test_remarks_say_what_is_held_in_outline_only(duty_book: DutyBook) -> None:
    made = duty_book.list_for("党委主要负责人")
    book = openpyxl.load_workbook(io.BytesIO(duties_xlsx(made, None)))
    words = "\n".join(str(c.value) for c in book[REMARKS_SHEET]["A"])
    assert made.bearer.missing in words
    assert all(q.provision.text in words for q in made.outlines)


def test_only_its_own_ending_is_written(duty_book: DutyBook, tmp_path: Path) -> None:
    made = duty_book.list_for("主要负责人")
    with pytest.raises(BadInputError, match=r"\.xlsx"):
        write_duties_xlsx(made, tmp_path / "a.xls", None)
    write_duties_xlsx(made, tmp_path / "a.xlsx", None)
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
