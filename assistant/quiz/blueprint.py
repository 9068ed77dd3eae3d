"""What a paper is to hold: how many questions of which kind, on what, for whom, how hard."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from assistant.errors import BadInputError
from assistant.quiz.model import Kind
from kb.duty_bearers import BearerTable
from kb.errors import UnknownBearerError, UnknownFieldError
from kb.fields import FieldTable
from kb.regions import find_regions

MOST_QUESTIONS = 300
MOST_POINTS = 100.0
MOST_VERSIONS = 8
MAX_SEED = 2**31 - 1
_LONGEST_TITLE = 60
_HALF = 0.5
"""Points are counted in halves, as graders do."""
_NATIONAL = "全国"


class Band(str, Enum):
    """How hard a question is, in the three steps that trainers use."""

    EASY = "易"
    MEDIUM = "中"
    HARD = "难"


MIDDLE, UPPER = 0.51, 0.59
"""Where medium and hard begin on the scale of `Question.difficulty`: about a third of what the
library yields stands on each step."""


def band_of(difficulty: float) -> Band:
    """Return the step on which a difficulty between 0 and 1 stands."""
    if difficulty < MIDDLE:
        return Band.EASY
    return Band.MEDIUM if difficulty < UPPER else Band.HARD


@dataclass(frozen=True, slots=True)
class Part:
    """How many questions of a kind, and the points of each."""

    kind: Kind
    count: int
    points: float


USUAL_POINTS = {
    Kind.SINGLE: 2.0,
    Kind.MULTI: 4.0,
    Kind.JUDGE: 1.0,
    Kind.BLANK: 2.0,
    Kind.SHORT: 10.0,
    Kind.CASE: 5.0,
}
"""With these 20 single, 10 multiple and 20 true/false make 100."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A checked plan. `topics` are names of `kb.fields`, `posts` ids of `kb.duty_bearers`.

    `parts` stand in the order of `Kind`, none of zero questions. `difficulty` holds the shares
    of easy, medium and hard, which sum to 1, or is empty for any. `region` adds a province.
    """

    title: str
    parts: tuple[Part, ...]
    seed: int
    topics: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    difficulty: tuple[float, ...] = ()
    region: str = ""

    @property
    def size(self) -> int:
        """How many questions there are in all."""
        return sum(p.count for p in self.parts)

    def count(self, kind: Kind) -> int:
        """Return how many questions of a kind are wanted."""
        return sum(p.count for p in self.parts if p.kind is kind)

    def points(self, kind: Kind) -> float:
        """Return what a question of a kind is worth."""
        return next((p.points for p in self.parts if p.kind is kind), USUAL_POINTS[kind])

    def with_seed(self, seed: int) -> Blueprint:
        """Return the same plan for other draws."""
        return replace(self, seed=seed)


@dataclass(frozen=True, slots=True)
class Wish:
    """A plan as somebody typed it, unchecked; None and empty mean: not said."""

    counts: Mapping[Kind, int]
    points: Mapping[Kind, float]
    topics: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    difficulty: tuple[float, ...] = ()
    seed: int | None = None
    title: str = ""
    region: str = ""

    def over(self, base: Wish) -> Wish:
        """Return `base` with everything that is said here put over it."""
        return Wish(
            {**base.counts, **self.counts},
            {**base.points, **self.points},
            self.topics or base.topics,
            self.posts or base.posts,
            self.difficulty or base.difficulty,
            base.seed if self.seed is None else self.seed,
            self.title or base.title,
            self.region or base.region,
        )


def make_blueprint(wish: Wish, bearers: BearerTable, fields: FieldTable, seed: int) -> Blueprint:
    """Return the checked plan; `seed` is taken if the wish names none.

    BadInputError says in one sentence what cannot be done and, for names, what is nearest.
    """
    topics = tuple(dict.fromkeys(_topic(t, fields) for t in wish.topics))
    posts = tuple(dict.fromkeys(_post(p, bearers) for p in wish.posts))
    chosen = seed if wish.seed is None else wish.seed
    if not 0 <= chosen <= MAX_SEED:
        raise BadInputError(f"种子应是 0 到 {MAX_SEED} 之间的整数，收到 {chosen}")
    return Blueprint(
        _title(wish.title) or _usual_title(topics, posts, bearers),
        _parts(wish),
        chosen,
        topics,
        posts,
        _shares(wish.difficulty),
        _region(wish.region),
    )


def _parts(wish: Wish) -> tuple[Part, ...]:
    for kind, count in wish.counts.items():
        if count < 0:
            raise BadInputError(f"{kind.label}的题数不能是负数，收到 {count}")
    total = sum(wish.counts.values())
    if not total:
        raise BadInputError("一道题也没有要；请至少给一种题型写上题数，例如 --single 20")
    if total > MOST_QUESTIONS:
        raise BadInputError(f"一份试卷最多 {MOST_QUESTIONS} 题，要了 {total} 题；请分成几份")
    points = {**USUAL_POINTS, **wish.points}
    return tuple(
        Part(kind, count, checked_points(kind, points[kind]))
        for kind in Kind
        if (count := wish.counts.get(kind, 0))
    )


def checked_points(kind: Kind, points: float) -> float:
    """Return the points of one question if they can be given; BadInputError if not."""
    if not math.isfinite(points) or not 0 < points <= MOST_POINTS or points % _HALF:
        raise BadInputError(
            f"{kind.label}每题的分值应在 0.5 到 {MOST_POINTS:g} 之间，以半分为单位，收到 {points:g}"
        )
    return float(points)


def _topic(name: str, fields: FieldTable) -> str:
    try:
        return fields.find(name).name
    except UnknownFieldError as e:
        raise BadInputError(str(e)) from e


def _post(name: str, bearers: BearerTable) -> str:
    try:
        return bearers.find(name).id
    except UnknownBearerError as e:
        raise BadInputError(str(e)) from e


def _title(title: str) -> str:
    words = " ".join(title.split())
    if len(words) > _LONGEST_TITLE or not words.isprintable():
        raise BadInputError(f"标题应是不超过 {_LONGEST_TITLE} 个字的一行字")
    return words


def _usual_title(topics: Iterable[str], posts: Iterable[str], bearers: BearerTable) -> str:
    names = "、".join(bearers.get(p).name.split("（")[0] for p in posts)
    whole = f"{names}{'、'.join(topics)}安全生产知识考试试卷"
    return whole if len(whole) <= _LONGEST_TITLE else "安全生产知识考试试卷"


def _shares(mix: tuple[float, ...]) -> tuple[float, ...]:
    if not mix:
        return ()
    bad = len(mix) != len(Band) or any(not math.isfinite(x) or x < 0 for x in mix)
    if bad or not sum(mix):
        raise BadInputError("难度应写成 易、中、难 之一，或三者的比例，例如 易3中5难2")
    return tuple(x / sum(mix) for x in mix)


def _region(name: str) -> str:
    wanted = "".join(name.split())
    if wanted in ("", _NATIONAL):
        return ""
    found = {r.name for r in find_regions(wanted)}
    if len(found) != 1:
        raise BadInputError(f"没有“{name[:20]}”这个省；请写省名，例如 河南省")
    return found.pop()


def nearest(name: str, known: Iterable[str]) -> str:
    """Return “；最接近的是 x” for a name that is not known, or “；可用的是 …”."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"；最接近的是 {near[0]}" if near else f"；可用的是 {'、'.join(names)}"
