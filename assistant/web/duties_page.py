"""The 职责清单 page: who, which field, which day and place in; the complete list out."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from assistant.duties.model import DutyList
from assistant.duties.own import OwnStore
from assistant.errors import AssistantError
from assistant.importing.desk import ImportDesk
from assistant.services import Live, Services
from assistant.web.ask_page import QUIET, READ_ADDRESS, TROUBLE, regions, replied
from assistant.web.asked_day import parse_day
from assistant.web.duties_html import duties_html
from assistant.web.html import duties_href, error_box, esc
from assistant.web.own_area import OwnArea, places
from indexer.errors import IndexingError
from kb.duty_bearers import UNCLEAR, Bearer, BearerTable
from kb.errors import KbError, UnknownBearerError

_EVERY_FIELD, _ANYWHERE = "全部领域", "全国"
_LEAD = (
    "选一个主体，看法规库里写给它的全部职责：做什么、什么时候、依据哪一条、不做有什么后果。"
    "平常的叫法也可以，例如 老板、镇政府、安全员。"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What list is asked for, as typed or as it stands in an address."""

    bearer: str = ""
    field: str = ""
    day: str = ""
    place: str = ""


def build_duties_page(live: Live, page: gr.Blocks, desk: ImportDesk | None = None) -> None:
    """Lay out the page in `page`, whose context is open, and connect its events.

    With a `desk`, visitors who may change the library can add duties of the unit's own.
    """
    gr.HTML(f'<h1 class="z-h1">职责清单</h1><p class="z-lead">{_LEAD}</p>', elem_classes="z-top")
    bearer, field, region, as_of, show = _form(live.current)
    inputs = [bearer, field, as_of, region]
    out = gr.HTML(
        replied(welcome_html(live.current.duties.table)), elem_id="z-out", min_height=240,
        apply_default_css=False, js_on_load=None,
    )  # fmt: skip
    area = OwnArea(desk) if desk else None
    now = gr.State(Wanted())
    address = gr.Textbox(visible=False)
    events = _Events(live, area)
    outputs = [out, now, *events.outputs]
    gr.on(
        [show.click, bearer.submit], events.respond, inputs, outputs,
        trigger_mode="always_last", **QUIET,
    )  # fmt: skip
    gr.on(
        [field.input, region.input, as_of.input], events.narrow, inputs, outputs,
        trigger_mode="always_last", **QUIET,
    )  # fmt: skip
    page.load(events.arrive, address, [*inputs, *outputs], js=READ_ADDRESS, **QUIET)
    if area:
        changed = [out, area.status]
        area.add.click(
            events.add, [now, area.text, area.basis], [*changed, area.text, area.basis], **QUIET
        )
        area.keep.click(
            events.note, [now, area.place, area.remark], [*changed, area.remark], **QUIET
        )
        area.go.click(events.act, [now, area.act], changed, **QUIET)


class _Events:
    """What the page does; the area for additions is None where nobody may change anything."""

    def __init__(self, live: Live, area: OwnArea | None) -> None:
        self._live, self._area = live, area

    @property
    def outputs(self) -> list[Any]:
        """What a new list changes besides itself."""
        area = self._area
        return [area.column, area.status, area.place] if area else []

    def respond(
        self, who: str, what: str | None, day: str | None, place: str | None, request: gr.Request
    ) -> list[Any]:
        return self._show(Wanted(who or "", _chosen(what), day or "", _chosen(place)), request)

    def narrow(
        self, who: str, what: str | None, day: str | None, place: str | None, request: gr.Request
    ) -> list[Any]:
        if not (who or "").strip():
            return [gr.skip() for _ in range(2 + len(self.outputs))]
        return self.respond(who, what, day, place, request)

    def arrive(self, search: str, request: gr.Request) -> list[Any]:
        services = self._live.current
        query = {k: v[0] for k, v in parse_qs(search.removeprefix("?")).items()}
        names = ("bearer", "field", "as_of", "region")
        wanted = Wanted(*(query.get(k, "").strip() for k in names))
        places, fields = regions(services), _fields(services)
        if wanted.bearer:
            made = self._show(wanted, request, arriving=True)
        else:
            none = [gr.skip() for _ in self.outputs]
            made = [replied(welcome_html(services.duties.table)), wanted, *none]
        return [
            wanted.bearer,
            gr.Dropdown(fields, value=wanted.field if wanted.field in fields else _EVERY_FIELD),
            wanted.day,
            gr.Dropdown(places, value=wanted.place if wanted.place in places else _ANYWHERE),
            *made,
        ]

    def add(self, now: Wanted, text: str, basis: str, request: gr.Request) -> list[Any]:
        if self._area is None or not (found := _bearer(self._live.current, now)):
            return [gr.skip() for _ in range(4)]
        if trouble := self._area.added(found.id, text or "", basis or "", request):
            return [gr.skip(), trouble, gr.skip(), gr.skip()]
        return [self._show(now, request)[0], "", "", ""]

    def note(self, now: Wanted, key: str | None, text: str, request: gr.Request) -> list[Any]:
        if self._area is None or not (found := _bearer(self._live.current, now)):
            return [gr.skip() for _ in range(3)]
        if trouble := self._area.noted(found.id, key, text or "", request):
            return [gr.skip(), trouble, gr.skip()]
        return [self._show(now, request)[0], "", ""]

    def act(self, now: Wanted, command: str, request: gr.Request) -> list[Any]:
        if self._area is None or not (found := _bearer(self._live.current, now)):
            return [gr.skip(), gr.skip()]
        trouble = self._area.acted(found.id, command, request)
        return [gr.skip() if trouble else self._show(now, request)[0], trouble]

    def _show(self, wanted: Wanted, request: gr.Request, *, arriving: bool = False) -> list[Any]:
        area = self._area
        may = area is not None and area.may_change(request)
        page = shown(
            self._live.current, wanted, area.store if area else None,
            arriving=arriving, changeable=may,
        )  # fmt: skip
        if area is None:
            return [page, wanted]
        known = _bearer(self._live.current, wanted) is not None
        choices = places(_listed(self._live.current, wanted)) if may and known else []
        chosen = gr.Dropdown(choices, value=None)
        return [page, wanted, gr.Column(visible=may and known), "", chosen]


def _listed(services: Services, wanted: Wanted) -> DutyList | None:
    """The list asked for; None where the page says why there is none."""
    try:
        return services.duties.list_for(
            wanted.bearer, _chosen(wanted.field), parse_day(wanted.day), _chosen(wanted.place)
        )
    except (AssistantError, KbError):
        return None


def _bearer(services: Services, wanted: Wanted) -> Bearer | None:
    try:
        return services.duties.table.find(wanted.bearer)
    except UnknownBearerError:
        return None


def _form(services: Services) -> tuple[Any, Any, Any, Any, Any]:
    with gr.Column(elem_id="z-choose"):
        with gr.Row(elem_classes="z-askrow"):
            with gr.Column(scale=5, elem_id="z-who", min_width=0):
                bearer = gr.Textbox(
                    label="谁的职责", max_lines=1, elem_id="z-bearer",
                    placeholder="输入或选择，例如：乡镇人民政府、老板、班组长",
                )  # fmt: skip
                gr.HTML(
                    options_html(services.duties.table), apply_default_css=False,
                    js_on_load=None, elem_id="z-options-box",
                )  # fmt: skip
            show = gr.Button(
                "查看清单", variant="primary", scale=1, min_width=120, elem_id="z-submit"
            )
        field = gr.Dropdown(
            _fields(services), value=_EVERY_FIELD, label="领域", min_width=150, elem_id="z-field"
        )
        with gr.Accordion("更多选项：地方、日子", open=False, elem_id="z-more"), gr.Row():
            region = gr.Dropdown(
                regions(services), value=_ANYWHERE, label="加上这个地方的文件", min_width=260,
                info="“全国”只用全国通行的规定", elem_id="z-region",
            )  # fmt: skip
            as_of = gr.Textbox(
                label="按这一天有效的规定", info="不填就是今天", placeholder="2021-09-01",
                max_lines=1, min_width=260, elem_id="z-as-of",
            )  # fmt: skip
    return bearer, field, region, as_of, show


def _fields(services: Services) -> list[str]:
    return [_EVERY_FIELD, *services.duties.fields.order]


def _chosen(value: str | None) -> str:
    return "" if value in (None, _EVERY_FIELD, _ANYWHERE) else str(value)


def shown(
    services: Services,
    wanted: Wanted,
    store: OwnStore | None = None,
    *,
    arriving: bool = False,
    changeable: bool = False,
) -> str:
    """Return the list as HTML; whatever goes wrong becomes one sentence that says what to do."""
    try:
        if not wanted.bearer.strip():
            return replied(error_box("还没有选主体；请在上面输入或选择一个，例如 乡镇人民政府。"))
        day = parse_day(wanted.day)
        place = _chosen(wanted.place)
        made = services.duties.list_for(wanted.bearer, _chosen(wanted.field), day, place)
        own = store.of(made.bearer.id) if store else None
        return replied(
            duties_html(
                made, services.catalog, own, dated=day is not None, arriving=arriving,
                changeable=changeable,
            )
        )  # fmt: skip
    except UnknownBearerError:
        return replied(_unknown(services.duties.table, wanted.bearer))
    except (AssistantError, KbError, IndexingError) as e:
        return replied(error_box(str(e)))
    except Exception:  # the edge: the reader gets a sentence, the log gets the rest
        _log.exception("a duty list could not be made")
        return replied(error_box(TROUBLE))


def _unknown(table: BearerTable, name: str) -> str:
    near = "".join(f'<li><a href="{duties_href(n)}">{esc(n)}</a></li>' for n in table.nearest(name))
    what = "请选最接近的一个，或者从下面找" if near else "请从下面找一个，或者换个叫法"
    links = f'<ul class="z-chips">{near}</ul>' if near else ""
    return (
        f'<div class="z-unknown">{error_box(f"没有“{name.strip()[:40]}”这个责任主体；{what}。")}'
        f"{links}{welcome_html(table)}</div>"
    )


def welcome_html(table: BearerTable) -> str:
    """Return the page without a list: all bearers by group, to choose from."""
    cards = "".join(
        f'<details class="z-group"{" open" if n < 1 else ""}><summary>{esc(group)}</summary>'
        f'<ul class="z-chips">{"".join(_choice(b.name) for b in bearers)}</ul></details>'
        for n, (group, bearers) in enumerate(_groups(table))
    )
    return f'<div class="z-bearers"><p class="z-lead">也可以从这里选：</p>{cards}</div>'


def _choice(name: str) -> str:
    return f'<li><a href="{duties_href(name)}">{esc(name)}</a></li>'


def _groups(table: BearerTable) -> list[tuple[str, list[Any]]]:
    known = [b for b in table.bearers if b.id != UNCLEAR]
    return [(name, list(found)) for name, found in groupby(known, lambda b: b.group)]


def options_html(table: BearerTable) -> str:
    """Return the options of the box in which the bearer is typed, by group, closed."""
    numbers = {b.id: n for n, b in enumerate(table.bearers)}
    groups = "".join(
        f'<div role="group" aria-label="{esc(group)}"><p>{esc(group)}</p>'
        + "".join(
            f'<div role="option" id="z-o{numbers[b.id]}" aria-selected="false"'
            f' data-name="{esc(b.name)}" data-names="{esc(" ".join((b.name, *b.names)))}">'
            f"{esc(b.name)}<small>{esc('、'.join(b.names[:4]))}</small></div>"
            for b in bearers
        )
        + "</div>"
        for group, bearers in _groups(table)
    )
    return f'<div id="z-options" role="listbox" aria-label="责任主体" hidden>{groups}</div>'
