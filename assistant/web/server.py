"""The web application: pages, HTTP interface and static files, without any outside host."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import URL
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.rights import Action
from assistant.importing.desk import ImportDesk
from assistant.services import Live, Services, Settings
from assistant.web.ask_desk import cores
from assistant.web.job_queue import Limits
from assistant.web.lanes import Lanes, open_lanes
from assistant.web.slow_lane import SlowLane, few_threads
from indexer.load.raw import MAX_BYTES

if TYPE_CHECKING:
    from assistant.practice.desk import PracticeDesk
    from assistant.web.account_desk import AccountDesk
    from assistant.web.bank_area import BankDesk
    from assistant.web.quiz_desk import Makers, QuizDesk
    from assistant.web.training_routes import TasksOf

    Practice = Callable[[Live, Makers, BankDesk | None], PracticeDesk]
    Training = Callable[[FastAPI, PracticeDesk, SlowLane], TasksOf]

_UPLOADS_KEPT = (3600, 24 * 3600)
"""How often uploads are looked over, and after how many seconds they are deleted."""
_SESSIONS = 300
"""How many opened pages Gradio remembers; each takes 0.24 MB, and its own bound is 10,000 of them.
Whoever comes back to one forgotten only loses a form that was half filled in."""
_CLOSED_NETWORK = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def prepare() -> None:
    """Set what Gradio reads when it is imported, so that it contacts no outside host."""
    os.environ.update(_CLOSED_NETWORK)


def create_app(
    services: Services,
    settings: Settings | None = None,
    limits: Limits | None = None,
    practice: Practice | None = None,
    accounts: AccountDesk | None = None,
    training: Training | None = None,
) -> FastAPI:
    """Return the application over these services.

    With `settings` documents can be imported into their data folder, from the machine itself.
    `limits` says how many questions run and wait at once; without it, as many run as there are
    cores. `practice`, `accounts` and `training` as in `make_app`.
    """
    live = Live(services)
    desk = ImportDesk(settings, live) if settings else None
    return make_app(live, open_lanes(live, limits), desk, practice, accounts, training)


def make_app(
    live: Live,
    lanes: Lanes,
    desk: ImportDesk | None = None,
    practice: Practice | None = None,
    accounts: AccountDesk | None = None,
    training: Training | None = None,
) -> FastAPI:
    """Return the application: pages, HTTP interface and static files over the live services.

    With a `desk` documents can be imported. `practice` opens the desk
    of practice over the live services, the makers of questions and the banks; without it the page
    练习 says it is closed. With `accounts` a gate stands in front of everything; without them
    everybody is a guest. `training` adds the view of the trainer over the desk of practice.

    Call it where no event loop runs. It is assembled inside one, because outside of one Gradio
    opens a loop for each of its locks and never closes it.
    """
    prepare()
    import_gradio()

    async def assemble() -> FastAPI:
        return _assemble(live, desk, lanes, practice, accounts, training)

    return asyncio.run(assemble())


def _assemble(
    live: Live,
    desk: ImportDesk | None,
    lanes: Lanes,
    practice: Practice | None,
    accounts: AccountDesk | None,
    training: Training | None,
) -> FastAPI:
    import gradio as gr

    from assistant.training.insisting import Insisting
    from assistant.web.bank_area import BankDesk
    from assistant.web.quiz_desk import QuizDesk
    from assistant.web.shell import STATIC, STATIC_PATH, Shell
    from assistant.web.theme import make_theme

    settings = desk.settings if desk else None
    quiz = QuizDesk(live, settings.papers_root if settings else None)
    insisting = Insisting(accounts.store) if accounts else None
    banks = BankDesk(live, settings.data / "banks", insisting) if settings else None
    app = FastAPI(
        title="知责", docs_url=None, redoc_url=None, openapi_url=None,
        lifespan=few_threads(cores()),
    )  # fmt: skip
    app.state.lanes = lanes
    app.state.later = []  # what can wait until the pages can be opened
    _add_routes(app, live, lanes, desk, quiz, banks)
    played = practice(live, quiz.makers, banks) if practice else None
    _add_practice(app, played, training, lanes.slow)
    if accounts:
        _add_accounts(app, accounts, settings)
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC))
    with _mounted_only():
        pages = _pages(live, lanes, desk, quiz, banks)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
        gr.mount_gradio_app(
            app, pages, path="/", theme=make_theme(), footer_links=[],
            run_history=False, enable_monitoring=False, show_error=False, ssr_mode=False, pwa=False,
            mcp_server=False,
            max_file_size=4 * MAX_BYTES,  # what is over our own limit gets our own sentence
            app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        )  # fmt: skip
    pages.app = _mounted(app)
    app.add_middleware(Shell)
    app.add_middleware(DeepLinks)
    if accounts:
        from assistant.web.gate import Gate

        functions = {number: (f.page, f.name) for number, f in pages.fns.items()}
        app.add_middleware(
            Gate, accounts=accounts.accounts, switch=accounts.switch, functions=functions
        )
    return app


def _add_routes(
    app: FastAPI,
    live: Live,
    lanes: Lanes,
    desk: ImportDesk | None,
    quiz: QuizDesk,
    banks: BankDesk | None,
) -> None:
    import gradio as gr

    from assistant.web.api import add_error_handlers, make_router
    from assistant.web.bank_area import utc_now
    from assistant.web.downloads import make_downloads
    from assistant.web.import_area import may_import
    from assistant.web.quiz_routes import make_quiz_routes

    def may_check(request: Request) -> bool:
        return desk is not None and may_import(desk, gr.Request(request), Action.CHECK_BANK)

    app.include_router(make_router(live, lanes.asking))
    app.include_router(make_downloads(live, desk.settings if desk else None, lanes.slow))
    app.include_router(make_quiz_routes(live, quiz, banks, may_check, utc_now, lanes.slow))
    add_error_handlers(app)


def _add_accounts(app: FastAPI, accounts: AccountDesk, settings: Settings | None) -> None:
    from assistant.web.login_routes import make_login_routes
    from assistant.web.manage_routes import make_manage_routes

    app.include_router(make_login_routes(accounts))
    app.include_router(make_manage_routes(accounts, settings))


def _add_practice(
    app: FastAPI, practice: PracticeDesk | None, training: Training | None, slow: SlowLane
) -> None:
    from assistant.web.practice_page import practice_page
    from assistant.web.practice_routes import make_practice_routes, no_tasks
    from assistant.web.practice_setup import make_ready
    from assistant.web.training_setup import add_closed_training
    from assistant.web.who import person_of

    if practice is None or training is None:
        add_closed_training(app)
    if practice is None:

        @app.get("/practice", response_class=HTMLResponse)
        def closed() -> str:
            return practice_page(closed=True)

        return
    tasks = training(app, practice, slow) if training else no_tasks
    app.include_router(make_practice_routes(practice, person_of, tasks=tasks))
    app.state.later.append(lambda: make_ready(practice))


def _pages(
    live: Live, lanes: Lanes, desk: ImportDesk | None, quiz: QuizDesk, banks: BankDesk | None
) -> Any:
    """The pages as Gradio blocks, the front page first."""
    import gradio as gr

    from assistant.web.ask_page import build_ask_page
    from assistant.web.duties_page import build_duties_page
    from assistant.web.html import DUTIES_PATH, LIBRARY_PATH, QUIZ_PATH
    from assistant.web.library_page import build_library_page
    from assistant.web.quiz_page import build_quiz_page

    with gr.Blocks(
        title="问答 · 知责", analytics_enabled=False, delete_cache=_UPLOADS_KEPT
    ) as pages:
        gr.Navbar(visible=False)
        build_ask_page(live, pages, lanes.asking)
    pages.state_session_capacity = _SESSIONS
    with pages.route("职责清单", DUTIES_PATH, show_in_navbar=False):
        gr.Navbar(visible=False)
        build_duties_page(live, pages, desk)
    with pages.route("出题组卷", QUIZ_PATH, show_in_navbar=False):
        gr.Navbar(visible=False)
        build_quiz_page(live, pages, quiz, banks, desk, lanes.slow)
    with pages.route("法规库", LIBRARY_PATH, show_in_navbar=False):
        gr.Navbar(visible=False)
        build_library_page(live, pages, desk)
    return pages


def _mounted(app: FastAPI) -> Any:
    """The application of the pages inside ours, by which Gradio's queue knows where it runs."""
    from gradio.routes import App

    inside = (getattr(route, "app", None) for route in app.routes)
    return next(a for a in inside if isinstance(a, App))


@contextmanager
def _mounted_only() -> Iterator[None]:
    """Keep Gradio from making an application of its own whenever a page is finished.

    It is for launching the page alone; ours are mounted, and five of them take most of a second.
    """
    from gradio.routes import App

    original = App.create_app
    App.create_app = staticmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        App.create_app = staticmethod(original)


class DeepLinks:
    """ASGI middleware that sends /?doc=… to the library page, where documents open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            query = parse_qs(scope["query_string"].decode("latin-1"))
            if "doc" in query:
                kept = {k: v[0] for k, v in query.items() if k in ("doc", "at", "v")}
                target = URL(f"/library?{urlencode(kept)}")
                await RedirectResponse(target, 307)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def import_gradio() -> None:
    """Load Gradio without letting it write editor stubs, which is half of its loading time.

    Its metaclass rewrites .pyi files in site-packages for every component; it passes over a
    class whose source file cannot be named.
    """
    if "gradio" in sys.modules:
        return
    original = inspect.getfile

    def no_source(thing: Any) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError("no stubs wanted")
        return original(thing)

    inspect.getfile = no_source  # type: ignore[assignment]
    try:
        importlib.import_module("gradio")
    finally:
        inspect.getfile = original
