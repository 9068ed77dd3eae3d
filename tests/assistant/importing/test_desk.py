"""Importing inside a running application."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Outcome
from assistant.errors import BadInputError
from assistant.importing import desk as module
from assistant.importing.desk import BUSY, ImportDesk, Job
from assistant.services import Live, Services, Settings
from indexer.errors import BuildError
from tests.assistant.importing import files
from tests.conftest import TODAY

QUESTION = "《某县安全生产网格管理办法》第二条"


@pytest.fixture
def desk(data_dir: Path, services: Services, tmp_path: Path) -> Iterator[ImportDesk]:
    folder = tmp_path / "data"
    shutil.copytree(data_dir, folder)
    settings = Settings(data=folder, whole_library=False)
    yield ImportDesk(settings, Live(services))
    shutil.rmtree(folder)


def finished(desk: ImportDesk) -> Job:
    deadline = time.monotonic() + 120
    while desk.busy and time.monotonic() < deadline:
        time.sleep(0.05)
    job = desk.job
    assert job is not None
    assert job.finished
    return job


def outcome(services: Services) -> str:
    return services.ask(QUESTION, TODAY).outcome


def test_the_application_answers_from_an_import_at_once(desk: ImportDesk, tmp_path: Path) -> None:
    before = desk.live.current
    source = desk.read(files.write(tmp_path, files.text()), "办法.txt")
    desk.take_in(source, {}, confirm=True)
    job = finished(desk)
    assert (job.error, job.note) == ("", f"《{files.TITLE}》已入库，现在就能据以回答。")
    assert outcome(desk.live.current) == Outcome.ANSWER
    assert outcome(before) == Outcome.REFUSAL  # a request under way keeps what it began with
    assert desk.live.current.embedder is before.embedder

    desk.take_in(source, {}, confirm=True)
    assert "已经在库中" in finished(desk).note

    desk.remove(job.doc_id)
    assert "已移出" in finished(desk).note
    assert outcome(desk.live.current) == Outcome.REFUSAL


def test_a_waiting_import_is_not_answered_from_until_confirmed(
    desk: ImportDesk, tmp_path: Path
) -> None:
    source = desk.read(files.write(tmp_path, files.text(skip=3)), "办法.txt")
    desk.take_in(source, {}, confirm=False)
    job = finished(desk)
    assert "待确认" in job.note
    assert outcome(desk.live.current) == Outcome.REFUSAL
    desk.confirm(job.doc_id)
    assert finished(desk).error == ""
    assert outcome(desk.live.current) == Outcome.ANSWER


def test_one_job_at_a_time(
    desk: ImportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slow(*_: object) -> None:
        gate.wait(30)

    monkeypatch.setattr(module, "build", slow)
    source = desk.read(files.write(tmp_path, files.text()), "办法.txt")
    desk.take_in(source, {}, confirm=True)
    with pytest.raises(BadInputError, match=BUSY):
        desk.take_in(source, {}, confirm=True)
    with pytest.raises(BadInputError, match=BUSY):
        desk.remove("unit-1")
    gate.set()
    finished(desk)


def test_if_indexing_fails_the_file_is_stored_and_the_old_library_answers(
    desk: ImportDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise BuildError("索引写不进磁盘")

    monkeypatch.setattr(module, "build", broken)
    before = desk.live.current
    source = desk.read(files.write(tmp_path, files.text()), "办法.txt")
    desk.take_in(source, {}, confirm=True)
    job = finished(desk)
    assert "文件已经存好，但索引没有更新：索引写不进磁盘" in job.error
    assert "zhize build" in job.error
    assert [i.facts.title for i in desk.imports().confirmed] == [files.TITLE]
    assert desk.live.current is before


def test_an_unforeseen_failure_is_a_sentence(
    desk: ImportDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(module, "accept", broken)
    desk.take_in(desk.read(files.write(tmp_path, files.text()), "办法.txt"), {}, confirm=True)
    assert "程序出了问题" in finished(desk).error
    assert "secret detail" not in finished(desk).error
    assert "secret detail" in caplog.text


def test_an_import_on_the_command_line_reaches_the_running_application(
    desk: ImportDesk, tmp_path: Path
) -> None:
    assert not desk.follow()
    other = ImportDesk(desk.settings, Live(desk.live.current))
    other.take_in(other.read(files.write(tmp_path, files.text()), "办法.txt"), {}, confirm=True)
    assert finished(other).error == ""
    assert outcome(desk.live.current) == Outcome.REFUSAL
    assert desk.follow()
    assert outcome(desk.live.current) == Outcome.ANSWER
    assert not desk.follow()
