"""A shelf of questions as a file: written whole or not at all, left out where it cannot be read."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.files import replace_file
from assistant.practice.rounds import Fresh
from assistant.quiz.codec import question_from_json, question_row

_FORMAT = 1
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a shelf keeps: the questions, and of how many articles a strand they were made."""

    fresh: tuple[Fresh, ...] = ()
    done: tuple[int, ...] = ()


def read_shelf(path: Path) -> Kept:
    """Return what the file holds; nothing if there is none, or if it is damaged: it is derived."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != _FORMAT:
            return Kept()
        fresh = tuple(
            Fresh(question_from_json(row["question"]), int(row["nearness"]), float(row["weight"]))
            for row in data["questions"]
        )
        return Kept(fresh, tuple(int(n) for n in data["done"]))
    except FileNotFoundError:
        return Kept()
    except (OSError, *_BROKEN) as e:
        _log.warning("%s cannot be read and is made anew: %s", path, e)
        return Kept()


def write_shelf(path: Path, kept: Kept) -> None:
    """Write the file and remove those of the same scope that other rules made.

    What cannot be written is logged and made anew another time.
    """
    rows: list[dict[str, Any]] = [
        {"nearness": f.nearness, "weight": f.weight, "question": question_row(f.question)}
        for f in kept.fresh
    ]
    data = {"format": _FORMAT, "done": list(kept.done), "questions": rows}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, json.dumps(data, ensure_ascii=False).encode())
        for other in path.parent.glob(f"{path.name.split('-')[0]}-*.json"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError as e:
        _log.warning("%s cannot be written: %s", path, e)
