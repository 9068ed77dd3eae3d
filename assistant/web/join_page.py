"""The page that the code on the large screen leads to: a name, and the questions of one task."""

from __future__ import annotations

from urllib.parse import quote

from assistant.web.html import esc
from assistant.web.shell import own_page

PATH = "/join"
_SCRIPTS = ("practice_base.js", "practice.js", "practice_more.js", "join.js")


def join_page(task: str) -> str:
    """Return the page for a task that is open to people without an account."""
    where = esc(f"{PATH}?{_query(task)}")
    main = (
        f'<main id="z-practice" class="z-join" tabindex="-1" data-task="{esc(task)}"'
        f' data-home="{PATH}" data-api="/api/join/" data-queue="zp:queue:join"'
        f' data-login="{esc(login_href(task))}"><p class="z-wait">正在打开…</p>'
        f'<noscript><p><a href="{where}">再打开一次</a></p></noscript></main>'
        '<p id="z-live" class="z-offscreen" role="status"></p>'
        '<div id="z-say" role="status" aria-live="polite"></div>'
        '<p id="z-net" role="status" hidden></p>'
    )
    return own_page(PATH, main, "z-practice", ("practice.css",), _SCRIPTS)


def closed_page(task: str, why: str) -> str:
    """Return a page that says why one cannot join, and leads to the log-in."""
    main = (
        f'<main id="z-practice" class="z-join" tabindex="-1"><h1>集体答题</h1>'
        f'<p class="z-empty" role="alert">{esc(why)}</p>'
        f'<p><a class="z-primary" href="{esc(login_href(task))}">登录</a></p></main>'
    )
    return own_page(PATH, main, "z-practice", ("practice.css",), ())


def login_href(task: str) -> str:
    """Return the address of the log-in that leads to the task of the own unit."""
    return f"/login?next={quote(practice_href(task), safe='')}"


def practice_href(task: str) -> str:
    """Return where somebody with an account answers a task."""
    return f"/practice?{_query(task)}" if task else "/practice"


def _query(task: str) -> str:
    return f"task={quote(task, safe='')}"
