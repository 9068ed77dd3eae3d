"""A checkout whose programs are played; no network, no real venv."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # run.py is a script at the root, not part of a package
import run  # noqa: E402

__all__ = ["NETWORK", "ROOT", "Fake", "probed", "run", "stamped"]

NETWORK = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"


class Fake(run.Checkout):
    """A checkout whose programs are played by `answer(command line) → (code, output)`."""

    def __init__(self, root: Path, answer: Callable[[str], tuple[int, str]]) -> None:
        super().__init__(root)
        self.answer = answer
        self.calls: list[str] = []
        self.shown: list[tuple[str, dict[str, str]]] = []

    def run(
        self, command: Sequence[str], each: Callable[[str], Any] = str, stdin: str = ""
    ) -> tuple[int, str]:
        line = " ".join(command).replace(str(self.root) + os.sep, "")
        self.calls.append(line)
        code, output = self.answer(line)
        for part in output.splitlines(keepends=True):
            each(part)
        return code, output

    def show(self, command: Sequence[str], **env: str) -> int:
        line = " ".join(command).replace(str(self.root) + os.sep, "")
        self.shown.append((line, env))
        return self.answer(line)[0]


def probed(python: str = "3.11.7", pip: bool = True, torch: str = "", bad: str = "") -> str:
    return json.dumps(run.Probe(python, pip, torch, bad.split()))


def stamped(site: run.Checkout, mode: str) -> dict[str, Any]:
    stamp = run.new_stamp(site, mode, "3.11.7")
    site.stamp.write_text(json.dumps(stamp))
    return stamp
