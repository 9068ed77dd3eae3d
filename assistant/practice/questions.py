"""The questions of a post or topic, made article by article as they are needed and kept.

A shelf holds what was made for one scope, the post's own rules first. It is derived data: kept on
disk under a key of everything that questions follow from, and made anew when any of it changes.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import assistant.quiz.make as makers
from assistant.practice.grading import ASKED
from assistant.practice.rounds import Fresh
from assistant.practice.shelf_file import Kept, read_shelf, write_shelf
from assistant.quiz.blueprint import Blueprint, Part
from assistant.quiz.model import Question
from assistant.quiz.pool import Makes, Pool
from assistant.quiz.source import Held, Source
from assistant.services import Services
from assistant.view import CORE_LAW
from kb.posts import POSTS_FILE, Post, PostTable, read_posts

SEED = 20
"""Questions of one article are the same for everybody."""
MOST = 600
"""How many questions a shelf holds at most."""
_FARTHER = 4
"""What is added to the nearness of what is not the post's own at all."""
_CORE = 2.0
"""What a question on the Work Safety Law is worth beside others equally near."""
_SAVED_EVERY = 40
"""After so many articles a growing shelf is written."""
_PAUSE = 0.03
"""Between two articles made in the background, so that requests come first; seconds."""
_PATIENT = 2
"""So many may wait for a shelf on which another works: more would hold up all other requests."""
Wanted = Callable[[Sequence[Fresh]], bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody practises: a post by its id, a topic by its name; "" means any."""

    post: str = ""
    topic: str = ""

    @property
    def slug(self) -> str:
        """A name for files; topics are Chinese, so it is a hash."""
        return hashlib.sha256(f"{self.post}|{self.topic}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Strand:
    """One stretch of a shelf: a plan over some of the articles, and how near its questions are."""

    blueprint: Blueprint
    post: Post | None = None
    """If given, only what uses the words of this post."""
    farther: int = 0


class Shelf:
    """What is made for a scope so far. Readers need no lock: `fresh` is replaced, not changed."""

    def __init__(self, strands: tuple[_Strand, ...], kept: Kept, path: Path | None) -> None:
        self.fresh = kept.fresh
        self.lock = threading.RLock()
        self._strands, self._done, self._path = strands, list(kept.done), path
        self._done += [0] * (len(strands) - len(self._done))
        self._ends = [False] * len(strands)
        self._ids = {f.question.id for f in kept.fresh}
        self._pools: dict[int, Pool] = {}
        self._unsaved = 0
        self.growing = False

    @property
    def exhausted(self) -> bool:
        """True once there is nothing more to make, or no room for it."""
        return all(self._ends) or len(self.fresh) >= MOST

    def grow(self, maker: tuple[Source, Makes]) -> None:
        """Make the questions of the next article. Hold the lock."""
        at = next(n for n, end in enumerate(self._ends) if not end)
        strand = self._strands[at]
        pool = self._pools.get(at)
        if pool is None:
            pool = self._pools[at] = _pool(strand, *maker)
            pool.skip(self._done[at])
        if pool.exhausted:
            self._ends[at] = True
            self._pools.pop(at)
            return
        before = len(pool.candidates)
        pool.grow(1)
        made = [
            Fresh(c.question, c.nearness + strand.farther, _CORE if c.document == CORE_LAW else 1.0)
            for c in pool.candidates[before:]
            if c.question.id not in self._ids and _of_post(c.question, strand)
        ]
        self._ids |= {f.question.id for f in made}
        self.fresh = (*self.fresh, *made)
        self._done[at] += 1
        self._unsaved += 1

    def save(self, *, all_of_it: bool = False) -> None:
        """Write what was made, if it is worth it; hold the lock. A full disk loses nothing."""
        if self._path and self._unsaved and (all_of_it or self._unsaved >= _SAVED_EVERY):
            write_shelf(self._path, Kept(self.fresh, tuple(self._done)))
            self._unsaved = 0


class Shelves:
    """The shelves in use, at most `most` of them in memory, the least used ones given up first.

    `maker_of` returns what makes questions; it may take seconds, and is asked only when a shelf
    has to grow.
    """

    def __init__(
        self,
        maker_of: Callable[[Services], tuple[Source, Makes]],
        root: Path | None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        most: int = 40,
    ) -> None:
        self._maker_of, self._root, self._clock, self._pause = maker_of, root, clock, pause
        self._most, self._posts = most, read_posts()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """Held while one article is made in the background: never two at a time."""
        self._waiting = threading.BoundedSemaphore(_PATIENT)
        self._shelves: OrderedDict[tuple[str, Scope], Shelf] = OrderedDict()
        self._keys: tuple[object, date, str] | None = None

    @property
    def posts(self) -> PostTable:
        """The posts that may be chosen."""
        return self._posts

    def fresh(
        self,
        services: Services,
        scope: Scope,
        wanted: Wanted,
        seconds: float,
        *,
        patient: bool = False,
    ) -> tuple[Fresh, ...]:
        """Return the questions of a scope once `wanted` is true of them.

        Fewer if there are no more, if `seconds` are over and there are some, or if somebody else
        is making more meanwhile; who is `patient` waits for him, unless others wait already.
        """
        shelf = self._shelf(services, scope)
        if seconds <= 0 or wanted(shelf.fresh) or shelf.exhausted:
            return shelf.fresh
        maker = self._maker_of(services)
        until = self._clock() + seconds
        if not self._taken(shelf, seconds, patient=patient):
            return shelf.fresh
        try:
            while not wanted(shelf.fresh) and not shelf.exhausted:
                shelf.grow(maker)
                if shelf.fresh and self._clock() >= until:
                    break
            shelf.save()
        finally:
            shelf.lock.release()
        return shelf.fresh

    def is_full(self, services: Services, scope: Scope) -> bool:
        """True once a shelf holds all that can be made for its scope, or all it has room for."""
        return self._shelf(services, scope).exhausted

    def _taken(self, shelf: Shelf, seconds: float, *, patient: bool) -> bool:
        """Take the lock of a shelf: at once, or within `seconds` where there is reason to wait."""
        if shelf.lock.acquire(blocking=False):
            return True
        if not shelf.fresh:
            return shelf.lock.acquire(timeout=seconds)
        if not patient or not self._waiting.acquire(blocking=False):
            return False
        try:
            return shelf.lock.acquire(timeout=seconds)
        finally:
            self._waiting.release()

    def stock(self, services: Services, scope: Scope, wanted: Wanted) -> threading.Thread | None:
        """Grow a shelf in the background until `wanted`; None if it is, or somebody does so."""
        shelf = self._shelf(services, scope)
        with self._lock:
            if shelf.growing or shelf.exhausted or wanted(shelf.fresh):
                return None
            shelf.growing = True
        return _started(lambda: self._grow(services, shelf, wanted))

    def ready(
        self, services: Services, scopes: Iterable[Scope], wanted: Wanted
    ) -> threading.Thread:
        """Grow one shelf after the other in the background until `wanted` of each."""

        def work() -> None:
            for scope in scopes:
                if own := self.stock(services, scope, wanted):
                    own.join()

        return _started(work)

    def _grow(self, services: Services, shelf: Shelf, wanted: Wanted) -> None:
        try:
            maker = self._maker_of(services)
            while not wanted(shelf.fresh) and not shelf.exhausted:
                with self._turn, shelf.lock:
                    if not shelf.exhausted:
                        shelf.grow(maker)
                        shelf.save()
                self._pause(_PAUSE)
            with shelf.lock:
                shelf.save(all_of_it=True)
        finally:
            shelf.growing = False

    def _shelf(self, services: Services, scope: Scope) -> Shelf:
        key = self._key(services)
        with self._lock:
            shelf = self._shelves.get((key, scope))
            if shelf is None:
                path = self._root / f"{scope.slug}-{key}.json" if self._root else None
                kept = read_shelf(path) if path else Kept()
                shelf = self._shelves[key, scope] = Shelf(self._strands(scope), kept, path)
                while len(self._shelves) > self._most:
                    self._shelves.popitem(last=False)
            self._shelves.move_to_end((key, scope))
            return shelf

    def _key(self, services: Services) -> str:
        """What the questions of today follow from: library, versions in force, our own rules."""
        today = services.today()
        held = self._keys
        if held is None or held[0] is not services.library or held[1] != today:
            digest = hashlib.sha256(f"{services.library.fingerprint}|{_rules()}".encode())
            for document in services.catalog:
                version = document.version_on(today)
                digest.update(f"{document.id} {version.id if version else ''}\n".encode())
            held = self._keys = services.library, today, digest.hexdigest()[:16]
        return held[2]

    def _strands(self, scope: Scope) -> tuple[_Strand, ...]:
        if not scope.post:
            return (_Strand(_plan((), _topics(scope))),)
        post = self._posts.get(scope.post)
        if scope.topic:
            return (
                _Strand(_plan(post.bearers, (scope.topic,))),
                _Strand(_plan((), (scope.topic,)), farther=_FARTHER),
            )
        own = [_Strand(_plan(post.bearers, post.topics))] if post.topics else []
        if post.words is not None:
            own.append(_Strand(_plan(post.bearers, ()), post))
        return (*own, _Strand(_plan(post.bearers, ()), farther=len(own)))


def _started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True, name="practice")
    thread.start()
    return thread


def _plan(bearers: tuple[str, ...], topics: tuple[str, ...]) -> Blueprint:
    return Blueprint("", tuple(Part(k, 1, 1.0) for k in ASKED), SEED, topics, bearers)


def _topics(scope: Scope) -> tuple[str, ...]:
    return (scope.topic,) if scope.topic else ()


def _pool(strand: _Strand, source: Source, maker: Makes) -> Pool:
    words = strand.post.words if strand.post else None
    if words is not None:

        def keep(held: Held) -> bool:
            return bool(words.search(held.article.text))

        source = source.narrowed(keep)
    return Pool(strand.blueprint, maker, source)


def _of_post(question: Question, strand: _Strand) -> bool:
    """True unless the strand is one of words, and the question uses none of them."""
    words = strand.post.words if strand.post else None
    texts = (question.stem, *(b.quote for b in question.basis))
    return words is None or bool(words.search("\n".join(texts)))


@lru_cache(maxsize=1)
def _rules() -> str:
    """The fingerprint of what makes questions besides the library: the makers and our tables."""
    digest = hashlib.sha256()
    for path in _rule_files():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _rule_files() -> Iterator[Path]:
    own = Path(makers.__file__).parent
    for folder, pattern in ((own, "*.py"), (own.parent, "*.py"), (POSTS_FILE.parent, "*.toml")):
        yield from sorted(folder.glob(pattern))
