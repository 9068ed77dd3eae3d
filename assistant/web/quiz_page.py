"""The 出题组卷 page: a plan in, a paper to look over, change, keep and download; old banks checked.

What a click asks for comes as one JSON command in a hidden box; the paper itself lies in a draft
on the server, so that a reload loses nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import anyio.to_thread
import gradio as gr

from assistant.accounts.rights import Action
from assistant.errors import AssistantError, BadInputError, BusyError
from assistant.importing.desk import ImportDesk
from assistant.quiz.drafts import Draft
from assistant.services import Live
from assistant.web.access import COMMANDS
from assistant.web.ask_page import QUIET, TROUBLE, regions, replied
from assistant.web.bank_area import BankArea, BankDesk
from assistant.web.html import QUIZ_PATH, error_box, esc, icon
from assistant.web.import_area import may_import
from assistant.web.quiz_desk import QuizDesk
from assistant.web.quiz_form_html import plan_html
from assistant.web.quiz_html import do, paper_html, saved_html
from assistant.web.slow_lane import SlowLane
from assistant.web.who import account_of, visitor_of
from indexer.errors import IndexingError
from kb.errors import KbError

_LEAD = (
    "填好要考谁、考什么、各出几题，程序从现行条文里出题；每题都有答案、解析和依据，可以换、改、删，"
    "再下载成 Word 等文件。旧题库可以做体检。"
)
_READ = (
    "() => [location.search || (localStorage.getItem('zhize-draft') "
    "? '?last=' + localStorage.getItem('zhize-draft') : '')]"
)
"""The address; without one, the draft that this browser worked on last."""
_HERE_ONLY = (
    "只能在装有本程序的电脑上保存试卷和体检题库；要让别的电脑也能，"
    "请用 zhize serve --allow-import 启动"
)
_TABS = {"": "组卷", "saved": "已存试卷", "bank": "题库体检"}
_LONG = ("make", "redraw", "replace")
"""Commands that take seconds."""
_PLAIN: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
_log = logging.getLogger(__name__)
Command = Mapping[str, Any]


def build_quiz_page(
    live: Live,
    page: gr.Blocks,
    quiz: QuizDesk,
    banks: BankDesk | None,
    desk: ImportDesk | None,
    slow: SlowLane,
) -> None:
    """Lay out the page in `page`, whose context is open, and connect its events.

    With a `desk` visitors who may change the library can save papers and keep banks, too. What
    takes long is done in the slow lane.
    """
    gr.HTML(f'<h1 class="z-h1">出题组卷</h1><p class="z-lead">{_LEAD}</p>', elem_classes="z-top")
    tabs = gr.HTML(elem_id="z-tabs", **_PLAIN)
    plan = gr.HTML(elem_id="z-planarea", **_PLAIN)
    area = BankArea()
    said = gr.HTML(elem_id="z-said", **_PLAIN)
    out = gr.HTML(elem_id="z-out", min_height=160, **_PLAIN)
    box = gr.Textbox(visible="hidden", elem_id="z-do")
    go = gr.Button("执行", visible="hidden", elem_id="z-do-go")
    address = gr.Textbox(visible=False)
    watched = gr.State("")
    events = _Events(live, quiz, banks, desk)
    page.load(
        events.arrive, address, [tabs, plan, area.column, said, out, area.timer, watched],
        js=_READ, **QUIET,
    )  # fmt: skip

    async def act(text: str, request: gr.Request) -> list[Any]:
        return await in_turn(slow, text, lambda: events.act(text, request))

    go.click(act, box, [said, out, area.timer, watched], **QUIET)
    area.file.upload(events.upload, area.file, [said, out], **QUIET)
    area.timer.tick(events.follow, watched, [out, area.timer], **QUIET)


async def in_turn(slow: SlowLane, text: str, act: Callable[[], list[Any]]) -> list[Any]:
    """Return what carrying out the command `text` shows; long ones wait for their turn.

    If too many wait, that is what is said, and the page stays as it is.
    """
    try:
        long = _command(text).get("do") in _LONG
    except BadInputError:
        long = False
    if not long:
        return await anyio.to_thread.run_sync(act)
    try:
        return await slow.run(act)
    except BusyError as e:
        return [said_html(str(e)), gr.skip(), gr.skip(), gr.skip()]


class _Events:
    """What the page does. Every answer is HTML; what goes wrong becomes one sentence."""

    def __init__(
        self, live: Live, quiz: QuizDesk, banks: BankDesk | None, desk: ImportDesk | None
    ) -> None:
        self._live, self._quiz, self._banks, self._desk = live, quiz, banks, desk
        self._papers: dict[str, Callable[[Command], tuple[Draft, str]]] = {
            "make": lambda c: (self._quiz.make(_form(c)), ""),
            "save": self._quiz.save,
            "open": lambda c: (self._quiz.open(str(c.get("id"))), ""),
        }

    def arrive(self, search: str, request: gr.Request) -> list[Any]:
        """Show what the address asks for: a draft, the saved papers, the banks or one bank."""
        query = {k: v[0] for k, v in parse_qs(search.removeprefix("?")).items()}
        tab = "bank" if "bank" in query else query.get("view", "")
        tab = tab if tab in _TABS else ""
        action = Action.CHECK_BANK if tab == "bank" else Action.KEEP_PAPER
        may = self._may(request, action)
        top = [tabs_html(tab), "", gr.Column(visible=tab == "bank" and may)]
        if tab and not may:
            return [
                *top,
                "",
                replied(error_box(no_sentence(request, action))),
                gr.Timer(active=False),
                "",
            ]
        if tab == "":
            self._quiz.warm()
            form, shown = self._paper(query, may=may)
            top[1] = form
            return [*top, "", shown, gr.Timer(active=False), ""]
        bank_id = query.get("bank", "") if tab == "bank" else ""
        shown = _guarded(lambda: self._list(tab, bank_id))
        return [*top, "", replied(shown), gr.Timer(active=self._busy(bank_id)), bank_id]

    def act(self, text: str, request: gr.Request) -> list[Any]:
        """Carry out a command; what it shows, or a sentence and the page as it was."""
        try:
            command = _command(text)
            return self._carried_out(command, str(command.get("do")), request)
        except Exception as e:  # the edge: the reader gets a sentence, the log gets the rest
            return [said_html(_sentence(e)), gr.skip(), gr.skip(), gr.skip()]

    def upload(self, path: str | None, request: gr.Request) -> list[Any]:
        """Keep a bank and show what was understood of it."""
        if not path:
            return [gr.skip(), gr.skip()]
        try:
            banks = self._kept(request, Action.CHECK_BANK)
            return [said_html(), replied(banks.bank_html(banks.take_in(Path(path)).id))]
        except Exception as e:  # the edge
            return [said_html(_sentence(e)), gr.skip()]

    def follow(self, bank_id: str) -> list[Any]:
        """Show how far the examination has come, and what it found once it is over."""
        if self._banks is None or not bank_id:
            return [gr.skip(), gr.Timer(active=False)]
        banks = self._banks
        shown = _guarded(lambda: banks.bank_html(bank_id))
        return [replied(shown), gr.Timer(active=self._busy(bank_id))]

    def _carried_out(self, command: Command, what: str, request: gr.Request) -> list[Any]:
        if what in COMMANDS:
            self._kept(request, COMMANDS[what])
        if COMMANDS.get(what) is Action.CHECK_BANK:
            return self._of_bank(command, what, request)
        off = [gr.Timer(active=False), ""]
        if what == "remove":
            done = self._quiz.delete(str(command.get("id")))
            return [said_html(done=done), replied(saved_html(self._quiz.saved())), *off]
        draft, done = self._papers.get(what, self._quiz.changed)(command)
        number = command.get("n")
        focus = number if isinstance(number, int) and what in ("replace", "edit") else 0
        shown = paper_html(
            draft,
            self._live.current.catalog,
            may_save=self._may(request, Action.KEEP_PAPER),
            focus=focus,
        )
        undo = draft if done and draft.before and what not in ("undo", "save") else None
        return [said_html(done=done, undo=undo), replied(shown), *off]

    def _of_bank(self, command: Command, what: str, request: gr.Request) -> list[Any]:
        banks = self._banks
        assert banks is not None  # noqa: S101 - _kept has seen to it
        bank_id = str(command.get("bank"))
        if what == "bankremove":
            done = banks.remove(bank_id)
            return [said_html(done=done), replied(banks.list_html()), gr.Timer(active=False), ""]
        done = ""
        if what in ("insist", "release"):
            change = banks.insist if what == "insist" else banks.release
            done = change(command, visitor_of(request))
        if what == "map":
            shown = banks.mapping_html(command)
        else:
            if what == "check":
                banks.check(command)
            shown = banks.bank_html(bank_id, str(command.get("state", "")))
        return [said_html(done=done), replied(shown), gr.Timer(active=self._busy(bank_id)), bank_id]

    def _paper(self, query: dict[str, str], *, may: bool) -> tuple[str, str]:
        """The form and the draft of the address, or the one this browser worked on last."""
        services = self._live.current
        table, fields, places = services.duties.table, services.duties.fields, regions(services)
        draft_id = query.get("draft") or query.get("last", "")
        if not draft_id or "new" in query:
            return plan_html(table, fields, places), replied(empty_html())
        try:
            draft = self._quiz.drafts.get(draft_id)
            shown = paper_html(draft, services.catalog, may_save=may)
            return plan_html(table, fields, places, draft.paper.blueprint), replied(shown)
        except Exception as e:  # the edge
            lost = empty_html(forget=True)
            shown = lost if "last" in query else f"{lost}{error_box(_sentence(e))}"
            return plan_html(table, fields, places), replied(shown)

    def _list(self, tab: str, bank_id: str) -> str:
        if tab == "saved":
            return saved_html(self._quiz.saved())
        banks = self._banks
        if banks is None:
            return error_box(_HERE_ONLY)
        return banks.bank_html(bank_id) if bank_id else banks.list_html()

    def _may(self, request: gr.Request | None, action: Action) -> bool:
        return self._desk is not None and may_import(self._desk, request, action)

    def _kept(self, request: gr.Request | None, action: Action) -> BankDesk:
        if self._banks is None or not self._may(request, action):
            raise BadInputError(no_sentence(request, action))
        return self._banks

    def _busy(self, bank_id: str) -> bool:
        return self._banks is not None and bool(bank_id) and self._banks.runs.busy(bank_id)


def no_sentence(request: gr.Request | None, action: Action) -> str:
    """Return why somebody may not: his role, or without accounts that he is elsewhere."""
    actor = account_of(request)
    if actor is None:
        return _HERE_ONLY
    return f"{actor.role.label}不能{action.value}；需要的话请找管理员"


def tabs_html(chosen: str) -> str:
    """Return the links to the parts of the page, the chosen one marked."""
    links = "".join(
        f'<a href="{QUIZ_PATH}{f"?view={view}" if view else ""}"'
        f"{' aria-current=page' if view == chosen else ''}>{name}</a>"
        for view, name in _TABS.items()
    )
    return f'<nav class="z-tabs" aria-label="出题组卷">{links}</nav>'


def empty_html(*, forget: bool = False) -> str:
    """Return the page without a paper; with `forget` the browser forgets its last one."""
    return (
        f'<div class="z-nopaper"{" data-forget=1" if forget else ""}><p class="z-hint">'
        "试卷会显示在这里。先点一份常用的卷子，或自己填题数，再点“生成试卷”。</p></div>"
    )


def said_html(trouble: str = "", done: str = "", undo: Draft | None = None) -> str:
    """Return what was done, with a button that takes it back, or what hinders; "" for nothing."""
    if trouble:
        close = '<button type="button" class="z-hide" aria-label="收起提示">×</button>'
        return replied(f'<div class="z-toast bad">{error_box(trouble)}{close}</div>')
    if not done:
        return replied("<div></div>")
    back = do("撤销", {"do": "undo", "draft": undo.id, "rev": undo.revision}) if undo else ""
    return replied(
        f'<div class="z-toast" role="status">{icon("info")}<p>{esc(done)}</p>{back}'
        '<button type="button" class="z-hide" aria-label="收起提示">×</button></div>'
    )


def _command(text: str) -> Command:
    try:
        command = json.loads(text or "")
    except ValueError:
        command = None
    if not isinstance(command, dict):
        raise BadInputError("操作不完整；请刷新页面再试")
    return command


def _form(command: Command) -> Command:
    form = command.get("form")
    if not isinstance(form, dict):
        raise BadInputError("表单不完整；请刷新页面再填")
    return form


def _guarded(make: Callable[[], str]) -> str:
    try:
        return make()
    except Exception as e:  # the edge
        return error_box(_sentence(e))


def _sentence(error: Exception) -> str:
    if isinstance(error, (AssistantError, KbError, IndexingError)):
        return str(error)
    _log.error("the quiz page failed", exc_info=error)
    return TROUBLE
