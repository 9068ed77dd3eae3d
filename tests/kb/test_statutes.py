import sqlite3
from datetime import date
from pathlib import Path

import pytest

from kb import statutes
from kb.errors import DataPackageError, SourceError
from kb.library import Library
from kb.model import EventKind, Status, TextKind

TODAY = date(2026, 11, 22)


def in_scope(library: Library) -> dict[str, int]:
    return {
        d.short: sum(d.covers(a) for a in d.latest().articles)
        for d in library.catalog
        if d.in_scope and d.text_kind is TextKind.TEXT
    }


def test_the_safety_scope_is_complete(library: Library) -> None:
    sizes = in_scope(library)
    assert len(sizes) == 36
    assert sizes["安全生产法"] == 119
    assert sizes["危险化学品安全法"] == 127
    assert sizes["刑法"] == 16
    assert sum(sizes.values()) - sizes["放射性污染防治法"] == 3187


def test_the_wording_has_its_own_effective_day(library: Library) -> None:
    # the package's effective_date of this law is 2002-11-01, the day it first took effect
    doc = library.catalog.get("work-safety-law")
    assert doc.latest().effective_on == date(2021, 9, 1)
    assert doc.commenced_on() == date(2002, 11, 1)
    assert doc.version_on(date(2021, 8, 31)) is None
    assert doc.version_on(date(2021, 9, 1)) == doc.latest()


def test_a_law_is_not_in_force_before_it_commences(library: Library) -> None:
    doc = library.catalog.get("hazardous-chemicals-safety-law")
    assert doc.status_on(date(2026, 4, 30)) is Status.NOT_YET
    assert doc.status_on(date(2026, 5, 1)) is Status.IN_FORCE


def test_the_earlier_of_two_wordings_ends_when_the_later_begins(library: Library) -> None:
    doc = library.catalog.get("civil-aviation-law")
    old, new = doc.versions
    assert (len(old.articles), len(new.articles)) == (215, 262)
    assert old.ended_on == new.effective_on == date(2026, 7, 1)
    assert doc.version_on(date(2026, 6, 30)) == old
    assert doc.status_on(TODAY, old) is Status.SUPERSEDED


def test_a_repealed_law_says_by_what(library: Library) -> None:
    doc = library.catalog.get("radioactive-pollution-law")
    assert doc.status_on(date(2026, 8, 14)) is Status.IN_FORCE
    assert doc.status_on(TODAY) is Status.REPEALED
    (event,) = [e for e in doc.events if e.kind is EventKind.REPEALED]
    assert event.by == "中华人民共和国生态环境法典"


def test_the_part_heading_glued_to_an_article_is_removed(library: Library) -> None:
    article = library.catalog.get("criminal-law").latest().article("第一百零一条")
    assert article is not None
    assert article.text.endswith("但是其他法律有特别规定的除外。")


def test_unsticking_leaves_ordinary_text_alone() -> None:
    assert statutes.unstick_part_heading("依照本法。\n第二编 分 则") == "依照本法。"
    assert statutes.unstick_part_heading("依照第二编的规定。") == "依照第二编的规定。"


def test_articles_with_a_suffix_are_articles_of_their_own(library: Library) -> None:
    version = library.catalog.get("criminal-law").latest()
    labels = [a.id.article for a in version.articles if a.id.article.startswith("第一百三十三条")]
    assert labels == ["第一百三十三条", "第一百三十三条之一", "第一百三十三条之二"]


def test_an_article_changed_by_a_later_act_is_marked(library: Library) -> None:
    doc = library.catalog.get("criminal-law")
    assert doc.change_of("第一百六十五条", date(2024, 2, 29)) is None
    change = doc.change_of("第一百六十五条", date(2024, 3, 1))
    assert change is not None
    assert change.by == "刑法修正案（十二）"
    assert doc.change_of("第一百三十四条", TODAY) is None


def test_amendments_are_not_documents(library: Library) -> None:
    titles = [d.title for d in library.catalog]
    assert not [t for t in titles if t.startswith("中华人民共和国刑法修正案")]


def test_paragraphs_and_items_are_kept(library: Library) -> None:
    doc = library.catalog.get("work-safety-law")
    article = doc.latest().article("第二十一条")
    assert article is not None
    assert [p.id.item for p in article.parts] == [1, 2, 3, 4, 5, 6, 7]
    township = doc.latest().article("第九条")
    assert township is not None
    assert township.parts[1].id.locator == "第九条第二款"
    assert township.parts[1].text.startswith("乡镇人民政府和街道办事处")


def test_spans_of_all_provisions_are_verbatim(library: Library) -> None:
    for doc in library.catalog:
        for version in doc.versions:
            for article in version.articles:
                for p in article.provisions():
                    assert article.text[p.start : p.end] == p.text


def test_three_musts_stand_in_article_three(library: Library) -> None:
    article = library.catalog.get("work-safety-law").latest().article("第三条")
    assert article is not None
    assert "管行业必须管安全、管业务必须管安全、管生产经营必须管安全" in article.parts[2].text


def test_a_missing_package_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statutes.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataPackageError, match=r"run\.py setup"):
        statutes.database_path()


def test_a_damaged_database_is_one_clear_error(tmp_path: Path) -> None:
    broken = tmp_path / "laws.db"
    broken.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DataPackageError, match="读不出来"):
        statutes.load_statutes(broken)


def test_a_scope_entry_that_the_package_lacks_is_an_error(tmp_path: Path) -> None:
    scope = tmp_path / "statutes.toml"
    scope.write_text(
        '[[law]]\nid = "x"\ntitle = "不存在的法"\nshort = "x"\ntopics = []\n', encoding="utf-8"
    )
    with pytest.raises(SourceError, match="不存在的法"):
        statutes.load_statutes(scope_file=scope)


@pytest.mark.parametrize(
    ("text", "message"),
    [("[[law]\n", "statutes.toml"), ('[[law]]\nid = "x"\n', "缺少 title")],
)
def test_a_malformed_scope_file_names_itself(tmp_path: Path, text: str, message: str) -> None:
    scope = tmp_path / "statutes.toml"
    scope.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        statutes.read_scope(scope)


def test_an_empty_database_is_missing_its_laws(tmp_path: Path) -> None:
    empty = tmp_path / "laws.db"
    with sqlite3.connect(empty) as con:
        con.execute("CREATE TABLE laws (law_id)")
    with pytest.raises(DataPackageError):
        statutes.load_statutes(empty)
