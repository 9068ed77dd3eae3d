"""Simulated workers who practise against a running server over HTTP, as the page on a phone does."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from assistant.accounts.model import GUEST_PREFIX
from assistant.web.practice_person import COOKIE
from eval.bench.askers import ANSWERED, ERROR, Reply, Tally
from kb.posts import read_posts

PAGE, LOGIN, HOME, BEGIN, ROUND, ANSWER = "page", "login", "home", "begin", "round", "answer"
BEGIN_EXAM, EXAM, PUT_DOWN, SUBMIT = "begin exam", "exam", "put down", "submit"
WRONG, PROGRESS = "wrong book", "progress"
_TIMEOUT = 30.0
_TWICE, _NOT_KNOWN, _LOOKS = 0.03, 0.05, 0.3
"""Shares: answers sent a second time with the same id, questions left empty, breaks with a look
at the wrong book and the progress."""
_WORDS = ("安全生产", "三十日", "主要负责人")
_LEAST_IN_EXAM = 3
_LOOK_AGAIN = 1.0
_AT_ONCE = 8
_PARTS = re.compile(r'(?:src|href)="(/[^"]+\.(?:js|css))')


@dataclass(frozen=True, slots=True)
class Shift:
    """How many work for how long. `think` is the mean of an exponential distribution in seconds.

    All arrive evenly within `warm_up` seconds and practise until `seconds` after it. `exams` is
    the share of rounds that are mock exams instead.
    """

    workers: int
    seconds: float
    warm_up: float
    think: float
    exams: float


@dataclass(frozen=True, slots=True)
class Login:
    """The account of a worker; `person` is its id in the records."""

    person: str
    account: str
    password: str


@dataclass(slots=True)
class Book:
    """What one worker was told, to be compared with the records.

    `acknowledged` holds whether each answer was right, by its id; `sent` all ids that left.
    `progress` is what the server says at the end: answered and right.
    """

    person: str = ""
    acknowledged: dict[str, bool] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    progress: tuple[int, int] | None = None

    @property
    def own(self) -> tuple[int, int]:
        """How many answers were acknowledged, and how many of them as right."""
        return len(self.acknowledged), sum(self.acknowledged.values())


@dataclass(frozen=True, slots=True)
class Clock:
    """When it began and when it is over, by `time.perf_counter`."""

    begun: float
    over: float

    def left(self) -> float:
        """Return the seconds left."""
        return self.over - time.perf_counter()


class Worker:
    """One phone with its cookies, and what its owner does."""

    def __init__(
        self, client: httpx.AsyncClient, shift: Shift, rng: Random, tally: Tally, clock: Clock
    ) -> None:
        self.book = Book()
        self._client, self._shift, self._rng = client, shift, rng
        self._tally, self._clock = tally, clock
        self._post = rng.choice(["", *(p.id for p in read_posts().posts)])

    async def work(self, login: Login | None) -> None:
        """Open the page, with a log-in if there are accounts, and practise until it is over."""
        if not await self.enter(login):
            return
        await self._ask(HOME, "GET", "/api/practice/choices")
        while self._clock.left() > 0:
            await self._ask(HOME, "GET", f"/api/practice/home?post={self._post}")
            await self._pause()
            if self._clock.left() <= 0:
                return
            await (self._exam() if self._rng.random() < self._shift.exams else self._round())
            if self._rng.random() < _LOOKS and self._clock.left() > 0:
                await self._ask(WRONG, "GET", "/api/practice/wrong")
                await self._ask(PROGRESS, "GET", "/api/practice/progress")

    async def enter(self, login: Login | None) -> bool:
        """Log in, if there are accounts, and open the page; False if that does not work."""
        if login is not None and not await self._log_in(login):
            return False
        if not await self._open():
            return False
        guest = f"{GUEST_PREFIX}{self._client.cookies.get(COOKIE, '')}"
        self.book.person = login.person if login else guest
        return True

    async def can_sit(self, post: str) -> bool:
        """Begin an exam for a post, and leave it at that; False if there are too few questions."""
        wanted = {"id": self._new_id(), "plan": "short", "post": post}
        return await self._ask(BEGIN_EXAM, "POST", "/api/practice/exams", wanted) is not None

    async def look(self) -> None:
        """Read from the server how much it says was answered; nothing of it is timed."""
        found = (await self._client.get("/api/practice/progress")).json()
        self.book.progress = found["answered"], found["right"]

    async def _log_in(self, login: Login) -> bool:
        form = {"account": login.account, "password": login.password, "next": "/practice"}
        reply = await self._send(LOGIN, "POST", "/login", data=form)
        return reply is not None

    async def _open(self) -> bool:
        page = await self._send(PAGE, "GET", "/practice")
        for part in _PARTS.findall(page.text) if page is not None else ():
            await self._send(PAGE, "GET", part)
        return page is not None

    async def _round(self) -> None:
        wanted = {"id": self._new_id(), "mode": "daily", "post": self._post}
        made = await self._begun(BEGIN, ROUND, "rounds", wanted)
        for question in made["questions"] if made else ():
            await self._pause()
            if self._clock.left() <= 0:
                return
            await self._answer(str(wanted["id"]), question)

    async def _answer(self, round_id: str, question: Any) -> None:
        answer = {
            "id": self._new_id(), "round": round_id, "n": question["n"],
            "given": self._given(question), "seconds": self._shift.think, "ago": 0.0,
        }  # fmt: skip
        self.book.sent.add(answer["id"])
        for _ in range(2 if self._rng.random() < _TWICE else 1):
            told = await self._ask(ANSWER, "POST", "/api/practice/answers", answer)
            if told is None:
                continue
            before = self.book.acknowledged.setdefault(answer["id"], told["right"])
            if before != told["right"] or told["given"] != answer["given"]:
                self._wrong(ANSWER, "told another answer than was given")

    async def _exam(self) -> None:
        wanted = {"id": self._new_id(), "plan": "short", "post": self._post}
        made = await self._begun(BEGIN_EXAM, EXAM, "exams", wanted)
        if not made:
            return
        where, put_down = f"/api/practice/exams/{wanted['id']}", {}
        size = len(made["questions"])
        for question in made["questions"][: self._rng.randint(_LEAST_IN_EXAM, size)]:
            await self._pause()
            if self._clock.left() <= 0:
                break  # time to go: handed in as it is
            given = self._given(question)
            body = {"n": question["n"], "given": given, "seconds": self._shift.think, "ago": 0.0}
            if await self._ask(PUT_DOWN, "POST", f"{where}/answers", body) is not None:
                put_down[str(question["n"])] = given
        self.book.sent |= {f"{wanted['id']}-{n}" for n in range(1, size + 1)}
        for _ in range(2 if self._rng.random() < _TWICE else 1):
            handed_in = await self._ask(SUBMIT, "POST", f"{where}/submit", {})
            if handed_in is not None:
                self._check(str(wanted["id"]), handed_in["result"]["told"], put_down, size)

    def _check(self, exam: str, told: Any, put_down: dict[str, Any], size: int) -> None:
        """Note what an exam that was handed in is said to hold."""
        for n, one in told.items():
            self.book.acknowledged[f"{exam}-{n}"] = one["right"]
        given = {n: one["given"] for n, one in told.items() if one["given"]}
        if len(told) != size or given != {n: g for n, g in put_down.items() if g}:
            self._wrong(SUBMIT, "handed in something else than was put down")

    async def _begun(self, begin: str, read: str, kind: str, wanted: Any) -> Any:
        """What was begun, as the page reads it afterwards; None if that did not work."""
        if await self._ask(begin, "POST", f"/api/practice/{kind}", wanted) is None:
            return None
        return await self._ask(read, "GET", f"/api/practice/{kind}/{wanted['id']}")

    def _given(self, question: Any) -> list[str]:
        if self._rng.random() < _NOT_KNOWN:
            return []
        options: list[str] = question["options"]
        if not options:
            return [self._rng.choice(_WORDS) for _ in range(question["gaps"])]
        chosen = self._rng.sample(options, self._rng.randint(2, len(options)))
        return [o for o in options if o in chosen[: None if question["several"] else 1]]

    async def _pause(self) -> None:
        wait = self._rng.expovariate(1 / self._shift.think)
        await asyncio.sleep(max(0.0, min(wait, self._clock.left())))

    def _new_id(self) -> str:
        return f"{self._rng.getrandbits(96):024x}"

    async def _ask(self, kind: str, method: str, path: str, body: Any = None) -> Any:
        """What the server says as JSON; None, and counted as an error, if it refuses."""
        reply = await self._send(kind, method, path, json=body)
        return None if reply is None else reply.json()

    async def _send(self, kind: str, method: str, path: str, **sent: Any) -> httpx.Response | None:
        started = time.perf_counter()
        why, reply = "", None
        try:
            reply = await self._client.request(method, path, **sent)
            if reply.status_code not in (httpx.codes.OK, httpx.codes.SEE_OTHER):
                why = f"{kind}: HTTP {reply.status_code} {reply.text[:80]}"
        except httpx.HTTPError as e:
            why = f"{kind}: {type(e).__name__} {e}".strip()
        ms, at = (time.perf_counter() - started) * 1000, started - self._clock.begun
        self._tally.replies.append(Reply(at, ms, kind, ERROR if why else ANSWERED, why))
        return None if why else reply

    def _wrong(self, kind: str, why: str) -> None:
        at = time.perf_counter() - self._clock.begun
        self._tally.replies.append(Reply(at, 0.0, kind, ERROR, f"{kind}: {why}"))


async def practise_all(
    address: str, shift: Shift, logins: Sequence[Login], rng: Random, tally: Tally
) -> list[Book]:
    """Let the shift practise until it is over; every reply goes into `tally`.

    Returns what each was told, with what the server says of each at the end. Without `logins`
    they are guests. RuntimeError if there are fewer logins than workers.
    """
    if logins and len(logins) < shift.workers:
        raise RuntimeError(f"{len(logins)} accounts for {shift.workers} workers")
    begun = time.perf_counter()
    clock = Clock(begun, begun + shift.warm_up + shift.seconds)
    clients = [_phone(address) for _ in range(shift.workers)]
    workers = [Worker(c, shift, Random(rng.random()), tally, clock) for c in clients]

    async def one(n: int) -> None:
        await asyncio.sleep(shift.warm_up * n / shift.workers)
        await workers[n].work(logins[n] if logins else None)

    turns = asyncio.Semaphore(_AT_ONCE)

    async def look(worker: Worker) -> None:
        async with turns:
            await worker.look()

    try:
        await asyncio.gather(*map(one, range(shift.workers)))
        await asyncio.gather(*(look(w) for w in workers if w.book.person))
    finally:
        await asyncio.gather(*(c.aclose() for c in clients))
    return [w.book for w in workers]


async def prepared(address: str, login: Login | None, seconds: float) -> float:
    """Have somebody open an exam for every post until all can be had; return the seconds it took.

    A server that has been in use has the questions; one that was never started makes them now.
    RuntimeError with what the server says if they cannot be had within `seconds`.
    """
    begun = time.perf_counter()
    shift, clock = Shift(1, 0.0, 0.0, 1.0, 1.0), Clock(begun, begun + seconds)
    async with _phone(address) as client:
        tally = Tally()
        scout = Worker(client, shift, Random(0), tally, clock)
        if not await scout.enter(login):
            raise RuntimeError(tally.replies[-1].why)
        left = ["", *(p.id for p in read_posts().posts)]
        while left:
            left = [post for post in left if not await scout.can_sit(post)]
            if left and clock.left() <= 0:
                raise RuntimeError(f"no exam for {left}: {tally.replies[-1].why}")
            await asyncio.sleep(_LOOK_AGAIN if left else 0)
    return time.perf_counter() - begun


def _phone(address: str) -> httpx.AsyncClient:
    """A browser of its own. No encryption is set up, which would take longer than all the rest."""
    limits = httpx.Limits(max_connections=2, keepalive_expiry=60.0)
    return httpx.AsyncClient(base_url=address, limits=limits, timeout=_TIMEOUT, verify=False)  # noqa: S501
