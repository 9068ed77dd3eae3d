"""Importing as a keeper meets it, in a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import pytest

from assistant.services import Services, Settings
from assistant.web import create_app
from eval.documents import NumberingPart, write_pages
from tests.assistant.importing import files
from tests.conftest import TODAY
from tests.web.conftest import resize, served
from tests.web.test_browser import all_of, first, fits

pytestmark = pytest.mark.browser
Until = Callable[..., Any]
TITLE = "某县烧烤店安全管理办法"


@pytest.fixture(scope="module")
def site(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over a data folder of its own that can be imported into."""
    folder = tmp_path_factory.mktemp("import") / "data"
    shutil.copytree(data_dir, folder)
    settings = Settings(data=folder, whole_library=False)
    services = Services.open(settings, today=lambda: TODAY)
    with served(create_app(services, settings)) as address:
        yield address


def word_file(folder: Path) -> Path:
    document = docx.Document()
    for line in (f"{files.ISSUER}文件", "某政发〔2026〕1号", files.TITLE):
        document.add_paragraph(line)
    part = NumberingPart(document)
    num = part.add([(0, "chineseCountingThousand", "第%1条")])
    for text in files.ARTICLES:
        part.apply(document.add_paragraph(text), num)
    path = folder / "办法.docx"
    document.save(str(path))
    return path


def shown(browser: Any, css: str) -> Any:
    return next((e for e in all_of(browser, css) if e.is_displayed()), None)


def choose(browser: Any, until: Until, site: str, path: Path) -> None:
    browser.get(f"{site}/library")
    first(until, ".z-level")
    first(until, "#z-import button.label-wrap").click()
    first(until, "#z-file")
    until(lambda b: all_of(b, "#z-import input[type=file]"))[0].send_keys(str(path))


def field(browser: Any, name: str) -> Any:
    return browser.find_element("css selector", f"#z-f-{name} textarea, #z-f-{name} input")


def ended(until: Until) -> str:
    return str(until(lambda b: next((e.text for e in all_of(b, "#z-status .z-banner")), None)))


def answer_to(browser: Any, until: Until, site: str, question: str) -> str:
    browser.get(f"{site}/?q={quote(question)}")
    return str(first(until, ".z-answer").text)


def test_a_word_file_is_previewed_corrected_stored_and_answered_from(
    browser: Any, until: Until, site: str, tmp_path: Path
) -> None:
    choose(browser, until, site, word_file(tmp_path))
    assert "读到 4 条" in first(until, ".z-preview").text
    until(lambda b: field(b, "title").get_attribute("value") == files.TITLE)
    assert field(browser, "number").get_attribute("value") == "某政发〔2026〕1号"
    assert field(browser, "effective").get_attribute("value") == "2026-02-01"
    assert field(browser, "region").get_attribute("value") == "某省某县"
    title = field(browser, "title")
    title.clear()
    title.send_keys(TITLE)
    field(browser, "number").click()
    until(lambda b: all_of(b, f'.z-preview[data-title="{TITLE}"]'))
    first(until, "#z-accept").click()
    assert f"《{TITLE}》已入库" in ended(until)
    until(lambda b: TITLE in b.find_element("id", "z-imported").text)
    until(lambda b: any(TITLE in e.text for e in all_of(b, ".z-level li")))
    assert shown(browser, "#z-fields") is None
    browser.find_element("css selector", "#z-status a").click()
    assert TITLE in first(until, ".z-title").text
    assert "本单位文件" in first(until, ".z-doc").text
    assert files.ARTICLES[1] in first(until, ".z-text").text
    text = answer_to(browser, until, site, f"{TITLE}第二条")
    assert files.ARTICLES[1] in text
    assert "本单位文件" in text


def test_a_gap_waits_is_confirmed_and_taken_out(
    browser: Any, until: Until, site: str, tmp_path: Path
) -> None:
    title = "某县商场安全管理办法"
    choose(browser, until, site, files.write(tmp_path, files.text(skip=3, title=title)))
    assert "缺第三条" in first(until, ".z-preview").text
    assert "问题已核对" in first(until, "#z-accept").text
    first(until, "#z-later").click()
    assert "待确认" in ended(until)
    assert "没有" in answer_to(browser, until, site, f"《{title}》第二条")

    def press(label: str) -> None:
        browser.get(f"{site}/library")
        first(until, "#z-import button.label-wrap").click()
        first(until, f'button[aria-label="{label}：{title}"]').click()
        until(lambda b: b.switch_to.alert).accept()

    press("确认入库")
    assert "已确认入库" in ended(until)
    assert files.ARTICLES[1] in answer_to(browser, until, site, f"《{title}》第二条")
    press("移出")
    assert "已移出" in ended(until)
    assert files.ARTICLES[1] not in answer_to(browser, until, site, f"《{title}》第二条")


def test_saying_no_removes_nothing(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/library")
    first(until, "#z-import button.label-wrap").click()
    first(until, "#z-imported .z-act").click()
    until(lambda b: b.switch_to.alert).dismiss()
    assert all_of(browser, "#z-imported li")
    assert not all_of(browser, "#z-status .z-banner")


def test_a_scan_is_refused_in_one_sentence(
    browser: Any, until: Until, site: str, tmp_path: Path
) -> None:
    path = tmp_path / "scan.pdf"
    write_pages(path, [[]], {})
    choose(browser, until, site, path)
    assert "没有文字层" in first(until, "#z-preview .z-banner").text
    assert shown(browser, "#z-accept") is None


def test_cancelling_leaves_nothing(browser: Any, until: Until, site: str, tmp_path: Path) -> None:
    title = "某县没有导入的办法"
    choose(browser, until, site, files.write(tmp_path, files.text(title=title)))
    first(until, "#z-cancel").click()
    until(lambda b: not all_of(b, ".z-preview"))
    assert title not in browser.find_element("id", "z-imported").text


def test_a_wrong_day_is_one_sentence(browser: Any, until: Until, site: str, tmp_path: Path) -> None:
    choose(browser, until, site, files.write(tmp_path, files.text(title="某县工地安全办法")))
    first(until, ".z-preview")
    day = field(browser, "issued")
    day.clear()
    day.send_keys("下个月")
    first(until, "#z-accept").click()
    until(lambda b: any("不是日期" in e.text for e in all_of(b, "#z-import .z-banner")))


def test_a_phone_shows_the_import_without_sideways_scrolling(
    browser: Any, until: Until, site: str, tmp_path: Path
) -> None:
    resize(browser, 390, 844)
    title = "某县关于进一步加强人员密集场所和小型经营性场所消防安全网格化管理工作的若干规定"
    choose(browser, until, site, files.write(tmp_path, files.text(title=title, skip=2)))
    first(until, ".z-preview")
    assert fits(browser)
    assert first(until, "#z-accept").size["height"] >= 40


def test_the_console_stays_free_of_errors(browser: Any, until: Until, site: str) -> None:
    browser.get_log("browser")
    browser.get(f"{site}/library")
    first(until, "#z-import button.label-wrap").click()
    first(until, "#z-imported")
    assert [e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


def test_words_are_chinese(browser: Any, until: Until, site: str) -> None:
    browser.get(f"{site}/library")
    first(until, "#z-import button.label-wrap").click()
    text = first(until, "#z-import").text
    assert "选择文件" in text
    for english in ("Upload", "Drop", "Click"):
        assert english not in text
