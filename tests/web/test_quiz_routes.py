"""The page 出题组卷 over HTTP: files, the form to edit, the report, who may what."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from starlette.testclient import TestClient

import assistant.web.quiz_desk as quiz_desk
from assistant.errors import BadInputError
from assistant.importing.desk import ImportDesk
from assistant.quiz.bank import BankQuestion
from assistant.quiz.check import State, Verdict
from assistant.quiz.paper import Paper
from assistant.services import Live, Services, Settings
from assistant.web import create_app
from assistant.web.bank_area import BankDesk
from assistant.web.quiz_desk import Makers, QuizDesk
from assistant.web.quiz_page import _Events
from assistant.web.quiz_routes import bank_report, file_name, paper_file
from tests.assistant.quiz.fakes import FakeGenerator
from tests.web.markup import parsed
from tests.web.quiz_samples import FORM, small_paper, write_bank

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
UNKNOWN = "f" * 24


@pytest.fixture(scope="module")
def paper(services: Services) -> Paper:
    return small_paper(services)


@pytest.fixture(scope="module")
def client(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quiz_desk, "Generator", FakeGenerator)
        settings = Settings(data=tmp_path_factory.mktemp("data"), whole_library=False)
        with TestClient(create_app(services, settings), follow_redirects=False) as client:
            yield client


def name_of(reply: Any) -> str:
    return unquote(reply.headers["content-disposition"].partition("''")[2])


def test_the_page_opens_with_its_own_style_and_script(client: TestClient) -> None:
    page = client.get("/quiz")
    assert page.status_code == 200
    assert "<title>出题组卷 · 知责</title>" in page.text
    assert "quiz.css" in page.text
    assert "quiz.js" in page.text
    assert "quiz.js" not in client.get("/duties").text
    assert '<a href="/quiz">出题组卷</a>' in client.get("/").text


@pytest.mark.parametrize(
    ("form", "ending"),
    [
        ("paper", ".docx"), ("key", ".docx"), ("xlsx", ".xlsx"), ("gift", ".gift"), ("xml", ".xml"),
        ("apkg", ".apkg"), ("csv", ".csv"), ("json", ".json"), ("all", ".zip"),
    ],
)  # fmt: skip
def test_every_form_has_a_file(services: Services, paper: Paper, form: str, ending: str) -> None:
    name, data = paper_file(paper, form, 1, services.catalog, NOW)
    assert name.endswith(ending)
    assert len(data) > 200


def test_the_word_files_are_paper_and_key(services: Services, paper: Paper) -> None:
    stem = paper.slot(1).question.stem.split("（")[0]
    for form, titled in (("paper", "月度考试.docx"), ("key", "月度考试-答案.docx")):
        name, data = paper_file(paper, form, 1, services.catalog, NOW)
        assert name == titled
        document = docx.Document(io.BytesIO(data))
        text = "\n".join(p.text for p in document.paragraphs)
        assert (stem in text) is (form == "paper")


def test_two_versions_come_as_one_archive(services: Services, paper: Paper) -> None:
    name, data = paper_file(paper, "paper", 2, services.catalog, NOW)
    assert name == "月度考试.zip"
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["月度考试.docx", "月度考试-B卷.docx"]
    _, data = paper_file(paper, "all", 2, services.catalog, NOW)
    files = zipfile.ZipFile(io.BytesIO(data))
    assert len(files.namelist()) == 9
    assert "月度考试-答案.docx" in files.namelist()
    assert len(json.loads(files.read("月度考试.json"))["versions"]) == 1


def test_forms_and_versions_that_do_not_exist_are_refused(services: Services, paper: Paper) -> None:
    with pytest.raises(BadInputError, match="没有“exe”这种文件"):
        paper_file(paper, "exe", 1, services.catalog, NOW)
    for count in (0, 9):
        with pytest.raises(BadInputError, match="1 到 8 个版本"):
            paper_file(paper, "paper", count, services.catalog, NOW)


@pytest.mark.parametrize(
    ("title", "name"),
    [("月度考试", "月度考试"), ("a/b\\c:*?", "a b c"), ("..", "试卷"), ("", "试卷")],
)
def test_titles_become_names_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(title) == name


@pytest.mark.parametrize("path", ["file", "edit"])
def test_a_draft_that_is_not_there_answers_with_a_sentence(client: TestClient, path: str) -> None:
    for draft in (UNKNOWN, "../x"):
        reply = client.get(f"/api/quiz/{path}", params={"draft": draft, "n": 1})
        assert reply.status_code == 400
        assert "重新组卷" in reply.json()["error"]


def test_the_report_is_for_those_at_the_machine_only(client: TestClient) -> None:
    reply = client.get("/api/quiz/report", params={"bank": "b1"})
    assert reply.status_code == 400
    assert "只能在装有本程序的电脑上" in reply.json()["error"]


def test_the_report_is_a_workbook_of_the_verdicts(services: Services, tmp_path: Path) -> None:
    desk = BankDesk(Live(services), tmp_path / "banks")
    bank = desk.take_in(write_bank(tmp_path / "旧题库.xlsx"))
    with pytest.raises(BadInputError, match="还没有体检"):
        bank_report(desk, bank.id)
    verdicts = [Verdict(State.UNLINKED, q, None, "没有找到依据") for q in bank.imported.questions]
    desk.runs._keep(bank, verdicts, services)
    name, data = bank_report(desk, bank.id)
    assert name == "旧题库-体检报告.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = {str(c.value) for row in book.worksheets[0].iter_rows() for c in row if c.value}
    assert {q.stem for q in bank.imported.questions} <= cells


class Page:
    """The events of the page for a visitor from one address."""

    def __init__(self, services: Services, root: Path, host: str) -> None:
        desk = ImportDesk(Settings(data=root, whole_library=False), Live(services))
        live = desk.live
        self.quiz = QuizDesk(live, root / "papers", Makers(FakeGenerator))
        self.banks = BankDesk(live, root / "banks")
        self.events = _Events(live, self.quiz, self.banks, desk)
        self.visitor: Any = SimpleNamespace(client=SimpleNamespace(host=host), headers={})

    def act(self, **command: Any) -> tuple[str, Any]:
        said, shown, *_ = self.events.act(json.dumps(command), self.visitor)
        return parsed(said).text(), shown

    def arrive(self, search: str) -> list[Any]:
        return self.events.arrive(search, self.visitor)


@pytest.fixture
def here(services: Services, tmp_path: Path) -> Page:
    return Page(services, tmp_path, "127.0.0.1")


@pytest.fixture
def away(services: Services, tmp_path: Path) -> Page:
    return Page(services, tmp_path, "10.0.0.7")


def test_visitors_from_elsewhere_make_and_download_but_keep_nothing(away: Page, here: Page) -> None:
    said, shown = away.act(do="make", form=FORM)
    assert said == ""
    assert parsed(shown).css(".z-files a")
    assert not parsed(shown).css(".z-save")
    draft = parsed(shown).css_first(".z-paper").attributes["data-draft"]
    for command in (
        {"do": "save", "draft": draft, "rev": 1, "name": "一季度"}, {"do": "open", "id": "x"},
        {"do": "remove", "id": "x"}, {"do": "bank", "bank": "b"}, {"do": "check", "bank": "b"},
        {"do": "map", "bank": "b"}, {"do": "bankremove", "bank": "b"},
    ):  # fmt: skip
        assert "只能在装有本程序的电脑上" in away.act(**command)[0]
    assert here.quiz.saved() == ()
    for search in ("?view=saved", "?view=bank", "?bank=b1"):
        assert "只能在装有本程序的电脑上" in away.arrive(search)[4]
        assert "只能在装有本程序的电脑上" not in here.arrive(search)[4]
    said = away.events.upload("/nowhere.xlsx", away.visitor)[0]
    assert "只能在装有本程序的电脑上" in said


def test_a_reload_shows_the_draft_of_the_address_with_its_plan(here: Page) -> None:
    _, shown = here.act(do="make", form=FORM)
    draft = parsed(shown).css_first(".z-paper").attributes["data-draft"]
    for name in ("draft", "last"):
        _, plan, _, _, again, *_ = here.arrive(f"?{name}={draft}")
        assert parsed(again).css_first(".z-paper").attributes["data-draft"] == draft
        assert parsed(plan).css_first("[name=title]").attributes["value"] == "月度考试"
    assert not parsed(here.arrive(f"?new=1&draft={draft}")[4]).css(".z-paper")


def test_a_lost_draft_is_said_if_it_was_asked_for_and_forgotten_else(here: Page) -> None:
    asked, last = here.arrive(f"?draft={UNKNOWN}")[4], here.arrive(f"?last={UNKNOWN}")[4]
    assert "已经不在了" in asked
    assert "已经不在了" not in last
    assert parsed(last).css("[data-forget]")


@pytest.mark.parametrize("text", ["", "x", "[]", '"make"', '{"do": "make"}', '{"do": "nothing"}'])
def test_a_broken_command_is_answered_with_a_sentence(here: Page, text: str) -> None:
    said = here.events.act(text, here.visitor)[0]
    assert "请刷新页面" in parsed(said).text()


def test_what_nobody_thought_of_is_logged_and_said(
    here: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Any) -> Any:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr(here.quiz, "make", broken)
    said, _ = here.act(do="make", form=FORM)
    assert "程序出了问题" in said
    assert "RuntimeError" not in said
    assert "something nobody thought of" in caplog.text


def test_an_examination_goes_on_while_its_page_is_left_and_is_found_again(
    here: Page, tmp_path: Path
) -> None:
    go = threading.Event()

    def check(questions: Sequence[BankQuestion], _: Services, progress: Any) -> list[Verdict]:
        assert go.wait(20)
        progress(len(questions), len(questions))
        return [Verdict(State.UNLINKED, q, None, "没有找到依据") for q in questions]

    here.banks.runs._check = check
    bank = here.banks.take_in(write_bank(tmp_path / "旧题库.xlsx"))
    _, shown = here.act(do="check", bank=bank.id)
    assert parsed(shown).css("[role=progressbar]")
    *_, shown, timer, watched = here.arrive(f"?bank={bank.id}")
    assert parsed(shown).css("[role=progressbar]")
    assert (timer.active, watched) == (True, bank.id)
    go.set()
    for _ in range(200):
        shown, timer = here.events.follow(bank.id)
        if not timer.active:
            break
        time.sleep(0.05)
    assert len(parsed(shown).css(".z-judged")) == 4
    assert not here.events.follow("")[1].active


def test_a_bank_that_is_none_is_said_and_nothing_kept(here: Page, tmp_path: Path) -> None:
    for name, data, sentence in (
        ("空.xlsx", b"", "空的"), ("坏.xlsx", b"PK", "已损坏"), ("图.png", b"x", "不认识后缀"),
        ("旧.xls", b"x", "另存为 .xlsx")
    ):  # fmt: skip
        path = tmp_path / name
        path.write_bytes(data)
        said = parsed(here.events.upload(str(path), here.visitor)[0])
        assert sentence in said.css_first("[role=alert]").text()
    assert here.banks.store.list() == ()
