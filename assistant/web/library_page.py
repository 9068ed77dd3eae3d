"""The 法规库 page: browse by level, topic and name; read a document and jump to an article."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from assistant.gaps import find_gaps
from assistant.importing.desk import ImportDesk
from assistant.services import Live, Services
from assistant.web.ask_page import QUIET, READ_ADDRESS, TROUBLE, replied
from assistant.web.gaps_html import gaps_html
from assistant.web.html import error_box
from assistant.web.import_area import ImportArea
from assistant.web.library_html import Browse, chosen, document_html, list_html
from assistant.web.locate import place
from kb.catalog import Catalog
from kb.errors import KbError, UnknownDocumentError, UnknownProvisionError
from kb.model import Document, Level, Provision, Version

_ALL = "全部"
_log = logging.getLogger(__name__)


def build_library_page(live: Live, page: gr.Blocks, desk: ImportDesk | None = None) -> None:
    """Lay out the page in `page`, whose context is open, and connect its events.

    With a `desk`, visitors who may do so can import documents.
    """
    gr.HTML('<h1 class="z-h1">法规库</h1>', elem_classes="z-top")
    narrowed = _filters(live.current.catalog)
    area = ImportArea(desk) if desk else None
    out = gr.HTML(elem_id="z-out", apply_default_css=False, js_on_load=None, min_height=400)
    address = gr.Textbox(visible=False)

    def narrow(level: str, topic: str, name: str, everything: bool) -> str:
        return listing(live.current, Browse(_field(level), _field(topic), name or "", everything))

    def refreshed(level: str, topic: str, name: str, everything: bool) -> list[Any]:
        chosen = Browse(_field(level), _field(topic), name or "", everything)
        return [*choices(live.current.catalog, chosen), listing(live.current, chosen)]

    def arrive(search: str, request: gr.Request) -> list[Any]:
        query = {k: v[0] for k, v in parse_qs(search.removeprefix("?")).items()}
        services = live.current
        own = area.arrive(request, listing="doc" not in query) if area else []
        if "doc" in query:
            text = reading(services, query["doc"], query.get("at", ""), query.get("v", ""))
            return [*choices(services.catalog, Browse()), text, *own]
        if query.get("view") == "gaps":
            return [*choices(services.catalog, Browse()), lacking(services), *own]
        browse = read_browse(query, level_names(services.catalog), topics(services.catalog))
        return [*choices(services.catalog, browse), listing(services, browse), *own]

    gr.on([c.input for c in narrowed], narrow, narrowed, out, trigger_mode="always_last", **QUIET)
    if area:
        area.connect([*narrowed, out], lambda *values: refreshed(*values[:-1]))
    page.load(
        arrive, address, [*narrowed, out, *(area.outputs if area else ())], js=READ_ADDRESS, **QUIET
    )


def choices(catalog: Catalog, browse: Browse) -> list[Any]:
    """Return updates for level, topic, name and everything: what there is, and what is chosen."""
    return [
        gr.Radio([_ALL, *level_names(catalog)], value=browse.level or _ALL),
        gr.Dropdown([_ALL, *topics(catalog)], value=browse.topic or _ALL),
        browse.name,
        gr.Checkbox(value=browse.everything, label=_everything(catalog)),
    ]


def _everything(catalog: Catalog) -> str:
    return f"显示全部 {len(catalog)} 个文件（含安全生产以外的法律）"


def _filters(catalog: Catalog) -> list[gr.components.Component]:
    levels, subjects = level_names(catalog), topics(catalog)
    with gr.Column(elem_id="z-filters"):
        name = gr.Textbox(
            label="按名称查找", placeholder="例如：消防、四个一律", max_lines=1, elem_id="z-name"
        )
        level = gr.Radio([_ALL, *levels], value=_ALL, label="层级", elem_id="z-levels")
        with gr.Row():
            topic = gr.Dropdown([_ALL, *subjects], value=_ALL, label="主题", elem_id="z-topic")
            everything = gr.Checkbox(label=_everything(catalog), elem_id="z-everything")
    return [level, topic, name, everything]


def _field(value: str | None) -> str:
    return "" if value in (None, _ALL) else str(value)


def level_names(catalog: Catalog) -> list[str]:
    """Return the levels of which the library holds a document, highest first."""
    held = {d.level for d in catalog}
    return [lv.value for lv in Level if lv in held]


def topics(catalog: Catalog) -> list[str]:
    """Return the topics of the safety scope, most frequent first."""
    counts = Counter(t for d in catalog if d.in_scope for t in d.topics)
    return sorted(counts, key=lambda t: (-counts[t], t))


def read_browse(query: dict[str, str], levels: list[str], known: list[str]) -> Browse:
    """Return what an address asks to list; values that do not exist are passed over."""
    level, topic = query.get("level", ""), query.get("topic", "")
    return Browse(
        level if level in levels else "",
        topic if topic in known else "",
        query.get("name", "")[:60],
        query.get("all") == "1",
    )


def listing(services: Services, browse: Browse) -> str:
    """Return the list as HTML; a failure becomes one sentence in the page."""
    try:
        today = services.today()
        return replied(list_html(chosen(services.catalog, browse), today, browse))
    except Exception:  # the edge: the reader gets a sentence, the log gets the rest
        _log.exception("the library could not be listed")
        return replied(error_box(TROUBLE))


def lacking(services: Services) -> str:
    """Return what the library does not hold as HTML."""
    try:
        return replied(gaps_html(find_gaps(services.catalog, services.today())))
    except Exception:  # the edge: the reader gets a sentence, the log gets the rest
        _log.exception("the gaps could not be shown")
        return replied(error_box(TROUBLE) + _BACK)


def reading(services: Services, doc_id: str, at: str, version_id: str) -> str:
    """Return a document as HTML, opened at `at`; a failure becomes one sentence in the page."""
    try:
        doc = find_document(services.catalog, doc_id)
        today = services.today()
        version = (
            doc.version(version_id) if version_id else services.catalog.version_for(doc, today)
        )
        target, missing = _target(doc, version, at)
        return replied(document_html(services.catalog, doc, version, today, target, missing))
    except KbError as e:
        return replied(error_box(f"{e}。请从法规库目录里选择。") + _BACK)
    except Exception:  # the edge: the reader gets a sentence, the log gets the rest
        _log.exception("a document could not be shown")
        return replied(error_box(TROUBLE) + _BACK)


_BACK = '<p class="z-back"><a href="/library">‹ 返回法规库目录</a></p>'


def find_document(catalog: Catalog, doc_id: str) -> Document:
    """Return the document of that id or of that unambiguous name; UnknownDocumentError else."""
    if doc_id in catalog.documents:
        return catalog.documents[doc_id]
    named = catalog.by_name(doc_id)
    if len(named) != 1:
        raise UnknownDocumentError(f"本库没有编号或名称为“{doc_id[:60]}”的文件")
    return named[0]


def _target(doc: Document, version: Version, at: str) -> tuple[Provision | None, str]:
    if not at.strip():
        return None, ""
    try:
        return place(doc, version, at), ""
    except UnknownProvisionError as e:
        return None, str(e)
