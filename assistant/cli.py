"""The `zhize` command: build, search, ask, duties, bearers, quiz, import, sources, serve, accounts.

Exit codes: 0 done, 1 the answer is "no", 2 bad usage or input (one line on stderr).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, NoReturn

from assistant.accounts.command import (
    add_accounts_options,
    add_users_options,
    run_accounts,
    run_users,
)
from assistant.answers import Outcome
from assistant.backup.command import (
    add_backup_options,
    add_restore_options,
    run_backup,
    run_restore,
)
from assistant.duties import DutyBook
from assistant.duties.command import (
    add_bearers_options,
    add_duties_options,
    run_bearers,
    run_duties,
)
from assistant.duties.own import OwnStore
from assistant.errors import AssistantError, BadInputError
from assistant.importing.command import add_import_options, run_import
from assistant.quiz.command import add_quiz_options, run_quiz
from assistant.quiz.pool import Makes
from assistant.quiz.source import Source
from assistant.render import answer_json, answer_text, hit_json, hit_line
from assistant.services import Services, Settings, build, open_duties, open_quiz_source
from assistant.sources import add_sources_options, run_sources, warn
from indexer.errors import IndexingError
from kb.errors import KbError
from kb.library import load_library

OK, NO, BAD = 0, 1, 2


_MESSAGES = (
    (r"^argument ([^:]+): ", r"\1 "),
    (r"^unrecognized arguments: (.*)", r"不认识 \1"),
    (r"invalid choice: (.+?) \(choose from (.*)\)", r"没有 \1，可用的是 \2"),
    (r"invalid int value: (.*)", r"应是整数，收到 \1"),
    (r"^the following arguments are required: (.*)", r"缺少 \1"),
    (r"expected one argument", "后面要带一个值"),
    (r"expected at least one argument", "后面至少要带一个值"),
)
"""What argparse says, for people who do not read English."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "add_help": False})
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _MESSAGES:
            message = re.sub(english, chinese, message)
        raise BadInputError(f"参数不对：{message}；用法见 {self.prog} --help")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期，请写成 2026-01-31") from None


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="zhize", description="知责：安全生产法规问答，每一句都是带出处的引文")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    commands.add_parser("build", help="建立或更新索引（可反复运行，原有索引不受影响）")
    search = commands.add_parser("search", help="检索条文")
    _question_options(search)
    search.add_argument("-k", type=int, default=10, help="返回几条，1–100，默认 10")
    search.add_argument(
        "--scope", choices=("safety", "all"), default="safety", help="安全范围或全部法律"
    )
    search.add_argument("--level", default="", metavar="层级", help="只查这一层级，例如 法律")
    ask = commands.add_parser("ask", help="提问，得到逐句带出处的回答")
    _question_options(ask)
    add_duties_options(commands.add_parser("duties", help="列出一个主体的全部职责"), _day)
    add_bearers_options(commands.add_parser("bearers", help="列出全部责任主体和叫法"))
    add_quiz_options(commands.add_parser("quiz", help="出题组卷"))
    add_sources_options(commands.add_parser("sources", help="看库里有哪些文件"))
    add_import_options(commands.add_parser("import", help="导入本单位的文件"))
    add_accounts_options(commands.add_parser("accounts", help="启用或停用账号，改登录的规则"))
    add_users_options(commands.add_parser("users", help="管理账号"))
    add_backup_options(commands.add_parser("backup", help="把不能重建的数据备份成一个文件"))
    add_restore_options(commands.add_parser("restore", help="从备份恢复"))
    serve = commands.add_parser("serve", help="打开网页")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1")
    serve.add_argument("--port", type=int, default=7860, help="端口，默认 7860")
    serve.add_argument(
        "--open", action=argparse.BooleanOptionalAction, default=False, help="启动后打开浏览器"
    )
    serve.add_argument(
        "--allow-import",
        action="store_true",
        help="别的电脑打开网页时也能导入和移出文件（默认只限本机）",
    )
    return parser


def _question_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="?", metavar="问题", help="一句话")
    parser.add_argument("--batch", type=Path, metavar="IN.jsonl", help='每行 {"qid","query"}')
    parser.add_argument("--out", type=Path, metavar="OUT.jsonl", help="与 --batch 同用")
    parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="按这一天有效的规定")
    parser.add_argument("--region", default="", metavar="省", help="加上这个省的文件")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        args = _parser().parse_args(argv)
        code: int = _COMMANDS[args.command](args)
        sys.stdout.flush()
        return code
    except (AssistantError, KbError, IndexingError) as e:
        print(str(e), file=sys.stderr)
        return BAD
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("已中断，没有改动任何数据", file=sys.stderr)
        return 130


def progress(phase: str, done: int, total: int) -> None:
    """Show one changing line on a terminal; a line at the end of a phase elsewhere."""
    if sys.stderr.isatty():
        width = 24
        filled = width * done // max(total, 1)
        bar = "█" * filled + "·" * (width - filled)
        end = "\n" if done == total else ""
        print(f"\r{phase} {bar} {done}/{total}", end=end, file=sys.stderr, flush=True)
    elif done == total:
        print(f"{phase} {done}/{total}", file=sys.stderr, flush=True)


def _build(args: argparse.Namespace) -> int:  # noqa: ARG001
    result = build(Settings(), progress)
    if result.unchanged:
        print(f"索引已是最新（{result.units} 条），用时 {result.seconds:.1f} 秒")
    else:
        print(
            f"索引建好了：{result.units} 条，其中新编码 {result.encoded} 条、沿用 {result.reused} 条，"
            f"用时 {result.seconds:.1f} 秒"
        )
    return OK


def _services() -> Services:
    services = Services.open(Settings())
    warn(services.library)
    return services


def _import(args: argparse.Namespace) -> int:
    return run_import(args, Settings(), progress)


def _search(args: argparse.Namespace) -> int:
    _check_inputs(args)
    services = _services()

    def one(text: str) -> dict[str, Any]:
        started = time.perf_counter()
        found = services.find(text, args.k, args.scope, args.as_of, args.region, args.level)
        ms = (time.perf_counter() - started) * 1000
        return {"hits": [hit_json(h) for h in found.hits], "ms": round(ms, 1)}

    if args.batch:
        return _batch(args, one)
    found = services.find(args.query, args.k, args.scope, args.as_of, args.region, args.level)
    if args.json:
        _print_json({"query": args.query, "hits": [hit_json(h) for h in found.hits]})
    else:
        for hit in found.hits:
            print(f"{hit.rank:>2}. {hit_line(hit)}")
        if not found.hits:
            print("没有找到；请换个说法，或去掉 --as-of、--region 再试")
    return OK if found.hits else NO


def _ask(args: argparse.Namespace) -> int:
    _check_inputs(args)
    services = _services()

    def one(text: str) -> dict[str, Any]:
        started = time.perf_counter()
        answer = services.ask(text, args.as_of, args.region)
        return answer_json(answer, (time.perf_counter() - started) * 1000)

    if args.batch:
        return _batch(args, one)
    started = time.perf_counter()
    answer = services.ask(args.query, args.as_of, args.region)
    if args.json:
        _print_json(answer_json(answer, (time.perf_counter() - started) * 1000))
    else:
        print(answer_text(answer))
    return OK if answer.outcome == Outcome.ANSWER else NO


def _duties(args: argparse.Namespace) -> int:
    return run_duties(args, _duty_book(), OwnStore(Settings().own_root))


def _bearers(args: argparse.Namespace) -> int:
    return run_bearers(args, _duty_book())


def _duty_book() -> DutyBook:
    settings = Settings()
    library = load_library(imports=settings.imports_root)
    warn(library)
    return open_duties(settings, library)


def _quiz(args: argparse.Namespace) -> int:
    seed = secrets.randbelow(1_000_000)
    return run_quiz(args, _quiz_source, _quiz_generator, _services, progress, seed=seed)


def _quiz_source(region: str) -> Source:
    settings = Settings()
    library = load_library(imports=settings.imports_root)
    warn(library)
    return open_quiz_source(settings, library, date.today(), region)


def _quiz_generator(source: Source) -> Makes:
    from assistant.quiz.make import Generator

    return Generator(source)


def _check_inputs(args: argparse.Namespace) -> None:
    if bool(args.batch) == (args.query is not None):
        raise BadInputError("请给出一个问题，或用 --batch IN.jsonl --out OUT.jsonl（二选一）")
    if bool(args.batch) != bool(args.out):
        raise BadInputError("--batch 和 --out 要一起用")
    if args.batch and args.batch.resolve() == args.out.resolve():
        raise BadInputError("--out 不能与 --batch 是同一个文件，否则原文件会被覆盖")


def _batch(args: argparse.Namespace, one: Callable[[str], dict[str, Any]]) -> int:
    rows = _read_batch(args.batch)
    try:
        with args.out.open("w", encoding="utf-8") as f:
            for n, row in enumerate(rows, 1):
                try:
                    result = one(str(row["query"]))
                except BadInputError as e:
                    result = {"error": str(e)}
                f.write(json.dumps({**row, **result}, ensure_ascii=False) + "\n")
                progress("提问" if args.command == "ask" else "检索", n, len(rows))
    except OSError as e:
        raise BadInputError(f"{args.out} 写不进去：{e.strerror}") from e
    return OK


def _read_batch(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise BadInputError(f"{path} 读不出来（{e}）；应是 UTF-8 的 JSON Lines 文件") from e
    rows = []
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["qid"], row["query"]
        except (ValueError, KeyError, TypeError):
            raise BadInputError(
                f'{path} 第 {n} 行不对；每行应如 {{"qid": "1", "query": "…"}}'
            ) from None
        rows.append(row)
    return rows


def _sources(args: argparse.Namespace) -> int:
    return run_sources(args, Settings(), progress, date.today())


def _serve(args: argparse.Namespace) -> int:
    from assistant.web import serve

    return serve(
        Settings(), args.host, args.port, args.open, progress, anyone_imports=args.allow_import
    )


def _users(args: argparse.Namespace) -> int:
    return run_users(args, Settings().records)


def _accounts(args: argparse.Namespace) -> int:
    return run_accounts(args, Settings().records)


def _backup(args: argparse.Namespace) -> int:
    settings = Settings()
    return run_backup(args, settings.data, settings.records, datetime.now(timezone.utc))


def _restore(args: argparse.Namespace) -> int:
    settings = Settings()
    return run_restore(args, settings.data, settings.records, datetime.now(timezone.utc))


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "search": _search,
    "ask": _ask,
    "duties": _duties,
    "bearers": _bearers,
    "quiz": _quiz,
    "import": _import,
    "sources": _sources,
    "serve": _serve,
    "accounts": _accounts,
    "backup": _backup,
    "restore": _restore,
    "users": _users,
}

if __name__ == "__main__":
    sys.exit(main())
