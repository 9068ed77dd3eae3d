import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.citation import article_label, find_citations, find_locators, parse_locator
from kb.errors import CitationError, UnknownProvisionError
from kb.library import Library
from kb.model import ProvisionId

LAW = "work-safety-law"


def cited(library: Library, text: str) -> list[tuple[str, tuple[str, ...] | None]]:
    """Return (address, documents) of every citation; None where no document is named."""
    found = find_citations(text, library.catalog.find_mentions)
    return [
        (c.locator.to_id("d", "v").locator, c.mention.doc_ids if c.mention else None) for c in found
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("第九条第二款", "第九条第二款"),
        ("第二十一条第（三）项", "第二十一条第（三）项"),
        ("第二十一条第(三)项", "第二十一条第（三）项"),
        ("第二十一条第三项", "第二十一条第（三）项"),
        ("第一百一十四条第一款第（二）项", "第一百一十四条第一款第（二）项"),
        ("第一百三十三条之一第一款", "第一百三十三条之一第一款"),
        ("第 21 条第 1 款", "第二十一条第一款"),
    ],
)
def test_parses_strict_and_loose_addresses(text: str, address: str) -> None:
    assert parse_locator(text).to_id("d", "v").locator == address


@pytest.mark.parametrize("text", ["", "第九", "九条措施", "第九条和第十条", "第九条规定"])
def test_what_is_not_one_address_is_an_error(text: str) -> None:
    with pytest.raises(CitationError):
        parse_locator(text)


@given(
    st.integers(1, 1500),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 20),
)
def test_rendering_and_parsing_are_inverse(
    article: int, suffix: int | None, paragraph: int | None, item: int | None
) -> None:
    pid = ProvisionId("d", "v", article_label(article, suffix), paragraph, item)
    assert parse_locator(pid.locator).to_id("d", "v") == pid


def test_a_list_belongs_to_the_document_named_first(library: Library) -> None:
    assert cited(library, "《安全生产法》第三条、第九百条") == [
        ("第三条", (LAW,)),
        ("第九百条", (LAW,)),
    ]


def test_items_of_a_list_keep_their_article(library: Library) -> None:
    assert [a for a, _ in cited(library, "安全生产法第二十一条第一项、第三项和第五项")] == [
        "第二十一条第（一）项",
        "第二十一条第（三）项",
        "第二十一条第（五）项",
    ]


@pytest.mark.parametrize(
    "text", ["安全法第21条", "安法第二十一条", "新安法21条", "安全生产法二十一条"]
)
def test_short_names_and_bare_numbers(library: Library, text: str) -> None:
    assert cited(library, text) == [("第二十一条", (LAW,))]


def test_a_nested_name_is_not_the_law_inside_it(library: Library) -> None:
    assert cited(library, "《浙江省实施〈消防法〉办法》第九条") == [("第九条", ())]


def test_a_regulation_that_implements_a_law_is_not_the_law(library: Library) -> None:
    assert cited(library, "浙江省实施《消防法》办法第九条") == [("第九条", ())]
    assert cited(library, "按《消防法》第九条办") == [("第九条", ("fire-protection-law",))]


def test_the_verb_after_a_law_is_not_part_of_its_name(library: Library) -> None:
    (mention,) = library.catalog.find_mentions("安全生产法规定企业要做什么")
    assert mention.doc_ids == (LAW,)


@pytest.mark.parametrize("text", ["《安全生产法实施条例》第九条", "安全生产法实施条例第九条"])
def test_an_invented_document_is_unknown(library: Library, text: str) -> None:
    assert cited(library, text) == [("第九条", ())]


def test_the_longer_name_wins(library: Library) -> None:
    assert cited(library, "特种设备安全法第三条") == [("第三条", ("special-equipment-safety-law",))]
    assert cited(library, "网络安全法第二十一条")[0][1] != (LAW,)


def test_a_range_is_one_locator() -> None:
    (found,) = find_locators("第九十条至第九十五条")
    assert (found.article, found.through) == (90, 95)


def test_the_same_law_is_not_guessed(library: Library) -> None:
    assert cited(library, "同法第九百条") == [("第九百条", None)]


@pytest.mark.parametrize("text", ["十五条措施", "落实十五条硬措施", "共21条", "三条鱼"])
def test_counts_of_things_are_not_articles(text: str) -> None:
    assert find_locators(text) == []


def test_resolves_to_the_exact_provision(library: Library) -> None:
    doc = library.catalog.get(LAW)
    found = library.catalog.resolve(doc, parse_locator("第二十一条第三项"))
    assert found.text == "（三）组织制定并实施本单位安全生产教育和培训计划；"


def test_paragraph_one_of_a_single_paragraph_is_the_article(library: Library) -> None:
    doc = library.catalog.get(LAW)
    assert library.catalog.resolve(doc, parse_locator("第五条第一款")).id.locator == "第五条"


@pytest.mark.parametrize("text", ["第九条第八款", "第九百条", "第九条第（三）项"])
def test_what_does_not_exist_is_an_error(library: Library, text: str) -> None:
    with pytest.raises(UnknownProvisionError, match="没有"):
        library.catalog.resolve(library.catalog.get(LAW), parse_locator(text))


def test_every_provision_resolves_to_itself(library: Library) -> None:
    for doc in library.catalog:
        if not doc.in_scope or doc.is_policy:
            continue
        for article in doc.latest().articles:
            for p in article.provisions():
                if p.id.subitem is None:
                    assert library.catalog.resolve(doc, parse_locator(p.id.locator)).id == p.id
