"""The page 出题组卷 as a trainer meets it, in a real Chromium without any network."""

from __future__ import annotations

import io
import json
import shutil
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

import assistant.web.quiz_desk as quiz_desk
from assistant.services import Services, Settings
from assistant.store import open_store
from assistant.web import create_app
from assistant.web.account_desk import open_accounts
from tests.assistant.quiz.fakes import FakeGenerator
from tests.conftest import TODAY
from tests.web.conftest import resize, served
from tests.web.quiz_samples import FORM, write_bank
from tests.web.test_browser import all_of, first, fits, in_view, query_of

pytestmark = pytest.mark.browser
Until = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("quiz") / "data"
    shutil.copytree(data_dir, made)
    return made


@pytest.fixture(scope="module")
def quiz_site(folder: Path) -> Iterator[str]:
    """The application over a data folder of its own, with made-up questions."""
    settings = Settings(data=folder, whole_library=False)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quiz_desk, "Generator", FakeGenerator)
        services = Services.open(settings, today=lambda: TODAY)
        store = open_store(folder)
        with served(create_app(services, settings, accounts=open_accounts(store))) as address:
            yield address
        store.close()


@pytest.fixture
def page(browser: Any, quiz_site: str, until: Until) -> Iterator[Any]:
    """A browser that has no paper yet; the console must be free of errors after the test."""
    browser.get(f"{quiz_site}/quiz?new=1")
    first(until, ".z-plan[data-ready]")
    browser.execute_script("localStorage.clear()")
    browser.get_log("browser")
    yield browser
    for form in all_of(browser, "form.z-edit"):
        browser.execute_script("arguments[0].remove()", form)
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


def fill(browser: Any, **boxes: str) -> None:
    browser.execute_script(
        """const form = document.querySelector(".z-plan");
        for (const [name, value] of Object.entries(arguments[0])) {
          form.elements[name].value = value;
          form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        boxes,
    )


def make(browser: Any, until: Until, **boxes: str) -> Any:
    """Make the paper of ten questions, or that of other boxes."""
    fill(browser, **{k: v for k, v in (boxes or FORM).items() if isinstance(v, str)})
    press(browser, until, ".z-plan .z-primary")
    return first(until, ".z-paper")


def press(browser: Any, until: Until, css: str) -> None:
    button = first(until, css)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def revision(browser: Any) -> int:
    return int(browser.find_element("css selector", ".z-paper").get_attribute("data-rev"))


def change(browser: Any, until: Until, css: str, *, asks: bool = False) -> None:
    """Press a button of the paper and wait until the paper is drawn again."""
    before = revision(browser)
    press(browser, until, css)
    if asks:
        until(lambda b: b.switch_to.alert).accept()
    until(lambda b: revision(b) == before + 1)
    until(lambda b: not all_of(b, "#z-out[aria-busy]"))


def ids(browser: Any) -> list[str]:
    return [e.get_attribute("data-q") for e in all_of(browser, ".z-q")]


def act(number: int, name: str) -> str:
    return f'#q{number} .z-qfoot button[aria-label*="{name}"]'


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address) as reply:  # noqa: S310 - our own server
        return bytes(reply.read())


def toast(until: Until) -> str:
    return str(until(lambda b: next((t.text for t in all_of(b, ".z-toast") if t.text), "")))


def test_a_paper_is_made_changed_kept_reopened_and_downloaded(
    page: Any, until: Until, quiz_site: str
) -> None:
    make(page, until)
    made = ids(page)
    assert len(made) == 10
    until(lambda b: set(query_of(b)) == {"draft"})
    assert "月度考试" in page.title

    change(page, until, act(2, "换一题"))
    assert ids(page)[1] != made[1]
    assert ids(page)[0] == made[0]
    assert "第 2 题换好了" in toast(until)

    change(page, until, act(1, "锁定"))
    focused = page.switch_to.active_element.find_element("xpath", "./ancestor::article")
    assert focused.get_attribute("id") == "q1"  # the keyboard stays where it was
    change(page, until, ".z-papertools .z-do", asks=True)  # 全部重出
    drawn = ids(page)
    assert drawn[0] == made[0]
    assert not set(drawn[1:]) & set(made[1:])

    press(page, until, "#q3 .z-openedit")
    box = first(until, "#q3 .z-edit textarea[name=stem]")
    box.clear()
    box.send_keys("改过的题干${1+1}{{x}}<b>（　　）。")
    change(page, until, "#q3 .z-edit .z-primary")
    assert first(until, "#q3 .z-stem span").text == "改过的题干${1+1}{{x}}<b>（　　）。"
    assert "已编辑" in first(until, "#q3 .z-qbadges").text

    change(page, until, ".z-toast .z-do")  # 撤销
    assert ids(page) == drawn
    assert "已编辑" not in first(until, "#q3 .z-qbadges").text

    change(page, until, act(10, "删除"), asks=True)
    assert ids(page) == drawn[:9]

    name = first(until, ".z-save input")
    name.clear()
    name.send_keys("一季度考试")
    change(page, until, ".z-save .z-primary")
    assert first(until, ".z-savedstate").text == "已保存"

    page.refresh()
    first(until, ".z-paper")
    assert ids(page) == drawn[:9]

    page.get(f"{quiz_site}/quiz?view=saved")
    assert first(until, ".z-rows .z-name").text == "一季度考试"
    press(page, until, ".z-rows .z-primary")
    until(lambda b: all_of(b, ".z-plan[data-ready]") and all_of(b, ".z-paper"))
    assert ids(page) == drawn[:9]
    assert first(until, "#q1.locked")

    link = first(until, '.z-files a[data-form="paper"]').get_attribute("href")
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(fetch(link))).paragraphs)
    assert first(until, "#q1 .z-stem span").text[:8] in text
    first(until, ".z-versions-of select option[value='2']").click()
    link = first(until, '.z-files a[data-form="all"]').get_attribute("href")
    files = zipfile.ZipFile(io.BytesIO(fetch(link)))
    data = json.loads(files.read("一季度考试.json"))
    assert [q["id"] for q in data["questions"]] == drawn[:9]
    assert [v["label"] for v in data["versions"]] == ["B"]

    page.get(f"{quiz_site}/quiz?view=saved")
    press(page, until, ".z-rows .z-danger")
    until(lambda b: b.switch_to.alert).accept()
    until(lambda b: "还没有保存过试卷" in first(until, "#z-out").text)


def test_a_bare_address_brings_back_the_last_paper_and_another_one_can_be_begun(
    page: Any, until: Until, quiz_site: str
) -> None:
    make(page, until)
    made = ids(page)
    page.get(f"{quiz_site}/quiz")
    first(until, ".z-paper")
    assert ids(page) == made
    press(page, until, ".z-fresh")
    first(until, ".z-nopaper")
    page.get(f"{quiz_site}/quiz")
    first(until, ".z-nopaper")
    assert not all_of(page, ".z-paper")


def test_what_cannot_be_made_is_said_and_the_form_stays(page: Any, until: Until) -> None:
    press(page, until, ".z-plan .z-primary")
    assert "还没有填题数" in toast(until)
    press(page, until, ".z-toast .z-hide")
    fill(page, single_count="3", others="外星人总管")
    press(page, until, ".z-plan .z-primary")
    assert "外星人总管" in toast(until)
    others = first(until, ".z-plan [name=others]")
    assert others.get_attribute("value") == "外星人总管"
    assert not all_of(page, ".z-paper")


def test_a_preset_fills_the_form_and_the_sums_follow(page: Any, until: Until) -> None:
    press(page, until, ".z-preset")
    assert first(until, ".z-allcount").text == "50 题"
    assert first(until, ".z-allpoints").text == "100 分"
    assert [e.get_attribute("value") for e in all_of(page, "[name=posts]") if e.is_selected()] == [
        "主要负责人"
    ]
    fill(page, single_count="10")
    assert first(until, ".z-allpoints").text == "80 分"
    press(page, until, ".z-plan [type=reset]")
    assert first(until, ".z-allcount").text == "0 题"


def test_the_key_opens_and_its_citation_shows_the_article(page: Any, until: Until) -> None:
    make(page, until)
    assert not first(until, "#q1").find_elements("css selector", ".z-keyfold[open]")
    press(page, until, "#q1 .z-keyfold summary")
    press(page, until, "#q1 .z-cite")
    panel = first(until, "#q1 .z-context")
    quote = first(until, "#q1 .z-basis blockquote").text
    assert quote in panel.text
    assert panel.find_element("css selector", "mark.on").text in quote
    change(page, until, act(2, "锁定"))
    assert all_of(page, "#q1 .z-keyfold[open]")  # what was open stays open


def test_points_are_set_in_the_section_and_the_sum_follows(page: Any, until: Until) -> None:
    make(page, until)
    box = first(until, '.z-points[data-kind="single"]')
    before = revision(page)
    box.clear()
    box.send_keys("5\t")
    until(lambda b: revision(b) > before)
    assert "共 15 分" in first(until, ".z-papersec > h3").text


def test_a_refused_edit_keeps_what_was_typed(page: Any, until: Until) -> None:
    make(page, until)
    press(page, until, "#q1 .z-openedit")
    box = first(until, "#q1 .z-edit textarea[name=option]")
    second = all_of(page, "#q1 .z-edit textarea[name=option]")[1].get_attribute("value")
    box.clear()
    box.send_keys(second)
    press(page, until, "#q1 .z-edit .z-primary")
    assert "两个选项相同" in toast(until)
    assert first(until, "#q1 .z-edit textarea[name=option]").get_attribute("value") == second
    press(page, until, act(2, "锁定"))
    until(lambda b: b.switch_to.alert).dismiss()  # the question being edited is not lost
    assert all_of(page, "#q1 .z-edit")
    press(page, until, "#q1 .z-canceledit")
    assert not all_of(page, "#q1 .z-edit")


def test_a_change_in_another_window_is_noticed(page: Any, until: Until) -> None:
    make(page, until)
    page.execute_script('document.querySelector(".z-paper").dataset.rev = "99"')
    press(page, until, act(2, "锁定"))
    assert "别的窗口" in toast(until)


def test_paper_prints_without_tools_and_answers(page: Any, until: Until) -> None:
    make(page, until)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for css in (".z-papertools", ".z-qfoot", ".z-keyfold", "#z-planarea", ".z-header"):
            assert not any(e.is_displayed() for e in all_of(page, css)), css
        assert first(until, ".z-nameline").text.startswith("单位")
        assert len([e for e in all_of(page, ".z-stem") if e.is_displayed()]) == 10
        page.execute_script("document.querySelector('#q1 .z-keyfold').open = true")
        assert first(until, "#q1 .z-key").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_everything_fits_on_a_phone(page: Any, until: Until, quiz_site: str) -> None:
    resize(page, 390, 844)
    assert fits(page)
    make(page, until)
    assert fits(page)
    assert in_view(page, first(until, ".z-paperhead"))
    press(page, until, "#q1 .z-openedit")
    first(until, "#q1 .z-edit")
    assert fits(page)
    for button in all_of(page, "#q1 .z-qfoot button"):
        assert button.size["height"] >= 40


def upload(browser: Any, path: Path) -> None:
    browser.find_element("css selector", "#z-bankbox input[type=file]").send_keys(str(path))


def insist(browser: Any, until: Until, reason: str) -> None:
    """Have the contradicted question practised all the same, take it back, and do it again."""
    for again in (False, True):
        press(browser, until, "details.z-left summary")
        first(until, ".z-insist input").send_keys(reason)
        press(browser, until, ".z-insist button")
        until(lambda b: b.switch_to.alert).accept()
        assert f"培训员坚持使用：{reason}" in first(until, ".z-left.on").text
        assert "用于练习" in toast(until)
        if not again:
            press(browser, until, ".z-left.on button")
            first(until, "details.z-left")


def test_an_old_bank_is_read_corrected_examined_and_reported(
    page: Any, until: Until, quiz_site: str, tmp_path: Path
) -> None:
    page.get(f"{quiz_site}/quiz?view=bank")
    first(until, ".z-banks")
    upload(page, write_bank(tmp_path / "旧题库.xlsx"))
    assert "读出 4 题，1 行读不成题" in first(until, ".z-read").text
    assert "第 6 行" in first(until, ".z-rowproblems").text
    assert not all_of(page, ".z-bank script")

    first(until, 'select[data-column="7"] option[value="不用"]').click()
    until(lambda b: "读出 0 题" in first(until, ".z-read").text)
    first(until, 'select[data-column="7"] option[value="答案"]').click()
    until(lambda b: "读出 4 题" in first(until, ".z-read").text)

    press(page, until, ".z-mapping .z-primary")
    first(until, ".z-results")
    counts = {
        e.find_element("css selector", "span").text: e.find_element("css selector", "b").text
        for e in all_of(page, ".z-states button")
    }
    assert counts["与现行规定不符"] == "1"
    assert counts["全部"] == "4"
    wrong = first(until, '.z-judged[data-state="contradicted"]')
    assert "三百" in wrong.find_element("css selector", ".z-key").text
    assert "一百人" in wrong.find_element("css selector", "blockquote").text
    press(page, until, ".z-judged .z-cite")
    assert "第二十四条" in first(until, ".z-judged .z-context").text

    insist(page, until, "考试大纲还这样考")

    press(page, until, ".z-states li:last-child button")
    until(lambda b: len(all_of(b, ".z-judged")) == 4)
    assert "<script>" in first(until, ".z-results").text

    data = fetch(first(until, ".z-results .z-files a").get_attribute("href"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert any("三百" in str(c.value) for row in sheet.iter_rows() for c in row)

    page.refresh()
    first(until, ".z-results")
    page.get(f"{quiz_site}/quiz?view=bank")
    assert "与现行规定不符 1" in first(until, ".z-rows .z-facts").text
    press(page, until, ".z-rows .z-danger")
    until(lambda b: b.switch_to.alert).accept()
    until(lambda b: "还没有题库" in first(until, "#z-out").text)


def test_a_file_that_is_no_bank_gets_its_sentence(
    page: Any, until: Until, quiz_site: str, tmp_path: Path
) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK but no archive")
    page.get(f"{quiz_site}/quiz?view=bank")
    first(until, ".z-banks")
    upload(page, bad)
    assert "坏.xlsx" in toast(until)
    assert "已损坏" in toast(until)
    assert "还没有题库" in first(until, "#z-out").text
