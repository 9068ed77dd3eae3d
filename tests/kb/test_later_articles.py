import pytest

from kb.errors import DataPackageError
from kb.later_articles import LaterArticles
from kb.library import Library
from kb.structure import build_article

ARTICLES = tuple(build_article("d", "v", f"第{n}条", "应当。") for n in "一二三")


def test_reads_once_and_only_when_looked_at() -> None:
    calls: list[int] = []

    def read() -> tuple[object, ...]:
        calls.append(1)
        return ARTICLES

    later = LaterArticles(3, read)  # type: ignore[arg-type]
    assert len(later) == 3
    assert calls == []
    assert later[-1] is ARTICLES[2]
    assert later[:2] == ARTICLES[:2]
    assert list(later) == list(ARTICLES)
    assert ARTICLES[1] in later
    assert calls == [1]


def test_is_equal_to_the_tuple_of_its_articles() -> None:
    later = LaterArticles(3, lambda: ARTICLES)
    assert later == ARTICLES
    assert later == LaterArticles(3, lambda: ARTICLES)
    assert hash(later) == hash(ARTICLES)
    assert later != ARTICLES[:2]
    assert later != list(ARTICLES)


def test_what_could_not_be_read_is_read_again_next_time() -> None:
    answers = iter([DataPackageError("weg"), ARTICLES])

    def read() -> object:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    later = LaterArticles(3, read)  # type: ignore[arg-type]
    with pytest.raises(DataPackageError, match="weg"):
        later[0]
    assert later[0] is ARTICLES[0]


def test_laws_outside_the_safety_scope_are_read_later_and_whole(library: Library) -> None:
    outside = [d for d in library.catalog if not d.in_scope and d.id.startswith("law-")]
    versions = [v for d in outside for v in d.versions]
    assert sum(isinstance(v.articles, LaterArticles) for v in versions) > 300
    for version in versions[::40]:
        assert len(version.articles) == len(tuple(version.articles)) > 0
