"""The 问答 page: a question in, quotations with citations out."""

from __future__ import annotations

import logging
import time
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from assistant.errors import AssistantError, BadInputError
from assistant.services import Live, Services
from assistant.web.answer_html import Asked, answer_html, welcome_html
from assistant.web.html import error_box
from indexer.errors import IndexingError
from kb.errors import KbError

TROUBLE = "程序出了问题，这次没有得到结果；请再试一次，仍不行请把问题告诉管理员。"
READ_ADDRESS = "() => [window.location.search]"
"""Gives a page's load event the query string of its address."""
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""How events are run: at once, without Gradio's own progress display, not callable by name."""
_ANYWHERE = "全国"
_log = logging.getLogger(__name__)


def build_ask_page(live: Live, page: gr.Blocks) -> None:
    """Lay out the page in `page`, whose context is open, and connect its events."""
    question, submit, as_of, region = _question_form(regions(live.current))
    out = gr.HTML(
        replied(welcome_html()), elem_id="z-out", min_height=240,
        apply_default_css=False, js_on_load=None,
    )  # fmt: skip
    address = gr.Textbox(visible=False)

    def respond(text: str, day: str | None, place: str | None) -> str:
        return reply(live.current, text, day or "", place or "")

    def arrive(search: str) -> tuple[str, str, Any, str]:
        services = live.current
        places = regions(services)
        query = parse_qs(search.removeprefix("?"))
        text, day, place = (query.get(k, [""])[0] for k in ("q", "as_of", "region"))
        shown = reply(services, text, day, place) if text else replied(welcome_html())
        chosen = place if place in places else _ANYWHERE
        return text, day, gr.Dropdown(places, value=chosen), shown

    gr.on(
        [submit.click, question.submit], respond, [question, as_of, region], out,
        trigger_mode="always_last", **QUIET,
    )  # fmt: skip
    page.load(arrive, address, [question, as_of, region, out], js=READ_ADDRESS, **QUIET)


def _question_form(places: list[str]) -> tuple[gr.Textbox, gr.Button, gr.Textbox, gr.Dropdown]:
    gr.HTML(
        '<h1 class="z-h1">安全生产责任问答</h1>'
        '<p class="z-lead">用平常的话提问。每一句回答都是法规库里的原话，点数字就能看到出处。</p>',
        elem_classes="z-top",
    )
    with gr.Row(elem_classes="z-askrow"):
        question = gr.Textbox(
            label="您的问题", lines=1, max_lines=6, scale=5,
            elem_id="z-question", placeholder="例如：乡镇政府在安全生产上必须做什么？",
        )  # fmt: skip
        submit = gr.Button("提问", variant="primary", scale=1, min_width=120, elem_id="z-submit")
    with (
        gr.Accordion("更多选项", open=False, elem_id="z-more"),
        gr.Row(),
    ):
        as_of = gr.Textbox(
            label="按这一天有效的规定", info="不填就是今天", placeholder="2021-09-01",
            max_lines=1, min_width=260, elem_id="z-as-of",
        )  # fmt: skip
        region = gr.Dropdown(
            places, value=_ANYWHERE, label="加上这个地方的文件",
            info="“全国”只用全国通行的规定", min_width=260, elem_id="z-region",
        )  # fmt: skip
    return question, submit, as_of, region


def regions(services: Services) -> list[str]:
    """Return 全国, then every place that a document in scope is limited to."""
    places = {d.region for d in services.catalog if d.in_scope}
    return [_ANYWHERE, *sorted(places - {_ANYWHERE})]


def parse_day(text: str) -> date | None:
    """Return the day in `text`, None if it is blank; BadInputError says how to write one."""
    day = text.strip()
    if not day:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise BadInputError(f"“{day[:20]}”不是日期；请写成 2021-09-01 这样，或者留空") from None


def replied(content: str) -> str:
    """Return `content` in the wrapper by which the page's script tells one reply from the next."""
    return f'<div class="z-reply" data-stamp="{time.monotonic_ns()}">{content}</div>'


def reply(services: Services, text: str, day: str, place: str) -> str:
    """Return the answer as HTML; whatever goes wrong becomes one sentence in the page."""
    try:
        asked = Asked(text.strip(), parse_day(day), "" if place == _ANYWHERE else place)
        answer = services.ask(asked.question, asked.as_of, asked.region)
        listed = services.listed(answer)
        return replied(answer_html(asked, answer, services.catalog, listed))
    except (AssistantError, KbError, IndexingError) as e:
        return replied(error_box(str(e)))
    except Exception:  # the edge: the reader gets a sentence, the log gets the rest
        _log.exception("a question could not be answered")
        return replied(error_box(TROUBLE))
