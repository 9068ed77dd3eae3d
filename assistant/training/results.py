"""Results by person, by topic and by provision, from answers of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from assistant.practice.model import Answer
from assistant.practice.schedule import BEIJING
from assistant.training.tally import Tally, grouped, tally

FEW = 3
"""With fewer answers than this a provision is not called weak: it stands behind the others."""
OTHER = "其他"
"""The topic of a question that has none."""


@dataclass(frozen=True, slots=True)
class PersonResult:
    """What one person answered. `days` with an answer; `last_at` None where there is none."""

    person: str
    tally: Tally
    days: int = 0
    seconds: float = 0.0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TopicResult:
    """What was answered on a topic, by how many people."""

    topic: str
    tally: Tally
    people: int


@dataclass(frozen=True, slots=True)
class ProvisionResult:
    """What was answered on a provision (its id as a string), by how many people."""

    provision: str
    tally: Tally
    people: int


def by_person(
    answers: Iterable[Answer], members: Sequence[str] = (), zone: tzinfo = BEIJING
) -> tuple[PersonResult, ...]:
    """Return the results of everybody who answered, and of `members` who did not.

    The one with most answers first; who has as many by the id.
    """
    found = grouped(answers, lambda a: a.person)
    people = {*members, *found}
    made = (_person(p, found.get(p, []), zone) for p in people)
    return tuple(sorted(made, key=lambda r: (-r.tally.answered, r.person)))


def _person(person: str, answers: Sequence[Answer], zone: tzinfo) -> PersonResult:
    if not answers:
        return PersonResult(person, Tally())
    days = {a.response.at.astimezone(zone).date() for a in answers}
    seconds = round(sum(a.response.seconds for a in answers), 1)
    return PersonResult(person, tally(answers), len(days), seconds, answers[-1].response.at)


def main_topic(answer: Answer) -> str:
    """Return the topic that a question counts for."""
    return answer.topics[0] if answer.topics else OTHER


def by_topic(answers: Iterable[Answer]) -> tuple[TopicResult, ...]:
    """Return the results of every topic, the one with the largest share wrong first."""
    made = (
        TopicResult(topic, tally(found), len({a.person for a in found}))
        for topic, found in grouped(answers, main_topic).items()
    )
    return tuple(sorted(made, key=lambda r: (*_weakest(r.tally), r.topic)))


def by_provision(answers: Iterable[Answer]) -> tuple[ProvisionResult, ...]:
    """Return the results of every provision, the weakest first.

    That is the largest share wrong; those with fewer than FEW answers stand at the end. Answers
    to questions without a basis are left out.
    """
    made = (
        ProvisionResult(provision, tally(found), len({a.person for a in found}))
        for provision, found in grouped(answers, lambda a: a.provision).items()
        if provision
    )
    return tuple(sorted(made, key=lambda r: (*_weakest(r.tally), r.provision)))


def _weakest(counted: Tally) -> tuple[bool, float, int]:
    return counted.answered < FEW, -(counted.share_wrong or 0.0), -counted.wrong
