"""Articles for the tests of norms, and their norms in short."""

from __future__ import annotations

from datetime import date

from indexer.norms import Norm, norms_of
from kb.model import Article, Document, Level, TextKind, Version
from kb.structure import build_article


def document(*articles: Article, doc_id: str = "law") -> Document:
    """A law of these articles."""
    return Document(
        doc_id, "测试法", "测试法", Level.LAW, TextKind.TEXT,
        (Version("1", date(2020, 1, 1), articles),),
    )  # fmt: skip


def read(text: str, path: tuple[str, ...] = ()) -> list[Norm]:
    """The norms of an article 第一条 of that text."""
    return norms_of([document(build_article("law", "1", "第一条", text, path))])


def brief(text: str, path: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """(subject, modality, action) of every norm."""
    return [(n.subject, n.modality.value, n.action) for n in read(text, path)]
