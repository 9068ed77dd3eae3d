"""`zhize quiz check`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from assistant.errors import BadInputError
from assistant.export.target import check_target, save
from assistant.quiz.bank.read import read_bank
from assistant.quiz.check.model import State
from assistant.quiz.check.render import check_json, check_text, count_line
from assistant.quiz.check.run import check_bank
from assistant.services import Services

OK, NO = 0, 1
Progress = Callable[[str, int, int], None]


def add_check_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `zhize quiz check`."""
    parser.description = (
        "题库体检：逐题与现行规定核对。有一题与现行规定不符或说法过时，退出码是 1；都没有，是 0"
    )
    parser.add_argument(
        "bank", type=Path, metavar="题库", help=".xlsx、.docx、.txt、.csv、.gift 或 .json"
    )
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")
    parser.add_argument("--out", type=Path, metavar="F.xlsx", help="把体检报告存成 Excel")


def run_check(
    args: argparse.Namespace, services: Callable[[], Services], progress: Progress
) -> int:
    """Examine a bank and print or store the report; return the exit code.

    1: something is contradicted or outdated. BadInputError if the file is no bank, holds no
    question that can be read, or the report cannot be written there; `services` opens the index
    only after that is known.
    """
    if args.out is not None:
        check_target(args.out, (".xlsx",))
        if args.out.resolve() == args.bank.resolve():
            raise BadInputError("--out 不能与题库是同一个文件，否则题库会被覆盖")
    imported = read_bank(args.bank).imported()
    if not imported.questions:
        first = imported.problems[0]
        raise BadInputError(
            f"{args.bank} 里没有一道能读入的题，例如第 {first.row} 行：{first.reason}"
        )
    opened = services()
    verdicts = check_bank(imported.questions, opened, lambda n, total: progress("体检", n, total))
    if args.out is not None:
        from assistant.export.bank_xlsx import bank_xlsx

        save(args.out, bank_xlsx(verdicts, imported, args.bank.name, opened.today()))
    if args.json:
        report = check_json(verdicts, imported, opened.today())
        print(json.dumps(report, ensure_ascii=False, indent=2))
    elif args.out is not None:
        print(f"{count_line(verdicts)}\n已存为 {args.out}")
    else:
        print(check_text(verdicts, imported))
    bad = any(v.state in (State.CONTRADICTED, State.OUTDATED) for v in verdicts)
    return NO if bad else OK
