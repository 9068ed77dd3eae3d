"""The import area without a browser: who may, what the form says, what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.errors import BadInputError
from assistant.importing import prepare, propose
from assistant.importing.desk import ImportDesk, Job
from assistant.services import Live, Services, Settings
from assistant.web import create_app
from assistant.web.import_area import _values, may_import, stated
from assistant.web.import_html import imports_html, job_html, preview_html
from kb.imports import Facts, Imports
from kb.model import Level
from tests.assistant.importing import files


@pytest.fixture
def desk(services: Services, tmp_path: Path) -> ImportDesk:
    return ImportDesk(Settings(data=tmp_path, whole_library=False), Live(services))


def visitor(host: str, **headers: str) -> Any:
    return SimpleNamespace(client=SimpleNamespace(host=host), headers=headers)


@pytest.mark.parametrize(
    ("request_", "allowed"),
    [
        (visitor("127.0.0.1"), True),
        (visitor("::1"), True),
        (visitor("10.0.0.7"), False),
        (visitor("127.0.0.1", **{"x-forwarded-for": "10.0.0.7"}), False),
        (None, False),
    ],
)
def test_only_visitors_at_the_machine_itself_may_import(
    desk: ImportDesk, request_: Any, allowed: bool
) -> None:
    assert may_import(desk, request_) is allowed
    everyone = ImportDesk(desk.settings, desk.live, anyone=True)
    assert may_import(everyone, request_) is True


@pytest.fixture
def client(services: Services, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(services, Settings(data=tmp_path, whole_library=False))
    with TestClient(app, follow_redirects=False) as client:
        yield client


def test_the_pages_still_open_and_no_event_can_be_called_by_name(client: TestClient) -> None:
    assert client.get("/library").status_code == 200
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}
    assert client.get("/healthz").json()["status"] == "ok"


FACTS = Facts(
    "某县办法", Level.NORMATIVE_DOCUMENT, "某县办法", "某政发〔2026〕1号", topics=("消防", "应急")
)


def test_an_untouched_form_states_nothing() -> None:
    assert stated(FACTS, tuple(_values(FACTS))) == {}


def test_only_changed_fields_are_stated() -> None:
    values = _values(FACTS)
    values[0], values[3], values[6], values[9] = (
        "《某县新办法》",
        "规章",
        "2026-02-01",
        "消防，应急; 矿山",
    )
    assert stated(FACTS, tuple(values)) == {
        "title": "某县新办法",
        "level": Level.RULE,
        "effective_on": date(2026, 2, 1),
        "topics": ("消防", "应急", "矿山"),
    }


@pytest.mark.parametrize(("field", "value"), [(6, "下个月"), (0, "")])
def test_a_wrong_field_is_one_sentence(field: int, value: str) -> None:
    values = _values(FACTS)
    values[field] = value
    with pytest.raises(BadInputError, match="表格"):
        stated(FACTS, tuple(values))


def test_everything_of_a_file_is_escaped(tmp_path: Path) -> None:
    hostile = files.text(title="<script>alert(1)</script>办法").replace("第四条", "第九条")
    found = propose(prepare(files.write(tmp_path, hostile), "<b>.txt"), [], Imports(), {})
    page = preview_html(found)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "缺第四条至第八条" in page


def test_progress_errors_and_the_end() -> None:
    assert job_html(None) == ""
    assert 'aria-valuenow="50"' in job_html(Job("a.docx", "编码", 5, 10))
    assert "没有改动" in job_html(Job("a", finished=True, error="写不进磁盘，没有改动"))
    done = job_html(Job("a", finished=True, note="《办法》已入库。", doc_id="unit-1"))
    assert 'href="/library?doc=unit-1"' in done
    waits = job_html(Job("a", finished=True, note="《办法》已存为待确认。", doc_id="unit-1"))
    assert "href" not in waits


def test_without_imports_the_list_says_so() -> None:
    assert "还没有导入过" in imports_html(Imports())
    assert "已损坏" in imports_html(Imports(warnings=("unit-1 已损坏",)))
