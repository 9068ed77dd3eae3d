"""The 职责清单 page as a person meets it, in a real Chromium without any network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from assistant.services import Services, Settings
from assistant.web import create_app
from tests.conftest import TODAY
from tests.web.conftest import resize, served
from tests.web.test_browser import all_of, first, fits, in_view, query_of

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
ARROW_DOWN, ENTER, ESCAPE = "\ue015", "\n", "\ue00c"
BOX = "#z-bearer textarea, #z-bearer input"


@pytest.fixture(scope="module")
def own_site(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over a data folder of its own that additions go into."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(data_dir, folder)
    settings = Settings(data=folder, whole_library=False)
    with served(create_app(Services.open(settings, today=lambda: TODAY), settings)) as address:
        yield address


def open_list(browser: Any, until: Until, site: str, bearer: str, more: str = "") -> Any:
    browser.get(f"{site}/duties?bearer={quote(bearer)}{more}")
    return first(until, ".z-duties")


def shown_options(browser: Any) -> list[str]:
    return [
        e.get_attribute("data-name") for e in all_of(browser, "[role=option]") if e.is_displayed()
    ]


def test_a_bearer_is_found_by_an_everyday_name_and_chosen(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/duties")
    box = first(until, BOX)
    box.click()
    until(lambda b: len(shown_options(b)) > 50)
    box.send_keys("镇政府")
    until(lambda b: shown_options(b) == ["乡镇人民政府"])
    first(until, "[role=option]").click()
    shown = first(until, ".z-duties")
    assert "乡镇人民政府" in shown.find_element("css selector", ".z-headline").text
    until(lambda b: query_of(b) == {"bearer": "乡镇人民政府"})
    assert not shown_options(browser)
    assert "乡镇人民政府" in browser.title


def test_a_bearer_is_chosen_with_the_keyboard(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/duties")
    box = first(until, BOX)
    until(lambda b: box.get_attribute("role") == "combobox")
    box.send_keys("老板")
    until(lambda b: shown_options(b) == ["主要负责人"])
    box.send_keys(ARROW_DOWN)
    assert box.get_attribute("aria-activedescendant")
    box.send_keys(ENTER)
    first(until, ".z-duties")
    until(lambda b: query_of(b) == {"bearer": "主要负责人"})


def test_escape_closes_the_options_and_enter_takes_what_is_typed(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/duties")
    box = first(until, BOX)
    until(lambda b: box.get_attribute("role") == "combobox")
    box.send_keys("班组")
    until(shown_options)
    box.send_keys(ESCAPE)
    until(lambda b: not shown_options(b))
    box.send_keys("长" + ENTER)
    assert "班组长" in first(until, ".z-duties .z-headline").text


def test_an_alias_in_the_address_is_replaced_and_back_leaves_the_page(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/duties")
    first(until, ".z-bearers")
    open_list(browser, until, site, "老板")
    until(lambda b: query_of(b) == {"bearer": "主要负责人"})
    browser.back()
    first(until, ".z-bearers")


def test_a_field_narrows_the_list_and_stays_in_the_address(
    browser: Any, until: Until, site: str
) -> None:
    open_list(browser, until, site, "企业")
    everything = len(all_of(browser, ".z-duty"))
    first(until, "#z-field input").click()
    until(
        lambda b: next((o for o in all_of(b, "#z-field [role=option]") if o.text == "燃气"), None)
    ).click()
    until(lambda b: query_of(b) == {"bearer": "生产经营单位", "field": "燃气"})
    assert 0 < len(all_of(browser, ".z-duty")) < everything
    browser.back()
    until(lambda b: len(all_of(b, ".z-duty")) == everything)


def test_groups_fold_and_a_count_leads_to_its_section(
    browser: Any, until: Until, site: str
) -> None:
    open_list(browser, until, site, "乡镇人民政府")
    larger = first(until, "#larger .z-larger")
    line = larger.find_element("css selector", ".z-duty")
    assert not line.is_displayed()
    first(until, ".z-unfold").click()
    until(lambda b: line.is_displayed())
    first(until, ".z-fold").click()
    until(lambda b: not line.is_displayed())
    first(until, '.z-counts a[href="#larger"]').click()
    until(lambda b: in_view(b, b.find_element("css selector", "#larger h3")))


def test_a_citation_opens_in_place_with_its_words_marked(
    browser: Any, until: Until, site: str
) -> None:
    open_list(browser, until, site, "主要负责人")
    chip = first(until, ".z-duty .z-cite")
    assert urlsplit(chip.get_attribute("href")).path == "/library"
    chip.click()
    panel = first(until, ".z-context")
    marked = panel.find_element("css selector", "mark.on")
    assert marked.text in chip.find_element("xpath", "./ancestor::p").text
    assert chip.get_attribute("aria-expanded") == "true"
    assert len(panel.find_elements("css selector", "details.z-neighbour")) == 2
    chip.click()
    until(lambda b: not panel.is_displayed())
    chip.click()
    until(lambda b: panel.is_displayed())
    assert len(all_of(browser, ".z-context")) == 1
    panel.find_element("css selector", ".z-close").click()
    until(lambda b: not panel.is_displayed())


def test_a_consequence_unfolds_with_its_label(browser: Any, until: Until, site: str) -> None:
    open_list(browser, until, site, "主要负责人")
    fold = first(until, ".z-conseq summary")
    assert "第九十四条" in fold.text
    assert "人工核对" in fold.text
    fold.click()
    assert (
        "万元" in first(until, ".z-sanction").text or "百分之" in first(until, ".z-sanction").text
    )


def test_an_unknown_bearer_is_one_sentence_with_the_nearest(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/duties?bearer={quote('镇政府机关')}")
    assert "没有“镇政府机关”这个责任主体" in first(until, ".z-unknown .z-banner").text
    first(until, ".z-unknown .z-chips a").click()
    first(until, ".z-duties")


def test_code_in_the_address_is_shown_and_never_run(browser: Any, until: Until, site: str) -> None:
    evil = '<img src=x onerror="window.pwned=1">'
    browser.get(f"{site}/duties?bearer={quote(evil)}&field={quote(evil)}")
    assert "<img" in first(until, ".z-unknown").text
    assert browser.execute_script("return window.pwned") is None


def test_an_answer_from_the_list_folds_and_leads_to_the_page(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/?q={quote('乡镇政府在安全生产上必须做什么？')}")
    answer = first(until, ".z-answer.answer")
    assert "乡镇人民政府的职责" in answer.find_element("css selector", ".z-headline").text
    assert "第九条" in first(until, ".z-quote .z-source").text
    field = first(until, ".z-field")
    field.find_element("css selector", "summary").click()
    chip = until(
        lambda b: next(
            (c for c in field.find_elements("css selector", ".z-cite") if c.is_displayed()), None
        )
    )
    chip.click()
    assert first(until, ".z-context mark.on").text
    first(until, ".z-whole a").click()
    until(lambda b: query_of(b) == {"bearer": "乡镇人民政府"})
    first(until, ".z-duties")


@pytest.mark.parametrize(
    "path",
    [
        "/duties",
        f"/duties?bearer={quote('乡镇人民政府')}",
        f"/duties?bearer={quote('老板')}",
        f"/duties?bearer={quote('党委书记')}",
        f"/duties?bearer={quote('火星人')}",
        f"/duties?bearer={quote('企业')}&field={quote('燃气')}&region={quote('山东省')}",
        f"/?q={quote('企业主要负责人有哪些安全生产职责？')}",
    ],
)
def test_a_phone_needs_no_sideways_scrolling(
    browser: Any, until: Until, site: str, path: str
) -> None:
    resize(browser, 390, 844)
    browser.get(site + path)
    first(until, ".z-duties, .z-bearers, .z-unknown")
    assert fits(browser)
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert fits(browser)
    for chip in [c for c in all_of(browser, ".z-duty .z-cite") if c.is_displayed()][:1]:
        chip.click()
        first(until, ".z-context")
        assert fits(browser)


def test_on_a_phone_lines_tags_and_targets_are_large_enough(
    browser: Any, until: Until, site: str
) -> None:
    resize(browser, 390, 844)
    open_list(browser, until, site, "主要负责人")
    for css, least in ((".z-dt", 17), (".z-tags li", 15), (".z-conseq summary", 15)):
        size = first(until, css).value_of_css_property("font-size").removesuffix("px")
        assert float(size) >= least, css
    for css in (".z-field > summary", ".z-unfold", ".z-files a"):
        assert first(until, css).size["height"] >= 40, css


def test_print_hides_the_form_and_keeps_what_is_open(browser: Any, until: Until, site: str) -> None:
    open_list(browser, until, site, "乡镇人民政府")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for css in (".z-header", "#z-submit", ".z-files", ".z-unfold"):
        assert not browser.find_element("css selector", css).is_displayed(), css
    assert browser.find_element("css selector", "#own .z-dt").is_displayed()
    assert not browser.find_element("css selector", "#larger .z-dt").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_only_where_things_are_kept_additions_can_be_made(
    browser: Any, until: Until, site: str
) -> None:
    open_list(browser, until, site, "班组长")
    assert not all_of(browser, "#z-own")


def test_an_addition_is_made_survives_a_reload_and_is_removed_after_a_question(
    browser: Any, until: Until, own_site: str
) -> None:
    text = "每班开工前检查<b>防护罩</b>"
    open_list(browser, until, own_site, "班组长")
    first(until, "#z-own button.label-wrap").click()
    first(until, "#z-own-text textarea").send_keys(text)
    first(until, "#z-own-basis textarea, #z-own-basis input").send_keys("本厂规程第八条")
    first(until, "#z-own-add").click()
    box = first(until, "#unit")
    assert text in box.text
    assert "不属于法规内容" in box.text
    until(lambda b: first(until, "#z-own-text textarea").get_attribute("value") == "")
    browser.refresh()
    assert text in first(until, "#unit").text
    first(until, "#unit .z-act").click()
    browser.switch_to.alert.dismiss()
    assert text in first(until, "#unit").text
    first(until, "#unit .z-act").click()
    browser.switch_to.alert.accept()
    until(lambda b: not all_of(b, "#unit"))


def test_a_note_on_a_provision_stays_and_goes_when_it_is_saved_empty(
    browser: Any, until: Until, own_site: str
) -> None:
    text = "由车间主任<i>每周</i>办"

    def write(note: str) -> None:
        place = first(until, "#z-note-place input")
        place.click()
        until(lambda b: all_of(b, "#z-note-place [role=option]"))
        place.send_keys("第五十七条", Keys.ENTER)
        first(until, "#z-note-text textarea").send_keys(note)
        first(until, "#z-note-keep").click()

    open_list(browser, until, own_site, "从业人员")
    first(until, "#z-own button.label-wrap").click()
    first(until, "#z-note-keep").click()
    assert "还没有选条款" in first(until, "#z-own-status .z-banner").text
    write(text)
    until(lambda b: all_of(b, "#z-out .z-ownnote"))
    browser.refresh()
    until(lambda b: all_of(b, "#z-out .z-ownnote"))
    shown = [e.get_attribute("textContent") for e in all_of(browser, "#z-out .z-ownnote")]
    assert all(text in s for s in shown)
    first(until, "#z-own button.label-wrap").click()
    write("")
    until(lambda b: not all_of(b, "#z-out .z-ownnote"))


def test_an_empty_addition_is_told_what_to_do(browser: Any, until: Until, own_site: str) -> None:
    open_list(browser, until, own_site, "安全员")
    first(until, "#z-own button.label-wrap").click()
    first(until, "#z-own-add").click()
    assert "是空的" in first(until, "#z-own-status .z-banner").text


def test_the_console_stays_free_of_errors(browser: Any, until: Until, site: str) -> None:
    browser.get_log("browser")
    open_list(browser, until, site, "从业人员")
    first(until, ".z-unfold").click()
    assert [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []
