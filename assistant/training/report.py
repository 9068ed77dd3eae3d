"""Everything about some answers in one: totals, people, topics, provisions, questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from assistant.practice.model import Answer
from assistant.practice.schedule import BEIJING
from assistant.training.items import Item, items
from assistant.training.results import (
    PersonResult,
    ProvisionResult,
    TopicResult,
    by_person,
    by_provision,
    by_topic,
)
from assistant.training.tally import Tally, tally


@dataclass(frozen=True, slots=True)
class Report:
    """Results of some answers. `active` counts the people who answered at all."""

    total: Tally
    active: int
    people: tuple[PersonResult, ...]
    topics: tuple[TopicResult, ...]
    provisions: tuple[ProvisionResult, ...]
    items: tuple[Item, ...]


def report(
    answers: Sequence[Answer], members: Sequence[str] = (), zone: tzinfo = BEIJING
) -> Report:
    """Return the results of these answers; people of `members` who answered nothing are listed.

    It is a function of the log alone, and the order of the answers does not matter.
    """
    people = by_person(answers, members, zone)
    return Report(
        tally(answers),
        sum(p.tally.answered > 0 for p in people),
        people,
        by_topic(answers),
        by_provision(answers),
        items(answers),
    )
