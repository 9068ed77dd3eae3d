"""The page 出题组卷 as HTML: what it shows, and that nothing typed or imported becomes markup."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from assistant.quiz.bank import Imported, Mapping, Role, read_bank
from assistant.quiz.bank.store import Bank
from assistant.quiz.check import State, Verdict
from assistant.quiz.drafts import Draft
from assistant.quiz.model import RIGHT, Kind
from assistant.quiz.paper import Paper, Slot, lock
from assistant.quiz.store import Saved
from assistant.services import Services
from assistant.web.bank_html import banks_html, mapping_html, results_html, running_html
from assistant.web.quiz_form_html import edit_html, plan_html
from assistant.web.quiz_html import key_text, local_time, paper_html, saved_html
from assistant.web.quiz_page import said_html, tabs_html
from assistant.web.quiz_plan import PRESETS
from assistant.web.quiz_runs import Result, Run
from tests.web.markup import parsed
from tests.web.quiz_samples import SCRIPT, small_paper, write_bank

ID = "0" * 24


@pytest.fixture(scope="module")
def paper(services: Services) -> Paper:
    return small_paper(services)


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    file = read_bank(write_bank(tmp_path / "bank.xlsx"))
    return Bank("b1", f"{SCRIPT}.xlsx", "00", "2026-11-22T08:00:00Z", file.imported(), file.mapping)


def harmless(html: str) -> bool:
    tree = parsed(html)
    return SCRIPT in tree.text() + unescape(html) and not tree.css("script")


def texts(html: str, css: str) -> list[str]:
    return [n.text() for n in parsed(html).css(css)]


def test_questions_stand_in_numbered_sections_with_points(services: Services, paper: Paper) -> None:
    html = paper_html(Draft(ID, paper), services.catalog, may_save=True)
    assert [t.split("（")[0] for t in texts(html, ".z-papersec > h3")] == [
        "一、单项选择题", "二、多项选择题", "三、判断题", "四、填空题", "五、简答题", "六、情景题",
    ]  # fmt: skip
    assert texts(html, ".z-no") == [f"{n}." for n in range(1, 11)]
    assert [texts(html, f"#q{n} .z-key") for n in (1, 6)] == [
        [key_text(paper.slot(n).question).strip()] for n in (1, 6)
    ]
    assert not parsed(html).css("details.z-keyfold[open]")


def test_a_question_says_what_it_tests_and_whether_it_is_locked_or_edited(
    services: Services, paper: Paper
) -> None:
    changed = lock(paper, 2).with_slot(
        1, Slot(replace(paper.slot(1).question, origin="edited"), locked=False)
    )
    html = paper_html(Draft(ID, changed), services.catalog, may_save=True)
    assert "已编辑" in texts(html, "#q1 .z-badge")
    assert "已锁定" in texts(html, "#q2 .z-badge")
    assert "换一题" not in texts(html, "#q2 .z-acts button")
    assert texts(html, "#q1 .z-acts button") == ["换一题", "锁定", "编辑", "删除"]


def test_a_question_whose_text_changed_is_marked_and_named_at_the_top(
    services: Services, paper: Paper
) -> None:
    q = paper.slot(3).question
    old = replace(q, basis=(replace(q.basis[0], text_hash="0" * 16),))
    html = paper_html(Draft(ID, paper.with_slot(3, Slot(old))), services.catalog, may_save=True)
    assert texts(html, ".z-q.stale .z-no") == ["3."]
    assert texts(html, ".z-banner.old a") == ["第 3 题"]
    gone = replace(q.basis[0].provision, article="第九千条")
    lost = replace(q, basis=(replace(q.basis[0], provision=gone),))
    html = paper_html(Draft(ID, paper.with_slot(3, Slot(lost))), services.catalog, may_save=True)
    assert not parsed(html).css("#q3 .z-cite")
    assert lost.basis[0].citation in texts(html, "#q3 .z-basis p")[0]


def test_whoever_may_not_save_is_told_and_may_still_download(
    services: Services, paper: Paper
) -> None:
    html = paper_html(Draft(ID, paper), services.catalog, may_save=False)
    assert not parsed(html).css(".z-save")
    assert "只能在装有本程序的电脑上" in html
    assert len(parsed(html).css(".z-files a")) == 9


def test_nothing_in_a_paper_becomes_markup(services: Services, paper: Paper) -> None:
    q = paper.slot(1).question
    bad = replace(
        q, stem=SCRIPT, options=(SCRIPT, *q.options[1:]), answer=(SCRIPT,), explanation=SCRIPT,
        basis=(replace(q.basis[0], doc=SCRIPT, quote=SCRIPT, text_kind=SCRIPT),),
    )  # fmt: skip
    made = replace(paper.with_slot(1, Slot(bad)), notices=(SCRIPT,))
    made = replace(made, blueprint=replace(made.blueprint, title=SCRIPT))
    assert harmless(paper_html(Draft(ID, made), services.catalog, may_save=True))
    for kind in Kind:
        closing = replace(
            bad, kind=kind, stem=f"</textarea>{SCRIPT}", answer=(f"</textarea>{SCRIPT}",)
        )
        assert harmless(edit_html(1, closing))


def test_the_form_to_edit_marks_the_key_and_offers_one_more_option(paper: Paper) -> None:
    question = paper.slot(4).question
    tree = parsed(edit_html(4, question))
    rows = tree.css(".z-optrow:not([hidden])")
    assert len(rows) == len(question.options) + 1
    keyed = [r.css_first("textarea").text() for r in rows if r.css("input[checked]")]
    assert set(keyed) == set(question.answer)
    assert {i.attributes["type"] for i in tree.css(".z-optrow input")} == {"checkbox"}
    judged = parsed(edit_html(6, paper.slot(6).question))
    assert judged.css_first("input[checked]").attributes["value"] in (RIGHT, "错误")


def test_the_form_is_empty_or_shows_the_plan_of_the_paper(services: Services, paper: Paper) -> None:
    table, fields = services.duties.table, services.duties.fields
    empty = parsed(plan_html(table, fields, ["全国", "河南省"]))
    assert empty.css(".z-planbox[open]")
    assert not empty.css("input[checked]")
    assert len(empty.css(".z-preset")) == len(PRESETS)
    chosen = replace(
        paper.blueprint, posts=("worker", "mine-principal"), topics=("消防",), region="河南省",
        difficulty=(0.3, 0.5, 0.2),
    )  # fmt: skip
    tree = parsed(plan_html(table, fields, ["全国", "河南省"], chosen))
    values = {i.attributes["value"] for i in tree.css("input[checked]")}
    assert values == {table.get("worker").name, "消防"}
    assert tree.css_first("[name=others]").attributes["value"] == table.get("mine-principal").name
    assert tree.css_first("[name=single_count]").attributes["value"] == "3"
    assert tree.css_first("[name=hard]").attributes["value"] == "2"
    assert tree.css_first("option[selected]").attributes["value"] == "河南省"


def test_presets_name_posts_that_have_a_box_or_are_known(services: Services) -> None:
    tree = parsed(plan_html(services.duties.table, services.duties.fields, ["全国"]))
    for button in tree.css(".z-preset"):
        plan = json.loads(button.attributes["data-plan"] or "")
        assert plan["posts"]
        for name in plan["posts"]:
            assert services.duties.table.find(name).name == name
        assert all(tree.css(f'[name="{n}"]') for n in plan)


def test_the_saved_papers_say_what_is_wrong_with_one_that_cannot_be_opened() -> None:
    assert "还没有保存过试卷" in saved_html(())
    fine = Saved("20261122-080000-000001", SCRIPT, 10, 40.0, "2026-11-22T08:00:00Z")
    broken = replace(fine, id="x", title="坏", problem=f"已损坏{SCRIPT}")
    html = saved_html((fine, broken))
    assert harmless(html)
    assert texts(html, "li:first-child .z-facts") == ["10 题，40 分，2026-11-22 16:00 保存"]
    assert texts(html, "li:last-child button") == ["删除"]
    assert local_time("<b>") == "&lt;b&gt;"


def test_what_was_done_can_be_taken_back_and_what_hinders_is_a_sentence(paper: Paper) -> None:
    assert texts(said_html(done=SCRIPT, undo=Draft(ID, paper)), "button") == ["撤销", "×"]
    assert harmless(said_html(done=SCRIPT))
    assert harmless(said_html(SCRIPT))
    assert not texts(said_html(), "p")
    assert texts(tabs_html("bank"), "[aria-current]") == ["题库体检"]


def test_the_columns_of_a_bank_can_be_corrected(bank: Bank, tmp_path: Path) -> None:
    file = read_bank(tmp_path / "bank.xlsx")
    html = mapping_html(bank, file.rows, bank.mapping, bank.imported)
    assert harmless(html)
    assert texts(html, "select option[selected]") == [
        "不用", "题型", "题干", "一个选项", "一个选项", "一个选项", "一个选项", "答案",
        bank.mapping.sheets[0].roles[8].value,
    ]  # fmt: skip
    assert "读出 4 题" in texts(html, ".z-read")[0]
    assert texts(html, ".z-rowproblems b") == ["题 第 6 行"]
    assert texts(html, ".z-primary") == ["开始体检（4 题）"]
    wrong = mapping_html(
        bank, file.rows, bank.mapping.with_role("题", 2, Role.IGNORED), Imported(()), SCRIPT
    )
    assert harmless(wrong)
    assert texts(wrong, ".z-primary") == ["开始体检（0 题）"]


def test_a_bank_without_columns_shows_its_questions_only(bank: Bank) -> None:
    html = mapping_html(bank, (), Mapping(()), bank.imported)
    assert not parsed(html).css("select")
    assert len(texts(html, ".z-sampled li")) == 3


def test_banks_are_listed_the_newest_first_with_what_was_found(bank: Bank) -> None:
    assert "选择题库文件" in banks_html(())
    verdicts = tuple(Verdict(State.UNLINKED, q, None, "没有") for q in bank.imported.questions)
    result = Result(verdicts, "2026-11-22T09:00:00Z", date(2026, 11, 22), current=True)
    html = banks_html([(bank, result), (replace(bank, id="b2", file="新.xlsx"), None)])
    assert harmless(html)
    assert texts(html, ".z-name") == ["新.xlsx", f"{SCRIPT}.xlsx"]
    assert "没有找到依据 4" in html
    assert "还没有体检" in html


def test_verdicts_are_counted_filtered_and_escaped(services: Services, bank: Bank) -> None:
    q = bank.imported.questions
    verdicts = (
        Verdict(State.CONTRADICTED, q[0], None, SCRIPT, SCRIPT),
        *(Verdict(State.UNLINKED, x, None, "没有找到依据") for x in q[1:]),
    )
    old = Result(verdicts, "2026-11-22T09:00:00Z", date(2026, 11, 22), current=False)
    every = results_html(bank, old, None, services.catalog)
    assert harmless(every)
    assert len(parsed(every).css(".z-judged")) == 4
    assert texts(every, ".z-states b") == ["1", "0", "0", "3", "4"]
    assert "请重新体检" in every
    grave = results_html(bank, old, State.CONTRADICTED, services.catalog)
    assert texts(grave, ".z-judged .z-key") == ["C　三百"]
    assert texts(grave, ".z-states .on span") == ["与现行规定不符"]
    none = results_html(bank, old, State.OUTDATED, services.catalog)
    assert "没有“说法过时”的题" in none
    assert "请重新体检" in none


def test_progress_is_said_in_words_and_as_a_bar(bank: Bank) -> None:
    html = running_html(bank, Run("b1", 3, 4))
    assert "3/4" in html
    assert parsed(html).css_first("[role=progressbar]").attributes["aria-valuenow"] == "75"
    assert "准备" in running_html(bank, Run("b1", 0, 4))
