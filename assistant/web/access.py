"""What every address and every event of a page stands for: the table that the gate asks.

What is not in the table is for administrators alone while accounts are on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from assistant.accounts.model import Role
from assistant.accounts.rights import Action, may

_READ, _WRITE = ("GET", "HEAD", "OPTIONS"), ("POST", "PUT", "PATCH", "DELETE")
DOORS = ("/login", "/register", "/password", "/logout", "/take-over")
"""The addresses of one's own account; nobody is led back to them after the log-in."""
_NEXT = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
UNKNOWN = Action.CHANGE_SETTINGS
"""What is needed for what the table does not know: only administrators may."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a request stands for: any of these actions is enough, and without any all may.

    A `page` is what a person opens, and is led to the log-in from; an `event` says in its body
    what it is.
    """

    methods: tuple[str, ...]
    pattern: re.Pattern[str]
    actions: tuple[Action, ...]
    page: bool = False
    event: bool = False


def _rule(methods: tuple[str, ...], pattern: str, *actions: Action, **kind: bool) -> Rule:
    return Rule(methods, re.compile(pattern), actions, **kind)


_AS_GUEST = Action.JOIN_AS_GUEST
_LIBRARY, _MINE = Action.LOOK_UP, Action.PRACTISE
_PEOPLE, _UNITS = Action.MANAGE_PEOPLE, Action.MANAGE_UNITS
_SETTINGS, _RESULTS = Action.CHANGE_SETTINGS, Action.SEE_RESULTS
RULES = (
    _rule(_READ, r"/(?:manifest\.json|favicon\.ico)"),  # browsers ask for it without the session
    _rule(_READ, r"/web/(?:zhize\.css|account\.css|icon\.svg)"),
    _rule(_READ, r"/web/(?:practice\.css|(?:practice|practice_base|practice_more|join)\.js)"),
    _rule(_READ, r"/join", page=True),
    _rule(_READ, r"/api/join/(?:task|(?:rounds|exams)/[^/]*)", _AS_GUEST),
    _rule(_WRITE, r"/api/join/(?:begin|answers|exams/[^/]*/(?:answers|submit))", _AS_GUEST),
    _rule(_READ, r"/(?:login|register)", page=True),
    _rule(_READ, r"/healthz"),
    _rule(_WRITE, r"/login", Action.LOG_IN, page=True),
    _rule(_WRITE, r"/register", Action.REGISTER, page=True),
    _rule(_WRITE, r"/logout", page=True),
    _rule(_READ + _WRITE, r"/password", Action.CHANGE_PASSWORD, page=True),
    _rule(_WRITE, r"/take-over", Action.TAKE_OVER, page=True),
    _rule(_READ, r"/(?:duties|library)?", _LIBRARY, page=True),
    _rule(_READ, r"/practice", _MINE, page=True),
    _rule(_READ, r"/quiz", Action.MAKE_PAPER, page=True),
    _rule(_READ, r"/training", _RESULTS, page=True),
    _rule(_READ, r"/training/screen", Action.HOLD_GROUP, page=True),
    _rule(_READ, r"/api/training/file", Action.EXPORT_RESULTS),
    _rule(_READ, r"/api/training/(?:start|results|tasks(?:/[^/]*)?)", _RESULTS),
    _rule(_WRITE, r"/api/training/tasks(?:/[^/]*/(?:deadline|withdraw))?", Action.ASSIGN),
    _rule(_WRITE, r"/api/practice/tasks", Action.JOIN_GROUP),
    _rule(_READ, r"/manage(?:/people)?", _PEOPLE, page=True),
    _rule(_WRITE, r"/manage/people/erase", Action.ERASE_PERSON, page=True),
    _rule(_WRITE, r"/manage/people(?:/.*)?", _PEOPLE, page=True),
    _rule(_READ, r"/manage/roster", _PEOPLE, page=True),
    _rule(_READ + _WRITE, r"/manage/units(?:/.*)?", _UNITS, page=True),
    _rule(_READ, r"/manage/audit", Action.SEE_AUDIT, page=True),
    _rule(_READ + _WRITE, r"/manage/settings(?:/.*)?", _SETTINGS, page=True),
    _rule(_READ + _WRITE, r"/manage/backup", Action.BACK_UP, page=True),
    _rule(_READ, r"/api/(?:ask|search|context|duties|duties/file|bearers)", _LIBRARY),
    _rule(_READ, r"/api/quiz/(?:file|edit)", Action.MAKE_PAPER),
    _rule(_READ, r"/api/quiz/report", Action.CHECK_BANK),
    _rule(_READ, r"/api/practice/(?:progress|wrong|wrong/[^/]*)", Action.SEE_OWN_RECORD),
    _rule(_READ, r"/api/practice/.*", _MINE),
    _rule(_WRITE, r"/api/practice/(?:rounds|answers|pins|exams|exams/[^/]*/(?:answers|submit))",
          _MINE),
    _rule(_READ, r"/web/.*|/(?:static|assets|svelte)/.*", _LIBRARY),
    _rule(_READ, r"/(?:config|theme\.css|robots\.txt|pwa_icon(?:/.*)?)",
          _LIBRARY),
    _rule(_READ, r"/gradio_api/(?:theme\.css|startup-events|heartbeat/[^/]*)", _LIBRARY),
    _rule(_READ, r"/gradio_api/upload_progress", Action.IMPORT, Action.CHECK_BANK),
    _rule(_WRITE, r"/gradio_api/upload", Action.IMPORT, Action.CHECK_BANK),
    _rule(_WRITE, r"/gradio_api/(?:(?:run|api)/predict|queue/join)", event=True),
)  # fmt: skip
"""The first that fits counts."""

_ANNOTATE, _IMPORT = Action.ANNOTATE, Action.IMPORT
EVENTS: Mapping[tuple[str, str], Action] = {
    ("", "arrive"): _LIBRARY,
    ("", "respond"): _LIBRARY,
    ("duties", "arrive"): _LIBRARY,
    ("duties", "respond"): _LIBRARY,
    ("duties", "narrow"): _LIBRARY,
    ("duties", "add"): _ANNOTATE,
    ("duties", "note"): _ANNOTATE,
    ("duties", "act"): _ANNOTATE,
    ("quiz", "arrive"): Action.MAKE_PAPER,
    ("quiz", "act"): Action.MAKE_PAPER,
    ("quiz", "upload"): Action.CHECK_BANK,
    ("quiz", "follow"): Action.CHECK_BANK,
    ("library", "arrive"): _LIBRARY,
    ("library", "narrow"): _LIBRARY,
    ("library", "_chosen"): _IMPORT,
    ("library", "_again"): _IMPORT,
    ("library", "take_in"): _IMPORT,
    ("library", "_cleared"): _IMPORT,
    ("library", "_act"): _IMPORT,
    ("library", "follow"): _IMPORT,
}
"""What an event of a Gradio page stands for, by the page and the name of its function."""
COMMANDS: Mapping[str, Action] = {
    **dict.fromkeys(("save", "open", "remove"), Action.KEEP_PAPER),
    **dict.fromkeys(("bank", "map", "check", "bankremove", "insist", "release"), Action.CHECK_BANK),
}
"""What a command of the page 出题组卷 stands for, where it is more than making a paper."""

Functions = Mapping[int, tuple[str, str]]
"""Page and name of every function that an event can call, by its number."""


def rule_of(method: str, path: str) -> Rule | None:
    """Return what a request stands for; None for what is not in the table."""
    path = path.rstrip("/") or "/"
    return next((r for r in RULES if method in r.methods and r.pattern.fullmatch(path)), None)


def event_action(body: bytes, functions: Functions) -> Action:
    """Return what an event stands for, read from its body as Gradio reads it."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return UNKNOWN
    number = said.get("fn_index") if isinstance(said, dict) else None
    if type(number) is not int or number not in functions:
        return UNKNOWN
    where = functions[number]
    action = EVENTS.get(where, UNKNOWN)
    return _command(said.get("data"), action) if where == ("quiz", "act") else action


def _command(data: Any, otherwise: Action) -> Action:
    """What the command in the box of the page 出题组卷 stands for."""
    try:
        command = json.loads(data[0])
        return COMMANDS.get(command["do"], otherwise)
    except (ValueError, TypeError, LookupError, RecursionError):
        return otherwise  # the page itself refuses it


def may_open(role: Role, path: str) -> bool:
    """Whether somebody of that role may open a page."""
    rule = rule_of("GET", path)
    actions = (UNKNOWN,) if rule is None else rule.actions
    return not actions or any(may(role, a) for a in actions)


def safe_next(where: str) -> str:
    """Return the page of this site to go on to after the log-in; "/" for any other address."""
    if not _NEXT.fullmatch(where) or len(where) > 1000:
        return "/"
    try:
        parts = urlsplit(where)
    except ValueError:
        return "/"
    rule = rule_of("GET", parts.path)
    ours = rule is not None and rule.page and not parts.path.startswith(DOORS)
    return where if ours and not parts.scheme and not parts.netloc else "/"
