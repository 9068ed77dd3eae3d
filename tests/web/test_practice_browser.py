"""The page 练习 on a phone, in a real Chromium: practising, the wrong book, an exam cut off."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.quiz.source import Source
from assistant.services import Services
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.conftest import resize, served
from tests.web.practice_site import Site
from tests.web.test_browser import all_of, first, fits, query_of

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
SMALL = """
return [...document.querySelectorAll("#z-practice a, button, select, summary, label.z-option")]
  .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44)
  .map((e) => e.outerHTML.slice(0, 80))"""
TINY = """
return [...document.querySelectorAll("#z-practice *")]
  .filter((e) => e.offsetParent && [...e.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 17)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def maker(services: Services) -> tuple[Source, FakeGenerator]:
    source = services.quiz_source()
    return source, FakeGenerator(source)


@pytest.fixture
def site(services: Services, maker: tuple[Source, FakeGenerator]) -> Site:
    return Site(services, maker)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with served(site.app()) as where:
        yield where


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A browser 390 px wide without any profile; the console must be free of errors after it."""
    resize(browser, 390, 844)
    browser.delete_all_cookies()
    browser.get_log("browser")
    yield browser
    browser.delete_all_cookies()


@pytest.fixture
def quiet(phone: Any) -> Iterator[None]:
    yield
    assert [e for e in phone.get_log("browser") if e["level"] == "SEVERE"] == []


def press(browser: Any, until: Until, css: str) -> None:
    button = first(until, css)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def comfortable(browser: Any) -> None:
    """No sideways scrolling, nothing too small to press or to read."""
    assert fits(browser)
    assert browser.execute_script(SMALL) == []
    assert browser.execute_script(TINY) == []


def number(until: Until) -> int:
    return int(first(until, "form.z-question").get_attribute("data-n"))


def choose(browser: Any, until: Until, texts: tuple[str, ...]) -> None:
    """Put down an answer without handing it in: the options with these texts, or these words."""
    for n, box in enumerate(all_of(browser, "form.z-question [name=gap]")):
        box.send_keys(texts[n])
    for option in all_of(browser, "form.z-question label.z-option"):
        if option.find_element("css selector", "input").get_attribute("value") in texts:
            browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", option)
            option.click()


def answer(browser: Any, until: Until, site: Site, *, right: bool) -> str:
    """Answer the question on show; return its id."""
    n = number(until)
    made = site.store.round(query_of(browser)["round"])
    assert made is not None
    question = made.questions[n - 1]
    if right:
        choose(browser, until, question.answer)
        press(browser, until, "form.z-question .z-primary")
    else:
        press(browser, until, "form.z-question .z-plain")
    first(until, f'.z-told[data-n="{n}"] .z-verdict')
    return question.id


def begin(browser: Any, until: Until, address: str) -> None:
    browser.get(f"{address}/practice")
    press(browser, until, ".z-big")
    first(until, "form.z-question")


@pytest.mark.usefixtures("quiet")
def test_ten_questions_with_misses_come_back_when_they_are_due(
    phone: Any, until: Until, site: Site, address: str
) -> None:
    phone.get(f"{address}/practice")
    comfortable(phone)
    first(until, "#z-post option[value=electrician]").click()
    begin(phone, until, address)
    assert "每日一练 · 电工" in phone.title
    comfortable(phone)
    missed = []
    for n in range(1, 11):
        right = n % 3 > 0
        asked = answer(phone, until, site, right=right)
        missed += [] if right else [asked]
        said = first(until, ".z-verdict").text
        assert ("答对了" in said) is right
        marks = all_of(phone, ".z-basis mark")
        assert "".join(m.text for m in marks)
        if n == 3:
            comfortable(phone)
            link = first(until, ".z-basis a").get_attribute("href")
            assert "/library?doc=" in link
        if n == 5:  # reloaded in the middle: the told answer is still there
            phone.refresh()
            first(until, ".z-verdict")
            assert "第 5 题" in first(until, ".z-steps").text
        press(phone, until, ".z-next")
    assert first(until, ".z-score").text == "7 / 10 题答对"
    assert len(all_of(phone, ".z-fold.bad")) == 3

    press(phone, until, '.z-two a[href*="view=wrong"]')
    entries = until(lambda b: all_of(b, ".z-wrong > li"))
    assert {e.get_attribute("data-q") for e in entries} == set(missed)
    assert {e.text for e in all_of(phone, ".z-due")} == {"10 分钟后"}
    comfortable(phone)
    phone.back()  # going back leads to the round, not out of the page
    first(until, ".z-score")

    site.move(minutes=10)
    phone.get(f"{address}/practice?view=wrong")
    assert {e.text for e in until(lambda b: all_of(b, ".z-due"))} == {"现在"}
    phone.get(f"{address}/practice")
    assert "先复习到期的 3 题" in first(until, ".z-big").text
    site.move(days=2)
    phone.refresh()
    until(lambda b: "先复习到期的 10 题" in first(until, ".z-big").text)

    press(phone, until, '.z-tile[href*="view=wrong"]')
    press(phone, until, ".z-big")  # 重练错题
    for _ in range(3):
        answer(phone, until, site, right=True)
        press(phone, until, ".z-next")
    phone.get(f"{address}/practice?view=wrong")
    until(lambda b: "还要在 1 个不同的日子答对" in first(until, ".z-wrong").text)
    press(phone, until, ".z-wrong > li .z-small")  # pinned, it stays
    until(lambda b: "已钉住" in first(until, ".z-wrong").text)
    site.move(days=3)
    phone.get(f"{address}/practice?view=wrong")
    press(phone, until, ".z-big")
    for _ in range(3):
        answer(phone, until, site, right=True)
        press(phone, until, ".z-next")
    phone.get(f"{address}/practice?view=wrong")
    (left,) = until(lambda b: all_of(b, ".z-wrong > li"))
    assert "因为钉住而留着" in left.text

    phone.get(f"{address}/practice?view=progress")
    assert "28 天里有 3 天练习过，共答 16 题" in first(until, "svg.z-days").get_attribute(
        "aria-label"
    )
    comfortable(phone)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def test_an_exam_cut_off_goes_on_and_is_handed_in_once(
    phone: Any, until: Until, site: Site
) -> None:
    """The server dies in the middle; what is chosen meanwhile waits and is handed in later."""
    port = free_port()
    with contextlib.ExitStack() as running:
        where = running.enter_context(served(site.app(), port))
        phone.get(f"{where}/practice?view=exam")
        press(phone, until, ".z-big")
        first(until, "form.z-question")
        exam_id = query_of(phone)["exam"]
        made = site.store.round(exam_id)
        assert made is not None
        comfortable(phone)
        for n in (1, 2):
            choose(phone, until, made.questions[n - 1].answer)
            press(phone, until, "form.z-question .z-primary")
            until(lambda _, n=n: number(until) == n + 1)
        until(lambda _: len(site.store.responses(exam_id)) == 2)
    for n in (3, 4):  # nobody listens now
        choose(phone, until, made.questions[n - 1].answer)
        press(phone, until, "form.z-question .z-primary")
        until(lambda _, n=n: number(until) == n + 1)
    until(lambda b: "2 个答案记在这台设备上" in first(until, "#z-net").text)
    press(phone, until, ".z-hand")
    press(phone, until, "dialog .z-primary")
    until(lambda b: "还没有交卷" in first(until, "#z-say").text)
    assert len(site.store.responses(exam_id)) == 2

    site.move(minutes=5)
    with served(site.app(), port) as where:
        phone.get(f"{where}/practice")
        open_still = first(until, ".z-open")
        assert "考试还没有交卷" in open_still.text
        until(lambda _: len(site.store.responses(exam_id)) == 4)
        press(phone, until, ".z-open")
        assert "已答 4 / 22" in first(until, ".z-sheet").text
        until(lambda b: "剩 15:00" in first(until, ".z-clock").text or "剩 14:5" in b.page_source)
        phone.refresh()
        first(until, "form.z-question")
        press(phone, until, ".z-hand")
        assert "还有 18 题没有答" in first(until, "dialog").text
        press(phone, until, "dialog .z-primary")
        result = first(until, ".z-result").text
        assert "20 分" in result
        assert "没有及格，及格线 80 分" in result
        assert "答对 4 题，共 22 题" in result
        assert len(all_of(phone, ".z-fold")) == 22
        comfortable(phone)
        phone.refresh()  # handed in, it stays handed in
        first(until, ".z-result")
        assert [s.by_clock for s in [site.store.submission(exam_id)] if s] == [False]
        assert len(site.store.log) == 22


def test_an_answer_waits_for_the_connection_and_is_told_then(
    phone: Any, until: Until, site: Site, address: str
) -> None:
    begin(phone, until, address)
    made = site.store.round(query_of(phone)["round"])
    assert made is not None
    offline(phone, True)
    choose(phone, until, made.questions[0].answer)
    press(phone, until, "form.z-question .z-primary")
    until(lambda b: "你的答案已经记在这台设备上" in first(until, ".z-told").text)
    assert len(json.loads(phone.execute_script("return localStorage['zp:queue']"))) == 1
    press(phone, until, ".z-next")
    assert number(until) == 2
    assert site.store.log == []
    offline(phone, False)
    until(lambda _: len(site.store.log) == 1)
    press(phone, until, ".z-backlink")
    press(phone, until, ".z-open")
    first(until, "form.z-question[data-n='2']")
    assert json.loads(phone.execute_script("return localStorage['zp:queue']")) == []
    assert site.store.log[0].right


def offline(browser: Any, cut: bool) -> None:
    browser.execute_cdp_cmd("Network.enable", {})
    conditions = {
        "offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    }  # fmt: skip
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)


@pytest.mark.usefixtures("quiet")
def test_everything_can_be_done_with_the_keyboard(
    phone: Any, until: Until, site: Site, address: str
) -> None:
    begin(phone, until, address)
    made = site.store.round(query_of(phone)["round"])
    assert made is not None
    n = next(n for n, q in enumerate(made.questions, 1) if len(q.options) > 2)
    phone.get(f"{address}/practice?round={made.id}&n={n}")
    first(until, f'form.z-question[data-n="{n}"]')
    body = phone.find_element("css selector", "body")
    for letter in made.questions[n - 1].letters:
        body.send_keys(letter)
    phone.switch_to.active_element.send_keys("\n")
    until(lambda b: "答对了" in first(until, ".z-verdict").text)
    focused = phone.switch_to.active_element
    assert "z-next" in focused.get_attribute("class")
    focused.send_keys("\n")
    first(until, "form.z-question")
    heading = phone.switch_to.active_element
    assert heading.tag_name == "h1"
    assert phone.find_element("css selector", "#z-practice fieldset legend").text


@pytest.mark.usefixtures("quiet")
def test_empty_views_say_what_to_do_next(
    phone: Any, until: Until, site: Site, address: str
) -> None:
    for view, words in (
        ("wrong", "先做一组每日一练"),
        ("progress", "做完一组"),
        ("cards", "先在上面选岗位"),
    ):
        phone.get(f"{address}/practice?view={view}")
        assert words in first(until, ".z-empty").text
        comfortable(phone)
    first(until, "#z-post option[value=worker]").click()
    assert len(until(lambda b: all_of(b, ".z-cards li"))) == 20
    comfortable(phone)
    phone.get(f"{address}/practice?round=not-a-round")
    until(lambda b: "没有这一组练习" in first(until, ".z-empty").text)
    assert [e["level"] for e in phone.get_log("browser")] == ["SEVERE"]  # the 400 itself
