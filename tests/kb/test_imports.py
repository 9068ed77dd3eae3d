"""Reading the imports folder: one damaged import never takes down the library."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.errors import SourceError
from kb.imports import (
    DOCUMENT,
    ArticleText,
    Facts,
    Imported,
    ImportState,
    Original,
    binding_from,
    encode,
    load_imports,
    read_import,
)
from kb.library import load_library
from kb.model import EventKind, Level, Status, TextKind

FACTS = Facts(
    "某县安全生产办法", Level.NORMATIVE_DOCUMENT, "某县办法", "某政发〔2026〕1号", "某县人民政府", "某省某县",
    ("安全生产",), ("老办法",), date(2026, 1, 1), date(2026, 2, 1), None, (),
)  # fmt: skip
IMPORTED = Imported(
    "unit-1234567890",
    FACTS,
    (
        ArticleText("第一条", "为了安全，制定本办法。", ("第一章 总则",), 1),
        ArticleText("第二条", "乡镇应当：\n（一）检查；\n（二）报告。", ("第一章 总则",), 2),
    ),
    Original("办法.docx", "original.docx", "0" * 64, 3),
    "2026-11-22T02:00:00Z",
    ImportState.CONFIRMED,
    ("一个问题",),
    ("一句提醒",),
    ("某县安全生产办法",),
    ("某县人民政府",),
)


def put(root: Path, imported: Imported = IMPORTED, generation: int = 1) -> Path:
    folder = root / imported.id / f"{generation:04d}"
    folder.mkdir(parents=True)
    (folder / DOCUMENT).write_bytes(encode(imported))
    (folder / imported.original.file).write_bytes(b"abc")
    return folder


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    assert read_import(put(tmp_path)) == replace(IMPORTED, generation=1)


def test_it_is_a_document_of_the_unit(tmp_path: Path) -> None:
    doc = read_import(put(tmp_path)).document()
    assert (doc.id, doc.text_kind, doc.region) == (IMPORTED.id, TextKind.UNIT, "某省某县")
    assert [p.id.locator for a in doc.latest().articles for p in a.provisions()] == [
        "第一条", "第二条", "第二条第（一）项", "第二条第（二）项",
    ]  # fmt: skip
    assert doc.status_on(date(2026, 1, 31)) is Status.NOT_YET
    assert doc.status_on(date(2026, 2, 1)) is Status.IN_FORCE
    assert [e.kind for e in doc.events] == [EventKind.ISSUED, EventKind.EFFECTIVE]


def test_an_amended_text_binds_from_its_last_amendment() -> None:
    amended = replace(FACTS, amended=((date(2027, 5, 1), "第一次修正"),))
    assert binding_from(amended) == date(2027, 5, 1)
    assert binding_from(replace(FACTS, effective_on=None)) == date.min
    assert binding_from(replace(amended, effective_on=date(2028, 1, 1))) == date(2028, 1, 1)


def test_a_repealed_import_is_repealed() -> None:
    doc = replace(IMPORTED, facts=replace(FACTS, repealed_on=date(2026, 6, 1))).document()
    assert doc.status_on(date(2026, 6, 1)) is Status.REPEALED


def test_the_newest_confirmed_wording_counts_and_a_waiting_one_is_listed(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, replace(IMPORTED, warnings=("second",)), 2)
    put(tmp_path, replace(IMPORTED, state=ImportState.PENDING), 3)
    found = load_imports(tmp_path)
    assert [i.generation for i in found.confirmed] == [2]
    assert [i.generation for i in found.pending] == [3]
    assert found.known == {IMPORTED.id: (3, 2, 1)}


def test_no_folder_and_other_folders_are_nothing(tmp_path: Path) -> None:
    assert load_imports(None).confirmed == ()
    assert load_imports(tmp_path / "none").fingerprint == ""
    (tmp_path / ".incoming-12").mkdir()
    (tmp_path / "removed").mkdir()
    (tmp_path / IMPORTED.id).mkdir()
    found = load_imports(tmp_path)
    assert (found.confirmed, found.warnings) == ((), ())


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: (f / DOCUMENT).write_bytes((f / DOCUMENT).read_bytes()[:-40]),
        lambda f: (f / DOCUMENT).unlink(),
        lambda f: (f / DOCUMENT).write_text("[]"),
        lambda f: (f / DOCUMENT).write_text('{"check": "", "document": {}}'),
        lambda f: (f / DOCUMENT).write_bytes(
            (f / DOCUMENT).read_bytes().replace("检查".encode(), "巡查".encode())
        ),
        lambda f: (f / "original.docx").unlink(),
    ],
    ids=["cut", "gone", "other", "empty", "edited", "no original"],
)
def test_a_damaged_import_is_named_and_left_out(tmp_path: Path, damage: object) -> None:
    other = replace(IMPORTED, id="unit-0000000000")
    put(tmp_path, other)
    folder = put(tmp_path)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(SourceError, match=r"unit-1234567890/0001.*请重新导入原件"):
        read_import(folder)
    found = load_imports(tmp_path)
    assert [i.id for i in found.confirmed] == [other.id]
    assert len(found.warnings) == 1


def test_an_older_wording_never_stands_in_for_a_damaged_one(tmp_path: Path) -> None:
    put(tmp_path)
    newer = put(tmp_path, generation=2)
    (newer / DOCUMENT).write_text("x")
    found = load_imports(tmp_path)
    assert found.confirmed == ()
    assert len(found.warnings) == 1


def test_a_newer_format_is_said_so(tmp_path: Path) -> None:
    folder = put(tmp_path)
    data = json.loads((folder / DOCUMENT).read_text())
    data["document"]["format"] = 99
    from kb.imports import _check

    data["check"] = _check(data["document"])
    (folder / DOCUMENT).write_text(json.dumps(data))
    with pytest.raises(SourceError, match="更新的版本"):
        read_import(folder)


def test_the_fingerprint_follows_what_may_be_answered_from(tmp_path: Path) -> None:
    put(tmp_path)
    first = load_imports(tmp_path).fingerprint
    put(tmp_path, replace(IMPORTED, state=ImportState.PENDING), 2)
    assert load_imports(tmp_path).fingerprint == first
    put(tmp_path, generation=3)
    assert load_imports(tmp_path).fingerprint != first


def test_the_library_holds_imports_beside_the_rest(tmp_path: Path) -> None:
    put(tmp_path)
    plain, own = load_library(), load_library(imports=tmp_path)
    assert own.fingerprint != plain.fingerprint
    assert load_library(imports=tmp_path / "none").fingerprint == plain.fingerprint
    assert len(own.catalog) == len(plain.catalog) + 1
    for name in ("某县安全生产办法", "老办法", "某政发〔2026〕1号"):
        assert [d.id for d in own.catalog.by_name(name)] == [IMPORTED.id]


def test_a_pending_import_is_not_in_the_catalog(tmp_path: Path) -> None:
    put(tmp_path, replace(IMPORTED, state=ImportState.PENDING))
    library = load_library(imports=tmp_path)
    assert IMPORTED.id not in library.catalog.documents
    assert [i.id for i in library.imports.pending] == [IMPORTED.id]
