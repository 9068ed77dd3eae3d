"""The real server in a process of its own, and what it uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address without a closing slash, and its process."""

    address: str
    pid: int


def command(*args: str) -> list[str]:
    """Return the command line of `zhize` in this interpreter."""
    return [sys.executable, "-m", "assistant.cli", *args]


@contextmanager
def running(data: Path, **environment: str) -> Iterator[Server]:
    """A server over a data folder on a free port, stopped at the end.

    It sees the `environment` besides that of this process. RuntimeError, with what the server
    said, if it does not start.
    """
    env = {**os.environ, **environment, "ZHIZE_DATA": str(data)}
    args = command("serve", "--port", "0", "--no-open")
    with subprocess.Popen(args, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            said, found = "", None
            for line in process.stdout or ():  # the first start tells a password before that
                said += line
                found = re.search(r"http://\S+", line)
                if found:
                    break
            if found is None:
                raise RuntimeError(f"the server did not start: {said.strip() or 'see above'}")
            yield Server(found[0], process.pid)
        finally:
            process.terminate()


def resident_mb(pid: int, name: str = "VmRSS") -> float:
    """Return the resident memory of a process in MB (VmHWM: its peak); NaN where unknown."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return float("nan")
    line = next(x for x in status.read_text().splitlines() if x.startswith(name))
    return int(line.split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, in seconds; NaN where unknown."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.is_file():
        return float("nan")
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
