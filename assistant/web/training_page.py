"""The page 培训: our own HTML; what is in it is drawn by its script."""

from __future__ import annotations

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
