"""The records of a running server: opened with it, backed up every day, closed at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.services import Settings
from assistant.store import open_store

if TYPE_CHECKING:
    from assistant.store.store import Store


@contextmanager
def open_records(settings: Settings, tell: Callable[[str], object]) -> Iterator[Store]:
    """The store of the settings while the block runs; StoreError if it cannot be opened.

    At the first start the administrator is made, and `tell` gets the line with his password.
    """
    from assistant.accounts.passwords import Passwords
    from assistant.accounts.service import Accounts
    from assistant.backup.schedule import watch

    store, stop = open_store(settings.records), threading.Event()
    try:
        first = Accounts(store, Passwords()).first_admin()
        if first:
            tell(
                f"管理员账号：{first.person.account}，一次性密码：{first.password}"
                "（只显示这一次，第一次登录要改掉；现在不登录也能用，启用账号见 zhize accounts on）\n"
            )
        args = (settings.data, settings.records, store, stop)
        keeper = threading.Thread(target=watch, args=args, daemon=True)
        keeper.start()
        try:
            yield store
        finally:
            stop.set()
            keeper.join(10)
    finally:
        store.close()
