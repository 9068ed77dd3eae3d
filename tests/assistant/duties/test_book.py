from __future__ import annotations

import time
from datetime import date

import pytest

from assistant.duties import Duty, DutyBook, DutyList
from assistant.services import Services
from indexer.norms import Modality
from kb.errors import UnknownBearerError, UnknownFieldError


def texts(made: DutyList) -> list[str]:
    return [d.norm.text for d in made.lines]


def found(made: DutyList, text: str) -> Duty:
    (duty,) = (d for d in made.lines if text in d.norm.text)
    return duty


def test_own_duties_stand_before_inherited_ones_and_inherited_say_why(book: DutyBook) -> None:
    made = book.list_for("乡镇人民政府")
    own, inherited = found(made, "制定应急预案"), found(made, "加强消防工作")
    assert (own.inherited_from, own.why) == (None, "")
    assert inherited.inherited_from is not None
    assert inherited.inherited_from.name == "各级人民政府"
    assert "乡镇" in inherited.why
    assert made.counts == {
        "must": 2, "must_not": 1, "may": 0, "right": 0, "own": 1, "inherited": 2, "documents": 1,
    }  # fmt: skip


def test_a_norm_on_two_bearers_of_one_list_appears_once(book: DutyBook) -> None:
    made = book.list_for("特种作业人员")
    assert texts(made).count("任何单位和个人不得占用消防车通道。") == 1


def test_items_of_a_list_are_duties_with_the_sanctions_of_their_article(book: DutyBook) -> None:
    made = book.list_for("老板")
    first = found(made, "建立责任制")
    assert first.norm.provision.locator == "第二条第（一）项"
    assert [(s.quote.provision.id.article, s.basis) for s in first.sanctions] == [
        ("第九条", "条文写明")
    ]
    assert "二万元罚款" in first.sanctions[0].quote.provision.text


def test_a_duty_of_some_only_is_marked_so(book: DutyBook) -> None:
    made = book.list_for("主要负责人")
    assert found(made, "每月检查").only == "危险化学品企业主要负责人"
    assert found(made, "建立责任制").only == ""
    of_the_mine = book.list_for("矿长").lines
    assert "建立责任制" in of_the_mine[0].norm.text
    assert of_the_mine[0].inherited_from is not None


def test_powers_stand_apart_from_duties(book: DutyBook) -> None:
    made = book.list_for("从业人员")
    (power,) = (d for f in made.powers for g in f.documents for d in g.duties)
    assert power.norm.modality is Modality.RIGHT
    assert power not in [d for f in made.duties for g in f.documents for d in g.duties]


def test_only_the_wording_of_the_day_counts(book: DutyBook) -> None:
    assert "乡镇人民政府应当巡查。" not in texts(book.list_for("乡镇人民政府"))
    before = book.list_for("乡镇人民政府", as_of=date(2015, 1, 1))
    assert texts(before) == ["乡镇人民政府应当巡查。"]
    assert any("2015-01-01" in n for n in before.notices)
    assert book.list_for("乡镇人民政府", as_of=date(2000, 1, 1)).lines == ()


def test_the_rules_of_a_province_only_with_that_province(book: DutyBook) -> None:
    assert "每年演练一次" not in "".join(texts(book.list_for("镇政府")))
    there = book.list_for("镇政府", region="山东省")
    assert found(there, "每年演练一次").deadline == "每年演练一次"
    (group,) = (g for f in there.duties for g in f.documents if g.document.id == "local")
    assert any("山东省" in note for note in group.notes)
    assert any("要点" in note for note in group.notes)
    elsewhere = book.list_for("镇政府", region="西藏自治区")
    assert any("没有西藏自治区的文件" in n for n in elsewhere.notices)


def test_a_field_filters_and_becomes_the_only_group(book: DutyBook) -> None:
    made = book.list_for("乡镇人民政府", "火灾")
    assert [f.field for f in made.duties] == ["消防"]
    assert len(made.lines) == 2
    assert book.list_for("乡镇人民政府", "食品").lines == ()


def test_groups_follow_the_order_of_fields_and_add_up(book: DutyBook) -> None:
    made = book.list_for("乡镇人民政府")
    fields = [f.field for f in made.duties]
    assert fields == sorted(fields, key=lambda name: book.fields.order[name])
    assert sum(f.size for f in (*made.duties, *made.powers)) == len(made.lines)


def test_what_names_nobody_is_counted_and_has_a_list_of_its_own(book: DutyBook) -> None:
    assert book.list_for("老板").unclear == 1
    assert texts(book.list_for("未写明主体")) == ["警示标志应当清晰。"]


def test_people_without_a_held_document_get_its_outline_and_its_name(book: DutyBook) -> None:
    made = book.list_for("党委书记")
    assert made.lines == ()
    assert made.outlines
    assert any("地方党政领导干部安全生产责任制规定" in n for n in made.notices)


def test_citations_are_numbered_once_a_provision_from_one(book: DutyBook) -> None:
    made = book.list_for("主要负责人")
    quotes = [q for d in made.lines for q in (d.quote, *(s.quote for s in d.sanctions))]
    assert {q.n for q in quotes} == set(range(1, len({q.provision.id for q in quotes}) + 1))


def test_an_unknown_bearer_or_field_is_refused(book: DutyBook) -> None:
    with pytest.raises(UnknownBearerError, match="zhize bearers"):
        book.list_for("火星人")
    with pytest.raises(UnknownFieldError, match="消防"):
        book.list_for("老板", "星际旅行")


def test_sizes_count_own_and_inherited_norms(book: DutyBook) -> None:
    sizes = book.sizes()
    assert sizes["town-gov"] == (1, 3)
    assert sizes["principal"] == (3, 3)
    assert sizes["unclear"] == (1, 1)


def test_old_lists_are_forgotten(book: DutyBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.duties.book._CACHED_LISTS", 2)
    first = book.list_for("老板")
    assert book.list_for("老板") is first
    book.list_for("矿长")
    book.list_for("班组长")
    assert book.list_for("老板") is not first


# the real library


def cited(made: DutyList, short: str) -> set[str]:
    return {d.norm.provision.locator for d in made.lines if d.quote.document.short == short}


def test_the_township_has_its_duties_of_the_great_laws(services: Services) -> None:
    made = services.duties.list_for("乡镇人民政府")
    assert {"第九条第二款", "第八十条第二款"} <= cited(made, "安全生产法")
    assert "第三十二条" in cited(made, "消防法")
    assert "第二十二条第一款" in cited(made, "突发事件应对法")
    plan = [d for d in made.lines if d.norm.provision.locator == "第八十条第二款"]
    words = "".join(d.norm.text for d in plan if d.quote.document.short == "安全生产法")
    assert "应急救援预案" in words
    assert "协助" in words
    assert all(d.inherited_from is None for d in plan)


def test_the_principal_has_all_seven_items_with_their_sanction(services: Services) -> None:
    made = services.duties.list_for("主要负责人")
    items = [
        d
        for d in made.lines
        if d.norm.provision.article == "第二十一条" and d.quote.document.short == "安全生产法"
    ]
    assert [
        d.norm.provision.item for d in sorted(items, key=lambda d: d.norm.provision.item or 0)
    ] == [1, 2, 3, 4, 5, 6, 7]
    for duty in items:
        assert "第九十四条" in {s.quote.provision.id.article for s in duty.sanctions}


def test_every_line_of_every_list_is_verbatim(services: Services) -> None:
    for bearer in services.duties.table.bearers:
        made = services.duties.list_for(bearer.id)
        for duty in made.lines:
            assert duty.norm.text in duty.quote.provision.text
            assert duty.inherited_from is None or duty.why
            assert duty.norm.subject or bearer.id == "unclear"


def test_a_list_takes_at_most_fifty_milliseconds(services: Services) -> None:
    book = services.duties
    book.prepare()
    day = date(2026, 1, 5)
    for name in ("煤矿企业", "生产经营单位", "乡镇人民政府"):
        book.list_for(name, as_of=day)  # reads that day's versions
        took = []
        for _ in range(3):
            book._lists.clear()
            started = time.perf_counter()
            book.list_for(name, as_of=day)
            took.append(time.perf_counter() - started)
        assert min(took) < 0.05, name


def test_the_table_knows_nearly_every_subject_of_the_library(services: Services) -> None:
    table = services.duties.table
    subjects = [n.subject for n in services.duties.norms if n.subject]
    known = [table.of_subject(s) for s in subjects]
    assert sum(bool(k) for k in known) / len(subjects) >= 0.97
    residual = {"other-dept", "other-unit", "other-person"}
    assert sum(bool(set(k) - residual) for k in known) / len(subjects) >= 0.94
