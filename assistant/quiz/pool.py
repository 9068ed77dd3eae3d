"""The questions that a paper may be drawn from, made article by article as they are needed.

Which articles come first, and how much each document weighs, follows from the blueprint: the
Work Safety Law first, then general documents of high rank; the posts' own rules before those
that fall on them as well; documents of a trade that nobody asked for last (`kb.trades`).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.quiz.blueprint import Band, Blueprint, band_of
from assistant.quiz.conflict import Shown, shown
from assistant.quiz.model import Knowledge, Question
from assistant.quiz.source import Held, Source
from assistant.view import CORE_LAW
from kb.duty_bearers import Bearer
from kb.model import Document, Level
from kb.trades import read_trades

CORE_SHARE, CORE_SHARE_OF_POST, CORE_SHARE_OF_TOPIC = 0.3, 0.55, 0.15
"""What part of a paper the Work Safety Law makes: of any, of one for posts, of one on topics."""
OWN, FALLS_ON, OF_UNIT, GENERAL, FOREIGN = range(5)
"""How near a question is to the posts: their own rules; inherited ones and their sanctions; what
falls on the unit for which somebody answers; what everybody in a unit should know; what concerns
them only if they are of another trade than one would think."""
_NEARNESS = (1.0, 0.5, 0.15, 0.04, 0.04)
_RICH = 3.0
"""How much sooner an article with items is asked: it yields most of the choices."""
_ASIDE = 0.2
"""What a question weighs that only touches on the topics of the blueprint."""
_UNIT_POSTS, _UNIT = ("企业岗位", "从业人员"), "enterprise"
_AUTHORITIES = ("党委政府", "部门")
_RANK = {Level.LAW: 3.0, Level.ADMINISTRATIVE_REGULATION: 2.0}
_POLICY_RANK, _OTHER_RANK, _WIDE, _OF_TOPIC = 0.4, 1.0, 4.0, 6.0
_UNIT_NAMED = re.compile("生产经营单位|企业|用人单位|直接负责的主管人员")
"""How a sanction names the unit or those who answer for it."""
_NOT_OF_UNIT = "".join(f"(?<!{w})(?<!{w}的)" for w in ("政府", "部门", "机关", "机构", "党委"))


class Makes(Protocol):
    """What makes the questions of an article."""

    def of(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield the questions of one article."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that fits the blueprint. `luck`, around 1, decides between equals."""

    shown: Shown
    document: str
    weight: float
    nearness: int
    band: Band
    luck: float

    @property
    def question(self) -> Question:
        """The question itself."""
        return self.shown.question


class Posts:
    """Tells how near articles and questions are to the posts of a blueprint."""

    def __init__(self, blueprint: Blueprint, source: Source) -> None:
        table = source.bearers
        self._bearers = table
        chosen = [table.get(p) for p in blueprint.posts]
        self._own = {b.id for b in chosen}
        self._fall = {i for b in chosen for i, _ in table.falls_on(b.id)}
        self._unit = any(b.group in _UNIT_POSTS for b in chosen)
        self._authorities = {b.id for b in table.bearers if b.group in _AUTHORITIES}
        names = "|".join(re.escape(n) for b in chosen for n in _names(b))
        self._named = re.compile(f"{_NOT_OF_UNIT}(?:{names})") if names else None

    def reach(self, held: Held, *, wide: bool) -> int | None:
        """Return the nearest that a question of the article may be; None if none concerns them.

        OWN stands for the posts' own rules and those that fall on them; `wide` as in `nearness`.
        """
        if self._named is None:
            return OWN
        borne = {b for n in held.norms for b in self._bearers.of_subject(n.subject)}
        if borne & self._fall or self._named.search(held.article.text):
            return OWN
        if not self._unit or not wide:
            return None
        of_unit = _UNIT in borne or _UNIT_NAMED.search(held.article.text)
        return OF_UNIT if of_unit else GENERAL

    def nearness(self, question: Question, *, wide: bool) -> int | None:
        """Return OWN to GENERAL; None for a question of no concern to the posts.

        `wide` tells that the document concerns everybody.
        """
        if self._named is None or self._own & set(question.posts):
            return OWN
        if self._fall & set(question.posts):
            return FALLS_ON
        sanction = question.knowledge is Knowledge.SANCTION
        evidence = "\n".join(b.quote for b in question.basis)
        if sanction and self._named.search(evidence):
            return FALLS_ON
        if not self._unit or not wide:
            return None
        of_unit = _UNIT in question.posts or (sanction and _UNIT_NAMED.search(evidence))
        if of_unit:
            return OF_UNIT
        return None if self._authorities & set(question.posts) else GENERAL


class Pool:
    """Candidates in the order of a weighted draw of articles; `grow` makes more of them."""

    def __init__(self, blueprint: Blueprint, generator: Makes, source: Source) -> None:
        self._blueprint, self._generator, self._source = blueprint, generator, source
        self._posts = Posts(blueprint, source)
        self._wide: dict[str, bool] = {}
        self._foreign: dict[str, bool] = {}
        self._groups = {source.bearers.get(p).group for p in blueprint.posts}
        self._rng = random.Random(f"{blueprint.seed}|order")  # noqa: S311
        reaches = [(h, r) for h in source.asked if (r := self._reach(h)) is not None]
        self._weights = self._document_weights([h for h, _ in reaches])
        self._waiting = self._ordered(reaches)
        self.candidates: list[Candidate] = []

    @property
    def exhausted(self) -> bool:
        """True once every article that fits has been asked for its questions."""
        return not self._waiting

    def grow(self, articles: int) -> None:
        """Make the questions of the next `articles` articles."""
        taken, self._waiting = self._waiting[:articles], self._waiting[articles:]
        for held in taken:
            rng = random.Random(f"{self._blueprint.seed}|{held.article.id}")  # noqa: S311
            for question in self._generator.of(held, rng):
                if made := self._candidate(held, question):
                    self.candidates.append(made)

    def skip(self, articles: int) -> None:
        """Pass over the next `articles` articles, whose questions are known already."""
        self._waiting = self._waiting[articles:]

    def _candidate(self, held: Held, question: Question) -> Candidate | None:
        blueprint = self._blueprint
        if not blueprint.count(question.kind):
            return None
        if blueprint.topics and not set(blueprint.topics) & set(question.topics):
            return None
        nearness = self._posts.nearness(question, wide=self._is_wide(held.document))
        if nearness is None:
            return None
        if self._is_foreign(held.document):
            nearness = FOREIGN
        weight = self._weights[held.document.id] * _NEARNESS[nearness]
        if blueprint.topics and question.topics[0] not in blueprint.topics:
            weight *= _ASIDE
        luck = self._rng.uniform(0.6, 1.4)
        band = band_of(question.difficulty)
        return Candidate(shown(question), held.document.id, weight, nearness, band, luck)

    def _reach(self, held: Held) -> int | None:
        topics = self._blueprint.topics
        if topics and not set(topics) & set(
            self._source.fields.of(held.document, held.article.text)
        ):
            return None
        reach = self._posts.reach(held, wide=self._is_wide(held.document))
        return FOREIGN if reach is not None and self._is_foreign(held.document) else reach

    def _is_foreign(self, document: Document) -> bool:
        """True for the document of a trade that neither the posts nor the topics are of."""
        known = self._foreign.get(document.id)
        if known is None:
            plan, main = self._blueprint, self._main_field(document)
            known = read_trades().is_foreign(main, plan.posts, self._groups, plan.topics)
            self._foreign[document.id] = known
        return known

    def _is_wide(self, document: Document) -> bool:
        """True for documents that concern everybody, or are of a field asked for."""
        known = self._wide.get(document.id)
        if known is None:
            main = self._main_field(document)
            field = self._source.fields.find(main)
            general = field.general or field.matter or main in self._blueprint.topics
            everyones = bool(self._blueprint.posts) and read_trades().of_field(main) is None
            known = general or everyones
            self._wide[document.id] = known
        return known

    def _main_field(self, document: Document) -> str:
        return self._source.fields.of(document, "")[0]

    def _document_weights(self, articles: list[Held]) -> dict[str, float]:
        documents = {h.document.id: h.document for h in articles}
        weights = {i: self._rank(d) for i, d in documents.items()}
        if CORE_LAW in weights and len(weights) > 1:
            share = core_share(self._blueprint)
            others = sum(w for i, w in weights.items() if i != CORE_LAW)
            weights[CORE_LAW] = others * share / (1 - share)
        return weights

    def _rank(self, document: Document) -> float:
        rank = _POLICY_RANK if document.is_policy else _RANK.get(document.level, _OTHER_RANK)
        if self._blueprint.topics:
            return rank * (_OF_TOPIC if self._main_field(document) in self._blueprint.topics else 1)
        return rank * (_WIDE if self._is_wide(document) else 1)

    def _ordered(self, reaches: list[tuple[Held, int]]) -> list[Held]:
        """A draw without return in which documents come up in proportion to their weights.

        Articles of what is near the posts come before the others.
        """
        sizes = Counter(h.document.id for h, _ in reaches)
        keyed = [
            (
                reach,
                -(self._rng.random() ** (sizes[i := h.document.id] / self._weights[i] / _rich(h))),
                n,
                h,
            )
            for n, (h, reach) in enumerate(reaches)
        ]
        return [k[3] for k in sorted(keyed, key=lambda k: k[:3])]


def _rich(held: Held) -> float:
    return _RICH if any(p.id.item is not None for p in held.article.parts) else 1.0


def core_share(blueprint: Blueprint) -> float:
    """Return what part of a paper the Work Safety Law is to make, where it yields so much."""
    if blueprint.topics:
        return CORE_SHARE_OF_TOPIC
    return CORE_SHARE_OF_POST if blueprint.posts else CORE_SHARE


def _names(bearer: Bearer) -> tuple[str, ...]:
    return (bearer.name.split("（")[0], *bearer.names)
