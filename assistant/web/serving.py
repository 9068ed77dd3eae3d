"""The loop that serves the application on one machine."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from assistant.importing.desk import ImportDesk
from assistant.services import Live, Services, Settings
from assistant.startup import collector_paused, keep_for_good, thrifty_heaps
from assistant.web.lanes import Lanes, open_lanes
from assistant.web.opening import Opening, make_early_app
from assistant.web.records import open_records
from assistant.web.server import make_app, prepare
from indexer.build import Report

if TYPE_CHECKING:
    from assistant.practice.desk import PracticeDesk
    from assistant.store.store import Store
    from assistant.web.account_desk import AccountDesk
    from assistant.web.bank_area import BankDesk
    from assistant.web.quiz_desk import Makers

OK, BAD = 0, 2
_KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than a person reads, and than the 60 of most
reverse proxies, so that neither meets a connection that is just being closed."""
_SWITCH = 0.001
"""Seconds after which a computing thread lets another one in: the loop must not wait long."""


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
    thrifty_heaps()
    try:
        listener = _listen(host, port)
    except OSError as e:
        sys.stderr.write(f"{_why_not(host, port, e)}\n")
        return BAD
    from assistant.web.account_desk import open_accounts

    with listener, open_records(settings, sys.stdout.write) as store:
        services = Services.open_or_build(for_many(settings), report)
        sys.setswitchinterval(_SWITCH)
        for warning in services.library.imports.warnings:
            sys.stderr.write(f"注意：{warning}\n")
        live = Live(services)
        desk = ImportDesk(settings, live, anyone=anyone_imports)

        lanes, accounts = open_lanes(live), open_accounts(store)
        whole = partial(_whole_app, live, lanes, desk, accounts, store)
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104
        url = f"http://{f'[{shown}]' if ':' in shown else shown}:{listener.getsockname()[1]}"
        stop = threading.Event()
        threading.Thread(target=desk.watch, args=(stop,), daemon=True).start()
        server = _Server(Opening(make_early_app(live, lanes, accounts)), whole, url, open_browser)
        server.later.append(services.duties.prepare)
        try:
            server.run(sockets=[listener])
        finally:
            stop.set()
            lanes.close()
        if server.failure:
            raise server.failure
    return OK


def _whole_app(
    live: Live, lanes: Lanes, desk: ImportDesk, accounts: AccountDesk, store: Store
) -> FastAPI:
    """The application with its pages; what loads Gradio is imported here, not before."""
    from assistant.web.training_setup import experience_of, training_over

    def practice(live: Live, makers: Makers, banks: BankDesk | None) -> PracticeDesk:
        from assistant.web.practice_setup import open_practice

        experience = experience_of(store)
        return open_practice(
            store.practice, live, desk.settings, makers, banks, experience=experience
        )

    return make_app(live, lanes, desk, practice, accounts, training_over(store))


def for_many(settings: Settings) -> Settings:
    """Return the settings with one thread a question, unless ZHIZE_THREADS says otherwise.

    Questions of several people run side by side, one on each core. Several threads for each of
    them get into each other's way: half as many questions were answered in the same time.
    """
    return settings if os.environ.get("ZHIZE_THREADS") else replace(settings, threads=1)


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
    """Answers at once, opens the pages beside that, and then begins on what can wait.

    `failure` is what kept the pages from being opened, which ends the server.
    """

    def __init__(
        self, opening: Opening, whole: Callable[[], FastAPI], url: str, open_browser: bool
    ) -> None:
        config = uvicorn.Config(
            opening, log_level="warning", access_log=False, timeout_keep_alive=_KEEP_ALIVE
        )
        super().__init__(config)
        self._opening, self._whole, self._url, self._open_browser = (
            opening, whole, url, open_browser,
        )  # fmt: skip
        self.later: list[Callable[[], object]] = []
        self.failure: BaseException | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._open, args=(loop,), daemon=True).start()

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            with collector_paused():
                app = self._whole()
            keep_for_good()
            asyncio.run_coroutine_threadsafe(self._opening.become(app), loop).result()
        except BaseException as e:
            self.failure, self.should_exit = e, True
            return
        sys.stdout.write(f"知责已启动：{self._url}\n")
        sys.stdout.flush()
        if self._open_browser:
            webbrowser.open(self._url)
        for work in (*self.later, *app.state.later):
            work()
