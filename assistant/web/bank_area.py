"""The part 题库体检 of the page 出题组卷: take a bank in, correct its columns, examine, show."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping as AnyMapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.accounts.model import Actor
from assistant.errors import BadInputError
from assistant.practice.sets import CONTRADICTED, bank_question
from assistant.quiz.bank import BankFile, Mapping, Role, read_bank
from assistant.quiz.bank.store import Bank, BankStore
from assistant.quiz.check import State, Verdict
from assistant.services import Live
from assistant.training.insisting import Insisting
from assistant.web.bank_html import (
    LeftOut,
    LeftOutOf,
    banks_html,
    mapping_html,
    results_html,
    running_html,
)
from assistant.web.quiz_runs import CheckRuns, Result

_CHOOSE = (
    "可以是 Excel（.xlsx）、Word（.docx）、TXT、CSV、GIFT，或本程序导出的 JSON。"
    "原文件会留着，题库不会外传。"
)
_NO_STORE = "这个程序没有数据文件夹，不能用于练习"


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(timezone.utc)


class BankDesk:
    """The banks of one application and their examinations.

    With `insisting` questions that are contradicted can be practised all the same.
    """

    def __init__(self, live: Live, root: Path, insisting: Insisting | None = None) -> None:
        self.live, self.insisting = live, insisting
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
        shown, catalog = _state(state, result), self.live.current.catalog
        return results_html(bank, result, shown, catalog, self._left_out(bank))

    def insist(self, command: AnyMapping[str, Any], actor: Actor) -> str:
        """Have a question practised that is contradicted; return what was done."""
        bank, question = self.store.get(str(command.get("bank"))), str(command.get("question"))
        result, left_out = self.result(bank), self._left_out(bank)
        if self.insisting is None or left_out is None:
            raise BadInputError(_NO_STORE)
        for verdict in result.verdicts if result else ():
            found = left_out(verdict)
            if found is not None and question and found.question == question:
                reason = str(command.get("reason", ""))
                self.insisting.insist(actor, bank.id, question, verdict, reason)
                return "这道题会用于练习，旁边写明理由"
        raise BadInputError("这份题库里没有这道不符的题；请刷新页面再试")

    def release(self, command: AnyMapping[str, Any], actor: Actor) -> str:
        """Have such a question practised no more; return what was done."""
        if self.insisting is None:
            raise BadInputError(_NO_STORE)
        self.insisting.release(actor, str(command.get("question")))
        return "已撤回，这道题不再用于练习"

    def _left_out(self, bank: Bank) -> LeftOutOf | None:
        """Tells of a verdict whether practice leaves its question out; None without a store."""
        if self.insisting is None:
            return None
        held, fields = self.insisting.all(), self.live.current.duties.fields

        def of(verdict: Verdict) -> LeftOut | None:
            made = bank_question(verdict.question, bank.file, verdict, fields)
            found = held.get(made.id) if made else None
            insisted = found if found and found.released_at is None else None
            if verdict.state not in CONTRADICTED and insisted is None:
                return None
            return LeftOut(made.id if made else "", insisted)

        return of

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
