"""The part 题库体检 of the page 出题组卷: take a bank in, correct its columns, examine, show."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping as AnyMapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import BadInputError
from assistant.quiz.bank import BankFile, Mapping, Role, read_bank
from assistant.quiz.bank.store import Bank, BankStore
from assistant.quiz.check import State
from assistant.services import Live
from assistant.web.bank_html import banks_html, mapping_html, results_html, running_html
from assistant.web.quiz_runs import CheckRuns, Result

_CHOOSE = (
    "可以是 Excel（.xlsx）、Word（.docx）、TXT、CSV、GIFT，或本程序导出的 JSON。"
    "原文件会留着，题库不会外传。"
)


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(timezone.utc)


class BankDesk:
    """The banks of one application and their examinations."""

    def __init__(self, live: Live, root: Path) -> None:
        self.live = live
        self.store = BankStore(root, utc_now)
        self.runs = CheckRuns(self.store, live, utc_now)

    def take_in(self, path: Path) -> Bank:
        """Keep an uploaded file; BadInputError says in one sentence why it is no bank."""
        bank, _ = self.store.add(path)
        return bank

    def check(self, command: AnyMapping[str, Any]) -> Bank:
        """Begin to examine a bank, read with the columns of the command if there are any."""
        bank = self.store.get(str(command.get("bank")))
        if self.runs.busy(bank.id):
            return bank
        if "roles" in command:
            mapping = corrected(self.read(bank), bank.mapping, command["roles"])
            bank = self._reread(bank, mapping)
        self.runs.start(bank)
        return bank

    def read(self, bank: Bank) -> BankFile:
        """Return what the kept file holds; BadInputError if it cannot be read any more."""
        return read_bank(self.store.original(bank))

    def remove(self, bank_id: str) -> str:
        """Take a bank out; return what was done. BadInputError while it is examined."""
        if self.runs.busy(bank_id):
            raise BadInputError("这份题库正在体检；请等它结束后再移除")
        self.store.remove(bank_id)
        return "已移除这份题库"

    def result(self, bank: Bank) -> Result | None:
        """Return what the last examination of a bank found."""
        return self.runs.result(bank)

    def list_html(self) -> str:
        """Return all banks."""
        return banks_html([(b, self.result(b)) for b in self.store.list()])

    def bank_html(self, bank_id: str, state: str = "") -> str:
        """Return a bank as it stands: examined, being examined, or what its columns mean."""
        bank = self.store.get(bank_id)
        run = self.runs.of(bank.id)
        if run is not None and not run.finished:
            return running_html(bank, run)
        result = self.result(bank)
        if run is not None and run.error:
            return self.mapping_html({"bank": bank.id}, run.error)
        if result is None:
            return self.mapping_html({"bank": bank.id})
        return results_html(bank, result, _state(state, result), self.live.current.catalog)

    def mapping_html(self, command: AnyMapping[str, Any], error: str = "") -> str:
        """Return what is read of a bank with the columns of the command, or as it is kept."""
        bank = self.store.get(str(command.get("bank")))
        file, mapping = self.read(bank), bank.mapping
        if "roles" in command:
            mapping = corrected(file, mapping, command["roles"])
        return mapping_html(bank, file.rows, mapping, file.imported(mapping), error)

    def _reread(self, bank: Bank, mapping: Mapping) -> Bank:
        """Keep the bank with other columns; it is known by its bytes, named by its file."""
        if mapping == bank.mapping:
            return bank
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / bank.file
            shutil.copyfile(self.store.original(bank), copy)
            made, _ = self.store.add(copy, mapping)
        return made


def _state(name: str, result: Result) -> State | None:
    """The verdict to show: the one asked for; else the gravest that occurs."""
    if name == "all":
        return None
    asked = next((s for s in State if s.value == name), None)
    return asked or next((s for s in State if result.count(s)), None)


def corrected(file: BankFile, mapping: Mapping, roles: object) -> Mapping:
    """Return the mapping with the roles that somebody chose: one list a sheet, one a column."""
    if not isinstance(roles, list) or len(roles) != len(mapping.sheets):
        raise BadInputError("各列的含义不完整；请刷新页面再选")
    known = {r.value: r for r in Role}
    width = max((len(r.cells) for r in file.rows), default=0)
    for sheet, chosen in zip(mapping.sheets, roles, strict=True):
        if not isinstance(chosen, list) or len(chosen) > max(width, len(sheet.roles)):
            raise BadInputError("各列的含义不完整；请刷新页面再选")
        for column, name in enumerate(chosen):
            if name not in known:
                raise BadInputError("没有这种列；请刷新页面再选")
            if column < len(sheet.roles) or known[name] is not Role.IGNORED:
                mapping = mapping.with_role(sheet.sheet, column, known[name])
    return mapping


class BankArea:
    """Lays out the upload in the open page, closed until the part is shown."""

    def __init__(self) -> None:
        with gr.Column(elem_id="z-bankbox", visible=False) as self.column:
            gr.HTML(f'<p class="z-hint">{_CHOOSE}</p>', apply_default_css=False, js_on_load=None)
            self.file = gr.UploadButton("选择题库文件", elem_id="z-bankfile", variant="primary")
        self.timer = gr.Timer(1.0, active=False)
