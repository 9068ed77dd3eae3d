"""Examining banks inside a running application: one at a time, in the background, result kept."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, BadInputError
from assistant.files import replace_file
from assistant.quiz.bank.model import BankQuestion
from assistant.quiz.bank.store import Bank, BankStore
from assistant.quiz.check import Link, State, Verdict, check_bank
from assistant.services import Live, Services
from assistant.web.ask_page import TROUBLE
from indexer.errors import IndexingError
from kb.catalog import Catalog
from kb.errors import KbError
from kb.model import ProvisionId

_FORMAT = 1
_FILE = "check.json"
_BROKEN = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, KbError)
_log = logging.getLogger(__name__)
Check = Callable[[Sequence[BankQuestion], Services, Callable[[int, int], None]], Sequence[Verdict]]


@dataclass(frozen=True, slots=True)
class Run:
    """How far an examination has come. `error` is a sentence for the keeper of the bank."""

    bank_id: str
    done: int
    total: int
    finished: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The verdicts on a bank, in its order, by the rules in force on `day`.

    `at` is the time of the examination in UTC; `current` is False once the library has changed.
    """

    verdicts: tuple[Verdict, ...]
    at: str
    day: date
    current: bool

    def count(self, state: State) -> int:
        """Return how many questions have that verdict."""
        return sum(v.state is state for v in self.verdicts)


class CheckRuns:
    """Starts examinations and keeps what they find beside the bank; safe to ask from any thread."""

    def __init__(
        self,
        banks: BankStore,
        live: Live,
        now: Callable[[], datetime],
        check: Check = check_bank,
    ) -> None:
        self.banks = banks
        self._live, self._now, self._check = live, now, check
        self._lock = threading.Lock()
        self._run: Run | None = None

    def of(self, bank_id: str) -> Run | None:
        """Return the examination of that bank that is under way or ended last; None if none."""
        run = self._run
        return run if run is not None and run.bank_id == bank_id else None

    def busy(self, bank_id: str = "") -> bool:
        """True while that bank is examined; without an id, while any is."""
        run = self._run
        return run is not None and not run.finished and bank_id in ("", run.bank_id)

    def start(self, bank: Bank) -> None:
        """Begin to examine a bank; BadInputError if another one is under way or it is empty."""
        questions = bank.imported.questions
        if not questions:
            raise BadInputError("没有读出完整的题目，不能体检；请先改对上面各列的含义")
        with self._lock:
            if self.busy(bank.id):
                return
            if self.busy():
                raise BadInputError("另一份题库正在体检；请等它结束后再开始")
            self._run = Run(bank.id, 0, len(questions))
        threading.Thread(target=self._work, args=(bank,), daemon=True, name="bank check").start()

    def result(self, bank: Bank) -> Result | None:
        """Return what the last examination found; None if there is none that fits the bank."""
        services = self._live.current
        try:
            row = json.loads(self._path(bank).read_text(encoding="utf-8"))
            if row["format"] != _FORMAT or row["bank_at"] != bank.at:
                return None
            questions = bank.imported.questions
            verdicts = tuple(
                _verdict(v, q, services.catalog)
                for v, q in zip(row["verdicts"], questions, strict=True)
            )
            current = row["library"] == services.library.fingerprint
            return Result(verdicts, str(row["at"]), date.fromisoformat(row["day"]), current)
        except _BROKEN:  # a result is derived: it is made again
            return None

    def _work(self, bank: Bank) -> None:
        total = len(bank.imported.questions)

        def progress(done: int, of: int) -> None:
            self._run = Run(bank.id, done, of)

        try:
            services = self._live.current
            verdicts = self._check(bank.imported.questions, services, progress)
            self._keep(bank, verdicts, services)
            self._run = Run(bank.id, total, total, finished=True)
        except (AssistantError, KbError, IndexingError) as e:
            self._run = Run(bank.id, 0, total, finished=True, error=str(e))
        except Exception:  # the edge: the reader gets a sentence, the log gets the rest
            _log.exception("a bank could not be examined")
            self._run = Run(bank.id, 0, total, finished=True, error=TROUBLE)

    def _keep(self, bank: Bank, verdicts: Sequence[Verdict], services: Services) -> None:
        row = {
            "format": _FORMAT,
            "bank_at": bank.at,
            "at": f"{self._now():%Y-%m-%dT%H:%M:%SZ}",
            "day": services.today().isoformat(),
            "library": services.library.fingerprint,
            "verdicts": [_row(v) for v in verdicts],
        }
        try:
            data = json.dumps(row, ensure_ascii=False, indent=1).encode()
            replace_file(self._path(bank), data)
        except OSError as e:
            raise BadInputError(
                f"体检结果存不下（{e.strerror or e}）；题库可能已被移除，或磁盘已满"
            ) from e

    def _path(self, bank: Bank) -> Path:
        return self.banks.root / bank.id / _FILE


def _row(verdict: Verdict) -> dict[str, Any]:
    link = verdict.link
    pid = link.provision.id if link else None
    return {
        "state": verdict.state.value,
        "reason": verdict.reason,
        "suggestion": verdict.suggestion,
        "link": None if link is None or pid is None else {
            "at": [pid.doc_id, pid.version, pid.article, pid.paragraph, pid.item, pid.subitem],
            "lead": link.lead,
        },
    }  # fmt: skip


def _verdict(row: Any, question: BankQuestion, catalog: Catalog) -> Verdict:
    link = row["link"]
    found = None
    if link is not None:
        pid = ProvisionId(*link["at"])
        found = Link(catalog.provision(pid), catalog.get(pid.doc_id), link["lead"])
    return Verdict(State(row["state"]), question, found, row["reason"], row["suggestion"])
