"""The page 练习: our own HTML, quick on a phone; everything in it is drawn by the scripts."""

from __future__ import annotations

from functools import lru_cache

from assistant.web.shell import own_page

_MAIN = (
    '<main id="z-practice" tabindex="-1"><p class="z-wait">正在打开…</p></main>'
    '<p id="z-live" class="z-offscreen" role="status"></p>'
    '<div id="z-say" role="status" aria-live="polite"></div>'
    '<p id="z-net" role="status" hidden></p>'
)
CLOSED = (
    '<main id="z-practice" tabindex="-1"><h1>练习</h1><p>这个程序没有数据文件夹，'
    "练习记录无处可存，所以这里没有打开。请用 zhize serve 启动。</p></main>"
)


@lru_cache(maxsize=2)
def practice_page(*, closed: bool = False) -> str:
    """Return the page; `closed` where there is no store, and it only says so."""
    scripts = () if closed else ("practice_base.js", "practice.js", "practice_more.js")
    main = CLOSED if closed else _MAIN
    return own_page("/practice", main, "z-practice", ("practice.css",), scripts)
