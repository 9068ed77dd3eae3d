"""The web application and the loop that serves it on one machine, without any outside host."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import URL
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.rights import Action
from assistant.importing.desk import ImportDesk
from assistant.services import Live, Services, Settings
from assistant.startup import collector_paused, keep_for_good
from assistant.web.ask_desk import AskDesk, cores
from assistant.web.job_queue import Limits
from assistant.web.records import open_records
from assistant.web.slow_lane import SlowLane, few_threads
from indexer.build import Report
from indexer.load.raw import MAX_BYTES

if TYPE_CHECKING:
    from assistant.practice.desk import PracticeDesk
    from assistant.web.account_desk import AccountDesk
    from assistant.web.bank_area import BankDesk
    from assistant.web.quiz_desk import Makers, QuizDesk
    from assistant.web.training_routes import TasksOf

    Practice = Callable[[Live, Makers, BankDesk | None], PracticeDesk]
    Training = Callable[[FastAPI, PracticeDesk, SlowLane], TasksOf]

OK, BAD = 0, 2
_UPLOADS_KEPT = (3600, 24 * 3600)
"""How often uploads are looked over, and after how many seconds they are deleted."""
_KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than a person reads, and than the 60 of most
reverse proxies, so that neither meets a connection that is just being closed."""
_SESSIONS = 300
"""How many opened pages Gradio remembers; each takes 0.24 MB, and its own bound is 10,000 of them.
Whoever comes back to one forgotten only loses a form that was half filled in."""
_SWITCH = 0.001
"""Seconds after which a computing thread lets another one in: the loop must not wait long."""
_CLOSED_NETWORK = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where work is done that takes a while: questions side by side, long jobs one by one."""

    asking: AskDesk
    slow: SlowLane

    def close(self) -> None:
        """Begin nothing further."""
        self.asking.close()
        self.slow.close()


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
    return make_app(live, desk, limits, practice, accounts, training)


def make_app(
    live: Live,
    desk: ImportDesk | None = None,
    limits: Limits | None = None,
    practice: Practice | None = None,
    accounts: AccountDesk | None = None,
    training: Training | None = None,
) -> FastAPI:
    """Return the application: pages, HTTP interface and static files over the live services.

    With a `desk` documents can be imported; `limits` as in `create_app`. `practice` opens the desk
    of practice over the live services, the makers of questions and the banks; without it the page
    练习 says it is closed. With `accounts` a gate stands in front of everything; without them
    everybody is a guest. `training` adds the view of the trainer over the desk of practice.

    Call it where no event loop runs. It is assembled inside one, because outside of one Gradio
    opens a loop for each of its locks and never closes it.
    """
    prepare()
    _import_gradio()

    async def assemble() -> FastAPI:
        lanes = Lanes(AskDesk(live, limits), SlowLane())
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


def serve(
    settings: Settings,
    host: str,
    port: int,
    open_browser: bool,
    report: Report,
    *,
    anyone_imports: bool = False,
) -> int:
    """Serve the pages until interrupted; the index is built first if there is none.

    Returns 2 with one line on stderr if the address cannot be used. StoreError, KbError,
    IndexingError and ModelError pass through, each with what to do.
    """
    prepare()
    warm = threading.Thread(target=_import_gradio, daemon=True)
    warm.start()
    try:
        listener = _listen(host, port)
    except OSError as e:
        sys.stderr.write(f"{_why_not(host, port, e)}\n")
        return BAD
    from assistant.web.account_desk import open_accounts
    from assistant.web.training_setup import experience_of, training_over

    with listener, open_records(settings, sys.stdout.write) as store:
        services = Services.open_or_build(for_many(settings), report)
        sys.setswitchinterval(_SWITCH)
        warm.join()
        for warning in services.library.imports.warnings:
            sys.stderr.write(f"注意：{warning}\n")
        live = Live(services)
        desk = ImportDesk(settings, live, anyone=anyone_imports)

        def practice(live: Live, makers: Makers, banks: BankDesk | None) -> PracticeDesk:
            from assistant.web.practice_setup import open_practice

            experience = experience_of(store)
            return open_practice(
                store.practice, live, settings, makers, banks, experience=experience
            )

        with collector_paused():
            app = make_app(
                live,
                desk,
                practice=practice,
                accounts=open_accounts(store),
                training=training_over(store),
            )
        keep_for_good()
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104
        url = f"http://{f'[{shown}]' if ':' in shown else shown}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_keep_alive=_KEEP_ALIVE
        )
        stop = threading.Event()
        threading.Thread(target=desk.watch, args=(stop,), daemon=True).start()
        later = (services.duties.prepare, *app.state.later)
        _Server(config, url, open_browser, later).run(sockets=[listener])
        stop.set()
        app.state.lanes.close()
    return OK


def for_many(settings: Settings) -> Settings:
    """Return the settings with one thread a question, unless ZHIZE_THREADS says otherwise.

    Questions of several people run side by side, one on each core. Several threads for each of
    them get into each other's way: half as many questions were answered in the same time.
    """
    return settings if os.environ.get("ZHIZE_THREADS") else replace(settings, threads=1)


def _import_gradio() -> None:
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


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on: 40 ms more for every reply.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    except OverflowError as e:
        listener.close()
        raise OSError(0, "端口应在 0 到 65535 之间") from e
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    where = f"{host}:{port}"
    if error.errno in (98, 48, 10048):
        return f"{where} 已被占用；请关掉占用它的程序，或用 --port 换一个端口"
    return f"{where} 不能使用（{error.strerror or error}）；请检查 --host 和 --port"


class _Server(uvicorn.Server):
    """Says where the pages are once they can be opened, and then begins on what can wait."""

    def __init__(
        self,
        config: uvicorn.Config,
        url: str,
        open_browser: bool,
        later: Sequence[Callable[[], object]],
    ) -> None:
        super().__init__(config)
        self._url, self._open_browser, self._later = url, open_browser, later

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"知责已启动：{self._url}\n")
        sys.stdout.flush()
        threading.Thread(target=self._begin, daemon=True).start()
        if self._open_browser:
            webbrowser.open(self._url)

    def _begin(self) -> None:
        for work in self._later:
            work()
