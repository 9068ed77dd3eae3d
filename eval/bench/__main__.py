"""Speed and memory, each as a user meets it: `python -m eval.bench [--json]`.

First build on an empty data folder, `zhize ask` from a cold shell (median of three), warm questions
through the service (p50, p95 over the tune questions), start of the server until it answers over
HTTP and until its pages are open, and its resident memory after 100 questions. Compare figures of
one run only: machines differ.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from statistics import median

from assistant.services import Services, Settings
from assistant.startup import keep_for_good
from eval.bench.server_process import ROOT, command, resident_mb
from eval.metrics import percentile
from eval.queries import load_queries

QUESTION = "我们镇政府在抓安全这块到底要干哪些事"
TARGETS = {
    "build_to_first_answer_s": 60.0,
    "cold_ask_s": 5.0,
    "warm_p50_ms": 15.0,
    "warm_p95_ms": 40.0,
    "served_ready_s": 3.0,
    "served_resident_mb": 700.0,
}


def timed(args: list[str], data: Path) -> float:
    """Return the seconds a command takes from a cold shell; CalledProcessError if it fails."""
    started = time.perf_counter()
    env = {**os.environ, "ZHIZE_DATA": str(data)}
    subprocess.run(args, check=True, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def warm(data: Path) -> dict[str, float]:
    """Return p50 and p95 of answering, in milliseconds, one question at a time."""
    services = Services.open(Settings(data=data))
    questions = [q.text for n in ("colloquial", "exam") for q in load_queries(n, "tune")]
    keep_for_good()  # as the served application does
    services.ask(questions[0])
    ms = []
    for text in questions:
        started = time.perf_counter()
        services.ask(text)
        ms.append((time.perf_counter() - started) * 1000)
    return {"warm_p50_ms": percentile(ms, 0.5), "warm_p95_ms": percentile(ms, 0.95)}


def served(data: Path) -> dict[str, float]:
    """Return the seconds until the served app answers and has its pages, its resident MB."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    env = {**os.environ, "ZHIZE_DATA": str(data)}
    started = time.perf_counter()
    args = command("serve", "--port", str(port), "--no-open")
    with subprocess.Popen(
        args, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as app:
        try:
            base = f"http://127.0.0.1:{port}/api/ask?q="
            _wait_for(base + urllib.parse.quote(QUESTION), app)
            ready = time.perf_counter() - started
            _wait_for(f"http://127.0.0.1:{port}/", app)
            pages = time.perf_counter() - started
            for q in load_queries("colloquial", "tune")[:100]:
                _get(base + urllib.parse.quote(q.text))
            return {
                "served_ready_s": ready,
                "served_pages_s": pages,
                "served_resident_mb": resident_mb(app.pid),
            }
        finally:
            app.terminate()


def _wait_for(url: str, app: subprocess.Popen[bytes]) -> None:
    deadline = time.perf_counter() + 60
    while time.perf_counter() < deadline and app.poll() is None:
        try:
            _get(url)
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the served app did not answer within a minute")


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as reply:  # noqa: S310 (loopback only)
        body: bytes = reply.read()
    return body


def main() -> int:
    """Command line; exit code 1 if a figure misses its target."""
    parser = argparse.ArgumentParser(description="speed and memory")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        figures["build_s"] = timed(command("build"), data)
        first = timed(command("ask", QUESTION), data)
        figures["build_to_first_answer_s"] = figures["build_s"] + first
        cold = [first, *(timed(command("ask", QUESTION), data) for _ in range(2))]
        figures["cold_ask_s"] = median(cold)
        figures |= warm(data)
        figures |= served(data)
    shown = {k: round(v, 2) for k, v in figures.items()}
    missed = [k for k, bound in TARGETS.items() if figures[k] > bound]
    if args.json:
        print(json.dumps({**shown, "missed": missed}, ensure_ascii=False))
    else:
        for name, value in shown.items():
            bound = f"  (≤ {TARGETS[name]:g})" if name in TARGETS else ""
            print(f"{name:<26}{value:>10}{bound}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
