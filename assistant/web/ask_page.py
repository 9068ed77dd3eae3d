"""The 问答 page: a question in, quotations with citations out."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from assistant.errors import AssistantError, BusyError
from assistant.services import Live, Services
from assistant.web.answer_html import Asked, answer_html, welcome_html
from assistant.web.ask_desk import Answered, AskDesk, ClientGoneError, Receives, unless_gone
from assistant.web.asked_day import parse_day
from assistant.web.html import busy_html, error_box
from indexer.errors import IndexingError
from kb.errors import KbError

TROUBLE = "程序出了问题，这次没有得到结果；请再试一次，仍不行请把问题告诉管理员。"
READ_ADDRESS = "() => [window.location.search]"
"""Gives a page's load event the query string of its address."""
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""How events are run: at once, without Gradio's own progress display, not callable by name."""
_ANYWHERE = "全国"
_log = logging.getLogger(__name__)


def build_ask_page(live: Live, page: gr.Blocks, asking: AskDesk) -> None:
    """Lay out the page in `page`, whose context is open, and connect its events."""
    question, submit, as_of, region = _question_form(regions(live.current))
    out = gr.HTML(
        replied(welcome_html()), elem_id="z-out", min_height=240,
        apply_default_css=False, js_on_load=None,
    )  # fmt: skip
    address = gr.Textbox(visible=False)

    async def respond(text: str, day: str | None, place: str | None, request: gr.Request) -> str:
        return await replied_from(asking, text, day or "", place or "", request.request)

    async def arrive(search: str, request: gr.Request) -> tuple[str, str, Any, str]:
        services = live.current
        places = regions(services)
        query = parse_qs(search.removeprefix("?"))
        text, day, place = (query.get(k, [""])[0] for k in ("q", "as_of", "region"))
        shown = replied(welcome_html())
        if text:
            shown = await replied_from(asking, text, day, place, request.request)
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


def replied(content: str) -> str:
    """Return `content` in the wrapper by which the page's script tells one reply from the next."""
    return f'<div class="z-reply" data-stamp="{time.monotonic_ns()}">{content}</div>'


async def replied_from(
    asking: AskDesk, text: str, day: str, place: str, request: Receives | None
) -> str:
    """Return the answer as HTML, made behind the queue of all who ask; errors are as in `reply`.

    Where too many wait, the sentence says when to ask again and offers it. A visitor who left
    meanwhile (`request` tells) gets nothing.
    """
    try:
        asked = _asked(text, day, place)
        work = asking.ask(asked.question, asked.as_of, asked.region)
        made = await (unless_gone(request, work) if request else work)
        return await asking.shown(lambda: _answered(asked, made))
    except ClientGoneError:
        return ""
    except BusyError as e:
        return replied(busy_html(str(e), text.strip()))
    except Exception as e:  # the edge
        return _sorry(e)


def reply(services: Services, text: str, day: str, place: str) -> str:
    """Return the answer as HTML; whatever goes wrong becomes one sentence in the page."""
    try:
        asked = _asked(text, day, place)
        answer = services.ask(asked.question, asked.as_of, asked.region)
        return _answered(asked, Answered(services, answer, services.listed(answer)))
    except Exception as e:  # the edge
        return _sorry(e)


def _asked(text: str, day: str, place: str) -> Asked:
    return Asked(text.strip(), parse_day(day), "" if place == _ANYWHERE else place)


def _answered(asked: Asked, made: Answered) -> str:
    return replied(answer_html(asked, made.answer, made.services.catalog, made.listed))


def _sorry(error: Exception) -> str:
    """The sentence for the reader; the log gets the rest."""
    if isinstance(error, (AssistantError, KbError, IndexingError)):
        return replied(error_box(str(error)))
    _log.error("a question could not be answered", exc_info=error)
    return replied(error_box(TROUBLE))
