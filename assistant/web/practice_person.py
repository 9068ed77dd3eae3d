"""Who practises: without accounts, whoever has this browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping

from fastapi import Request, Response

from assistant.accounts.model import GUEST_PREFIX

PersonOf = Callable[[Request], str]
"""Returns the id of the person behind a request, "" if nobody is known."""
COOKIE = "zhize_guest"
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_KEPT = 400 * 24 * 3600
"""How long a browser keeps its profile, in seconds; the most that browsers allow."""


def guest_of(request: Request) -> str:
    """Return guest:<profile> of the browser; "" if it has none, or none that we gave it."""
    profile = profile_of(request.cookies)
    return f"{GUEST_PREFIX}{profile}" if profile else ""


def profile_of(cookies: Mapping[str, str], cookie: str = COOKIE) -> str:
    """Return the profile of the browser; "" if it has none, or none that we gave it."""
    profile = cookies.get(cookie, "")
    return profile if _ID.fullmatch(profile) else ""


def new_guest(response: Response, *, secure: bool = False, cookie: str = COOKIE) -> str:
    """Give the browser a profile of its own and return the person."""
    profile = secrets.token_urlsafe(16)
    response.set_cookie(
        cookie, profile, max_age=_KEPT, httponly=True, samesite="lax", secure=secure
    )
    return f"{GUEST_PREFIX}{profile}"
