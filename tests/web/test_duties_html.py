"""Duty lists as HTML: escaping, counts, groups, tags, citations, what the unit added."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.duties import DutyBook, DutyList
from assistant.duties.own import OwnAdditions, OwnDuty, OwnNote, locator_key
from assistant.web.duties_html import FORMS, answered_html, duties_html, own_html, remarks_html
from assistant.web.duties_page import options_html, welcome_html
from assistant.web.html import duties_href
from indexer.norms import Modality
from kb.duty_bearers import UNCLEAR, read_bearer_table
from tests.assistant.duties.conftest import NORMS, catalog, made_book, norm, place
from tests.web.test_html import EVIL, parse


@pytest.fixture
def book(tmp_path: Path) -> DutyBook:
    return made_book(tmp_path, *NORMS)


def shown(made: DutyList, own: OwnAdditions | None = None, *, changeable: bool = False) -> str:
    return duties_html(made, catalog(), own, changeable=changeable)


def text_of(page: str) -> str:
    return parse(page).text


def test_the_head_counts_own_inherited_and_powers(book: DutyBook) -> None:
    page = shown(book.list_for("从业人员"))
    counts = re.findall(r'<a href="#(\w+)"><b>(\d+)</b>', page)
    assert counts == [("larger", "1"), ("powers", "1")]
    assert {"larger", "powers"} <= set(parse(page).ids)
    assert "2026年11月22日有效" in page


def test_every_line_is_shown_verbatim_with_its_modality_and_citation(book: DutyBook) -> None:
    made = book.list_for("主要负责人")
    page = shown(made)
    lines = re.findall(r'<p class="z-dt"><span class="z-mod (\w+)">(..)</span>(.*?)</p>', page)
    texts = [re.sub(r"<span class=\"z-where\">.*", "", line) for *_, line in lines]
    assert sorted(texts) == sorted(d.norm.text for d in made.lines)
    assert {(look, name) for look, name, _ in lines} == {("must", "应当")}
    chips = re.findall(r'class="z-cite" href="([^"]+)" data-n="(\d+)" data-panel="([^"]+)"', page)
    assert len({panel for *_, panel in chips}) == len(chips)
    assert all(href.startswith("/library?doc=law") for href, *_ in chips)


def test_a_citation_marks_the_characters_of_its_line(book: DutyBook) -> None:
    made = book.list_for("乡镇人民政府")
    article = catalog().article(place("第一条"))
    marks = re.findall(r'data-mark="(\d+)-(\d+)"', shown(made))
    words = {article.text[int(a) : int(b)] for a, b in marks}
    assert {"乡镇人民政府应当制定应急预案。", "各级人民政府应当加强消防工作。"} <= words


def test_items_stand_under_the_line_that_introduces_them_once(book: DutyBook) -> None:
    page = shown(book.list_for("主要负责人", "综合"))
    lead = '<li class="z-over">生产经营单位的主要负责人负有下列职责：</li>'
    assert page.count(lead) == 1
    assert page.index(lead) < page.index("（一）建立责任制；")


def test_deadlines_limits_and_consequences_are_labelled(book: DutyBook) -> None:
    page = shown(book.list_for("主要负责人"))
    assert '<li class="only"><b>限于</b>危险化学品企业主要负责人</li>' in page
    assert '<li class="limit"><b>期限、数量</b>每月检查一次</li>' in page
    assert "<summary>不履行的后果：第九条（条文写明）</summary>" in page
    assert "处二万元罚款" in page


def test_inherited_duties_stand_apart_with_the_reason(book: DutyBook) -> None:
    page = shown(book.list_for("乡镇人民政府"))
    larger = page[page.index('id="larger"') :]
    assert "制定应急预案" not in larger
    assert "写给“各级人民政府”的" in larger
    assert "为什么也适用：" in larger
    assert "占用消防车通道" in larger


def test_words_shared_by_two_duties_set_off_what_each_requires(tmp_path: Path) -> None:
    text = "乡镇人民政府应当制定应急预案。"
    twice = (
        norm(place("第一条"), "乡镇人民政府", Modality.MUST, text, "制定"),
        norm(place("第一条"), "乡镇人民政府", Modality.MUST, text, "应急预案"),
    )
    page = shown(made_book(tmp_path, *twice).list_for("乡镇人民政府"))
    assert "应当<em>制定</em>应急预案" in page
    assert "制定<em>应急预案</em>。" in page


def test_people_without_a_held_document_get_outlines_and_the_missing_name(book: DutyBook) -> None:
    page = shown(book.list_for("党委书记"))
    assert "法律、法规没有逐条写给它的职责" in page
    assert "《地方党政领导干部安全生产责任制规定》全文本库没有收录" in page
    assert 'id="outlines"' in page
    assert "download" not in page


def test_an_empty_field_says_what_to_do_next(book: DutyBook) -> None:
    page = shown(book.list_for("老板", "燃气"))
    assert "在“燃气”领域，本库没有写给它的规定" in page
    assert f'href="{duties_href("主要负责人")}"' in page


def test_what_names_nobody_is_linked(book: DutyBook) -> None:
    assert "另有 1 项规定没有写明由谁承担" in shown(book.list_for("老板"))
    assert "没有写明由谁承担，没有列在" not in shown(book.list_for("未写明主体"))


def test_additions_stand_apart_and_only_some_may_remove_them(book: DutyBook) -> None:
    made = book.list_for("老板")
    key = locator_key(made.lines[0])
    own = OwnAdditions(
        made.bearer.id,
        (OwnDuty("own-1", f"每周巡查{EVIL}", f"厂规{EVIL}", "2026-11-20T01:02:03Z"),),
        (OwnNote(key, f"已办{EVIL}", "2026-11-20T01:02:03Z"),),
    )
    page = shown(made, own, changeable=True)
    assert "script" not in parse(page).tags
    box = page[page.index('id="unit"') :]
    assert "不属于法规内容" in box
    assert "2026-11-20 补充" in box
    assert 'data-act="remove:own-1" data-ask=' in box
    assert "本单位批注" in page[: page.index('id="unit"')]
    assert "data-act" not in shown(made, own)
    assert own_html(OwnAdditions("principal"), changeable=True) == ""


def test_the_files_carry_bearer_field_and_day(book: DutyBook) -> None:
    page = duties_html(book.list_for("老板", "综合"), catalog())
    links = re.findall(r'<a href="(/api/duties/file[^"]+)" download>', page)
    assert len(links) == len(FORMS)
    assert all("field=" in link and "as_of" not in link for link in links)


def test_everything_from_outside_is_escaped(book: DutyBook) -> None:
    made = book.list_for("老板")
    bearer = replace(made.bearer, name=EVIL, note=EVIL)
    bad = replace(made, bearer=bearer, field=EVIL, region=EVIL, notices=(EVIL, f"{EVIL}没有"))
    page = shown(bad)
    assert EVIL not in page
    assert not {"script", "b"} & set(parse(page.replace("<b>", "").replace("</b>", "")).tags)


def test_explanations_share_a_block_and_warnings_stay_strips() -> None:
    page = remarks_html(("标“限于”的。", "《甲》全文本库没有收录。"))
    assert page.count("<li>") == 1
    assert page.count('role="note"') == 1
    assert "z-remarks" not in remarks_html(())


def test_under_an_answer_the_first_article_is_left_out(book: DutyBook) -> None:
    made = book.list_for("乡镇人民政府")
    whole = answered_html(made, catalog(), lambda q: q.n, None)
    rest = answered_html(made, catalog(), lambda q: 7, place("第一条"))
    assert "制定应急预案" in whole
    assert "制定应急预案" not in rest
    assert 'data-n="7"' in rest
    assert "<details open" not in rest
    parse(rest)


def test_all_bearers_can_be_chosen_by_group_and_found_by_everyday_names() -> None:
    table = read_bearer_table()
    known = [b for b in table.bearers if b.id != UNCLEAR]
    page, options = welcome_html(table), options_html(table)
    assert page.count('<li><a href="/duties?bearer=') == len(known)
    assert options.count('role="option"') == len(known)
    assert options.count('role="group"') == len({b.group for b in known})
    assert re.search(r'data-name="主要负责人" data-names="[^"]*\b老板\b', options)
    parse(page)
    parse(options)


def test_addresses_hold_what_was_chosen() -> None:
    assert duties_href() == "/duties"
    assert duties_href("a&b", "消防") == "/duties?bearer=a%26b&amp;field=%E6%B6%88%E9%98%B2"
