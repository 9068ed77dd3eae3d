"""The import area of the 法规库 page: choose a file, look at the preview, store, follow, remove."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.accounts.rights import Action, may
from assistant.errors import AssistantError, BadInputError
from assistant.importing.desk import ImportDesk
from assistant.importing.meta import checked
from assistant.importing.proposal import Proposal, Source
from assistant.web.ask_page import QUIET, TROUBLE
from assistant.web.html import error_box
from assistant.web.import_html import imports_html, job_html, preview_html
from assistant.web.who import account_of
from indexer.errors import IndexingError
from indexer.load.raw import MAX_BYTES
from kb.errors import KbError
from kb.imports import Facts, facts_json
from kb.model import Level

_LOCAL = ("127.0.0.1", "::1", "localhost")
_PROXIED = ("x-forwarded-for", "forwarded", "x-real-ip")
_SPLIT = "、,，;；"
_FIELDS = (
    "title", "doc_number", "issuer", "level", "region", "issued_on", "effective_on", "repealed_on",
    "aliases", "topics",
)  # fmt: skip
_CHOOSE = (
    f"可以导入 TXT、MD、DOCX 和带文字的 PDF，不超过 {MAX_BYTES // 2**20} MB。先看预览，确认后才入库；"
    "导入的文件标明“本单位文件”，与法律一起回答。"
)
_LABEL = "导入本单位文件"
_log = logging.getLogger(__name__)
Updates = dict[Any, Any]


def may_import(
    desk: ImportDesk, request: gr.Request | None, action: Action = Action.IMPORT
) -> bool:
    """True if this visitor may change what the machine keeps, which is what `action` does.

    Without an account that is at the machine itself, unless all may; an account may where its
    role does, wherever it is.
    """
    actor = account_of(request)
    if actor is not None:
        return may(actor.role, action) and not actor.must_change
    if desk.anyone:
        return True
    if request is None or request.client is None:
        return False
    proxied = any(h in request.headers for h in _PROXIED)
    return request.client.host in _LOCAL and not proxied


class ImportArea:
    """Lays out the area in the open page and connects its events.

    `narrowed` are further outputs to refresh after a change, and `refresh` makes their updates.
    """

    def __init__(self, desk: ImportDesk) -> None:
        self._desk = desk
        with (
            gr.Column(elem_id="z-import", visible=False) as self.column,
            gr.Accordion(_LABEL, open=False) as self.folded,
        ):
            gr.HTML(f'<p class="z-hint">{_CHOOSE}</p>', **_PLAIN)
            self.file = gr.UploadButton("选择文件", elem_id="z-file", variant="secondary")
            self.source = gr.State(None)
            self.preview = gr.HTML(elem_id="z-preview", **_PLAIN)
            with gr.Column(visible=False, elem_id="z-fields") as self.form:
                self.fields = _fields()
                with gr.Row():
                    self.accept = gr.Button("确认入库", variant="primary", elem_id="z-accept")
                    self.later = gr.Button("先存为待确认", visible=False, elem_id="z-later")
                    self.cancel = gr.Button("取消", elem_id="z-cancel")
            self.status = gr.HTML(elem_id="z-status", **_PLAIN)
            gr.HTML('<h3 class="z-h3">已导入的文件</h3>')
            self.listed = gr.HTML(elem_id="z-imported", **_PLAIN)
            self.act = gr.Textbox(visible="hidden", elem_id="z-act")
            self.go = gr.Button("执行", visible="hidden", elem_id="z-act-go")
            self.timer = gr.Timer(1.0, active=False)

    def connect(self, narrowed: list[Any], refresh: Callable[..., list[Any]]) -> None:
        """Connect the events; `refresh(*values)` returns updates for the outputs `narrowed`."""
        shown = [self.preview, self.form, self.accept, self.later, self.source, *self.fields]
        changes = [self.status, self.listed, self.folded, self.timer]
        self.file.upload(self._chosen, self.file, shown, **QUIET)
        again = [self.source, *self.fields]
        edited = [f.blur for f in self.fields if hasattr(f, "blur")]
        gr.on(edited, self._again, again, [self.preview, self.accept, self.later], **QUIET)
        for button, confirm in ((self.accept, True), (self.later, False)):
            button.click(
                self._take_in(confirm),
                again,
                [*changes, self.preview, self.form],
                **QUIET,
            )
        self.cancel.click(self._cleared, None, shown, **QUIET)
        self.go.click(self._act, self.act, changes, **QUIET)

        def follow(*values: Any) -> list[Any]:
            job = self._desk.job
            over = job is None or job.finished
            updates = refresh(*values) if over else [gr.skip() for _ in narrowed]
            listed = self._listed() if over else [gr.skip(), gr.skip()]
            return [job_html(job), *listed, gr.Timer(active=not over), *updates]

        self.timer.tick(follow, narrowed, [*changes, *narrowed], **QUIET)

    def arrive(self, request: gr.Request | None, *, listing: bool) -> list[Any]:
        """Return updates of `outputs` for a visitor who opens the page."""
        allowed = listing and may_import(self._desk, request)
        if not allowed:
            return [gr.Column(visible=False), "", "", gr.skip(), gr.Timer(active=False)]
        busy = self._desk.busy
        job = job_html(self._desk.job) if busy else ""
        return [gr.Column(visible=True), job, *self._listed(open=busy), gr.Timer(active=busy)]

    def _listed(self, **changes: Any) -> list[Any]:
        """The list of imports, and the heading that says how many there are."""
        imports = self._desk.imports()
        counts = [f"已导入 {len(imports.confirmed)} 份"] if imports.confirmed else []
        counts += [f"{len(imports.pending)} 份待确认"] if imports.pending else []
        counts += [f"{len(imports.warnings)} 份已损坏"] if imports.warnings else []
        label = f"{_LABEL}（{'，'.join(counts)}）" if counts else _LABEL
        return [imports_html(imports), gr.Accordion(label=label, **changes)]

    @property
    def outputs(self) -> list[Any]:
        """What `arrive` updates."""
        return [self.column, self.status, self.listed, self.folded, self.timer]

    def _chosen(self, path: str | None, request: gr.Request) -> list[Any]:
        if not path:
            return self._cleared()
        try:
            self._check(request)
            source = self._desk.read(Path(path), Path(path).name)
            proposal = self._desk.propose(source, {})
        except Exception as e:  # the edge: the keeper gets a sentence, the log gets the rest
            return [_sentence(e), gr.Column(visible=False), gr.skip(), gr.skip(), None, *_blank()]
        return [
            preview_html(proposal), gr.Column(visible=True), *_buttons(proposal), source,
            *_values(proposal.facts),
        ]  # fmt: skip

    def _again(self, source: Source | None, *values: Any) -> list[Any]:
        """Show what the import would do with the facts as they are now."""
        if source is None:
            return [gr.skip(), gr.skip(), gr.skip()]
        try:
            proposal = self._desk.propose(source, stated(source.draft.facts, values))
        except Exception as e:
            return [_sentence(e), gr.skip(), gr.skip()]
        return [preview_html(proposal), *_buttons(proposal)]

    def _take_in(self, confirm: bool) -> Callable[..., list[Any]]:
        def take_in(request: gr.Request, source: Source | None, *values: Any) -> list[Any]:
            try:
                self._check(request)
                if source is None:
                    raise BadInputError("请先选择要导入的文件")
                self._desk.take_in(source, stated(source.draft.facts, values), confirm=confirm)
            except Exception as e:
                return [_sentence(e), *(gr.skip() for _ in range(5))]
            begun = [job_html(self._desk.job), gr.skip(), gr.skip(), gr.Timer(active=True)]
            return [*begun, "", gr.Column(visible=False)]

        return take_in

    def _act(self, command: str, request: gr.Request) -> list[Any]:
        """Carry out what a button of the list asks for: remove:<id>, discard:<id>, confirm:<id>."""
        try:
            self._check(request)
            action, _, doc_id = command.partition(":")
            if action == "confirm":
                self._desk.confirm(doc_id)
            elif action in ("remove", "discard"):
                self._desk.remove(doc_id, pending_only=action == "discard")
            else:
                raise BadInputError("没有这个操作；请刷新页面再试")
        except Exception as e:
            return [_sentence(e), gr.skip(), gr.skip(), gr.skip()]
        return [job_html(self._desk.job), gr.skip(), gr.skip(), gr.Timer(active=True)]

    def _check(self, request: gr.Request | None) -> None:
        if not may_import(self._desk, request):
            raise BadInputError(
                "只能在装有本程序的电脑上导入和移出文件；要让别的电脑也能，请用 zhize serve --allow-import 启动"
            )

    def _cleared(self) -> list[Any]:
        return ["", gr.Column(visible=False), gr.skip(), gr.skip(), None, *_blank()]


_PLAIN: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}


def _fields() -> list[Any]:
    levels = [level.value for level in Level]
    with gr.Row():
        title = gr.Textbox(label="标题", max_lines=3, elem_id="z-f-title")
        number = gr.Textbox(label="文号", max_lines=1, elem_id="z-f-number")
    with gr.Row():
        issuer = gr.Textbox(label="发布机关", max_lines=1, elem_id="z-f-issuer")
        level = gr.Dropdown(levels, label="层级", elem_id="z-f-level")
        region = gr.Textbox(label="适用地区", max_lines=1, elem_id="z-f-region")
    with gr.Row():
        days = [
            gr.Textbox(label=label, max_lines=1, placeholder="如 2026-01-31", elem_id=f"z-f-{name}")
            for name, label in (
                ("issued", "公布日期"),
                ("effective", "施行日期"),
                ("repealed", "废止日期"),
            )
        ]
    with gr.Row():
        aliases = gr.Textbox(label="别称（用顿号隔开）", max_lines=1, elem_id="z-f-aliases")
        topics = gr.Textbox(label="主题（用顿号隔开）", max_lines=1, elem_id="z-f-topics")
    return [title, number, issuer, level, region, *days, aliases, topics]


def _values(facts: Facts) -> list[Any]:
    read = facts_json(facts)
    return ["、".join(v) if isinstance(v := read[name], list) else (v or "") for name in _FIELDS]


def _blank() -> list[Any]:
    return [gr.skip() for _ in _FIELDS]


def stated(read: Facts, values: tuple[Any, ...]) -> dict[str, Any]:
    """Return the facts that the keeper changed in the form; BadInputError names the wrong one."""
    was = dict(zip(_FIELDS, _values(read), strict=True))
    changed: dict[str, Any] = {}
    for name, value in zip(_FIELDS, values, strict=True):
        text = str(value or "").strip()
        if text == was[name]:
            continue
        if name in ("aliases", "topics"):
            changed[name] = [
                part.strip()
                for part in text.translate(dict.fromkeys(map(ord, _SPLIT), "、")).split("、")
            ]
        else:
            changed[name] = text
    return checked(changed, "表格")


def _buttons(proposal: Proposal) -> list[Any]:
    waits = bool(proposal.problems)
    return [
        gr.Button("问题已核对，确认入库" if waits else "确认入库"),
        gr.Button(visible=waits),
    ]


def _sentence(error: Exception) -> str:
    if isinstance(error, (AssistantError, KbError, IndexingError)):
        return error_box(str(error))
    _log.error("an import failed", exc_info=error)
    return error_box(TROUBLE)
