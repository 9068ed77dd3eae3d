"""A backup every day at a set time, made inside the running server; the last ones are kept."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from assistant.accounts.model import SYSTEM, Actor
from assistant.accounts.rights import Action, require
from assistant.backup.archive import ENDING
from assistant.backup.create import make_backup
from assistant.errors import AssistantError, BadInputError
from assistant.store.audit import record
from assistant.store.settings import write_setting
from assistant.store.store import Store

FOLDER = "backups"
_SCHEDULE, _DONE, _RESULT = "backup.schedule", "backup.done", "backup.result"
_NAME = re.compile(r"zhize-\d{8}-\d{6}\.tar\.zst")
_EVERY = 30.0
"""How often the clock is looked at, in seconds."""
_RETRY = timedelta(hours=1)
MOST_KEPT = 366


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every day at `at` by the clock of this machine, keeping the newest `keep` files."""

    at: time
    keep: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last scheduled backup ended: its file, or what hindered it. `at` is in UTC."""

    at: datetime
    file: str
    problem: str


def local_now() -> datetime:
    """Return the current time with the time zone of this machine."""
    return datetime.now(timezone.utc).astimezone()


def read_schedule(store: Store) -> Schedule | None:
    """Return what is set; None if no backup is made by itself."""
    row = store.settings.get(_SCHEDULE)
    return None if not row else Schedule(time.fromisoformat(row["at"]), int(row["keep"]))


def set_schedule(store: Store, actor: Actor, schedule: Schedule | None, now: datetime) -> None:
    """Set when a backup is made by itself, or that none is; BadInputError if `keep` is odd."""
    require(actor, Action.CHANGE_SETTINGS)
    if schedule and not 1 <= schedule.keep <= MOST_KEPT:
        raise BadInputError(f"保留份数请填 1 到 {MOST_KEPT}")
    row = {"at": f"{schedule.at:%H:%M}", "keep": schedule.keep} if schedule else None
    with store.database.write() as connection:
        write_setting(connection, _SCHEDULE, row, now)
        at, keep = (f"{schedule.at:%H:%M}", schedule.keep) if schedule else ("", 0)
        record(connection, actor, now, "backup.schedule", at=at, keep=keep)


def parse_time(text: str) -> time:
    """Return a time of day typed like 02:30; BadInputError if it is none."""
    if not re.fullmatch(r"\d{1,2}[:：]\d{2}", text.strip()):
        raise BadInputError(f"“{text[:20]}”不是时间；请写成 02:30")
    hour, minute = map(int, re.split("[:：]", text.strip()))
    try:
        return time(hour, minute)
    except ValueError:
        raise BadInputError(f"“{text[:20]}”不是时间；请写成 02:30") from None


def last_outcome(store: Store) -> Outcome | None:
    """Return how the last scheduled backup ended; None if there was none yet."""
    row = store.settings.get(_RESULT)
    return Outcome(datetime.fromisoformat(row["at"]), row["file"], row["problem"]) if row else None


def due(schedule: Schedule | None, done: Any, now: datetime) -> bool:
    """Whether a backup is to be made now. `done`: the day of the last one, or when to try again."""
    if schedule is None or now.time() < schedule.at:
        return False
    if not done:
        return True
    day, again = done["day"], done["again"]
    if day < now.date().isoformat():
        return True
    return bool(again) and now >= datetime.fromisoformat(again)


def run_if_due(data: Path, records: Path | str, store: Store, now: datetime) -> Path | None:
    """Make the backup of today if it is time and no other process does; return its file.

    What hinders it is kept for `last_outcome`, and it is tried again after an hour.
    """
    schedule = read_schedule(store)
    if schedule is None or not due(schedule, store.settings.get(_DONE), now):
        return None
    mark = {"day": now.date().isoformat(), "again": ""}
    claimed = store.settings.change(_DONE, lambda d: mark if due(schedule, d, now) else d, now)
    if not claimed:
        return None
    folder = data / FOLDER
    target = folder / f"zhize-{now:%Y%m%d-%H%M%S}{ENDING}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make_backup(SYSTEM, data, records, target, now)
    except (AssistantError, OSError) as e:
        store.settings.put(_DONE, {**mark, "again": (now + _RETRY).isoformat()}, now)
        store.settings.put(_RESULT, {"at": now.isoformat(), "file": "", "problem": str(e)}, now)
        return None
    _clear_away(folder, schedule.keep)
    store.settings.put(_RESULT, {"at": now.isoformat(), "file": target.name, "problem": ""}, now)
    return target


def watch(
    data: Path,
    records: Path | str,
    store: Store,
    stop: threading.Event,
    now: Callable[[], datetime] = local_now,
) -> None:
    """Make the backups that fall due until `stop` is set; run it in a thread of the server."""
    while not stop.is_set():
        with suppress(AssistantError, OSError):  # the database may be away for a while
            run_if_due(data, records, store, now())
        stop.wait(_EVERY)


def _clear_away(folder: Path, keep: int) -> None:
    """Delete all scheduled backups but the newest; files with other names are left alone."""
    made = sorted((p for p in folder.iterdir() if _NAME.fullmatch(p.name)), key=lambda p: p.name)
    for old in made[:-keep]:
        old.unlink(missing_ok=True)
