"""The pages as a person meets them, in a real Chromium without any network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.web.conftest import resize

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
PROVISION = "安全生产法第二十一条"
OUT_OF_SCOPE = "红烧肉怎么做才好吃？"


def all_of(browser: Any, css: str) -> list[Any]:
    return list(browser.find_elements("css selector", css))


def first(until: Until, css: str) -> Any:
    """The first element that matches, once it is there and visible."""
    return until(lambda b: next((e for e in all_of(b, css) if e.is_displayed()), None))


def ask(until: Until, question: str) -> Any:
    box = first(until, "#z-question textarea, #z-question input")
    box.clear()
    box.send_keys(question)
    first(until, "#z-submit").click()
    return until(
        lambda b: next(
            (a for a in all_of(b, ".z-answer") if a.get_attribute("data-q") == question), None
        )
    )


def fits(browser: Any) -> bool:
    return bool(browser.execute_script("return document.documentElement.scrollWidth <= innerWidth"))


def in_view(browser: Any, element: Any) -> bool:
    box = browser.execute_script(
        "const r = arguments[0].getBoundingClientRect(); return [r.top, r.bottom, innerHeight]",
        element,
    )
    return bool(box[0] < box[2] and box[1] > 0)


def query_of(browser: Any) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(browser.current_url).query).items()}


def test_the_empty_page_is_chinese_and_offers_questions(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(site)
    assert len(until(lambda b: all_of(b, ".z-examples a.z-ask"))) >= 9
    assert browser.find_element("css selector", "html").get_attribute("lang") == "zh-CN"
    assert [h.text for h in all_of(browser, "h1")] == ["安全生产责任问答"]
    assert [a.text for a in all_of(browser, "nav a") if a.is_displayed()] == [
        "问答",
        "职责清单",
        "出题组卷",
        "练习",
        "法规库",
    ]
    assert not [f for f in all_of(browser, "footer") if "Gradio" in f.text]


def test_asking_shows_quotations_and_keeps_the_question_in_the_address(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(site)
    answer = ask(until, PROVISION)
    assert "第二十一条" in answer.find_element("css selector", ".z-headline").text
    assert "（一）建立健全并落实本单位全员安全生产责任制" in answer.text
    assert "原文" in answer.text
    until(lambda b: query_of(b) == {"q": PROVISION})


def test_enter_asks(browser: Any, until: Until, site: str) -> None:
    browser.get(site)
    first(until, "#z-question textarea, #z-question input").send_keys(PROVISION + "\n")
    first(until, ".z-answer.answer")


def test_a_citation_opens_in_place_with_the_quoted_words_marked(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/?q={quote(PROVISION)}")
    first(until, ".z-answer.answer")
    chip = all_of(browser, ".z-cite")[2]
    assert urlsplit(chip.get_attribute("href")).path == "/library"
    quoted = chip.find_element("xpath", "./ancestor::p").text.rsplit(chip.text, 1)[0].strip()
    chip.click()
    panel = first(until, ".z-context")
    marked = panel.find_element("css selector", "mark.on")
    assert marked.text == quoted
    until(lambda b: in_view(b, marked))
    assert chip.get_attribute("aria-expanded") == "true"
    assert len(panel.find_elements("css selector", "details.z-neighbour")) == 2
    assert urlsplit(browser.current_url).path == "/"
    panel.find_element("css selector", ".z-close").click()
    until(lambda b: not panel.is_displayed())


def test_a_citation_opens_with_the_keyboard_and_closes_with_escape(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/?q={quote(PROVISION)}")
    first(until, ".z-answer.answer")
    all_of(browser, ".z-cite")[0].send_keys("\n")
    panel = first(until, ".z-context")
    browser.switch_to.active_element.send_keys("\ue00c")
    until(lambda b: not panel.is_displayed())


def test_a_refusal_never_looks_like_an_answer(browser: Any, until: Until, site: str) -> None:
    browser.get(site)
    refusal = ask(until, OUT_OF_SCOPE)
    assert refusal.find_elements("css selector", ".z-refusal")
    assert "最接近的条文（不是答案）" in refusal.text
    assert not refusal.find_elements("css selector", "blockquote, .z-cite")


def test_an_example_asks_and_back_returns(browser: Any, until: Until, site: str) -> None:
    browser.get(site)
    example = first(until, ".z-examples a.z-ask")
    question = example.text
    example.click()
    answer = first(until, ".z-answer")
    assert answer.get_attribute("data-q") == question
    until(lambda b: query_of(b).get("q") == question)
    browser.back()
    first(until, ".z-examples")
    assert query_of(browser) == {}


def test_back_goes_from_one_answer_to_the_one_before(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/?q={quote(PROVISION)}")
    first(until, ".z-answer.answer")
    ask(until, OUT_OF_SCOPE)
    until(lambda b: query_of(b) == {"q": OUT_OF_SCOPE})
    browser.back()
    first(until, ".z-answer.answer")
    assert query_of(browser) == {"q": PROVISION}


def test_a_day_in_the_past_is_said_with_the_answer(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/?q={quote('安全生产法第九条')}&as_of=2022-01-01")
    assert "按 2022年1月1日 有效的规定" in first(until, ".z-asked").text


@pytest.mark.parametrize(
    "question",
    [
        '<img src=x onerror="window.pwned=1">消防通道被堵',
        "<script>window.pwned=1</script>消防通道被堵",
        "${window.pwned=1} {{window.pwned}} 消防通道被堵",
    ],
)
def test_code_in_a_question_is_shown_and_never_run(
    browser: Any, until: Until, site: str, question: str
) -> None:
    browser.get(site)
    answer = ask(until, question)
    assert question.split(" ", 1)[0].split(">")[0] in answer.text
    assert browser.execute_script("return window.pwned") is None


def test_unusable_input_is_one_sentence_and_the_page_goes_on(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(site)
    first(until, ".z-examples")
    first(until, "#z-submit").click()
    assert "问题是空的" in first(until, "#z-out .z-banner").text
    assert ask(until, PROVISION).is_displayed()


def test_the_answer_can_be_copied_with_its_sources(browser: Any, until: Until, site: str) -> None:
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": site, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    browser.get(f"{site}/?q={quote(PROVISION)}")
    first(until, ".z-copy").click()
    until(lambda b: "已复制" in b.find_element("css selector", ".z-said").text)
    copied = browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], e => arguments[0]('' + e))"
    )
    assert f"问：{PROVISION}" in copied
    assert "出处：" in copied


@pytest.mark.parametrize("path", ["/?", "/library?"])
def test_a_deep_link_scrolls_to_the_provision_and_marks_it(
    browser: Any, until: Until, site: str, path: str
) -> None:
    browser.get(f"{site}{path}doc=work-safety-law&at={quote('第九条第二款')}")
    mark = first(until, ".z-article mark")
    assert mark.text.startswith("乡镇人民政府和街道办事处")
    until(lambda b: in_view(b, mark))
    assert "中华人民共和国安全生产法" in first(until, ".z-title").text


def test_jumping_to_an_article_takes_digits_and_chinese(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/library?doc=work-safety-law")
    for typed, label in (("114", "第一百一十四条"), ("第九条", "第九条")):
        box = first(until, ".z-jump input[name=at]")
        box.clear()
        box.send_keys(typed + "\n")
        until(lambda b, label=label: in_view(b, b.find_element("id", label)))
        assert "flash" in browser.find_element("id", label).get_attribute("class")
    box = first(until, ".z-jump input[name=at]")
    box.clear()
    box.send_keys("900\n")
    assert "没有第九百条" in first(until, ".z-banner").text


def test_the_table_of_contents_leads_to_its_chapter(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/library?doc=work-safety-law")
    link = until(lambda b: [a for a in all_of(b, ".z-toc a") if "法律责任" in a.text])[0]
    link.click()
    until(lambda b: in_view(b, b.find_element("id", "第九十条")))


def test_a_place_in_a_document_survives_a_reload(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/library?doc=work-safety-law")
    first(until, ".z-toc")
    browser.execute_script("document.querySelector('.z-toc').open = true")
    first(until, ".z-toc a").click()
    until(lambda b: "#" in b.current_url)
    assert "/library?doc=work-safety-law" in browser.current_url
    browser.refresh()
    assert "安全生产法" in first(until, ".z-doc").text


def test_the_list_narrows_by_name_and_keeps_it_in_the_address(
    browser: Any, until: Until, site: str
) -> None:
    browser.get(f"{site}/library")
    everything = len(until(lambda b: all_of(b, ".z-level li")))
    first(until, "#z-name textarea, #z-name input").send_keys("消防")
    until(lambda b: 0 < len(all_of(b, ".z-level li")) < everything)
    until(lambda b: query_of(b) == {"name": "消防"})
    first(until, ".z-level li a").click()
    first(until, ".z-title")
    assert not all_of(browser, "#z-filters") or not all_of(browser, "#z-filters")[0].is_displayed()
    browser.back()
    until(lambda b: 0 < len(all_of(b, ".z-level li")) < everything)


def test_the_list_narrows_by_level(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/library")
    until(lambda b: all_of(b, ".z-level"))
    option = next(e for e in all_of(browser, "#z-levels label") if e.text == "国家政策")
    option.click()
    until(lambda b: [h.text.split("\n")[0][:4] for h in all_of(b, ".z-level h2")] == ["国家政策"])
    assert "不是法律条文" in first(until, ".z-note").text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/?q={quote(PROVISION)}",
        f"/?q={quote('四个一律是什么')}",
        f"/?q={quote(OUT_OF_SCOPE)}",
        "/quiz",
        "/library",
        f"/library?doc=work-safety-law&at={quote('第九条')}",
        "/library?doc=policy-si-ge-yilv",
    ],
)
def test_a_phone_needs_no_sideways_scrolling(
    browser: Any, until: Until, site: str, path: str
) -> None:
    resize(browser, 390, 844)
    browser.get(site + path)
    first(until, "#z-out .z-reply > *")
    assert fits(browser)
    for chip in all_of(browser, ".z-cite")[:1]:
        chip.click()
        first(until, ".z-context")
        assert fits(browser)


def test_quotations_are_large_enough_to_read(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/?q={quote(PROVISION)}")
    text = first(until, "blockquote p")
    assert float(text.value_of_css_property("font-size").removesuffix("px")) >= 17


def test_a_dark_system_does_not_make_the_page_unreadable(
    browser: Any, until: Until, site: str
) -> None:
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
    browser.get(site)
    first(until, ".z-examples")
    until(lambda b: b.execute_script("return !document.body.classList.contains('dark')"))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_print_hides_everything_but_the_answer(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/?q={quote(PROVISION)}")
    first(until, ".z-answer")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element("css selector", ".z-header").is_displayed()
    assert not browser.find_element("css selector", "#z-submit").is_displayed()
    assert browser.find_element("css selector", "blockquote").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_console_stays_free_of_errors(browser: Any, until: Until, site: str) -> None:
    browser.get_log("browser")
    browser.get(f"{site}/?q={quote(PROVISION)}")
    first(until, ".z-answer")
    browser.get(f"{site}/library?doc=work-safety-law")
    first(until, ".z-title")
    assert [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []
