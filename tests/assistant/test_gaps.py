from datetime import date

from assistant.gaps import find_gaps, gaps_json
from assistant.web.gaps_html import gaps_html
from kb.library import Library

TODAY = date(2026, 11, 22)


def test_what_is_missing_is_said(library: Library) -> None:
    gaps = find_gaps(library.catalog, TODAY)
    assert "生产经营单位安全培训规定" in {u.title for u in gaps.unheld}
    assert "吉林省" in gaps.provinces
    assert not {"河南省", "山东省", "北京市"} & set(gaps.provinces)
    assert {"刑法"} <= {d.short for d in gaps.changed}
    assert "work-safety-law" in {d.id for d in gaps.earlier}
    assert {d.confidence for d in gaps.outlines} == {"outline"}


def test_nothing_listed_as_unheld_is_held_in_full(library: Library) -> None:
    for u in find_gaps(library.catalog, TODAY).unheld:
        assert all(d.is_policy for d in library.catalog.by_name(u.title)), u.title


def test_the_page_and_the_data_name_the_same(library: Library) -> None:
    gaps = find_gaps(library.catalog, TODAY)
    page = gaps_html(gaps)
    assert "本库没有什么" in page
    for title in [u.title for u in gaps.unheld] + [s.title for s in gaps.superseded]:
        assert title in page
    assert set(gaps_json(gaps)) == {
        "unheld", "outlines", "headings_only", "provinces", "changes_not_worked_in",
        "earlier_wordings", "superseded",
    }  # fmt: skip
