"""The 职责清单 page over real services: lists, contexts, files, additions, bad input."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from starlette.testclient import TestClient

from assistant.duties.own import OwnStore
from assistant.importing.desk import ImportDesk
from assistant.services import Live, Services, Settings
from assistant.web.ask_page import TROUBLE, reply
from assistant.web.duties_page import Wanted, shown
from assistant.web.own_area import OwnArea
from assistant.web.server import create_app, prepare

TOWN = "乡镇人民政府"


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), follow_redirects=False) as client:
        yield client


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, whole_library=False)


def test_an_everyday_name_shows_the_whole_list(services: Services) -> None:
    page = shown(services, Wanted("镇政府"), arriving=True)
    made = services.duties.list_for(TOWN)
    assert page.count('<p class="z-dt">') == len(made.lines)
    assert "data-arrived" in page
    assert "%E4%B9%A1%E9%95%87%E4%BA%BA%E6%B0%91" in page  # the address has the official name


def test_field_day_and_place_narrow_the_list_and_stay_in_the_address(services: Services) -> None:
    page = shown(services, Wanted("老板", "消防", "2024-01-01", "山东省"))
    assert "field=%E6%B6%88%E9%98%B2" in page
    assert "as_of=2024-01-01" in page
    assert "region=%E5%B1%B1%E4%B8%9C%E7%9C%81" in page
    assert "2024年1月1日有效" in page


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted(""), "还没有选主体"),
        (Wanted("   "), "还没有选主体"),
        (Wanted("火星人"), "没有“火星人”这个责任主体"),
        (Wanted("<script>alert(1)</script>"), "没有“&lt;script&gt;"),
        (Wanted("x" * 5000), "没有“xxxx"),
        (Wanted("老板", "星际旅行"), "没有“星际旅行”这个领域"),
        (Wanted("老板", "", "昨天"), "不是日期"),
        (Wanted("老板", "", "", "火星省"), "本库没有火星省的文件"),
        (Wanted("老板", "", "1900-01-01"), "本库没有写给它的规定"),
    ],
)
def test_bad_input_is_told_what_to_do(services: Services, wanted: Wanted, says: str) -> None:
    page = shown(services, wanted)
    assert says in page
    assert "<script" not in page


def test_an_unknown_name_offers_the_nearest(services: Services) -> None:
    page = shown(services, Wanted("乡镇政府办公室"))
    assert "请选最接近的一个" in page
    assert '<a href="/duties?bearer=' in page


def test_a_failure_becomes_a_sentence(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(services.duties, "list_for", broken)
    with caplog.at_level(logging.ERROR):
        page = shown(services, Wanted("老板"))
    assert TROUBLE in page
    assert "secret detail" not in page


def test_a_page_of_a_loaded_list_is_quick(services: Services) -> None:
    services.duties.prepare()
    for name in (TOWN, "生产经营单位", "应急管理部门"):
        services.duties.list_for(name)
        took = []
        for _ in range(3):
            started = time.perf_counter()
            services.duties.list_for(name)
            took.append(time.perf_counter() - started)
        assert min(took) < 0.05, name


def test_a_context_shows_the_article_with_the_words_marked(client: TestClient) -> None:
    query = {"doc": "work-safety-law", "at": "第九条第二款", "name": "z-d3", "n": 3}
    text = client.get("/api/context", params={**query, "mark": "0-5"}).text
    assert 'id="z-d3"' in text
    assert '<mark data-n="3">' in text
    assert "上一条：第八条" in text
    for mark in ("", "5", "9-3", "0-999999", "a-b", "-1-5"):
        assert "<mark" not in client.get("/api/context", params={**query, "mark": mark}).text


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/api/context?doc=no-law&at=第一条", "no-law"),
        ("/api/context?doc=work-safety-law&at=第九百条", "没有第九百条"),
        ("/api/context?doc=work-safety-law&at=第一条&v=1900", "没有版本"),
        ("/api/context?doc=work-safety-law", "参数 at"),
        ("/api/context?doc=work-safety-law&at=第一条&n=x", "参数 n"),
        ("/api/duties?bearer=火星人", "没有“火星人”"),
        ("/api/duties", "参数 bearer"),
        ("/api/duties?bearer=老板&field=星际", "领域"),
        ("/api/duties/file?bearer=老板&form=pdf", "docx"),
        ("/api/duties/file?bearer=老板&as_of=2021-13-01", "不是日期"),
    ],
)
def test_bad_requests_are_one_sentence(client: TestClient, path: str, says: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_a_context_cannot_carry_code(client: TestClient) -> None:
    query = {"doc": "work-safety-law", "at": "第九条", "name": '"><script>x</script>'}
    assert "<script" not in client.get("/api/context", params=query).text


def test_lists_and_bearers_are_there_as_json(client: TestClient, services: Services) -> None:
    found = client.get("/api/duties", params={"bearer": "老板"}).json()
    assert found["bearer"] == "主要负责人"
    assert len(found["duties"]) == len(services.duties.list_for("老板").lines)
    assert len(client.get("/api/bearers").json()["bearers"]) == len(services.duties.table.bearers)


def test_files_are_named_in_chinese_and_hold_additions(
    services: Services, settings: Settings
) -> None:
    OwnStore(settings.own_root).add("principal", "每周一次厂区巡查", "厂规第三条")
    with TestClient(create_app(services, settings)) as client:
        for form, name in (
            ("docx", "主要负责人消防安全生产职责清单.docx"),
            ("xlsx", "主要负责人消防安全生产职责清单.xlsx"),
            ("one-page", "主要负责人消防一岗一单.docx"),
            ("card", "主要负责人消防一人一卡.docx"),
        ):
            answer = client.get(
                "/api/duties/file", params={"bearer": "老板", "field": "消防", "form": form}
            )
            assert answer.status_code == 200
            assert unquote(answer.headers["content-disposition"]).endswith(f"''{name}")
            if form == "xlsx":
                book = openpyxl.load_workbook(io.BytesIO(answer.content))
                cells = [str(c.value) for s in book for row in s.iter_rows() for c in row]
                assert any("每周一次厂区巡查" in c for c in cells)
            else:
                assert docx.Document(io.BytesIO(answer.content)).element.body is not None


def test_an_answer_from_the_list_is_folded_by_group_and_leads_to_the_page(
    services: Services,
) -> None:
    page = reply(services, "乡镇政府在安全生产上必须做什么？", "", "")
    assert page.index("第九条") < page.index("本身的其他职责")
    assert page.index("本身的其他职责") < page.index("同样适用的职责")
    assert 'href="/duties?bearer=%E4%B9%A1' in page
    assert "<details open" not in page
    assert 'data-n="0"' not in page


@pytest.fixture
def area(services: Services, settings: Settings) -> OwnArea:
    prepare()
    import gradio as gr

    async def lay_out() -> OwnArea:  # in a loop: outside of one, Gradio opens loops of its own
        with gr.Blocks():
            return OwnArea(ImportDesk(settings, Live(services), anyone=True))

    return asyncio.run(lay_out())


def test_additions_are_stored_and_removed(area: OwnArea) -> None:
    assert area.added("principal", "每周巡查", "厂规", None) == ""
    (duty,) = area.of("principal").duties
    assert (duty.text, duty.basis) == ("每周巡查", "厂规")
    assert area.acted("principal", f"remove:{duty.id}", None) == ""
    assert not area.of("principal")


def test_what_hinders_an_addition_is_said(area: OwnArea, services: Services) -> None:
    assert "是空的" in area.added("principal", "  ", "", None)
    assert "没有这个操作" in area.acted("principal", "format:disk", None)
    assert "已经不在了" in area.acted("principal", "remove:own-9", None)
    area._desk.anyone = False
    assert "只能在装有本程序的电脑上" in area.added("principal", "巡查", "", None)
    assert not area.of("principal")
