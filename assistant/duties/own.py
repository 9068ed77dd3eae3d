"""What a unit adds to the duties of a bearer: user data, kept apart from the rules.

One file under the data folder, `own/duties.json`. Every change reads it, writes it aside and moves
it in by one rename while a lock is held, so that two writers lose nothing of each other.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from assistant.duties.model import Duty
from assistant.errors import AssistantError, BadInputError
from assistant.files import held, replace_file
from kb.duty_bearers import read_bearer_table

FILE = "duties.json"
MAX_TEXT = 2000
"""Characters of one addition, note or basis."""
_LOCK = ".lock"
_FORM = 1
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class OwnStoreError(AssistantError):
    """The additions cannot be read or written; says what to do."""


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """A duty that the unit added. `basis` is where the unit took it from, or ""."""

    id: str
    text: str
    basis: str
    at: str
    """When it was written or last changed, UTC."""


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A remark of the unit on a provision; `key` is its `locator_key`."""

    key: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class OwnAdditions:
    """All that a unit added for one bearer, oldest first. False if there is nothing."""

    bearer_id: str
    duties: tuple[OwnDuty, ...] = ()
    notes: tuple[OwnNote, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.duties or self.notes)

    def note_on(self, key: str) -> str:
        """Return the remark on the provision of that key, "" if there is none."""
        return next((n.text for n in self.notes if n.key == key), "")


def locator_key(duty: Duty) -> str:
    """Return the key for notes on this duty's provision: “work-safety-law 第九条第二款”.

    It holds no version, so a note stays when the law is amended and the article keeps its number.
    """
    place = duty.norm.provision
    return f"{place.doc_id} {place.locator}"


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(timezone.utc)


class OwnStore:
    """The unit's additions in one folder. Safe to share between threads and processes."""

    def __init__(self, root: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._root, self._now = root, now
        self._lock = threading.Lock()

    def of(self, bearer_id: str) -> OwnAdditions:
        """Return what was added for a bearer; OwnStoreError if the file is damaged."""
        _, made = self._read()
        return made.get(bearer_id, OwnAdditions(bearer_id))

    def add(self, bearer_id: str, text: str, basis: str = "") -> OwnDuty:
        """Store a duty of the unit's own and return it.

        BadInputError if the text is empty or too long, UnknownBearerError if nobody is called so.
        """
        text, basis = _clean(text, "补充的内容"), _clean(basis, "依据", empty=True)
        with self._changing(bearer_id) as change:
            duty = OwnDuty(f"own-{change.number}", text, basis, self._stamp())
            change.own = replace(change.own, duties=(*change.own.duties, duty))
            change.number += 1
        return duty

    def edit(self, bearer_id: str, duty_id: str, text: str, basis: str = "") -> OwnDuty:
        """Change the words of an addition, which keeps its place, and return it.

        BadInputError as in `add`, or if there is no addition of that id.
        """
        text, basis = _clean(text, "补充的内容"), _clean(basis, "依据", empty=True)
        with self._changing(bearer_id) as change:
            _find(change.own, duty_id)
            duty = OwnDuty(duty_id, text, basis, self._stamp())
            duties = tuple(duty if d.id == duty_id else d for d in change.own.duties)
            change.own = replace(change.own, duties=duties)
        return duty

    def remove(self, bearer_id: str, duty_id: str) -> OwnDuty:
        """Take an addition out and return it; BadInputError if there is none of that id.

        Its id is never given again.
        """
        with self._changing(bearer_id) as change:
            duty = _find(change.own, duty_id)
            change.own = replace(
                change.own, duties=tuple(d for d in change.own.duties if d.id != duty_id)
            )
        return duty

    def note(self, bearer_id: str, locator_key: str, text: str) -> None:
        """Remark on the provision of that key; replaces the remark before it, "" removes it."""
        key = _clean(locator_key, "条款")
        text = _clean(text, "批注", empty=True)
        with self._changing(bearer_id) as change:
            notes = tuple(n for n in change.own.notes if n.key != key)
            if text:
                notes = (*notes, OwnNote(key, text, self._stamp()))
            change.own = replace(change.own, notes=notes)

    def _stamp(self) -> str:
        return self._now().astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    @contextlib.contextmanager
    def _changing(self, bearer_id: str) -> Iterator[_Change]:
        """Hold the file, yield the state to change, store what it became."""
        read_bearer_table().get(bearer_id)
        with self._lock, self._guarded():
            self._root.mkdir(parents=True, exist_ok=True)
            with held(self._root / _LOCK):
                number, made = self._read()
                change = _Change(made.get(bearer_id, OwnAdditions(bearer_id)), number)
                yield change
                made[bearer_id] = change.own
                replace_file(self._root / FILE, _encode(change.number, made))

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OSError as e:
            raise OwnStoreError(
                f"写不进 {self._root}（{e.strerror or e}）；请清出磁盘空间或检查权限后再试，"
                "原有的补充没有改动"
            ) from e

    def _read(self) -> tuple[int, dict[str, OwnAdditions]]:
        path = self._root / FILE
        try:
            return _decode(path.read_bytes())
        except FileNotFoundError:
            return 1, {}
        except OSError as e:
            raise OwnStoreError(f"{path} 读不出来（{e.strerror or e}）；请检查权限") from e
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise OwnStoreError(
                f"{path} 已损坏，没有改动它；请从备份恢复这个文件，或把它移到别处后重新填写"
            ) from e


@dataclass(slots=True)
class _Change:
    """One bearer's additions while they are changed, and the number of the next one."""

    own: OwnAdditions
    number: int


def _clean(text: str, what: str, *, empty: bool = False) -> str:
    """Return the text as it is stored; BadInputError says what is wrong with it."""
    unified = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text)
    shown = _CONTROLS.sub("", unified).strip()
    if not shown and not empty:
        raise BadInputError(f"{what}是空的；请写上内容再保存")
    if len(shown) > MAX_TEXT:
        raise BadInputError(f"{what}有 {len(shown)} 个字，最多 {MAX_TEXT} 个；请分成几条")
    return shown


def _find(own: OwnAdditions, duty_id: str) -> OwnDuty:
    found = next((d for d in own.duties if d.id == duty_id), None)
    if found is None:
        raise BadInputError("这条补充已经不在了，可能别处刚刚移除；请刷新后再看")
    return found


def _encode(number: int, made: dict[str, OwnAdditions]) -> bytes:
    bearers = {
        i: {"duties": [asdict(d) for d in o.duties], "notes": [asdict(n) for n in o.notes]}
        for i, o in made.items()
        if o
    }
    shown = {"form": _FORM, "next": number, "bearers": bearers}
    return (json.dumps(shown, ensure_ascii=False, indent=1) + "\n").encode()


def _decode(data: bytes) -> tuple[int, dict[str, OwnAdditions]]:
    """Return the number of the next addition and what every bearer has; ValueError if malformed."""
    held_here: dict[str, Any] = json.loads(data)
    if held_here["form"] != _FORM or not isinstance(held_here["next"], int):
        raise ValueError("unknown form")
    made = {
        i: OwnAdditions(
            i,
            tuple(OwnDuty(**_strings(d)) for d in o["duties"]),
            tuple(OwnNote(**_strings(n)) for n in o["notes"]),
        )
        for i, o in held_here["bearers"].items()
    }
    return held_here["next"], made


def _strings(row: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(v, str) for v in row.values()):
        raise ValueError("not a text")
    return row
