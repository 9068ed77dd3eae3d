"""Made-up laws, whose questions can be told by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date

import pytest

from assistant.quiz.make.base import Maker
from assistant.quiz.model import Question
from assistant.quiz.source import Held, Source
from indexer.norms import norms_of
from kb.catalog import Catalog
from kb.duty_bearers import read_bearer_table
from kb.fields import read_fields
from kb.model import Document, Level, TextKind, Version
from kb.structure import build_article

TODAY = date(2026, 11, 22)
DUTIES, PENAL = "第二章 职责", "第五章 法律责任"


def document(
    doc_id: str, duties: Iterable[str] = (), penal: Iterable[str] = (), **facts: object
) -> Document:
    """Return a law in force whose articles have these texts."""
    texts = [*((t, DUTIES) for t in duties), *((t, PENAL) for t in penal)]
    articles = tuple(
        build_article(doc_id, "v", f"第{'一二三四五六七八九十'[n]}条", text, (chapter,))
        for n, (text, chapter) in enumerate(texts)
    )
    version = Version("v", date(2020, 1, 1), articles)
    told = {"level": Level.LAW, "text_kind": TextKind.TEXT, "topics": ("安全生产",), **facts}
    return Document(doc_id, f"中华人民共和国{doc_id}", doc_id, versions=(version,), **told)  # type: ignore[arg-type]


def source_of(*documents: Document) -> Source:
    """Return what questions are made from, if these were all laws."""
    return Source(
        Catalog(documents), norms_of(documents), read_bearer_table(), read_fields(), TODAY
    )


def questions(maker: Maker, source: Source, seed: int = 1) -> list[Question]:
    """Return everything that the maker makes of the source."""
    return [q for held in source.asked for q in maker.make(held, random.Random(seed))]


@pytest.fixture
def held_of() -> Callable[..., Held]:
    """Return an article of its own law, in force."""

    def make(text: str, penal: bool = False) -> Held:
        made = document("示例法", () if penal else (text,), (text,) if penal else ())
        return source_of(made).asked[0]

    return make
