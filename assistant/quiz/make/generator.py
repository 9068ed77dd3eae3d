"""All makers together: article → questions that pass the gate."""

from __future__ import annotations

import random
from collections.abc import Iterator

from assistant.quiz.make.accidents import AccidentMaker
from assistant.quiz.make.base import Maker
from assistant.quiz.make.bearers import BearerMaker
from assistant.quiz.make.breaches import BreachMaker
from assistant.quiz.make.definitions import DefinitionMaker
from assistant.quiz.make.duties import DutyMaker
from assistant.quiz.make.duty_index import DutyIndex
from assistant.quiz.make.figures import FigureMaker
from assistant.quiz.make.forbidden import ForbiddenMaker
from assistant.quiz.make.gate import problems
from assistant.quiz.make.listed import ListMaker
from assistant.quiz.make.measures import MeasureMaker
from assistant.quiz.make.modality import ModalityMaker
from assistant.quiz.make.plain import PlainMaker
from assistant.quiz.make.readings import ReadingMaker
from assistant.quiz.make.recall import RecallMaker
from assistant.quiz.make.rivals import Rivals
from assistant.quiz.make.sanctions import SanctionMaker
from assistant.quiz.make.sequences import SequenceMaker
from assistant.quiz.make.situations import SituationMaker
from assistant.quiz.model import Question
from assistant.quiz.source import Held, Source


class Generator:
    """Holds the makers over one source. Immutable; questions depend on article and seed only."""

    def __init__(self, source: Source) -> None:
        self.source = source
        index = DutyIndex(source)
        rivals = Rivals(index)
        stating = (
            FigureMaker(source),
            BearerMaker(source, index, rivals),
            ModalityMaker(source),
        )
        self.makers: tuple[Maker, ...] = (
            *stating,
            ReadingMaker(source, (*stating, PlainMaker(source))),
            DutyMaker(source, index, rivals),
            SanctionMaker(source),
            ListMaker(source),
            RecallMaker(source),
            ForbiddenMaker(source),
            DefinitionMaker(source),
            SequenceMaker(source),
            MeasureMaker(source),
            AccidentMaker(source),
            BreachMaker(source),
            SituationMaker(source),
        )

    def of(self, held: Held, rng: random.Random) -> Iterator[Question]:
        """Yield the questions of one article that pass the gate, each id once.

        Every maker draws from a stream of its own, so that one maker more changes no other's
        questions. Pass `article_rng(seed, held)` to make them independent of the order as well.
        """
        seed, seen = rng.getrandbits(64), set[str]()
        for maker in self.makers:
            own = random.Random(f"{seed}|{type(maker).__name__}")  # noqa: S311
            for question in maker.make(held, own):
                if question.id not in seen and not problems(question):
                    seen.add(question.id)
                    yield question


def article_rng(seed: int | str, held: Held) -> random.Random:
    """Return the random numbers for the questions of one article under a seed."""
    return random.Random(f"{seed}|{held.article.id}")  # noqa: S311
