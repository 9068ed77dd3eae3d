"""`zhize import` and `zhize sources remove|history`: preview, store, index, history."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import BadInputError
from assistant.importing.meta import read_meta
from assistant.importing.proposal import (
    SAME,
    Proposal,
    Source,
    accept,
    prepare,
    proposal_json,
    propose,
    tree,
)
from assistant.importing.store import ImportStore
from assistant.services import Settings, build
from indexer.build import BuildResult, Report
from indexer.errors import IndexingError, RefusedFileError
from kb.imports import Imported, ImportState
from kb.library import load_library
from kb.model import Document

OK, NO = 0, 1
_ACTIONS = {
    "import": "导入", "replace": "换成新文本", "pending": "待确认", "confirm": "确认",
    "remove": "移出", "discard": "放弃待确认的文本",
}  # fmt: skip
_KINDS = {"import": "原来导入的文本（原件仍保留）", "digest": "本库的要点"}


def add_import_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `zhize import`."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="文件", help="TXT、MD、DOCX 或带文字的 PDF"
    )
    parser.add_argument(
        "--meta", type=Path, metavar="F.toml", help="用这个文件里写的标题、日期等，代替读出来的"
    )
    parser.add_argument("--dry-run", action="store_true", help="只看读懂了什么，不改动任何东西")
    parser.add_argument("--confirm", action="store_true", help="有待确认的问题也入库并据以回答")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")


def add_sources_actions(actions: Any) -> None:
    """Add `remove` and `history` to the actions of `zhize sources`."""
    remove = actions.add_parser("remove", help="移出一个导入的文件（原件保留，可重新导入）")
    remove.add_argument("id", metavar="ID", help="文件编号（unit-…）或标题")
    remove.add_argument("--pending", action="store_true", help="只放弃还没有确认的文本")
    remove.add_argument("--json", action="store_true", help="只输出一个 JSON")
    history = actions.add_parser("history", help="列出导入、更换和移出的记录")
    history.add_argument("--json", action="store_true", help="只输出一个 JSON")


def run_import(args: argparse.Namespace, settings: Settings, report: Report) -> int:
    """Import the files, all of them or, if one is refused, none; return the exit code."""
    if args.meta and len(args.files) > 1:
        raise BadInputError("--meta 一次只能配一个文件；请逐个导入")
    stated = read_meta(args.meta) if args.meta else {}
    sources = _prepare_all(args.files)
    held = list(load_library().catalog)
    store = ImportStore(settings.imports_root)
    done: list[tuple[Proposal, str]] = []
    if args.dry_run:
        imports = store.read()
        done = [(propose(s, held, imports, stated), "preview") for s in sources]
    else:
        with store.writing():
            for source in sources:
                done.append(_store_one(store, source, held, stated, args.confirm))
    changed = any(state == ImportState.CONFIRMED.value for _, state in done)
    if not args.json:
        _print_text(done)
    result = _refresh(settings, report) if changed else None
    if args.json:
        shown = {
            "dry_run": args.dry_run,
            "imports": [proposal_json(p, state) for p, state in done],
            "index": asdict(result) if result else None,
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    elif result:
        print(f"索引已更新：新编码 {result.encoded} 条，用时 {result.seconds:.1f} 秒")
    waits = any(
        state == ImportState.PENDING.value
        or (state == "preview" and p.problems and not args.confirm)
        for p, state in done
    )
    return NO if waits else OK


def run_remove(args: argparse.Namespace, settings: Settings, report: Report) -> int:
    """Move a document out of the library and refresh the index; return the exit code."""
    store = ImportStore(settings.imports_root)
    doc_id = _find(store, args.id)
    with store.writing():
        target = store.remove(doc_id, pending_only=args.pending)
    result = None if args.pending else _refresh(settings, report)
    if args.json:
        shown = {
            "removed": doc_id,
            "kept_in": str(target),
            "index": asdict(result) if result else None,
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        print(f"已移出 {doc_id}；原件还在 {target}，需要时可重新导入")
    return OK


def run_history(args: argparse.Namespace, settings: Settings) -> int:
    """Print what was imported, replaced and removed; return the exit code."""
    entries = ImportStore(settings.imports_root).history()
    if args.json:
        print(json.dumps({"history": [asdict(e) for e in entries]}, ensure_ascii=False, indent=2))
        return OK
    for e in entries:
        print(
            f"{e.at}\t{_ACTIONS.get(e.action, e.action)}\t{e.id}\t第{e.version}版\t{e.title}\t{e.file}"
        )
    if not entries:
        print("还没有导入过文件")
    return OK


def pending_json(imported: Imported) -> dict[str, Any]:
    """Return a wording that waits for confirmation, for `zhize sources list --json`."""
    return {
        "doc_id": imported.id,
        "doc": imported.facts.title,
        "state": imported.state.value,
        "problems": list(imported.problems),
    }


def _prepare_all(files: list[Path]) -> list[Source]:
    sources: list[Source] = []
    refused: list[str] = []
    for path in files:
        try:
            sources.append(prepare(path))
        except RefusedFileError as e:
            refused.append(f"{path.name}：{e}")
    if refused:
        tail = "" if len(files) == 1 else "\n这一批一个也没有导入"
        raise BadInputError("\n".join(refused) + tail)
    return sources


def _store_one(
    store: ImportStore, source: Source, held: list[Document], stated: dict[str, Any], confirm: bool
) -> tuple[Proposal, str]:
    proposal = propose(source, held, store.read(), stated)
    was = proposal.existing.state if proposal.existing else None
    stored = accept(store, proposal, confirm=confirm)
    unchanged = proposal.action == SAME and stored.state is was
    return (
        proposal,
        "unchanged" if unchanged and was is not ImportState.PENDING else stored.state.value,
    )


def _refresh(settings: Settings, report: Report) -> BuildResult:
    """Refresh the index; what was stored stays stored if that fails."""
    try:
        return build(settings, report)
    except IndexingError as e:
        raise IndexingError(
            f"文件已经入库，但索引没有更新：{e}；处理后运行 zhize build 即可"
        ) from e


def _find(store: ImportStore, wanted: str) -> str:
    found = store.read()
    if wanted in found.known:
        return wanted
    same = {
        i.id for i in (*found.confirmed, *found.pending) if wanted in (i.facts.title, i.facts.short)
    }
    if len(same) != 1:
        raise BadInputError(f"没有导入过“{wanted}”；导入的文件和编号见 zhize sources history")
    return same.pop()


def _print_text(done: list[tuple[Proposal, str]]) -> None:
    for n, (proposal, state) in enumerate(done):
        if n:
            print()
        for line in describe(proposal, state):
            print(line)
    sys.stdout.flush()


def describe(proposal: Proposal, state: str) -> Iterator[str]:
    """Yield the lines that tell a keeper what was understood and what became of it."""
    f = proposal.facts
    yield f"《{f.title}》（{proposal.source.name}）"
    shown = [
        ("文号", f.doc_number),
        ("发布机关", f.issuer),
        ("层级", f.level.value),
        ("地区", f.region),
    ]
    yield "  " + "　".join(f"{name}：{value or '没有读到'}" for name, value in shown)
    days = [("公布", f.issued_on), ("施行", f.effective_on)]
    yield "  " + "　".join(f"{name}：{day or '没有读到'}" for name, day in days)
    for on, note in f.amended:
        yield f"  修改：{on}　{note}"
    if f.repealed_on:
        yield f"  {f.repealed_on} 起不再有效"
    yield f"  {len(proposal.source.draft.articles)} 条"
    for node in tree(proposal):
        if node["heading"]:
            where = node["locators"]
            span = f"　{where[0]}—{where[-1]}" if len(where) > 1 else f"　{''.join(where)}"
            yield f"  {'  ' * node['depth']}{node['heading']}{span if where else ''}"
    for r in proposal.replaces:
        yield f"  取代{_KINDS[r.kind]}：{r.title}（{r.why}）"
    for warning in proposal.warnings:
        yield f"  注意：{warning}"
    for problem in proposal.problems:
        yield f"  待确认：{problem}"
    yield f"  {_outcome(proposal, state)}"


def _outcome(proposal: Proposal, state: str) -> str:
    if state == "preview":
        return "只是预览，没有改动任何东西"
    if state == "unchanged":
        return f"已经在库中（{proposal.doc_id}），没有改动"
    if state == ImportState.PENDING.value:
        return f"已存为待确认（{proposal.doc_id}），暂不据以回答；核对上面的问题后，加 --confirm 再导入一次"
    return f"已入库（{proposal.doc_id}）"
