from datetime import date
from pathlib import Path

import pytest

from kb.citation import find_citations
from kb.errors import SourceError
from kb.library import Library
from kb.superseded import find_superseded, read_superseded


def test_a_document_is_found_by_title_or_alias() -> None:
    found = find_superseded("1991年那个企业职工伤亡事故报告和处理规定，后来叫什么")
    assert found is not None
    assert (found.by, found.on) == ("生产安全事故报告和调查处理条例", date(2007, 6, 1))
    assert find_superseded("安监总局30号令还有效吗") is not None
    assert find_superseded("安全生产违法行为行政处罚办法第三条") is None


def test_every_footing_is_an_article_of_a_held_document(library: Library) -> None:
    for entry in read_superseded():
        if not entry.footing:
            continue
        (citation,) = find_citations(entry.footing, library.catalog.find_mentions)
        assert citation.mention is not None
        assert len(citation.mention.doc_ids) == 1, entry
        doc = library.catalog.get(citation.mention.doc_ids[0])
        version = doc.latest()
        known = {a.id.article for a in version.articles} | {x.label for x in version.listed}
        assert citation.locator.label in known, entry


def test_nothing_superseded_is_in_the_library(library: Library) -> None:
    editions = [s for s in read_superseded() if "（" in s.title]
    others = [s.title for s in read_superseded() if s not in editions]
    assert [t for t in others if library.catalog.by_name(t)] == []


def test_a_malformed_entry_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('[[superseded]]\ntitle = "甲"\n', encoding="utf-8")
    with pytest.raises(SourceError, match=r"s\.toml"):
        read_superseded(path)
