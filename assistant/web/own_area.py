"""The area 本单位补充 of the page 职责清单: duties of the unit's own, and notes on provisions."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from assistant.accounts.rights import Action
from assistant.duties.model import DutyList
from assistant.duties.own import MAX_TEXT, OwnAdditions, OwnStore, locator_key
from assistant.errors import AssistantError, BadInputError
from assistant.importing.desk import ImportDesk
from assistant.web.ask_page import TROUBLE
from assistant.web.html import error_box
from assistant.web.import_area import may_import
from kb.errors import KbError

_HINT = (
    "写上本单位给这个主体另外定的职责（例如厂里的制度、责任书）。它们单独列在清单末尾，"
    "标明“不属于法规内容”，下载的文件里也分开放。"
)
_NOTE_HINT = (
    "也可以给清单里的某一条写批注（例如本单位由谁办、怎么办）。批注显示在那一条下面，"
    "标明“本单位批注”；换了版本、条号没变，批注还在。"
)
_log = logging.getLogger(__name__)


def places(made: DutyList | None) -> list[tuple[str, str]]:
    """Return (what to show, key of its notes) of every provision of a list, in its order."""
    found = {
        locator_key(d): f"《{d.quote.document.short}》{d.norm.provision.locator}"
        for d in (made.lines if made else ())
    }
    return [(shown, key) for key, shown in found.items()]


class OwnArea:
    """Lays out the area in the open page, closed until a list is shown."""

    def __init__(self, desk: ImportDesk) -> None:
        self._desk = desk
        self.store = OwnStore(desk.settings.own_root)
        with (
            gr.Column(elem_id="z-own", visible=False) as self.column,
            gr.Accordion("添加本单位补充", open=False),
        ):
            gr.HTML(f'<p class="z-hint">{_HINT}</p>', apply_default_css=False, js_on_load=None)
            self.text = gr.Textbox(
                label="职责", lines=2, max_lines=8, max_length=MAX_TEXT, elem_id="z-own-text"
            )
            self.basis = gr.Textbox(
                label="依据（可以不填）", max_lines=2, elem_id="z-own-basis",
                placeholder="例如：本厂全员安全生产责任制第八条",
            )  # fmt: skip
            self.add = gr.Button("添加", elem_id="z-own-add")
            gr.HTML(f'<p class="z-hint">{_NOTE_HINT}</p>', apply_default_css=False, js_on_load=None)
            self.place = gr.Dropdown([], value=None, label="给哪一条写批注", elem_id="z-note-place")
            self.remark = gr.Textbox(
                label="批注（留空保存就是删去）", lines=2, max_lines=8, max_length=MAX_TEXT,
                elem_id="z-note-text",
            )  # fmt: skip
            self.keep = gr.Button("保存批注", elem_id="z-note-keep")
        self.status = gr.HTML(elem_id="z-own-status", apply_default_css=False, js_on_load=None)
        self.act = gr.Textbox(visible="hidden", elem_id="z-act")
        self.go = gr.Button("执行", visible="hidden", elem_id="z-act-go")

    def may_change(self, request: gr.Request | None) -> bool:
        """True if this visitor may add and remove; without accounts who may import documents."""
        return may_import(self._desk, request, Action.ANNOTATE)

    def of(self, bearer_id: str) -> OwnAdditions:
        """Return what was added for a bearer; OwnStoreError if it cannot be read."""
        return self.store.of(bearer_id)

    def added(self, bearer_id: str, text: str, basis: str, request: gr.Request | None) -> str:
        """Store an addition; return "" or what hinders, as HTML."""
        return self._done(request, lambda: self.store.add(bearer_id, text, basis))

    def noted(self, bearer_id: str, key: str | None, text: str, request: gr.Request | None) -> str:
        """Store, change or (without a text) remove a note; return "" or what hinders, as HTML."""

        def write() -> None:
            if not key:
                raise BadInputError("还没有选条款；请先选一条再写批注")
            self.store.note(bearer_id, key, text)

        return self._done(request, write)

    def acted(self, bearer_id: str, command: str, request: gr.Request | None) -> str:
        """Carry out what a button asks for, remove:<id>; return "" or what hinders, as HTML."""

        def remove() -> None:
            action, _, duty_id = command.partition(":")
            if action != "remove":
                raise BadInputError("没有这个操作；请刷新页面再试")
            self.store.remove(bearer_id, duty_id)

        return self._done(request, remove)

    def _done(self, request: gr.Request | None, change: Any) -> str:
        try:
            if not self.may_change(request):
                raise BadInputError(
                    "只能在装有本程序的电脑上补充和移除；要让别的电脑也能，"
                    "请用 zhize serve --allow-import 启动"
                )
            change()
        except (AssistantError, KbError) as e:
            return error_box(str(e))
        except Exception:  # the edge: the keeper gets a sentence, the log gets the rest
            _log.exception("an addition could not be stored")
            return error_box(TROUBLE)
        return ""
