from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import SourceError, UnknownFieldError
from kb.fields import FieldTable, read_fields
from kb.library import Library


@pytest.fixture(scope="module")
def table() -> FieldTable:
    return read_fields()


@pytest.mark.parametrize(
    ("doc_id", "text", "main"),
    [
        ("fire-protection-law", "应当建立专职消防队", "消防"),
        ("road-transport-regulation", "应当投保", "道路交通"),
        ("work-safety-law", "应当制定应急救援预案", "应急"),
        ("work-safety-law", "应当对从业人员进行安全生产教育和培训", "教育培训"),
        ("work-safety-law", "特种设备应当检测", "特种设备"),
        ("work-safety-law", "矿山和建筑施工单位应当配备人员", "综合"),
        ("work-safety-law", "应当加强领导", "综合"),
    ],
)
def test_the_main_field_of_a_duty(
    table: FieldTable, library: Library, doc_id: str, text: str, main: str
) -> None:
    assert table.of(library.catalog.get(doc_id), text)[0] == main


def test_other_fields_that_the_words_name_follow(table: FieldTable, library: Library) -> None:
    fields = table.of(library.catalog.get("fire-protection-law"), "应当制定灭火和应急疏散预案")
    assert fields == ("消防", "应急")
    both = table.of(library.catalog.get("work-safety-law"), "矿山和建筑施工单位应当配备人员")
    assert {"矿山", "建筑施工"} <= set(both)


def test_every_document_of_the_library_has_a_field(table: FieldTable, library: Library) -> None:
    for document in library.catalog:
        if document.in_scope:
            assert table.of(document, "")[0] in table.order


def test_names_find_their_field(table: FieldTable) -> None:
    assert table.find(" 危险化学品").name == "危化品"
    with pytest.raises(UnknownFieldError, match="特种设备"):
        table.find("特种设施")


def test_a_strange_name_gets_all_fields(table: FieldTable) -> None:
    with pytest.raises(UnknownFieldError, match="森林草原"):
        table.find("量子")


GOOD = '[[field]]\nname = "综合"\nnames = []\ntopics = []\ngeneral = true\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[field]]\nname = 1", "names"),
        (GOOD.replace("general = true\n", ""), "general"),
        (GOOD + '[[field]]\nname = "甲"\nnames = ["综合"]\ntopics = []\n', "既指"),
        (GOOD + "words = ['(']\n", "fields.toml"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "fields.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        read_fields(path)
