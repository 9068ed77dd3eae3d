"""Importing inside a running application: one job at a time, in the background, then a swap."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, BadInputError
from assistant.importing.proposal import SAME, Proposal, Source, accept, prepare, propose
from assistant.importing.store import ImportStore
from assistant.services import Live, Settings, build
from indexer.errors import IndexingError
from indexer.reader import read_manifest
from kb.digests import load_digests
from kb.errors import KbError
from kb.imports import Imported, Imports, ImportState
from kb.model import Document, TextKind

_log = logging.getLogger(__name__)
BUSY = "另一个导入正在进行；请等它结束后再试"


@dataclass(frozen=True, slots=True)
class Job:
    """What the desk is doing or did last. `error` and `note` are sentences for the keeper."""

    title: str
    phase: str = "准备"
    done: int = 0
    total: int = 0
    finished: bool = False
    error: str = ""
    note: str = ""
    doc_id: str = ""


class ImportDesk:
    """Previews, stores, confirms and removes imports of a running application.

    Every change is stored first and indexed then; once the index is whole, the services are
    exchanged. `anyone` lets visitors from other machines import too.
    """

    def __init__(self, settings: Settings, live: Live, *, anyone: bool = False) -> None:
        self.settings, self.live, self.anyone = settings, live, anyone
        self.store = ImportStore(settings.imports_root)
        self._lock = threading.Lock()
        self._job: Job | None = None

    @property
    def job(self) -> Job | None:
        """The job under way or the last one; None before the first."""
        return self._job

    @property
    def busy(self) -> bool:
        """True while a job is under way."""
        return self._job is not None and not self._job.finished

    def imports(self) -> Imports:
        """What is stored now."""
        return self.store.read()

    def read(self, path: Path, name: str) -> Source:
        """Read and understand an uploaded file; RefusedFileError says why it cannot be."""
        return prepare(path, name)

    def propose(self, source: Source, stated: Mapping[str, Any]) -> Proposal:
        """Return what importing `source` would do now."""
        return propose(source, self._held(), self.imports(), stated)

    def take_in(self, source: Source, stated: Mapping[str, Any], *, confirm: bool) -> None:
        """Begin to store and index a document; BadInputError if another job is under way."""

        def work() -> tuple[str, str]:
            with self.store.writing():
                proposal = self.propose(source, stated)
                stored = accept(self.store, proposal, confirm=confirm)
            if stored.state is ImportState.PENDING:
                return stored.id, f"《{stored.facts.title}》已存为待确认，确认前不据以回答。"
            self._refresh()
            if proposal.action == SAME and proposal.existing == stored:
                return stored.id, f"《{stored.facts.title}》已经在库中，没有改动。"
            return stored.id, f"《{stored.facts.title}》已入库，现在就能据以回答。"

        self._begin(source.name, work)

    def confirm(self, doc_id: str) -> None:
        """Begin to answer from the wording that waits; BadInputError if another job is under way."""

        def work() -> tuple[str, str]:
            with self.store.writing():
                stored = self.store.confirm(doc_id)
            self._refresh()
            return doc_id, f"《{stored.facts.title}》已确认入库，现在就能据以回答。"

        self._begin(self._title(doc_id), work)

    def remove(self, doc_id: str, *, pending_only: bool = False) -> None:
        """Begin to take a document out; BadInputError if another job is under way."""
        title = self._title(doc_id)

        def work() -> tuple[str, str]:
            with self.store.writing():
                self.store.remove(doc_id, pending_only=pending_only)
            if pending_only:
                return "", f"已放弃《{title}》待确认的文本，原件仍保留。"
            self._refresh()
            return "", f"《{title}》已移出，原件仍保留，需要时可重新导入。"

        self._begin(title, work)

    def follow(self) -> bool:
        """Take over an index that another process built, such as `zhize import`; True if so.

        Until it fits the library again, the one in use goes on.
        """
        with self._lock:
            if self.busy:
                return False
            try:
                newest = read_manifest(self.settings.index_root).build_id
                if newest == self.live.current.index.manifest.build_id:
                    return False
                self.live.swap(self.live.current.reopened(self.settings))
            except (KbError, IndexingError):
                return False
            return True

    def watch(self, stop: threading.Event, every: float = 3.0) -> None:
        """Follow other processes until `stop` is set."""
        while not stop.wait(every):
            self.follow()

    def _begin(self, title: str, work: Callable[[], tuple[str, str]]) -> None:
        with self._lock:
            if self.busy:
                raise BadInputError(BUSY)
            self._job = Job(title)
        threading.Thread(target=self._run, args=(work,), daemon=True, name="import").start()

    def _run(self, work: Callable[[], tuple[str, str]]) -> None:
        try:
            doc_id, note = work()
            self._set(finished=True, note=note, doc_id=doc_id)
        except (AssistantError, KbError, IndexingError) as e:
            self._set(finished=True, error=str(e))
        except Exception:  # the edge: the keeper gets a sentence, the log gets the rest
            _log.exception("an import failed")
            self._set(
                finished=True,
                error="程序出了问题，这次没有做完；请再试一次，仍不行请运行 zhize build 并把问题告诉管理员。",
            )

    def _set(self, **values: Any) -> None:
        self._job = replace(self._job or Job(""), **values)

    def _refresh(self) -> None:
        """Bring the index up to date and answer from it; the store keeps what it has either way."""

        def report(phase: str, done: int, total: int) -> None:
            self._set(phase=phase, done=done, total=total)

        try:
            build(self.settings, report)
            self._set(phase="启用", done=0, total=0)
            self.live.swap(self.live.current.reopened(self.settings))
        except (KbError, IndexingError) as e:
            raise IndexingError(
                f"文件已经存好，但索引没有更新：{e}；处理后运行 zhize build，再重新启动"
            ) from e

    def _held(self) -> list[Document]:
        """The library as it is without any import."""
        held = [d for d in self.live.current.catalog if d.text_kind is not TextKind.UNIT]
        known = {d.id for d in held}
        return held + [d.document for d in load_digests() if d.document.id not in known]

    def _title(self, doc_id: str) -> str:
        found = self.imports()
        own: list[Imported] = [i for i in (*found.pending, *found.confirmed) if i.id == doc_id]
        return own[0].facts.title if own else doc_id
