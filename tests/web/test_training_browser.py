"""A trainer gives a paper, a worker takes it on a phone, the trainer sees it and downloads it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assistant.services import Services
from assistant.training.giving import Wish
from tests.assistant.practice.fakes import DAY, NOON
from tests.web.conftest import resize, served
from tests.web.test_browser import all_of, first, fits
from tests.web.test_practice_browser import choose, press
from tests.web.training_site import TrainingSite, opened_site

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
SMALL = """
return [...document.querySelectorAll("#z-training :is(button, select, input, summary, a.z-do)")]
  .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44)
  .map((e) => e.outerHTML.slice(0, 80))"""
FETCH = """
const done = arguments[1];
fetch(arguments[0]).then((r) => r.arrayBuffer()).then((b) => done([...new Uint8Array(b)]));"""


@pytest.fixture
def site(services: Services, tmp_path: Path) -> Iterator[TrainingSite]:
    with opened_site(services, tmp_path) as site:
        yield site


@pytest.fixture
def address(site: TrainingSite) -> Iterator[str]:
    with served(site.app()) as where:
        yield where


def log_in(browser: Any, address: str, person: str) -> None:
    """Open the page as somebody, after the page before has ended what it was asking."""
    browser.get("about:blank")
    cookie = {"name": "person", "value": person, "url": address}
    browser.execute_cdp_cmd("Network.setCookie", cookie)
    browser.get(f"{address}/{'training' if person == 'teacher' else 'practice'}")


def give(browser: Any, until: Until) -> None:
    press(browser, until, ".z-give summary")
    for name, value in (("set", "paper-1"), ("exam", "1")):
        first(until, f".z-give select[name={name}] option[value='{value}']").click()
    first(until, ".z-give input[name=title]").send_keys("消防月考")
    press(browser, until, ".z-give button[type=submit]")
    first(until, ".z-task")


def sit(browser: Any, until: Until, site: TrainingSite) -> None:
    """Take the exam that waits, with the last question wrong."""
    press(browser, until, ".z-task")
    for n, question in enumerate(site.questions, 1):
        first(until, f'form.z-question[data-n="{n}"]')
        choose(browser, until, question.answer if n < 3 else question.options[:1])
        press(browser, until, ".z-bar .z-primary")
    press(browser, until, "dialog.z-ask .z-primary")
    first(until, ".z-result")


def text_when(until: Until, css: str, words: str) -> str:
    """The text of the first element that matches and says these words, once there is one."""
    return str(until(lambda b: next((e.text for e in all_of(b, css) if words in e.text), None)))


def test_a_paper_goes_to_a_worker_and_comes_back_as_results(
    browser: Any, until: Until, site: TrainingSite, address: str
) -> None:
    browser.get_log("browser")
    log_in(browser, address, "teacher")
    give(browser, until)
    assert "应做 2 人，完成 0 人" in first(until, ".z-task .z-count").text
    resize(browser, 390, 844)
    log_in(browser, address, "w1")
    assert "单位任务：消防月考" in first(until, "button.z-task").text
    sit(browser, until, site)
    browser.get(f"{address}/practice")
    first(until, ".z-big")
    assert all_of(browser, ".z-task") == []

    resize(browser, 1280)
    log_in(browser, address, "teacher")
    press(browser, until, ".z-task a.z-do")
    row = text_when(until, ".z-progress tbody tr", "张三")
    assert "已完成" in row
    assert "85 分，合格" in row, "one of three rights chosen is half the points"
    assert "未开始" in text_when(until, ".z-progress tbody tr", "李四")
    text_when(until, ".z-items tbody tr", "第3个编造的问题3")
    (given,) = site.desk.given(site.actor("teacher"), "u1")
    site.desk.tasks.begin(site.actor("w2"), given.assignment.id)
    row = text_when(until, ".z-progress tbody tr", "进行中")
    assert "李四" in row, "the page follows by itself"
    href = first(until, ".z-files a").get_attribute("href")
    data = bytes(browser.execute_async_script(FETCH, href))
    people = openpyxl.load_workbook(io.BytesIO(data))["人员"]
    rows = list(people.iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[3], r[6]) for r in rows] == [("张三", "已完成", 85), ("李四", "进行中", 0)]
    for width in (1280, 390):
        resize(browser, width)
        browser.get(f"{address}/training")
        first(until, ".z-people")
        assert fits(browser)
        assert browser.execute_script(SMALL) == []
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_task_is_withdrawn_only_when_that_is_confirmed(
    browser: Any, until: Until, address: str
) -> None:
    resize(browser, 390, 844)
    log_in(browser, address, "teacher")
    give(browser, until)
    press(browser, until, ".z-task a.z-do")
    press(browser, until, ".z-danger")
    press(browser, until, "dialog.z-ask .z-plain")
    assert "进行中" in first(until, "#z-training .z-state.open").text
    press(browser, until, ".z-danger")
    press(browser, until, "dialog.z-ask .z-primary")
    assert "已撤回" in first(until, "#z-training .z-state.withdrawn").text
    assert all_of(browser, ".z-danger") == []
    assert fits(browser)


def test_the_code_on_the_large_screen_leads_a_phone_into_the_round(
    browser: Any, until: Until, site: TrainingSite, address: str
) -> None:
    given = site.desk.give(
        site.actor("teacher"), "u1", Wish(set_id="paper-1", title="班前一练"), NOON + DAY
    )
    log_in(browser, address, "teacher")
    press(browser, until, ".z-task a.z-do")
    press(browser, until, ".z-onscreen")
    assert first(until, ".z-screen svg").size["width"] >= 300
    assert fits(browser)
    text_when(until, "#z-counts li", "0")
    site.desk.tasks.begin(site.actor("w2"), given.id)
    text_when(until, "#z-counts li", "1\n人正在做")
    link = first(until, ".z-screen strong").text
    resize(browser, 390, 844)
    log_in(browser, address, "w1")
    browser.get(link)
    first(until, 'form.z-question[data-n="1"]')
    browser.get(link)
    first(until, 'form.z-question[data-n="1"]')
    assert len(site.store.practice.rounds("w1")) == 1
