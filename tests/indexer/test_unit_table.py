from pathlib import Path

import pytest

from indexer.unit_table import UnitTable, read_units, unit_table, write_units
from indexer.units import Unit, UnitKind
from kb.model import ProvisionId

FIRST = ProvisionId("a", "2020-01-01", "第一条")
UNITS = [
    Unit(UnitKind.ARTICLE, "甲。\n乙。", FIRST),
    Unit(UnitKind.PART, "甲。", ProvisionId("a", "2020-01-01", "第一条", 1)),
    Unit(UnitKind.PART, "", ProvisionId("a", "2020-01-01", "第一条", 2, 3)),
    Unit(UnitKind.ARTICLE, "😀丙", ProvisionId("b", "2021-01-01", "第一条")),
    Unit(UnitKind.ASKED, "问？", FIRST),
]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_units(tmp_path / "units", unit_table(UNITS))
    return tmp_path / "units"


def test_what_is_read_is_what_was_written(written: Path) -> None:
    table = read_units(written)
    assert list(table) == UNITS
    assert table[1:3] == tuple(UNITS[1:3])
    assert table[-1] == UNITS[-1]
    assert len(table) == 5


def test_articles_are_numbered_by_their_first_row(written: Path) -> None:
    table = read_units(written)
    assert table.article.tolist() == [0, 0, 0, 1, 0]
    assert table.article_id(0) == FIRST
    assert table.documents == (("a", "2020-01-01"), ("b", "2021-01-01"))


def test_there_is_no_row_beyond_the_last(written: Path) -> None:
    with pytest.raises(IndexError):
        read_units(written)[5]


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    write_units(tmp_path / "units", unit_table([]))
    table: UnitTable = read_units(tmp_path / "units")
    assert list(table) == []


@pytest.mark.parametrize("name", ["texts.txt", "start.npy", "names.json"])
def test_a_table_that_is_cut_short_is_not_read(written: Path, name: str) -> None:
    path = written / name
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ValueError, match=r".+"):
        read_units(written)
