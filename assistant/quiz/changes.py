"""Changes of a whole paper that a preview offers: another title, a question less."""

from __future__ import annotations

from dataclasses import replace

from assistant.errors import BadInputError
from assistant.quiz.paper import Paper

LONGEST_TITLE = 60


def retitled(paper: Paper, title: str) -> Paper:
    """Return the paper under another title; BadInputError if it cannot be one."""
    words = " ".join(title.split())
    if not words or len(words) > LONGEST_TITLE or not words.isprintable():
        raise BadInputError(f"名称应是不超过 {LONGEST_TITLE} 个字的一行字")
    return replace(paper, blueprint=replace(paper.blueprint, title=words))


def without_question(paper: Paper, number: int) -> Paper:
    """Return the paper without the question of that number, and its plan with one less.

    What was taken out does not come back. BadInputError if it is the only one.
    """
    gone = paper.slot(number).question
    if len(paper.slots) == 1:
        raise BadInputError("这是最后一题，不能删除；要重新开始请点“另组一份”")
    parts = tuple(
        replace(p, count=p.count - 1) if p.kind is gone.kind else p for p in paper.blueprint.parts
    )
    return replace(
        paper,
        blueprint=replace(paper.blueprint, parts=tuple(p for p in parts if p.count)),
        slots=(*paper.slots[: number - 1], *paper.slots[number:]),
        seen=(*paper.seen, gone.id),
    )
