"""`zhize sources`: what the library holds, shown, removed, and what it does not hold."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from assistant.gaps import find_gaps, gaps_json
from assistant.importing.command import (
    add_sources_actions,
    pending_json,
    run_history,
    run_remove,
)
from assistant.render import day_text
from assistant.services import Settings
from indexer.build import Report
from kb.catalog import Catalog
from kb.library import Library, load_library
from kb.model import Document

OK, NO = 0, 1


def add_sources_options(parser: argparse.ArgumentParser) -> None:
    """Add the actions of `zhize sources`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    listing = actions.add_parser("list", help="列出全部文件")
    listing.add_argument("--scope", choices=("safety", "all"), default="safety")
    listing.add_argument("--json", action="store_true", help="只输出一个 JSON")
    show = actions.add_parser("show", help="显示一个文件的目录和条文")
    show.add_argument("id", metavar="ID", help="文件编号、全称或简称")
    show.add_argument("--json", action="store_true", help="只输出一个 JSON")
    missing = actions.add_parser("missing", help="列出本库没有收录什么")
    missing.add_argument("--json", action="store_true", help="只输出一个 JSON")
    add_sources_actions(actions)


def warn(library: Library) -> None:
    """Say which imported documents could not be read; the rest of the library goes on."""
    for warning in library.imports.warnings:
        print(f"注意：{warning}", file=sys.stderr)


def run_sources(args: argparse.Namespace, settings: Settings, report: Report, today: date) -> int:
    """Run one action of `zhize sources`; return the exit code."""
    if args.action == "remove":
        return run_remove(args, settings, report)
    if args.action == "history":
        return run_history(args, settings)
    library = load_library(imports=settings.imports_root)
    warn(library)
    catalog = library.catalog
    if args.action == "show":
        return _show(catalog, args, today)
    if args.action == "missing":
        return _missing(catalog, args, today)
    docs = [d for d in catalog if d.in_scope or args.scope == "all"]
    if args.json:
        waiting = [pending_json(i) for i in library.imports.pending]
        _print_json({"sources": [document_json(d, today) for d in docs], "pending": waiting})
        return OK
    for doc in docs:
        status = doc.status_on(today).value
        size = len(doc.latest().articles)
        print(
            f"{doc.id}\t{doc.title}\t{doc.level.value}\t{doc.text_kind.value}\t{status}\t{size} 条"
        )
    for i in library.imports.pending:
        size = len(i.articles)
        print(f"{i.id}\t{i.facts.title}\t{i.facts.level.value}\t本单位文件\t待确认\t{size} 条")
    return OK


def _missing(catalog: Catalog, args: argparse.Namespace, today: date) -> int:
    gaps = gaps_json(find_gaps(catalog, today))
    if args.json:
        _print_json(gaps)
        return OK
    for title, items in zip(_GAPS, gaps.values(), strict=True):
        rows = items if isinstance(items, list) else []
        print(f"{title}（{len(rows)}）")
        for row in rows:
            print("  " + (row if isinstance(row, str) else "　".join(map(_plain, row.values()))))
    return OK


_GAPS = (
    "全文没有收录", "只收了能核实的内容", "有些条只列了标题", "还没有当地文件的省份",
    "后来的修改没有并入", "这一天以前的旧文本没有收录", "已废止、原文没有收录",
)  # fmt: skip


def _plain(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def document_json(doc: Document, today: date) -> dict[str, Any]:
    """Return the facts of a document; `articles` is how many the newest version has."""
    return {
        "doc_id": doc.id,
        "doc": doc.title,
        "short": doc.short,
        "aliases": list(doc.aliases),
        "level": doc.level.value,
        "text_kind": doc.text_kind.value,
        "status": doc.status_on(today).value,
        "issuer": doc.issuer,
        "doc_number": doc.doc_number,
        "region": doc.region,
        "topics": list(doc.topics),
        "effective_on": day_text(doc.latest().effective_on),
        "versions": [v.id for v in doc.versions],
        "articles": len(doc.latest().articles),
        "confidence": doc.confidence,
    }


def _show(catalog: Catalog, args: argparse.Namespace, today: date) -> int:
    found = [catalog.documents[args.id]] if args.id in catalog.documents else []
    found = found or list(catalog.by_name(args.id))
    if len(found) != 1:
        names = "、".join(d.id for d in found)
        why = f"“{args.id}”对应多个文件：{names}" if found else f"本库没有“{args.id}”"
        print(f"{why}；全部文件见 zhize sources list", file=sys.stderr)
        return NO
    doc = found[0]
    version = doc.latest()
    if args.json:
        articles = [
            {"locator": a.id.article, "path": list(a.path), "text": a.text}
            for a in version.articles
        ]
        _print_json({**document_json(doc, today), "text": articles})
        return OK
    print(f"{doc.title}（{doc.text_kind.value}，{doc.status_on(today).value}）")
    above: tuple[str, ...] = ()
    for article in version.articles:
        for heading in article.path[_common(above, article.path) :]:
            print(f"\n{heading}")
        above = article.path
        print(f"{article.id.article}　{article.text}")
    return OK


def _common(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
