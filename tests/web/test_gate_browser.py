"""Accounts in a real Chromium: a phone from the first log-in to the log-out, Gradio's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.accounts.model import COMMAND_LINE, Role
from assistant.services import Services
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.conftest import resize, served
from tests.web.gate_site import PASSWORD, GateSite
from tests.web.test_browser import all_of, first, fits

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
SMALL = """
return [...document.querySelectorAll(
    "#z-account a, #z-account button, #z-account input:not([type=checkbox]), " +
    "#z-account .z-tick, .z-header a, .z-header button")]
  .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44)
  .map((e) => e.outerHTML.slice(0, 80))"""
TINY = """
return [...document.querySelectorAll("#z-account *")]
  .filter((e) => e.offsetParent && [...e.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 17)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def site(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GateSite]:
    source = services.quiz_source()
    made = GateSite(services, (source, FakeGenerator(source)), tmp_path_factory.mktemp("gate"))
    yield made
    made.desk.store.close()


@pytest.fixture(scope="module")
def address(site: GateSite) -> Iterator[str]:
    with served(site.app()) as where:
        yield where


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Any]:
    """A browser 390 px wide that nobody is logged in with; its console stays free of errors."""
    resize(browser, 390, 844)
    browser.get(f"{address}/web/icon.svg")
    browser.delete_all_cookies()
    browser.get_log("browser")
    yield browser
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []
    browser.delete_all_cookies()


def comfortable(browser: Any) -> None:
    """No sideways scrolling, nothing too small to press or to read."""
    assert fits(browser)
    assert browser.execute_script(SMALL) == []
    assert browser.execute_script(TINY) == []


def fill(browser: Any, until: Until, **typed: str) -> None:
    for name, text in typed.items():
        box = first(until, f"#z-account input[name={name}]")
        box.clear()
        box.send_keys(text)
    browser.find_element("css selector", "#z-account .z-primary").click()


def test_a_worker_logs_in_for_the_first_time_practises_and_logs_out(
    phone: Any, until: Until, site: GateSite, address: str
) -> None:
    made = site.desk.admin.add(COMMAND_LINE, "gong-1", "赵小兰", Role.WORKER, site.unit.id)
    phone.get(f"{address}/practice")
    first(until, "#z-account")
    assert phone.current_url == f"{address}/login?next=%2Fpractice"
    assert phone.title == "登录 · 知责"
    comfortable(phone)
    fill(phone, until, account="gong-1", password=made.password)
    until(lambda b: "/password" in b.current_url)
    assert "初始密码" in first(until, ".z-say").text
    comfortable(phone)
    fill(phone, until, old=made.password, new=PASSWORD, again=PASSWORD)
    until(lambda b: b.current_url == f"{address}/practice")
    assert first(until, ".z-who a").text == "赵小兰"
    names = [a.text for a in all_of(phone, ".z-header nav a")]
    assert names == ["问答", "职责清单", "练习", "法规库"]
    first(until, ".z-big").click()
    first(until, "form.z-question .z-plain").click()
    first(until, ".z-told .z-verdict")
    comfortable(phone)
    until(lambda _: site.practice.store.log)
    assert {a.person for a in site.practice.store.log} == {made.person.id}
    first(until, ".z-who button").click()
    until(lambda b: b.current_url == f"{address}/login")
    phone.back()
    phone.refresh()
    until(lambda b: "/login?next=" in b.current_url)


def test_a_session_that_ends_in_the_middle_leads_to_the_log_in_and_loses_nothing(
    phone: Any, until: Until, site: GateSite, address: str
) -> None:
    made = site.desk.admin.add(COMMAND_LINE, "gong-2", "钱二", Role.WORKER)
    token, _ = site.desk.accounts.log_in("gong-2", made.password, "")
    actor = site.desk.accounts.who(token)
    assert actor is not None
    token = site.desk.accounts.change_password(actor, made.password, PASSWORD)
    phone.add_cookie({"name": "zhize_session", "value": token, "path": "/"})
    phone.get(f"{address}/practice")
    first(until, ".z-big").click()
    first(until, "form.z-question .z-plain")
    site.desk.accounts.log_out(token)
    first(until, "form.z-question .z-plain").click()
    until(lambda b: "/login?next=" in b.current_url)
    phone.get_log("browser")  # the 401 itself
    phone.add_cookie({"name": "zhize_session", "value": site.tokens[Role.TRAINER], "path": "/"})
    phone.get(f"{address}/practice")  # somebody else hands in nothing of it
    first(until, ".z-big")
    phone.delete_all_cookies()
    phone.get(f"{address}/login?next=/practice")
    fill(phone, until, account="gong-2", password=PASSWORD)
    until(lambda b: "/practice" in b.current_url)
    until(lambda _: any(a.person == made.person.id for a in site.practice.store.log))


def test_gradio_pages_work_behind_the_gate(
    phone: Any, until: Until, site: GateSite, address: str
) -> None:
    phone.add_cookie({"name": "zhize_session", "value": site.tokens[Role.KEEPER], "path": "/"})
    phone.get(f"{address}/library")
    until(lambda b: all_of(b, "#z-out a"))
    until(lambda b: "导入本单位文件" in first(until, "#z-import").text)
    assert first(until, ".z-who a").text == "王小明"
    assert fits(phone)
    phone.get(f"{address}/quiz?view=saved")
    until(lambda b: "资料员不能保存和打开试卷" in first(until, "#z-out").text)
    phone.get(f"{address}/duties?bearer=班组长")
    until(lambda b: all_of(b, "#z-out .z-duty, #z-out .z-quote, #z-out li"))
    phone.delete_all_cookies()  # as if the session had ended
    first(until, "#z-submit").click()
    until(lambda b: "/login?next=%2Fduties" in b.current_url)
    phone.get_log("browser")  # the 401 itself


def test_an_administrator_manages_on_a_phone(
    phone: Any, until: Until, site: GateSite, address: str
) -> None:
    phone.add_cookie({"name": "zhize_session", "value": site.tokens[Role.ADMIN], "path": "/"})
    phone.get(f"{address}/")
    first(until, '.z-header a[href="/manage"]').click()
    for path in ("", "/units", "/audit", "/settings"):
        phone.get(f"{address}/manage{path}")
        first(until, ".z-parts a[aria-current]")
        comfortable(phone)
    phone.get(f"{address}/manage?q=keeper-1")
    first(until, "#z-account summary").click()
    comfortable(phone)
    first(until, 'form[action="/manage/people/reset"] button').click()
    assert len(first(until, ".z-once code").text) >= 8
    comfortable(phone)
