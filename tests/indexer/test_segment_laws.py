"""The laws of the data package, written out as plain text, come back article by article."""

from __future__ import annotations

import pytest

from indexer.clean import clean
from indexer.segment import render, segment
from kb.model import Document, Version
from kb.statutes import load_statutes

DEFECTS = {
    ("中华人民共和国刑法", "第四百五十一条"): (
        "the package glued the heading 附 则 to the article; it is read as a heading",
        "\n附 则",
    ),
    ("中华人民共和国刑法", "第四百五十二条"): (
        "the package keeps 附件一 and 附件二 in the last article; they are read as endnotes",
        "\n附件一\n",
    ),
}
"""(law, article) → why its text differs, and where what the package has too much begins."""

DOCUMENTS = load_statutes()
VERSIONS = [(d, v) for d in DOCUMENTS if d.in_scope for v in d.versions]


def written_out(title: str, version: Version) -> str:
    """The law as a plain text: title, headings, 第X条　text."""
    lines, path = [title], ()
    for article in version.articles:
        for depth, printed in enumerate(article.path, 1):
            if article.path[:depth] != path[:depth]:
                lines.append(printed)
        path = article.path
        lines.append(f"{article.id.article}　{article.text}")
    return "\n".join(lines)


def expected(title: str, label: str, text: str) -> str:
    _, surplus = DEFECTS.get((title, label), ("", None))
    return text if surplus is None else text[: text.index(surplus)]


@pytest.mark.parametrize(
    ("document", "version"), VERSIONS, ids=[f"{d.short}-{v.id}" for d, v in VERSIONS]
)
def test_law_in_scope_comes_back_verbatim(document: Document, version: Version) -> None:
    cleaned = clean(written_out(document.title, version))
    statute = segment(cleaned.text, document.id, version.id)
    assert [(a.id, a.text) for a in statute.articles] == [
        (a.id, expected(document.title, a.id.article, a.text)) for a in version.articles
    ]
    assert statute.title == document.title
    assert render(statute) == cleaned.text
    touched = {label for title, label in DEFECTS if title == document.title}
    for got, held in zip(statute.articles, version.articles, strict=True):
        if got.id.article not in touched:
            assert (got.path, got.parts) == (held.path, held.parts)


def test_defects_are_still_in_the_package() -> None:
    held = {
        (d.title, a.id.article): a.text for d in DOCUMENTS for v in d.versions for a in v.articles
    }
    assert all(surplus in held[key] for key, (_, surplus) in DEFECTS.items())
