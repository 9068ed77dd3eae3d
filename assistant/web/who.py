"""Who is behind a request: what the gate found out, for every page and route to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.types import Scope

from assistant.accounts.model import ACCOUNT_ROLES, Actor, Role
from assistant.web.practice_person import guest_of

ActorOf = Callable[[Request], Actor]
"""Returns who is behind a request; what he may do is asked of `assistant.accounts.rights`."""
SESSION_COOKIE = "zhize_session"
_KEY = "zhize.actor"


def remember(scope: Scope, actor: Actor) -> None:
    """Let everything behind the gate know who this is."""
    scope[_KEY] = actor


def known(scope: Scope) -> Actor | None:
    """Return who the gate found; None where there is no gate."""
    found: Actor | None = scope.get(_KEY)
    return found


def account_of(request: Any) -> Actor | None:
    """Return who opened a Gradio page, if the gate knows an account; None for guests.

    `request` is Gradio's, which makes copies of dictionaries, or None.
    """
    inner = getattr(request, "request", None)
    found = known(inner.scope) if inner is not None else None
    return None if found is None or found.role is Role.GUEST else found


def visitor_of(request: Any) -> Actor:
    """Return who opened a Gradio page: what the gate knows, else somebody at this machine."""
    inner = getattr(request, "request", None)
    found = known(inner.scope) if inner is not None else None
    return found or Actor("", Role.GUEST, address_of(inner.scope) if inner is not None else "")


def actor_of(request: Request) -> Actor:
    """Return who is behind a request: the account, a guest, or a visitor while accounts are on."""
    return known(request.scope) or Actor(guest_of(request), Role.GUEST, address_of(request.scope))


def person_of(request: Request) -> str:
    """Return whose practice this is: the account's, else the browser's; "" if nobody is known."""
    actor = actor_of(request)
    return actor.person if actor.role in ACCOUNT_ROLES else guest_of(request)


def address_of(scope: Scope) -> str:
    """Return from where a request comes, "" if that is unknown."""
    client: Any = scope.get("client")
    return str(client[0]) if client else ""
