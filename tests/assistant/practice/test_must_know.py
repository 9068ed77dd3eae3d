from __future__ import annotations

import io
from collections import Counter

import docx
import pytest

from assistant.duties import DutyBook
from assistant.export.must_know_docx import must_know_cards
from assistant.practice.must_know import MOST, Part, must_know
from assistant.services import Services
from kb.posts import Post, read_posts
from tests.conftest import TODAY

POSTS = read_posts().posts


@pytest.fixture(scope="module")
def duties(services: Services) -> DutyBook:
    return services.duties


@pytest.mark.parametrize("post", POSTS, ids=lambda p: p.id)
def test_every_post_has_twenty_different_things_to_know_all_verbatim(
    post: Post, duties: DutyBook
) -> None:
    items = must_know(post, duties)
    assert len(items) == MOST
    assert len({(i.provision, i.text) for i in items}) == MOST
    parts = [i.part for i in items]
    assert parts == sorted(parts, key=list(Part).index)
    for item in items:
        provision = duties.catalog.provision(item.provision)
        article = duties.catalog.article(item.provision)
        assert item.text in provision.text
        assert item.lead in article.text
        version = item.document.version_on(TODAY)
        assert version is not None
        assert version.id == item.provision.version


def test_a_principal_knows_all_the_duties_of_the_core_list(duties: DutyBook) -> None:
    items = must_know(read_posts().get("principal"), duties)
    listed = [i for i in items if i.citation.startswith("《安全生产法》第二十一条第")]
    assert len(listed) == 7
    assert all(i.lead.endswith("：") for i in listed)
    assert Counter(i.part for i in items)[Part.FIGURE] >= 2


def test_a_worker_knows_the_rights_to_refuse_and_to_leave(duties: DutyBook) -> None:
    items = must_know(read_posts().find("工人"), duties)
    rights = [i.text for i in items if i.part is Part.RIGHT]
    assert any("违章指挥" in t for t in rights)
    assert any("停止作业" in t for t in rights)


def test_an_electrician_begins_with_the_certificate(duties: DutyBook) -> None:
    first = must_know(read_posts().get("electrician"), duties)[0]
    assert "特种作业人员" in first.text


def test_fewer_can_be_had(duties: DutyBook) -> None:
    assert len(must_know(POSTS[0], duties, 5)) == 5


def test_the_cards_hold_every_item_with_its_basis(duties: DutyBook) -> None:
    post = read_posts().get("principal")
    items = must_know(post, duties)
    made = docx.Document(io.BytesIO(must_know_cards(post.name, items, TODAY)))
    words = [c.text for t in made.tables for r in t.rows for c in r.cells]
    assert len(words) == MOST
    for n, (item, card) in enumerate(zip(items, words, strict=True), 1):
        assert f"应知应会 {n} · {item.part.value}" in card
        assert f"{item.citation}" in card
        assert item.text.replace("\n", "") in card.replace("\n", "")
        assert "2026-11-22" in card


def test_an_odd_number_of_cards_leaves_one_empty(duties: DutyBook) -> None:
    post = POSTS[0]
    made = docx.Document(io.BytesIO(must_know_cards(post.name, must_know(post, duties, 3), TODAY)))
    assert [bool(c.text) for r in made.tables[0].rows for c in r.cells] == [True] * 3 + [False]
