from pathlib import Path

import pytest

from assistant.liability import CURATED, EXPLICIT, INFERRED, LiabilityLinks, read_curated
from kb.citation import parse_locator
from kb.errors import SourceError
from kb.library import Library


@pytest.fixture(scope="module")
def links(library: Library) -> LiabilityLinks:
    return LiabilityLinks(library.catalog)


def sanctions(library: Library, links: LiabilityLinks, name: str, at: str) -> dict[str, str]:
    (doc,) = library.catalog.by_name(name)
    duty = library.catalog.resolve(doc, parse_locator(at))
    return {x.provision.id.locator: x.basis for x in links.of(doc, doc.latest(), duty)}


def test_a_cited_duty_is_linked_explicitly(library: Library, links: LiabilityLinks) -> None:
    assert sanctions(library, links, "消防法", "第十六条")["第六十七条"] == EXPLICIT


def test_a_principal_answers_for_his_seven_duties(library: Library, links: LiabilityLinks) -> None:
    found = sanctions(library, links, "安全生产法", "第二十一条")
    assert found["第九十四条第一款"] == CURATED


@pytest.mark.parametrize(
    ("duty", "sanction"),
    [
        ("第二十四条第一款", "第九十七条第（一）项"),
        ("第三十五条", "第九十九条第（一）项"),
        ("第四十一条第二款", "第一百零一条第（五）项"),
        ("第四十五条", "第九十九条第（五）项"),
        ("第五十一条第二款", "第一百零九条"),
    ],
)
def test_matching_words_are_inferred_and_labelled(
    library: Library, links: LiabilityLinks, duty: str, sanction: str
) -> None:
    assert sanctions(library, links, "安全生产法", duty)[sanction] == INFERRED


def test_a_township_is_not_threatened_with_the_fine_of_an_enterprise(
    library: Library, links: LiabilityLinks
) -> None:
    assert sanctions(library, links, "安全生产法", "第八十条第二款") == {}


def test_what_falls_short_of_a_standard_is_sanctioned_only_where_it_is_said_of(
    library: Library, links: LiabilityLinks
) -> None:
    """第六十一条第二款 is about dwellings in a building where goods are made, stored or sold."""
    assert sanctions(library, links, "消防法", "第十九条第二款")["第六十一条第二款"] == INFERRED
    for other in ("第二十条", "第二十二条第一款", "第二十六条", "第二十七条第二款"):
        assert "第六十一条第二款" not in sanctions(library, links, "消防法", other)


def test_a_sanction_has_no_sanction(library: Library, links: LiabilityLinks) -> None:
    assert sanctions(library, links, "安全生产法", "第九十七条") == {}


@pytest.mark.parametrize(
    "text",
    [
        '[[link]]\nduty = "安全生产法第九百条"\nliability = []\n',
        '[[link]]\nduty = "没有的法第一条"\nliability = []\n',
        '[[link]]\nduty = "安全生产法第五条"\n',
        "[[link]\n",
    ],
)
def test_a_curated_link_must_lead_somewhere(library: Library, tmp_path: Path, text: str) -> None:
    path = tmp_path / "liability.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"liability\.toml"):
        read_curated(library.catalog, path)


def test_an_inspection_body_is_not_fined_for_the_duty_of_a_user(
    library: Library, links: LiabilityLinks
) -> None:
    found = sanctions(library, links, "特种设备安全法", "第四十四条第一款")
    assert "第八十三条第（五）项" in found
    assert not [x for x in found if x.startswith("第九十三条")]


@pytest.mark.parametrize(
    ("duty", "sanction", "linked"),
    [
        (("special-equipment-safety-law", "第二十四条"), "第七十八条", True),
        (("work-safety-law", "第六十六条"), "第一百零八条", True),
        (("work-safety-law", "第六十八条"), "第一百零八条", False),
    ],
)
def test_whose_breach_it_is_is_read_before_what_was_done(
    library: Library, links: LiabilityLinks, duty: tuple[str, str], sanction: str, linked: bool
) -> None:
    doc = library.catalog.get(duty[0])
    article = doc.latest().article(duty[1])
    assert article is not None
    found = links.of(doc, doc.latest(), article.whole)
    assert any(x.provision.id.article == sanction for x in found) is linked
