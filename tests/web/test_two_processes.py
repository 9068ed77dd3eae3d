"""Two application processes over one PostgreSQL database serve the same people at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.practice.standing import standing_of
from assistant.store.log import erase
from assistant.store.store import Store
from assistant.training.results import by_person
from assistant.web.practice_person import COOKIE
from tests.assistant.practice.fakes import NOON

ROOT = Path(__file__).parents[2]
WORKERS, QUESTIONS = 50, 40
FOLLOWED = 7


@contextmanager
def process(address: str) -> Iterator[str]:
    """The address of an application in a process of its own."""
    command = [sys.executable, "-m", "tests.web.light_site", address]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        assert running.stdout
        yield running.stdout.readline().strip()
        running.communicate(timeout=30)


def person(n: int) -> str:
    return f"{n:022d}"


class Worker:
    """One browser that both processes know; what it does, it does on both at the same moment."""

    def __init__(self, n: int, clients: tuple[httpx.AsyncClient, httpx.AsyncClient]) -> None:
        self.n, self.both, self.right = n, clients, 0
        self.cookie = {"cookie": f"{COOKIE}={person(n)}"}

    async def ask(self, at: int, path: str, body: Any = None) -> Any:
        method = "GET" if body is None else "POST"
        reply = await self.both[at % 2].request(
            method, f"/api/practice/{path}", json=body, headers=self.cookie
        )
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def work(self) -> None:
        """A round begun in both at once; questions by twos, one in each; every tenth in both."""
        wanted = {"id": f"round-{self.n:04d}", "mode": "daily", "size": QUESTIONS}
        made, same = await asyncio.gather(*(self.ask(at, "rounds", wanted) for at in (0, 1)))
        assert made == same
        for n in range(0, QUESTIONS, 2):
            pair = await asyncio.gather(
                *(self.answer(n + k + self.n, made["questions"][n + k]) for k in (0, 1))
            )
            self.right += sum(pair)
            said = await self.ask(n // 2, "progress") if n % 10 == 8 else None
            if said:
                assert (said["answered"], said["right"]) == (n + 2, self.right)

    async def answer(self, at: int, question: Any) -> bool:
        given = question["options"][: 1 if self.n % 3 else 2]
        body = {
            "id": f"answer-{self.n:04d}-{question['n']}", "round": f"round-{self.n:04d}",
            "n": question["n"], "given": given[:1] if not question["several"] else given,
        }  # fmt: skip
        if question["n"] % 10:
            return bool((await self.ask(at, "answers", body))["right"])
        one, other = await asyncio.gather(*(self.ask(k, "answers", body) for k in (0, 1)))
        assert one["right"] == other["right"]
        return bool(one["right"])


async def practise(addresses: list[str], follow: Any) -> list[Worker]:
    """Let all practise, and `follow` the log meanwhile; return them with what they counted."""
    async with (
        httpx.AsyncClient(base_url=addresses[0], timeout=60) as one,
        httpx.AsyncClient(base_url=addresses[1], timeout=60) as other,
    ):
        workers = [Worker(n, (one, other)) for n in range(WORKERS)]
        working = asyncio.gather(*(w.work() for w in workers))
        while not working.done():
            await asyncio.to_thread(follow)
            await asyncio.wait([working], timeout=0.05)
        await working
        return workers


@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_fifty_workers_on_two_processes_lose_no_answer_and_count_none_twice(
    records_at: str, records: Store
) -> None:
    seen: list[int] = []

    def follow() -> None:
        after = seen[-1] if seen else 0
        seen.extend(a.seq for a in records.practice.answers(f"guest:{person(FOLLOWED)}", after))

    with ExitStack() as running:
        addresses = [running.enter_context(process(records_at)) for _ in range(2)]
        workers = asyncio.run(practise(addresses, follow))
        follow()
        _, log = records.log.read()
        with records.database.write() as connection:
            erase(connection, f"guest:{person(0)}", NOON)
        cookie = {"cookie": f"{COOKIE}={person(0)}"}
        left = [httpx.get(f"{a}/api/practice/progress", headers=cookie).json() for a in addresses]
    assert [said["answered"] for said in left] == [0, 0], "a process tells what is erased"
    assert len(log) == WORKERS * QUESTIONS == 2000
    assert Counter(a.id for a in log).most_common(1)[0][1] == 1
    results = {r.person: (r.tally.answered, r.tally.right) for r in by_person(log)}
    assert results == {f"guest:{person(w.n)}": (QUESTIONS, w.right) for w in workers}
    for who in results:
        own = [a for a in log if a.person == who]
        assert sorted(a.n for a in own) == list(range(1, QUESTIONS + 1))
        assert (standing_of(own).answered, standing_of(own).right) == results[who]
    followed = [a.seq for a in log if a.person == f"guest:{person(FOLLOWED)}"]
    assert seen == followed, "a reader who follows the log missed an answer"
