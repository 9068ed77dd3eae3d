"""`zhize backup` and `zhize restore`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from assistant.accounts.model import COMMAND_LINE
from assistant.errors import BadInputError
from assistant.store import open_store

OK = 0
_SHOWN = (
    ("people", "个账号"),
    ("rounds", "次练习"),
    ("answers", "条答题记录"),
    ("audit", "条操作记录"),
)


def add_backup_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `zhize backup`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="F.tar.zst", help="备份写到这个文件")
    parser.add_argument("--daily", metavar="HH:MM", help="网页开着时每天这个时间自动备份；off 停用")
    parser.add_argument("--keep", type=int, default=7, help="自动备份保留几份，默认 7")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")


def add_restore_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `zhize restore`."""
    parser.add_argument("file", type=Path, metavar="F.tar.zst", help="备份文件")
    parser.add_argument("--yes", action="store_true", help="用备份代替现有数据（现有数据另存一份）")
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON")


def run_backup(args: argparse.Namespace, data: Path, records: Path | str, now: datetime) -> int:
    """Make a backup or set the daily one; return the exit code."""
    if bool(args.file) == bool(args.daily):
        raise BadInputError("请给出备份文件名 F.tar.zst，或用 --daily HH:MM 设自动备份（二选一）")
    if args.daily:
        _set_daily(args, records, now)
        return OK
    from assistant.backup.create import make_backup

    made = make_backup(COMMAND_LINE, data, records, args.file, now)
    if args.json:
        _print_json({"file": str(args.file), **asdict(made)})
        return OK
    size = args.file.stat().st_size
    print(f"已备份到 {args.file}（{size / 1_000_000:.1f} MB）：{_told(dict(made.counts))}")
    print("里面有账号和答题记录，请像对待人事资料一样保管；索引不在里面，恢复后会自动重建")
    return OK


def _set_daily(args: argparse.Namespace, records: Path | str, now: datetime) -> None:
    from assistant.backup.schedule import Schedule, parse_time, set_schedule

    off = args.daily.strip().lower() == "off"
    schedule = None if off else Schedule(parse_time(args.daily), args.keep)
    store = open_store(records)
    try:
        set_schedule(store, COMMAND_LINE, schedule, now)
    finally:
        store.close()
    if args.json:
        shown = {"at": f"{schedule.at:%H:%M}", "keep": schedule.keep} if schedule else None
        _print_json({"daily": shown})
    elif schedule is None:
        print("自动备份已停用")
    else:
        print(
            f"以后每天 {schedule.at:%H:%M} 自动备份到数据文件夹的 backups，保留最近 {schedule.keep} 份"
        )
        print("要网页开着才会备份；请再把备份复制到别的电脑或移动硬盘")


def run_restore(args: argparse.Namespace, data: Path, records: Path | str, now: datetime) -> int:
    """Restore a backup; return the exit code."""
    from assistant.backup.restore import restore

    done = restore(COMMAND_LINE, data, records, args.file, now, replace=args.yes)
    if args.json:
        kept = str(done.kept) if done.kept else None
        _print_json({**asdict(done), "kept": kept})
        return OK
    print(f"已恢复 {done.made_at[:16].replace('T', ' ')}（UTC）的备份：{_told(dict(done.counts))}")
    if done.kept:
        print(f"原来的文件另存在 {done.kept}")
    if done.kept_schema:
        print(f"原来的记录另存在数据库的 {done.kept_schema} 里")
    print("大家要重新登录；下次启动网页会自动更新索引，也可先运行 zhize build")
    return OK


def _told(counts: dict[str, int]) -> str:
    return "、".join(f"{counts.get(name, 0)} {what}" for name, what in _SHOWN)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
