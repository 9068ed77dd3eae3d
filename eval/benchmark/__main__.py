"""The public benchmark: `python -m eval.benchmark export|describe|leaderboard|score …`.

export DIR          questions, judgements (TREC) and the list of provisions; [--text] their words
describe            what the set holds, counted; [--write] into README.md
leaderboard         every ranker on the test splits; [--write] into README.md
score RUN.trec      the figures of somebody else's run
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.services import Services, Settings
from eval.benchmark.composition import JUDGED, composition
from eval.benchmark.export import export
from eval.benchmark.leaderboard import leaderboard, score, write_between
from indexer.errors import IndexingError
from kb.errors import KbError
from kb.library import load_library

README = Path(__file__).with_name("README.md")


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exit code 2 with one line on standard error if the input cannot be used."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (OSError, ValueError, AssistantError, IndexingError, KbError) as e:
        print(str(e), file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.benchmark", description=__doc__)
    commands = parser.add_subparsers(required=True)
    to = commands.add_parser("export", help="write the data set as files")
    to.add_argument("folder", type=Path)
    to.add_argument("--text", action="store_true", help="with the words of the provisions")
    to.set_defaults(run=_export)
    what = commands.add_parser("describe", help="count what the set holds")
    what.set_defaults(run=_describe)
    board = commands.add_parser("leaderboard", help="compare rankers on the test splits")
    board.add_argument("--sets", nargs="*", default=list(JUDGED), choices=JUDGED)
    board.set_defaults(run=_leaderboard)
    for command in (what, board):
        command.add_argument("--write", action="store_true", help="into README.md")
    run = commands.add_parser("score", help="score a run file")
    run.add_argument("file", type=Path)
    run.set_defaults(run=_score)
    return parser


def _export(args: argparse.Namespace) -> int:
    manifest = export(load_library(), args.folder, texts=args.text)
    for name, count in manifest["counts"].items():
        print(f"{count:>7}  {name}")
    return 0


def _describe(args: argparse.Namespace) -> int:
    return _give(args.write, "composition", composition(load_library().catalog))


def _leaderboard(args: argparse.Namespace) -> int:
    if args.write and args.sets != list(JUDGED):
        raise ValueError("--write 要跑全部题集，请去掉 --sets")
    return _give(args.write, "leaderboard", leaderboard(Services.open(Settings()), args.sets))


def _score(args: argparse.Namespace) -> int:
    lines = args.file.read_text(encoding="utf-8").splitlines()
    print(score(load_library().catalog, [x for x in lines if x.strip()]))
    return 0


def _give(write: bool, marker: str, body: str) -> int:
    print(body)
    if write:
        write_between(README, marker, body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
