"""An application with 练习, accounts and the gate over a real store, and made-up questions.

It needs no index, so it opens in a moment: `python -m tests.web.light_site ADDRESS` serves it over
the database there on a free port, prints the address, and ends with its standard input.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from assistant.errors import BadInputError
from assistant.practice.desk import PracticeDesk
from assistant.practice.questions import Scope, Shelves, Wanted
from assistant.practice.rounds import Fresh
from assistant.quiz.model import Kind
from assistant.services import Live, Services
from assistant.store import open_store
from assistant.store.store import Store
from assistant.training.desk import TrainingDesk
from assistant.web.account_desk import open_accounts
from assistant.web.gate import Gate
from assistant.web.login_routes import make_login_routes
from assistant.web.practice_routes import make_practice_routes
from assistant.web.shell import STATIC, STATIC_PATH
from assistant.web.slow_lane import SlowLane
from assistant.web.training_routes import make_training_routes, tasks_of
from assistant.web.who import actor_of, person_of
from kb.catalog import Catalog
from kb.fields import read_fields
from tests.assistant.practice.fakes import made_question
from tests.web.conftest import served

_KINDS = (Kind.SINGLE, Kind.MULTI, Kind.JUDGE)


class Stocked(Shelves):
    """Shelves on which the same questions stand for everybody."""

    def __init__(self, count: int = 120) -> None:
        super().__init__(cast(Any, None), None)
        made = (made_question(n, _KINDS[n % 3]) for n in range(1, count + 1))
        self._all = tuple(Fresh(replace(q, basis=())) for q in made)

    def fresh(
        self,
        services: Services,
        scope: Scope,
        wanted: Wanted,
        seconds: float,
        *,
        patient: bool = False,
    ) -> tuple[Fresh, ...]:
        return self._all

    def stock(self, services: Services, scope: Scope, wanted: Wanted) -> None:
        return None


def light_app(store: Store) -> FastAPI:
    """The application over a store."""
    services = SimpleNamespace(
        catalog=Catalog(()),
        duties=SimpleNamespace(fields=read_fields()),
        today=lambda: date(2026, 11, 22),
    )
    practice = PracticeDesk(store.practice, Live(cast(Services, services)), Stocked())
    training, accounts = TrainingDesk(store, practice), open_accounts(store)
    app = FastAPI()
    app.include_router(make_login_routes(accounts))
    app.include_router(make_training_routes(training, actor_of, SlowLane()))
    app.include_router(make_practice_routes(practice, person_of, tasks_of(training, actor_of)))
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC))
    app.add_exception_handler(BadInputError, _refused)
    app.add_middleware(Gate, accounts=accounts.accounts, switch=accounts.switch, functions={})
    return app


def _refused(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, 400)


if __name__ == "__main__":
    store = open_store(sys.argv[1])
    with served(light_app(store)) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        sys.stdin.read()
    store.close()
