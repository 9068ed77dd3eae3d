from indexer.units import UnitKind, units_of
from kb.library import Library


def test_an_item_is_indexed_with_its_lead_and_leads_to_itself(library: Library) -> None:
    doc = library.catalog.get("work-safety-law")
    units = {u.target.locator: u for u in units_of([doc])}
    unit = units["第二十一条第（三）项"]
    assert unit.kind is UnitKind.PART
    assert unit.text.startswith(
        "生产经营单位的主要负责人对本单位安全生产工作负有下列职责：\n（三）"
    )


def test_every_article_comes_before_its_parts(library: Library) -> None:
    seen = set()
    for unit in units_of(library.catalog):
        if unit.kind is UnitKind.ARTICLE:
            seen.add(unit.target)
        assert unit.target.in_article in seen


def test_the_scope_keeps_out_other_articles(library: Library) -> None:
    inside = {u.target.article for u in units_of([library.catalog.get("criminal-law")])}
    assert "第一百三十四条" in inside
    assert "第二百三十二条" not in inside
    everything = units_of([library.catalog.get("criminal-law")], whole_library=True)
    assert "第二百三十二条" in {u.target.article for u in everything}
