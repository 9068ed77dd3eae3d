from __future__ import annotations

from assistant.duties import DutyBook
from assistant.duties.leads import above, lead_of
from assistant.duties.sections import sections_of
from assistant.services import Services
from tests.assistant.duties.conftest import catalog, place


def test_sections_hold_every_duty_once_and_own_ones_first(book: DutyBook) -> None:
    made = book.list_for("乡镇人民政府")
    sections = sections_of(made.duties)
    assert [s.source.name if s.source else None for s in sections] == [
        None, "各级人民政府", "单位（不分性质）",
    ]  # fmt: skip
    assert [s.size for s in sections] == [1, 1, 1]
    duties = [d for s in sections for d in s.duties]
    assert {id(d) for d in duties} == {id(d) for d in made.lines}
    assert all(s.why for s in sections[1:])
    assert sections[1].title == "写给“各级人民政府”、同样适用"


def test_nothing_makes_no_section(book: DutyBook) -> None:
    made = book.list_for("党委书记")
    assert sections_of(made.duties) == ()


def test_an_item_has_the_line_above_it_and_a_paragraph_has_none(book: DutyBook) -> None:
    first, *_ = book.list_for("主要负责人").lines
    over = lead_of(catalog(), first)
    assert over is not None
    assert over.lead == "生产经营单位的主要负责人负有下列职责："
    assert above(catalog(), place("第一条")) is None


def test_a_kind_stands_before_the_kinds_that_it_belongs_to(services: Services) -> None:
    made = services.duties.list_for("煤矿企业")
    sources = [s.source.name for s in sections_of(made.duties) if s.source]
    places = [sources.index(n) for n in ("矿山企业", "生产经营单位", "单位（不分性质）")]
    assert places == sorted(places)
