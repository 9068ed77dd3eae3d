"""`zhize duties … --out`, `--one-page` and `--card`: a list as files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from assistant.duties.model import DutyList
from assistant.duties.own import OwnAdditions
from assistant.errors import BadInputError
from assistant.export.target import check_target, save

Render = Callable[[DutyList, "OwnAdditions | None"], bytes]
_OPTIONS = {"out": (".docx", ".xlsx"), "one_page": (".docx",), "card": (".docx",)}


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name files to write."""
    parser.add_argument(
        "--out", type=Path, metavar="F.docx|F.xlsx", help="把完整清单存成 Word 或 Excel"
    )
    parser.add_argument("--one-page", type=Path, metavar="F.docx", help="存成一页 A4 的“一岗一单”")
    parser.add_argument("--card", type=Path, metavar="F.docx", help="存成可裁开的“一人一卡”")


def check_exports(args: argparse.Namespace) -> dict[str, Path]:
    """Return option → file for the files asked for, none for none.

    BadInputError says what is wrong with one of them; nothing has been made then.
    """
    wanted = {name: path for name in _OPTIONS if (path := getattr(args, name)) is not None}
    if wanted and args.json:
        raise BadInputError(
            "--json 和存成文件只能选一样；请去掉 --json，或去掉 --out、--one-page、--card"
        )
    if wanted and args.mentions:
        raise BadInputError("--mentions 不能存成文件；请去掉 --out、--one-page、--card")
    for name, path in wanted.items():
        check_target(path, _OPTIONS[name])
    places = {path.resolve() for path in wanted.values()}
    if len(places) < len(wanted):
        raise BadInputError("几个选项写的是同一个文件；请各给一个文件名")
    return wanted


def run_exports(wanted: dict[str, Path], made: DutyList, own: OwnAdditions) -> None:
    """Write the files: all are made before the first is written. BadInputError if one cannot be."""
    data = {path: _renderer(name, path)(made, own) for name, path in wanted.items()}
    for path, content in data.items():
        save(path, content)


def _renderer(name: str, path: Path) -> Render:
    """The function that makes this file; imported here, since other commands need none of them."""
    from assistant.export.cards import cards
    from assistant.export.duties_docx import duties_docx
    from assistant.export.duties_print import one_page
    from assistant.export.duties_xlsx import duties_xlsx

    whole: Render = duties_docx if path.suffix.lower() == ".docx" else duties_xlsx
    return {"out": whole, "one_page": one_page, "card": cards}[name]
