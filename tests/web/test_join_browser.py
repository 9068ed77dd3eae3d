"""A group round on the phones of people without an account, and on the page of the trainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.services import Services
from assistant.training.giving import Wish
from tests.assistant.practice.fakes import DAY, NOON
from tests.web.conftest import requested_hosts, resize, served
from tests.web.test_browser import all_of, first, fits
from tests.web.test_practice_browser import choose, press
from tests.web.test_training_browser import log_in, text_when
from tests.web.training_site import TrainingSite, opened_site

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
SMALL = """
const pressed = ":is(button, select, input:not([type=radio]), summary, a.z-plain, a.z-primary)";
return [...document.querySelectorAll(`main ${pressed}`)]
  .filter((e) => e.offsetParent && e.type !== "checkbox")
  .filter((e) => e.getBoundingClientRect().height < 44)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture
def site(services: Services, tmp_path: Path) -> Iterator[TrainingSite]:
    with opened_site(services, tmp_path) as site:
        yield site


@pytest.fixture
def address(site: TrainingSite) -> Iterator[str]:
    with served(site.app()) as where:
        yield where


def scan(browser: Any, address: str, task: str) -> None:
    """Open what the code leads to as somebody who is not logged in."""
    resize(browser, 390, 844)
    log_in(browser, address, "visitor")
    browser.get(f"{address}/join?task={task}")


def enter(browser: Any, until: Until, name: str) -> None:
    first(until, "form.z-name input").send_keys(name)
    assert browser.execute_script(SMALL) == []
    press(browser, until, "form.z-name button")


def test_a_round_is_joined_by_name_survives_a_reload_and_passes_to_the_next_person(
    browser: Any, until: Until, site: TrainingSite, address: str
) -> None:
    browser.get_log("browser")
    log_in(browser, address, "teacher")
    press(browser, until, ".z-give summary")
    first(until, ".z-give select[name=set] option[value='paper-1']").click()
    first(until, ".z-give input[name=title]").send_keys("班前一练")
    press(browser, until, ".z-give input[name=guests]")
    press(browser, until, ".z-give button[type=submit]")
    task = str(first(until, ".z-task").get_attribute("data-task"))

    scan(browser, address, task)
    assert "第一车间" in first(until, ".z-lead").text
    assert fits(browser)
    enter(browser, until, "陈师傅")
    for n, question in enumerate(site.questions, 1):
        first(until, f'form.z-question[data-n="{n}"]')
        if n == 2:
            browser.refresh()
            first(until, 'form.z-question[data-n="2"]')
        assert fits(browser)
        choose(browser, until, question.answer if n < 3 else question.options[:1])
        press(browser, until, ".z-bar .z-primary")
        first(until, ".z-told")
        assert all_of(browser, ".z-next-time, [aria-pressed]") == []
        assert browser.execute_script(SMALL) == []
        press(browser, until, ".z-next")
    assert "2 / 3" in text_when(until, ".z-score", "题答对")
    assert "成绩已经交给培训员" in first(until, "#z-practice").text
    assert fits(browser)

    press(browser, until, ".z-backlink")
    assert "陈师傅" in text_when(until, "#z-practice", "你写的姓名")
    press(browser, until, ".z-plain")
    enter(browser, until, "刘师傅")
    first(until, 'form.z-question[data-n="1"]')

    resize(browser, 1280)
    log_in(browser, address, "teacher")
    assert "另有未登录 2 人，完成 1 人" in text_when(until, ".z-task .z-count", "未登录")
    press(browser, until, ".z-task a.z-do")
    assert "已完成" in text_when(until, ".z-unknown tbody tr", "陈师傅")
    assert "进行中" in text_when(until, ".z-unknown tbody tr", "刘师傅")
    assert "陈师傅" not in first(until, ".z-progress:not(.z-unknown)").text
    resize(browser, 390, 844)
    assert fits(browser)
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []
    assert requested_hosts(browser) <= {"127.0.0.1", ""}


def test_an_exam_is_sat_and_handed_in_without_an_account(
    browser: Any, until: Until, site: TrainingSite, address: str
) -> None:
    wish = Wish(set_id="paper-1", title="消防月考", exam=True, minutes=30)
    given = site.desk.give(site.actor("teacher"), "u1", wish, NOON + DAY, guests=True)
    scan(browser, address, given.id)
    enter(browser, until, "陈师傅")
    for n, question in enumerate(site.questions, 1):
        first(until, f'form.z-question[data-n="{n}"]')
        choose(browser, until, question.answer)
        assert fits(browser)
        press(browser, until, ".z-bar .z-primary")
    press(browser, until, "dialog.z-ask .z-primary")
    assert "100 分" in text_when(until, ".z-result", "及格了")
    assert "错题本" not in first(until, "#z-practice").text
    assert fits(browser)


def test_a_round_for_members_sends_to_the_log_in(
    browser: Any, until: Until, site: TrainingSite, address: str
) -> None:
    wish = Wish(set_id="paper-1", title="班前一练")
    given = site.desk.give(site.actor("teacher"), "u1", wish, NOON + DAY)
    scan(browser, address, given.id)
    assert "要登录才能参加" in first(until, "#z-practice").text
    link = first(until, "#z-practice a.z-primary").get_attribute("href")
    assert link.endswith(f"/login?next=%2Fpractice%3Ftask%3D{given.id}")
    assert fits(browser)
    assert browser.execute_script(SMALL) == []
