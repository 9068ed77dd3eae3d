"""`zhize quiz make`: a paper by a blueprint, as text, JSON or files."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

from assistant.errors import BadInputError
from assistant.export.quiz_files import ENDINGS, check_quiz_files, quiz_files, write_quiz_files
from assistant.quiz.blueprint import MOST_VERSIONS, Wish, make_blueprint
from assistant.quiz.codec import paper_json
from assistant.quiz.draw import make_paper
from assistant.quiz.model import Kind
from assistant.quiz.paper import LETTERS, Paper, versions
from assistant.quiz.pool import Makes
from assistant.quiz.render import paper_text
from assistant.quiz.source import Source
from assistant.quiz.wishes import parse_difficulty, read_wish, split_names
from kb.duty_bearers import read_bearer_table
from kb.fields import read_fields

OK = 0
NO_COUNTS = Wish({}, {})


def add_quiz_options(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands of `zhize quiz` and their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    _add_make(actions.add_parser("make", help="按蓝图组一份试卷"))


def _add_make(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--blueprint", type=Path, metavar="F.toml", help="组卷蓝图；其他选项优先于它"
    )
    for kind in Kind:
        parser.add_argument(f"--{kind.value}", type=int, metavar="N", help=f"{kind.label}的题数")
    parser.add_argument(
        "--topic", action="append", metavar="领域", help="只考这一领域，例如 消防；可写几次"
    )
    parser.add_argument(
        "--post",
        action="append",
        metavar="岗位",
        help="只考这一岗位，例如 企业主要负责人；可写几次",
    )
    parser.add_argument("--difficulty", metavar="难度", help="易、中、难，或比例，例如 易3中5难2")
    parser.add_argument("--seed", type=int, metavar="N", help="种子；相同的种子组出相同的试卷")
    parser.add_argument("--title", metavar="标题", help="试卷标题")
    parser.add_argument("--region", metavar="省", help="加上这个省的文件")
    parser.add_argument(
        "--versions", type=int, default=1, metavar="N", help=f"A、B 等卷，1–{MOST_VERSIONS}，默认 1"
    )
    parser.add_argument(
        "--out", type=Path, action="append", metavar="F", help=f"存成文件（{' '.join(ENDINGS)}）；可写几次，"
        "Word 文件旁边另存一份答案",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")


def run_quiz(
    args: argparse.Namespace,
    open_source: Callable[[str], Source],
    open_generator: Callable[[Source], Makes],
    *,
    seed: int,
) -> int:
    """Run a sub-command of `zhize quiz` and return the exit code.

    `open_source` takes a province; it is called once nothing is wrong with what was typed. `seed`
    is used where none is given. BadInputError says what cannot be done; no file has been written
    then.
    """
    return _make(args, open_source, open_generator, seed)


def _make(
    args: argparse.Namespace,
    open_source: Callable[[str], Source],
    open_generator: Callable[[Source], Makes],
    seed: int,
) -> int:
    wanted: list[Path] = args.out or []
    if wanted and args.json:
        raise BadInputError("--json 和 --out 只能选一样；要 JSON 文件请用 --out F.json")
    if not 1 <= args.versions <= MOST_VERSIONS:
        raise BadInputError(f"--versions 应在 1 到 {MOST_VERSIONS} 之间，收到 {args.versions}")
    labels = tuple(LETTERS[: args.versions]) if args.versions > 1 else ("",)
    check_quiz_files(wanted, labels)
    blueprint = make_blueprint(_wish(args), read_bearer_table(), read_fields(), seed)
    started = time.perf_counter()
    source = open_source(blueprint.region)
    papers = versions(make_paper(blueprint, open_generator(source), source), args.versions)
    _give(papers, source, args, wanted, round((time.perf_counter() - started) * 1000, 1))
    return OK


def _give(
    papers: Sequence[Paper], source: Source, args: argparse.Namespace, wanted: list[Path], ms: float
) -> None:
    paper = papers[0]
    if args.json:
        row = {**paper_json(papers, source.catalog), "ms": ms}
        print(json.dumps(row, ensure_ascii=False, indent=2))
    elif wanted:
        made = quiz_files(wanted, papers, source.catalog, datetime.now(timezone.utc))
        write_quiz_files(made)
        print(
            f"{paper.title}：{len(paper.slots)} 题，满分 {paper.total:g} 分，种子 {paper.blueprint.seed}"
        )
        print("\n".join(f"已存为 {path}" for path in made))
        print("\n".join(f"注意：{n}" for n in paper.notices), end="\n" if paper.notices else "")
    else:
        print("\n\n".join(paper_text(p) for p in papers))


def _wish(args: argparse.Namespace) -> Wish:
    base = read_wish(args.blueprint) if args.blueprint else NO_COUNTS
    counts = {k: n for k in Kind if (n := getattr(args, k.value)) is not None}
    typed = Wish(
        counts,
        {},
        split_names(args.topic),
        split_names(args.post),
        parse_difficulty(args.difficulty) if args.difficulty is not None else (),
        args.seed,
        args.title or "",
        args.region or "",
    )
    return typed.over(base)
