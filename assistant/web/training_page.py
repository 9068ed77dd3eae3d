"""The page 培训: our own HTML; what is in it is drawn by its script."""

from __future__ import annotations

import segno

from assistant.accounts.model import Assignment
from assistant.web.html import esc
from assistant.web.shell import own_page

NO_STORE = "这个程序没有数据文件夹，成绩无处可存，所以这里没有打开。请用 zhize serve 启动。"
_OPEN = (
    '<main id="z-training" tabindex="-1"><p class="z-wait">正在打开…</p></main>'
    '<p id="z-live" class="z-offscreen" role="status"></p>'
    '<div id="z-say" role="status" aria-live="polite"></div>'
    '<p id="z-net" role="status" hidden></p>'
)


def training_page(why: str = "") -> str:
    """Return the page; with a sentence on why it is closed it only says so."""
    styles = ("practice.css", "training.css")
    if why:
        main = f'<main id="z-training" tabindex="-1"><h1>培训</h1><p class="z-closed">{esc(why)}</p></main>'
        return own_page("/training", main, "z-training", styles, ())
    scripts = ("practice_base.js", "training.js", "training_tables.js")
    return own_page("/training", _OPEN, "z-training", styles, scripts)


def screen_page(given: Assignment, unit: str, join: str, due: str) -> str:
    """Return a page to be shown large in a room: a code that leads to `join`, and the counts."""
    local = join.partition("//")[2].startswith(("127.", "localhost", "[::1]"))
    warning = f'<p class="z-closed">{_LOCAL}</p>' if local else ""
    amount = f"{len(given.questions)} 题" + (f"，{given.minutes} 分钟" if given.exam else "")
    code = segno.make(join, error="m", micro=False).svg_inline(omitsize=True, border=4)
    main = (
        f'<main id="z-training" class="z-screen" tabindex="-1" data-task="{esc(given.id)}">'
        f"<h1>{esc(given.title)}</h1><p>{esc(unit)}，{amount}，{esc(due)} 截止</p>{warning}"
        f'<figure role="img" aria-label="二维码：{esc(join)}">{code}</figure>'
        f"<p>{_GUESTS if given.guests else _MEMBERS}也可以打开：<br>"
        f"<strong>{esc(join)}</strong></p>"
        '<ul class="z-sums" id="z-counts" aria-live="polite"></ul>'
        f'<p class="z-leave"><a href="/training?task={esc(given.id)}">‹ 回到进度</a></p></main>'
    )
    styles, scripts = ("practice.css", "training.css"), ("practice_base.js", "training_screen.js")
    return own_page("/training", main, "z-training", styles, scripts)


_MEMBERS = "用手机扫码，登录后就开始答题。"
_GUESTS = "用手机扫码就能答题：有账号的登录，没有账号的写上姓名。"
_LOCAL = (
    "这个地址只有本机能打开，手机扫了没有用。请用 zhize serve --host 0.0.0.0 启动，"
    "再用本机在局域网里的地址打开这一页。"
)
