"""The whole application behind its gate, with somebody of every role and a clock to move."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.accounts.administration import Administration
from assistant.accounts.model import ACCOUNT_ROLES, COMMAND_LINE, Role
from assistant.accounts.passwords import Passwords
from assistant.accounts.service import Accounts
from assistant.accounts.units import Units
from assistant.services import Services, Settings
from assistant.store import open_store
from assistant.web import create_app
from assistant.web.account_desk import AccountDesk
from assistant.web.gate import Switch
from assistant.web.training_setup import training_over
from assistant.web.who import SESSION_COOKIE
from tests.assistant.accounts.conftest import Clock
from tests.web.practice_site import Maker, Site

PASSWORD = "lan-tian-bai-yun-7"  # noqa: S105 - of people who are made up
STEP = 2.0


class GateSite:
    """One application over one store; `tick` moves the time by which the switch is remembered."""

    def __init__(self, services: Services, maker: Maker, folder: Path) -> None:
        store, self.clock, self.tick = open_store(folder / "records"), Clock(), 0.0
        self.store = store
        passwords = Passwords(1, 8)
        accounts = Accounts(store, passwords, self.clock)
        self.desk = AccountDesk(
            accounts,
            Administration(store, passwords, self.clock),
            Units(store, self.clock),
            Switch(accounts, lambda: self.tick),
        )
        self.practice = Site(services, maker)
        accounts.first_admin()
        self.unit = self.desk.units.add(COMMAND_LINE, "一车间")
        self.folder = folder
        self.services = services
        self.tokens = {role: self.enter(f"{role.value}-1", role) for role in ACCOUNT_ROLES}
        self.on(True)

    def app(self) -> FastAPI:
        """The application as `zhize serve` makes it, but with made-up questions."""
        settings = Settings(data=self.folder, whole_library=False)
        return create_app(
            self.services, settings,
            practice=lambda live, makers, banks: self.practice.desk(), accounts=self.desk,
            training=training_over(self.store),
        )  # fmt: skip

    def enter(self, account: str, role: Role) -> str:
        """Make an account with a password of its own, and log in: the token."""
        made = self.desk.admin.add(COMMAND_LINE, account, "王小明", role, self.unit.id)
        token, _ = self.desk.accounts.log_in(account, made.password, "")
        actor = self.desk.accounts.who(token)
        assert actor is not None
        return self.desk.accounts.change_password(actor, made.password, PASSWORD)

    def on(self, on: bool) -> None:
        """Switch accounts on or off, as another process would, and let a while pass."""
        self.desk.admin.switch(COMMAND_LINE, on=on)
        self.tick += STEP

    def headers(self, role: Role) -> dict[str, str]:
        """What the browser of somebody of that role sends."""
        return session(self.tokens[role]) if role in self.tokens else {}


def session(token: str) -> dict[str, str]:
    return {"cookie": f"{SESSION_COOKIE}={token}"}


def events(client: TestClient, headers: Mapping[str, str]) -> dict[str, int]:
    """The numbers of Gradio's events by the names that its own configuration gives them."""
    config: Any = client.get("/config", headers=headers).json()
    return {d["api_name"]: d["id"] for d in config["dependencies"]}
