"""`zhize duties` and `zhize bearers`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from assistant.duties.book import DutyBook
from assistant.duties.mentions import KEYWORDS, find_mentions, mentions_json, mentions_text
from assistant.duties.own import OwnStore
from assistant.duties.render import bearers_json, bearers_text, duties_json, duties_text
from assistant.errors import BadInputError
from assistant.export.command import add_export_options, check_exports, run_exports

OK, NO = 0, 1


def add_duties_options(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Add the options of `zhize duties`; `day` reads a date."""
    parser.add_argument("bearer", nargs="?", metavar="主体", help="例如 乡镇人民政府、老板、班组长")
    parser.add_argument("--field", default="", metavar="领域", help="只看这一领域，例如 消防")
    parser.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="按这一天有效的规定")
    parser.add_argument("--region", default="", metavar="省", help="加上这个省的文件")
    parser.add_argument(
        "--mentions", choices=tuple(KEYWORDS), metavar="词",
        help=f"逐条说明提到这个词的规定在不在清单里：{'、'.join(KEYWORDS)}",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")
    add_export_options(parser)


def add_bearers_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `zhize bearers`."""
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")


def run_duties(args: argparse.Namespace, book: DutyBook, own: OwnStore) -> int:
    """Print a duty list, store it as files, or print a report of mentions; return the exit code.

    1: nothing found; no file is written then.
    """
    if bool(args.bearer) == bool(args.mentions):
        raise BadInputError(
            "请给出一个主体（全部主体见 zhize bearers），或用 --mentions 词（二选一）"
        )
    files = check_exports(args)
    if args.mentions:
        return _mentions(args, book)
    started = time.perf_counter()
    made = book.list_for(args.bearer, args.field, args.as_of, args.region)
    ms = (time.perf_counter() - started) * 1000
    found = bool(made.lines or made.outlines)
    if args.json:
        _print_json(duties_json(made, ms))
    elif files and found:
        run_exports(files, made, own.of(made.bearer.id))
        print("\n".join(f"已存为 {path}" for path in files.values()))
    elif files:
        print(f"没有规定落到{made.bearer.name}（{made.field or '全部领域'}），没有生成文件")
    else:
        print(duties_text(made))
    return OK if found else NO


def run_bearers(args: argparse.Namespace, book: DutyBook) -> int:
    """Print all bearers; return the exit code."""
    if args.json:
        _print_json(bearers_json(book))
    else:
        print(bearers_text(book))
    return OK


def _mentions(args: argparse.Namespace, book: DutyBook) -> int:
    if args.field:
        raise BadInputError("--mentions 不分领域，请去掉 --field")
    found = find_mentions(book, args.mentions, args.as_of, args.region)
    if args.json:
        _print_json(mentions_json(args.mentions, found))
    else:
        print(mentions_text(args.mentions, found))
    return OK if found else NO


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
